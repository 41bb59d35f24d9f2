//! The polygammas, one lane at a time, in `f64`: n! times the Hurwitz zeta function, by Euler–Maclaurin summation
//! (Abramowitz & Stegun 6.4.10; 23.1.30).
#![allow(clippy::float_cmp, reason = "integers are exact")]

use super::coefficients::EULER_MACLAURIN;
use super::gamma::digamma;
use super::pow::powi;

/// The Hurwitz zeta function `Σ (q + k)^−s` over k ≥ 0, for an integer s ≥ 2 and q > 0.
fn hurwitz_zeta(s: i32, q: f64) -> f64 {
    let order = f64::from(s);
    let (mut shifted, mut sum) = (q, 0.0);
    while shifted < 10.0 + 0.5 * order {
        sum += powi::<f64, f64>(shifted, -s);
        shifted += 1.0;
    }
    let power = powi::<f64, f64>(shifted, -s);
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
        return digamma::<f64, f64>(x);
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
