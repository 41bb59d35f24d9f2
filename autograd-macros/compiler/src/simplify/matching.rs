//! Matchers of nodes: what a row asks before it builds anything.

use crate::graph::{Dim, Elem, NodeId, Region, Shape};
use crate::ops::{
    Broadcast, Cast, Compare, Concat, Contract, Extent, Function, Literal, Op, Pad, Permute, Reduce, ReduceKind,
    Reshape, Reverse, Slice,
};

/// `name(region, node)`: the payload and the first operand of a node of that operation.
macro_rules! unary_operations {
    ($($name:ident: $op:ident,)*) => {
        $(pub(super) fn $name(region: &Region, node: NodeId) -> Option<(&$op, NodeId)> {
            let node = region.node(node);
            if let Op::$op(op) = &node.op { Some((op, *node.operands.first()?)) } else { None }
        })*
    };
}

unary_operations! {
    broadcast: Broadcast,
    cast: Cast,
    pad: Pad,
    permute: Permute,
    reduce: Reduce,
    reshape: Reshape,
    reverse: Reverse,
    slice: Slice,
}

pub(super) fn concat(region: &Region, node: NodeId) -> Option<(&Concat, &[NodeId])> {
    let node = region.node(node);
    if let Op::Concat(op) = &node.op { Some((op, &node.operands)) } else { None }
}

pub(super) fn contract(region: &Region, node: NodeId) -> Option<(&Contract, [NodeId; 2])> {
    let node = region.node(node);
    if let Op::Contract(op) = &node.op { Some((op, [node.operands[0], node.operands[1]])) } else { None }
}

/// The elementary function of a node.
pub(super) fn function(region: &Region, node: NodeId) -> Option<Function> {
    if let Op::Map(map) = &region.node(node).op { Some(map.function) } else { None }
}

/// `x`, where the node is `wanted(x)`.
pub(super) fn unary(region: &Region, wanted: Function, node: NodeId) -> Option<NodeId> {
    (function(region, node)? == wanted).then(|| region.node(node).operands[0])
}

/// `[a, b]`, where the node is `wanted(a, b)`.
pub(super) fn binary(region: &Region, wanted: Function, node: NodeId) -> Option<[NodeId; 2]> {
    let [a, b] = region.node(node).operands[..] else { return None };
    (function(region, node)? == wanted).then_some([a, b])
}

/// The operands of a node.
pub(super) fn operands<const N: usize>(region: &Region, node: NodeId) -> [NodeId; N] {
    region.node(node).operands[..].try_into().expect("the operation has that many operands")
}

/// `[a, b]`, where the node is `a == b`.
pub(super) fn equal(region: &Region, node: NodeId) -> Option<[NodeId; 2]> {
    let node = region.node(node);
    matches!(node.op, Op::Compare(Compare::Eq)).then(|| [node.operands[0], node.operands[1]])
}

/// `[condition, yes, no]`
pub(super) fn selection(region: &Region, node: NodeId) -> Option<[NodeId; 3]> {
    matches!(region.node(node).op, Op::Select(_)).then(|| operands(region, node))
}

/// Tries a pair in both orders.
pub(super) fn either<T>([a, b]: [NodeId; 2], mut find: impl FnMut(NodeId, NodeId) -> Option<T>) -> Option<T> {
    find(a, b).or_else(|| find(b, a))
}

/// What is behind a broadcast: the node that holds all values.
pub(super) fn core(region: &Region, node: NodeId) -> NodeId {
    broadcast(region, node).map_or(node, |(_, source)| source)
}

/// The number that a node is everywhere.
pub(super) fn constant(region: &Region, node: NodeId) -> Option<f64> {
    literal(region, node).filter(|literal| literal.elem == Elem::Real).map(Literal::value)
}

/// The truth value that a node is everywhere.
pub(super) fn truth(region: &Region, node: NodeId) -> Option<bool> {
    literal(region, node).filter(|literal| literal.elem == Elem::Bool).map(|literal| literal.value() != 0.0)
}

/// The literal that a node is everywhere.
pub(super) fn literal(region: &Region, node: NodeId) -> Option<&Literal> {
    if let Op::Literal(literal) = &region.node(core(region, node)).op { Some(literal) } else { None }
}

/// Whether the node is this number everywhere, bit by bit.
#[allow(clippy::float_cmp, reason = "a pattern asks for the number itself")]
pub(super) fn is(region: &Region, node: NodeId, value: f64) -> bool {
    constant(region, node).is_some_and(|it| it == value && it.is_sign_negative() == value.is_sign_negative())
}

/// The extent that a node is everywhere, as a number: `cast real (extent N)`.
pub(super) fn extent(region: &Region, node: NodeId) -> Option<&Dim> {
    let (_, source) = cast(region, core(region, node))?;
    if let Op::Extent(Extent { dim }) = &region.node(source).op { Some(dim) } else { None }
}

/// The operand and the axes of a reduction of that kind.
pub(super) fn reduction(region: &Region, kind: ReduceKind, node: NodeId) -> Option<(NodeId, &[usize])> {
    let (op, x) = reduce(region, node)?;
    (op.kind == kind).then_some((x, op.axes.as_slice()))
}

/// How far the values of a node are from being one value: 0 a number, 1 one value everywhere, 2 anything.
pub(super) fn variance(region: &Region, node: NodeId) -> u8 {
    if literal(region, node).is_some() {
        return 0;
    }
    if broadcast(region, node).is_some_and(|(op, _)| op.axes.is_empty()) { 1 } else { 2 }
}

/// The positions of the axes of `axes` that are not in `removed`, counted among those that remain.
pub(super) fn without(axes: &[usize], removed: &[usize]) -> Vec<usize> {
    axes.iter()
        .filter(|axis| !removed.contains(axis))
        .map(|axis| axis - removed.iter().filter(|gone| *gone < axis).count())
        .collect()
}

/// The axes below `rank` that are not in `axes`.
pub(super) fn complement(axes: &[usize], rank: usize) -> Vec<usize> {
    (0..rank).filter(|axis| !axes.contains(axis)).collect()
}

/// Where the axes of `from` that are not literally 1 are in `to`, if the two differ in such axes alone.
pub(super) fn unit_reshape(from: &Shape, to: &Shape) -> Option<Vec<Option<usize>>> {
    let mut rest = to.iter().enumerate().filter(|(_, dim)| !dim.is_one());
    let mut places = Vec::with_capacity(from.len());
    for dim in from.iter() {
        places.push(if dim.is_one() {
            None
        } else {
            let (place, other) = rest.next()?;
            if other != dim {
                return None;
            }
            Some(place)
        });
    }
    rest.next().is_none().then_some(places)
}
