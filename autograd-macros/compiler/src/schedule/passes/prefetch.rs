//! Software prefetch: memory that a loop along a row writes is asked for in the loop along that row before it.
//!
//! ```text
//! for i in 0..N
//!     mean = sum x[D*i + j] for j in 0..D
//!     variance = sum (x[D*i + k] - mean)^2, asks for out[D*i + k], for k in 0..D
//!     for l in 0..D
//!         out[D*i + l] = …
//! ```
//!
//! A store that misses the caches waits for the memory that it is to overwrite a part of, and one row's stores fill the
//! processor's queue. A loop that reads what is in the caches already has the time for it; one that waits for memory itself
//! has not.

use std::collections::BTreeSet;

use crate::graph::Dim;
use crate::loops::program::{BufferId, Index, Loop, Program, Stmt};
use crate::loops::visit::{Mode, Part, effects, loops_mut};
use crate::machine::SHORT_ROW;

/// Notes in the loops of the program what they ask for.
pub(crate) fn ask_ahead(program: &mut Program) {
    loops_mut(&mut program.body).for_each(ask_in);
}

fn ask_in(outer: &mut Loop) {
    if outer.is_vector() {
        return;
    }
    let (mut known, mut idle, mut asked) = (BTreeSet::new(), Vec::new(), Vec::new());
    for (place, stmt) in outer.body.iter().enumerate() {
        let effects = effects(std::slice::from_ref(stmt));
        if let Some(inner) = stmt.as_loop() {
            let new = stores(inner, outer).into_iter().filter(|(buffer, _)| !known.contains(buffer));
            if let Some(&before) = idle.iter().rev().find(|&&place| goes_along(&outer.body[place], inner)) {
                asked.extend(new.map(|store| (before, inner.axis, store)));
            }
            if effects.reads.is_subset(&known) {
                idle.push(place);
            }
        }
        known.extend(effects.reads.into_iter().chain(effects.writes));
    }
    for (place, axis, (buffer, mut index)) in asked {
        let before = outer.body[place].as_loop_mut().expect("it is a loop");
        for stride in index.strides.iter_mut().filter(|stride| stride.0 == axis) {
            stride.0 = before.axis;
        }
        before.ahead.push((buffer, index));
    }
    loops_mut(&mut outer.body).for_each(ask_in);
}

/// Whether a statement is a loop in lanes along the same row as another one.
fn goes_along(stmt: &Stmt, other: &Loop) -> bool {
    stmt.as_loop().is_some_and(|before| before.is_vector() && before.extent == other.extent)
}

/// The rows that a loop in lanes writes side by side, another one for each turn of the loop around it.
fn stores(inner: &Loop, outer: &Loop) -> Vec<(BufferId, Index)> {
    let mut stores = Vec::new();
    if !inner.is_vector() || inner.extent.as_constant().is_some_and(|extent| extent <= SHORT_ROW) {
        return stores;
    }
    for stmt in &inner.body {
        stmt.accesses(&mut |access| {
            let (Part::Element(index), Mode::Write) = (access.part, access.mode) else { return };
            if index.along(inner.axis).steps().is_some_and(Dim::is_one) && index.along(outer.axis).steps().is_some() {
                stores.push((access.buffer, index.clone()));
            }
        });
    }
    stores
}
