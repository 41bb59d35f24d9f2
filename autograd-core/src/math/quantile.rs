//! The quantiles of the normal distribution, `erfinv` and `norm_ppf`, for all lanes of a pack.
//!
//! erfinv x = x·P(w) with a minimax P of w = −log(1 − x²), which varies as slowly as √w, where w < 5: 99.7 % of the values of
//! evenly distributed probabilities (the variable is that of Giles, "Approximating the erfinv function", 2011). Beyond,
//! it is r = √(−log t) less a rational function of r, where t is the lesser tail: (1 − |x|)/2, or the probability itself (the
//! variable of Wichura, "Algorithm AS 241: the percentage points of the normal distribution", 1988). That is computed where a
//! lane of a pack asks for it.

mod coefficients;

pub(super) use coefficients::Quantile;

use core::f64::consts::SQRT_2;

use super::layout::{polynomial, real};
use super::log::log;
use crate::float::Float;
use crate::simd::{Lanes, Mask};

/// e⁻⁵
const EXP_MINUS_FIVE: f64 = 0.006_737_946_999_085_467;

/// What y is less than the root, by a rational function of what that is above `from`.
#[inline(always)]
fn less_than<T: Float, V: Lanes<T>>(root: V, from: f64, numerator: &[T], denominator: &[T]) -> V {
    let above = root - real(from);
    polynomial(above, numerator) / polynomial(above, denominator)
}

/// `factor` times the y ≥ 0 beyond which a normal variable of deviation √½ is with the probability `tail`, for small ones; ∞ for
/// 0, NaN below. What is less than the root is a tenth of it, and so are its errors.
#[inline(always)]
fn beyond<T: Float, V: Lanes<T>>(tail: V, factor: f64) -> V {
    let root = (-log(tail)).sqrt();
    let mut less = less_than(root, 2.5, T::TAIL_NUMERATOR, T::TAIL_DENOMINATOR);
    if !T::FAR_TAIL_NUMERATOR.is_empty() {
        for (from, numerator, denominator) in [
            (5.0, T::FAR_TAIL_NUMERATOR, T::FAR_TAIL_DENOMINATOR),
            (12.0, T::FARTHEST_TAIL_NUMERATOR, T::FARTHEST_TAIL_DENOMINATOR),
        ] {
            let is_far = real::<T, V>(from).lt(root);
            if is_far.any() {
                less = V::select(is_far, less_than(root, from, numerator, denominator), less);
            }
        }
    }
    let less = V::select(root.lt(V::splat(T::INFINITY)), less, real(0.0));
    let factor = real(factor);
    if V::FUSED { root.mul_add(factor, -(less * factor)) } else { (root - less) * factor }
}

/// `factor · erfinv(x)` for 1 − x² = `rest`, with the lesser tail beside x.
#[inline(always)]
fn quantile<T: Float, V: Lanes<T>>(x: V, rest: V, tail: V, factor: f64) -> V {
    let near = x * (polynomial(-log(rest) - real(1.0), T::ERFINV) * real(factor));
    // NaN is not near.
    let is_near = real::<T, V>(EXP_MINUS_FIVE).lt(rest);
    if is_near.all() { near } else { V::select(is_near, near, beyond(tail, factor).copysign(x)) }
}

/// The number below which a normal variable is with the probability p.
#[inline(always)]
pub(super) fn norm_ppf<T: Float, V: Lanes<T>>(p: V) -> V {
    let two = real::<T, V>(2.0);
    let other = real::<T, V>(1.0) - p;
    quantile((p - real(0.5)) * two, (two * p) * (two * other), p.min(other), SQRT_2)
}

/// The inverse of erf.
#[inline(always)]
pub(super) fn erfinv<T: Float, V: Lanes<T>>(x: V) -> V {
    let one = real::<T, V>(1.0);
    let less = one - x.abs();
    quantile(x, less * (one + x.abs()), real::<T, V>(0.5) * less, 1.0)
}
