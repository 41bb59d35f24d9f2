//! lgamma and digamma of negative numbers, by reflection (Abramowitz & Stegun 6.1.17, 6.3.7).
//!
//! Between any two poles there are zeros, where the two terms of the reflection cancel: what is left of them must be right.
//! So 1 − x is kept as a pair or as exact factors, and the large terms are pairs.

use core::f64::consts::PI;

use super::{between, stirling, tail};
use crate::math::coefficients::HALF_PI;
use crate::math::log::{log, log_pair};
use crate::math::pair::{Pair, fast_two_sum, two_product, two_sum};
use crate::math::trig::{cosine_parts, sine_parts};

/// What is above the nearest integer, exactly.
fn beside_integer(x: f64) -> f64 {
    x - x.round_ties_even()
}

/// sin(πx) and cos(πx) for |x| ≤ ½.
fn sin_cos_pi(x: f64) -> [Pair<f64>; 2] {
    // Beyond ¼, by the other one of ½ − |x|.
    let is_near = x.abs() <= 0.25;
    let twice = 2.0 * if is_near { x } else { 0.5 - x.abs() };
    let product = two_product::<f64, f64>(twice, HALF_PI[0]);
    let r = Pair { high: product.high, low: product.low + twice * HALF_PI[1] };
    let square = r.high * r.high;
    let (sine, cosine) = (sine_parts::<f64, f64>(r, square), cosine_parts::<f64, f64>(r, square));
    let [sine, cosine] = [sine, cosine].map(|parts| fast_two_sum::<f64, f64>(parts.high, parts.low));
    let signed = |a: Pair<f64>| if x < 0.0 { Pair { high: -a.high, low: -a.low } } else { a };
    if is_near { [sine, cosine] } else { [signed(cosine), sine] }
}

/// log|Γ(x)| for x < 0: log(π / |sin πx|) − log Γ(1 − x).
#[cold]
pub(super) fn lgamma(x: f64) -> f64 {
    let beside = beside_integer(x);
    if beside == 0.0 || x.is_infinite() {
        return f64::INFINITY;
    }
    let size = -x;
    if size < 0.5 {
        // Γ(x) = Γ(2 + x) / (x (1 + x))
        return between::<f64, f64>(1.0 + x) - log::<f64, f64>(size * (1.0 + x));
    }
    let [sine, _] = sin_cos_pi(beside);
    let cosecant = PI / sine.high.abs();
    if size < 1.5 {
        return log::<f64, f64>(cosecant) - between::<f64, f64>(size);
    }
    let z = two_sum::<f64, f64>(1.0, size);
    let log_z = log_pair::<f64, f64>(z.high);
    let log_z = Pair { high: log_z.high, low: log_z.low + z.low / z.high };
    // (z − ½)(log z − 1)
    let less = two_sum::<f64, f64>(log_z.high, -1.0);
    let less = Pair { high: less.high, low: less.low + log_z.low };
    let factor = two_sum::<f64, f64>(z.high, -0.5);
    let product = less.times::<f64>(Pair { high: factor.high, low: factor.low + z.low });
    let other = log_pair::<f64, f64>(cosecant);
    let sum = two_sum::<f64, f64>(other.high, -product.high);
    sum.high + (sum.low + (other.low - product.low - stirling::<f64, f64>(1.0 / z.high)))
}

/// ψ(x) for x < 0: ψ(1 − x) − π / tan(πx).
#[cold]
pub(super) fn digamma(x: f64) -> f64 {
    let beside = beside_integer(x);
    if beside == 0.0 || x.is_infinite() {
        return f64::NAN;
    }
    if x > -1e-100 {
        return -1.0 / x;
    }
    let [sine, cosine] = sin_cos_pi(beside);
    let pi = Pair { high: 2.0 * HALF_PI[0], low: 2.0 * HALF_PI[1] };
    let cotangent = sine.divides::<f64>(cosine).times::<f64>(pi);
    let z = two_sum::<f64, f64>(1.0, -x);
    if z.high < 2.0 {
        return (super::digamma::<f64, f64>(z.high) - cotangent.high) - cotangent.low;
    }
    let log_z = log_pair::<f64, f64>(z.high);
    let sum = two_sum::<f64, f64>(log_z.high, -cotangent.high);
    sum.high + (sum.low + (log_z.low + z.low / z.high - cotangent.low - tail::<f64, f64>(1.0 / z.high)))
}
