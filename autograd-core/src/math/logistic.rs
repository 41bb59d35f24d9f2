//! sigmoid, softplus and logaddexp: what logarithms of probabilities are made of.
//!
//! All are written in e^−|x|, which cannot overflow: sigmoid x is 1/(1 + e^−|x|) or e^−|x|/(1 + e^−|x|), its slope
//! e^−|x|/(1 + e^−|x|)², softplus x is max(x, 0) + log1p(e^−|x|). log(1 − eˣ) is log1p(−eˣ), or log(−expm1 x) for x above
//! −log 2 (Mächler, "Accurately computing log(1 − exp(−|a|))", 2012).

use super::exp::{exp_minus, expm1};
use super::layout::real;
use super::log::{log, log1p_inside};
use super::pair::fast_two_sum;
use crate::float::Float;
use crate::simd::{Lanes, Mask};

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

/// sigmoid(x)·sigmoid(−x)
#[inline(always)]
pub(super) fn sigmoid_slope<T: Float, V: Lanes<T>>(x: V) -> V {
    let e = exp_minus_abs(x);
    let inverse = real::<T, V>(1.0) / (e + real(1.0));
    e * inverse * inverse
}

/// The slope of sigmoid where y = sigmoid x is known.
///
/// Up to 1.75 it is y(1 − y), with an exact difference where y ≥ ½. There an error of y counts |1 − 2y| ≤ 0.71 times, in a unit that
/// may be a quarter of that of y: 2.9 ulp for each of the at most 1.2 that y is off, and 1 for what rounds. Beyond it is e⁻ˣ·y²,
/// in which every factor is right to its last places: 1.2 ulp of exp, twice 1.2 halves for y, two products: less than 5. Few
/// lanes are there.
#[inline(always)]
pub(super) fn slope_of_sigmoid<T: Float, V: Lanes<T>>(x: V, y: V) -> V {
    let near = y * (real::<T, V>(1.0) - y);
    let far = real::<T, V>(1.75).lt(x);
    if far.any() { V::select(far, exp_minus_abs(x) * (y * y), near) } else { near }
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

/// log(1 − eˣ) for x ≤ 0, NaN elsewhere.
#[inline(always)]
pub(super) fn log1m_exp<T: Float, V: Lanes<T>>(x: V) -> V {
    let far = log1p_inside(-exp_minus_abs(x));
    V::select(x.lt(real(-core::f64::consts::LN_2)), far, log(-expm1(x)))
}

/// log(eˣ − eʸ) for x ≥ y, NaN elsewhere.
#[inline(always)]
pub(super) fn logsubexp<T: Float, V: Lanes<T>>(x: V, y: V) -> V {
    let gap = V::select(x.eq(y), real(0.0), y - x);
    x + log1m_exp(gap)
}
