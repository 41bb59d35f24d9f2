//! Powers as products and roots.

use super::super::matching::{binary, broadcast, constant, is, operands, reduction, unary};
use super::super::sizes::{exact_reciprocal, is_square_movable};
use super::super::{On, Rewriter, Row};
use super::{domain, exact, finally, reassociates};
use crate::graph::{NodeId, Region};
use crate::ops::Function::{Abs, Cbrt, Div, Exp, Mul, MulUnlessZero, Pow, Recip, Rsqrt, Sqrt, Square};
use crate::ops::{Accumulate, Cast, Op, Recurrence, ReduceKind};

pub(super) static ROWS: &[Row] = &[
    exact("mul_same", On::Map(Mul), mul_same),
    exact("pow_zero", On::Map(Pow), pow_zero),
    exact("pow_one", On::Map(Pow), pow_one),
    reassociates("pow_small", On::Map(Pow), pow_small),
    finally("pow_small_below_one", On::Map(Pow), pow_small_below_one),
    domain("pow_half", On::Map(Pow), "the root of −∞ is NaN and that of −0 is −0, where they were ∞ and 0", pow_half),
    // Before, it would hide that all derivatives at 0 are those of a power.
    finally("pow_whole_and_half", On::Map(Pow), pow_whole_and_half),
    domain("pow_of_e", On::Map(Pow), "the base is e itself, not the nearest number", pow_of_e),
    finally("power_of_index", On::Map(Pow), power_of_index),
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

/// `t[i]^j` along `j` is a running product: a multiplication each.
fn power_of_index(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let [x, n] = operands(region, y);
    let (base, of) = broadcast(region, x)?;
    let (exponent, place) = broadcast(region, n)?;
    let axis = *exponent.axes.first()?;
    let is_place = matches!(region.node(place).op, Op::Cast(Cast { .. }))
        && matches!(region.node(region.operand(place, 0)).op, Op::Iota(_));
    // Of a number alone, each element would wait for the one before.
    if !is_place || base.axes.contains(&axis) || region.ty(of).rank() == 0 {
        return None;
    }
    let [zero, one] = [0.0, 1.0].map(|value| r.number(value, y));
    let first = r.where_less(n, one, one, zero);
    Some(r.add(Recurrence { axis, reverse: false, kind: Accumulate::Linear }, &[x, first]))
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

/// `x` and `k`, where the node is `x^k` for an exponent above 1: a whole one, however it is spelled, or any of an absolute
/// value.
pub(super) fn power(region: &Region, node: NodeId) -> Option<(NodeId, f64)> {
    power_within(region, node, 6)
}

/// The same, so many operations deep.
fn power_within(region: &Region, node: NodeId, depth: usize) -> Option<(NodeId, f64)> {
    let depth = depth.checked_sub(1)?;
    let base_of = |x: NodeId| power_within(region, x, depth).unwrap_or((x, 1.0));
    if let Some(x) = unary(region, Square, node) {
        let (base, k) = base_of(x);
        return Some((base, 2.0 * k));
    }
    if let Some([a, b]) = binary(region, Mul, node) {
        let ((a, j), (b, k)) = (base_of(a), base_of(b));
        let of_abs = |size: NodeId, x: NodeId, k: f64| k % 2.0 == 0.0 && unary(region, Abs, size) == Some(x);
        if a == b || of_abs(a, b, k) {
            return Some((a, j + k));
        }
        return of_abs(b, a, j).then_some((b, j + k));
    }
    let [x, n] = binary(region, Pow, node)?;
    let n = constant(region, n).filter(|n| *n > 1.0)?;
    (n.fract() == 0.0 || unary(region, Abs, x).is_some()).then_some((x, n))
}

/// A whole power: `x` and an exponent that is not large.
fn whole_power(region: &Region, node: NodeId) -> Option<(NodeId, u8)> {
    let (x, k) = power(region, node)?;
    let exponent = (2..=16_u8).find(|&exponent| f64::from(exponent).to_bits() == k.to_bits())?;
    Some((x, exponent))
}

/// `sqrt(x^3)` is `x^1.5`, which has a derivative at 0; and so on.
pub(super) fn sqrt_of_power(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (x, k) = whole_power(r.region(), unary(r.region(), Sqrt, y)?)?;
    if k.is_multiple_of(2) {
        let root = chain(r, x, k / 2);
        return Some(r.map(Abs, &[root]));
    }
    let half = r.number(f64::from(k) / 2.0, y);
    Some(r.map(Pow, &[x, half]))
}

/// `x^2.5` is `x^2·sqrt(x)`, and so on up to 8.
fn pow_whole_and_half(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x, n] = operands(r.region(), y);
    let n = constant(r.region(), n)?;
    let whole = (1..=8_u8).find(|&whole| (f64::from(whole) + 0.5).to_bits() == n.to_bits())?;
    let (power, root) = (chain(r, x, whole), r.map(Sqrt, &[x]));
    Some(r.map(Mul, &[power, root]))
}

/// `cbrt(x^4)` is `x·cbrt(x)`, and so on: a product in which a zero skips the infinite derivative beside it.
pub(super) fn cbrt_of_power(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (x, k) = whole_power(r.region(), unary(r.region(), Cbrt, y)?).filter(|(_, k)| *k > 2)?;
    let outside = chain(r, x, k / 3);
    if k.is_multiple_of(3) {
        return Some(outside);
    }
    let inside = chain(r, x, k % 3);
    let root = r.map(Cbrt, &[inside]);
    Some(r.map(MulUnlessZero, &[outside, root]))
}

/// `x^2·sqrt(x)` is `x^2.5`, which has a derivative at 0; and so on.
pub(super) fn product_of_powers(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    let is_root = |x| unary(r.region(), Sqrt, x).is_some() || binary(r.region(), Pow, x).is_some();
    if !is_root(a) && !is_root(b) {
        return None;
    }
    let ((x, m), (z, n)) = (broken_power(r.region(), a), broken_power(r.region(), b));
    let sum = m + n;
    let rounding = (sum - m - n).abs() + (sum - n - m).abs();
    if x != z || sum.fract() == 0.0 || rounding != 0.0 {
        return None;
    }
    let sum = r.number(sum, y);
    Some(r.map(Pow, &[x, sum]))
}

/// `x` and `p`, where the node is `x^p` for a positive exponent.
fn broken_power(region: &Region, node: NodeId) -> (NodeId, f64) {
    if let Some(x) = unary(region, Sqrt, node) {
        return (x, 0.5);
    }
    let raised = binary(region, Pow, node).and_then(|[x, n]| Some((x, constant(region, n).filter(|n| *n > 0.0)?)));
    raised.or_else(|| power(region, node)).unwrap_or((node, 1.0))
}

/// `(x^2)^0.75` is `|x|^1.5`, and `(x^3)^0.7` is `(x^0.7)^3`: where the exponents multiply without rounding, or the
/// derivative at 0 is 0.
pub(super) fn pow_of_power(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [inner, n] = operands(r.region(), y);
    let n = constant(r.region(), n).filter(|n| *n > 0.0 && n.fract() != 0.0)?;
    let (x, k) = power(r.region(), inner)?;
    let is_whole = k.fract() == 0.0;
    let is_even = k % 2.0 == 0.0;
    let base = if is_even { r.map(Abs, &[x]) } else { x };
    let exponent = k * n;
    if k.mul_add(n, -exponent) == 0.0 {
        // A whole power of a negative number is one, where the root of an odd power is none.
        let same = exponent.fract() != 0.0 || is_even || unary(r.region(), Abs, x).is_some();
        let exponent = r.number(exponent, y);
        return same.then(|| r.map(Pow, &[base, exponent]));
    }
    let (_, k) = whole_power(r.region(), inner).filter(|_| is_whole && exponent > 1.0)?;
    let doubled = 1_u8 << k.trailing_zeros();
    let exponent = r.number(f64::from(doubled) * n, y);
    let power = r.map(Pow, &[base, exponent]);
    Some(chain(r, power, k / doubled))
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
