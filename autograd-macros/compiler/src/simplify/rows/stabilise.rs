//! What people write, turned into what numerics needs: the same function, computed so that it neither overflows nor
//! cancels. These rows run before a derivative is taken, so that the derivative is that of the steady form.

use super::super::matching::{
    binary, broadcast, complement, constant, either, extent, function, is, operands, reduction, reshape, selection,
    unary,
};
use super::super::sizes::movable;
use super::super::{Class, On, Phase, Rewriter, Row, When};
use super::products::never_zero;
use super::{domain, stabilises};
use crate::graph::{NodeId, Region};
use crate::ops::Function::{
    Add, Cosh, Div, Exp, Expm1, Log, Log1mExp, Log1p, LogSigmoid, Logaddexp, Mul, MulUnlessZero, Neg, Recip, Rsqrt,
    Sigmoid, Sinh, Softplus, Sqrt, Sub, Tanh, Xlog1py, Xlogy,
};
use crate::ops::{Compare, ReduceKind, Select, StopGradient};

pub(in super::super) static ROWS: &[Row] = &[
    stabilises("log_of_exp", On::Map(Log), |r, y| unary(r.region(), Exp, unary(r.region(), Log, y)?)),
    stabilises("log_of_sigmoid", On::Map(Log), |r, y| composed(r, y, Sigmoid, LogSigmoid)),
    stabilises("log_of_sum_of_exp", On::Map(Log), log_of_sum_of_exp),
    stabilises("log_of_mean_of_exp", On::Map(Log), log_of_mean_of_exp),
    stabilises("log_of_two_exp", On::Map(Log), log_of_two_exp),
    stabilises("log_of_one_plus", On::Map(Log), log_of_one_plus),
    stabilises("log_of_one_minus", On::Map(Log), log_of_one_minus),
    stabilises("sqrt_of_exp", On::Map(Sqrt), sqrt_of_exp),
    stabilises("rsqrt_of_exp", On::Map(Rsqrt), rsqrt_of_exp),
    stabilises("recip_of_exp", On::Map(Recip), recip_of_exp),
    stabilises("log1p_of_exp", On::Map(Log1p), |r, y| composed(r, y, Exp, Softplus)),
    stabilises("exp_minus_one", On::Map(Sub), exp_minus_one),
    stabilises("one_minus_exp", On::Map(Sub), one_minus_exp),
    stabilises("minus_one_plus_exp", On::Map(Add), minus_one_plus_exp),
    domain("sigmoids_less_one", On::Map(Sub), "a last digit, where the sigmoid is near 0 or 1", sigmoids_less_one),
    stabilises("one_minus_sigmoid", On::Map(Sub), one_minus_sigmoid),
    stabilises("recip_of_one_plus_exp", On::Map(Recip), recip_of_one_plus_exp),
    stabilises("number_by_one_plus_exp", On::Map(Div), number_by_one_plus_exp),
    stabilises("exp_by_one_plus_exp", On::Map(Div), exp_by_one_plus_exp),
    domain("softmax", On::Map(Div), "a tiny share is off by as many ulp as its logarithm is large", softmax),
    domain(
        "log_of_softmax",
        On::Map(Log),
        "the log of a share near 1 is exact to ulp of 1, not of itself",
        log_of_softmax,
    ),
    stabilises("tanh_of_exps", On::Map(Div), tanh_of_exps),
    stabilises("tanh_of_expm1", On::Map(Div), tanh_of_expm1),
    stabilises("sinh_of_exps", On::Map(Mul), sinh_of_exps),
    stabilises("cosh_of_exps", On::Map(Mul), cosh_of_exps),
    Row {
        name: "xlogy",
        class: Class::Domain("0·log(0) is 0, where it was NaN"),
        when: When::Only(Phase::BeforeDerivative),
        on: On::Map(Mul),
        rewrite: xlogy,
    },
    Row {
        name: "product_with_logarithms",
        class: Class::Domain("0·log(0) is 0, where it was NaN"),
        when: When::Only(Phase::BeforeDerivative),
        on: On::Map(Mul),
        rewrite: product_with_logarithms,
    },
];

/// `f(inner(x))` is `stable(x)`.
fn composed(
    r: &mut Rewriter<'_>,
    y: NodeId,
    inner: crate::ops::Function,
    stable: crate::ops::Function,
) -> Option<NodeId> {
    let [x] = operands(r.region(), y);
    let x = unary(r.region(), inner, x)?;
    Some(r.map(stable, &[x]))
}

/// `√(eˣ)` is `e^(x/2)`: the half is exact.
fn sqrt_of_exp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = unary(r.region(), Exp, unary(r.region(), Sqrt, y)?)?;
    Some(exp_of_share(r, x, 0.5))
}

fn rsqrt_of_exp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = unary(r.region(), Exp, unary(r.region(), Rsqrt, y)?)?;
    Some(exp_of_share(r, x, -0.5))
}

/// `1/eˣ` is `e^-x`: the square of its inverse, which is in its slope otherwise, may overflow.
fn recip_of_exp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = unary(r.region(), Exp, unary(r.region(), Recip, y)?)?;
    let minus = r.map(Neg, &[x]);
    Some(r.map(Exp, &[minus]))
}

/// `exp(c·x)`
fn exp_of_share(r: &mut Rewriter<'_>, x: NodeId, c: f64) -> NodeId {
    let c = r.number(c, x);
    let share = r.map(Mul, &[c, x]);
    r.map(Exp, &[share])
}

/// `2·sigmoid(x) - 1` is `tanh(x/2)`.
fn sigmoids_less_one(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let pair: [NodeId; 2] = operands(r.region(), y);
    let of = |one: NodeId, double: NodeId| {
        let region = r.region();
        let pair = binary(region, Mul, double).filter(|_| is(region, one, 1.0))?;
        either(pair, |two, share| is(region, two, 2.0).then(|| unary(region, Sigmoid, share)).flatten())
    };
    let (x, c) = of(pair[1], pair[0]).map(|x| (x, 0.5)).or_else(|| Some((of(pair[0], pair[1])?, -0.5)))?;
    let c = r.number(c, x);
    let half = r.map(Mul, &[c, x]);
    Some(r.map(Tanh, &[half]))
}

/// `x`, where the node is `1 + x`.
fn one_plus(region: &Region, node: NodeId) -> Option<NodeId> {
    either(binary(region, Add, node)?, |a, b| is(region, a, 1.0).then_some(b))
}

/// `x` and the axes, where the node is `sum(exp(x))`.
fn sum_of_exp(region: &Region, node: NodeId) -> Option<(NodeId, Vec<usize>)> {
    let (exp, axes) = reduction(region, ReduceKind::Sum, node)?;
    Some((unary(region, Exp, exp)?, axes.to_vec()))
}

fn log_of_sum_of_exp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (x, axes) = sum_of_exp(r.region(), unary(r.region(), Log, y)?)?;
    Some(r.reduce(ReduceKind::LogSumExp, x, &axes))
}

/// `log(c·sum(exp(x)))` is `log(c) + logsumexp(x)`, where `c` is a positive number; and `log(sum(exp(x))/n)`, where `n`
/// is a count.
fn log_of_mean_of_exp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let mean = unary(r.region(), Log, y)?;
    let region = r.region();
    let (function, factor, sum) = if let Some([c, sum]) = binary(region, Mul, mean) {
        constant(region, c).filter(|c| *c > 0.0)?;
        (Add, c, sum)
    } else {
        let [sum, n] = binary(region, Div, mean)?;
        extent(region, n)?;
        (Sub, n, sum)
    };
    let (x, axes) = sum_of_exp(region, sum)?;
    let lse = r.reduce(ReduceKind::LogSumExp, x, &axes);
    let shift = r.map(Log, &[factor]);
    Some(r.map(function, &[lse, shift]))
}

/// `log(exp(a) + exp(b))`
fn log_of_two_exp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = binary(r.region(), Add, unary(r.region(), Log, y)?)?;
    let (a, b) = (unary(r.region(), Exp, a)?, unary(r.region(), Exp, b)?);
    Some(r.map(Logaddexp, &[a, b]))
}

fn log_of_one_plus(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = one_plus(r.region(), unary(r.region(), Log, y)?)?;
    Some(r.map(Log1p, &[x]))
}

fn log_of_one_minus(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [one, x] = binary(r.region(), Sub, unary(r.region(), Log, y)?)?;
    if !is(r.region(), one, 1.0) {
        return None;
    }
    let x = r.map(Neg, &[x]);
    Some(r.map(Log1p, &[x]))
}

/// `exp(x) - 1`
fn exp_minus_one(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [exp, one] = operands(r.region(), y);
    let x = unary(r.region(), Exp, exp).filter(|_| is(r.region(), one, 1.0))?;
    Some(r.map(Expm1, &[x]))
}

/// `1 - exp(x)`
fn one_minus_exp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [one, exp] = operands(r.region(), y);
    let x = unary(r.region(), Exp, exp).filter(|_| is(r.region(), one, 1.0))?;
    let grown = r.map(Expm1, &[x]);
    Some(r.map(Neg, &[grown]))
}

fn minus_one_plus_exp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = either(operands(r.region(), y), |a, b| unary(r.region(), Exp, b).filter(|_| is(r.region(), a, -1.0)))?;
    Some(r.map(Expm1, &[x]))
}

fn one_minus_sigmoid(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [one, s] = operands(r.region(), y);
    let x = unary(r.region(), Sigmoid, s).filter(|_| is(r.region(), one, 1.0))?;
    let x = r.map(Neg, &[x]);
    Some(r.map(Sigmoid, &[x]))
}

/// `x`, where the node is `1 + exp(x)`.
pub(super) fn one_plus_exp(region: &Region, node: NodeId) -> Option<NodeId> {
    unary(region, Exp, one_plus(region, node)?)
}

/// `1/(1 + exp(x))` is `sigmoid(-x)`.
fn recip_of_one_plus_exp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = one_plus_exp(r.region(), unary(r.region(), Recip, y)?)?;
    let x = r.map(Neg, &[x]);
    Some(r.map(Sigmoid, &[x]))
}

/// `c/(1 + exp(x))` is `c·sigmoid(-x)`, where `c` is a number that may be moved.
fn number_by_one_plus_exp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [c, denominator] = operands(r.region(), y);
    movable(r.region(), c)?;
    let x = one_plus_exp(r.region(), denominator)?;
    let x = r.map(Neg, &[x]);
    let s = r.map(Sigmoid, &[x]);
    Some(r.map(Mul, &[c, s]))
}

/// `exp(x)/(1 + exp(x))` is `sigmoid(x)`.
fn exp_by_one_plus_exp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [exp, denominator] = operands(r.region(), y);
    let x = one_plus_exp(r.region(), denominator)?;
    (unary(r.region(), Exp, exp)? == x).then(|| r.map(Sigmoid, &[x]))
}

/// `x` and the axes, where the node is `exp(x)/sum(exp(x))`.
pub(super) fn share_of_exp(region: &Region, node: NodeId) -> Option<(NodeId, Vec<usize>)> {
    let [exp, denominator] = binary(region, Div, node)?;
    let (spread, sum) = broadcast(region, denominator)?;
    let (x, axes) = sum_of_exp(region, sum)?;
    (unary(region, Exp, exp)? == x && spread.axes == complement(&axes, spread.shape.len())).then_some((x, axes))
}

/// `x`, where the node is `x - c` and `c` only repeats along the axes.
pub(super) fn shifted(region: &Region, node: NodeId, axes: &[usize]) -> Option<NodeId> {
    let [x, shift] = binary(region, Sub, node)?;
    let (spread, _) = broadcast(region, shift)?;
    spread.axes.iter().all(|axis| !axes.contains(axis)).then_some(x)
}

/// `exp(x)/sum(exp(x))` overflows, unless something was subtracted from `x` already: here it is the maximum, which a
/// derivative may regard as constant since its contribution is zero.
fn softmax(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (x, axes) = share_of_exp(r.region(), y)?;
    if shifted(r.region(), x, &axes).is_some() {
        return None;
    }
    let max = r.reduce(ReduceKind::MaxNumber, x, &axes);
    let max = r.add(StopGradient, &[max]);
    let bottom = r.number(f64::NEG_INFINITY, max);
    let empty = r.add(Compare::Eq, &[max, bottom]);
    let zero = r.number(0.0, max);
    let max = r.add(Select::RULE, &[empty, zero, max]);
    let max = r.spread(max, &axes, x);
    let below = r.map(Sub, &[x, max]);
    let exp = r.map(Exp, &[below]);
    let sum = r.reduce(ReduceKind::Sum, exp, &axes);
    let sum = r.spread(sum, &axes, x);
    Some(r.map(Div, &[exp, sum]))
}

/// `log(exp(x)/sum(exp(x)))` is `x - logsumexp(x)`, and what was subtracted from `x` does not matter.
fn log_of_softmax(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (x, axes) = share_of_exp(r.region(), unary(r.region(), Log, y)?)?;
    let x = shifted(r.region(), x, &axes).unwrap_or(x);
    let lse = r.reduce(ReduceKind::LogSumExp, x, &axes);
    let lse = r.spread(lse, &axes, x);
    Some(r.map(Sub, &[x, lse]))
}

/// `x`, where the node is `exp(x) ± exp(-x)`.
pub(super) fn exp_and_mirror(region: &Region, function: crate::ops::Function, node: NodeId) -> Option<NodeId> {
    let [a, b] = binary(region, function, node)?;
    let (a, b) = (unary(region, Exp, a)?, unary(region, Exp, b)?);
    if unary(region, Neg, b) == Some(a) {
        return Some(a);
    }
    (function == Add && unary(region, Neg, a) == Some(b)).then_some(b)
}

fn tanh_of_exps(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    let x = exp_and_mirror(r.region(), Sub, a)?;
    (exp_and_mirror(r.region(), Add, b)? == x).then(|| r.map(Tanh, &[x]))
}

/// `(exp(x) - 1)/(exp(x) + 1)` is `tanh(x/2)`.
fn tanh_of_expm1(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    let x = unary(r.region(), Expm1, a)?;
    if one_plus_exp(r.region(), b)? != x {
        return None;
    }
    let half = r.number(0.5, y);
    let x = r.map(Mul, &[half, x]);
    Some(r.map(Tanh, &[x]))
}

/// `0.5·(exp(x) - exp(-x))`
fn sinh_of_exps(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x =
        either(operands(r.region(), y), |c, x| exp_and_mirror(r.region(), Sub, x).filter(|_| is(r.region(), c, 0.5)))?;
    Some(r.map(Sinh, &[x]))
}

/// `0.5·(exp(x) + exp(-x))`
fn cosh_of_exps(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x =
        either(operands(r.region(), y), |c, x| exp_and_mirror(r.region(), Add, x).filter(|_| is(r.region(), c, 0.5)))?;
    Some(r.map(Cosh, &[x]))
}

/// `x·log(y)` is 0 where `x` is 0, if `x` can be; so is `x·log(1 - y)`.
fn xlogy(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let of_complement = |log| unary(r.region(), Log1p, log).filter(|&z| unary(r.region(), Neg, z).is_some());
    let (function, x, z) = either(operands(r.region(), y), |x, log| {
        let of_log = unary(r.region(), Log, log).map(|z| (Xlogy, x, z));
        of_log.or_else(|| Some((Xlog1py, x, of_complement(log)?)))
    })?;
    if never_zero(r.region(), x) || extent(r.region(), x).is_some() {
        return None;
    }
    Some(r.map(function, &[x, z]))
}

/// The same where the logarithm became another function, or is one of several terms: `x·log_sigmoid(z)`,
/// `x·(z - logsumexp(z))`, `x·(log(x) - log(y))`.
fn product_with_logarithms(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let (x, log) = either(operands(region, y), |x, log| is_log_of_share(region, x, log, 4).then_some((x, log)))?;
    (!never_zero(region, x)).then(|| r.map(MulUnlessZero, &[x, log]))
}

/// Whether a term of a node is the logarithm of a share, or that of `x`, which may be -inf where `x` is 0.
fn is_log_of_share(region: &Region, x: NodeId, node: NodeId, depth: usize) -> bool {
    let is_whole = matches!(function(region, node), Some(LogSigmoid | Log1mExp));
    if is_whole || unary(region, Log, node) == Some(x) || is_log_softmax(region, node) {
        return true;
    }
    let arms = selection(region, node).map(|[_, yes, no]| [yes, no]);
    let terms = binary(region, Add, node).or_else(|| binary(region, Sub, node)).or(arms);
    depth > 0 && terms.is_some_and(|terms| terms.iter().any(|&term| is_log_of_share(region, x, term, depth - 1)))
}

/// Whether a node is `z - logsumexp(z)`.
fn is_log_softmax(region: &Region, node: NodeId) -> bool {
    let Some([z, total]) = binary(region, Sub, node) else { return false };
    let Some((_, total)) = broadcast(region, total) else { return false };
    let total = reshape(region, total).map_or(total, |(_, total)| total);
    reduction(region, ReduceKind::LogSumExp, total).is_some_and(|(of, _)| of == z)
}
