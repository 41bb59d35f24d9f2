//! Differences of lgamma and of digamma that do not cancel, lane by lane in `f64`: log Γ(x + n) − log Γ(x), its
//! derivative by x, and the logarithm of the beta function.
//!
//! For x ≥ 10 the difference of Stirling's series, term by term: (x − ½)·log1p(n/x) + n·(log(x + n) − 1) + δ(x + n) − δ(x),
//! where a difference of powers is x^−k·expm1(−k·log1p(n/x)). Below, the recurrence in x: Γ(x + n)/Γ(x) has the factor
//! x/(x + n). A small integer n has a product and a sum instead. All terms of the derivative have one sign. log B as in Didonato & Morris, "Algorithm 708" (1992).
#![allow(clippy::unreadable_literal)]
#![allow(clippy::float_cmp, reason = "exact numbers")]

use super::Elementary;
use super::coefficients::{DIGAMMA_TAIL, STIRLING};

/// The natural logarithm.
fn log(x: f64) -> f64 {
    Elementary::log(x)
}

/// `log(2π)/2`
const HALF_LOG_TWO_PI: f64 = 0.9189385332046728;
/// From here on the series are used.
const LARGE: f64 = 10.0;

/// `log((x + n)/x)` for positive x and x + n.
fn log_ratio(x: f64, n: f64) -> f64 {
    let quotient = n / x;
    if quotient < f64::INFINITY { quotient.log1p() } else { log(x + n) - log(x) }
}

/// `Σ c[k]·((x + n)^−p − x^−p)` for p = first, first + 2, …, where `ratio` is `log_ratio(x, n)`.
fn difference_of_powers(x: f64, ratio: f64, first: f64, coefficients: &[f64]) -> f64 {
    let inverse = 1.0 / x;
    let (mut power, mut order, mut sum) = (if first == 1.0 { inverse } else { inverse * inverse }, first, 0.0);
    for c in coefficients {
        sum += c * power * (-order * ratio).expm1();
        power *= inverse * inverse;
        order += 2.0;
    }
    sum
}

/// Whether there is no difference to take: an argument that is not positive, or not finite.
fn is_beyond(x: f64, n: f64) -> bool {
    !(x > 0.0 && x + n > 0.0 && x + n < f64::INFINITY)
}

/// Whether x(x + 1)…(x + n − 1) has few factors and is an ordinary number.
fn is_short_product(x: f64, n: f64) -> bool {
    n <= 16.0 && n.floor() == n && x < 1e15
}

/// Does something with x, x + 1, … x + n − 1.
fn each_factor(x: f64, n: f64, mut visit: impl FnMut(f64)) {
    let mut k = 0.0;
    while k < n {
        visit(x + k);
        k += 1.0;
    }
}

/// log Γ(x + n) − log Γ(x)
pub(super) fn log_rising_factorial(x: f64, n: f64) -> f64 {
    if n == 0.0 && !x.is_nan() {
        return 0.0;
    }
    if is_beyond(x, n) {
        return if x == f64::INFINITY { n * x } else { (x + n).lgamma() - x.lgamma() };
    }
    if is_short_product(x, n) {
        let mut product = 1.0;
        each_factor(x, n, |factor| product *= factor);
        return log(product);
    }
    let (mut base, mut below) = (x, 0.0);
    while base < LARGE {
        below += log_ratio(base, n);
        base += 1.0;
    }
    let ratio = log_ratio(base, n);
    let series = difference_of_powers(base, ratio, 1.0, &STIRLING);
    (base - 0.5) * ratio + n * (log(base + n) - 1.0) + (series - below)
}

/// ψ(x + n) − ψ(x)
pub(super) fn digamma_rise(x: f64, n: f64) -> f64 {
    if n == 0.0 && !x.is_nan() {
        return 0.0;
    }
    if is_beyond(x, n) {
        return if x == f64::INFINITY { 0.0 * n } else { (x + n).digamma() - x.digamma() };
    }
    if is_short_product(x, n) {
        let mut sum = 0.0;
        each_factor(x, n, |factor| sum += 1.0 / factor);
        return sum;
    }
    let (mut base, mut below) = (x, 0.0);
    while base < LARGE {
        below += n / (base + n) / base;
        base += 1.0;
    }
    let ratio = log_ratio(base, n);
    let half = 0.5 * (-ratio).expm1() / base;
    ratio - half - difference_of_powers(base, ratio, 2.0, &DIGAMMA_TAIL) + below
}

/// `log|B(a, b)|`
pub(super) fn lbeta(a: f64, b: f64) -> f64 {
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    if a.is_nan() || b.is_nan() || a < 0.0 || b == f64::INFINITY {
        return if a > 0.0 && b > 0.0 { f64::NEG_INFINITY } else { a.lgamma() + b.lgamma() - (a + b).lgamma() };
    }
    if a < LARGE {
        return a.lgamma() - log_rising_factorial(b, a);
    }
    let stirling = |x: f64| STIRLING.iter().rev().fold(0.0, |sum, c| sum / (x * x) + c) / x;
    let rest = stirling(a) + stirling(b) - stirling(a + b);
    (HALF_LOG_TWO_PI - 0.5 * log(b)) + rest - (a - 0.5) * log_ratio(a, b) - b * (a / b).log1p()
}
