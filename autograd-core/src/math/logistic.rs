//! sigmoid, softplus and logaddexp: what logarithms of probabilities are made of.
//!
//! All are written in e^−|x|, which cannot overflow: sigmoid x is 1/(1 + e^−|x|) or e^−|x|/(1 + e^−|x|), softplus x is
//! max(x, 0) + log1p(e^−|x|).

use super::exp::exp_minus;
use super::layout::real;
use super::log::log1p_inside;
use super::pair::fast_two_sum;
use crate::float::Float;
use crate::simd::Lanes;

/// e^−|x|
#[inline(always)]
fn exp_minus_abs<T: Float, V: Lanes<T>>(x: V) -> V {
    exp_minus(x.abs())
}

#[inline(always)]
pub(super) fn sigmoid<T: Float, V: Lanes<T>>(x: V) -> V {
    let e = exp_minus_abs(x);
    let one = real::<T, V>(1.0);
    let negative = x.lt(real(0.0));
    let divisor = fast_two_sum(one, e);
    let quotient = V::select(negative, e, one) / divisor.high;
    // What the divisor lost, over the divisor; that one's inverse is sigmoid |x|.
    let inverse = V::select(negative, one - quotient, quotient);
    (quotient * inverse).mul_add(-divisor.low, quotient)
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
