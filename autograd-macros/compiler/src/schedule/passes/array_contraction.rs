//! Array contraction: temporaries that live within one turn of a loop lose the axis of that loop.

use std::collections::BTreeMap;

use crate::graph::Dim;
use crate::loops::program::{Along, AxisId, BufferId, Index, Loop, Program, Stmt, Storage};
use crate::loops::visit::{Mode, Part, accesses, loops, loops_mut, visit_mut};
use crate::schedule::maps::strides;

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
