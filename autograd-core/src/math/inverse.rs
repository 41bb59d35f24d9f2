//! atan, atan2, asin, acos.
//!
//! The angle of a point (x, y) is j·π/4 + atan t, where j is chosen so that |t| ≤ tan(π/8), and t = (y − x)/(y + x) or
//! ±(y/x)^±1 as a pair; then t + t³·P(t²) with a minimax P. asin x = x + x³·P(x²) up to 1/2; beyond,
//! π/2 − 2 asin √((1 − x)/2), the root with its remainder.
#![allow(clippy::many_single_char_names, reason = "the names of the formulas above")]

use super::layout::{constant_power, polynomial, real};
use super::pair::{Pair, fast_two_sum, two_product, two_sum};
use crate::float::Float;
use crate::simd::Lanes;

/// `quarters`·π/4 + atan(t).
#[inline(always)]
fn assemble<T: Float, V: Lanes<T>>(quarters: V, t: Pair<V>) -> V {
    let square = t.high * t.high;
    let rest = polynomial(square, T::ATAN) * (square * t.high) + t.low;
    let sum = fast_two_sum(quarters * V::splat(T::FRAC_PI_4_PARTS[0]), t.high);
    sum.high + (quarters.mul_add(V::splat(T::FRAC_PI_4_PARTS[1]), sum.low + rest))
}

/// The angle of a point with coordinates ≥ 0 that are neither subnormal nor huge, as a number of quarters of π and
/// the tangent of the rest.
#[inline(always)]
fn fold<T: Float, V: Lanes<T>>(y: V, x: V) -> (V, Pair<V>) {
    const TAN_PI_8: f64 = 0.414_213_562_373_095_03;
    let (steep, flat) = (x.lt(y * real(TAN_PI_8)), y.le(x * real(TAN_PI_8)));
    let (difference, sum) = (two_sum(y, -x), two_sum(y, x));
    let zero = real::<T, V>(0.0);
    let quarters = V::select(steep, real(2.0), V::select(flat, zero, real(1.0)));
    let numerator = Pair {
        high: V::select(steep, -x, V::select(flat, y, difference.high)),
        low: V::select(steep | flat, zero, difference.low),
    };
    let divisor =
        Pair { high: V::select(steep, y, V::select(flat, x, sum.high)), low: V::select(steep | flat, zero, sum.low) };
    let t = divisor.divides(numerator);
    let none = numerator.high.eq(zero);
    (quarters, Pair { high: V::select(none, zero, t.high), low: V::select(none, zero, t.low) })
}

#[inline(always)]
pub(super) fn atan<T: Float, V: Lanes<T>>(x: V) -> V {
    let size = x.abs();
    // From far below this on it rounds to π/2.
    let end = real::<T, V>(1e20);
    let inside = size.at_most(end);
    let (quarters, t) = fold(inside, real(1.0));
    V::select(size.lt(real(1e-9)), x, assemble(quarters, t).copysign(x))
}

#[inline(always)]
pub(super) fn atan2<T: Float, V: Lanes<T>>(y: V, x: V) -> V {
    let (zero, one, infinity) = (real::<T, V>(0.0), real::<T, V>(1.0), V::splat(T::INFINITY));
    let left = one.copysign(x).lt(zero);
    let (a, b) = (y.abs(), x.abs());
    // Two infinities are on the diagonal, and an infinity is infinitely larger than a number.
    let (a_ends, b_ends) = (a.eq(infinity), b.eq(infinity));
    let (a, b) =
        (V::select(a_ends, one, V::select(b_ends, zero, a)), V::select(b_ends, one, V::select(a_ends, zero, b)));
    // Powers of two that leave the ratio and keep sums and inverses normal.
    let larger = a.max(b);
    let (small, large) = if T::BIAS == 127 { (-60, 60) } else { (-500, 500) };
    let (is_small, is_large) = (larger.lt(constant_power(small)), constant_power::<T, V>(large).lt(larger));
    let factor = V::select(is_large, constant_power(-large), V::select(is_small, constant_power(-small), one));
    let (a, b) = (a * factor, b * factor);
    let (quarters, t) = fold(a, b);
    let turned = Pair { high: V::select(left, -t.high, t.high), low: V::select(left, -t.low, t.low) };
    let quarters = V::select(left, real::<T, V>(4.0) - quarters, quarters);
    let angle = assemble(quarters, turned);
    // A small angle is its tangent, rounded once; that has digits to lose where one of the numbers is subnormal, or it.
    let tiny = quarters.eq(zero) & t.high.lt(constant_power(if T::BIAS == 127 { -15 } else { -30 }));
    let result = V::select(tiny, a / V::select(b.eq(zero), one, b), angle).copysign(y);
    V::select(x.eq(x) & y.eq(y), result, x + y)
}

/// The root, or the argument itself, and the tail of its arc sine; whether it is the root.
#[inline(always)]
fn arc<T: Float, V: Lanes<T>>(size: V) -> (V::Mask, V, V) {
    let (zero, half) = (real::<T, V>(0.0), real::<T, V>(0.5));
    let beyond = half.lt(size);
    let square = V::select(beyond, (real::<T, V>(1.0) - size) * half, size * size);
    let root = square.sqrt();
    let product = two_product(root, root);
    let rest = ((square - product.high) - product.low) * half / V::select(root.eq(zero), real(1.0), root);
    let s = V::select(beyond, root, size);
    let tail = polynomial(square, T::ASIN) * (square * s);
    (beyond, s, V::select(beyond, tail + rest, tail))
}

/// `quarters`·π/4 + high + low
#[inline(always)]
fn add_angle<T: Float, V: Lanes<T>>(quarters: V, high: V, low: V) -> V {
    let sum = fast_two_sum(quarters * V::splat(T::FRAC_PI_4_PARTS[0]), high);
    sum.high + quarters.mul_add(V::splat(T::FRAC_PI_4_PARTS[1]), sum.low + low)
}

#[inline(always)]
pub(super) fn asin<T: Float, V: Lanes<T>>(x: V) -> V {
    let size = x.abs();
    let (beyond, s, tail) = arc(size);
    let near = s + tail;
    let far = add_angle(real(2.0), -(s + s), -(tail + tail));
    V::select(beyond, far, near).copysign(x)
}

#[inline(always)]
pub(super) fn acos<T: Float, V: Lanes<T>>(x: V) -> V {
    let (zero, two) = (real::<T, V>(0.0), real::<T, V>(2.0));
    let (beyond, s, tail) = arc(x.abs());
    let (s, tail) = (s.copysign(x), V::select(x.lt(zero), -tail, tail));
    // π/2 − asin x; beyond 1/2 it is 2 asin √ for positive and π − 2 asin √ for negative arguments.
    let quarters = V::select(beyond, V::select(x.lt(zero), real(4.0), zero), two);
    let factor = V::select(beyond, two, real(-1.0));
    add_angle(quarters, factor * s, factor * tail)
}
