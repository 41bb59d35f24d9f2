//! The normal distribution: its density and distribution function, logarithms and quotients of these, and erfcx, which
//! they are made of.
//!
//! With u = |x|/√2 the tail is Φ(−|x|) = e^(−x²/2)·erfcx(u)/2, with the square as a pair and G of [`super::erf`] for
//! erfcx u = G / (1 + 2u), in which G varies so slowly that the rounding of u matters in the divisor alone: u is a pair
//! there. So log Φ(x) below 0 is log(erfcx(u)/2) − x²/2, two terms of one sign, and φ/Φ is √(2/π)/erfcx(u). About 0, where
//! G would bring its errors into values near ½ and log 2, Φ is (1 + erf(x/√2))/2 and log Φ a minimax polynomial. Beyond the range of G the asymptotic series
//! (Abramowitz & Stegun 7.1.23). Quantiles: Wichura, "Algorithm AS 241" (1988), lane by lane in `f64`.
//!
//! The repeated integrals of erfc, scaled by e^(x²), I₋₁ = 2/√π, I₀ = erfcx, Iₙ = (Iₙ₋₂ − 2x·Iₙ₋₁)/(2n), have the
//! derivatives Iₙ' = −2(n + 1)·Iₙ₊₁ (A&S 7.2): the recurrence where x < 0 and nothing cancels, the Taylor series about 0,
//! and for larger x the product of the ratios Iₖ/Iₖ₋₁, which are continued fractions (Gautschi 1961).
#![allow(clippy::float_cmp, reason = "integers are exact")]

use core::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

use super::erf::{erfc_scaled, near_zero as erf_near_zero};
use super::exp::{exp_pair, saturate, times_exp_pair};
use super::layout::{polynomial, real};
use super::log::{log, log1p_inside};
use super::pair::{Pair, two_product};
use crate::float::Float;
use crate::simd::Lanes;

/// `1/√(2π)`
const INVERSE_ROOT_TWO_PI: f64 = 0.398_942_280_401_432_7;
/// What `√½` as an `f64` leaves.
const REST_OF_ROOT_HALF: f64 = -4.833_646_656_726_457e-17;
/// `√(2/π)`
const ROOT_TWO_OVER_PI: f64 = 0.797_884_560_802_865_4;

/// x/√2
#[inline(always)]
fn over_root_two<T: Float, V: Lanes<T>>(x: V) -> Pair<V> {
    let first = T::from_f64(FRAC_1_SQRT_2);
    let rest = (FRAC_1_SQRT_2 - first.to_f64()) + REST_OF_ROOT_HALF;
    let product = two_product(x, V::splat(first));
    Pair { high: product.high, low: x.mul_add(real(rest), product.low) }
}

/// erfcx of a pair that is not negative.
#[inline(always)]
fn erfcx_positive<T: Float, V: Lanes<T>>(pair: Pair<V>) -> V {
    let x = pair.high;
    let (one, half) = (real::<T, V>(1.0), real::<T, V>(0.5));
    let end = real::<T, V>(if T::BIAS == 127 { 10.0 } else { 26.0 });
    let near = erfc_scaled(Pair { high: x.at_most(end), low: pair.low });
    // 1/(x√π) · (1 − r + 3r² − 15r³ + …) with r = 1/(2x²); 1/x first, whose square may be 0.
    let inverse = one / x;
    let r = half * inverse * inverse;
    let mut series = one;
    for factor in [11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
        series = (r * series).mul_add(real(-factor), one);
    }
    let far = real::<T, V>(0.5 * FRAC_2_SQRT_PI) * inverse * series;
    V::select(end.lt(x), far, near)
}

/// height · e^(−x²/2), of numbers within the bounds of its range.
#[inline(always)]
fn bell<T: Float, V: Lanes<T>>(height: V, inside: V) -> V {
    let square = two_product(inside, real::<T, V>(0.5) * inside);
    saturate(-square.high, times_exp_pair(height, Pair { high: -square.high, low: -square.low }))
}

/// Here e^(−x²/2) is 0.
#[inline(always)]
fn end<T: Float, V: Lanes<T>>() -> V {
    real(if T::BIAS == 127 { 14.8 } else { 39.0 })
}

#[inline(always)]
pub(super) fn erfcx<T: Float, V: Lanes<T>>(x: V) -> V {
    let size = x.abs();
    let positive = erfcx_positive(Pair::exact(size));
    // From here on e^(x²) is infinite.
    let inside = size.at_most(real(if T::BIAS == 127 { 9.5 } else { 26.7 }));
    let square = two_product(inside, inside);
    let power = saturate(square.high, exp_pair(square));
    V::select(x.lt(real(0.0)), (power - positive) + power, positive)
}

#[inline(always)]
pub(super) fn pdf<T: Float, V: Lanes<T>>(x: V) -> V {
    bell(real(INVERSE_ROOT_TWO_PI), x.abs().at_most(end()))
}

/// Φ(−|x|)
///
/// G is off by 1.3 half units, and each of the quotient, the power less 1 (which is at most 0.41) and the product rounds once: less than 4.5
/// half units, which may be whole ones of the value.
#[inline(always)]
fn tail<T: Float, V: Lanes<T>>(size: V) -> V {
    let inside = size.at_most(end());
    bell(real::<T, V>(0.5) * erfcx_positive(over_root_two(inside)), inside)
}

#[inline(always)]
pub(super) fn cdf<T: Float, V: Lanes<T>>(x: V) -> V {
    let (half, size) = (real::<T, V>(0.5), x.abs());
    let tail = tail(size);
    let far = V::select(real::<T, V>(0.0).lt(x), real::<T, V>(1.0) - tail, tail);
    // About 0, where the errors of the tail are large against those of ½: (1 + erf(x/√2))/2.
    let near = half.mul_add(erf_near_zero(x * real(FRAC_1_SQRT_2)), half);
    V::select(size.lt(real(0.65)), near, far)
}

/// Above ¾ it is log(1 − t), in which a relative error of the tail t counts t/((1 − t)·|log(1 − t)|) ≤ 1.14 times: 5.2 ulp with
/// that of [`tail`], and less than 1 for the logarithm.
#[inline(always)]
pub(super) fn log_cdf<T: Float, V: Lanes<T>>(x: V) -> V {
    let size = x.abs();
    let half = real::<T, V>(0.5);
    let lower = log(half * erfcx_positive(over_root_two(size))) - size * (half * size);
    let lower = V::select(size.eq(V::splat(T::INFINITY)), V::splat(T::NEG_INFINITY), lower);
    let outer = V::select(real::<T, V>(0.0).lt(x), log1p_inside(-tail(size)), lower);
    // About 0, where the errors of erfcx and of the tail are errors of log 2: −log 2 + x·P(x), log 2 in two parts.
    let rest = polynomial(x, T::LOG_CDF).mul_add(x, V::splat(-T::LN_2_PARTS[1]));
    let near = real::<T, V>(-0.5).lt(x) & x.lt(real(0.75));
    V::select(near, rest - V::splat(T::LN_2_PARTS[0]), outer)
}

#[inline(always)]
pub(super) fn inverse_mills<T: Float, V: Lanes<T>>(x: V) -> V {
    let size = x.abs();
    let lower = real::<T, V>(ROOT_TWO_OVER_PI) / erfcx_positive(over_root_two(size));
    // From here on it is |x|, but for x⁻² of it; erfcx may be subnormal.
    let lower = V::select(real::<T, V>(1e9).lt(size), size, lower);
    V::select(real::<T, V>(-0.65).lt(x), pdf(x) / cdf(x), lower)
}

/// e^(x²) times the n-th repeated integral of erfc, for an integer n from −1 to 100.
pub(super) fn erfcx_integral(order: f64, x: f64) -> f64 {
    if x.is_nan() || !(-1.0..=100.0).contains(&order) || order.floor() != order {
        return f64::NAN;
    }
    if x < -0.5 {
        recurrence(order, x)
    } else if x < 0.5 {
        taylor(order, x)
    } else {
        product_of_ratios(order, x)
    }
}

/// Every term is positive where x is negative.
fn recurrence(order: f64, x: f64) -> f64 {
    let (mut last, mut value, mut n) = (FRAC_2_SQRT_PI, erfcx::<f64, f64>(x), 0.0);
    if order < 0.0 {
        return last;
    }
    while n < order {
        n += 1.0;
        (last, value) = (value, (last - 2.0 * x * value) / (2.0 * n));
    }
    value
}

/// `Σ (−x)ᵏ·binomial(n + k, k) / (2ⁿ Γ((n + k)/2 + 1))`
fn taylor(order: f64, x: f64) -> f64 {
    if order < 0.0 {
        return FRAC_2_SQRT_PI;
    }
    // 1/Γ(m/2 + 1) for m, from 0 on, and for the next one.
    let (mut here, mut next, mut m) = (1.0, FRAC_2_SQRT_PI, 0.0);
    let mut advance = || {
        (here, next) = (next, here / (0.5 * m + 1.0));
        m += 1.0;
        here
    };
    let (mut first, mut scale, mut n) = (1.0, 1.0, 0.0);
    while n < order {
        n += 1.0;
        first = advance();
        scale *= 0.5;
    }
    let (mut sum, mut power, mut k) = (first, 1.0, 0.0);
    while k < 60.0 {
        k += 1.0;
        power *= -x * (order + k) / k;
        sum += power * advance();
    }
    scale * sum
}

fn product_of_ratios(order: f64, x: f64) -> f64 {
    // The tail of the fraction that is left out counts e^(−x√(8·levels)).
    let levels = order + 20.0 + 320.0 / (x * x);
    let (mut k, mut ratio) = (levels.ceil().min(1400.0 + order), 0.0);
    let mut product = FRAC_2_SQRT_PI;
    while k >= 0.0 {
        ratio = 0.5 / (x + (k + 1.0) * ratio);
        if k <= order {
            product *= ratio;
        }
        k -= 1.0;
    }
    product
}
