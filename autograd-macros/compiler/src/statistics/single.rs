//! Single-precision check: whether data are the same, up to roundings, in single and in double precision. Where they
//! jump, only what is exact in both may decide on which side they are.

use crate::graph::print::live;
use crate::graph::{Elem, Node, NodeId, Region};
use crate::ops::elementary::Derivative;
use crate::ops::lowering::Role;
use crate::ops::{Function, Map, Op, ReduceKind};

/// Whether one of some values of the inputs may be another in single precision.
pub(super) fn differs(region: &Region, values: &[NodeId]) -> bool {
    let live = live(region, values.iter().copied());
    let mut exact: Vec<bool> = Vec::with_capacity(region.len());
    let mut differs = false;
    for (id, node) in region.iter() {
        let operands = node.operands.iter().all(|operand| exact[operand.index()]);
        differs |= live[id.index()] && !operands && jumps(region, node);
        exact.push(operands && keeps(region, id, node));
    }
    differs
}

/// Whether the smallest change of an operand may change the value at once.
fn jumps(region: &Region, node: &Node) -> bool {
    let is_step = |op: &Map| op.function.row().derivatives.iter().any(|by| matches!(by, Derivative::Zero));
    let compares = matches!(node.op, Op::Compare(_)) && region.ty(node.operands[0]).elem == Elem::Real;
    compares || matches!(node.op, Op::ArgReduce(_)) || matches!(&node.op, Op::Map(map) if is_step(map))
}

/// Whether the value is the same number in both precisions if the operands are.
fn keeps(region: &Region, id: NodeId, node: &Node) -> bool {
    #[expect(clippy::cast_possible_truncation, reason = "what is asked is whether anything is lost")]
    if let Op::Literal(literal) = &node.op {
        return f64::from(literal.value() as f32).total_cmp(&literal.value()).is_eq();
    }
    if let Op::Map(map) = &node.op {
        let is_step = map.function.row().derivatives.iter().all(|by| matches!(by, Derivative::Zero));
        return is_step || matches!(map.function, Function::Neg | Function::Abs | Function::Max | Function::Min);
    }
    let is_extreme = matches!(&node.op, Op::Reduce(reduce) if matches!(reduce.kind, ReduceKind::Max | ReduceKind::Min));
    let is_moved = matches!(node.op, Op::Select(_) | Op::Cast(_) | Op::Pad(_) | Op::Concat(_))
        || matches!(node.op.role(), Role::Leaf | Role::View | Role::Reshape);
    is_extreme || is_moved || region.ty(id).elem != Elem::Real
}
