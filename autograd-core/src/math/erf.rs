//! erf.
//!
//! For |x| ≤ 1, x + x·Q(x²) with a minimax Q; beyond, 1 − e^H(|x|) with H a minimax polynomial of log(1 − erf), in whose
//! place the error is damped by the smallness of e^H.

use super::exp::exp_moderate;
use super::layout::{polynomial, real};
use crate::float::Float;
use crate::simd::Lanes;

#[inline(always)]
pub(super) fn erf<T: Float, V: Lanes<T>>(x: V) -> V {
    let size = x.abs();
    let inner = polynomial(x * x, T::ERF).mul_add(x, x);
    // From here on it rounds to 1.
    let end = real::<T, V>(if T::BIAS == 127 { 4.0 } else { 6.0 });
    let inside = V::select(end.lt(size), end, size);
    let tail = exp_moderate(polynomial(inside - real(2.0), T::ERF_TAIL));
    let outer = (real::<T, V>(1.0) - tail).copysign(x);
    V::select(size.lt(real(1.0)), inner, outer)
}
