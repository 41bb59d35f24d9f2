//! The verifier of regions: what a legal one is. Runs after every stage that makes or changes one.

use crate::diagnostics::SpanRange;
use crate::graph::model::Model;
use crate::graph::{Elem, Graph, NodeId, Region, Type};
use crate::ops::Op;
use crate::pass::Verify;

impl Verify for Graph {
    fn verify(&self) -> Result<(), (Option<SpanRange>, String)> {
        region(&self.region, &self.results)
    }
}

impl Verify for Region {
    fn verify(&self) -> Result<(), (Option<SpanRange>, String)> {
        region(self, &[])
    }
}

impl Verify for Model {
    fn verify(&self) -> Result<(), (Option<SpanRange>, String)> {
        region(&self.region, &self.results())
    }
}

/// Operands stand before their node, each node obeys its operation's rule, and its type is the one that the operation
/// infers.
///
/// # Errors
/// Where, and the rule that is broken.
pub fn region(region: &Region, results: &[NodeId]) -> Result<(), (Option<SpanRange>, String)> {
    nodes(region, results, &[])
}

/// Checks the nodes of a region. Only those of a body have parameters, which stand nowhere else.
fn nodes(region: &Region, results: &[NodeId], parameters: &[Type]) -> Result<(), (Option<SpanRange>, String)> {
    for (id, node) in region.iter() {
        let fail = |message: String| Err((node.span, format!("{id} = {}: {message}", node.op)));
        if let Some(operand) = node.operands.iter().find(|operand| **operand >= id) {
            return fail(format!("operand {operand} does not stand before its use"));
        }
        if let Err(message) = node.op.check(region, &node.operands) {
            return fail(message);
        }
        if let Op::Parameter(parameter) = &node.op
            && parameters.get(parameter.place) != Some(&parameter.ty)
        {
            return fail(format!("a parameter of type {} where there is none", parameter.ty));
        }
        for body in node.op.bodies() {
            let of_body = nodes(body.region(), body.results(), body.parameters());
            of_body.map_err(|(span, message)| (span.or(node.span), format!("{id}, in its body: {message}")))?;
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

#[cfg(test)]
mod tests {
    use crate::graph::{Dim, NodeId, Region, Type};
    use crate::ops::{Contract, LeafKind, ReduceKind};

    /// The message about a region of two leaves, `[N]` and `[N, D]`, and one more node.
    fn message(build: impl FnOnce(&mut Region, NodeId, NodeId) -> NodeId) -> Option<String> {
        let mut region = Region::new();
        let (rows, columns) = (Dim::name("N"), Dim::name("D"));
        let x = region.leaf(LeafKind::Param, "x", Type::real([rows.clone()]));
        let w = region.leaf(LeafKind::Param, "w", Type::real([rows, columns]));
        let y = build(&mut region, x, w);
        super::region(&region, &[y]).err().map(|(_, message)| message)
    }

    #[test]
    fn legal_regions_pass() {
        assert_eq!(message(|r, x, w| r.contract(product(), x, w)), None);
        assert_eq!(message(|r, _, w| r.sum(w, &[0, 1])), None);
    }

    #[test]
    fn broken_rules_are_named() {
        let one = Dim::ONE;
        let found = [
            message(Region::plus),
            message(|r, x, _| r.sum(x, &[1])),
            message(|r, x, _| r.and(x, x)),
            message(|r, _, w| {
                let t = r.permute(w, &[1, 0]);
                r.contract(product(), t, w)
            }),
            message(|r, x, _| r.permute(x, &[1, 0])),
            message(|r, x, _| r.slice(x, std::slice::from_ref(&one), &[Dim::name("N")].into(), &[1])),
            message(|r, _, w| r.broadcast(w, &[Dim::name("D"), Dim::name("N"), one.clone()].into(), &[0, 1])),
            message(|r, _, w| r.reshape(w, &[Dim::name("N")].into())),
            message(|r, x, _| r.reduce(ReduceKind::All, x, &[0])),
            message(|r, x, w| r.select(x, w, w)),
        ];
        let expected = [
            "add has operands of one type, not [N] and [N, D]",
            "sum names axes [1] of rank 1",
            "a connective is of truth values",
            "contract pairs axes of extents D and N",
            "[1, 0] is no order of the operand's axes",
            "a slice reaches beyond the axis: 1 + 1*(N - 1) against N",
            "broadcast keeps extents: [N, D] into broadcast [D, N, 1] [0, 1]",
            "reshape keeps the number of elements: [N, D] has D*N, [N] has N",
            "all of Real elements",
            "the condition of select is a truth value",
        ];
        for (found, expected) in found.into_iter().zip(expected) {
            let found = found.expect(expected);
            assert!(found.ends_with(expected), "{found}");
        }
    }

    fn product() -> Contract {
        Contract { left_batch: Vec::new(), right_batch: Vec::new(), left_contract: vec![0], right_contract: vec![0] }
    }
}
