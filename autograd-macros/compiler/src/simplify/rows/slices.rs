//! Boxes cut out, placed into zeros, and joined. All exact.

use super::super::matching::{broadcast, complement, concat, contract, is, operands, pad, slice};
use super::super::{On, Rewriter, Row};
use super::{domain, exact};
use crate::graph::{Dim, NodeId, Region};
use crate::ops::Function::Mul;
use crate::ops::{Kind, Op, Pad, Slice};

pub(super) static ROWS: &[Row] = &[
    exact("slice_identity", On::Op(Kind::Slice), slice_identity),
    exact("slice_slice", On::Op(Kind::Slice), slice_slice),
    exact("slice_of_broadcast", On::Op(Kind::Slice), slice_of_broadcast),
    exact("slice_of_pad", On::Op(Kind::Slice), slice_of_pad),
    exact("slice_beside_pad", On::Op(Kind::Slice), slice_beside_pad),
    exact("slice_of_concat", On::Op(Kind::Slice), slice_of_concat),
    exact("pad_identity", On::Op(Kind::Pad), pad_identity),
    exact("pad_pad", On::Op(Kind::Pad), pad_pad),
    exact("pad_of_zero", On::Op(Kind::Pad), pad_of_zero),
    domain("product_of_pad", On::Map(Mul), BESIDE, product_of_pad),
    domain("contract_of_pad", On::Op(Kind::Contract), BESIDE, contract_of_pad),
    exact("concat_of_one", On::Op(Kind::Concat), concat_of_one),
    exact("concat_of_same_value", On::Op(Kind::Concat), concat_of_same_value),
];

const BESIDE: &str = "0 beside the box, where 0·NaN was NaN";

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

/// Whether a node is an input, a parameter or a state, in whatever places.
fn is_leaf(region: &Region, node: NodeId) -> bool {
    let op = &region.node(node).op;
    let is_moved = matches!(op, Op::Broadcast(_) | Op::Permute(_) | Op::Reshape(_) | Op::Slice(_));
    matches!(op, Op::Leaf(_)) || is_moved && is_leaf(region, region.operand(node, 0))
}

/// `pad(g)·x`, as in the gradient of what only a box is taken of, is `pad(g·x)`: the rest of the input is not read.
fn product_of_pad(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let (op, g, x, is_first) = either_place(region, y, |padded, x| {
        let (op, g) = pad(region, padded)?;
        is_leaf(region, x).then(|| (op.clone(), g, x))
    })?;
    let cut = Slice { starts: op.starts.clone(), extents: region.shape(g), steps: op.steps.clone() };
    let x = r.add(cut, &[x]);
    let product = r.map(Mul, &if is_first { [g, x] } else { [x, g] });
    Some(r.add(op, &[product]))
}

/// What is found for the operands of a product in one order or the other, and whether it is theirs.
fn either_place(
    region: &Region,
    y: NodeId,
    find: impl Fn(NodeId, NodeId) -> Option<(Pad, NodeId, NodeId)>,
) -> Option<(Pad, NodeId, NodeId, bool)> {
    let [a, b] = operands(region, y);
    if let Some((op, g, x)) = find(a, b) {
        return Some((op, g, x, true));
    }
    find(b, a).map(|(op, g, x)| (op, g, x, false))
}

/// The same in a product of matrices that is summed along the axes that were padded.
fn contract_of_pad(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, pair) = contract(r.region(), y)?;
    let op = op.clone();
    for (place, axes, others) in
        [(0, &op.left_contract, &op.right_contract), (1, &op.right_contract, &op.left_contract)]
    {
        let Some((padded, g)) = pad(r.region(), pair[place]) else { continue };
        let (padded, from, other) = (padded.clone(), r.region().shape(g), pair[1 - place]);
        let is_whole = |axis: usize| {
            padded.starts[axis] == Dim::ZERO && padded.steps[axis] == 1 && padded.shape[axis] == from[axis]
        };
        if !complement(axes, from.len()).into_iter().all(is_whole) || !is_leaf(r.region(), other) {
            continue;
        }
        let mut cut = Slice {
            starts: r.region().shape(other).iter().map(|_| Dim::ZERO).collect(),
            extents: r.region().shape(other),
            steps: vec![1; r.region().shape(other).len()],
        };
        let mut extents: Vec<Dim> = cut.extents.to_vec();
        for (&axis, &own) in others.iter().zip(axes.iter()) {
            cut.starts[axis] = padded.starts[own].clone();
            cut.steps[axis] = padded.steps[own];
            extents[axis] = from[own].clone();
        }
        cut.extents = extents.into_iter().collect();
        let other = r.add(cut, &[other]);
        let pair = if place == 0 { [g, other] } else { [other, g] };
        return Some(r.add(op.clone(), &pair));
    }
    None
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
