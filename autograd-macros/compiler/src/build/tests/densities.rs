//! Log-densities: values and derivatives by every argument against arithmetic with many digits, and what they are at the
//! edges of their supports.

#![allow(
    clippy::unreadable_literal,
    clippy::excessive_precision,
    clippy::float_cmp,
    reason = "numbers as another program prints them"
)]

use crate::testing::{Example, assert_close};

/// `name;arguments;value;derivatives`, as `tests/reference/densities.py` writes them.
const TRUTHS: &str = include_str!("../../../../../tests/data/densities.csv");

/// How far the value may be off, relative to it or to its largest term, which is about 1.
const NEAR: f64 = 2e-12;

#[test]
fn densities_have_their_values_and_derivatives() {
    let mut wrong = Vec::new();
    for line in TRUTHS.lines() {
        let fields: Vec<&str> = line.split(';').collect();
        let numbers = |text: &str| -> Vec<Option<f64>> { text.split(' ').map(|number| number.parse().ok()).collect() };
        let [name, arguments, value, slopes] = fields[..] else { panic!("{line}") };
        let (arguments, slopes) = (numbers(arguments), numbers(slopes));
        let names: Vec<String> = (0..arguments.len()).map(|place| format!("a{place}")).collect();
        let counts = slopes.iter().filter(|slope| slope.is_none()).count();
        let declared = |names: &[String], kind: &str| {
            if names.is_empty() { String::new() } else { format!("{kind} {};", names.join(", ")) }
        };
        let (inputs, params) = (declared(&names[..counts], "input"), declared(&names[counts..], "param"));
        let unread = if names.len() == counts { "param unread unused;" } else { "" };
        let call = format!("{name}({})", names.join(", "));
        let mut model = Example::of(&format!("M {{ {inputs} {params} {unread} loss = {call}; }}"));
        for (name, argument) in names.iter().zip(&arguments) {
            model = model.set(name, &[], &[argument.expect("a number")]);
        }
        if !unread.is_empty() {
            model = model.set("unread", &[], &[0.0]);
        }
        let mut check = |what: &str, found: f64, truth: f64, floor: f64| {
            if (found - truth).abs() > NEAR * truth.abs().max(floor) {
                wrong.push(format!("{line}: {what} is {found:e}, not {truth:e}"));
            }
        };
        let truth = value.parse().expect("a number");
        check("the value", model.number("loss"), truth, if truth < -1e-10 { 1.0 } else { 0.0 });
        for (name, slope) in names.iter().zip(&slopes) {
            if let Some(slope) = slope {
                check(name, model.grad(name)[0], *slope, slope.abs().max(0.0));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a density is at a point, and its derivatives by the arguments that are parameters.
fn at(call: &str, params: &[(&str, f64)]) -> (f64, Vec<f64>) {
    let declared = params.iter().map(|(name, _)| format!("param {name};")).collect::<Vec<_>>().concat();
    let model = Example::of(&format!("M {{ {declared} loss = {call}; }}"));
    let model = params.iter().fold(model, |model, (name, value)| model.set(name, &[], &[*value]));
    (model.number("loss"), params.iter().map(|(name, _)| model.grad(name)[0]).collect())
}

#[test]
fn there_is_no_density_outside_of_the_support() {
    for (call, y) in [
        ("exponential_lpdf(y, a*b)", -1.0),
        ("gamma_lpdf(y, a, b)", -1.0),
        ("inv_gamma_lpdf(y, a, b)", 0.0),
        ("weibull_lpdf(y, a, b)", -2.0),
        ("lognormal_lpdf(y, a, b)", 0.0),
        ("lognormal_lpdf(y, a, b)", -1.0),
        ("beta_lpdf(y, a, b)", 1.5),
        ("beta_lpdf(y, a, b)", -0.5),
        ("uniform_lpdf(y, a, b)", 9.0),
        ("pareto_lpdf(y, a, b)", 0.5),
        ("rayleigh_lpdf(y, a*b)", -1.0),
        ("half_normal_lpdf(y, a*b)", -1.0),
        ("half_cauchy_lpdf(y, a*b)", -1.0),
        ("frechet_lpdf(y, a, b)", 0.0),
        ("loglogistic_lpdf(y, a, b)", -1.0),
        ("pareto_type_2_lpdf(y, 0, a, b)", -1.0),
        ("inv_chi_square_lpdf(y, a*b)", 0.0),
        ("scaled_inv_chi_square_lpdf(y, a, b)", -1.0),
        ("poisson_lpmf(y, a*b)", -1.0),
        ("poisson_log_lpmf(y, a*b)", -1.0),
        ("bernoulli_lpmf(y, a*b/9)", 2.0),
        ("binomial_lpmf(y, 10, a*b/9)", 11.0),
        ("binomial_logit_lpmf(y, 10, a*b)", -1.0),
        ("neg_binomial_lpmf(y, a, b)", -1.0),
        ("neg_binomial_2_lpmf(y, a, b)", -1.0),
        ("neg_binomial_2_log_lpmf(y, a, b)", -3.0),
        ("beta_binomial_lpmf(y, 10, a, b)", 11.0),
    ] {
        let model = Example::of(&format!("M {{ input y; param a, b; loss = {call}; }}"));
        let model = model.set("y", &[], &[y]).set("a", &[], &[1.5]).set("b", &[], &[2.0]);
        let (value, slopes) = (model.number("loss"), [model.grad("a")[0], model.grad("b")[0]]);
        assert_eq!((value, slopes), (f64::NEG_INFINITY, [0.0, 0.0]), "{call} at {y}");
    }
}

#[test]
fn impossible_and_certain_outcomes_have_their_logarithms() {
    let inf = f64::INFINITY;
    let cases: &[(&str, f64, f64, f64)] = &[
        // By p: the value and the slope.
        ("binomial_lpmf(0, 4, p)", 0.0, 0.0, -4.0),
        ("binomial_lpmf(4, 4, p)", 1.0, 0.0, 4.0),
        ("binomial_lpmf(1, 4, p)", 0.0, -inf, inf),
        ("bernoulli_lpmf(1, p)", 1.0, 0.0, 1.0),
        ("bernoulli_lpmf(0, p)", 0.0, 0.0, -1.0),
        ("poisson_lpmf(0, p)", 0.0, 0.0, -1.0),
        ("poisson_lpmf(2, p)", 0.0, -inf, inf),
        ("poisson_log_lpmf(0, p)", -inf, 0.0, 0.0),
        ("neg_binomial_2_lpmf(0, p, 3)", 0.0, 0.0, -1.0),
        ("neg_binomial_2_log_lpmf(0, p, 3)", -inf, 0.0, 0.0),
        ("bernoulli_logit_lpmf(1, p)", inf, 0.0, 0.0),
        ("bernoulli_logit_lpmf(0, p)", -inf, 0.0, 0.0),
        ("bernoulli_logit_lpmf(0, p)", inf, -inf, -1.0),
        ("binomial_logit_lpmf(3, 3, p)", inf, 0.0, 0.0),
        ("beta_lpdf(p, 1, 1)", 0.0, 0.0, 0.0),
        ("gamma_lpdf(p, 1, 2)", 0.0, std::f64::consts::LN_2, -2.0),
        ("exponential_lpdf(p, 2)", 0.0, std::f64::consts::LN_2, -2.0),
        ("student_t_lpdf(p, 4, 0, 1)", 1e200, -2300.1001863442577, -5e-200),
        ("cauchy_lpdf(p, 0, 1)", -1e200, -922.17876708346767, 2e-200),
        ("normal_lpdf(p, 0, 1)", 1e200, -inf, -1e200),
        ("log_norm_cdf(p)", -1e200, -inf, 1e200),
        ("bce_with_logits(p, 1)", inf, 0.0, 0.0),
        ("bce_with_logits(p, 0)", -inf, 0.0, 0.0),
        ("bce_with_logits(p, 1)", -inf, inf, -1.0),
        ("bce_with_logits(p, 0)", inf, inf, 1.0),
        ("bce_with_logits(p, 1)", 40.0, 4.248354255291589e-18, -4.248354255291589e-18),
        ("bce_with_logits(p, 0)", -40.0, 4.248354255291589e-18, 4.248354255291589e-18),
        ("bce_with_logits(p, 0.25)", 0.0, std::f64::consts::LN_2, 0.25),
    ];
    for &(call, p, value, slope) in cases {
        let (found, slopes) = at(call, &[("p", p)]);
        let near = |a: f64, b: f64| a == b || (a - b).abs() <= 1e-9 * b.abs();
        assert!(near(found, value), "{call} at {p} is {found:e}, not {value:e}");
        assert!(near(slopes[0], slope), "the slope of {call} at {p} is {:e}, not {slope:e}", slopes[0]);
    }
}

#[test]
fn binary_cross_entropy_is_smooth_where_its_forms_meet() {
    // σ(z) - t, its derivative, and that one's.
    let model = Example::of(
        "M { param z; input t; loss = bce_with_logits(z, t); let z1 = grad(loss, z); second = grad(z1, z); third = grad(grad(z1, z), z); }",
    );
    let model = model.set("z", &[], &[0.0]).set("t", &[], &[0.3]);
    assert_close(&model.grad("z"), &[0.2], 1e-14);
    assert_close(&model.value("second"), &[0.25], 1e-14);
    assert!(model.number("third").abs() < 1e-16);
    let target = Example::of("M { param t; loss = bce_with_logits(2, t); }").set("t", &[], &[1.0]);
    assert_close(&target.grad("t"), &[-2.0], 0.0);
}

#[test]
fn rows_have_a_density_each() {
    let model = Example::of(
        "M<N, K> { param x: [N, K], mu: [K]; input label: [N] in K;
            normal = multi_normal_diag_lpdf(x, mu, exp(mu)); class = categorical_logit_lpmf(label, x);
            shares = dirichlet_lpdf(softmax(x, K), exp(mu)); even = dirichlet_lpdf(softmax(x, K), 1);
            counts = multinomial_lpmf(x^2, softmax(x, K));
            loss = -sum(normal) - sum(class); }",
    );
    let model = model.dim("N", 2).dim("K", 3).set("mu", &[3], &[0.0, 0.0, 0.0]).set("label", &[2], &[1.0, 2.0]);
    let model = model.set("x", &[2, 3], &[0.0, 0.0, 0.0, 1.0, 2.0, 50.0]);
    let third = 3.0 * 0.918_938_533_204_672_7;
    assert_close(&model.value("normal"), &[-third, -third - 0.5 * 2505.0], 1e-13);
    assert_close(&model.value("class"), &[-(3_f64.ln()), 0.0], 1e-13);
    // Γ(3) evenly, whatever the shares are.
    assert_close(&model.value("even"), &[2_f64.ln(), 2_f64.ln()], 1e-13);
    assert_close(&model.value("shares"), &[2_f64.ln(), 2_f64.ln()], 1e-13);
    assert_close(&model.value("counts")[..1], &[0.0], 1e-13);
}

/// The help for a model that is there under no name of its own.
#[test]
fn ordered_classes_are_written_with_their_cut_points() {
    let model = Example::of(
        "M<N, C, K> { param eta: [N], c: [C]; input label: [N] in K;
            let z = eta[.., new] - c;
            loss = sum(categorical_logit_lpmf(label, pad(log_sigmoid(z), 1, 0, axis = -1)
                + pad(log_sigmoid(-z), 0, 1, axis = -1) + pad(log1m_exp(c[..-1] - c[1..]), 1, 1))); }"
            .replace("<N, C, K>", "<N, K>")
            .replace("[C]", "[K - 1]")
            .as_str(),
    );
    let model = model.dim("N", 3).dim("K", 3).set("eta", &[3], &[0.5, -1.0, 2.0]).set("c", &[2], &[-0.5, 1.5]);
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let classes = [1.0 - sigmoid(0.5 + 0.5), sigmoid(-1.0 + 0.5) - sigmoid(-1.0 - 1.5), sigmoid(2.0 - 1.5)];
    let wanted: f64 = classes.iter().map(|p| p.ln()).sum();
    let found = model.set("label", &[3], &[0.0, 1.0, 2.0]).number("loss");
    assert!((found - wanted).abs() < 1e-12, "{found} is not {wanted}");
}
