//! Products and quotients: identities, signs moved outwards, and an order of factors.
//!
//! Of two factors the one that varies less stands first, and literals stand outermost: `x * (2 * w)` is `2 * (w * x)`. So
//! equal products meet, and what a sum can be factored by is easy to see.

use super::super::legalise::is_inverse_of_total;
use super::super::matching::{
    binary, broadcast, constant, core, either, extent, function, is, operands, unary, variance,
};
use super::super::sizes::{exact_reciprocal, is_moderate, is_movable, is_share, movable};
use super::super::{On, Rewriter, Row};
use super::{domain, exact, finally, reassociates};
use crate::graph::{NodeId, Region};
use crate::ops::Function::{Add, AtZero, Div, Mul, MulUnlessZero, Neg, Recip};

pub(super) static ROWS: &[Row] = &[
    exact("mul_one", On::Map(Mul), |r, y| either(operands(r.region(), y), |a, b| is(r.region(), a, 1.0).then_some(b))),
    exact("mul_minus_one", On::Map(Mul), mul_minus_one),
    exact("mul_of_neg", On::Map(Mul), mul_of_neg),
    exact("order_factors", On::Map(Mul), commute),
    exact("order_terms", On::Map(Add), commute),
    reassociates("group_factors", On::Map(Mul), group_factors),
    reassociates("group_repeated", On::Map(Mul), group_repeated),
    finally("mul_of_recip", On::Map(Mul), mul_of_recip),
    finally("mul_of_quotient", On::Map(Mul), mul_of_quotient),
    exact("div_one", On::Map(Div), |r, y| {
        let [a, b] = operands(r.region(), y);
        is(r.region(), b, 1.0).then_some(a)
    }),
    exact("one_div", On::Map(Div), one_div),
    exact("div_of_neg", On::Map(Div), div_of_neg),
    exact("div_by_literal", On::Map(Div), div_by_literal),
    reassociates("div_of_scaled", On::Map(Div), div_of_scaled),
    reassociates("div_by_scaled", On::Map(Div), div_by_scaled),
    exact("recip_of_neg", On::Map(Recip), recip_of_neg),
    finally("recip_of_quotient", On::Map(Recip), recip_of_quotient),
    finally("product_at_zero", On::Map(AtZero), |r, y| {
        let product: [NodeId; 2] = operands(r.region(), y);
        Some(r.map(MulUnlessZero, &product))
    }),
    exact("skip_of_zero", On::Map(MulUnlessZero), |r, y| {
        let [g, _] = operands(r.region(), y);
        is(r.region(), g, 0.0).then_some(g)
    }),
    exact("skip_of_nonzero", On::Map(MulUnlessZero), skip_of_nonzero),
    domain("skip_by_finite", On::Map(MulUnlessZero), "NaN where it was 0, in a mean of nothing", skip_by_finite),
];

fn mul_minus_one(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = either(operands(r.region(), y), |a, b| is(r.region(), a, -1.0).then_some(b))?;
    Some(r.map(Neg, &[x]))
}

/// `(-a)·b` is `-(a·b)`, and `c·(-x)` is `(-c)·x` by `neg_of_scaled`.
fn mul_of_neg(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (a, b) = either(operands(r.region(), y), |a, b| Some((unary(r.region(), Neg, a)?, b)))?;
    let product = r.map(Mul, &[a, b]);
    Some(r.map(Neg, &[product]))
}

/// What varies less stands first; equals stand in the order in which they were made.
fn commute(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let function = function(r.region(), y)?;
    let [a, b] = operands(r.region(), y);
    let key = |node| (variance(r.region(), node), node);
    (key(b) < key(a)).then(|| r.map(function, &[b, a]))
}

/// Literals stand outermost: `x·(c·y)` is `c·(x·y)`. Two of them, or one and a number that repeats, are multiplied first.
/// All else keeps its order, for the product of two values of unknown size may overflow where that of three does not.
fn group_factors(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [p, q] = operands(r.region(), y);
    if let Some([a, b]) = binary(r.region(), Mul, q) {
        if may_be_first(r.region(), p, a) {
            let first = r.map(Mul, &[p, a]);
            return Some(r.map(Mul, &[first, b]));
        }
        if variance(r.region(), p) == 2 && movable(r.region(), a).is_some() {
            let rest = r.map(Mul, &[p, b]);
            return Some(r.map(Mul, &[a, rest]));
        }
    }
    let [a, b] = binary(r.region(), Mul, p)?;
    movable(r.region(), a).filter(|_| variance(r.region(), b) == 2)?;
    let rest = r.map(Mul, &[b, q]);
    Some(r.map(Mul, &[a, rest]))
}

/// Whether `p·(a·b)` may be `(p·a)·b`, which is one product less for each element.
fn may_be_first(region: &Region, p: NodeId, a: NodeId) -> bool {
    match (constant(region, p), constant(region, a)) {
        (Some(p), Some(a)) => is_moderate(p * a),
        (Some(p), None) => is_movable(p) && variance(region, a) == 1,
        (None, Some(a)) => is_movable(a) && variance(region, p) == 1,
        (None, None) => false,
    }
}

/// `(x·b)·c` is `x·(b·c)`, where `x` is at most 1 and `b` the inverse of a sum of such: a factor for all elements.
fn group_repeated(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let (x, b, c) = either(operands(region, y), |product, c| {
        broadcast(region, c)?;
        let (x, b) = either(binary(region, Mul, product)?, |x, b| {
            let is_inverse = is_inverse_of_total(region, core(region, b)) && is_share(region, x);
            (is_inverse && repeat_together(region, b, c)).then_some((x, b))
        })?;
        Some((x, b, c))
    })?;
    let together = r.map(Mul, &[b, c]);
    Some(r.map(Mul, &[together, x]))
}

fn repeat_together(region: &Region, b: NodeId, c: NodeId) -> bool {
    let (Some((b, _)), Some((c, _))) = (broadcast(region, b), broadcast(region, c)) else { return false };
    (0..b.shape.len()).any(|axis| !b.axes.contains(&axis) && !c.axes.contains(&axis))
}

/// `a·(1/b)` is `a/b`; a factor that repeats stays outside.
fn mul_of_recip(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (a, b) = either(operands(r.region(), y), |a, b| Some((a, unary(r.region(), Recip, b)?)))?;
    (variance(r.region(), a) != 1).then(|| r.map(Div, &[a, b]))
}

/// `p·(c/x)` is `c·(p/x)`, or `(p·c)/x` where both are numbers.
fn mul_of_quotient(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (p, c, size, x) = either(operands(r.region(), y), |p, quotient| {
        let [c, x] = binary(r.region(), Div, quotient)?;
        constant(r.region(), c).map(|size| (p, c, size, x))
    })?;
    if let Some(factor) = constant(r.region(), p) {
        if !is_moderate(factor * size) {
            return None;
        }
        let c = r.map(Mul, &[p, c]);
        return Some(r.map(Div, &[c, x]));
    }
    if !is_movable(size) {
        return None;
    }
    let quotient = r.map(Div, &[p, x]);
    Some(r.map(Mul, &[c, quotient]))
}

fn one_div(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    is(r.region(), a, 1.0).then(|| r.map(Recip, &[b]))
}

fn div_of_neg(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    let (a, b) = match (unary(r.region(), Neg, a), unary(r.region(), Neg, b)) {
        (Some(a), _) => (a, b),
        (None, Some(b)) => (a, b),
        (None, None) => return None,
    };
    let quotient = r.map(Div, &[a, b]);
    Some(r.map(Neg, &[quotient]))
}

/// `x/c` is `(1/c)·x`, where `c` is a power of two: of any other number the quotient would be off by a rounding, so
/// that 49/49 would not be 1.
fn div_by_literal(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x, c] = operands(r.region(), y);
    let factor = exact_reciprocal(constant(r.region(), c)?)?;
    let factor = r.number(factor, y);
    Some(r.map(Mul, &[factor, x]))
}

/// `(c·a)/b` is `c·(a/b)`, where `c` is a literal.
fn div_of_scaled(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [product, b] = operands(r.region(), y);
    let [c, a] = binary(r.region(), Mul, product)?;
    movable(r.region(), c)?;
    let quotient = r.map(Div, &[a, b]);
    Some(r.map(Mul, &[c, quotient]))
}

/// `a/(c·b)` is `(1/c)·(a/b)`, where `c` is a power of two.
fn div_by_scaled(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, product] = operands(r.region(), y);
    let [c, b] = binary(r.region(), Mul, product)?;
    let c = exact_reciprocal(movable(r.region(), c)?)?;
    let quotient = r.map(Div, &[a, b]);
    let c = r.number(c, y);
    Some(r.map(Mul, &[c, quotient]))
}

fn recip_of_neg(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = unary(r.region(), Neg, unary(r.region(), Recip, y)?)?;
    let recip = r.map(Recip, &[x]);
    Some(r.map(Neg, &[recip]))
}

/// `1/(a/b)` is `b/a`.
fn recip_of_quotient(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = binary(r.region(), Div, unary(r.region(), Recip, y)?)?;
    Some(r.map(Div, &[b, a]))
}

/// Nothing is skipped where the cotangent is never zero.
fn skip_of_nonzero(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [g, factor] = operands(r.region(), y);
    never_zero(r.region(), g).then(|| r.map(Mul, &[g, factor]))
}

/// A literal other than 0, `1/n` of a count, or a moderate multiple of that.
pub(in super::super) fn never_zero(region: &Region, node: NodeId) -> bool {
    constant(region, node).map_or_else(|| is_share_of_count(region, node), |value| value != 0.0)
}

/// `c/n` of a count: finite and not zero, unless there is nothing to count.
fn is_share_of_count(region: &Region, node: NodeId) -> bool {
    let node = core(region, node);
    if let Some(n) = unary(region, Recip, node) {
        return extent(region, n).is_some();
    }
    let moderate = |c| constant(region, c).is_some_and(is_moderate);
    let multiple = binary(region, Mul, node).is_some_and(|[c, x]| moderate(c) && is_share_of_count(region, x));
    multiple || binary(region, Div, node).is_some_and(|[c, n]| moderate(c) && extent(region, n).is_some())
}

/// Zero times a finite number is zero, but for its sign.
fn skip_by_finite(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [g, factor] = operands(r.region(), y);
    let region = r.region();
    let finite = constant(region, factor).is_some_and(f64::is_finite);
    (finite || extent(region, factor).is_some() || is_share_of_count(region, factor)).then(|| r.map(Mul, &[g, factor]))
}
