//! Cases of `rows::kinks`, and what they are for: derivatives at the kink, and digits far from it.

use super::{Case, row};
use crate::testing::{Example, assert_close};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("logaddexp_of_zero", "logaddexp(u, 0)", "softplus(u)"),
        row("logaddexp_less_one", "logaddexp(u, v) - v", "softplus(u - v)"),
        row("smooth_sum", "relu(u) - u * v + softplus(-abs(u))", "softplus(u) - u * v"),
        row(
            "smooth_difference",
            "softplus(u) - u * v",
            "p = u < 0; q = select(p, -v, 1 - v); softplus(select(p, u, -u)) + mul_unless_zero(q, u)",
        ),
        row("smooth_sum", "softplus(-abs(u)) + max(0, u)", "softplus(u)"),
        row("smooth_sum", "max(u, v) + softplus(-abs(v - u))", "logaddexp(u, v)"),
        row("smooth_sum", "max(u, v) + softplus(min(u, v) - max(u, v))", "logaddexp(u, v)"),
        row("smooth_sum", "0.5 * (abs(u) - u) + softplus(-abs(u))", "softplus(-u)"),
        row("smooth_sum", "abs(u) + softplus(-2 * abs(u))", "log_cosh(u) + 0.6931471805599453"),
        row("smooth_sum", "w + (select(0 < u, u, 0) + softplus(select(0 < u, -u, u)))", "w + softplus(u)"),
        row("smooth_difference", "min(u, 0) - softplus(-abs(u))", "-softplus(-u)"),
        row("smooth_difference", "3 * softplus(u) - v - 3 * u", "3 * softplus(-u) - v"),
    ]
}

/// First and second derivatives at the kink, in every spelling and order of the terms.
#[test]
fn a_kink_that_is_smoothed_has_the_derivatives_of_the_sum() {
    let softplus = [
        "relu(z) + log1p(exp(-abs(z)))",
        "log(1 + exp(-abs(z))) - z*0.5 + max(z, 0) + 0.5*z",
        "-min(-z, 0) + softplus(-abs(z))",
        "(abs(z) + z)/2 + log1p(exp(-abs(z)))",
        "if z > 0 { z } else { 0 } + log1p(exp(if z > 0 { -z } else { z }))",
        "max(z, b) + log1p(exp(-abs(z - b)))",
        "max(b, z) + log(1 + exp(min(z, b) - max(z, b)))",
        "z/2 + (abs(z)/2 + log1p(exp(-abs(z))))",
    ];
    for text in softplus {
        let model = format!("M {{ param z; input b; loss = {text}; other = b; h = grad(grad(loss, z), z); }}");
        let example = Example::of(&model).set("z", &[], &[0.0]).set("b", &[], &[0.0]);
        assert_close(&example.value("loss"), &[std::f64::consts::LN_2], 1e-15);
        assert_close(&example.grad("z"), &[0.5], 1e-15);
        assert_close(&example.value("h"), &[0.25], 1e-15);
    }
}

/// Softplus less its asymptote is as small as it is.
#[test]
fn softplus_less_its_asymptote_keeps_its_digits() {
    let tiny = (-40.0_f64).exp();
    for text in [
        "softplus(z) - z",
        "log(1 + exp(z)) - z",
        "logaddexp(0, z) - z",
        "logaddexp(z, 3) - z - softplus(3 - z) + softplus(-z)",
    ] {
        let example = Example::of(&format!("M {{ param z; loss = {text}; }}")).set("z", &[], &[40.0]);
        assert_close(&example.value("loss"), &[tiny], 1e-14);
        assert_close(&example.grad("z"), &[-tiny], 1e-14);
    }
}

/// A tie of three is no tree of ties of two; against a number it is 0.
#[test]
fn a_tie_of_several_is_shared_evenly() {
    let text = "M { param a; param b; param c; loss = max(a, b, c) + 3*min(a, c, b, 9) + max(a, 1) + 5*max(b, 0, 1); }";
    let example = Example::of(text).set("a", &[], &[1.0]).set("b", &[], &[1.0]).set("c", &[], &[1.0]);
    for name in ["a", "b", "c"] {
        assert_close(&example.grad(name), &[4.0 / 3.0], 1e-15);
    }
}
