//! sigmoid, softplus and logaddexp: what logarithms of probabilities are made of.
//!
//! All are written in e^−|x|, which cannot overflow: sigmoid x is 1/(1 + e^−|x|) or e^−|x|/(1 + e^−|x|), softplus x is
//! max(x, 0) + log1p(e^−|x|).

use super::exp::{exp_moderate, saturate};
use super::layout::real;
use super::log::log1p_inside;
use crate::float::Float;
use crate::simd::Lanes;

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
