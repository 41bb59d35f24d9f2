//! log, log1p, log2, log10.
//!
//! x = 2ᵏ·m with √½ ≤ m < √2, f = m − 1, s = f / (2 + f): log m = 2 artanh s = f − s·f + s³·L(s²) with a minimax L. So
//! that f, which is exact, keeps the last word, 2s is written f − (f²/2 − s·f²/2) (the arrangement of Ng's `fdlibm`
//! papers; Tang, "Table-driven implementation of the logarithm function", 1990, has the analysis). k·log 2 is added
//! in two parts, the first of which is exact.
#![allow(clippy::many_single_char_names, reason = "the names of the formulas above")]

use super::layout::{polynomial, real, take_apart, upper};
use super::pair::{Pair, fast_two_sum, two_sum};
use crate::float::Float;
use crate::simd::{Bits, Lanes};

/// x, or a multiple of it that is normal, and the logarithm of the inverse of the multiple.
#[inline(always)]
pub(super) fn lift<T: Float, V: Lanes<T>>(x: V) -> (V, V) {
    let subnormal = x.lt(V::splat(T::TINY));
    let (factor, exponent) = T::LIFT;
    let lifted = V::select(subnormal, x * V::splat(factor), x);
    (lifted, V::select(subnormal, V::splat(-exponent), real(0.0)))
}

/// Puts the values at 0, at ∞ and below 0 in their places.
#[inline(always)]
fn edges<T: Float, V: Lanes<T>>(x: V, y: V) -> V {
    let zero = real::<T, V>(0.0);
    let inside = zero.lt(x) & x.lt(V::splat(T::INFINITY));
    let outside = V::select(zero.lt(x), x, V::splat(T::NAN));
    let outside = V::select(x.eq(zero), V::splat(T::NEG_INFINITY), outside);
    V::select(inside, y, outside)
}

/// f²/2 and s·(f²/2 + s²·L): log(1 + f) is f less the one plus the other.
#[inline(always)]
fn tail<T: Float, V: Lanes<T>>(f: V) -> (V, V) {
    let s = f / (f + real(2.0));
    let z = s * s;
    let half_square = real::<T, V>(0.5) * f * f;
    let series = polynomial(z, T::LOG).mul_add(z, half_square);
    (half_square, s * series)
}

#[inline(always)]
pub(super) fn log<T: Float, V: Lanes<T>>(x: V) -> V {
    let (lifted, offset) = lift(x);
    let (m, k, _) = take_apart(lifted);
    let k = k + offset;
    let f = m - real(1.0);
    let (half_square, rest) = tail(f);
    let rest = k.mul_add(V::splat(T::LN_2_PARTS[1]), rest);
    let y = k.mul_add(V::splat(T::LN_2_PARTS[0]), f - (half_square - rest));
    edges(x, y)
}

/// log x in two parts that are together right to a few bits more than one number has, for a positive finite x. The second
/// may be up to a quarter of the first.
#[inline(always)]
pub(super) fn log_parts<T: Float, V: Lanes<T>>(x: V) -> Pair<V> {
    let (lifted, offset) = lift(x);
    let (m, k, _) = take_apart(lifted);
    let k = k + offset;
    let f = m - real(1.0);
    let (half_square, rest) = tail(f);
    let whole = fast_two_sum(k * V::splat(T::LN_2_PARTS[0]), f);
    let rest = k.mul_add(V::splat(T::LN_2_PARTS[1]), rest);
    Pair { high: whole.high, low: (whole.low - half_square) + rest }
}

/// log(1 + x) for −1 < x < ∞; exact in subnormal numbers only where x ≥ 0.
#[inline(always)]
pub(super) fn log1p_inside<T: Float, V: Lanes<T>>(x: V) -> V {
    let u = two_sum(real(1.0), x);
    let (m, k, exponent) = take_apart(u.high);
    let f = m - real(1.0);
    // The rest of 1 + x, in the unit of m; its weight is 1/m ≈ 1 − f + f². The power of two is doubled, so that there
    // is one for every exponent.
    let inverse: V = V::from_bits(T::to_exponent(V::Bits::splat(2 * T::BIAS + 1) - exponent));
    let low = u.low * inverse;
    let half = real::<T, V>(0.5);
    let low = low * f.mul_add(half.mul_add(f, -half), half);
    let (half_square, rest) = tail(f);
    let rest = k.mul_add(V::splat(T::LN_2_PARTS[1]), rest + low);
    k.mul_add(V::splat(T::LN_2_PARTS[0]), f - (half_square - rest))
}

#[inline(always)]
pub(super) fn log1p<T: Float, V: Lanes<T>>(x: V) -> V {
    let y = log1p_inside(x);
    let minus_one = real::<T, V>(-1.0);
    let inside = minus_one.lt(x) & x.lt(V::splat(T::INFINITY));
    let outside = V::select(minus_one.lt(x), x, V::splat(T::NAN));
    let outside = V::select(x.eq(minus_one), V::splat(T::NEG_INFINITY), outside);
    let y = V::select(inside, y, outside);
    V::select(x.abs().lt(real(1e-17)), x, y)
}

/// The logarithm to the base whose inverse natural logarithm has these parts, where `unit` is the logarithm of 2.
#[inline(always)]
fn log_base<T: Float, V: Lanes<T>>(x: V, inverse: &[T], unit: &[T]) -> V {
    let (lifted, offset) = lift(x);
    let (m, k, _) = take_apart(lifted);
    let k = k + offset;
    let f = m - real(1.0);
    let (half_square, rest) = tail(f);
    // log m = high + low, with a high that has an exact product with the first part.
    let high = upper(f - half_square);
    let low = ((f - high) - half_square) + rest;
    let top = high * V::splat(inverse[0]);
    let bottom = low.mul_add(V::splat(inverse[0]), (high + low) * V::splat(inverse[1]));
    let bottom = k.mul_add(V::splat(unit[1]), bottom);
    let sum = fast_two_sum(k * V::splat(unit[0]), top);
    edges(x, sum.high + (sum.low + bottom))
}

#[inline(always)]
pub(super) fn log2<T: Float, V: Lanes<T>>(x: V) -> V {
    log_base(x, T::FRAC_1_LN_2_PARTS, &[T::ONE, T::ZERO])
}

#[inline(always)]
pub(super) fn log10<T: Float, V: Lanes<T>>(x: V) -> V {
    log_base(x, T::FRAC_1_LN_10_PARTS, T::LOG10_2_PARTS)
}

/// log x as a pair with about 12 bits more than one number has, for a positive finite x.
#[inline(always)]
pub(super) fn log_pair<T: Float, V: Lanes<T>>(x: V) -> Pair<V> {
    let (lifted, offset) = lift(x);
    let (m, k, _) = take_apart(lifted);
    let k = k + offset;
    let f = m - real(1.0);
    // log m = 2s + ⅔s³ + s⁵·P(s²), the first two terms as pairs.
    let s = fast_two_sum(real(2.0), f).divides(Pair::exact(f));
    let z = s.times(s);
    let series = polynomial(z.high, T::LOG_TAIL) * z.high;
    let series = Pair::constant(T::TWO_THIRDS).add_smaller(Pair::exact(series));
    let cubic = series.times(z).times(s);
    let twice = Pair { high: s.high + s.high, low: s.low + s.low };
    let log_m = twice.add_smaller(cubic);
    let whole = fast_two_sum(k * V::splat(T::LN_2_PARTS[0]), log_m.high);
    let low = k.mul_add(V::splat(T::LN_2_PARTS[1]), whole.low + log_m.low);
    fast_two_sum(whole.high, low)
}
