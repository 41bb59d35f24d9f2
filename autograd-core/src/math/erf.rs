//! erf and erfc.
//!
//! For |x| ≤ 1, x + x·Q(x²) with a minimax Q; beyond, 1 − e^H(|x|) with H a minimax polynomial of log(1 − erf), in
//! whose place the error is damped by the smallness of e^H.
//!
//! erfc x = e^(−x²) · G((x − 3.75)/(x + 3.75)) / (1 + 2x) for x ≥ 0, with the square as a pair (Shepherd & Laframboise,
//! "Chebyshev approximation of (1 + 2x) exp(x²) erfc x", 1981); below 0 it is 2 − erfc(−x), about 0
//! 1 − erf x.

use super::exp::{exp_moderate, exp_pair, saturate};
use super::layout::{polynomial, real};
use super::pair::{Pair, two_product};
use crate::float::Float;
use crate::simd::Lanes;

/// erf for |x| ≤ 1.
#[inline(always)]
fn near_zero<T: Float, V: Lanes<T>>(x: V) -> V {
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

/// e^(x²) erfc(x) for x from 0 to where erfc is 0.
#[inline(always)]
pub(super) fn erfc_scaled<T: Float, V: Lanes<T>>(x: V) -> V {
    let t = (x - real(3.75)) / (x + real(3.75));
    polynomial(t, T::ERFC) / (real::<T, V>(1.0) + (x + x))
}

#[inline(always)]
pub(super) fn erfc<T: Float, V: Lanes<T>>(x: V) -> V {
    let size = x.abs();
    // From here on it is 0.
    let end = real::<T, V>(if T::BIAS == 127 { 10.5 } else { 28.0 });
    let inside = size.at_most(end);
    let scaled = erfc_scaled(inside);
    let square = two_product(inside, inside);
    let power = saturate(-square.high, exp_pair(Pair { high: -square.high, low: -square.low }));
    let y = power * scaled;
    let y = V::select(x.lt(real(0.0)), real::<T, V>(2.0) - y, y);
    // About 0, where erf is small, one minus it.
    V::select(size.lt(real(0.75)), real::<T, V>(1.0) - near_zero(x), y)
}
