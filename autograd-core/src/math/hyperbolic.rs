//! tanh, sinh, cosh and their inverses.
//!
//! tanh|x| = t / (t + 2) with t = e^(2|x|) − 1, whose error counts 2 / (t + 2) times. sinh|x| = (e + e / (e + 1))/2 with
//! e = e^|x| − 1 as a pair, in quarters, so that nothing overflows early; cosh x = (w + 1/w)/2 with w = e^|x|. The
//! inverses are those of Abramowitz & Stegun 4.6.20–22, arranged for log1p.
//!
//! The slope of tanh is 4e/(1 + e)² with e = e^(−2|x|). log cosh x is log1p(cosh x − 1), where cosh x − 1 = 2h²/(2h + 1)
//! with h = (e^|x| − 1)/2, and |x| − log 2 + log1p(e^(−2|x|)) beyond.

use super::exp::{exp_minus, half_expm1_positive, quarter_exp, quarter_expm1};
use super::layout::{polynomial, real};
use super::log::{log1p, log1p_inside};
use crate::float::Float;
use crate::simd::{Lanes, Mask};

#[inline(always)]
pub(super) fn tanh<T: Float, V: Lanes<T>>(x: V) -> V {
    if let Some(y) = tanh_by_table(x) {
        return y;
    }
    let size = x.abs();
    // From here on it rounds to 1.
    let end = real::<T, V>(20.0);
    let inside = size.at_most(end);
    let half = half_expm1_positive(inside + inside);
    let quotient = half / (half + real(1.0));
    let small = (-quotient).mul_add(half, half);
    V::select(half.lt(real(1.0)), small, quotient).copysign(x)
}

/// The same from tables in registers, if the processor has those and they are long enough for the type: with t = tanh(|x| − c)
/// for one of 16 places c, tanh|x| = tanh c + t (1 − tanh²c) / (1 + t tanh c). The places are such that tanh c is all but
/// exact (Gal's method), so that what rounds is the second term, the smaller one, and the sum.
#[inline(always)]
fn tanh_by_table<T: Float, V: Lanes<T>>(x: V) -> Option<V> {
    if T::TANH_PLACES.is_empty() {
        return None;
    }
    // From here on it rounds to 1.
    let size = x.abs().at_most(real(9.036));
    let place = size.mul_add(V::splat(T::TANH_STEPS), V::splat(T::ROUND)).to_bits();
    let off = size - V::lookup(T::TANH_PLACES, place)?;
    let square = off * off;
    let t = polynomial(square, T::TANH_NEAR).mul_add(off * square, off);
    let there = V::lookup(T::TANH_THERE, place)?;
    let more = t * V::lookup(T::TANH_SLOPES, place)? / t.mul_add(there, real(1.0));
    Some((there + more).copysign(x))
}

/// 1/cosh² x
#[inline(always)]
pub(super) fn tanh_slope<T: Float, V: Lanes<T>>(x: V) -> V {
    let size = x.abs();
    let e = exp_minus(size + size);
    let inverse = real::<T, V>(1.0) / (e + real(1.0));
    let half = (inverse + inverse) * e;
    half * (inverse + inverse)
}

/// The same where y = tanh x is known: 1 − y² loses less than two and a half decimal digits up to 3, and few lanes
/// are beyond.
#[inline(always)]
pub(super) fn slope_of_tanh<T: Float, V: Lanes<T>>(x: V, y: V) -> V {
    let near = (-y).mul_add(y, real(1.0));
    let far = real::<T, V>(3.0).lt(x.abs());
    if far.any() { V::select(far, tanh_slope(x), near) } else { near }
}

/// log cosh x
#[inline(always)]
pub(super) fn log_cosh<T: Float, V: Lanes<T>>(x: V) -> V {
    let (one, size) = (real::<T, V>(1.0), x.abs());
    let half = half_expm1_positive(size.at_most(real(20.0)));
    let twice = half + half;
    let inverse = one / (twice + one);
    let near = size.lt(real(1.5));
    let rest = log1p_inside(V::select(near, twice * half * inverse, inverse * inverse));
    V::select(near, rest, (size - real(core::f64::consts::LN_2)) + rest)
}

/// Where e^|x|/2 has overflowed by far.
#[inline(always)]
fn end<T: Float, V: Lanes<T>>() -> V {
    real(if T::BIAS == 127 { 89.5 } else { 710.6 })
}

#[inline(always)]
pub(super) fn sinh<T: Float, V: Lanes<T>>(x: V) -> V {
    let size = x.abs();
    let e = quarter_expm1(size);
    let inverse = real::<T, V>(0.25) / (e.high + real(0.25));
    let quotient = e.high / (e.high + real(0.25));
    // The derivative of e/(1 + e) is 1/(1 + e)².
    let low = e.low.mul_add(inverse * inverse, e.low);
    let twice = e.high + e.high;
    let y = quotient.mul_add(real(0.5), twice) + (low + low);
    let y = V::select(end::<T, V>().lt(size), V::splat(T::INFINITY), y);
    V::select(size.lt(real(1e-9)), x, y.copysign(x))
}

#[inline(always)]
pub(super) fn cosh<T: Float, V: Lanes<T>>(x: V) -> V {
    let size = x.abs();
    let w = quarter_exp(size);
    let y = (w + w) + real::<T, V>(0.125) / w;
    V::select(end::<T, V>().lt(size), V::splat(T::INFINITY), y)
}

/// Whether squares of such sizes, and 1 beside them, no longer matter; and what is missing to log 2x there.
#[inline(always)]
fn large<T: Float, V: Lanes<T>>(size: V) -> (V::Mask, V) {
    let large = real::<T, V>(if T::BIAS == 127 { 1e9 } else { 1e18 }).lt(size);
    (large, V::select(large, real(core::f64::consts::LN_2), real(0.0)))
}

#[inline(always)]
pub(super) fn asinh<T: Float, V: Lanes<T>>(x: V) -> V {
    let one = real::<T, V>(1.0);
    let size = x.abs();
    let (large, missing) = large(size);
    let square = size * size;
    let more = size + square / (one + (one + square).sqrt());
    let y = log1p(V::select(large, size, more)) + missing;
    V::select(size.lt(real(1e-9)), x, y.copysign(x))
}

#[inline(always)]
pub(super) fn acosh<T: Float, V: Lanes<T>>(x: V) -> V {
    let (large, missing) = large(x);
    let above = x - real(1.0);
    let more = above + (above * (above + real(2.0))).sqrt();
    let y = log1p(V::select(large, x, more)) + missing;
    V::select(x.lt(real(1.0)), V::splat(T::NAN), y)
}

#[inline(always)]
pub(super) fn atanh<T: Float, V: Lanes<T>>(x: V) -> V {
    let size = x.abs();
    let y = real::<T, V>(0.5) * log1p((size + size) / (real::<T, V>(1.0) - size));
    y.copysign(x)
}
