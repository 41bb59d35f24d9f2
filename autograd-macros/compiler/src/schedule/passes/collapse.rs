//! Two loops that together run along contiguous memory become one.

use crate::graph::Dim;
use crate::loops::program::{AxisId, Expr, Index, Loop, Program, Reduction, ReductionKind, Stmt};
use crate::loops::visit::visit;
use crate::schedule::maps::sure;

/// Collapses from the inside out.
pub(crate) fn collapse(program: &mut Program) {
    for stmt in &mut program.body {
        if let Stmt::Loop(outer) = stmt {
            collapse_loop(outer);
        }
    }
}

fn collapse_loop(outer: &mut Loop) {
    for stmt in &mut outer.body {
        if let Stmt::Loop(inner) = stmt {
            collapse_loop(inner);
        }
    }
    if can_collapse(outer)
        && let Some(Stmt::Loop(inner)) = outer.body.pop()
    {
        join(outer, inner);
    }
}

/// Whether the body is one loop, all that is accumulated is accumulated over both, and every index runs on from the end
/// of one turn of the inner loop to the start of the next.
fn can_collapse(outer: &Loop) -> bool {
    let [Stmt::Loop(inner)] = outer.body.as_slice() else { return false };
    let has_inner_loops = inner.body.iter().any(|stmt| matches!(stmt, Stmt::Loop(_)));
    if has_inner_loops || !outer.carries.is_empty() || !inner.carries.is_empty() {
        return false;
    }
    let is_sum_of_both = |of_outer: &Reduction| {
        matches!(of_outer.kind, ReductionKind::Reduce(_))
            && inner
                .reductions
                .iter()
                .any(|of_inner| of_inner.result == of_outer.value && of_inner.kind == of_outer.kind)
    };
    if outer.reductions.len() != inner.reductions.len() || !outer.reductions.iter().all(is_sum_of_both) {
        return false;
    }
    let mut runs_on = true;
    visit(&inner.body, &mut |stmt| {
        runs_on &= match stmt {
            Stmt::Let(_, Expr::Position(index)) => {
                index.stride(outer.axis).is_none() && index.stride(inner.axis).is_none()
            }
            Stmt::Let(_, Expr::Load(_, index)) | Stmt::Store { index, .. } => joins(index, outer, inner),
            Stmt::Accumulate { .. } | Stmt::Fill { .. } | Stmt::Contract(_) => false,
            Stmt::Let(..) | Stmt::Loop(_) => true,
        };
    });
    runs_on
}

fn joins(index: &Index, outer: &Loop, inner: &Loop) -> bool {
    match (index.stride(outer.axis), index.stride(inner.axis)) {
        (None, None) => true,
        (Some(slow), Some(fast)) => *slow == sure(fast.mul(&inner.extent)),
        _ => false,
    }
}

fn join(outer: &mut Loop, inner: Loop) {
    outer.extent = sure(outer.extent.mul(&inner.extent));
    outer.body = inner.body;
    for reduction in &mut outer.reductions {
        let within = inner.reductions.iter().find(|of_inner| of_inner.result == reduction.value);
        reduction.value = within.expect("checked before").value;
    }
    let stride = |index: &mut Index| rename(index, outer.axis, inner.axis);
    for stmt in &mut outer.body {
        match stmt {
            Stmt::Let(_, Expr::Load(_, index)) | Stmt::Store { index, .. } => stride(index),
            _ => {}
        }
    }
}

/// `slow · outer + fast · inner` is `fast` times the joint position.
fn rename(index: &mut Index, outer: AxisId, inner: AxisId) {
    let fast: Option<Dim> = index.stride(inner).cloned();
    index.strides.retain(|(axis, _)| *axis != outer && *axis != inner);
    index.strides.extend(fast.map(|fast| (outer, fast)));
    index.strides.sort();
}
