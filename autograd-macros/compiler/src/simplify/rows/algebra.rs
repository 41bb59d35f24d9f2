//! Sums, differences, products and quotients of numbers: identities, signs, and literal parts brought together.
//!
//! Signs move outwards, literals to the front, and of the factors of a product those that vary least stand outermost:
//! `x * (2 * w)` is `2 * (w * x)`. So equal products meet, and what a sum can be factored by is easy to see.

use super::super::matching::{binary, constant, either, extent, function, is, operands, unary, variance};
use super::super::{On, Rewriter, Row};
use super::{exact, reassociates};
use crate::graph::{NodeId, Region};
use crate::ops::Function::{self, Add, Div, Mul, MulUnlessZero, Neg, Recip, Sub};

pub(super) static ROWS: &[Row] = &[
    exact("neg_neg", On::Map(Neg), |r, y| unary(r.region(), Neg, unary(r.region(), Neg, y)?)),
    exact("neg_of_scaled", On::Map(Neg), neg_of_scaled),
    reassociates("neg_of_sub", On::Map(Neg), neg_of_sub),
    exact("even_of_neg", On::AnyMap, even_of_neg),
    exact("abs_of_positive", On::Map(Function::Abs), abs_of_positive),
    exact("square_of_abs", On::Map(Function::Square), square_of_abs),
    exact("add_minus_zero", On::Map(Add), |r, y| either(operands(r.region(), y), |a, b| is(r.region(), a, -0.0).then_some(b))),
    reassociates("add_zero", On::Map(Add), |r, y| either(operands(r.region(), y), |a, b| is(r.region(), a, 0.0).then_some(b))),
    exact("add_of_neg", On::Map(Add), add_of_neg),
    exact("add_same", On::Map(Add), add_same),
    exact("sub_zero", On::Map(Sub), sub_zero),
    reassociates("zero_sub", On::Map(Sub), zero_sub),
    exact("sub_of_neg", On::Map(Sub), sub_of_neg),
    reassociates("neg_sub", On::Map(Sub), neg_sub),
    reassociates("add_literals", On::Map(Add), combine_offsets),
    reassociates("sub_literals", On::Map(Sub), combine_offsets),
    exact("mul_one", On::Map(Mul), |r, y| either(operands(r.region(), y), |a, b| is(r.region(), a, 1.0).then_some(b))),
    exact("mul_minus_one", On::Map(Mul), mul_minus_one),
    exact("mul_of_neg", On::Map(Mul), mul_of_neg),
    exact("order_factors", On::Map(Mul), commute),
    exact("order_terms", On::Map(Add), commute),
    reassociates("group_factors", On::Map(Mul), group_factors),
    reassociates("mul_of_recip", On::Map(Mul), mul_of_recip),
    reassociates("mul_of_quotient", On::Map(Mul), mul_of_quotient),
    exact("div_one", On::Map(Div), |r, y| {
        let [a, b] = operands(r.region(), y);
        is(r.region(), b, 1.0).then_some(a)
    }),
    exact("one_div", On::Map(Div), one_div),
    exact("div_of_neg", On::Map(Div), div_of_neg),
    reassociates("div_by_literal", On::Map(Div), div_by_literal),
    reassociates("div_by_extent", On::Map(Div), div_by_extent),
    reassociates("div_of_scaled", On::Map(Div), div_of_scaled),
    reassociates("div_by_scaled", On::Map(Div), div_by_scaled),
    exact("recip_of_neg", On::Map(Recip), recip_of_neg),
    reassociates("recip_of_quotient", On::Map(Recip), recip_of_quotient),
    exact("skip_of_nonzero", On::Map(MulUnlessZero), skip_of_nonzero),
    reassociates("skip_by_finite", On::Map(MulUnlessZero), skip_by_finite),
];

/// `-(c·x)` is `(-c)·x`.
fn neg_of_scaled(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [product] = operands(r.region(), y);
    let function = function(r.region(), product).filter(|function| matches!(function, Mul | Div))?;
    let [c, x] = operands(r.region(), product);
    let c = constant(r.region(), c)?;
    let c = r.number(-c, y);
    Some(r.map(function, &[c, x]))
}

/// `-(a - b)` is `b - a`, but for the sign of a zero.
fn neg_of_sub(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = binary(r.region(), Sub, unary(r.region(), Neg, y)?)?;
    Some(r.map(Sub, &[b, a]))
}

fn even_of_neg(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let even = function(r.region(), y)?;
    if !matches!(even, Function::Abs | Function::Square | Function::Cos | Function::Cosh) {
        return None;
    }
    let [x] = operands(r.region(), y);
    let x = unary(r.region(), Neg, x)?;
    Some(r.map(even, &[x]))
}

fn abs_of_positive(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x] = operands(r.region(), y);
    let positive = matches!(
        function(r.region(), x)?,
        Function::Abs | Function::Square | Function::Exp | Function::Sigmoid | Function::Softplus | Function::Hypot
    );
    positive.then_some(x)
}

fn square_of_abs(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x] = operands(r.region(), y);
    let x = unary(r.region(), Function::Abs, x)?;
    Some(r.map(Function::Square, &[x]))
}

/// `a + (-b)` is `a - b`.
fn add_of_neg(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (a, b) = either(operands(r.region(), y), |a, b| Some((a, unary(r.region(), Neg, b)?)))?;
    Some(r.map(Sub, &[a, b]))
}

/// `x + x` is `2·x`.
fn add_same(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    if a != b {
        return None;
    }
    let two = r.number(2.0, y);
    Some(r.map(Mul, &[two, a]))
}

/// `x - 0` is `x`, and `(-0) - x` is `-x`.
fn sub_zero(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    if is(r.region(), b, 0.0) {
        return Some(a);
    }
    is(r.region(), a, -0.0).then(|| r.map(Neg, &[b]))
}

/// `0 - x` is `-x`, but for the sign of a zero.
fn zero_sub(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    is(r.region(), a, 0.0).then(|| r.map(Neg, &[b]))
}

/// `a - (-b)` is `a + b`.
fn sub_of_neg(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    let b = unary(r.region(), Neg, b)?;
    Some(r.map(Add, &[a, b]))
}

/// `(-a) - b` is `-(a + b)`, but for the sign of a zero.
fn neg_sub(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    let a = unary(r.region(), Neg, a)?;
    let sum = r.map(Add, &[a, b]);
    Some(r.map(Neg, &[sum]))
}

/// `±x + c`
struct Offset {
    x: NodeId,
    negated: bool,
    by: f64,
}

fn offset(region: &Region, node: NodeId) -> Option<Offset> {
    if let Some(pair) = binary(region, Add, node) {
        return either(pair, |c, x| Some(Offset { x, negated: false, by: constant(region, c)? }));
    }
    let [a, b] = binary(region, Sub, node)?;
    if let Some(by) = constant(region, a) {
        return Some(Offset { x: b, negated: true, by });
    }
    Some(Offset { x: a, negated: false, by: -constant(region, b)? })
}

/// `(x + 2) - 3` is `x + -1`, `1 - (x - 2)` is `3 - x`.
fn combine_offsets(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let outer = offset(r.region(), y)?;
    let inner = offset(r.region(), outer.x)?;
    let by = outer.by + if outer.negated { -inner.by } else { inner.by };
    let by = r.number(by, y);
    let function = if outer.negated == inner.negated { Add } else { Sub };
    Some(r.map(function, &[by, inner.x]))
}

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

/// What varies least is multiplied last: `p·(a·b)` is `a·(p·b)` or `(p·a)·b`.
fn group_factors(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [p, q] = operands(r.region(), y);
    let region = r.region();
    if let Some([a, b]) = binary(region, Mul, q) {
        let (of_p, of_a) = (variance(region, p), variance(region, a));
        if of_a < of_p {
            let rest = r.map(Mul, &[p, b]);
            return Some(r.map(Mul, &[a, rest]));
        }
        if of_a == of_p && of_p < 2 {
            let first = r.map(Mul, &[p, a]);
            return Some(r.map(Mul, &[first, b]));
        }
    }
    let [a, b] = binary(r.region(), Mul, p)?;
    if variance(r.region(), a) == 2 {
        return None;
    }
    let rest = r.map(Mul, &[b, q]);
    Some(r.map(Mul, &[a, rest]))
}

/// `a·(1/b)` is `a/b`.
fn mul_of_recip(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (a, b) = either(operands(r.region(), y), |a, b| Some((a, unary(r.region(), Recip, b)?)))?;
    Some(r.map(Div, &[a, b]))
}

/// `c·(d/x)` is `(c·d)/x`.
fn mul_of_quotient(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [c, quotient] = operands(r.region(), y);
    let c = constant(r.region(), c)?;
    let [d, x] = binary(r.region(), Div, quotient)?;
    let d = constant(r.region(), d)?;
    let c = r.number(c * d, y);
    Some(r.map(Div, &[c, x]))
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

/// `x/c` is `(1/c)·x`, where `1/c` is an ordinary number.
fn div_by_literal(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x, c] = operands(r.region(), y);
    let factor = constant(r.region(), c)?.recip();
    if !is_moderate(factor) {
        return None;
    }
    let factor = r.number(factor, y);
    Some(r.map(Mul, &[factor, x]))
}

/// Whether neither the number nor its reciprocal is anywhere near the ends of what `f32` holds.
fn is_moderate(c: f64) -> bool {
    (1e-30..1e30).contains(&c.abs())
}

/// One division for a whole tensor, where it is divided by a count.
fn div_by_extent(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x, n] = operands(r.region(), y);
    if variance(r.region(), n) != 1 {
        return None;
    }
    extent(r.region(), n)?;
    let factor = r.map(Recip, &[n]);
    Some(r.map(Mul, &[factor, x]))
}

/// `(c·a)/b` is `c·(a/b)`, where `c` varies less than the rest.
fn div_of_scaled(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [product, b] = operands(r.region(), y);
    let [c, a] = binary(r.region(), Mul, product)?;
    if variance(r.region(), c) == 2 {
        return None;
    }
    let quotient = r.map(Div, &[a, b]);
    Some(r.map(Mul, &[c, quotient]))
}

/// `a/(c·b)` is `(1/c)·(a/b)`.
fn div_by_scaled(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, product] = operands(r.region(), y);
    let [c, b] = binary(r.region(), Mul, product)?;
    let c = constant(r.region(), c)?.recip();
    if !is_moderate(c) {
        return None;
    }
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
pub(super) fn never_zero(region: &Region, node: NodeId) -> bool {
    let node = super::super::matching::core(region, node);
    if let Some(value) = constant(region, node) {
        return value != 0.0;
    }
    if let Some(n) = unary(region, Recip, node) {
        return extent(region, n).is_some();
    }
    let moderate = |c| constant(region, c).is_some_and(is_moderate);
    let product = binary(region, Mul, node).is_some_and(|[c, x]| moderate(c) && never_zero(region, x));
    product || binary(region, Div, node).is_some_and(|[c, n]| moderate(c) && extent(region, n).is_some())
}

/// Zero times a finite number is zero, but for its sign.
fn skip_by_finite(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [g, factor] = operands(r.region(), y);
    let finite = constant(r.region(), factor).is_some_and(f64::is_finite) || extent(r.region(), factor).is_some();
    finite.then(|| r.map(Mul, &[g, factor]))
}
