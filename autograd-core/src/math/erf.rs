//! erf and erfc.
//!
//! For |x| ≤ 1, x + x·Q(x²) with a minimax Q; beyond, 1 − e^H(|x|) with H a minimax polynomial of log(1 − erf), in
//! whose place the error is damped by the smallness of e^H.
//!
//! erfc x = e^(−x²) · G((x − 3.75)/(x + 3.75)) / (1 + 2x) for x ≥ 0, with the square as a pair (Shepherd & Laframboise,
//! "Chebyshev approximation of (1 + 2x) exp(x²) erfc x", 1981); below 0 it is 2 − erfc(−x), about 0
//! 1 − erf x.

use super::exp::{exp_moderate, saturate, times_exp_pair};
use super::layout::{polynomial, real};
use super::pair::{Pair, two_product, two_sum};
use crate::float::Float;
use crate::simd::Lanes;

/// erf for |x| ≤ 1.
#[inline(always)]
pub(super) fn near_zero<T: Float, V: Lanes<T>>(x: V) -> V {
    polynomial(x * x, T::ERF).mul_add(x, x)
}

#[inline(always)]
pub(super) fn erf<T: Float, V: Lanes<T>>(x: V) -> V {
    let size = x.abs();
    let inner = near_zero(x);
    // From here on it rounds to 1.
    let end = real::<T, V>(if T::BIAS == 127 { 4.0 } else { 6.0 });
    let inside = size.at_most(end);
    let tail = exp_moderate(polynomial(inside - real(2.0), T::ERF_TAIL));
    let outer = (real::<T, V>(1.0) - tail).copysign(x);
    V::select(size.lt(real(1.0)), inner, outer)
}

/// e^(x²) erfc(x) for x from 0 to where erfc is 0; x is a pair.
#[inline(always)]
pub(super) fn erfc_scaled<T: Float, V: Lanes<T>>(x: Pair<V>) -> V {
    let Pair { high: x, low } = x;
    let t = (x - real(3.75)) / (x + real(3.75));
    let divisor = two_sum(real(1.0), x + x);
    let quotient = polynomial(t, T::ERFC) / divisor.high;
    // What the divisor lost, over the divisor: its inverse is the quotient, but for G, which is 1/0.88 give or take an eighth.
    let lost = divisor.low + (low + low);
    (quotient * quotient).mul_add(lost * real(-0.88), quotient)
}

#[inline(always)]
pub(super) fn erfc<T: Float, V: Lanes<T>>(x: V) -> V {
    let size = x.abs();
    // From here on it is 0.
    let end = real::<T, V>(if T::BIAS == 127 { 10.5 } else { 28.0 });
    let inside = size.at_most(end);
    let scaled = erfc_scaled(Pair::exact(inside));
    let square = two_product(inside, inside);
    let y = saturate(-square.high, times_exp_pair(scaled, Pair { high: -square.high, low: -square.low }));
    let y = V::select(x.lt(real(0.0)), real::<T, V>(2.0) - y, y);
    // About 0, where erf is small, one minus it.
    V::select(size.lt(real(0.75)), real::<T, V>(1.0) - near_zero(x), y)
}
