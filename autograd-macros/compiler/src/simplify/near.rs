//! Sums over nearly the box of a result: with zeros up to it, they run in the loops that make the result.
//!
//! ```text
//! sum over N - 1 of f(x[i], x[i + 1]), and a gradient over N:    sum over N of f where i < N - 1, else 0
//! ```
//!
//! So a stencil's loss and its gradient are one pass over memory. Nothing is gained where a value would be kept for both, and
//! read at other places by one of them: then there are two passes anyway.

use std::collections::BTreeSet;

use super::rewriter::Table;
use super::{Rewriter, copy_with, without_dead};
use crate::graph::print::live;
use crate::graph::{Dim, NodeId, Region, Shape};
use crate::machine::WORTH_STORING;
use crate::ops::lowering::Role;
use crate::ops::window::{Bounds, Place};
use crate::ops::{Op, ReduceKind};

/// How much longer the axis of a result may be.
const FARTHEST: i64 = 8;

/// Whether a sum runs over a box that differs from another shape by a number.
pub(super) fn has_near_sums(region: &Region) -> bool {
    let is_near = |shape: &[Dim]| shape.iter().any(|dim| dim.as_constant().is_none() && dim.as_name().is_none());
    region.iter().any(|(_, node)| is_sum(&node.op) && is_near(&region.shape(node.operands[0])))
}

fn is_sum(op: &Op) -> bool {
    matches!(op, Op::Reduce(reduce) if reduce.kind == ReduceKind::Sum)
}

/// Rebuilds what the results depend on, such sums over the boxes of results.
pub(super) fn sums_of_near(region: &Region, results: &[NodeId]) -> (Region, Vec<NodeId>) {
    let boxes: Vec<(NodeId, Option<Shape>)> = (region.iter())
        .filter(|(_, node)| is_sum(&node.op))
        .map(|(id, node)| (id, box_for(region, node.operands[0], results)))
        .collect();
    let mut rebuilt = Region::new();
    let nothing = Table::default();
    let mut rewriter = Rewriter::new(&mut rebuilt, &nothing);
    let roots = copy_with(region, results, &mut rewriter, |r, id, image| {
        let (_, shape) = boxes.iter().find(|(sum, _)| *sum == id)?;
        let (shape, operand) = (shape.as_ref()?, region.operand(id, 0));
        let places: Vec<Place> = (0..shape.len()).map(Place::axis).collect();
        let from = region.shape(operand);
        let bounds = places.iter().zip(from.iter());
        let bounds = bounds.map(|(place, extent)| Bounds { place: place.clone(), extent: extent.clone() });
        let guard = bounds.filter(|bounds| !bounds.place.is_within(shape, &bounds.extent)).collect();
        let longer = r.window(image(operand), shape, places, guard);
        let Op::Reduce(op) = &region.node(id).op else { return None };
        Some(r.add(op.clone(), &[longer]))
    });
    without_dead(rebuilt, roots)
}

/// The shape of a result, a little larger than what is summed, in whose loops the sum may run.
fn box_for(region: &Region, operand: NodeId, results: &[NodeId]) -> Option<Shape> {
    if region.node(operand).op.role() != Role::Pointwise {
        return None;
    }
    let own = region.shape(operand);
    let below = live(region, [operand]);
    let costs = costs(region);
    let fits = |result: &&NodeId| {
        let shape = region.shape(**result);
        let apart = |(extent, own): (&Dim, &Dim)| extent.sub(own).and_then(|apart| apart.as_constant());
        let near = shape.len() == own.len()
            && shape
                .iter()
                .zip(own.iter())
                .all(|pair| apart(pair).is_some_and(|apart| (0..=FARTHEST).contains(&apart)));
        if !near || shape == own || region.node(**result).op.role() != Role::Pointwise {
            return false;
        }
        let of_result = live(region, [**result]);
        let both = |id: NodeId| below[id.index()] && of_result.get(id.index()) == Some(&true);
        let shared: BTreeSet<NodeId> = region.iter().map(|(id, _)| id).filter(|&id| both(id)).collect();
        let is_read = |id: &NodeId| region.node(*id).op.role() == Role::Leaf && region.ty(*id).rank() > 0;
        let is_kept = |id: &NodeId| region.node(*id).op.role() == Role::Pointwise && costs[id.index()] >= WORTH_STORING;
        shared.iter().any(is_read) && !shared.iter().any(is_kept)
    };
    results.iter().find(fits).map(|result| region.shape(*result))
}

/// What it costs to compute an element of each tensor from what is in memory, the reads included.
fn costs(region: &Region) -> Vec<u32> {
    let mut costs = vec![0_u32; region.len()];
    for (id, node) in region.iter().filter(|(_, node)| node.ty.rank() > 0) {
        let of = node.operands.iter().map(|operand| costs[operand.index()]);
        costs[id.index()] = match node.op.role() {
            Role::Leaf | Role::Sink => 1,
            Role::Constant => 0,
            Role::View | Role::Reshape => costs[node.operands[0].index()],
            Role::Pointwise => of.fold(node.op.cost(), u32::saturating_add),
        };
    }
    costs
}
