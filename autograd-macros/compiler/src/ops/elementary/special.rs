//! Special functions in `f64`, for the interpreter and for constant folding: near full accuracy, no hurry.
//!
//! erf by its series or the continued fraction of erfc (Abramowitz & Stegun 7.1.6, 7.1.14); log Γ by the Taylor
//! series at 2 (6.1.33), recurrence, Stirling's series (6.1.41) and reflection (6.1.17); the polygammas by the
//! asymptotic series of digamma (6.3.18), Euler–Maclaurin summation of the Hurwitz zeta function (23.2.23) and
//! reflection through the derivatives of the cotangent (6.4.7).

#![allow(clippy::unreadable_literal, reason = "tables of constants as they were computed")]

use std::f64::consts::{FRAC_2_SQRT_PI, PI};

/// `1 − γ`
const ONE_MINUS_EULER: f64 = 0.42278433509846713;
/// `log(2π)/2`
pub(super) const HALF_LOG_TWO_PI: f64 = 0.9189385332046728;
/// `(ζ(k) − 1)/k` for k = 2, 3, …
const ZETA: [f64; 30] = [
    0.3224670334241132,
    0.0673523010531981,
    0.020580808427784546,
    0.007385551028673986,
    0.0028905103307415234,
    0.001192753911703261,
    0.0005096695247430425,
    0.00022315475845357939,
    9.945751278180853e-05,
    4.492623673813314e-05,
    2.050721277567069e-05,
    9.439488275268397e-06,
    4.374866789907488e-06,
    2.039215753801366e-06,
    9.55141213040742e-07,
    4.492469198764566e-07,
    2.1207184805554665e-07,
    1.0043224823968099e-07,
    4.7698101693639804e-08,
    2.2711094608943164e-08,
    1.0838659214896955e-08,
    5.183475041970047e-09,
    2.4836745438024785e-09,
    1.1921401405860912e-09,
    5.731367241678862e-10,
    2.7595228851242334e-10,
    1.330476437424449e-10,
    6.4229645638381e-11,
    3.1044247747322276e-11,
    1.5021384080754142e-11,
];
/// `B₂ₖ/(2k(2k − 1))` for k = 1, 2, …
pub(super) const STIRLING: [f64; 8] = [
    0.08333333333333333,
    -0.002777777777777778,
    0.0007936507936507937,
    -0.0005952380952380953,
    0.0008417508417508417,
    -0.0019175269175269176,
    0.00641025641025641,
    -0.029550653594771242,
];
/// `B₂ₖ/(2k)` for k = 1, 2, …
pub(super) const DIGAMMA: [f64; 9] = [
    0.08333333333333333,
    -0.008333333333333333,
    0.003968253968253968,
    -0.004166666666666667,
    0.007575757575757576,
    -0.021092796092796094,
    0.08333333333333333,
    -0.4432598039215686,
    3.0539543302701198,
];
/// `B₂ₖ/(2k)!` for k = 1, 2, …
const BERNOULLI: [f64; 12] = [
    0.08333333333333333,
    -0.001388888888888889,
    3.306878306878307e-05,
    -8.267195767195768e-07,
    2.08767569878681e-08,
    -5.284190138687493e-10,
    1.3382536530684679e-11,
    -3.3896802963225827e-13,
    8.586062056277845e-15,
    -2.174868698558062e-16,
    5.5090028283602295e-18,
    -1.3954464685812522e-19,
];

/// `c[0] + c[1]·x + c[2]·x² + …`
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// `exp(-x²)` with the rounding error of the square made good.
fn exp_minus_square(x: f64) -> f64 {
    let high = f64::from_bits(x.to_bits() & 0xffff_ffff_f800_0000);
    (-high * high).exp() * ((high - x) * (high + x)).exp()
}

/// The error function.
pub(super) fn erf(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x.abs() > 1.5 {
        return (1.0 - erfc(x.abs())).copysign(x);
    }
    let (mut term, mut sum) = (x, x);
    for k in 1..60 {
        term *= 2.0 * x * x / f64::from(2 * k + 1);
        sum += term;
    }
    FRAC_2_SQRT_PI * exp_minus_square(x) * sum
}

/// One minus the error function.
pub(super) fn erfc(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x < 0.0 {
        return 1.0 + erf(-x);
    }
    if x < 0.5 {
        return 1.0 - erf(x);
    }
    if x > 27.5 {
        return 0.0;
    }
    let levels = if x < 1.0 { 1200 } else { 300 };
    let fraction = (1..levels).rev().fold(x, |below, k| x + 0.5 * f64::from(k) / below);
    0.5 * FRAC_2_SQRT_PI * exp_minus_square(x) / fraction
}

/// `log|Γ(x)|`; +inf at the poles.
pub(super) fn lgamma(x: f64) -> f64 {
    if x.is_nan() {
        x
    } else if x.is_infinite() || is_pole(x) {
        f64::INFINITY
    } else if x < -0.25 {
        (PI / sin_pi(x).abs()).ln() - lgamma(1.0 - x)
    } else if x < 0.5 {
        // Γ(x) = Γ(x + 2) / (x (x + 1))
        taylor_at_two(x) - x.ln_1p() - x.abs().ln()
    } else if x < 1.5 {
        taylor_at_two(x - 1.0) - (x - 1.0).ln_1p()
    } else if x < 2.5 {
        taylor_at_two(x - 2.0)
    } else if x < 12.0 {
        let (mut rest, mut product) = (x, 1.0);
        while rest >= 2.5 {
            rest -= 1.0;
            product *= rest;
        }
        taylor_at_two(rest - 2.0) + product.ln()
    } else if x < 1e17 {
        let series = polynomial(&STIRLING, 1.0 / (x * x)) / x;
        (x - 0.5) * (x.ln() - 1.0) + (HALF_LOG_TWO_PI - 0.5 + series)
    } else {
        x * (x.ln() - 1.0)
    }
}

/// `log Γ(2 + z)` for `|z| ≤ 1/2`.
fn taylor_at_two(z: f64) -> f64 {
    z * (ONE_MINUS_EULER + z * polynomial(&ZETA, -z))
}

fn is_pole(x: f64) -> bool {
    x <= 0.0 && x.fract() == 0.0
}

/// `sin(πx)`, exact in its zeros.
fn sin_pi(x: f64) -> f64 {
    let turn = x % 2.0;
    let (turn, sign) = if turn.abs() > 1.0 { (turn - 1_f64.copysign(turn), -1.0) } else { (turn, 1.0) };
    let turn = if turn.abs() > 0.5 { 1_f64.copysign(turn) - turn } else { turn };
    sign * (PI * turn).sin()
}

/// `cot(πx)`, exact in its zeros.
fn cot_pi(x: f64) -> f64 {
    let part = x - x.round();
    if part.abs() <= 0.25 { 1.0 / (PI * part).tan() } else { (PI * (0.5_f64.copysign(part) - part)).tan() }
}

/// The derivative of lgamma. At zero, whose sign tells the side, ∓inf; NaN at the other poles.
pub(super) fn digamma(x: f64) -> f64 {
    if x == 0.0 {
        return -f64::INFINITY.copysign(x);
    }
    if x.is_nan() || is_pole(x) || x == f64::NEG_INFINITY {
        return f64::NAN;
    }
    if x < 0.0 {
        return digamma(1.0 - x) - PI * cot_pi(x);
    }
    let (mut shifted, mut below) = (x, 0.0);
    while shifted < 12.0 {
        below += 1.0 / shifted;
        shifted += 1.0;
    }
    let square = 1.0 / (shifted * shifted);
    shifted.ln() - 0.5 / shifted - square * polynomial(&DIGAMMA, square) - below
}

/// The derivative of digamma of an order from 0 to 170; NaN for another order, and where even orders have poles.
pub(super) fn polygamma(order: f64, x: f64) -> f64 {
    if order == 0.0 {
        return digamma(x);
    }
    if !(1.0..=170.0).contains(&order) || order.fract() != 0.0 || x.is_nan() || x == f64::NEG_INFINITY {
        return f64::NAN;
    }
    #[allow(clippy::cast_possible_truncation, reason = "an integer up to 170")]
    let n = order as i32;
    let odd = n % 2 == 1;
    let sign = if odd { 1.0 } else { -1.0 };
    if is_pole(x) {
        return if odd { f64::INFINITY } else { f64::NAN };
    }
    if x < 0.0 {
        // (−1)ⁿ ψₙ(1 − x) − ψₙ(x) is the n-th derivative of π cot(πx).
        return -sign * polygamma(order, 1.0 - x) - cotangent_derivative(n, x);
    }
    let factorial = (1..=n).fold(1.0, |product, k| product * f64::from(k));
    sign * factorial * hurwitz_zeta(n + 1, x)
}

/// `Σ (x + k)^-s` over k ≥ 0, for x > 0 and s ≥ 2.
fn hurwitz_zeta(s: i32, x: f64) -> f64 {
    if x == f64::INFINITY {
        return 0.0;
    }
    let order = f64::from(s);
    let (mut shifted, mut sum) = (x, 0.0);
    while shifted < 12.0 + 0.5 * order {
        sum += shifted.powi(-s);
        shifted += 1.0;
    }
    let last = shifted.powi(-s);
    sum += last * (shifted / (order - 1.0) + 0.5);
    let mut rising = last * order / shifted;
    for (k, bernoulli) in (1_i32..).zip(BERNOULLI) {
        sum += bernoulli * rising;
        let next = order + f64::from(2 * k);
        rising *= (next - 1.0) * next / (shifted * shifted);
    }
    sum
}

/// The n-th derivative of `π cot(πx)`: a polynomial in the cotangent, since `cot' = -π (1 + cot²)`.
fn cotangent_derivative(n: i32, x: f64) -> f64 {
    let mut coefficients = vec![0.0, PI];
    for _ in 0..n {
        let mut next = vec![0.0; coefficients.len() + 1];
        for (power, c) in (0_i32..).zip(&coefficients).skip(1) {
            let term = -PI * f64::from(power) * c;
            let place = usize::try_from(power).expect("not negative");
            next[place - 1] += term;
            next[place + 1] += term;
        }
        coefficients = next;
    }
    polynomial(&coefficients, cot_pi(x))
}
