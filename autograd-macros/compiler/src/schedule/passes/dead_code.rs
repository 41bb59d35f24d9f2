//! Dead code elimination: stores that nothing reads go, stores of what is there already, and values that nothing uses.

use std::collections::BTreeMap;

use crate::loops::program::{Block, BufferId, Index, Program, ProgramResult, Stmt, Storage, ValueId};
use crate::loops::visit::{Mode, Part, accesses, retain, visit};

/// Removes stores, accumulations, fills and products whose buffer nothing reads, then values that nothing uses.
pub(crate) fn remove_dead(program: &mut Program) {
    loop {
        let mut read = vec![false; program.buffers.len()];
        accesses(&program.body, &mut |access| read[access.buffer.index()] |= !access.mode.changes());
        let is_needed = |program: &Program, buffer: BufferId| {
            read[buffer.index()]
                || matches!(program.buffers[buffer.index()].storage, Storage::Result(_) | Storage::Target(_))
        };
        let mut body = std::mem::take(&mut program.body);
        let before = count(&body);
        retain(&mut body, &|stmt| {
            if let Some(inner) = stmt.as_loop() {
                return !inner.body.is_empty() || !inner.reductions.is_empty();
            }
            let (mut changes, mut needed) = (false, false);
            stmt.accesses(&mut |access| {
                changes |= access.mode.changes();
                needed |= access.mode.changes() && is_needed(program, access.buffer);
            });
            needed || !changes
        });
        let mut used = vec![false; program.values.len()];
        for result in &program.results {
            if let ProgramResult::Scalar(value) = result {
                used[value.index()] = true;
            }
        }
        sweep_values(&mut body, &mut used);
        let after = count(&body);
        program.body = body;
        if after == before {
            return;
        }
    }
}

fn count(body: &[Stmt]) -> usize {
    let mut count = 0;
    visit(body, &mut |stmt| count += 1 + stmt.as_loop().map_or(0, |inner| inner.reductions.len()));
    count
}

/// Drops unused values, from the last statement to the first.
fn sweep_values(body: &mut Block, used: &mut [bool]) {
    let mut kept = Vec::with_capacity(body.len());
    while let Some(mut stmt) = body.pop() {
        let (mut defines, mut is_used) = (false, false);
        stmt.defines(&mut |value| {
            defines = true;
            is_used |= used[value.index()];
        });
        let keep = is_used || !defines || stmt.as_loop().is_some();
        if let Some(inner) = stmt.as_loop_mut() {
            inner.reductions.retain(|reduction| used[reduction.result.index()]);
            inner.hands_on(&mut |value| used[value.index()] = true);
            sweep_values(&mut inner.body, used);
        }
        if keep {
            stmt.uses(&mut |value| used[value.index()] = true);
            kept.push(stmt);
        }
    }
    kept.reverse();
    *body = kept.into();
}

/// Removes stores of elements to where they were loaded from.
pub(crate) fn remove_copies(body: &mut Block, target: BufferId) {
    remove_known_copies(body, target, &mut BTreeMap::new());
}

/// Removes stores of elements to where they were loaded from, in these statements or in those before: `loaded` says what was.
pub(crate) fn remove_known_copies(body: &mut Block, target: BufferId, loaded: &mut BTreeMap<ValueId, Index>) {
    body.retain_mut(|stmt| {
        let mut is_copy = false;
        stmt.accesses(&mut |access| {
            // Two computed indices may be the same element, though they are not the same index.
            let (Part::Element(index), Some(value)) = (access.part, access.value) else { return };
            if !index.is_affine() {
                return;
            }
            match access.mode {
                Mode::Read if access.buffer == target => {
                    loaded.insert(value, index.clone());
                }
                Mode::Write if access.buffer == target => is_copy = loaded.get(&value) == Some(index),
                Mode::Read | Mode::Write | Mode::Add(_) => {}
            }
        });
        if let Some(inner) = stmt.as_loop_mut() {
            remove_copies(&mut inner.body, target);
        }
        !is_copy
    });
}
