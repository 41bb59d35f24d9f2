//! Whether data are the same, up to roundings, in single and in double precision: where they jump, only what is exact in
//! both may decide on which side they are.

use crate::graph::print::live;
use crate::graph::{Elem, Node, NodeId, Region};
use crate::ops::elementary::Derivative;
use crate::ops::{Function, Op, ReduceKind};

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
    match &node.op {
        Op::Compare(_) => region.ty(node.operands[0]).elem == Elem::Real,
        Op::Map(map) => map.function.row().derivatives.iter().any(|by| matches!(by, Derivative::Zero)),
        op => matches!(op, Op::ArgReduce(_)),
    }
}

/// Whether the value is the same number in both precisions if the operands are.
fn keeps(region: &Region, id: NodeId, node: &Node) -> bool {
    match &node.op {
        #[expect(clippy::cast_possible_truncation, reason = "what is asked is whether anything is lost")]
        Op::Literal(literal) => f64::from(literal.value() as f32).total_cmp(&literal.value()).is_eq(),
        Op::Map(map) => {
            let row = map.function.row();
            let is_step = row.derivatives.iter().all(|by| matches!(by, Derivative::Zero));
            is_step || matches!(map.function, Function::Neg | Function::Abs | Function::Max | Function::Min)
        }
        Op::Reduce(reduce) => matches!(reduce.kind, ReduceKind::Max | ReduceKind::Min),
        Op::Contract(_) | Op::Recurrence(_) => false,
        _ => region.ty(id).elem != Elem::Real || !node.operands.is_empty() || matches!(node.op, Op::Leaf(_)),
    }
}
