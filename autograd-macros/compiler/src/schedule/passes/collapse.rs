//! Loop collapsing: two loops that together run along contiguous memory become one.

use crate::graph::Dim;
use crate::loops::program::{Along, AxisId, Extent, Index, Loop, Program, Reduction, ReductionKind, Stmt};
use crate::loops::visit::{Mode, Part, loops, loops_mut};
use crate::schedule::maps::sure;

/// Collapses from the inside out.
pub(crate) fn collapse(program: &mut Program) {
    loops_mut(&mut program.body).for_each(collapse_loop);
}

fn collapse_loop(outer: &mut Loop) {
    loops_mut(&mut outer.body).for_each(collapse_loop);
    if let Some(extent) = joint_extent(outer)
        && let Some(inner) = outer.body.pop().and_then(Stmt::into_loop)
    {
        join(outer, inner, extent);
    }
}

/// The turns of both, if the body is one loop, all that is accumulated is accumulated over both, and every index runs on
/// from the end of one turn of the inner loop to the start of the next.
fn joint_extent(outer: &Loop) -> Option<Dim> {
    let [stmt] = outer.body.as_slice() else { return None };
    let inner = stmt.as_loop()?;
    let (rows, columns) = (outer.extent.dim()?, inner.extent.dim()?);
    if loops(&inner.body).next().is_some() || !outer.carries.is_empty() || !inner.carries.is_empty() {
        return None;
    }
    let is_sum_of_both = |of_outer: &Reduction| {
        matches!(of_outer.kind, ReductionKind::Reduce(_))
            && inner
                .reductions
                .iter()
                .any(|of_inner| of_inner.result == of_outer.value && of_inner.kind == of_outer.kind)
    };
    if outer.reductions.len() != inner.reductions.len() || !outer.reductions.iter().all(is_sum_of_both) {
        return None;
    }
    let mut runs_on = true;
    for stmt in &inner.body {
        let is_fixed = |index: &Index, of: &Loop| index.along(of.axis) == Along::Fixed;
        stmt.counts(&mut |index| runs_on &= is_fixed(index, outer) && is_fixed(index, inner));
        stmt.accesses(&mut |access| {
            runs_on &= match (access.part, access.mode) {
                (Part::Element(index), Mode::Read | Mode::Write) => joins(index, outer, inner, columns),
                (Part::Element(_), Mode::Add(_)) | (Part::Many, _) => false,
            };
        });
    }
    runs_on.then(|| sure(rows.mul(columns)))
}

fn joins(index: &Index, outer: &Loop, inner: &Loop, columns: &Dim) -> bool {
    match (index.along(outer.axis), index.along(inner.axis)) {
        (Along::Fixed, Along::Fixed) => true,
        (Along::Steps(slow), Along::Steps(fast)) => *slow == sure(fast.mul(columns)),
        _ => false,
    }
}

fn join(outer: &mut Loop, inner: Loop, extent: Dim) {
    outer.extent = Extent::Dim(extent);
    outer.body = inner.body;
    for reduction in &mut outer.reductions {
        let within = inner.reductions.iter().find(|of_inner| of_inner.result == reduction.value);
        reduction.value = within.expect("checked before").value;
    }
    let stride = |index: &mut Index| rename(index, outer.axis, inner.axis);
    outer.body.iter_mut().filter_map(Stmt::element_mut).for_each(|(_, index)| stride(index));
}

/// `slow · outer + fast · inner` is `fast` times the joint position.
fn rename(index: &mut Index, outer: AxisId, inner: AxisId) {
    let fast: Option<Dim> = index.coefficient(inner).cloned();
    index.strides.retain(|(axis, _)| *axis != outer && *axis != inner);
    index.strides.extend(fast.map(|fast| (outer, fast)));
    index.strides.sort();
}
