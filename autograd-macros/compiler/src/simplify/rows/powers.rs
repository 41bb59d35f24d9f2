//! Powers as products and roots.

use super::super::matching::{binary, constant, is, operands, reduction, unary};
use super::super::sizes::{exact_reciprocal, is_square_movable};
use super::super::{On, Rewriter, Row};
use super::{domain, exact, finally, reassociates};
use crate::graph::{NodeId, Region};
use crate::ops::Function::{Div, Exp, Mul, Pow, Recip, Rsqrt, Sqrt, Square};
use crate::ops::ReduceKind;

pub(super) static ROWS: &[Row] = &[
    exact("mul_same", On::Map(Mul), mul_same),
    exact("pow_zero", On::Map(Pow), pow_zero),
    exact("pow_one", On::Map(Pow), pow_one),
    reassociates("pow_small", On::Map(Pow), pow_small),
    finally("pow_small_below_one", On::Map(Pow), pow_small_below_one),
    domain("pow_half", On::Map(Pow), "the root of −∞ is NaN and that of −0 is −0, where they were ∞ and 0", pow_half),
    domain("pow_of_e", On::Map(Pow), "the base is e itself, not the nearest number", pow_of_e),
    reassociates("square_of_scaled", On::Map(Square), square_of_scaled),
    reassociates("sqrt_of_scaled", On::Map(Sqrt), sqrt_of_scaled),
    reassociates("recip_of_sqrt", On::Map(Recip), recip_of_sqrt),
];

/// `x·x` is the square.
fn mul_same(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    (a == b).then(|| r.map(Square, &[a]))
}

/// `x^0` is 1, for NaN too.
fn pow_zero(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [_, n] = operands(r.region(), y);
    (constant(r.region(), n)? == 0.0).then(|| r.number(1.0, y))
}

fn pow_one(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x, n] = operands(r.region(), y);
    is(r.region(), n, 1.0).then_some(x)
}

/// Exponents from 2 to 8 become chains of products.
fn pow_small(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x, n] = operands(r.region(), y);
    let exponent = small(constant(r.region(), n)?)?;
    Some(chain(r, x, exponent))
}

/// And so do −1 to −8, below one: `x^-2` is `1/x^2`.
fn pow_small_below_one(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x, n] = operands(r.region(), y);
    let exponent = small(-constant(r.region(), n)?)?;
    let power = chain(r, x, exponent);
    Some(r.map(Recip, &[power]))
}

fn small(n: f64) -> Option<u8> {
    (1..=8_u8).find(|&exponent| f64::from(exponent).to_bits() == n.to_bits())
}

fn chain(r: &mut Rewriter<'_>, x: NodeId, exponent: u8) -> NodeId {
    if exponent == 1 {
        return x;
    }
    if exponent.is_multiple_of(2) {
        let root = chain(r, x, exponent / 2);
        return r.map(Square, &[root]);
    }
    let rest = chain(r, x, exponent - 1);
    r.map(Mul, &[x, rest])
}

fn pow_half(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x, n] = operands(r.region(), y);
    if is(r.region(), n, -0.5) {
        return Some(r.map(Rsqrt, &[x]));
    }
    is(r.region(), n, 0.5).then(|| r.map(Sqrt, &[x]))
}

fn pow_of_e(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [base, x] = operands(r.region(), y);
    is(r.region(), base, std::f64::consts::E).then(|| r.map(Exp, &[x]))
}

/// `(c·x)^2` is `c^2·x^2`, where `c` is a literal.
fn square_of_scaled(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [c, x] = binary(r.region(), Mul, unary(r.region(), Square, y)?)?;
    let c = constant(r.region(), c).filter(|c| is_square_movable(*c))?;
    let (c, x) = (r.number(c * c, y), r.map(Square, &[x]));
    Some(r.map(Mul, &[c, x]))
}

/// `sqrt(c·x)` is `sqrt(c)·sqrt(x)`, where `c` is a power of four, or `x` is of squares, whose root is a norm: else the
/// root of `2·x` would not be 2 at 2.
fn sqrt_of_scaled(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [c, x] = binary(r.region(), Mul, unary(r.region(), Sqrt, y)?)?;
    let c = constant(r.region(), c).filter(|c| *c > 0.0)?;
    if exact_reciprocal(c.sqrt()).is_none() && !is_of_squares(r.region(), x) {
        return None;
    }
    let (c, x) = (r.number(c.sqrt(), y), r.map(Sqrt, &[x]));
    Some(r.map(Mul, &[c, x]))
}

/// `x^2`, a sum of squares, or such a sum divided by something.
fn is_of_squares(region: &Region, node: NodeId) -> bool {
    let sum = binary(region, Div, node).map_or(node, |[sum, _]| sum);
    let square = reduction(region, ReduceKind::Sum, sum).map_or(sum, |(square, _)| square);
    unary(region, Square, square).is_some()
}

fn recip_of_sqrt(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = unary(r.region(), Sqrt, unary(r.region(), Recip, y)?)?;
    Some(r.map(Rsqrt, &[x]))
}
