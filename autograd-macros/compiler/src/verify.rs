//! What a legal region is. Runs after every stage that makes or changes one.

use crate::diagnostics::SpanRange;
use crate::graph::{Elem, NodeId, Region};

/// Operands stand before their node, each node obeys its operation's rule, and its type is the one that the operation
/// infers.
///
/// # Errors
/// Where, and the rule that is broken.
pub fn region(region: &Region, results: &[NodeId]) -> Result<(), (Option<SpanRange>, String)> {
    for (id, node) in region.iter() {
        let fail = |message: String| Err((node.span, format!("{id} = {}: {message}", node.op)));
        if let Some(operand) = node.operands.iter().find(|operand| **operand >= id) {
            return fail(format!("operand {operand} does not stand before its use"));
        }
        if let Err(message) = node.op.check(region, &node.operands) {
            return fail(message);
        }
        let inferred = node.op.infer(region, &node.operands);
        if inferred != node.ty {
            return fail(format!("typed {}, but it is {inferred}", node.ty));
        }
    }
    match results.iter().find(|result| result.index() >= region.len()) {
        Some(result) => Err((None, format!("result {result} is no node"))),
        None => Ok(()),
    }
}

/// A derivative has the element kind and the shape of its variable.
///
/// # Errors
/// Where, and both types.
pub fn derivative(region: &Region, of: NodeId, derivative: NodeId) -> Result<(), (Option<SpanRange>, String)> {
    let (of_ty, ty) = (region.ty(of), region.ty(derivative));
    if of_ty == ty && ty.elem == Elem::Real {
        return Ok(());
    }
    Err((region.node(of).span, format!("a derivative by {of_ty} is typed {ty}")))
}
