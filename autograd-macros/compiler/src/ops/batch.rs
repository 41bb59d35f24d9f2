//! Batching: an expression in a bound index becomes one with an axis for it (what JAX calls `vmap`).
//!
//! ```text
//! %2 [] = gather [0] x %1(bound k)      →      %5 [K] = gather [0] x %4(iota K)
//! ```
//!
//! Knows no operation: each says in [`Primitive::batch`] what it is with a first axis more.

use std::collections::BTreeMap;

use super::{Gather, Op, Outside, Primitive};
use crate::graph::print::live;
use crate::graph::{Dim, NodeId, Region, Shape};

/// An operand of an operation that gets a first axis more: with that axis, or the same for all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifted {
    /// The operand.
    pub node: NodeId,
    /// Whether its first axis is the new one.
    pub is_batched: bool,
}

/// The values of `y` for `bound` = 0, 1, … extent-1, along a new first axis. What is read outside means what `settled` says of
/// the reads in it.
pub fn lift(region: &mut Region, y: NodeId, bound: NodeId, extent: &Dim, settled: &BTreeMap<NodeId, Outside>) -> Lift {
    let mut images: Vec<Option<NodeId>> = vec![None; y.index() + 1];
    let Some(slot) = images.get_mut(bound.index()) else {
        return Lift { value: batched(region, Lifted { node: y, is_batched: false }, extent), images };
    };
    *slot = Some(region.iota(extent));
    let live = live(region, [y]);
    for place in bound.index() + 1..=y.index() {
        let id = region.id(place);
        if !live[place] || !region.node(id).operands.iter().any(|operand| images[operand.index()].is_some()) {
            continue;
        }
        let node = region.node(id).clone();
        let lifted = |operand: &NodeId| match images[operand.index()] {
            Some(image) => Lifted { node: image, is_batched: true },
            None => Lifted { node: *operand, is_batched: false },
        };
        let operands: Vec<Lifted> = node.operands.iter().map(lifted).collect();
        let outer = region.set_span(node.span);
        let image = match &node.op {
            // Derivatives by it are built by now.
            Op::Named(_) => operands[0].node,
            Op::Gather(gather) if settled.contains_key(&id) => {
                let gather = Gather { axes: gather.axes.clone(), outside: settled[&id] };
                gather.batch(region, &operands, extent).unwrap_or(id)
            }
            op => (op.batch(region, &operands, extent))
                .unwrap_or_else(|| elementwise(region, op.clone(), &operands, extent)),
        };
        region.set_span(outer);
        if let Some(name) = &node.name {
            region.set_name(image, name);
        }
        images[place] = Some(image);
    }
    let is_batched = images[y.index()].is_some();
    let value = batched(region, Lifted { node: images[y.index()].unwrap_or(y), is_batched }, extent);
    Lift { value, images }
}

/// What an expression has become.
pub struct Lift {
    /// The expression, with the new axis.
    pub value: NodeId,
    images: Vec<Option<NodeId>>,
}

impl Lift {
    /// What a node in it has become; itself, if it does not depend on the index.
    #[must_use]
    pub fn image(&self, node: NodeId) -> NodeId {
        self.images.get(node.index()).copied().flatten().unwrap_or(node)
    }
}

/// The operand with the new axis, repeated along it where it does not have it.
pub fn batched(region: &mut Region, operand: Lifted, extent: &Dim) -> NodeId {
    if operand.is_batched {
        return operand.node;
    }
    let shape = with_first(extent, &region.shape(operand.node));
    region.broadcast(operand.node, &shape, &(1..shape.len()).collect::<Vec<_>>())
}

/// A shape with an axis more in front.
#[must_use]
pub fn with_first(extent: &Dim, shape: &[Dim]) -> Shape {
    std::iter::once(extent).chain(shape).cloned().collect()
}

/// Axes of a tensor that gets one more in front.
#[must_use]
pub fn after_first(axes: &[usize]) -> Vec<usize> {
    axes.iter().map(|axis| axis + 1).collect()
}

/// What works element by element, on operands that all have the new axis.
pub fn elementwise(region: &mut Region, op: Op, operands: &[Lifted], extent: &Dim) -> NodeId {
    let operands: Vec<NodeId> = operands.iter().map(|&operand| batched(region, operand, extent)).collect();
    region.add(op, &operands)
}
