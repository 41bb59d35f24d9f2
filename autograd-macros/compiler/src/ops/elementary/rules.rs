//! What several rows of the table share.

use crate::graph::{Node, NodeId, Region};
use crate::ops::positive::may_be_slope_of_root;
use crate::ops::{Facts, Function, Op};

/// Finite for finite arguments.
pub(super) fn always(_: &Region, _: &[NodeId]) -> bool {
    true
}

/// May be infinite or NaN for finite arguments.
pub(super) fn never(_: &Region, _: &[NodeId]) -> bool {
    false
}

/// The slope by the first argument vanishes where that is infinite.
pub(super) fn by_first(_: &Region, _: &[NodeId], places: [usize; 2]) -> bool {
    places == [0, 0]
}

/// The slope by the second argument vanishes where that is infinite.
pub(super) fn by_second(_: &Region, _: &[NodeId], places: [usize; 2]) -> bool {
    places == [1, 1]
}

/// The slope by either argument vanishes where that one is infinite.
pub(super) fn by_each(_: &Region, _: &[NodeId], [by, with]: [usize; 2]) -> bool {
    by == with
}

/// Whether a node is a number by which division is harmless: a literal, or an extent (where that is 0 there is nothing
/// that a cotangent could go to).
pub(in crate::ops) fn is_divisor(region: &Region, node: NodeId) -> bool {
    if let Some(value) = region.literal_value(node) {
        return value.is_finite() && value != 0.0;
    }
    let Node { op, operands, .. } = region.node(node);
    matches!(op, Op::Extent(_)) || (matches!(op, Op::Broadcast(_) | Op::Cast(_)) && is_divisor(region, operands[0]))
}

/// Whether a node is a number other than 0.
fn is_nonzero_literal(region: &Region, node: NodeId) -> bool {
    region.literal_value(node).is_some_and(|value| value != 0.0)
}

/// NaN if an argument is, else 0.
pub(super) fn nan_of(x: &[f64]) -> f64 {
    if x.iter().any(|x| x.is_nan()) { f64::NAN } else { 0.0 }
}

pub(super) fn mul_unless_zero(g: f64, d: f64) -> f64 {
    if g == 0.0 { 0.0 } else { g * d }
}

/// `a − b·floor(a/b)` of the exact quotient.
pub(super) fn floored_remainder(a: f64, b: f64) -> f64 {
    let rest = a % b;
    if rest == 0.0 {
        0.0_f64.copysign(b)
    } else if (rest < 0.0) == (b < 0.0) {
        rest
    } else {
        rest + b
    }
}

/// The significand between √½ and √2, and the power of two.
pub(super) fn take_apart(x: f64) -> (f64, f64) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0.0);
    }
    let (mut size, mut exponent) = (x.abs(), 0.0);
    while size >= std::f64::consts::SQRT_2 {
        (size, exponent) = (size / 2.0, exponent + 1.0);
    }
    while size < std::f64::consts::FRAC_1_SQRT_2 {
        (size, exponent) = (size * 2.0, exponent - 1.0);
    }
    (size.copysign(x), exponent)
}

pub(super) fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 { 1.0 / (1.0 + (-x).exp()) } else { x.exp() / (1.0 + x.exp()) }
}

pub(super) fn acosh(x: f64) -> f64 {
    let above = x - 1.0;
    if x > 1e8 { x.ln() + std::f64::consts::LN_2 } else { (above + (above * (above + 2.0)).sqrt()).ln_1p() }
}

/// `log(eᵃ + eᵇ)`
#[allow(clippy::float_cmp, reason = "equal infinities have no difference")]
pub(super) fn logaddexp(a: f64, b: f64) -> f64 {
    if a == b { a + std::f64::consts::LN_2 } else { a.max(b) + (-(a - b).abs()).exp().ln_1p() }
}

/// `t·yⁿ`, where a zero from above skips an infinite `y`. One factor after the other: each product lies between `t` and
/// the result in size, so none leaves the range where these do not; `yⁿ` might.
pub(super) fn times_powers(r: &mut Region, t: NodeId, y: NodeId, n: u32) -> NodeId {
    (0..n).fold(t, |product, _| r.mul_unless_zero(product, y))
}

/// `t · p·x^(p-1)`: folded for a literal exponent, so that negative bases are exact; at `p = 0` it is 0 for every base.
#[allow(clippy::float_cmp, reason = "literals are compared with integers")]
pub(super) fn power_by_base(r: &mut Region, x: &[NodeId], _: NodeId, t: NodeId, facts: &Facts) -> Option<NodeId> {
    let Some(p) = r.literal_value(x[1]) else {
        let below = r.offset(x[1], -1.0);
        let base = if facts.may_overflow(x[0]) { where_power_is_known(r, [x[0], x[1]]) } else { x[0] };
        let power = r.power(base, below);
        let slope = r.mul_unless_zero(x[1], power);
        let term = r.mul_unless_zero(t, slope);
        return Some(finite_or_noted(r, [t, slope, term], !facts.is_positive(r, x[0]), facts));
    };
    if p == 0.0 {
        return None;
    }
    if p == 1.0 {
        return Some(t);
    }
    let power = if p == 2.0 {
        x[0]
    } else {
        let below = r.full_like(p - 1.0, x[0]);
        r.power(x[0], below)
    };
    let slope = r.scale(power, p);
    let harmless = p >= 1.0 && p.fract() == 0.0 && facts.is_finite(x[0]) && !facts.is_masked(t);
    let term = if harmless { r.times(t, slope) } else { r.mul_unless_zero(t, slope) };
    Some(finite_or_noted(r, [t, slope, term], p > 0.0 && p < 1.0 && !facts.is_positive(r, x[0]), facts))
}

/// `x`, but NaN where that is infinite and `p` between 0 and 1: there the power is infinite, and its slope 0.
fn where_power_is_known(r: &mut Region, [x, p]: [NodeId; 2]) -> NodeId {
    let (zero, one) = (r.zeros_like(p), r.ones_like(p));
    let (above, below) = (r.less(zero, p), r.less(p, one));
    let fades = r.and(above, below);
    let in_doubt = r.select(fades, x, zero);
    r.where_finite(x, in_doubt)
}

/// The term `t · slope`, where neither infinite `t` nor slope is lost on those that come after.
fn finite_or_noted(r: &mut Region, [t, slope, term]: [NodeId; 3], may_be_slope_of_root: bool, facts: &Facts) -> NodeId {
    let is_steep = facts.is_steep(t);
    let term = if is_steep { unless_flat(r, t, slope, term) } else { term };
    if is_steep || may_be_slope_of_root {
        facts.note_steep(term);
    }
    term
}

/// `x^p log x`, but 0 where `x = 0 <= p`.
pub(super) fn power_by_exponent(r: &mut Region, x: &[NodeId], y: NodeId) -> NodeId {
    let base = if is_nonzero_literal(r, x[0]) {
        x[0]
    } else {
        let zero = r.zeros_like(x[0]);
        let at_zero = r.equal(x[0], zero);
        let not_negative = r.less_equal(zero, x[1]);
        let flat = r.and(at_zero, not_negative);
        let one = r.ones_like(x[0]);
        r.select(flat, one, x[0])
    };
    let log = r.log(base);
    r.mul_unless_zero(y, log)
}

/// `exp(a - y)` for `y = log(eᵃ + eᵇ)`: one half where both are +inf, 0 where both are -inf.
pub(super) fn share_of_exponential(r: &mut Region, a: NodeId, b: NodeId, y: NodeId) -> NodeId {
    // Elsewhere a tie is none: there the difference is 0, and has a slope.
    let (zero, infinity) = (r.zeros_like(a), r.full_like(f64::INFINITY, a));
    let size = r.abs(a);
    let infinite = r.equal(size, infinity);
    let same = r.equal(a, b);
    let tied = r.and(infinite, same);
    let difference = r.minus(a, b);
    let difference = r.select(tied, zero, difference);
    let share = r.sigmoid(difference);
    let bottom = r.full_like(f64::NEG_INFINITY, y);
    let nothing = r.equal(y, bottom);
    r.select(nothing, zero, share)
}

/// `a - b`, and 0 between equal infinities.
pub(super) fn gap(r: &mut Region, a: NodeId, b: NodeId) -> NodeId {
    let zero = r.zeros_like(a);
    let tied = r.equal(a, b);
    let difference = r.minus(a, b);
    r.select(tied, zero, difference)
}

/// `(1 - x)(1 + x)`, accurate near both ends.
pub(super) fn difference_to_one(r: &mut Region, x: NodeId) -> NodeId {
    let below = r.minus_from(1.0, x);
    let above = r.offset(x, 1.0);
    r.times(below, above)
}

/// `1/√(1 - x²)`
pub(super) fn inverse_circle(r: &mut Region, x: &[NodeId], _: NodeId) -> NodeId {
    let product = difference_to_one(r, x[0]);
    r.rsqrt(product)
}

/// `2/√π · exp(-x²)`
pub(super) fn gauss(r: &mut Region, x: &[NodeId], _: NodeId) -> NodeId {
    let square = r.square(x[0]);
    let minus = r.neg(square);
    let bell = r.exp(minus);
    r.scale(bell, std::f64::consts::FRAC_2_SQRT_PI)
}

/// `a / (radius of the point)`, 0 at the origin, where `a` is 0; the sign of an infinite `a`.
pub(super) fn over_radius(r: &mut Region, a: NodeId, radius: NodeId) -> NodeId {
    let zero = r.zeros_like(radius);
    let one = r.ones_like(radius);
    let origin = r.equal(radius, zero);
    let safe = r.select(origin, one, radius);
    // Not only where `a` is: of what it is divided by, and so of it, nothing remains there.
    let ratio = r.over(a, safe);
    let ratio = r.choose(origin, zero, ratio);
    let (top, size, sign) = (infinite_or_nan(r, radius), r.abs(a), r.sign(a));
    let infinite = r.equal(size, top);
    r.select(infinite, sign, ratio)
}

/// The slope of the radius by the first number: NaN where the radius overflowed.
pub(super) fn share_of_radius(r: &mut Region, [a, b]: [NodeId; 2], radius: NodeId) -> NodeId {
    let sizes = [a, b].map(|x| r.abs(x));
    let largest = r.maximum(sizes[0], sizes[1]);
    let radius = unless_overflowed(r, radius, [radius, largest], false);
    over_radius(r, a, radius)
}

/// `x`, but NaN where `radius` is infinite and the largest number that it is of is not, or is not to be believed.
pub(in super::super) fn unless_overflowed(
    r: &mut Region,
    x: NodeId,
    [radius, largest]: [NodeId; 2],
    is_doubtful: bool,
) -> NodeId {
    if is_doubtful {
        return r.where_finite(x, radius);
    }
    let (zero, infinity) = (r.zeros_like(radius), r.full_like(f64::INFINITY, radius));
    let is_right = r.equal(largest, infinity);
    let in_doubt = r.select(is_right, zero, radius);
    r.where_finite(x, in_doubt)
}

/// `product`, which is `t · factor`, but 0 where an infinite `t` meets a factor of 0.
pub(in super::super) fn unless_flat(r: &mut Region, t: NodeId, factor: NodeId, product: NodeId) -> NodeId {
    if is_nonzero_literal(r, factor) {
        return product;
    }
    let (zero, infinity, size) = (r.zeros_like(t), r.full_like(f64::INFINITY, t), r.abs(t));
    let (infinite, flat) = (r.equal(size, infinity), r.equal(factor, zero));
    let skipped = r.and(infinite, flat);
    r.select(skipped, zero, product)
}

/// `g · t`, but 0 where either is, however large the other.
pub(super) fn skip_of_either(r: &mut Region, g: NodeId, t: NodeId) -> NodeId {
    let product = r.mul_unless_zero(g, t);
    if may_be_slope_of_root(r, g) { unless_flat(r, g, t, product) } else { product }
}

/// `t · slope` for a slope that may be infinite though the value is not.
pub(in super::super) fn product_of_root(r: &mut Region, t: NodeId, slope: NodeId, facts: &Facts) -> NodeId {
    let product = r.mul_unless_zero(t, slope);
    finite_or_noted(r, [t, slope, product], true, facts)
}

/// Whether a value is a quotient, or a sum or a multiple of one: infinite where what it is divided by is 0.
pub(super) fn has_pole(r: &Region, node: NodeId, depth: usize) -> bool {
    let Node { op, operands, .. } = r.node(node);
    let Op::Map(map) = op else { return false };
    match map.function {
        Function::Recip => true,
        Function::Div if !is_divisor(r, operands[1]) => true,
        Function::Neg | Function::Add | Function::Sub | Function::Mul | Function::Div => {
            depth > 0 && operands.iter().any(|&x| has_pole(r, x, depth - 1))
        }
        _ => false,
    }
}

/// Whether one of two factors, or what one is divided by, may overflow where the other vanishes: then a slope of the other, 0,
/// skips the infinite one, though it is not 0.
pub(in super::super) fn may_lose_slopes(r: &Region, [a, b]: [NodeId; 2]) -> bool {
    let (a, b) = ([a, b], [b, a]);
    a.into_iter().zip(b).any(|(a, b)| is_among(r, a, EXPLODING, 4) && is_among(r, b, VANISHING, 4))
}

/// Whether one of the functions is in a value, element by element.
fn is_among(r: &Region, node: NodeId, functions: &[Function], depth: usize) -> bool {
    let Node { op, operands, .. } = r.node(node);
    let Op::Map(map) = op else { return false };
    let inside = || depth > 0 && operands.iter().any(|&x| is_among(r, x, functions, depth - 1));
    functions.contains(&map.function) || inside()
}

const EXPLODING: &[Function] = &[Function::Exp, Function::Exp2, Function::Expm1, Function::Sinh, Function::Cosh];

const VANISHING: &[Function] = &[
    Function::Exp,
    Function::Exp2,
    Function::Expm1,
    Function::Sinh,
    Function::Cosh,
    Function::Sech,
    Function::TanhSlope,
    Function::Sigmoid,
    Function::SigmoidSlope,
    Function::Erfc,
    Function::NormPdf,
    Function::NormCdf,
];

/// `x`, but NaN where `y` is.
pub(in super::super) fn unless_lost(r: &mut Region, x: NodeId, y: NodeId) -> NodeId {
    let (known, nan) = (r.equal(y, y), r.full_like(f64::NAN, x));
    r.select(known, x, nan)
}

/// Infinity where `radius` is infinite, and otherwise nothing that anything is equal to.
pub(in super::super) fn infinite_or_nan(r: &mut Region, radius: NodeId) -> NodeId {
    let (infinity, nan) = (r.full_like(f64::INFINITY, radius), r.full_like(f64::NAN, radius));
    let infinite = r.equal(radius, infinity);
    r.select(infinite, infinity, nan)
}

/// `a / (x² + y²)`, 0 at the origin, without overflow or underflow in between.
pub(super) fn over_square_of_radius(r: &mut Region, a: NodeId, point: &[NodeId]) -> NodeId {
    let radius = r.hypot(point[0], point[1]);
    let once = over_radius(r, a, radius);
    over_radius(r, once, radius)
}

/// `t` where `loser < winner`; at a tie one half of it, or nothing against a constant.
pub(super) fn share_of_extreme(
    r: &mut Region,
    [loser, winner]: [NodeId; 2],
    t: NodeId,
    against_constant: bool,
) -> NodeId {
    let zero = r.zeros_like(t);
    let wins = r.less(loser, winner);
    let otherwise = if against_constant {
        zero
    } else {
        let beaten = r.less(winner, loser);
        let half = r.scale(t, 0.5);
        r.select(beaten, zero, half)
    };
    r.select(wins, t, otherwise)
}

/// `-y·(x + y)` of the quotient y of the density and the distribution function, where below 0 the sum is
/// `√2·I₁(u)/I₀(u)` at `u = -x/√2`, with `Iₙ` the scaled repeated integrals of erfc: it cancels.
pub(super) fn slope_of_inverse_mills(r: &mut Region, x: &[NodeId], y: NodeId) -> NodeId {
    let zero = r.zeros_like(x[0]);
    let below = r.less(x[0], zero);
    let scaled = r.scale(x[0], -std::f64::consts::FRAC_1_SQRT_2);
    let u = r.select(below, scaled, zero);
    let first = r.ones_like(u);
    let (first, whole) = (r.erfcx_integral(first, u), r.erfcx(u));
    let share = r.over(first, whole);
    let share = r.scale(share, std::f64::consts::SQRT_2);
    let sum = r.plus(x[0], y);
    let sum = r.select(below, share, sum);
    let slope = r.mul_unless_zero(y, sum);
    r.neg(slope)
}

/// `-eˣ/(1 - eˣ)` for x from minus infinity to 0, where it is minus infinity.
pub(super) fn slope_of_log1m_exp(r: &mut Region, x: NodeId) -> NodeId {
    let (up, rest) = (r.exp(x), r.expm1(x));
    let rest = r.abs(rest);
    let share = r.over(up, rest);
    r.neg(share)
}

/// `trigamma(x + n) - trigamma(x)`. Where n is small beside x that cancels; there it is the first three terms
/// `n·ψ₂(m) + n³/24·ψ₄(m) + n⁵/1920·ψ₆(m)` of the series about the middle `m = x + n/2`, whose rest is below
/// `(n/m)⁶/16` of it: 2⁻⁵² at `|n| = x/256`, from where the difference loses at most 8 bits.
pub(super) fn trigamma_rise(r: &mut Region, x: NodeId, n: NodeId) -> NodeId {
    let sum = r.plus(x, n);
    let (there, here) = (r.trigamma(sum), r.trigamma(x));
    let difference = r.minus(there, here);
    let half = r.scale(n, 0.5);
    let middle = r.plus(x, half);
    let (square, mut power) = (r.square(n), n);
    let mut series = None;
    for (order, factor) in [(2.0, 1.0), (4.0, 1.0 / 24.0), (6.0, 1.0 / 1920.0)] {
        let order = r.full_like(order, middle);
        let derivative = r.polygamma(order, middle);
        let term = r.mul_unless_zero(power, derivative);
        let term = r.scale(term, factor);
        series = r.plus_maybe(series, Some(term));
        power = r.times(power, square);
    }
    let series = series.expect("three terms");
    let (size, bound) = (r.abs(n), r.scale(x, 1.0 / 256.0));
    let is_small = r.less(size, bound);
    r.select(is_small, series, difference)
}
