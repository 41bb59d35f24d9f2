//! Hyperbolic functions and their inverses, spelled out: what overflows, or cancels, where the function does not.
//!
//! ```text
//! 2/(exp(x) + exp(-x))      →   sech(x)
//! w/(exp(x) + exp(-x))^2    →   w * 0.25 * tanh_slope(x)
//! sinh(x)/cosh(x)           →   tanh(x)
//! log(x + sqrt(x^2 + 1))    →   asinh(x)
//! log((1 + x)/(1 - x))      →   2 * atanh(x)
//! ```

use super::super::matching::{binary, constant, either, is, operands, unary};
use super::super::sizes::{is_movable, movable};
use super::super::{On, Rewriter, Row};
use super::exponentials::scaled;
use super::stabilise::exp_and_mirror;
use super::stabilises;
use crate::graph::{NodeId, Region};
use crate::ops::Function::{
    self, Acosh, Add, Asinh, Atanh, Cosh, Div, Exp, Hypot, Log, Mul, Neg, Recip, Sech, Sigmoid, Sinh, Sqrt, Square,
    Sub, Tanh, TanhSlope,
};

pub(super) static ROWS: &[Row] = &[
    stabilises("recip_of_cosh", On::Map(Recip), recip_of_cosh),
    stabilises("exp_by_cosh", On::Map(Div), exp_by_cosh),
    stabilises("sinh_by_cosh", On::Map(Div), sinh_by_cosh),
    stabilises("cosh_by_sinh", On::Map(Div), cosh_by_sinh),
    stabilises("number_by_cosh", On::Map(Div), number_by_cosh),
    stabilises("log_as_asinh", On::Map(Log), log_as_asinh),
    stabilises("log_as_acosh", On::Map(Log), log_as_acosh),
    stabilises("log_as_atanh", On::Map(Log), log_as_atanh),
];

/// `c` and `x`, where the node is `c·f(x)`, f the hyperbolic cosine (with `Add` between its exponentials) or sine (`Sub`).
fn hyperbolic(region: &Region, [function, between]: [Function; 2], node: NodeId) -> Option<(f64, NodeId)> {
    if let Some([c, rest]) = binary(region, Mul, node) {
        let (factor, x) = hyperbolic(region, [function, between], rest)?;
        return Some((factor * movable(region, c)?, x)).filter(|(factor, _)| is_movable(*factor));
    }
    let spelled = || exp_and_mirror(region, between, node).map(|x| (2.0, x));
    unary(region, function, node).map(|x| (1.0, x)).or_else(spelled)
}

fn cosh(region: &Region, node: NodeId) -> Option<(f64, NodeId)> {
    hyperbolic(region, [Cosh, Add], node)
}

fn sinh(region: &Region, node: NodeId) -> Option<(f64, NodeId)> {
    hyperbolic(region, [Sinh, Sub], node)
}

/// `1/node` of a multiple of the hyperbolic cosine, or of the square of one.
fn inverse(r: &mut Rewriter<'_>, node: NodeId) -> Option<NodeId> {
    let region = r.region();
    if let Some((c, x)) = cosh(region, node) {
        let inverse = r.map(Sech, &[x]);
        return Some(scaled(r, c.recip(), inverse));
    }
    let (scale, square) = match binary(region, Mul, node) {
        Some([c, square]) => (movable(region, c)?, square),
        None => (1.0, node),
    };
    let (c, x) = cosh(region, unary(region, Square, square)?)?;
    let inverse = r.map(TanhSlope, &[x]);
    Some(scaled(r, (scale * c * c).recip(), inverse))
}

fn recip_of_cosh(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x] = operands(r.region(), y);
    inverse(r, x)
}

fn number_by_cosh(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    let share = inverse(r, b)?;
    if let (Some(a), Some([c, share])) = (constant(r.region(), a), binary(r.region(), Mul, share))
        && let Some(c) = constant(r.region(), c)
    {
        return Some(scaled(r, a * c, share));
    }
    Some(r.map(Mul, &[a, share]))
}

/// `exp(±x)/(c·cosh(x))` is `2/c·sigmoid(±2x)`.
fn exp_by_cosh(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [above, below] = operands(r.region(), y);
    let region = r.region();
    let (exponent, (c, x)) = (unary(region, Exp, above)?, cosh(region, below)?);
    if exponent != x && unary(region, Neg, exponent) != Some(x) && unary(region, Neg, x) != Some(exponent) {
        return None;
    }
    let twice = scaled(r, 2.0, exponent);
    let share = r.map(Sigmoid, &[twice]);
    Some(scaled(r, 2.0 / c, share))
}

fn sinh_by_cosh(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [above, below] = operands(r.region(), y);
    let ((a, x), (b, z)) = (sinh(r.region(), above)?, cosh(r.region(), below)?);
    let tanh = (x == z).then(|| r.map(Tanh, &[x]))?;
    Some(scaled(r, a / b, tanh))
}

fn cosh_by_sinh(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [above, below] = operands(r.region(), y);
    let ((a, x), (b, z)) = (cosh(r.region(), above)?, sinh(r.region(), below)?);
    let tanh = (x == z).then(|| r.map(Tanh, &[x]))?;
    let number = r.number(a / b, y);
    Some(r.map(Div, &[number, tanh]))
}

/// Whether the node is `sqrt(x² + one)`, for 1 or -1.
fn is_root_beside_one(region: &Region, node: NodeId, x: NodeId, one: f64) -> bool {
    if let Some(pair) = binary(region, Hypot, node) {
        return one > 0.0 && either(pair, |a, b| (a == x && is(region, b, 1.0)).then_some(())).is_some();
    }
    let Some(sum) = unary(region, Sqrt, node) else { return false };
    let is_square = |node: NodeId| unary(region, Square, node) == Some(x);
    let of_sum = |pair| either(pair, |a, b| (is_square(a) && is(region, b, one)).then_some(()));
    let of_difference = |[a, b]: [NodeId; 2]| (is_square(a) && is(region, b, -one)).then_some(());
    let added = binary(region, Add, sum).and_then(of_sum);
    added.or_else(|| binary(region, Sub, sum).and_then(of_difference)).is_some()
}

/// `log(x + sqrt(x² + 1))`; `log(sqrt(x² + 1) - x)` with the other sign.
fn log_as_asinh(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let inner = unary(region, Log, y)?;
    if let Some([_, x]) = binary(region, Sub, inner).filter(|&[root, x]| is_root_beside_one(region, root, x, 1.0)) {
        let inverse = r.map(Asinh, &[x]);
        return Some(r.map(Neg, &[inverse]));
    }
    let pair = binary(region, Add, inner)?;
    let x = either(pair, |x, root| is_root_beside_one(region, root, x, 1.0).then_some(x))?;
    Some(r.map(Asinh, &[x]))
}

/// `log(x + sqrt(x² - 1))`, `log(x + sqrt((x - 1)*(x + 1)))`
fn log_as_acosh(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let pair = binary(region, Add, unary(region, Log, y)?)?;
    let x = either(pair, |x, root| {
        let is_root = is_root_beside_one(region, root, x, -1.0) || is_root_of_neighbours(region, root, x);
        is_root.then_some(x)
    })?;
    Some(r.map(Acosh, &[x]))
}

/// Whether the node is `sqrt((x - 1)*(x + 1))` or `sqrt(x - 1)*sqrt(x + 1)`.
fn is_root_of_neighbours(region: &Region, node: NodeId, x: NodeId) -> bool {
    let beside = |node: NodeId, one: f64| {
        let added = binary(region, Add, node)
            .and_then(|pair| either(pair, |a, b| (a == x && is(region, b, one)).then_some(())));
        added.is_some() || binary(region, Sub, node).is_some_and(|[a, b]| a == x && is(region, b, -one))
    };
    let are_neighbours = |pair| either(pair, |a, b| (beside(a, -1.0) && beside(b, 1.0)).then_some(())).is_some();
    let of_product = unary(region, Sqrt, node).and_then(|product| binary(region, Mul, product));
    let of_roots = || {
        let [a, b] = binary(region, Mul, node)?;
        Some([unary(region, Sqrt, a)?, unary(region, Sqrt, b)?])
    };
    of_product.or_else(of_roots).is_some_and(are_neighbours)
}

/// `x`, where the nodes are `1 + x` and `1 - x`.
fn around_one(region: &Region, [sum, difference]: [NodeId; 2]) -> Option<NodeId> {
    let x = either(binary(region, Add, sum)?, |one, x| is(region, one, 1.0).then_some(x))?;
    let [one, other] = binary(region, Sub, difference)?;
    (is(region, one, 1.0) && other == x).then_some(x)
}

fn twice_atanh(r: &mut Rewriter<'_>, x: NodeId, sign: f64) -> NodeId {
    let inverse = r.map(Atanh, &[x]);
    scaled(r, 2.0 * sign, inverse)
}

/// `log((1 + x)/(1 - x))` and the other way round.
fn log_as_atanh(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = binary(r.region(), Div, unary(r.region(), Log, y)?)?;
    if let Some(x) = around_one(r.region(), [a, b]) {
        return Some(twice_atanh(r, x, 1.0));
    }
    let x = around_one(r.region(), [b, a])?;
    Some(twice_atanh(r, x, -1.0))
}
