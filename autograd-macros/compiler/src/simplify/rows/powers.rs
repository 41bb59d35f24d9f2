//! Powers as products and roots.

use super::super::matching::{binary, constant, is, operands, unary, variance};
use super::super::{On, Rewriter, Row};
use super::{domain, exact, reassociates};
use crate::graph::NodeId;
use crate::ops::Function::{Exp, Mul, Pow, Recip, Rsqrt, Sqrt, Square};

pub(super) static ROWS: &[Row] = &[
    exact("mul_same", On::Map(Mul), mul_same),
    exact("pow_zero", On::Map(Pow), pow_zero),
    exact("pow_one", On::Map(Pow), pow_one),
    reassociates("pow_small", On::Map(Pow), pow_small),
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

/// Exponents from 2 to 8 become chains of products, and so do −1 to −8, below one.
fn pow_small(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x, n] = operands(r.region(), y);
    let n = constant(r.region(), n)?;
    let exponent = (1..=8_u8).find(|&exponent| f64::from(exponent).to_bits() == n.abs().to_bits())?;
    let power = chain(r, x, exponent);
    Some(if n < 0.0 { r.map(Recip, &[power]) } else { power })
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

/// `(c·x)^2` is `c^2·x^2`, where `c` varies less than `x`.
fn square_of_scaled(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [c, x] = binary(r.region(), Mul, unary(r.region(), Square, y)?)?;
    if variance(r.region(), c) == 2 {
        return None;
    }
    let (c, x) = (r.map(Square, &[c]), r.map(Square, &[x]));
    Some(r.map(Mul, &[c, x]))
}

/// `sqrt(c·x)` is `sqrt(c)·sqrt(x)`, where `c` is a positive number.
fn sqrt_of_scaled(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [c, x] = binary(r.region(), Mul, unary(r.region(), Sqrt, y)?)?;
    let c = constant(r.region(), c).filter(|c| *c > 0.0)?;
    let (c, x) = (r.number(c.sqrt(), y), r.map(Sqrt, &[x]));
    Some(r.map(Mul, &[c, x]))
}

fn recip_of_sqrt(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = unary(r.region(), Sqrt, unary(r.region(), Recip, y)?)?;
    Some(r.map(Rsqrt, &[x]))
}
