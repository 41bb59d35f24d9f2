//! Cases of `rows::complements`, and what they are for: the digits of `1 - p` where p is nearly 1, and its slope.

use std::f64::consts::FRAC_2_SQRT_PI;

use super::{Case, row};
use crate::testing::{Example, assert_close};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("one_plus_expm1", "expm1(u) + 1", "exp(u)"),
        row("one_minus_tanh_slope", "1 - tanh_slope(u)", "square(tanh(u))"),
        row("number_minus_erfc", "1 - 0.5 * erfc(u)", "0.5 * erfc(-u)"),
        row("number_minus_its_erfc", "3 - 3 * erfc(u)", "3 * erf(u)"),
        row("two_sigmoids_minus_one", "2 * sigmoid(u) - 1", "tanh(0.5 * u)"),
        row("minus_one_plus_two_sigmoids", "sigmoid(u) + -0.5", "0.5 * tanh(0.5 * u)"),
        row(
            "share_of_one_exponential",
            "exp(reshape [](slice [2..+1](x))) / reduce sum [0](exp(x))",
            "p = reduce sum [0](exp(x)); reshape [](slice [2..+1](exp(x) / p))",
        ),
        row(
            "one_minus_share",
            "p = reduce sum [0](exp(x)); 1 - exp(x) / p",
            "p = reduce sum [0](exp(x)); s = exp(x) / p; q = reduce sum [0](select(0.625 <= s, 0, s)); \
             select(0.625 <= s, q, 1 - min(s, 0.625))",
        ),
        row(
            "expm1_of_log_share",
            "p = reduce logsumexp [0](x); expm1(x - p)",
            "p = reduce sum [0](exp(x)); -(1 - exp(x) / p)",
        ),
        row(
            "log1m_exp_of_log_share",
            "p = reduce logsumexp [0](x); log1m_exp(x - p)",
            "p = reduce sum [0](exp(x)); log(1 - exp(x) / p)",
        ),
        row(
            "one_minus_product",
            "1 - sigmoid(u) * norm_cdf(v)",
            "p = sigmoid(u) * norm_cdf(v); \
             select(0.625 <= p, sigmoid(-u) + sigmoid(u) * norm_cdf(-v), 1 - min(p, 0.625))",
        ),
        row(
            "one_plus_product",
            "1 + expm1(-square(u)) * sigmoid(v)",
            "p = -(expm1(-square(u)) * sigmoid(v)); \
             q = exp(-square(u)) + -expm1(-square(u)) * sigmoid(-v); select(0.625 <= p, q, 1 - min(p, 0.625))",
        ),
        row(
            "log1p_near_minus_one",
            "log1p(-tanh(u))",
            "p = -tanh(u); select(p <= -0.5, log_sigmoid(-2 * u) + 0.6931471805599453, log1p(max(p, -0.5)))",
        ),
        row("one_minus_power", "1 - pow(sigmoid(u), v)", "-expm1(v * log_sigmoid(u))"),
        row(
            "log_of_complement",
            "log(select(0.625 <= u, v, 1 - min(u, 0.625)))",
            "select(0.625 <= u, log(v), log1p(-min(u, 0.625)))",
        ),
    ]
}

/// `loss` at parameters `z`, with its value and gradient, to so many ulp.
#[track_caller]
fn check(text: &str, z: &[f64], value: f64, gradient: &[f64]) {
    let example = Example::of(&format!("M<N> {{ param z: [N]; {text} }}"));
    let size = i64::try_from(z.len()).expect("a few");
    let example = example.dim("N", size).set("z", &[z.len()], z);
    assert_close(&example.computed("loss"), &[value], 1e-13);
    let found = example.grad("z");
    for (found, expected) in found.iter().zip(gradient) {
        assert!((found - expected).abs() <= 1e-13 * expected.abs() + 1e-30, "{text}: {found:e}, not {expected:e}");
    }
}

/// The share of the first is nearly 1; what is left are the others, in the ratio 1 : 1/e.
#[test]
fn what_a_share_leaves_is_computed_from_the_others() {
    let e = std::f64::consts::E;
    for t in [5.0_f64, 20.0, 38.0, 60.0, 500.0] {
        let z = [0.0, -t, -t - 1.0];
        let left = (-t).exp() * (1.0 + 1.0 / e);
        let (log, p) = ((1.0 / e).ln_1p() - t - left.ln_1p(), 1.0 / (1.0 + left));
        let slopes = [-p, p * e / (e + 1.0), p / (e + 1.0)];
        for text in [
            "loss = log(1 - softmax(z)[0]);",
            "let p = softmax(z); let rest = 1 - p; loss = log(rest[0]);",
            "loss = log1p(-softmax(z)[0]);",
            "loss = log(1 - exp(z[0])/sum(exp(z)));",
            "loss = log(1 - exp(log_softmax(z)[0]));",
            "loss = log(1 - exp(z[0] - logsumexp(z)));",
            "loss = log(1 - sum(softmax(z)[..1]));",
            "loss = log(1 - sum(if iota(N) < 1 { softmax(z) } else { 0 }));",
            "loss = log(1 - sum(softmax(z)*(iota(N) < 1)));",
        ] {
            check(text, &z, log, &slopes);
        }
        let plain = slopes.map(|slope| slope * left / (1.0 + left));
        check("loss = 1 - softmax(z)[0];", &z, left / (1.0 + left), &plain);
    }
}

/// All of it where no share is large, with the same slopes on both sides of the place where the form changes.
#[test]
fn what_small_shares_leave_is_the_difference() {
    let third = 1.0_f64 / 3.0;
    check("loss = sum(log(1 - softmax(z)));", &[1.0; 3], 3.0 * (2.0 * third).ln(), &[0.0; 3]);
    for first in [0.5, 0.51, 0.52] {
        let p = 1.0 / (1.0 + 2.0 * f64::exp(-first - 0.7));
        let slope = -p;
        check("loss = log(1 - softmax(z)[0]);", &[first + 0.7, 0.0, 0.0], (1.0 - p).ln(), &[slope, p / 2.0, p / 2.0]);
    }
}

/// Probabilities that have a name before they are taken from 1 again.
#[test]
fn what_a_named_probability_leaves_is_exact() {
    let of = |p: &str, t: f64| format!("let u = z[0]; let p = {p}; loss = {t:?}*log(p) + (1 - {t:?})*log(1 - p);");
    let tail = |x: f64| (-x).exp();
    let e5 = tail(-5.0);
    check(&of("1 - exp(-exp(u))", 0.0), &[5.0], -e5, &[-e5]);
    check(&of("1 - exp(-u)", 0.0), &[45.0], -45.0, &[-1.0]);
    check(&of("1 - exp(-u)", 1.0), &[45.0], -tail(45.0), &[tail(45.0)]);
    check(&of("1 - exp(-u^2)", 0.0), &[8.0], -64.0, &[-16.0]);
    check(&of("2*sigmoid(u) - 1", 0.0), &[45.0], std::f64::consts::LN_2 - 45.0, &[-1.0]);
    check(&of("0.5*(1 + erf(u))", 0.0), &[10.0], -103.573_036_205_404_83, &[-20.099_024_116_734_604]);
    check("loss = log(1 - (1 - exp(-z[0]))^3);", &[60.0], 3.0_f64.ln() - 60.0, &[-1.0]);
    check("loss = log(1 - sigmoid(z[0])*sigmoid(z[1]));", &[60.0, 60.0], 2.0_f64.ln() - 60.0, &[-0.5, -0.5]);
    check("let p = z[0]; let y = z[1]; loss = y*log(p) + (1 - y)*log(1 - p);", &[1.0, 1.0], 0.0, &[1.0]);
}

/// As written near 0, and from the tail near -1.
#[test]
fn log1p_of_what_may_be_near_minus_one_loses_nothing() {
    for x in [1e-200_f64, 1e-10, 1e-3] {
        check("loss = log1p(-tanh(z[0]));", &[x], (-x.tanh()).ln_1p(), &[-1.0 - x.tanh()]);
        check("loss = log1p(tanh(z[0]));", &[x], x.tanh().ln_1p(), &[1.0 - x.tanh()]);
    }
    check("loss = log1p(erf(z[0]));", &[1e-200], 1e-200 * FRAC_2_SQRT_PI, &[FRAC_2_SQRT_PI]);
    check("loss = log1p(-tanh(z[0]));", &[50.0], std::f64::consts::LN_2 - 100.0, &[-2.0]);
    check(
        "loss = log1p(erf(z[0]));",
        &[-10.0],
        -103.573_036_205_404_83 + std::f64::consts::LN_2,
        &[20.099_024_116_734_604],
    );
}
