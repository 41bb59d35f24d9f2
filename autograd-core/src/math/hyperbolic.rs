//! tanh, sinh, cosh and their inverses.
//!
//! tanh|x| = t / (t + 2) with t = e^(2|x|) − 1, whose error counts 2 / (t + 2) times. sinh|x| = (e + e / (e + 1))/2 with
//! e = e^|x| − 1 as a pair, in quarters, so that nothing overflows early; cosh x = (w + 1/w)/2 with w = e^|x|. The
//! inverses are those of Abramowitz & Stegun 4.6.20–22, arranged for log1p.
//!
//! 1/cosh x is 2e/(1 + e²) with e = e^(−|x|). The slope of tanh is 4e/(1 + e)² with e = e^(−2|x|), or e·(1 + |y|)² where y = tanh x is known. log cosh x is x²·P(x²)
//! for |x| < 1 with a minimax P, and |x| − log 2 + log1p(e^(−2|x|)) beyond.

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

/// tanh from tables in registers, if the processor has those and they are long enough for the type: with t = tanh(|x| − c)
/// for one of 16 places c, tanh|x| = tanh c + t (1 − tanh²c) / (1 + t tanh c). The places are such that tanh c is all but
/// exact (Gal's method), so that what rounds is the second term, the smaller one, and the sum.
#[inline(always)]
fn tanh_by_table<T: Float, V: Lanes<T>>(x: V) -> Option<V> {
    let NearPlace { there, more, .. } = near_place(x)?;
    Some((there + more).copysign(x))
}

/// tanh |x| at the place next to |x|, what is added to that, and 1 − tanh² of the place.
struct NearPlace<V> {
    there: V,
    more: V,
    slope: V,
}

#[inline(always)]
fn near_place<T: Float, V: Lanes<T>>(x: V) -> Option<NearPlace<V>> {
    if T::TANH_PLACES.is_empty() {
        return None;
    }
    // From here on it rounds to 1.
    let size = x.abs().at_most(real(9.036));
    let place = size.mul_add(V::splat(T::TANH_STEPS), V::splat(T::ROUND)).to_bits();
    let off = size - V::lookup(T::TANH_PLACES, place)?;
    let square = off * off;
    let t = polynomial(square, T::TANH_NEAR).mul_add(off * square, off);
    let (there, slope) = (V::lookup(T::TANH_THERE, place)?, V::lookup(T::TANH_SLOPES, place)?);
    Some(NearPlace { there, more: t * slope / t.mul_add(there, real(1.0)), slope })
}

/// 1/cosh x
///
/// An error of e counts (1 − e²)/(1 + e²) times: 1.2 ulp of exp, of which a unit may be twice one of the result, and 1.5 for
/// what rounds: less than 4.
#[inline(always)]
pub(super) fn sech<T: Float, V: Lanes<T>>(x: V) -> V {
    let e = exp_minus(x.abs());
    (e + e) / e.mul_add(e, real(1.0))
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

/// The slope of tanh where y = tanh x is known.
///
/// Up to 1.3 it is 1 − y². There an error of y counts 2|y| ≤ 1.7 times, in a unit that is at most half that of y: 3.5 ulp for each of the
/// at most 1.3 that tanh is off from 0.88 on, where that begins to matter, and 1.5 for what rounds.
#[inline(always)]
pub(super) fn slope_of_tanh<T: Float, V: Lanes<T>>(x: V, y: V) -> V {
    let near = (-y).mul_add(y, real(1.0));
    let far = real::<T, V>(1.3).lt(x.abs());
    if !far.any() {
        return near;
    }
    let beyond = slope_by_table(x, y).unwrap_or_else(
        #[inline(always)]
        || slope_by_exp(x, y),
    );
    V::select(far, beyond, near)
}

/// e^(−2|x|)·(1 + |y|)², in which every factor is right to its last places: 1.2 ulp of exp, twice 1.2 halves for 1 + |y|, two
/// products: less than 5.
#[inline(always)]
fn slope_by_exp<T: Float, V: Lanes<T>>(x: V, y: V) -> V {
    let (size, above) = (x.abs(), y.abs() + real(1.0));
    exp_minus(size + size) * (above * above)
}

/// With |y| = c + m of the place next to |x|, 1 − y² is (1 − c²) − m(2c + m): of the two, the second is at most as large as the
/// result. Where tanh is computed beside it, it is two operations more. Of all numbers of `f32` from 1.3 to 8.99 none is off by
/// more than 4.5 ulp.
#[inline(always)]
fn slope_by_table<T: Float, V: Lanes<T>>(x: V, y: V) -> Option<V> {
    let NearPlace { there, more, slope } = near_place(x)?;
    let inside = (-more).mul_add(y.abs() + there, slope);
    let outside = real::<T, V>(8.99).lt(x.abs());
    Some(if outside.any() { V::select(outside, slope_by_exp(x, y), inside) } else { inside })
}

/// log cosh x
///
/// Near 0 the rounding of x² counts once, that of the polynomial, whose first coefficient is its greatest by far, about once, and that of
/// the product: less than 3 ulp. Beyond, |x| − log 2 is exact up to twice log 2, later rounds once, and so does the sum, of which the logarithm,
/// which is off by 1 ulp of itself, is a third at most: less than 2 ulp.
#[inline(always)]
pub(super) fn log_cosh<T: Float, V: Lanes<T>>(x: V) -> V {
    let size = x.abs();
    let square = size * size;
    let near = polynomial(square, T::LOG_COSH) * square;
    let rest = log1p_inside(exp_minus(size + size)) - V::splat(T::LN_2_PARTS[1]);
    let far = (size - V::splat(T::LN_2_PARTS[0])) + rest;
    V::select(size.lt(real(1.0)), near, far)
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
