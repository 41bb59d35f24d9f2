//! Differences of lgamma and of digamma that do not cancel, for all lanes of a pack: log Γ(x + n) − log Γ(x), its derivative
//! by x, and the logarithm of the beta function.
//!
//! Where x ≥ 2 the difference of the asymptotic series of [`super::gamma`]: (x − ½)·log1p(n/x) + n·(log(x + n) − 1) +
//! B(x + n) − B(x). The difference of 1/(x + n) and 1/x is −n/(x(x + n)), and that times a divided difference is the one of a
//! polynomial in them, so that nothing cancels where n is small. Below 2 the recurrence by 2: Γ(x + n)/Γ(x) has the factor x(x +
//! 1)/((x + n)(x + n + 1)). A negative n is the same backwards, from x + n. All terms of the derivative have one sign. Of the
//! function itself those of the recurrence are taken off: six roundings of a quotient, those of its logarithm, and of the series are 8
//! ulp of terms as large as the larger of the two lgamma.
//!
//! log B(a, b) for a ≤ b is log Γ(a) − log(Γ(a + b)/Γ(b)) up to a = 2, and beyond, where these would cancel, all of Stirling's
//! series at once (Didonato & Morris, "Algorithm 708", 1992).
#![allow(clippy::float_cmp, reason = "exact numbers")]

use super::Elementary;
use super::gamma::{lgamma_positive, stirling_series};
use super::layout::{Layout, constant_power, real};
use super::log::{log, log_parts, log1p_inside};
use crate::float::Float;
use crate::simd::{Lanes, Mask};

/// From here on the series are used.
const LARGE: f64 = 2.0;

/// Between 2 to the negative of this and 2 to this are the numbers that packs compute with; others have overflowing products.
#[inline(always)]
fn widest<T: Float>() -> i64 {
    if T::BIAS == <f32 as Layout>::BIAS { 60 } else { 500 }
}

/// A polynomial at `x`, and its divided difference between `x` and `y`.
#[inline(always)]
fn divided<T: Float, V: Lanes<T>>(x: V, y: V, coefficients: &[T]) -> (V, V) {
    let (&highest, lower) = coefficients.split_last().expect("the tables are not empty");
    let (mut value, mut difference) = (V::splat(highest), real::<T, V>(0.0));
    for &coefficient in lower.iter().rev() {
        difference = difference.mul_add(y, value);
        value = value.mul_add(x, V::splat(coefficient));
    }
    (value, difference)
}

/// A step upwards from `base` to `other`, and the same from `low` to `high`, which are 2 further up where `base` is below that.
struct Rise<V, M> {
    base: V,
    other: V,
    step: V,
    low: V,
    high: V,
    is_below: M,
    is_inside: M,
}

impl<V, M> Rise<V, M> {
    /// From the lesser one of x and x + n.
    #[inline(always)]
    fn of<T: Float>(x: V, n: V) -> Self
    where
        V: Lanes<T, Mask = M>,
        M: Mask,
    {
        let (sum, is_down) = (x + n, n.lt(real(0.0)));
        let (base, other) = (V::select(is_down, sum, x), V::select(is_down, x, sum));
        let is_below = base.lt(real(LARGE));
        let up = V::select(is_below, real(LARGE), real::<T, V>(0.0));
        let (least, most) = (constant_power::<T, V>(-widest::<T>()), constant_power::<T, V>(widest::<T>()));
        Self {
            base,
            other,
            step: n.abs(),
            low: base + up,
            high: other + up,
            is_below,
            is_inside: least.lt(base) & other.lt(most),
        }
    }
}

/// log Γ(other) − log Γ(base)
#[inline(always)]
fn log_ratio_of_gammas<T: Float, V: Lanes<T>>(rise: &Rise<V, V::Mask>) -> V {
    let &Rise { base, other, step, low, high, is_below, .. } = rise;
    let one = real::<T, V>(1.0);
    let (u, v) = (one / low, one / high);
    let (value, difference) = divided(v * v, u * u, T::BINET);
    let slope = (u * (u + v)).mul_add(difference, value);
    // A step of 1 is log x, and what log 1 is.
    let is_one = step.eq(one);
    let log = log_parts(V::select(is_one, base, high));
    let rest = step.mul_add(log.low, -((step * u * v) * slope));
    let rest = (low - real(0.5)).mul_add(log1p_inside(step * u), rest);
    // The first part of the logarithm is at least log 2: one less is exact.
    let mut y = step.mul_add(log.high - one, rest);
    if is_below.any() {
        let quotient = step * (base + other + one) / (base * (base + one));
        let factors = log1p_inside(quotient.at_most(constant_power(2 * widest::<T>())));
        y = V::select(is_below, y - factors, y);
    }
    V::select(is_one, log.high + log.low, y)
}

/// ψ(other) − ψ(base)
#[inline(always)]
fn difference_of_digammas<T: Float, V: Lanes<T>>(rise: &Rise<V, V::Mask>) -> V {
    let &Rise { base, other, step, low, high, is_below, .. } = rise;
    let one = real::<T, V>(1.0);
    let (u, v) = (one / low, one / high);
    let square = u * u;
    let (value, difference) = divided(v * v, square, T::DIGAMMA_TAIL);
    let slope = (u + v).mul_add(square.mul_add(difference, value), real(0.5));
    let mut y = (step * u * v).mul_add(slope, log1p_inside(step / low));
    if is_below.any() {
        let terms = step / (base * other) + step / ((base + one) * (other + one));
        y = V::select(is_below, y + terms, y);
    }
    y
}

/// Puts the values of a scalar function where arguments are not inside.
#[inline(always)]
fn with_outside<T: Float, V: Lanes<T>>([x, n]: [V; 2], y: V, is_inside: V::Mask, f: fn(f64, f64) -> f64) -> V {
    if is_inside.all() {
        return y;
    }
    V::select(is_inside, y, super::lanewise2(x, n, f))
}

/// `y` with the sign of `n`.
#[inline(always)]
fn signed<T: Float, V: Lanes<T>>(y: V, n: V) -> V {
    V::select(n.lt(real(0.0)), -y, y)
}

/// log Γ(x + n) − log Γ(x)
#[inline(always)]
pub(super) fn log_rising_factorial<T: Float, V: Lanes<T>>(x: V, n: V) -> V {
    let rise = Rise::of(x, n);
    with_outside([x, n], signed(log_ratio_of_gammas(&rise), n), rise.is_inside, outside::log_rising_factorial)
}

/// ψ(x + n) − ψ(x)
#[inline(always)]
pub(super) fn digamma_rise<T: Float, V: Lanes<T>>(x: V, n: V) -> V {
    let rise = Rise::of(x, n);
    with_outside([x, n], signed(difference_of_digammas(&rise), n), rise.is_inside, outside::digamma_rise)
}

/// log B(a, b) for 2 ≤ a ≤ b.
#[inline(always)]
fn lbeta_of_large<T: Float, V: Lanes<T>>(a: V, b: V) -> V {
    let (half, one) = (real::<T, V>(0.5), real::<T, V>(1.0));
    let (u, v) = (one / a, one / b);
    let series = stirling_series(u) + (stirling_series(v) - stirling_series(one / (a + b)));
    let first = half.mul_add(-log(b), V::splat(T::HALF_LOG_TWO_PI)) + series;
    let second = (a - half).mul_add(log1p_inside(b * u), b * log1p_inside(a * v));
    first - second
}

/// `log|B(x, y)|`
#[inline(always)]
pub(super) fn lbeta<T: Float, V: Lanes<T>>(x: V, y: V) -> V {
    let (a, b) = (x.min(y), x.max(y));
    let (least, most) = (constant_power::<T, V>(-widest::<T>()), constant_power::<T, V>(widest::<T>()));
    let (is_inside, is_small) = (least.lt(a) & b.lt(most), a.lt(real(LARGE)));
    let mut value = a;
    if is_small.any() {
        value = lgamma_positive(a) - log_ratio_of_gammas(&Rise::of(b, a));
    }
    if !is_small.all() {
        value = V::select(is_small, value, lbeta_of_large(a, b));
    }
    with_outside([x, y], value, is_inside, outside::lbeta)
}

/// Arguments that are not positive, not finite, or whose powers overflow; in `f64`.
mod outside {
    use super::{Elementary, LARGE, Rise, difference_of_digammas, lbeta_of_large, log_ratio_of_gammas};

    /// `log((x + n)/x)` for positive x and n.
    fn log_ratio(x: f64, n: f64) -> f64 {
        let quotient = n / x;
        if quotient < f64::INFINITY { quotient.log1p() } else { Elementary::log(x + n) - Elementary::log(x) }
    }

    /// Whether there is no difference to take: an argument that is not positive, or not finite.
    fn is_beyond(x: f64, n: f64) -> bool {
        !(x > 0.0 && x + n > 0.0 && x + n < f64::INFINITY)
    }

    #[cold]
    pub(super) fn log_rising_factorial(x: f64, n: f64) -> f64 {
        if n == 0.0 && !x.is_nan() {
            return 0.0;
        }
        if is_beyond(x, n) {
            return if x == f64::INFINITY { n * x } else { (x + n).lgamma() - x.lgamma() };
        }
        if n < 0.0 {
            return -log_rising_factorial(x + n, -n);
        }
        let rise = Rise::of(x, n);
        if rise.is_inside {
            return log_ratio_of_gammas::<f64, f64>(&rise);
        }
        if x < LARGE {
            // log Γ(1 + x + n) − log Γ(1 + x), with an x that is 0 beside 1 or an n that dwarfs it, less log((x + n)/x).
            return (1.0 + x + n).lgamma() - (1.0 + x).lgamma() - log_ratio(x, n);
        }
        let quotient = n / x;
        let first = if quotient < f64::EPSILON * f64::EPSILON { n } else { x * quotient.log1p() };
        first + n * (Elementary::log(x + n) - 1.0)
    }

    #[cold]
    pub(super) fn digamma_rise(x: f64, n: f64) -> f64 {
        if n == 0.0 && !x.is_nan() {
            return 0.0;
        }
        if is_beyond(x, n) {
            return if x == f64::INFINITY { 0.0 * n } else { (x + n).digamma() - x.digamma() };
        }
        if n < 0.0 {
            return -digamma_rise(x + n, -n);
        }
        let rise = Rise::of(x, n);
        if rise.is_inside {
            return difference_of_digammas::<f64, f64>(&rise);
        }
        if x < LARGE {
            return (1.0 + x + n).digamma() - (1.0 + x).digamma() + n / (x + n) / x;
        }
        log_ratio(x, n)
    }

    #[cold]
    pub(super) fn lbeta(x: f64, y: f64) -> f64 {
        let (a, b) = if x <= y { (x, y) } else { (y, x) };
        if a.is_nan() || b.is_nan() || a < 0.0 || b == f64::INFINITY {
            return if a > 0.0 && b > 0.0 { f64::NEG_INFINITY } else { a.lgamma() + b.lgamma() - (a + b).lgamma() };
        }
        if a < LARGE { a.lgamma() - log_rising_factorial(b, a) } else { lbeta_of_large::<f64, f64>(a, b) }
    }
}
