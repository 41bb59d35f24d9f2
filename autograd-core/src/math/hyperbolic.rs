//! tanh, the logistic family, sinh and cosh, and the inverses.
//!
//! tanh|x| = e / (e + 2) with e = e^(2|x|) − 1 as a pair; the quotient of the leading parts is corrected to first order, and
//! the inverse of the divisor that the correction needs is (1 − tanh|x|)/2.

use super::exp::{exp_moderate, expm1_pair, saturate};
use super::layout::real;
use super::log::log1p_inside;
use crate::float::Float;
use crate::simd::Lanes;

#[inline(always)]
pub(super) fn tanh<T: Float, V: Lanes<T>>(x: V) -> V {
    let (one, two) = (real::<T, V>(1.0), real::<T, V>(2.0));
    let size = x.abs();
    // From here on it rounds to 1.
    let end = real::<T, V>(if T::BIAS == 127 { 10.0 } else { 20.0 });
    let inside = V::select(end.lt(size), end, size);
    let e = expm1_pair(inside + inside);
    let divisor = two + e.high;
    let larger = e.high.max(two);
    let low = (e.high.min(two) - (divisor - larger)) + e.low;
    let quotient = e.high / divisor;
    let correction = quotient.mul_add(-low, e.low) * real(0.5) * (one - quotient);
    let y = (quotient + correction).copysign(x);
    // tanh x = x below 2^-28 (f32: 2^-13), subnormals and the sign of 0 included.
    V::select(size.lt(real(1e-9)), x, y)
}

/// e^−|x|
#[inline(always)]
fn exp_minus_abs<T: Float, V: Lanes<T>>(x: V) -> V {
    let exponent = -x.abs();
    saturate(exponent, exp_moderate(exponent))
}

#[inline(always)]
pub(super) fn sigmoid<T: Float, V: Lanes<T>>(x: V) -> V {
    let e = exp_minus_abs(x);
    let one = real::<T, V>(1.0);
    V::select(x.lt(real(0.0)), e, one) / (one + e)
}

#[inline(always)]
pub(super) fn softplus<T: Float, V: Lanes<T>>(x: V) -> V {
    x.max(real(0.0)) + log1p_inside(exp_minus_abs(x))
}

#[inline(always)]
pub(super) fn logaddexp<T: Float, V: Lanes<T>>(x: V, y: V) -> V {
    // Infinities of one sign have no difference.
    let gap = V::select(x.eq(y), real(0.0), x - y);
    x.max(y) + log1p_inside(exp_minus_abs(gap))
}
