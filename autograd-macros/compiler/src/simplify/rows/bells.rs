//! Slopes of sigmoid and tanh, and the normal distribution, however they are spelled: what loses all digits in a tail, or
//! overflows on its way there.
//!
//! ```text
//! 1 - tanh(x)^2                        →   tanh_slope(x)
//! exp(-x)/(1 + exp(-x))^2              →   sigmoid_slope(x)
//! exp(x)/(exp(x) + exp(c))             →   sigmoid(x - c)
//! (1 + erf(x/sqrt(2)))/2               →   norm_cdf(x)
//! ```

use super::super::matching::{binary, constant, either, is, operands, unary};
use super::super::{On, Rewriter, Row};
use super::exponentials::{log_of_positive, over_root_half, positive, scaled};
use super::stabilise::one_plus_exp;
use super::{domain, stabilises};
use crate::graph::{NodeId, Region};
use crate::ops::Function;
use crate::ops::Function::{
    Add, Cosh, Div, Erf, Erfc, Exp, Logaddexp, Mul, Neg, NormCdf, Recip, Sigmoid, SigmoidSlope, Square, Sub, Tanh,
    TanhSlope,
};

pub(super) static ROWS: &[Row] = &[
    stabilises("one_minus_square_of_tanh", On::Map(Sub), one_minus_square_of_tanh),
    stabilises("one_minus_tanh", On::Map(Sub), one_minus_tanh),
    stabilises("one_plus_tanh", On::Map(Add), one_plus_tanh),
    stabilises("inverse_square_of_cosh", On::Map(Recip), inverse_square_of_cosh),
    stabilises("product_of_sigmoids", On::Map(Mul), product_of_sigmoids),
    stabilises("sigmoid_less_its_square", On::Map(Sub), sigmoid_less_its_square),
    stabilises("exp_by_square_of_one_plus_exp", On::Map(Div), exp_by_square),
    stabilises("exp_times_square_of_sigmoid", On::Map(Mul), exp_times_square),
    domain(
        "share_of_two_exponentials",
        On::Map(Div),
        "a tiny share is off by as many ulp as its logarithm is large",
        share,
    ),
    stabilises("one_minus_erf", On::Map(Sub), one_minus_erf),
    stabilises("one_plus_erf", On::Map(Add), one_plus_erf),
    stabilises("norm_cdf_of_erfc", On::Map(Mul), norm_cdf_of_erfc),
    stabilises("one_minus_norm_cdf", On::Map(Sub), one_minus_norm_cdf),
];

/// `x`, where the terms are 1 and `wanted(x)`.
fn beside_one(region: &Region, wanted: Function, [one, other]: [NodeId; 2]) -> Option<NodeId> {
    unary(region, wanted, other).filter(|_| is(region, one, 1.0))
}

fn one_minus_square_of_tanh(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let square = beside_one(r.region(), Square, operands(r.region(), y))?;
    let x = unary(r.region(), Tanh, square)?;
    Some(r.map(TanhSlope, &[x]))
}

/// `c` and `x`, where the terms are the number c and `c·wanted(x)`.
#[allow(clippy::float_cmp, reason = "the same number twice")]
fn beside_number(region: &Region, wanted: Function, [number, other]: [NodeId; 2]) -> Option<(f64, NodeId)> {
    let number = constant(region, number)?;
    let (c, f) = match binary(region, Mul, other) {
        Some([c, f]) => (constant(region, c)?, f),
        None => (1.0, other),
    };
    Some((c, unary(region, wanted, f)?)).filter(|_| c == number)
}

/// `c·(1 - tanh(x))` is `2c·sigmoid(-2x)`.
fn one_minus_tanh(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (c, x) = beside_number(r.region(), Tanh, operands(r.region(), y))?;
    Some(scaled_sigmoid(r, c, x, -2.0))
}

fn one_plus_tanh(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (c, x) = either(operands(r.region(), y), |a, b| beside_number(r.region(), Tanh, [a, b]))?;
    Some(scaled_sigmoid(r, c, x, 2.0))
}

/// `2c·sigmoid(factor·x)`
fn scaled_sigmoid(r: &mut Rewriter<'_>, c: f64, x: NodeId, factor: f64) -> NodeId {
    let x = scaled(r, factor, x);
    let share = r.map(Sigmoid, &[x]);
    scaled(r, 2.0 * c, share)
}

fn inverse_square_of_cosh(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let square = unary(r.region(), Square, unary(r.region(), Recip, y)?)?;
    let x = unary(r.region(), Cosh, square)?;
    Some(r.map(TanhSlope, &[x]))
}

/// Whether one node is the other with its sign changed.
fn opposite(region: &Region, a: NodeId, b: NodeId) -> bool {
    let scaled = |node| binary(region, Mul, node).and_then(|[c, x]| Some((constant(region, c)?, x)));
    let of_scaled = || {
        let ((c, x), (d, z)) = (scaled(a)?, scaled(b)?);
        Some(x == z && c.to_bits() == (-d).to_bits())
    };
    let of_difference = || {
        let ([x, z], [u, v]) = (binary(region, Sub, a)?, binary(region, Sub, b)?);
        Some(x == v && z == u)
    };
    unary(region, Neg, a) == Some(b)
        || unary(region, Neg, b) == Some(a)
        || of_scaled() == Some(true)
        || of_difference() == Some(true)
}

/// `sigmoid(x)·sigmoid(-x)`
fn product_of_sigmoids(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    let (a, b) = (unary(r.region(), Sigmoid, a)?, unary(r.region(), Sigmoid, b)?);
    opposite(r.region(), a, b).then(|| r.map(SigmoidSlope, &[a]))
}

/// `s - s²`
fn sigmoid_less_its_square(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [s, square] = operands(r.region(), y);
    let x = unary(r.region(), Sigmoid, s).filter(|_| unary(r.region(), Square, square) == Some(s))?;
    Some(r.map(SigmoidSlope, &[x]))
}

/// `exp(x)/(1 + exp(x))²`, and the same in two quotients, the first of which became a sigmoid.
fn exp_by_square(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [above, below] = operands(r.region(), y);
    let region = r.region();
    if let Some(x) = unary(region, Exp, above) {
        let root = one_plus_exp(region, unary(region, Square, below)?)?;
        return (root == x).then(|| r.map(SigmoidSlope, &[x]));
    }
    let x = unary(region, Sigmoid, above)?;
    (one_plus_exp(region, below)? == x).then(|| r.map(SigmoidSlope, &[x]))
}

/// `exp(-x)·sigmoid(x)²`
fn exp_times_square(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (a, x) = either(operands(r.region(), y), |exp, square| {
        let region = r.region();
        Some((unary(region, Exp, exp)?, unary(region, Sigmoid, unary(region, Square, square)?)?))
    })?;
    opposite(r.region(), a, x).then(|| r.map(SigmoidSlope, &[x]))
}

/// The terms of a sum.
fn terms(region: &Region, node: NodeId, list: &mut Vec<NodeId>) {
    match binary(region, Add, node) {
        Some(both) if list.len() < 8 => both.iter().for_each(|&term| terms(region, term, list)),
        _ => list.push(node),
    }
}

/// `a/(a + b + …)` of exponentials is the sigmoid of the difference of the exponents.
fn share(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [above, below] = operands(r.region(), y);
    let mut list = Vec::new();
    binary(r.region(), Add, below)?;
    terms(r.region(), below, &mut list);
    let own = list.iter().position(|&term| term == above)?;
    positive(r.region(), below).filter(|overflows| *overflows)?;
    list.remove(own);
    let above = log_of_positive(r, above);
    let rest: Vec<NodeId> = list.into_iter().map(|term| log_of_positive(r, term)).collect();
    let rest = rest.into_iter().reduce(|a, b| r.map(Logaddexp, &[a, b]))?;
    let gap = r.map(Sub, &[above, rest]);
    Some(r.map(Sigmoid, &[gap]))
}

/// `c·(1 - erf(x))`
fn one_minus_erf(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (c, x) = beside_number(r.region(), Erf, operands(r.region(), y))?;
    let tail = r.map(Erfc, &[x]);
    Some(scaled(r, c, tail))
}

fn one_plus_erf(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (c, x) = either(operands(r.region(), y), |a, b| beside_number(r.region(), Erf, [a, b]))?;
    let x = r.map(Neg, &[x]);
    let tail = r.map(Erfc, &[x]);
    Some(scaled(r, c, tail))
}

/// `erfc(-x/√2)/2`, where the argument need not be rounded.
fn norm_cdf_of_erfc(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = either(operands(r.region(), y), |half, other| {
        unary(r.region(), Erfc, other).filter(|_| is(r.region(), half, 0.5))
    })?;
    let x = over_root_half(r, x)?;
    Some(r.map(NormCdf, &[x]))
}

fn one_minus_norm_cdf(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = beside_one(r.region(), NormCdf, operands(r.region(), y))?;
    let x = r.map(Neg, &[x]);
    Some(r.map(NormCdf, &[x]))
}
