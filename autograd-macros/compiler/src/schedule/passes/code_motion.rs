//! Code motion: numbers that wait for no loop are computed before the loops.

use std::collections::BTreeSet;

use crate::loops::program::{Program, Stmt, Storage, ValueId};

/// Puts first what is computed of scalar leaves and sizes alone: beside the loops it costs no time, after them it would.
pub(crate) fn numbers_first(program: &mut Program) {
    let mut early = BTreeSet::new();
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    for stmt in std::mem::take(&mut program.body) {
        if stmt.expr().is_some() && is_early(program, &stmt, &early) {
            stmt.defines(&mut |value| {
                early.insert(value);
            });
            first.push(stmt);
        } else {
            rest.push(stmt);
        }
    }
    first.append(&mut rest);
    program.body = first.into();
}

/// Whether a definition reads leaves alone, and uses values that are early themselves.
fn is_early(program: &Program, stmt: &Stmt, early: &BTreeSet<ValueId>) -> bool {
    let mut is_early = true;
    stmt.accesses(&mut |access| {
        is_early &= matches!(program.buffers[access.buffer.index()].storage, Storage::Leaf(_));
    });
    stmt.uses(&mut |value| is_early &= early.contains(&value));
    is_early
}
