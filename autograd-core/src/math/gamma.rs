//! lgamma, digamma and trigamma: a polynomial below, the asymptotic series above, for all lanes of a pack.
//!
//! From 2.5 on log Γ x = (x − ½)(log x − 1) + C + B(x⁻²)/x (Abramowitz & Stegun 6.1.40), from 2 on ψ x = log x − 1/(2x) −
//! x⁻²·T(x⁻²) (6.3.18) and ψ'x = 1/x + 1/(2x²) + x⁻³·U(x⁻²) (6.4.12), in which minimax fits of B, T and U take the place of
//! series that do not converge. From 1 to there log Γ(1 + s) = s(s − 1)·P, ψ(1 + s) = (1 + s − x₀)·Q and ψ'(1 + s) = R, so
//! that the zeros of the first two have all their digits: at 1 and 2, and at x₀ in two parts. Below 1 one step of the
//! recurrence, with s = x and nothing lost. The logarithm and 1/x come in two parts where they are larger than the result.
//!
//! Below 0 there are infinitely many zeros, and lanes are reflected one by one, in `f64`; see [`below`].

mod below;
mod coefficients;

pub(super) use coefficients::Gamma;

use super::layout::{constant_power, polynomial, real};
use super::log::log_parts;
use super::pair::{Pair, fast_two_sum, two_product};
use super::polygamma;
use crate::float::Float;
use crate::simd::{Lanes, Mask};

/// log Γ(1 + s) for s from 0 to 1.5. The sum with 0 makes no −0 of the zeros.
#[inline(always)]
fn between<T: Float, V: Lanes<T>>(s: V) -> V {
    polynomial(s - real(0.75), T::LGAMMA).mul_add(s * (s - real(1.0)), real(0.0))
}

/// log Γ(x) − (x − ½) log x + x − ½ log 2π of 1/x, for x ≥ 2.
#[inline(always)]
pub(super) fn stirling_series<T: Float, V: Lanes<T>>(inverse: V) -> V {
    inverse * polynomial(inverse * inverse, T::BINET)
}

/// log Γ(x) − (x − ½)(log x − 1) of 1/x, for x ≥ 2.
#[inline(always)]
fn stirling<T: Float, V: Lanes<T>>(inverse: V) -> V {
    polynomial(inverse * inverse, T::BINET).mul_add(inverse, V::splat(T::STIRLING))
}

/// log x − ψ(x) of 1/x, for x ≥ 2.
#[inline(always)]
fn tail<T: Float, V: Lanes<T>>(inverse: V) -> V {
    let square = inverse * inverse;
    polynomial(square, T::DIGAMMA_TAIL).mul_add(square, real::<T, V>(0.5) * inverse)
}

/// ψ(1 + s) for s from 0 to 1.
#[inline(always)]
fn digamma_between<T: Float, V: Lanes<T>>(s: V) -> V {
    let from_root = (s - V::splat(T::ROOT[0])) - V::splat(T::ROOT[1]);
    from_root * polynomial(s - real(0.5), T::DIGAMMA)
}

/// (x − ½)(log x − 1) in two parts, for x ≥ 2.
#[inline(always)]
fn entropy<T: Float, V: Lanes<T>>(x: V, log: Pair<V>) -> Pair<V> {
    let (factor, less) = (x - real(0.5), fast_two_sum(log.high, real(-1.0)));
    let product = two_product(factor, less.high);
    // Where the product overflows there is no rest.
    let lost = V::select(x.lt(constant_power(60)), product.low, real(0.0));
    Pair { high: product.high, low: factor.mul_add(less.low + log.low, lost) }
}

#[inline(always)]
pub(super) fn lgamma<T: Float, V: Lanes<T>>(x: V) -> V {
    by_lane(x, lgamma_positive(x), x.lt(real(0.0)), below::lgamma)
}

/// log Γ(x) for x ≥ 0.
#[inline(always)]
pub(super) fn lgamma_positive<T: Float, V: Lanes<T>>(x: V) -> V {
    let (zero, one, infinity) = (real::<T, V>(0.0), real::<T, V>(1.0), V::splat(T::INFINITY));
    let (is_small, is_large) = (x.lt(one), real::<T, V>(2.5).le(x));
    let log = log_parts(x);
    let near = between(V::select(is_small, x, x - one).at_most(real(1.5)));
    let small = (near - log.low) - log.high;
    let product = entropy(x, log);
    let large = product.high + (product.low + stirling(one / x));
    let y = V::select(is_large, large, V::select(is_small, small, near));
    // Infinite at both ends; NaN stays NaN.
    V::select(zero.lt(x) & x.lt(infinity), y, x.abs() + infinity)
}

#[inline(always)]
pub(super) fn digamma<T: Float, V: Lanes<T>>(x: V) -> V {
    let (zero, one, infinity) = (real::<T, V>(0.0), real::<T, V>(1.0), V::splat(T::INFINITY));
    let (is_small, is_large) = (x.lt(one), real::<T, V>(2.0).le(x));
    let inverse = one / x;
    let near = digamma_between(V::select(is_small, x, x - one).at_most(one));
    // What 1/x lost counts where it is little more than the rest.
    let back = two_product(inverse, x);
    let lost = V::select(constant_power::<T, V>(-16).lt(x), ((one - back.high) - back.low) * inverse, zero);
    let small = (near - lost) - inverse;
    let log = log_parts(x);
    let large = log.high + (log.low - tail(inverse));
    let y = V::select(is_large, large, V::select(is_small, small, near));
    let y = V::select(x.lt(infinity), y, x);
    by_lane(x, y, x.lt(zero), below::digamma)
}

#[inline(always)]
pub(super) fn trigamma<T: Float, V: Lanes<T>>(x: V) -> V {
    let (zero, one) = (real::<T, V>(0.0), real::<T, V>(1.0));
    let (is_small, is_large) = (x.lt(one), real::<T, V>(2.0).le(x));
    let inverse = one / x;
    let square = inverse * inverse;
    let near = polynomial(V::select(is_small, x, x - one).at_most(one) - real(0.5), T::TRIGAMMA);
    let series = polynomial(square, T::TRIGAMMA_TAIL).mul_add(inverse, real(0.5));
    let large = series.mul_add(square, inverse);
    let y = V::select(is_large, large, V::select(is_small, near + square, near));
    by_lane(
        x,
        y,
        x.lt(zero),
        #[inline(always)]
        |x| polygamma::scalar(1.0, x),
    )
}

/// Puts the values of a scalar function into some lanes, if there are any.
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
