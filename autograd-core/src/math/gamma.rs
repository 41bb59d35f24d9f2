//! lgamma, digamma and the polygammas, one lane at a time, in `f64`.
//!
//! log Γ: near 1 and 2 the Taylor series at 2 (Abramowitz & Stegun 6.1.33), which keeps the zeros at 1 and 2 exact;
//! up to 8 the recurrence to there; beyond that Stirling's series (6.1.41); below 1/2 the recurrence or the
//! reflection (6.1.17). digamma: recurrence up to 10 and the asymptotic series (6.3.18), reflection (6.3.7).
//! polygamma: n! times the Hurwitz zeta function, by Euler–Maclaurin summation (6.4.10; 23.1.30).
#![allow(clippy::unreadable_literal)]
#![allow(clippy::float_cmp, reason = "integers are exact")]

use core::f64::consts::PI;

use crate::math::coefficients::{DIGAMMA, EULER_MACLAURIN, STIRLING, ZETA_MINUS_ONE};

/// Horner's rule, from the lowest coefficient to the highest.
fn horner(x: f64, coefficients: &[f64]) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, &c| sum * x + c)
}

/// log Γ(2 + t) for |t| ≤ 1/2.
fn lgamma_near_two(t: f64) -> f64 {
    const ONE_MINUS_EULER: f64 = 0.42278433509846713;
    t * (ONE_MINUS_EULER + t * horner(-t, &ZETA_MINUS_ONE))
}

/// log Γ(x) for x ≥ 8.
fn stirling(x: f64) -> f64 {
    const HALF_LOG_TWO_PI: f64 = 0.9189385332046728;
    let inverse = 1.0 / x;
    let series = inverse * horner(inverse * inverse, &STIRLING);
    if x > 1e300 {
        return x * (x.ln() - 1.0);
    }
    (x - 0.5) * (x.ln() - 1.0) + (HALF_LOG_TWO_PI - 0.5 + series)
}

/// sin(πx), of the reduced argument, so that it is exactly 0 at the integers.
fn sin_pi(x: f64) -> f64 {
    let rest = x - 2.0 * (0.5 * x).round();
    let folded = if rest.abs() > 0.5 { (1.0 - rest.abs()).copysign(rest) } else { rest };
    (PI * folded).sin()
}

/// log Γ(x) for 1.5 ≤ x < 8, as a factor of Γ(x) and the logarithm of the other one, which is small.
fn factor(x: f64) -> (f64, f64) {
    let (mut rest, mut product) = (x, 1.0);
    while rest > 2.5 {
        rest -= 1.0;
        product *= rest;
    }
    (product, lgamma_near_two(rest - 2.0))
}

/// log|Γ(x)|
pub(super) fn lgamma(x: f64) -> f64 {
    if x.is_nan() {
        x
    } else if x.is_infinite() || (x <= 0.0 && x.floor() == x) {
        f64::INFINITY
    } else if x >= 8.0 {
        stirling(x)
    } else if x >= 1.5 {
        let (product, small) = factor(x);
        small + product.ln()
    } else if x >= 0.5 {
        let t = x - 1.0;
        lgamma_near_two(t) - t.ln_1p()
    } else if x > -0.5 {
        lgamma_near_two(x) - x.ln_1p() - x.abs().ln()
    } else {
        let cosecant = PI / sin_pi(x).abs();
        let mirrored = 1.0 - x;
        if mirrored >= 8.0 {
            return cosecant.ln() - stirling(mirrored);
        }
        let (product, small) = factor(mirrored);
        (cosecant / product).ln() - small
    }
}

/// The derivative of log Γ.
pub(super) fn digamma(x: f64) -> f64 {
    if x.is_nan() || x == f64::INFINITY {
        return x;
    }
    if x.abs() < 1e-300 {
        return -1.0 / x;
    }
    if x < 0.0 {
        if x.floor() == x {
            return f64::NAN;
        }
        // ψ(x) = ψ(1 − x) − π / tan(πx)
        let rest = x - x.round();
        return digamma(1.0 - x) - PI / (PI * rest).tan();
    }
    // The sum of the inverses is compensated, since it may all but cancel the logarithm.
    let (mut shifted, mut below, mut lost) = (x, 0.0, 0.0);
    while shifted < 10.0 {
        let term = 1.0 / shifted;
        let sum = below + term;
        lost += if below > term { (below - sum) + term } else { (term - sum) + below };
        below = sum;
        shifted += 1.0;
    }
    let inverse = 1.0 / shifted;
    let square = inverse * inverse;
    let small = 0.5 * inverse + square * horner(square, &DIGAMMA);
    (shifted.ln() - below) - (small + lost)
}

/// The Hurwitz zeta function `Σ (q + k)^−s` over k ≥ 0, for an integer s ≥ 2 and q > 0.
fn hurwitz_zeta(s: i32, q: f64) -> f64 {
    let order = f64::from(s);
    let (mut shifted, mut sum) = (q, 0.0);
    while shifted < 10.0 + 0.5 * order {
        sum += shifted.powi(-s);
        shifted += 1.0;
    }
    let power = shifted.powi(-s);
    let mut tail = shifted * power / (order - 1.0) + 0.5 * power;
    // B₂ⱼ/(2j)! · s(s+1)…(s+2j−2) · q^(−s−2j+1)
    let mut factor = power * order / shifted;
    let mut next = order;
    for coefficient in EULER_MACLAURIN {
        tail += coefficient * factor;
        factor *= (next + 1.0) * (next + 2.0) / (shifted * shifted);
        next += 2.0;
    }
    sum + tail
}

/// `Σ (x + k)^−s` over k ≥ 0, for any x that is no pole.
fn zeta_anywhere(s: i32, x: f64) -> f64 {
    if x > 0.0 {
        return hurwitz_zeta(s, x);
    }
    // The terms with x + k < 0 are a finite sum of powers of |x| − k: a difference of two zetas of positive numbers.
    let (below, above) = (x - x.floor(), x.ceil() - x);
    let sign = if s % 2 == 0 { 1.0 } else { -1.0 };
    let negative = hurwitz_zeta(s, above) - hurwitz_zeta(s, 1.0 - x);
    hurwitz_zeta(s, below) + sign * negative
}

/// The `order`-th derivative of digamma, `(−1)^(n+1) n! ζ(n + 1, x)`, for an integer order from 0 to 170.
pub(super) fn polygamma(order: f64, x: f64) -> f64 {
    if x.is_nan() || !(0.0..=170.0).contains(&order) || order.floor() != order {
        return f64::NAN;
    }
    if order == 0.0 {
        return digamma(x);
    }
    #[allow(clippy::cast_possible_truncation)] // an integer up to 170
    let n = order as i32;
    let odd = n % 2 == 1;
    let sign = if odd { 1.0 } else { -1.0 };
    if x == f64::INFINITY {
        return sign * 0.0;
    }
    if x <= 0.0 && x.floor() == x {
        // A pole: of even order it has one sign on both sides.
        return if odd { f64::INFINITY } else { f64::NAN };
    }
    let factorial = (1..=n).fold(1.0, |product, factor| product * f64::from(factor));
    sign * factorial * zeta_anywhere(n + 1, x)
}
