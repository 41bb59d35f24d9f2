//! Dependences between statements through memory: whether what is read is read before it is overwritten.

use std::collections::BTreeMap;

use super::program::{AxisId, BufferId, Index, Stmt, ValueId};
use super::visit::{Mode, Part, accesses, walk};

/// One access to a buffer.
struct Access {
    /// Its place in the text of the block.
    place: usize,
    /// The statement of the block that it is in.
    stmt: usize,
    /// The loops around it.
    loops: Vec<AxisId>,
    /// Which element; `None` for all of them.
    index: Option<Index>,
}

/// Whether every element of `from` is read for the last time before that element of `to` is written for the first time, by
/// statements of one block. Those that touch neither buffer may be left out.
pub(crate) fn reads_come_first<'a>(block: impl Iterator<Item = &'a Stmt>, from: BufferId, to: BufferId) -> bool {
    let (mut reads, mut writes) = (Vec::new(), Vec::new());
    let mut start = 0;
    for (stmt, statement) in block.enumerate() {
        // The values that are elements of `from`.
        let mut loaded: BTreeMap<ValueId, &Index> = BTreeMap::new();
        let mut count = 0;
        walk(std::slice::from_ref(statement), &mut |site, inner| {
            count += 1;
            inner.accesses(&mut |access| {
                let (index, value) = match (access.part, access.value) {
                    (Part::Element(index), value) => (Some(index), value),
                    (Part::Many, value) => (None, value),
                };
                let note = || Access {
                    place: start + site.place,
                    stmt,
                    loops: site.loops.iter().map(|open| open.axis).collect(),
                    index: index.cloned(),
                };
                if access.mode == Mode::Read && access.buffer == from {
                    reads.push(note());
                    loaded.extend(value.zip(index));
                }
                // What is written may be what is there.
                let is_copy = access.mode == Mode::Write
                    && value.is_some_and(|value| loaded.get(&value).is_some_and(|from| Some(*from) == index));
                if access.mode.changes() && access.buffer == to && !is_copy {
                    writes.push(note());
                }
            });
        });
        start += count;
    }
    reads.iter().all(|read| writes.iter().all(|write| read.stmt < write.stmt || is_same_turn(read, write)))
}

/// Whether the write follows in the turn that reads, and no other turn touches the element.
fn is_same_turn(read: &Access, write: &Access) -> bool {
    let shared = read.loops.iter().zip(&write.loops).take_while(|(a, b)| a == b).map(|(axis, _)| *axis);
    read.stmt == write.stmt
        && read.place < write.place
        && read.index == write.index
        && read.index.as_ref().is_some_and(|index| shared.into_iter().all(|axis| index.along(axis).steps().is_some()))
}

/// The statements of a block that touch each of the wanted buffers, in order.
pub(crate) fn touching(block: &[Stmt], is_wanted: impl Fn(BufferId) -> bool) -> BTreeMap<BufferId, Vec<&Stmt>> {
    let mut touching: BTreeMap<BufferId, Vec<&Stmt>> = BTreeMap::new();
    for stmt in block {
        accesses(std::slice::from_ref(stmt), &mut |access| {
            if is_wanted(access.buffer) {
                let stmts = touching.entry(access.buffer).or_default();
                if stmts.last().is_none_or(|last| !std::ptr::eq(*last, stmt)) {
                    stmts.push(stmt);
                }
            }
        });
    }
    touching
}
