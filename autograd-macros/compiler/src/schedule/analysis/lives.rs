//! Liveness of temporaries: the statements of a block between which each of them is needed.

use std::collections::BTreeMap;

use crate::loops::program::{BufferId, Stmt};
use crate::loops::visit::accesses;

/// The first and the last statement of a block that touch each of the wanted buffers.
pub(crate) fn lives(block: &[Stmt], is_wanted: impl Fn(BufferId) -> bool) -> BTreeMap<BufferId, (usize, usize)> {
    let mut lives: BTreeMap<BufferId, (usize, usize)> = BTreeMap::new();
    for (at, stmt) in block.iter().enumerate() {
        let short = stmt.as_loop().and_then(|nest| nest.short.as_ref());
        for form in std::iter::once(std::slice::from_ref(stmt)).chain(short.map(|short| &**short.form)) {
            accesses(form, &mut |access| {
                if is_wanted(access.buffer) {
                    lives.entry(access.buffer).or_insert((at, at)).1 = at;
                }
            });
        }
    }
    lives
}
