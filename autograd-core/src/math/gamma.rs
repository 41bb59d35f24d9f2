//! lgamma and digamma.
//!
//! log Γ: x is brought to within ½ of 2 by the recurrence, log Γ(2 + t) = t·P(t) with a minimax P, which keeps the zeros at 1
//! and 2 exact; from 8 on it is Stirling's series (Abramowitz & Stegun 6.1.40). digamma: x is brought to between 1 and 2,
//! where ψ(x) = (x − x₀)·P(x) with the zero x₀ in three parts; from 8 on it is the asymptotic series (6.3.18). One
//! logarithm serves both sides of 8. Below 0 there are infinitely many zeros, and lanes are reflected one by one, see
//! [`below`]. All is computed in `f64`, where a zero of the result leaves no digits of an `f32`.

mod below;

use super::coefficients::{DIGAMMA, DIGAMMA_ROOT, DIGAMMA_TAIL, HALF_LOG_TWO_PI, LGAMMA, STIRLING};
use super::layout::{Layout, real};
use super::log::log;
use crate::float::Float;
use crate::simd::{Lanes, Mask};

/// From here on the asymptotic series are taken.
const LARGE: f64 = 8.0;

/// The polynomial with these coefficients, lowest first, by Horner's rule.
#[inline(always)]
fn horner<T: Float, V: Lanes<T>>(x: V, coefficients: &[f64]) -> V {
    let (&highest, lower) = coefficients.split_last().expect("the tables are not empty");
    lower.iter().rev().fold(
        real(highest),
        #[inline(always)]
        |sum: V, &coefficient| sum.mul_add(x, real(coefficient)),
    )
}

/// log Γ(2 + t) for |t| ≤ ½.
#[inline(always)]
fn near_two<T: Float, V: Lanes<T>>(t: V) -> V {
    t * horner(t, &LGAMMA)
}

/// log Γ(x) − (x − ½)(log x − 1) for x ≥ 8.
#[inline(always)]
fn stirling<T: Float, V: Lanes<T>>(x: V) -> V {
    let inverse = real::<T, V>(1.0) / x;
    inverse.mul_add(horner(inverse * inverse, &STIRLING), real(HALF_LOG_TWO_PI[0] - 0.5))
}

/// log x − ψ(x) of 1/x for x ≥ 8.
#[inline(always)]
fn tail<T: Float, V: Lanes<T>>(inverse: V) -> V {
    let square = inverse * inverse;
    square.mul_add(horner(square, &DIGAMMA_TAIL), real::<T, V>(0.5) * inverse)
}

#[inline(always)]
pub(super) fn lgamma<T: Float, V: Lanes<T>>(x: V) -> V {
    if <T as Layout>::BIAS == <f32 as Layout>::BIAS {
        return super::lanewise(x, lgamma::<f64, f64>);
    }
    let (one, large) = (real::<T, V>(1.0), real::<T, V>(LARGE).le(x));
    // Γ(x) = product · Γ(2 + t), or Γ(2 + t) / product below 1.5.
    let (mut rest, mut product) = (x, one);
    for _ in 0..6 {
        let above = real::<T, V>(2.5).lt(rest);
        rest = V::select(above, rest - one, rest);
        product = V::select(above, product * rest, product);
    }
    let (few, fewer) = (x.lt(real(1.5)), x.lt(real(0.5)));
    let t = V::select(fewer, x, V::select(few, x - one, rest - real(2.0)));
    let product = V::select(fewer, x.abs() * (one + x), V::select(few, x, product));
    let near = near_two(t);
    let log = log(V::select(large, x, product));
    let small = V::select(few, near - log, near + log);
    let y = V::select(large, (x - real(0.5)) * (log - one) + stirling(x), small);
    by_lane(x, y, x.le(real(-0.5)), below::lgamma)
}

#[inline(always)]
pub(super) fn digamma<T: Float, V: Lanes<T>>(x: V) -> V {
    if <T as Layout>::BIAS == <f32 as Layout>::BIAS {
        return super::lanewise(x, digamma::<f64, f64>);
    }
    let (zero, one) = (real::<T, V>(0.0), real::<T, V>(1.0));
    let large = real::<T, V>(LARGE).le(x);
    // ψ(x) = ψ(rest) + numerator / divisor
    let (mut rest, mut numerator, mut divisor) = (x, zero, one);
    for _ in 0..6 {
        let above = real::<T, V>(2.0).le(rest);
        rest = V::select(above, rest - one, rest);
        numerator = V::select(above, numerator.mul_add(rest, divisor), numerator);
        divisor = V::select(above, divisor * rest, divisor);
    }
    let below = x.lt(one);
    let rest = V::select(below, x + one, rest);
    let numerator = V::select(below, -one, numerator);
    let divisor = V::select(below, x, divisor);
    let from_root = ((rest - real(DIGAMMA_ROOT[0])) - real(DIGAMMA_ROOT[1])) - real(DIGAMMA_ROOT[2]);
    let near = from_root * horner(rest - real(1.5), &DIGAMMA);
    let inverse = one / V::select(large, x, divisor);
    let y = V::select(large, log(x) - tail(inverse), near + numerator * inverse);
    by_lane(x, y, x.lt(zero), below::digamma)
}

/// Puts the values of a scalar function into some lanes.
#[inline(always)]
fn by_lane<T: Float, V: Lanes<T>>(x: V, y: V, lanes: V::Mask, f: fn(f64) -> f64) -> V {
    if !lanes.any() {
        return y;
    }
    let slow = x.map(
        #[inline(always)]
        |lane| T::from_f64(f(lane.to_f64())),
    );
    V::select(lanes, slow, y)
}
