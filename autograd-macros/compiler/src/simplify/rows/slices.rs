//! Boxes cut out, placed into zeros, and joined. All exact.

use super::super::matching::{broadcast, complement, concat, is, pad, slice};
use super::super::{On, Rewriter, Row};
use super::exact;
use crate::graph::{Dim, NodeId};
use crate::ops::{Pad, Slice};

pub(super) static ROWS: &[Row] = &[
    exact("slice_identity", On::Slice, slice_identity),
    exact("slice_slice", On::Slice, slice_slice),
    exact("slice_of_broadcast", On::Slice, slice_of_broadcast),
    exact("slice_of_pad", On::Slice, slice_of_pad),
    exact("slice_beside_pad", On::Slice, slice_beside_pad),
    exact("slice_of_concat", On::Slice, slice_of_concat),
    exact("pad_identity", On::Pad, pad_identity),
    exact("pad_pad", On::Pad, pad_pad),
    exact("pad_of_zero", On::Pad, pad_of_zero),
    exact("concat_of_one", On::Concat, concat_of_one),
    exact("concat_of_same_value", On::Concat, concat_of_same_value),
];

/// The box is everything.
fn slice_identity(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, x) = slice(r.region(), y)?;
    let whole = op.extents == r.region().shape(x) && op.steps.iter().all(|&step| step == 1);
    (whole && op.starts.iter().all(|start| *start == Dim::ZERO)).then_some(x)
}

/// `start + step·(start' + step'·i)`
fn slice_slice(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (outer, inner) = slice(r.region(), y)?;
    let (inner, x) = slice(r.region(), inner)?;
    let (starts, steps) = compose(&inner.starts, &inner.steps, &outer.starts, &outer.steps)?;
    let extents = outer.extents.clone();
    Some(r.add(Slice { starts, extents, steps }, &[x]))
}

/// `start + step·(inner start + inner step·i)`, axis by axis.
fn compose(starts: &[Dim], steps: &[i64], inner: &[Dim], inner_steps: &[i64]) -> Option<(Vec<Dim>, Vec<i64>)> {
    let mut composed = (Vec::new(), Vec::new());
    for axis in 0..starts.len() {
        composed.0.push(inner[axis].mul(&Dim::constant(steps[axis]))?.add(&starts[axis])?);
        composed.1.push(steps[axis].checked_mul(inner_steps[axis])?);
    }
    Some(composed)
}

/// Along the new axes there are fewer copies; the operand is cut along its own.
fn slice_of_broadcast(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (outer, inner) = slice(r.region(), y)?;
    let (inner, x) = broadcast(r.region(), inner)?;
    let axes = inner.axes.clone();
    let shape = outer.extents.clone();
    let cut = Slice {
        starts: axes.iter().map(|&axis| outer.starts[axis].clone()).collect(),
        extents: axes.iter().map(|&axis| outer.extents[axis].clone()).collect(),
        steps: axes.iter().map(|&axis| outer.steps[axis]).collect(),
    };
    let x = r.add(cut, &[x]);
    Some(r.broadcast(x, shape, axes))
}

/// What was placed is read back, whole or in part.
fn slice_of_pad(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (outer, inner) = slice(r.region(), y)?;
    let (inner, x) = pad(r.region(), inner)?;
    let placed = r.region().shape(x);
    let mut starts = Vec::new();
    for axis in 0..placed.len() {
        let start = outer.starts[axis].sub(&inner.starts[axis])?;
        let same = outer.steps[axis] == inner.steps[axis];
        if same && start == Dim::ZERO && outer.extents[axis] == placed[axis] {
            starts.push(start);
            continue;
        }
        let end = start.add(&outer.extents[axis])?;
        let room = placed[axis].sub(&end)?.as_constant()?;
        if !same || inner.steps[axis] != 1 || start.as_constant()? < 0 || room < 0 {
            return None;
        }
        starts.push(start);
    }
    let (steps, extents) = (vec![1; placed.len()], outer.extents.clone());
    Some(r.add(Slice { starts, extents, steps }, &[x]))
}

/// The box misses what was placed.
fn slice_beside_pad(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (outer, inner) = slice(r.region(), y)?;
    let (inner, x) = pad(r.region(), inner)?;
    let region = r.region();
    let placed = region.shape(x);
    let ends_before = |start: &Dim, extent: &Dim, step: i64, other: &Dim| {
        let last = extent.sub(&Dim::ONE)?.mul(&Dim::constant(step))?.add(start)?;
        Some(other.sub(&last)?.as_constant()? > 0)
    };
    let beside = (0..placed.len()).any(|axis| {
        let (a, b) = (&outer.starts[axis], &inner.starts[axis]);
        ends_before(a, &outer.extents[axis], outer.steps[axis], b) == Some(true)
            || ends_before(b, &placed[axis], inner.steps[axis], a) == Some(true)
    });
    let (elem, shape) = (region.ty(y).elem, outer.extents.clone());
    beside.then(|| r.zeros(elem, &shape))
}

/// The box lies within one of the parts.
fn slice_of_concat(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (outer, inner) = slice(r.region(), y)?;
    let (inner, parts) = concat(r.region(), inner)?;
    let axis = inner.axis;
    let mut offset = Dim::ZERO;
    for &part in parts {
        let extent = &r.region().ty(part).shape[axis];
        let start = outer.starts[axis].sub(&offset)?;
        let span = outer.extents[axis].sub(&Dim::ONE)?.mul(&Dim::constant(outer.steps[axis]))?;
        let room = extent.sub(&start.add(&span)?)?;
        let within = |dim: &Dim, least: i64| dim.as_constant().is_some_and(|it| it >= least);
        if within(&start, 0) && within(&room, 1) {
            let mut cut = outer.clone();
            cut.starts[axis] = start;
            return Some(r.add(cut, &[part]));
        }
        offset = offset.add(extent)?;
    }
    None
}

/// Nothing is added around the operand.
fn pad_identity(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, x) = pad(r.region(), y)?;
    let whole = op.shape == r.region().shape(x) && op.steps.iter().all(|&step| step == 1);
    (whole && op.starts.iter().all(|start| *start == Dim::ZERO)).then_some(x)
}

fn pad_pad(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (outer, inner) = pad(r.region(), y)?;
    let (inner, x) = pad(r.region(), inner)?;
    let (starts, steps) = compose(&outer.starts, &outer.steps, &inner.starts, &inner.steps)?;
    let shape = outer.shape.clone();
    Some(r.add(Pad { shape, starts, steps }, &[x]))
}

fn pad_of_zero(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, x) = pad(r.region(), y)?;
    let shape = op.shape.clone();
    is(r.region(), x, 0.0).then(|| r.zeros(r.region().ty(x).elem, &shape))
}

fn concat_of_one(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (_, parts) = concat(r.region(), y)?;
    if let [part] = parts { Some(*part) } else { None }
}

/// Every part repeats one value along the axis: `[c, c] ++ [c]` is `[c, c, c]`.
fn concat_of_same_value(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, parts) = concat(r.region(), y)?;
    let (first, x) = broadcast(r.region(), parts[0])?;
    let same = |part: &NodeId| {
        broadcast(r.region(), *part).is_some_and(|(other, source)| source == x && other.axes == first.axes)
    };
    if !complement(&first.axes, first.shape.len()).contains(&op.axis) || !parts.iter().all(same) {
        return None;
    }
    let axes = first.axes.clone();
    let shape = r.region().shape(y);
    Some(r.broadcast(x, shape, axes))
}
