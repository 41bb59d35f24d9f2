//! Formulas as they stand in books, where their parts overflow, cancel or vanish: the value and the slope are those of the
//! true function. The numbers are from arithmetic with 60 digits.

#![allow(
    clippy::unreadable_literal,
    clippy::excessive_precision,
    clippy::float_cmp,
    reason = "numbers as another program prints them"
)]

use crate::testing::{Example, assert_close};

/// An expression in `x` (and `c`, 2), `x`, its value and its derivative there.
type Point = (&'static str, f64, f64, f64);

#[rustfmt::skip]
const POINTS: &[Point] = &[
    ("log(cosh(x))", 1000.0, 999.3068528194401, 1.0),
    ("log(cosh(x))", -1000.0, 999.3068528194401, -1.0),
    ("log(cosh(x))", 1e-9, 5e-19, 1e-9),
    ("log((exp(x) + exp(-x))/2)", 1000.0, 999.3068528194401, 1.0),
    ("log(0.5*(exp(-x) + exp(x)))", -1000.0, 999.3068528194401, -1.0),
    ("log(0.5*exp(-x) + 0.5*exp(x))", 1000.0, 999.3068528194401, 1.0),
    ("log(exp(-x) + exp(x)) - log(2)", 1000.0, 999.3068528194401, 1.0),
    ("-log(1/cosh(x))", 1000.0, 999.3068528194401, 1.0),
    ("log(sqrt(cosh(x)))", 1000.0, 499.65342640972005, 0.5),
    ("log(cosh(x)^2)", 1000.0, 1998.6137056388802, 2.0),
    ("log(cosh(x)*exp(x))", 1000.0, 1999.3068528194401, 2.0),
    ("log(exp(x) - 1)", 1000.0, 1000.0, 1.0),
    ("log(exp(x) - 1)", 1e-20, -46.05170185988091, 1e20),
    ("log(-1 + exp(x))", 800.0, 800.0, 1.0),
    ("log(expm1(x))", 800.0, 800.0, 1.0),
    ("log(exp(x) - exp(c))", 1000.0, 1000.0, 1.0),
    ("log(exp(c*x) - exp(x))", 1000.0, 2000.0, 2.0),
    ("log(sinh(x))", 1000.0, 999.3068528194401, 1.0),
    ("log(1 - exp(x))", -1e-20, -46.05170185988091, -1e20),
    ("log(1 - exp(x))", -40.0, -4.248354255291589e-18, -4.248354255291589e-18),
    ("log1p(-exp(x))", -40.0, -4.248354255291589e-18, -4.248354255291589e-18),
    ("log(1 - tanh(x)^2)", 1000.0, -1998.6137056388802, -2.0),
    ("log(1 - tanh(x)*tanh(x))", -1000.0, -1998.6137056388802, 2.0),
    ("log1p(-tanh(x)^2)", 1000.0, -1998.6137056388802, -2.0),
    ("log((1 - tanh(x))*(1 + tanh(x)))", 1000.0, -1998.6137056388802, -2.0),
    ("log(1 - tanh(x))", 1000.0, -1999.3068528194401, -2.0),
    ("log(0.5*erfc(-x/sqrt(2)))", -40.0, -804.6084420137538, 40.02496884720726),
    ("log(0.5*erfc(-x/sqrt(2)))", 10.0, -7.619853024160527e-24, 7.694598626706420e-23),
    ("log(erfc(-x/sqrt(2))/2)", -40.0, -804.6084420137538, 40.02496884720726),
    ("log(0.5*(1 + erf(x/sqrt(2))))", -40.0, -804.6084420137538, 40.02496884720726),
    ("log(0.5 + 0.5*erf(x/sqrt(2)))", -40.0, -804.6084420137538, 40.02496884720726),
    ("log(erfc(-x*0.7071067811865476)) - log(2)", -40.0, -804.6084420137538, 40.02496884720726),
    ("log(norm_cdf(x))", -1e10, -5e19, 1e10),
    ("log(1 - norm_cdf(x))", 40.0, -804.6084420137538, -40.02496884720726),
    ("log(norm_pdf(x))", 1e10, -5e19, -1e10),
    ("log(exp(-x^2/2)/sqrt(2*pi))", 100.0, -5000.918938533205, -100.0),
    ("1 - erf(x)", 10.0, 2.088487583762545e-45, -4.197656231354417e-44),
    ("1 + erf(x)", -10.0, 2.088487583762545e-45, 4.197656231354417e-44),
    ("0.5*(1 - erf(-x/sqrt(2)))", -10.0, 7.619853024160527e-24, 7.694598626706420e-23),
    ("exp(x)/(exp(x) + exp(c))", 1000.0, 1.0, 0.0),
    ("exp(x)/(exp(c) + exp(x))", -700.0, 1.334362117671115e-305, 1.334362117671115e-305),
    ("exp(c)/(exp(x) + exp(c))", 800.0, 0.0, -0.0),
    ("1/(1 + exp(c - x))", 42.0, 1.0, 4.248354255291589e-18),
    ("exp(x)/(exp(x) + exp(c) + 1)", 1000.0, 1.0, 0.0),
    ("exp(-x)/(1 + exp(-x))^2", -40.0, 4.248354255291589e-18, 4.248354255291589e-18),
    ("exp(-x)/(1 + exp(-x))^2", -1000.0, 0.0, 0.0),
    ("exp(-x)/(1 + exp(-x))^2", 40.0, 4.248354255291589e-18, -4.248354255291589e-18),
    ("exp(x)/(1 + exp(x))^2", 1000.0, 0.0, 0.0),
    ("exp(-x)/(1 + exp(-x))/(1 + exp(-x))", -1000.0, 0.0, 0.0),
    ("exp(-x)*sigmoid(x)^2", -1000.0, 0.0, 0.0),
    ("sigmoid(x)*(1 - sigmoid(x))", 40.0, 4.248354255291589e-18, -4.248354255291589e-18),
    ("sigmoid(x) - sigmoid(x)^2", 40.0, 4.248354255291589e-18, -4.248354255291589e-18),
    ("1 - tanh(x)^2", 20.0, 1.6993417021166357e-17, -3.3986834042332713e-17),
    ("1/cosh(x)^2", 1000.0, 0.0, 0.0),
    ("4/(exp(x) + exp(-x))^2", 1000.0, 0.0, 0.0),
    ("1 - tanh(x)", 20.0, 8.496708510583178e-18, -1.6993417021166357e-17),
    ("1 + tanh(x)", -20.0, 8.496708510583178e-18, 1.6993417021166357e-17),
    ("1 - sigmoid(x)", 40.0, 4.248354255291589e-18, -4.248354255291589e-18),
    ("log(c*exp(x))", 1000.0, 1000.6931471805599, 1.0),
    ("log(exp(x)/c)", -1000.0, -1000.6931471805599, 1.0),
    ("log(1 + c*exp(x))", 1000.0, 1000.6931471805599, 1.0),
    ("log(1 + c*exp(x))", -50.0, 3.8574996959278356e-22, 3.8574996959278356e-22),
    ("log(3 + exp(x))", 1000.0, 1000.0, 1.0),
    ("log(c + exp(x))", 1000.0, 1000.0, 1.0),
    ("log(c*exp(x) + (1 - c)*exp(x/2))", 1000.0, 1000.6931471805599, 1.0),
    ("log(exp(x) + exp(c) + exp(-x))", 1000.0, 1000.0, 1.0),
    ("log(1 + exp(x) + exp(c*x))", 1000.0, 2000.0, 2.0),
    ("log(1 + exp(x)*(1 + exp(c)))", 1000.0, 1002.1269280110429, 1.0),
    ("log(sigmoid(x)*norm_cdf(x))", -1000.0, -501007.82669407, 1001.0009999980),
    ("log(exp2(x) + 1)", 2000.0, 1386.2943611198906, std::f64::consts::LN_2),
    ("tanh(x)", 20.0, 1.0, 1.6993417021166357e-17),
    ("sigmoid(x)", 40.0, 1.0, 4.248354255291589e-18),
    ("asinh(x)", 1e200, 461.2101657793691, 1e-200),
    ("asinh(x)", -1e160, -369.10676205960726, 1e-160),
    ("acosh(x)", 1e200, 461.2101657793691, 1e-200),
    ("exp(x)*exp(c - x)", 800.0, 7.38905609893065, 0.0),
    ("exp(x)*exp(c - x)", -800.0, 7.38905609893065, 0.0),
    ("exp(2*x)*exp(-x)", 500.0, 1.4035922178528375e+217, 1.4035922178528375e+217),
    ("exp(2*x)*exp(-x)", -500.0, 7.124576406741286e-218, 7.124576406741286e-218),
    ("exp(2*x)/exp(x)", 500.0, 1.4035922178528375e+217, 1.4035922178528375e+217),
    ("exp(2*x)/exp(x)", -500.0, 7.124576406741286e-218, 7.124576406741286e-218),
    ("c*exp(2*x)*exp(-x)", 500.0, 2.807184435705675e+217, 2.807184435705675e+217),
    ("c*exp(2*x)*exp(-x)", -500.0, 1.4249152813482571e-217, 1.4249152813482571e-217),
    ("x*exp(2*x)/exp(x)", 500.0, 7.017961089264187e+219, 7.031997011442715e+219),
    ("x*exp(2*x)/exp(x)", -500.0, -3.562288203370643e-215, -3.5551636269639015e-215),
    ("exp(2*x)/(3*exp(x)*exp(c))", 500.0, 6.331851678393971e+215, 6.331851678393971e+215),
    ("exp(x)^2*exp(-x)", 500.0, 1.4035922178528375e+217, 1.4035922178528375e+217),
    ("exp2(2*x)/exp2(x)", 600.0, 4.149515568880993e+180, 2.8762250172594577e+180),
    ("exp(x)^0.25", 1000.0, 3.7464546145026734e+108, 9.366136536256683e+107),
    ("exp(x)^0.25", -1000.0, 2.6691902155412764e-109, 6.672975538853191e-110),
    ("cbrt(exp(x))", 1000.0, 5.818717881446996e+144, 1.9395726271489986e+144),
    ("cbrt(exp(x))", -1000.0, 1.7185916560562314e-145, 5.728638853520771e-146),
    ("c/(1 + exp(x))", 400.0, 3.8303391934280114e-174, -3.8303391934280114e-174),
    ("exp(x)/(c + exp(x))", 400.0, 1.0, 3.8303391934280114e-174),
    ("exp(x)/(c + exp(x))", 800.0, 1.0, 0.0),
    ("exp(x)/(c + exp(x))", -400.0, 9.575847983570028e-175, 9.575847983570028e-175),
    ("c*exp(x)/(1 + c*exp(x))", 400.0, 1.0, 9.575847983570028e-175),
    ("c*exp(x)/(1 + c*exp(x))", 800.0, 1.0, 0.0),
    ("c*exp(x)/(1 + c*exp(x))", -400.0, 3.8303391934280114e-174, 3.8303391934280114e-174),
    ("c/exp(x)", 400.0, 3.8303391934280114e-174, -3.8303391934280114e-174),
    ("c/exp(x)", -400.0, 1.0442939379528289e+174, -1.0442939379528289e+174),
    ("log(x + sqrt(x^2 + 1))", -10000000000.0, -23.7189981105004, 1e-10),
    ("log(x + sqrt(x^2 + 1))", 1e+200, 461.2101657793691, 1e-200),
    ("log(x + sqrt(x^2 + 1))", 1e-10, 1e-10, 1.0),
    ("log(sqrt(x*x + 1) - x)", 10000000000.0, -23.7189981105004, -1e-10),
    ("log(x + hypot(x, 1))", -10000000000.0, -23.7189981105004, 1e-10),
    ("log(x + sqrt(x^2 - 1))", 1e+200, 461.2101657793691, 1e-200),
    ("log(x + sqrt(x - 1)*sqrt(x + 1))", 1e+200, 461.2101657793691, 1e-200),
    ("log((1 + x)/(1 - x))/2", 1e-09, 1e-09, 1.0),
    ("0.5*log((1 - x)/(1 + x))", -1e-09, 1e-09, -1.0),
    ("2/(exp(x) + exp(-x))", -500.0, 1.4249152813482571e-217, 1.4249152813482571e-217),
    ("2/(exp(x) + exp(-x))", 500.0, 1.4249152813482571e-217, -1.4249152813482571e-217),
    ("c/(exp(-x) + exp(x))", -500.0, 1.4249152813482571e-217, 1.4249152813482571e-217),
    ("1/cosh(x)", 500.0, 1.4249152813482571e-217, -1.4249152813482571e-217),
    ("c/cosh(x)", 500.0, 2.8498305626965142e-217, -2.8498305626965142e-217),
    ("1/(exp(x) + exp(-x))^2", -300.0, 2.6503965530043108e-261, 5.3007931060086215e-261),
    ("c/(exp(x) + exp(-x))^2", -300.0, 5.3007931060086215e-261, 1.0601586212017243e-260),
    ("exp(x)/cosh(x)", 800.0, 2.0, 0.0),
    ("exp(x)/cosh(x)", -300.0, 5.3007931060086215e-261, 1.0601586212017243e-260),
    ("exp(-x)/(exp(x) + exp(-x))", 300.0, 2.6503965530043108e-261, -5.3007931060086215e-261),
    ("exp(-x)/(exp(x) + exp(-x))", -800.0, 1.0, -0.0),
    ("sinh(x)/cosh(x)", 800.0, 1.0, 0.0),
    ("sinh(x)/cosh(x)", 1e-09, 1e-09, 1.0),
    ("(exp(x) - exp(-x))/2", 1e-09, 1e-09, 1.0),
    ("(exp(x) - exp(-x))/(exp(x) + exp(-x))", 800.0, 1.0, 0.0),
    ("(exp(x) - exp(-x))/(exp(x) + exp(-x))", 1e-09, 1e-09, 1.0),
    ("cosh(x)/sinh(x)", 800.0, 1.0, -0.0),
    ("atan(1/x)", 1e-310, std::f64::consts::FRAC_PI_2, -1.0),
    ("atan(1/x)", -1e-310, -std::f64::consts::FRAC_PI_2, -1.0),
    ("atan(c/x)", 1e-310, std::f64::consts::FRAC_PI_2, -0.5),
    ("atan(c/x)", -3.0, -0.5880026035475675, -0.15384615384615385),
    ("atan(x/c)", -3.0, -0.982793723247329, 0.15384615384615385),
];

#[test]
fn formulas_have_the_values_and_slopes_of_the_functions_that_they_spell() {
    let mut wrong = Vec::new();
    for &(text, x, value, slope) in POINTS {
        let model = Example::of(&format!("M {{ param x; input c; loss = {text}; y = {text}; }}"));
        let model = model.set("x", &[], &[x]).set("c", &[], &[2.0]);
        let near = |a: f64, b: f64| a == b || (a - b).abs() <= 1e-11 * b.abs();
        let (loss, y, grad) = (model.number("loss"), model.number("y"), model.grad("x")[0]);
        if !(near(loss, value) && near(grad, slope) && (y.to_bits() == loss.to_bits() || near(y, value))) {
            wrong.push(format!("{text} at {x}: {loss:e} ({y:e}) and {grad:e}, not {value:e} and {slope:e}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Of a share near 0 or 1, where the square of the divisor is out of range: it is c·exp(-x) from 1, or exp(x)/c from 0.
#[test]
fn shares_of_exponentials_have_second_derivatives() {
    let text = "exp(x)/(c + exp(x))";
    let model = format!("M {{ param x, c; loss = {text} + 0*c; h = grad(grad({text}, x), x); }}");
    let at = |x: f64| Example::of(&model).set("x", &[], &[x]).set("c", &[], &[2.0]).number("h");
    for x in [360.0, 400.0, 700.0] {
        let (large, small) = (at(x), at(-x));
        let truth = (-2.0 * (-x).exp(), (-x).exp() / 2.0);
        // Not by how far they are apart: all of these are tiny.
        assert!(
            (large / truth.0 - 1.0).abs() < 1e-12 && (small / truth.1 - 1.0).abs() < 1e-12,
            "{large} {small} at {x}"
        );
    }
}

#[test]
fn weighted_sums_of_exponentials_are_shifted() {
    let model = |text: &str, w: [f64; 3], x: [f64; 3]| {
        let model = Example::of(&format!("M<N> {{ param x: [N], w: [N]; loss = {text}; }}"));
        model.dim("N", 3).set("x", &[3], &x).set("w", &[3], &w)
    };
    for text in ["log(sum(w*exp(x)))", "log(dot(w, exp(x)))", "log(sum(exp(x)*w/2)) + log(2)", "log(w @ exp(x))"] {
        let it = model(text, [1.0, 2.0, 1.0], [1000.0, 1000.0, 999.0]);
        // 1000 + log(3 + 1/e)
        assert_close(&[it.number("loss")], &[1001.2142833003628], 1e-12);
        assert_close(&it.grad("x"), &[0.2969227424756547, 0.5938454849513094, 0.10923177257303593], 1e-12);
        // A weight of 0 leaves no term, but has a slope.
        let it = model(text, [0.0, 1.0, 0.0], [1000.0, 0.0, -1000.0]);
        assert_close(&[it.number("loss")], &[0.0], 0.0);
        assert_close(&it.grad("x"), &[0.0, 1.0, 0.0], 1e-12);
        assert_close(&it.grad("w"), &[f64::INFINITY, 1.0, 0.0], 1e-12);
        // Weights of either sign.
        let it = model(text, [2.0, -1.0, 1.0], [800.0, 800.0, 0.0]);
        assert_close(&[it.number("loss")], &[800.0], 1e-12);
        assert_close(&it.grad("x"), &[2.0, -1.0, 0.0], 1e-12);
    }
    let normalised = model("log(sum(w*exp(x))/sum(w))", [1.0, 1.0, 2.0], [-1000.0, -1000.0, -1000.0]);
    assert_close(&[normalised.number("loss")], &[-1000.0], 1e-12);
}

#[test]
fn variances_are_about_the_mean() {
    for text in ["mean(x^2) - mean(x)^2", "mean(x*x) - mean(x)*mean(x)", "sum(x^2)/N - (sum(x)/N)^2", "var(x)"] {
        let model = Example::of(&format!("M<N> {{ param x: [N]; loss = {text}; }}"));
        let model = model.dim("N", 4).set("x", &[4], &[1e9, 1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0]);
        assert_close(&[model.number("loss")], &[1.25], 1e-12);
        assert_close(&model.grad("x"), &[-0.75, -0.25, 0.25, 0.75], 1e-12);
    }
    let model =
        Example::of("M<N, D> { param x: [N, D], y: [N, D]; loss = sum(mean(x*y, N) - mean(x, N)*mean(y, N)); }");
    let (x, y) = ([1e9, 1.0, 1e9 + 2.0, 2.0], [1e8, 5.0, 1e8 + 1.0, 7.0]);
    let model = model.dim("N", 2).dim("D", 2).set("x", &[2, 2], &x).set("y", &[2, 2], &y);
    assert_close(&[model.number("loss")], &[0.5 + 0.5], 1e-12);
    assert_close(&model.grad("x"), &[-0.25, -0.5, 0.25, 0.5], 1e-12);
}

#[test]
fn running_sums_of_exponentials_do_not_overflow() {
    for text in ["log(cumsum(exp(h)))", "logcumsumexp(h)", "log(cumsum(exp(h)/2)) + log(2)"] {
        let model = Example::of(&format!("M<N> {{ param h: [N]; input w: [N]; y = {text}; loss = sum(w*({text})); }}"));
        let model = model.dim("N", 4).set("w", &[4], &[1.0, 1.0, 1.0, 1.0]);
        let model = model.set("h", &[4], &[1000.0, 1000.0, -1000.0, 1001.0]);
        let second = 1000.6931471805599;
        assert_close(&model.value("y"), &[1000.0, second, second, 1001.5514447139321], 1e-14);
        let share = 1.0 / (2.0 + std::f64::consts::E);
        assert_close(&model.grad("h"), &[2.0 + share, 1.0 + share, 0.0, std::f64::consts::E * share], 1e-12);
        // What came first is far below what comes later.
        let model = model.set("h", &[4], &[-1000.0, -1000.0, f64::NEG_INFINITY, 1000.0]);
        assert_close(&model.value("y"), &[-1000.0, -999.3068528194401, -999.3068528194401, 1000.0], 1e-14);
    }
    // Cox's partial likelihood, the risk set of each being those from it on.
    let cox = Example::of(
        "M<N> { param h: [N]; input event: [N]; loss = -sum(event*(h - log(flip(cumsum(flip(exp(h))))))); }",
    );
    let cox = cox.dim("N", 3).set("event", &[3], &[1.0, 0.0, 1.0]).set("h", &[3], &[900.0, 900.0, 900.0]);
    assert_close(&[cox.number("loss")], &[3_f64.ln()], 1e-12);
    assert_close(&cox.grad("h"), &[1.0 / 3.0 - 1.0, 1.0 / 3.0, 1.0 / 3.0], 1e-12);
    let empty =
        Example::of("M<N> { param h: [N]; y = logcumsumexp(h); loss = sum(y); }").dim("N", 0).set("h", &[0], &[]);
    assert_close(&empty.grad("h"), &[], 0.0);
}
