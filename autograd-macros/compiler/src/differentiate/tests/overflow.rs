//! What has overflowed has no slope of 0: it is NaN, or right.

#![allow(clippy::float_cmp, reason = "these values are meant to be equal")]

use crate::differentiate::jvp;
use crate::differentiate::testing::Bench;
use crate::graph::{NodeId, Region};
use crate::ops::Function;
use crate::testing::Example;

/// `x·x` and `-x·x` at 1e200, and `exp(x)` at 1000.
type Inner = (f64, fn(&mut Region, NodeId) -> NodeId);
const INNER: &[Inner] = &[
    (1e200, |r, x| r.times(x, x)),
    (1e200, |r, x| {
        let square = r.times(x, x);
        r.neg(square)
    }),
    (1000.0, |r, x| r.exp(x)),
];

/// By the table: whatever is infinite because its argument overflowed, in both modes, twice.
#[test]
fn no_function_hides_what_overflowed() {
    let mut seen = 0;
    for &function in Function::ALL {
        for place in 0..function.arity() {
            for &(at, inner) in INNER {
                for other in [2.0, 0.3] {
                    let mut bench = Bench::new(1);
                    let x = bench.scalar(at);
                    let mut operands: Vec<NodeId> = (0..function.arity()).map(|_| bench.scalar(other)).collect();
                    operands[place] = inner(&mut bench.region, x);
                    let y = bench.region.map(function, &operands);
                    let one = bench.region.literal(1.0);
                    let Ok(Some(forward)) = jvp(&mut bench.region, y, &[(x, one)]) else { continue };
                    if bench.value(y).data[0].is_infinite() {
                        seen += 1;
                        let what = format!("operand {place} of {} at {at} beside {other}", function.name());
                        let reverse = bench.gradient(y, &[x])[0].data[0];
                        assert!(reverse != 0.0, "{what}");
                        assert!(bench.value(forward).data[0] != 0.0, "{what} in forward mode");
                        let curvature = bench.gradient(forward, &[x])[0].data[0];
                        assert!(curvature != 0.0, "{what}, twice");
                    }
                }
            }
        }
    }
    assert!(seen > 50, "{seen} functions overflow");
}

/// Spellings of one number x that no row reads: the loss overflows, and its slope is NaN in both modes, and so is the
/// second derivative.
#[test]
fn growing_functions_of_what_overflowed_have_no_slope() {
    let losses = [
        "log(1 + x^2)",
        "log1p(x^2)",
        "log2(x^2 + 1)",
        "3*log10(x*x + 1) - 7",
        "cbrt(x^2 + 1)",
        "(1 + x^4)^0.3",
        "(1 + x^2)^p",
        "sqrt(x^2*x^2 + 2*x)",
        "asinh(x^3)",
        "acosh(x^2 + 1)",
        "log(1/x + x^2)",
        "xlogy(p, x^2 + 1)",
        "sum(sqrt(stack([x, 2*x])^2 + 3))",
    ];
    for loss in losses {
        let text =
            format!("M {{ param x, p; loss = {loss} + 0*p; h = grad(grad({loss}, x), x); j = jvp({loss}, x, 1); }}");
        let example = Example::of(&text).set("x", &[], &[1e200]).set("p", &[], &[0.3]);
        assert_eq!(example.number("loss"), f64::INFINITY, "{loss}");
        for slope in [example.grad("x")[0], example.number("j"), example.number("h")] {
            assert!(slope.is_nan(), "{loss} has the slope {slope}");
        }
    }
}

/// Factors one of which overflows where the other vanishes, and quotients of what overflows: there is no value, and no slope.
#[test]
fn slopes_are_not_lost_beside_what_vanishes() {
    let losses = [
        "exp(x)/(1 + exp(y))",
        "cosh(x)/cosh(y)",
        "cosh(x)*exp(-y)",
        "exp(-y)*sinh(x)",
        "expm1(x)/expm1(y)",
        "exp(x)*sigmoid(-y)",
        "y*exp(x)*y*exp(-y)",
        "(1 + exp(x))/(1 + exp(y))",
    ];
    for loss in losses {
        let text = format!("M {{ param x, y; loss = {loss}; j = jvp({loss}, x, 1); h = grad(grad({loss}, x), x); }}");
        let of = |x: f64, y: f64| Example::of(&text).set("x", &[], &[x]).set("y", &[], &[y]);
        let example = of(800.0, 799.0);
        for number in [example.number("loss"), example.grad("x")[0], example.number("j"), example.number("h")] {
            assert!(number.is_nan(), "{loss}: {number}");
        }
        let example = of(3.0, 2.0);
        for number in [example.number("loss"), example.grad("x")[0], example.number("j"), example.number("h")] {
            assert!(number.is_finite(), "{loss}: {number}");
        }
        // Behind a choice that does not take it.
        let text = format!("M {{ param x, y; loss = if x < 10 {{ {loss} }} else {{ 3*x }}; }}");
        let example = Example::of(&text).set("x", &[], &[800.0]).set("y", &[], &[799.0]);
        assert_eq!((example.grad("x"), example.grad("y")), (vec![3.0], vec![0.0]), "{loss}");
    }
}

/// Near the pole of a quotient the angle changes as fast as elsewhere; of more than a quotient that is not known there.
#[test]
fn angles_have_slopes_at_poles() {
    let at =
        |loss: &str, x: f64| Example::of(&format!("M {{ param x; loss = {loss}; }}")).set("x", &[], &[x]).grad("x")[0];
    for (loss, slope) in [("atan(1/x)", -1.0), ("atan(-2/x)", 0.5), ("atan((1 + x)/x)", -1.0)] {
        for x in [0.0, 1e-310, -1e-310] {
            assert_eq!(at(loss, x), slope, "{loss} at {x}");
        }
    }
    assert!(at("atan(1/x + 3)", 1e-310).is_nan());
    assert_eq!(at("atan((3/x)^2)", 1e-310), 0.0);
}

/// Functions that level off are as flat as they seem.
#[test]
fn bounded_functions_of_what_overflowed_are_flat() {
    let losses = [
        ("1/(1 + x^2)", 0.0),
        ("1/(2 + exp(x))", 0.0),
        ("1/x^2", 0.0),
        ("atan(x^2)", std::f64::consts::FRAC_PI_2),
        ("tanh(x^2)", 1.0),
        ("tanh(exp(x))", 1.0),
        ("sigmoid(x^2)", 1.0),
        ("exp(-x^2)", 0.0),
        ("erf(x*x)", 1.0),
        ("norm_cdf(x^2)", 1.0),
        ("(1 + x^2)^p", 0.0),
    ];
    for (loss, value) in losses {
        let text = format!("M {{ param x, p; loss = {loss} + 0*p; j = jvp({loss}, x, 1); }}");
        let example = Example::of(&text).set("x", &[], &[1e200]).set("p", &[], &[-2.0]);
        assert_eq!(example.number("loss"), value, "{loss}");
        assert_eq!(example.grad("x"), [0.0], "{loss}");
        // The tangent of what overflowed is infinite already where its slope overflows too.
        let tangent = example.number("j");
        assert!(tangent == 0.0 || tangent.is_nan() && loss.contains("exp(x)"), "{loss}: {tangent}");
    }
}

/// What is infinite and has not overflowed keeps the limit.
#[test]
fn an_infinite_leaf_has_the_slope_of_the_limit() {
    for loss in ["log(x)", "sqrt(x)", "asinh(x)", "log1p(x)", "sqrt(x + 1)", "log(x/2)"] {
        let example = Example::of(&format!("M {{ param x = 1; loss = {loss}; }}")).set("x", &[], &[f64::INFINITY]);
        assert_eq!(example.grad("x"), [0.0], "{loss}");
    }
}

/// Norms near the largest number.
#[test]
fn norms_that_overflow_have_no_slope() {
    let at = [1.5e308, 1.5e308];
    let spelled =
        ["norm(x)", "hypot(x[0], x[1])", "sqrt(x[0]^2 + x[1]^2)", "sqrt(sum(x^2) + 2*x[1]^2)", "sqrt(sum(3*x^2))"];
    for loss in spelled {
        let text = format!("M {{ param x: [2]; loss = {loss}; j = jvp({loss}, x, x/1e308); }}");
        let of = |x: [f64; 2]| Example::of(&text).set("x", &[2], &x);
        let example = of(at);
        assert_eq!(example.number("loss"), f64::INFINITY, "{loss}");
        assert!(example.grad("x").iter().all(|slope| slope.is_nan()), "{loss}: {:?}", example.grad("x"));
        assert!(example.number("j").is_nan(), "{loss}");
    }
    for loss in &spelled[..3] {
        let example = Example::of(&format!("M {{ param x: [2]; loss = {loss}; }}"));
        let example = example.set("x", &[2], &[f64::NEG_INFINITY, 1.5e308]);
        assert_eq!(example.grad("x"), [-1.0, 0.0], "{loss}");
    }
}

/// The root of an exponential is one of half of the exponent.
#[test]
fn roots_of_exponentials_do_not_overflow() {
    let half = 250_f64.exp();
    for (loss, sign) in [("sqrt(exp(x))", 1.0), ("exp(x)^0.5", 1.0), ("1/sqrt(exp(-x))", 1.0), ("1/sqrt(exp(x))", -1.0)]
    {
        let example = Example::of(&format!("M {{ param x = 1; loss = {loss}; h = grad(grad(loss, x), x); }}"));
        let example = example.set("x", &[], &[500.0 * 2.0]);
        let value = if sign > 0.0 { half * half } else { 1.0 / half / half };
        crate::testing::assert_close(&example.value("loss"), &[value], 1e-13);
        crate::testing::assert_close(&example.grad("x"), &[sign * value / 2.0], 1e-13);
        crate::testing::assert_close(&example.value("h"), &[value / 4.0], 1e-13);
    }
}
