//! Complements: `1 - p` of a probability, and its logarithm, from what is left of the whole, so that nothing cancels
//! where p is nearly 1.
//!
//! ```text
//! 1 - softmax(z)[0]                    →   the sum of the other shares, where softmax(z)[0] is at least 5/8
//! 1 - (1 - exp(-a))*sigmoid(b)         →   exp(-a) + (1 - exp(-a))*sigmoid(-b), where the product is at least 5/8
//! log(1 - p)                           →   the logarithm of that; log1p(-p) where p is less
//! log1p(-tanh(x))                      →   log(2) + log_sigmoid(-2*x), where tanh(x) is at least 1/2
//! 2*sigmoid(x) - 1                     →   tanh(x/2)
//! ```
//!
//! Below 5/8 the difference is right as it is: it is off by 5/3 as many ulp as p is. Two shares cannot both be that large,
//! however they are rounded.

use super::super::matching::{
    binary, broadcast, cast, complement, constant, either, function, is, operands, reduction, reshape, selection,
    slice, unary,
};
use super::super::{On, Rewriter, Row};
use super::exponentials::{log_of_positive, positive, scaled};
use super::stabilise::share_of_exp;
use super::{domain, stabilises};
use crate::graph::{Dim, Elem, NodeId, Region};
use crate::ops::Function::{
    Add, Div, Erf, Erfc, Exp, Expm1, Log, Log1mExp, Log1p, LogNormCdf, LogSigmoid, Max, Min, Mul, Neg, NormCdf, Pow,
    Sigmoid, Square, Sub, Tanh, TanhSlope,
};
use crate::ops::{Compare, Op, ReduceKind, Select, Slice, is_not_negative};

const UNDER: &str = "a tiny share is off by as many ulp as its logarithm is large";

pub(super) static ROWS: &[Row] = &[
    stabilises("one_plus_expm1", On::Map(Add), one_plus_expm1),
    stabilises("one_minus_tanh_slope", On::Map(Sub), one_minus_tanh_slope),
    stabilises("number_minus_erfc", On::Map(Sub), number_minus_erfc),
    stabilises("number_minus_its_erfc", On::Map(Sub), number_minus_its_erfc),
    stabilises("two_sigmoids_minus_one", On::Map(Sub), |r, y| two_sigmoids(r, y, Sub)),
    stabilises("minus_one_plus_two_sigmoids", On::Map(Add), |r, y| two_sigmoids(r, y, Add)),
    domain("share_of_one_exponential", On::Map(Div), UNDER, share_of_one),
    domain("one_minus_share", On::Map(Sub), UNDER, one_minus_share),
    domain("expm1_of_log_share", On::Map(Expm1), UNDER, expm1_of_log_share),
    domain("log1m_exp_of_log_share", On::Map(Log1mExp), UNDER, log1m_exp_of_log_share),
    stabilises("one_minus_product", On::Map(Sub), |r, y| one_minus_product(r, y, false)),
    stabilises("one_plus_product", On::Map(Add), |r, y| one_minus_product(r, y, true)),
    stabilises("one_minus_power", On::Map(Sub), one_minus_power),
    domain("log_of_complement", On::Map(Log), UNDER, log_of_complement),
    domain("log1p_near_minus_one", On::Map(Log1p), UNDER, log1p_near_minus_one),
];

/// From where on a complement is computed from what is left.
const LARGE: f64 = 0.625;

/// `1 + expm1(x)`
fn one_plus_expm1(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    let grown = if is(r.region(), a, 1.0) { b } else { is(r.region(), b, 1.0).then_some(a)? };
    let x = unary(r.region(), Expm1, grown)?;
    Some(r.map(Exp, &[x]))
}

fn one_minus_tanh_slope(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [one, slope] = operands(r.region(), y);
    let x = unary(r.region(), TanhSlope, slope).filter(|_| is(r.region(), one, 1.0))?;
    let tanh = r.map(Tanh, &[x]);
    Some(r.map(Square, &[tanh]))
}

/// `c` and `x`, where the node is `c·wanted(x)`.
fn scaled_of(region: &Region, wanted: crate::ops::Function, node: NodeId) -> Option<(f64, NodeId)> {
    if let Some(x) = unary(region, wanted, node) {
        return Some((1.0, x));
    }
    let [c, f] = binary(region, Mul, node)?;
    Some((constant(region, c)?, unary(region, wanted, f)?))
}

/// `2c - c·erfc(x)` is `c·erfc(-x)`.
#[allow(clippy::float_cmp, reason = "the same number twice")]
fn number_minus_erfc(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [whole, tail] = operands(r.region(), y);
    let (c, x) = scaled_of(r.region(), Erfc, tail)?;
    constant(r.region(), whole).filter(|&whole| whole == 2.0 * c)?;
    let minus = r.map(Neg, &[x]);
    let other = r.map(Erfc, &[minus]);
    Some(scaled(r, c, other))
}

/// `c - c·erfc(x)` is `c·erf(x)`.
#[allow(clippy::float_cmp, reason = "the same number twice")]
fn number_minus_its_erfc(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [whole, tail] = operands(r.region(), y);
    let (c, x) = scaled_of(r.region(), Erfc, tail)?;
    constant(r.region(), whole).filter(|&whole| whole == c)?;
    let other = r.map(Erf, &[x]);
    Some(scaled(r, c, other))
}

/// `2c·sigmoid(x) - c` is `c·tanh(x/2)`, in either order.
#[allow(clippy::float_cmp, reason = "the same number twice")]
fn two_sigmoids(r: &mut Rewriter<'_>, y: NodeId, function: crate::ops::Function) -> Option<NodeId> {
    let region = r.region();
    let [a, b] = operands(region, y);
    let (half, (whole, x), sign) = match (constant(region, a), constant(region, b)) {
        (Some(c), None) => (c, scaled_of(region, Sigmoid, b)?, if function == Sub { -1.0 } else { 1.0 }),
        (None, Some(c)) => (if function == Sub { -c } else { c }, scaled_of(region, Sigmoid, a)?, 1.0),
        _ => return None,
    };
    if half * -2.0 != sign * whole {
        return None;
    }
    let x = scaled(r, 0.5, x);
    let tanh = r.map(Tanh, &[x]);
    Some(scaled(r, -half, tanh))
}

/// `exp(x[0])/sum(exp(x))` is a share, cut out of all.
fn share_of_one(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [above, below] = operands(r.region(), y);
    let picked = unary(r.region(), Exp, above)?;
    let (exp, axes) = reduction(r.region(), ReduceKind::Sum, below)?;
    let (x, axes) = (unary(r.region(), Exp, exp)?, axes.to_vec());
    is_pick(r.region(), picked, below, x, &axes).then(|| picked_share(r, picked, x, &axes))
}

/// Whether a node is one element of `x` along axes, where `below` is a reduction over these.
fn is_pick(region: &Region, picked: NodeId, below: NodeId, x: NodeId, axes: &[usize]) -> bool {
    let inner = reshape(region, picked).map_or(picked, |(_, inner)| inner);
    let Some((cut, source)) = slice(region, inner) else { return false };
    let shape = region.shape(x);
    let is_one = |axis: usize| cut.extents[axis] == Dim::ONE;
    let is_all =
        |axis: usize| cut.starts[axis] == Dim::ZERO && cut.steps[axis] == 1 && cut.extents[axis] == shape[axis];
    let fits = |axis| if axes.contains(&axis) { is_one(axis) } else { is_all(axis) };
    source == x && region.shape(picked) == region.shape(below) && (0..shape.len()).all(fits)
}

/// Of the shares of `exp(x)` along axes, those at the places where `picked` is of x.
fn picked_share(r: &mut Rewriter<'_>, picked: NodeId, x: NodeId, axes: &[usize]) -> NodeId {
    let exp = r.map(Exp, &[x]);
    let total = r.reduce(ReduceKind::Sum, exp, axes);
    let total = r.spread(total, axes, x);
    let shares = r.map(Div, &[exp, total]);
    let mut moves = Vec::new();
    let mut node = picked;
    while node != x {
        moves.push(r.region().node(node).op.clone());
        node = r.region().node(node).operands[0];
    }
    move_again(r, &moves, shares)
}

/// The share whose logarithm a node is: `x - logsumexp(x)`, or one element of that.
fn share_of_log(r: &mut Rewriter<'_>, node: NodeId) -> Option<NodeId> {
    let (moves, log) = moved(r.region(), node);
    let [x, total] = binary(r.region(), Sub, log)?;
    let below = broadcast(r.region(), total).map_or(total, |(_, below)| below);
    let (of, axes) = reduction(r.region(), ReduceKind::LogSumExp, below)?;
    let axes = axes.to_vec();
    let is_all = of == x
        && broadcast(r.region(), total).is_some_and(|(spread, _)| spread.axes == complement(&axes, spread.shape.len()));
    if !is_all && (below != total || !is_pick(r.region(), x, below, of, &axes)) {
        return None;
    }
    let share = picked_share(r, x, of, &axes);
    Some(move_again(r, &moves, share))
}

fn expm1_of_log_share(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [log] = operands(r.region(), y);
    let share = share_of_log(r, log)?;
    let one = r.number(1.0, share);
    let left = r.map(Sub, &[one, share]);
    Some(r.map(Neg, &[left]))
}

fn log1m_exp_of_log_share(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [log] = operands(r.region(), y);
    let share = share_of_log(r, log)?;
    let one = r.number(1.0, share);
    let left = r.map(Sub, &[one, share]);
    Some(r.map(Log, &[left]))
}

/// Operations that only move elements, the last one first, and what they move.
fn moved(region: &Region, mut node: NodeId) -> (Vec<Op>, NodeId) {
    let mut moves = Vec::new();
    loop {
        let of = region.node(node);
        let (Op::Slice(_) | Op::Reshape(_) | Op::Permute(_) | Op::Reverse(_) | Op::Broadcast(_)) = &of.op else {
            return (moves, node);
        };
        moves.push(of.op.clone());
        node = of.operands[0];
    }
}

fn move_again(r: &mut Rewriter<'_>, moves: &[Op], node: NodeId) -> NodeId {
    moves.iter().rev().fold(node, |node, op| r.add(op.clone(), &[node]))
}

/// `rest` where p is large, else `1 - p`: what [`complement_in`] finds again.
fn complement_of(r: &mut Rewriter<'_>, p: NodeId, rest: NodeId) -> NodeId {
    let (limit, one) = (r.number(LARGE, p), r.number(1.0, p));
    let is_large = r.add(Compare::Le, &[limit, p]);
    // What is not taken is no complement, so that no row looks at it again.
    let small = r.map(Min, &[p, limit]);
    let other = r.map(Sub, &[one, small]);
    r.add(Select::RULE, &[is_large, rest, other])
}

/// The rest, where the node is `complement_of` something.
fn complement_in(region: &Region, node: NodeId) -> Option<NodeId> {
    let [_, rest, other] = selection(region, node)?;
    let [one, small] = binary(region, Sub, other)?;
    let [_, limit] = binary(region, Min, small)?;
    (is(region, one, 1.0) && is(region, limit, LARGE)).then_some(rest)
}

/// `1 - p` of a share of exponentials, or of the sum of some.
fn one_minus_share(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [one, p] = operands(r.region(), y);
    if !is(r.region(), one, 1.0) {
        return None;
    }
    let (moves, p) = moved(r.region(), p);
    let left = match share_of_exp(r.region(), p) {
        Some((_, axes)) => one_minus_each(r, p, &axes),
        None => one_minus_some(r, p)?,
    };
    Some(move_again(r, &moves, left))
}

/// Of every share, at most one of which is large: the sum of the others.
fn one_minus_each(r: &mut Rewriter<'_>, p: NodeId, axes: &[usize]) -> NodeId {
    let (limit, zero) = (r.number(LARGE, p), r.number(0.0, p));
    let is_large = r.add(Compare::Le, &[limit, p]);
    let others = r.add(Select::RULE, &[is_large, zero, p]);
    let rest = r.reduce(ReduceKind::Sum, others, axes);
    let rest = r.spread(rest, axes, p);
    complement_of(r, p, rest)
}

/// Of the sum of some: the sum of those that are cut off, or left out.
fn one_minus_some(r: &mut Rewriter<'_>, sum: NodeId) -> Option<NodeId> {
    let (some, axes) = reduction(r.region(), ReduceKind::Sum, sum)?;
    let axes = axes.to_vec();
    let rest = match chosen(r.region(), some, &axes) {
        Some((condition, shares, is_taken)) => {
            let zero = r.number(0.0, shares);
            let arms = if is_taken { [zero, shares] } else { [shares, zero] };
            let others = r.add(Select::RULE, &[condition, arms[0], arms[1]]);
            r.reduce(ReduceKind::Sum, others, &axes)
        }
        None => cut_off(r, some, &axes)?,
    };
    Some(complement_of(r, sum, rest))
}

fn is_share_along(region: &Region, node: NodeId, axes: &[usize]) -> bool {
    share_of_exp(region, node).is_some_and(|(_, along)| along == axes)
}

/// A condition, shares, and whether they are taken where it holds: of a choice, or of a product with truth values.
fn chosen(region: &Region, node: NodeId, axes: &[usize]) -> Option<(NodeId, NodeId, bool)> {
    if let Some([condition, yes, no]) = selection(region, node) {
        let is_taken = is(region, no, 0.0);
        let (shares, other) = if is_taken { (yes, no) } else { (no, yes) };
        return (is(region, other, 0.0) && is_share_along(region, shares, axes))
            .then_some((condition, shares, is_taken));
    }
    either(binary(region, Mul, node)?, |mask, shares| {
        let (_, condition) = cast(region, mask).filter(|_| is_share_along(region, shares, axes))?;
        (region.ty(condition).elem == Elem::Bool).then_some((condition, shares, true))
    })
}

/// The sum of the shares before and after a cut.
fn cut_off(r: &mut Rewriter<'_>, some: NodeId, axes: &[usize]) -> Option<NodeId> {
    let &[axis] = axes else { return None };
    let (cut, shares) = slice(r.region(), some)?;
    if !is_share_along(r.region(), shares, axes) || cut.steps[axis] != 1 {
        return None;
    }
    let cut = cut.clone();
    let (start, whole) = (cut.starts[axis].clone(), r.region().shape(shares)[axis].clone());
    let end = start.add(&cut.extents[axis])?;
    let after = whole.sub(&end)?;
    let mut rest = None;
    for (start, extent) in [(Dim::ZERO, start), (end, after)].into_iter().filter(|(_, extent)| *extent != Dim::ZERO) {
        let place = |of: usize, own: &Dim, other: &Dim| if of == axis { own.clone() } else { other.clone() };
        let starts = cut.starts.iter().enumerate().map(|(of, other)| place(of, &start, other)).collect();
        let extents = cut.extents.iter().enumerate().map(|(of, other)| place(of, &extent, other)).collect();
        let piece = r.add(Slice { starts, extents, steps: cut.steps.clone() }, &[shares]);
        let piece = r.reduce(ReduceKind::Sum, piece, axes);
        rest = Some(rest.map_or(piece, |rest| r.map(Add, &[rest, piece])));
    }
    rest
}

/// `1 - p` of a probability.
fn left_of(r: &mut Rewriter<'_>, p: NodeId) -> Option<NodeId> {
    if let Some(x) = unary(r.region(), Expm1, unary(r.region(), Neg, p).unwrap_or(p)) {
        return Some(r.map(Exp, &[x]));
    }
    if let Some(x) = unary(r.region(), Exp, p) {
        let grown = r.map(Expm1, &[x]);
        return Some(r.map(Neg, &[grown]));
    }
    if let Some(symmetric @ (Sigmoid | NormCdf)) = function(r.region(), p) {
        let [x] = operands(r.region(), p);
        let minus = r.map(Neg, &[x]);
        return Some(r.map(symmetric, &[minus]));
    }
    let (moves, shares) = moved(r.region(), p);
    let (_, axes) = share_of_exp(r.region(), shares)?;
    let left = one_minus_each(r, shares, &axes);
    Some(move_again(r, &moves, left))
}

/// The factors of a product, and whether their signs make it negative; more than a few are none.
fn factors(region: &Region, node: NodeId) -> Option<(Vec<NodeId>, bool)> {
    let (mut found, mut pending, mut is_negative) = (Vec::new(), vec![node], false);
    while let Some(factor) = pending.pop() {
        if found.len() + pending.len() > 6 {
            return None;
        }
        if let Some(both) = binary(region, Mul, factor) {
            pending.extend(both.iter().rev());
        } else if let Some(x) = unary(region, Square, factor) {
            pending.extend([x, x]);
        } else if let Some(x) = unary(region, Neg, factor) {
            is_negative = !is_negative;
            pending.push(x);
        } else {
            // -(eˣ - 1) is what lies between 0 and 1.
            is_negative ^= unary(region, Expm1, factor).is_some();
            found.push(factor);
        }
    }
    (found.len() > 1).then_some((found, is_negative))
}

/// `1 - a·b` is `(1 - a) + a·(1 - b)`, where all factors are known to lie between 0 and 1, as is what they leave.
fn one_minus_product(r: &mut Rewriter<'_>, y: NodeId, is_sum: bool) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    let product = if is(r.region(), a, 1.0) { b } else { (is_sum && is(r.region(), b, 1.0)).then_some(a)? };
    let (factors, is_negative) = factors(r.region(), product)?;
    // A power of one value is near 1 only where that is.
    let is_power = factors.iter().all(|&factor| factor == factors[0])
        && (unary(r.region(), Exp, factors[0]).is_some() || unary(r.region(), Expm1, factors[0]).is_some());
    if is_negative != is_sum || !(is_power || factors.iter().all(|&factor| is_share(r.region(), factor))) {
        return None;
    }
    let (mut before, mut rest) = (None, None);
    for factor in factors {
        let is_grown = unary(r.region(), Expm1, factor).is_some();
        let left = left_of(r, factor)?;
        let factor = if is_grown { r.map(Neg, &[factor]) } else { factor };
        let term = before.map_or(left, |before| r.map(Mul, &[before, left]));
        rest = Some(rest.map_or(term, |rest| r.map(Add, &[rest, term])));
        before = Some(before.map_or(factor, |before| r.map(Mul, &[before, factor])));
    }
    let p = if is_sum { r.map(Neg, &[product]) } else { product };
    Some(complement_of(r, p, rest?))
}

/// Whether a value lies between 0 and 1 by its form. A product of others may be near 1 where they are not.
fn is_share(region: &Region, node: NodeId) -> bool {
    if let Some(x) = unary(region, Exp, node).or_else(|| unary(region, Expm1, node)) {
        return is_not_positive(region, x);
    }
    matches!(function(region, node), Some(Sigmoid | NormCdf)) || share_of_exp(region, moved(region, node).1).is_some()
}

fn is_not_positive(region: &Region, node: NodeId) -> bool {
    if let Some(x) = unary(region, Neg, node) {
        return is_not_negative(region, x);
    }
    binary(region, Mul, node)
        .is_some_and(|[c, x]| constant(region, c).is_some_and(|c| c <= 0.0) && is_not_negative(region, x))
}

/// `1 - p^n` is `-expm1(n·log(p))`.
fn one_minus_power(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [one, power] = operands(r.region(), y);
    let [p, n] = binary(r.region(), Pow, power).filter(|_| is(r.region(), one, 1.0))?;
    let region = r.region();
    let log = if matches!(function(region, p)?, Sigmoid | NormCdf | Exp) {
        log_of_positive(r, p)
    } else {
        let x = unary(region, Expm1, unary(region, Neg, p)?)?;
        r.map(Log1mExp, &[x])
    };
    let log = r.map(Mul, &[n, log]);
    let grown = r.map(Expm1, &[log]);
    Some(r.map(Neg, &[grown]))
}

fn log_of_complement(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (moves, node) = moved(r.region(), unary(r.region(), Log, y)?);
    let rest = complement_in(r.region(), node)?;
    let [is_large, _, other] = selection(r.region(), node)?;
    let [_, small] = binary(r.region(), Sub, other)?;
    let is_positive = positive(r.region(), rest) == Some(true);
    let of_rest = if is_positive { log_of_positive(r, rest) } else { r.map(Log, &[rest]) };
    let minus = r.map(Neg, &[small]);
    let of_other = r.map(Log1p, &[minus]);
    let log = r.add(Select::RULE, &[is_large, of_rest, of_other]);
    Some(move_again(r, &moves, log))
}

/// `log1p(-p)` of a p whose complement is known; `log1p(±tanh(x))` and `log1p(±erf(x))` from the tail where that is near
/// -1 alone: it has lost the digits of what is near 0.
fn log1p_near_minus_one(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = unary(r.region(), Log1p, y)?;
    let minus = unary(r.region(), Neg, x);
    if let Some(near) = log_of_tail(r, minus.unwrap_or(x), minus.is_some()) {
        let limit = r.number(-0.5, x);
        let is_near = r.add(Compare::Le, &[x, limit]);
        // As in a complement: no row looks at it again.
        let far = r.map(Max, &[x, limit]);
        let far = r.map(Log1p, &[far]);
        return Some(r.add(Select::RULE, &[is_near, near, far]));
    }
    let one = r.number(1.0, x);
    let whole = match minus {
        Some(p) => r.map(Sub, &[one, p]),
        None => r.map(Add, &[one, x]),
    };
    complement_in(r.region(), moved(r.region(), whole).1)?;
    Some(r.map(Log, &[whole]))
}

/// `log(1 + f(x))` of a tanh or an error function; `log(1 - f(x))`, if that is asked for.
fn log_of_tail(r: &mut Rewriter<'_>, node: NodeId, is_negative: bool) -> Option<NodeId> {
    let (log, factor) = match function(r.region(), node)? {
        Tanh => (LogSigmoid, 2.0),
        Erf => (LogNormCdf, std::f64::consts::SQRT_2),
        _ => return None,
    };
    let [x] = operands(r.region(), node);
    let x = scaled(r, if is_negative { -factor } else { factor }, x);
    let (log, two) = (r.map(log, &[x]), r.number(std::f64::consts::LN_2, x));
    Some(r.map(Add, &[log, two]))
}
