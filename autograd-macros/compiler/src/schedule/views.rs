//! Views: what reads its operand elsewhere, reshapes that only add or drop axes of extent 1 among them.

use crate::graph::{Dim, NodeId, Region};
use crate::ops::Op;
pub(crate) use crate::ops::lowering::Role;
pub(crate) use crate::ops::nest::long_axes;
use crate::schedule::maps::{Coord, PickId, Source};

/// What a node is to the loops.
pub(crate) fn role(op: &Op) -> Role {
    op.role()
}

/// Where a view reads its operand, given where the view itself is read; `pick` is an integer at some coordinates.
pub(crate) fn view(
    region: &Region,
    node: NodeId,
    map: &[Coord],
    pick: &mut dyn FnMut(NodeId, &[Coord]) -> PickId,
) -> Source {
    let node = region.node(node);
    node.op.source(&region.shape(node.operands[0]), map, &mut |place, at| pick(node.operands[place], at))
}

/// Whether a reshape only adds or drops axes of extent 1; then it is a view.
pub(crate) fn is_unit_reshape(region: &Region, node: NodeId) -> bool {
    let (from, to) = (region.shape(region.node(node).operands[0]), region.shape(node));
    let extents = |shape: &[Dim]| long_axes(shape).into_iter().map(|axis| shape[axis].clone()).collect::<Vec<_>>();
    extents(&from) == extents(&to)
}

/// Where a reshape that only adds or drops axes of extent 1 reads its operand.
pub(crate) fn unit_reshape(region: &Region, node: NodeId, map: &[Coord]) -> Vec<Coord> {
    let from = region.shape(region.node(node).operands[0]);
    let mut long = long_axes(&region.shape(node)).into_iter();
    (0..from.len())
        .map(|axis| if from[axis].is_one() { None } else { long.next() })
        .map(|axis| axis.map_or(Coord::constant(Dim::ZERO), |axis| map[axis].clone()))
        .collect()
}
