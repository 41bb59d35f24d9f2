//! What each primitive is to the scheduler: computed where it is used, a view of its operand, or the end of a nest.

use super::maps::Affine;
use crate::graph::{Dim, NodeId, Region};
use crate::ops::Op;

/// What a node is to the scheduler.
pub(super) enum Role {
    /// A parameter, state or input in memory (a plain number if it is a scalar).
    Leaf,
    /// Needs no memory and no operand: a literal, an extent, positions along an axis.
    Constant,
    /// Computed element by element wherever it is used, from the same elements of its operands.
    Pointwise,
    /// The operand, read elsewhere.
    View,
    /// The operand's elements in row-major order under another shape.
    Reshape,
    /// The end of a loop nest: something is accumulated, or cannot be computed where it is used.
    Sink,
}

pub(super) fn role(op: &Op) -> Role {
    match op {
        Op::Leaf(_) => Role::Leaf,
        Op::Literal(_) | Op::Extent(_) | Op::Iota(_) => Role::Constant,
        Op::Map(_) | Op::Compare(_) | Op::Logic(_) | Op::Select(_) | Op::Cast(_) => Role::Pointwise,
        Op::Broadcast(_) | Op::Permute(_) | Op::Slice(_) | Op::Reverse(_) | Op::Named(_) | Op::StopGradient(_) => {
            Role::View
        }
        Op::Reshape(_) => Role::Reshape,
        Op::Pad(_) | Op::Concat(_) | Op::Reduce(_) | Op::ArgReduce(_) | Op::Recurrence(_) | Op::Contract(_) => {
            Role::Sink
        }
    }
}

/// Where a view reads its operand, given where the view itself is read.
pub(super) fn view(region: &Region, node: NodeId, map: &[Affine]) -> Vec<Affine> {
    let operand = region.node(node).operands[0];
    match &region.node(node).op {
        Op::Broadcast(op) => op.axes.iter().map(|&axis| map[axis].clone()).collect(),
        Op::Permute(op) => {
            let mut below = map.to_vec();
            for (axis, &from) in op.order.iter().enumerate() {
                below[from] = map[axis].clone();
            }
            below
        }
        Op::Slice(op) => (map.iter().zip(&op.starts).zip(&op.steps))
            .map(|((affine, start), &step)| affine.scaled(&Dim::constant(step), start))
            .collect(),
        Op::Reverse(op) => (map.iter().enumerate())
            .map(|(axis, affine)| match op.axes.contains(&axis) {
                true => {
                    let last = super::maps::sure(region.shape(operand)[axis].sub(&Dim::ONE));
                    affine.scaled(&Dim::constant(-1), &last)
                }
                false => affine.clone(),
            })
            .collect(),
        _ => map.to_vec(),
    }
}

/// The positions of the axes whose extent is not the literal 1.
pub(super) fn long_axes(shape: &[Dim]) -> Vec<usize> {
    (0..shape.len()).filter(|&axis| !shape[axis].is_one()).collect()
}

/// Whether a reshape only adds or drops axes of extent 1; then it is a view.
pub(super) fn is_unit_reshape(region: &Region, node: NodeId) -> bool {
    let (from, to) = (region.shape(region.node(node).operands[0]), region.shape(node));
    let extents = |shape: &[Dim]| long_axes(shape).into_iter().map(|axis| shape[axis].clone()).collect::<Vec<_>>();
    extents(&from) == extents(&to)
}

/// Where a reshape that only adds or drops axes of extent 1 reads its operand.
pub(super) fn unit_reshape(region: &Region, node: NodeId, map: &[Affine]) -> Vec<Affine> {
    let from = region.shape(region.node(node).operands[0]);
    let mut long = long_axes(&region.shape(node)).into_iter();
    (0..from.len())
        .map(|axis| match from[axis].is_one() {
            true => Affine::constant(Dim::ZERO),
            false => long.next().map_or(Affine::constant(Dim::ZERO), |axis| map[axis].clone()),
        })
        .collect()
}
