//! Products of vectors and matrices, and the derivatives (which multiply by a Jacobian).

use super::super::{Builder, Built, Reported};
use super::Family::{Derivative, Product};
use super::arguments::Call;
use super::{Row, model, rule};
use crate::diagnostics::{Help, Problem};
use crate::graph::{Dim, NodeId, Shape, ShapeText};
use crate::ops::Contract;
use crate::syntax::as_operand;
use crate::syntax::tree::Argument;

#[allow(clippy::redundant_closure_for_method_calls, reason = "a method is not general enough in its lifetimes")]
pub(super) const ROWS: &[Row] = &[
    rule(["dot", "a, b", "the inner product of two vectors, a scalar", "dot(w, b)"], Product, dot),
    rule(["outer", "a, b", "the outer product of two vectors, `[N, M]`", "outer(u, v)"], Product, outer),
    rule(["cross", "a, b", "the vector product along the last axis, of extent 3", "cross(r, f)"], Product, cross),
    rule(["trace", "x", "the sum of the diagonal of a square matrix", "trace(a)"], Product, trace),
    model(
        [
            "angle",
            "u, v",
            "the angle between two vectors of three dimensions, exact when they are parallel",
            "angle(u, v)",
        ],
        Product,
        "atan2(norm(cross(u, v)), dot(u, v))",
    ),
    rule(
        ["grad", "y, x", "the derivative of the scalar y by the named value x, in the shape of x", "grad(loss, w)"],
        Derivative,
        |builder, call| builder.grad(call),
    ),
    rule(
        [
            "jvp",
            "y, x, v",
            "the derivative of y along a change v of the named value x, in the shape of y",
            "jvp(loss, w, b)",
        ],
        Derivative,
        |builder, call| builder.jvp(call),
    ),
    rule(
        ["vjp", "y, x, u", "the derivative of `sum(u*y)` by the named value x, in the shape of x", "vjp(x @ w, w, y)"],
        Derivative,
        |builder, call| builder.vjp(call),
    ),
    rule(
        ["stop_gradient", "x", "x, which derivatives regard as constant", "y - stop_gradient(y)"],
        Derivative,
        |builder, call| {
            let x = builder.real_argument(call, "x")?;
            Ok(builder.region.stop_gradient(x))
        },
    ),
    model(
        [
            "straight_through",
            "value, x",
            "`value`, with the derivative of x: lets gradients pass a rounding",
            "straight_through(round(x), x)",
        ],
        Derivative,
        "stop_gradient(value) + (x - stop_gradient(x))",
    ),
];

fn vectors(builder: &mut Builder, call: &Call) -> Built<[NodeId; 2]> {
    let errors = builder.diagnostics.errors().len();
    let sides = ["a", "b"].map(|name| {
        let x = builder.real_argument(call, name)?;
        let shape = builder.shape(x);
        if shape.len() == 1 {
            return Ok(x);
        }
        let problem = Problem::WrongRank {
            what: format!("`{}`", call.function),
            expected: "two vectors".into(),
            found: ShapeText(&shape).to_string(),
        };
        let span = call.get(name).span;
        let code = if call.function == "dot" {
            let arguments = ["a", "b"].map(|name| Argument { name: None, value: call.get(name).clone() });
            builder.without_extra("dot", &arguments)
        } else {
            None
        };
        if builder.diagnostics.errors().len() > errors {
            return Err(Reported);
        }
        Err(match code {
            Some(code) => {
                let help = Help::write(format!("this product is written `{code}`"), call.expr.span, as_operand(&code));
                builder.error_with_help(span, problem, help)
            }
            None => builder.error(span, problem),
        })
    });
    let [a, b] = sides;
    Ok([a?, b?])
}

fn dot(builder: &mut Builder, call: &Call) -> Built {
    let [a, b] = vectors(builder, call)?;
    let (x, y) = (builder.shape(a), builder.shape(b));
    if x != y {
        let cannot = format!("`dot` cannot multiply {} by {}", ShapeText(&x), ShapeText(&y));
        let reason = format!("their extents {} and {} differ", x[0], y[0]);
        return Err(builder.error(call.expr.span, Problem::ShapesDiffer { cannot, reason }));
    }
    let contract =
        Contract { left_batch: vec![], right_batch: vec![], left_contract: vec![0], right_contract: vec![0] };
    Ok(builder.region.contract(contract, a, b))
}

fn outer(builder: &mut Builder, call: &Call) -> Built {
    let [a, b] = vectors(builder, call)?;
    let shape: Shape = [builder.shape(a)[0].clone(), builder.shape(b)[0].clone()].into();
    let (a, b) = (builder.region.broadcast(a, &shape, &[0]), builder.region.broadcast(b, &shape, &[1]));
    Ok(builder.region.times(a, b))
}

fn cross(builder: &mut Builder, call: &Call) -> Built {
    let (a, b) = (builder.real_argument(call, "a"), builder.real_argument(call, "b"));
    let (a, b) = (a?, b?);
    for (x, name) in [(a, "a"), (b, "b")] {
        let shape = builder.shape(x);
        if shape.last().and_then(Dim::as_constant) != Some(3) {
            let problem = Problem::WrongRank {
                what: "`cross`".into(),
                expected: "a last axis of extent 3".into(),
                found: ShapeText(&shape).to_string(),
            };
            return Err(builder.error(call.get(name).span, problem));
        }
    }
    let sides = builder.sides(&[a, b], [call.get("a"), call.get("b")]);
    let both = builder.align_all("cross", call.expr.span, &sides)?;
    let [a, b] = [both[0], both[1]];
    let parts: Vec<NodeId> = [(1, 2), (2, 0), (0, 1)]
        .into_iter()
        .map(|(i, j)| {
            let first = [component(builder, a, i), component(builder, b, j)];
            let second = [component(builder, a, j), component(builder, b, i)];
            let first = builder.region.times(first[0], first[1]);
            let second = builder.region.times(second[0], second[1]);
            builder.region.minus(first, second)
        })
        .collect();
    let last = builder.shape(a).len() - 1;
    Ok(builder.region.concat(&parts, last))
}

/// One place along the last axis, which stays with extent 1.
fn component(builder: &mut Builder, x: NodeId, place: i64) -> NodeId {
    let shape = builder.shape(x);
    let last = shape.len() - 1;
    let mut starts = vec![Dim::ZERO; shape.len()];
    starts[last] = Dim::constant(place);
    let mut extents = shape.to_vec();
    extents[last] = Dim::ONE;
    builder.region.slice(x, &starts, &extents.into(), &vec![1; shape.len()])
}

fn trace(builder: &mut Builder, call: &Call) -> Built {
    let x = builder.real_argument(call, "x")?;
    let diagonal = super::construction::on_diagonal(builder, call, x)?;
    let rank = builder.shape(diagonal).len();
    Ok(builder.region.sum(diagonal, &[rank - 2, rank - 1]))
}
