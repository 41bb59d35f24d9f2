//! Clean-up of a lowered program: stores that nothing reads go, temporaries that live within one turn of a loop lose
//! that loop's axis, values that nothing uses go, numbers that wait for no loop come first.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::Dim;
use crate::loops::program::{
    Along, AxisId, Block, BufferId, Index, Loop, Program, ProgramResult, Stmt, Storage, ValueId,
};
use crate::loops::visit::{Mode, Part, accesses, effects, loops, loops_mut, retain, visit, visit_mut};
use crate::schedule::maps::{strides, volume};

/// Removes stores, accumulations, fills and products whose buffer nothing reads, then values that nothing uses.
pub(crate) fn remove_dead(program: &mut Program) {
    loop {
        let read = effects(&program.body).reads;
        let is_needed = |program: &Program, buffer: BufferId| {
            read.contains(&buffer)
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
        let mut used = BTreeSet::new();
        for result in &program.results {
            if let ProgramResult::Scalar(value) = result {
                used.insert(*value);
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
fn sweep_values(body: &mut Block, used: &mut BTreeSet<ValueId>) {
    let mut kept = Vec::with_capacity(body.len());
    while let Some(mut stmt) = body.pop() {
        let (mut defines, mut is_used) = (false, false);
        stmt.defines(&mut |value| {
            defines = true;
            is_used |= used.contains(&value);
        });
        let keep = is_used || !defines || stmt.as_loop().is_some();
        if let Some(inner) = stmt.as_loop_mut() {
            inner.reductions.retain(|reduction| used.contains(&reduction.result));
            inner.hands_on(&mut |value| {
                used.insert(value);
            });
            sweep_values(&mut inner.body, used);
        }
        if keep {
            stmt.uses(&mut |value| {
                used.insert(value);
            });
            kept.push(stmt);
        }
    }
    kept.reverse();
    *body = kept.into();
}

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

/// A temporary that is written and read within one turn of a loop, at that turn's place along its first axis, needs no
/// such axis: a whole matrix becomes one row.
pub(crate) fn shrink_temporaries(program: &mut Program) {
    let counts = counts(&program.body);
    let mut body = std::mem::take(&mut program.body);
    loops_mut(&mut body).for_each(|outer| shrink_in(program, &counts, outer));
    program.body = body;
}

fn shrink_in(program: &mut Program, counts: &BTreeMap<BufferId, Option<usize>>, outer: &mut Loop) {
    if loops(&outer.body).next().is_none() {
        return;
    }
    let mut inside: BTreeMap<BufferId, Vec<Index>> = BTreeMap::new();
    accesses(&outer.body, &mut |access| {
        if let Part::Element(index) = access.part {
            inside.entry(access.buffer).or_default().push(index.clone());
        }
    });
    for (buffer, indices) in inside {
        let there = &program.buffers[buffer.index()];
        let first = there.shape.iter().position(|extent| !extent.is_one());
        let (Storage::Temporary(_), Some(first)) = (there.storage, first) else { continue };
        let lead = strides(&there.shape)[first].clone();
        let is_own = |index: &Index| index.along(outer.axis) == Along::Steps(&lead);
        let all_inside = counts.get(&buffer) == Some(&Some(indices.len()));
        if Some(&there.shape[first]) == outer.extent.dim() && all_inside && indices.iter().all(is_own) {
            let mut shape = there.shape.to_vec();
            shape[first] = Dim::ONE;
            program.buffers[buffer.index()].shape = shape.into();
            drop_axis(&mut outer.body, buffer, outer.axis);
        }
    }
    loops_mut(&mut outer.body).for_each(|inner| shrink_in(program, counts, inner));
}

/// How many loads and stores touch each buffer; `None` if anything else does.
fn counts(body: &[Stmt]) -> BTreeMap<BufferId, Option<usize>> {
    let mut counts: BTreeMap<BufferId, Option<usize>> = BTreeMap::new();
    accesses(body, &mut |access| {
        let count = counts.entry(access.buffer).or_insert(Some(0));
        *count = match (access.part, access.mode) {
            (Part::Element(_), Mode::Read | Mode::Write) => count.map(|count| count + 1),
            (Part::Element(_), Mode::Add(_)) | (Part::Many, _) => None,
        };
    });
    counts
}

fn drop_axis(body: &mut [Stmt], target: BufferId, axis: AxisId) {
    visit_mut(body, &mut |stmt| {
        if let Some((buffer, index)) = stmt.element_mut()
            && buffer == target
        {
            index.strides.retain(|(along, _)| *along != axis);
        }
    });
}

/// The number of elements of a buffer.
pub(crate) fn length(program: &Program, buffer: BufferId) -> Dim {
    volume(&program.buffers[buffer.index()].shape)
}
