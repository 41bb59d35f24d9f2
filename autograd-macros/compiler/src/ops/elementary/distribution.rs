//! What the normal and the beta distribution are made of, in `f64`, for the interpreter and for constant folding: near full
//! accuracy, no hurry.
//!
//! erfcx by the continued fraction of erfc (Abramowitz & Stegun 7.1.14) or as e^(x²)·erfc x; its repeated integrals by
//! recurrence (7.2.5), Taylor's series or ratios; quantiles by Newton's method on log Φ; differences of lgamma and digamma
//! by Stirling's series, term by term, after the recurrence to where that holds.

#![allow(clippy::unreadable_literal, reason = "tables of constants as they were computed")]

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, LN_2};

use super::special::{DIGAMMA, HALF_LOG_TWO_PI, STIRLING, digamma, erf, erfc, lgamma};

/// `√(2/π)`
const ROOT_TWO_OVER_PI: f64 = 0.7978845608028654;

/// `e^x` of `±x²·scale`, with the rounding error of the square made good.
fn exp_of_square(x: f64, scale: f64) -> f64 {
    let high = f64::from_bits(x.to_bits() & 0xffff_ffff_f800_0000);
    (scale * high * high).exp() * (scale * (x - high) * (x + high)).exp()
}

/// `e^(x²) erfc(x)`
pub(super) fn erfcx(x: f64) -> f64 {
    if x.is_nan() {
        x
    } else if x < -27.0 {
        f64::INFINITY
    } else if x < 0.0 {
        2.0 * exp_of_square(x, 1.0) - erfcx(-x)
    } else if x < 0.5 {
        exp_of_square(x, 1.0) * (1.0 - erf(x))
    } else if x < 1.0 {
        exp_of_square(x, 1.0) * erfc(x)
    } else {
        let fraction = (1..300).rev().fold(x, |below, k| x + 0.5 * f64::from(k) / below);
        0.5 * FRAC_2_SQRT_PI / fraction
    }
}

/// `e^(x²)` times the n-th repeated integral of erfc; NaN unless n is an integer from -1 to 100.
pub(super) fn erfcx_integral(order: f64, x: f64) -> f64 {
    if x.is_nan() || !(-1.0..=100.0).contains(&order) || order.fract() != 0.0 {
        return f64::NAN;
    }
    let (mut values, mut n) = ((FRAC_2_SQRT_PI, erfcx(x)), -1.0);
    if x < -0.5 || order < 1.0 {
        // Without cancellation.
        while n < order {
            n += 1.0;
            values = (values.1, (values.0 - 2.0 * x * values.1) / (2.0 * (n + 1.0)));
        }
        return values.0;
    }
    if x >= 0.5 {
        let levels = order + 20.0 + 320.0 / (x * x);
        let (mut k, mut ratio, mut product) = (levels.ceil(), 0.0, FRAC_2_SQRT_PI);
        while k >= 0.0 {
            ratio = 0.5 / (x + (k + 1.0) * ratio);
            product *= if k <= order { ratio } else { 1.0 };
            k -= 1.0;
        }
        return product;
    }
    // Σ (−x)ᵏ binomial(n + k, k) / (2ⁿ Γ((n + k)/2 + 1))
    let (mut sum, mut power) = (0.0, 0.5_f64.powf(order));
    for k in 0..60 {
        let k = f64::from(k);
        sum += power * (-lgamma(0.5 * (order + k) + 1.0)).exp();
        power *= -x * (order + k + 1.0) / (k + 1.0);
    }
    sum
}

/// The density of the normal distribution.
pub(super) fn norm_pdf(x: f64) -> f64 {
    if x.abs() > 39.0 { 0.0 } else { 0.5 * ROOT_TWO_OVER_PI * exp_of_square(x, -0.5) }
}

/// Its distribution function.
pub(super) fn norm_cdf(x: f64) -> f64 {
    if x > 0.0 { 1.0 - norm_cdf(-x) } else { norm_pdf(x) * erfcx(-x * FRAC_1_SQRT_2) / ROOT_TWO_OVER_PI }
}

/// The logarithm of the distribution function.
pub(super) fn log_norm_cdf(x: f64) -> f64 {
    if x == f64::NEG_INFINITY {
        x
    } else if x > 0.0 {
        (-norm_cdf(-x)).ln_1p()
    } else {
        erfcx(-x * FRAC_1_SQRT_2).ln() - LN_2 - 0.5 * x * x
    }
}

/// Density over distribution function.
pub(super) fn inverse_mills(x: f64) -> f64 {
    if x > 0.0 { norm_pdf(x) / norm_cdf(x) } else { ROOT_TWO_OVER_PI / erfcx(-x * FRAC_1_SQRT_2) }
}

/// The quantile below ½ of a tail, by Newton's method on log Φ, which is concave.
fn lower_quantile(tail: f64) -> f64 {
    let goal = tail.ln();
    let mut x = 0.0;
    for _ in 0..100 {
        let step = (log_norm_cdf(x) - goal) / inverse_mills(x);
        x -= step;
        if step.abs() <= 1e-16 * x.abs() {
            break;
        }
    }
    x
}

/// The number below which a normal variable is with the probability p.
pub(super) fn norm_ppf(p: f64) -> f64 {
    let tail = p.min(1.0 - p);
    if tail == 0.0 {
        (p - 0.5) * f64::INFINITY
    } else if p.is_nan() || tail < 0.0 {
        f64::NAN
    } else if (p - 0.5).abs() < 0.3 {
        std::f64::consts::SQRT_2 * erfinv(2.0 * (p - 0.5))
    } else if p < 0.5 {
        lower_quantile(p)
    } else {
        -lower_quantile(1.0 - p)
    }
}

/// The inverse of erf.
pub(super) fn erfinv(x: f64) -> f64 {
    if x.abs() > 0.6 {
        return -FRAC_1_SQRT_2 * norm_ppf(0.5 * (1.0 - x.abs())).copysign(-x);
    }
    let mut y = x / FRAC_2_SQRT_PI;
    for _ in 0..20 {
        y -= (erf(y) - x) / (FRAC_2_SQRT_PI * exp_of_square(y, -1.0));
    }
    y
}

/// `log(1 − eˣ)`
pub(super) fn log1m_exp(x: f64) -> f64 {
    if x > -LN_2 { (-x.exp_m1()).ln() } else { (-x.exp()).ln_1p() }
}

/// `log(eᵃ − eᵇ)`
#[allow(clippy::float_cmp, reason = "equal infinities have no difference")]
pub(super) fn logsubexp(a: f64, b: f64) -> f64 {
    a + log1m_exp(if a == b { 0.0 } else { b - a })
}

/// `log cosh x`
pub(super) fn log_cosh(x: f64) -> f64 {
    let size = x.abs();
    if size < 1.0 {
        let half = (0.5 * size).sinh();
        (2.0 * half * half).ln_1p()
    } else {
        size - LN_2 + (-2.0 * size).exp().ln_1p()
    }
}

/// `1/cosh`
pub(super) fn sech(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    (e + e) / (1.0 + e * e)
}

/// `1/cosh²`
pub(super) fn tanh_slope(x: f64) -> f64 {
    4.0 * sigmoid_slope(2.0 * x)
}

/// `sigmoid(x)·sigmoid(−x)`
pub(super) fn sigmoid_slope(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    e / ((1.0 + e) * (1.0 + e))
}

/// `log((x + n)/x)`
fn log_ratio(x: f64, n: f64) -> f64 {
    let quotient = n / x;
    if quotient < f64::INFINITY { quotient.ln_1p() } else { (x + n).ln() - x.ln() }
}

/// `Σ c[k]·((x + n)^−p − x^−p)` for p = first, first + 2, …
fn difference_of_powers(x: f64, n: f64, first: f64, coefficients: &[f64]) -> f64 {
    let log = log_ratio(x, n);
    let power = |k: f64| (-k * log).exp_m1() / x.powf(k);
    let orders = (0_i32..).map(|k| first + f64::from(2 * k));
    coefficients.iter().zip(orders).map(|(c, order)| c * power(order)).sum()
}

/// Whether the differences need no care: arguments that are not positive, or infinite.
fn is_beyond(x: f64, n: f64) -> bool {
    !(x > 0.0 && x + n > 0.0 && x + n < f64::INFINITY)
}

/// `x, x + 1, … x + n − 1`, if these are few and their product is an ordinary number.
fn factors(x: f64, n: f64) -> Option<impl Iterator<Item = f64>> {
    let few = x < 1e15 && n.fract() == 0.0 && (1.0..=16.0).contains(&n);
    few.then(|| (0..16).map(f64::from).take_while(move |&k| k < n).map(move |k| x + k))
}

/// `log Γ(x + n) − log Γ(x)`
pub(super) fn log_rising_factorial(x: f64, n: f64) -> f64 {
    if n == 0.0 && !x.is_nan() {
        0.0
    } else if is_beyond(x, n) {
        if x == f64::INFINITY { n * x } else { lgamma(x + n) - lgamma(x) }
    } else if let Some(factors) = factors(x, n) {
        factors.product::<f64>().ln()
    } else if x < 12.0 {
        log_rising_factorial(x + 1.0, n) - log_ratio(x, n)
    } else {
        let series = difference_of_powers(x, n, 1.0, &STIRLING);
        (x - 0.5) * log_ratio(x, n) + n * ((x + n).ln() - 1.0) + series
    }
}

/// `ψ(x + n) − ψ(x)`
pub(super) fn digamma_rise(x: f64, n: f64) -> f64 {
    if n == 0.0 && !x.is_nan() {
        0.0
    } else if is_beyond(x, n) {
        if x == f64::INFINITY { 0.0 * n } else { digamma(x + n) - digamma(x) }
    } else if let Some(factors) = factors(x, n) {
        factors.map(f64::recip).sum()
    } else if x < 12.0 {
        digamma_rise(x + 1.0, n) + n / (x + n) / x
    } else {
        let half = 0.5 * (-log_ratio(x, n)).exp_m1() / x;
        log_ratio(x, n) - half - difference_of_powers(x, n, 2.0, &DIGAMMA)
    }
}

/// `log|B(a, b)|`
pub(super) fn lbeta(a: f64, b: f64) -> f64 {
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    if a.is_nan() || b.is_nan() || a < 0.0 || b == f64::INFINITY {
        return if a > 0.0 && b > 0.0 { f64::NEG_INFINITY } else { lgamma(a) + lgamma(b) - lgamma(a + b) };
    }
    if a < 12.0 {
        return lgamma(a) - log_rising_factorial(b, a);
    }
    let stirling = |x: f64| STIRLING.iter().rev().fold(0.0, |sum, c| sum / (x * x) + c) / x;
    let rest = stirling(a) + stirling(b) - stirling(a + b);
    HALF_LOG_TWO_PI - 0.5 * b.ln() + rest - (a - 0.5) * log_ratio(a, b) - b * (a / b).ln_1p()
}
