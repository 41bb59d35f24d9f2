//! The language's own functions at large and small numbers.

#![allow(clippy::float_cmp, reason = "these values are meant exactly")]

use crate::testing::{Example, assert_close};

const NORM: &str = "M<N> { param w: [N]; input x: [N], v: [N]; out = layer_norm(w); loss = sum(v*layer_norm(w));
    none = layer_norm(w, eps = 0); twice = grad(sum(v*grad(loss, w)), w); }";

fn normal(size: f64) -> Example {
    let x: Vec<f64> = [1.0, 2.0, 4.0].iter().map(|x| x * size).collect();
    let example = Example::of(NORM).dim("N", 3).set("w", &[3], &x).set("x", &[3], &x);
    example.set("v", &[3], &[1.0, -2.0, 0.5])
}

#[test]
fn layer_norm_of_large_and_small_numbers() {
    let root = (14.0_f64 / 9.0).sqrt();
    let expected = [-4.0 / 3.0 / root, -1.0 / 3.0 / root, 5.0 / 3.0 / root];
    let slope = normal(1.0).grad("w");
    for size in [1.0, 1e14, 1e20, 1e40, 1e120, 1e200, 1e300, 1e307] {
        if size > 1.0 {
            assert_close(&normal(size).value("out"), &expected, 1e-14);
            // The slopes of what does not depend on the size, but for what `eps` does at 1.
            let scaled: Vec<f64> = normal(size).grad("w").iter().map(|slope| slope * size).collect();
            assert_close(&scaled, &slope, 1e-4);
        }
        for size in [size, 1.0 / size] {
            assert_close(&normal(size).value("none"), &expected, 1e-14);
        }
    }
    // Below the root of `eps` it is linear.
    for size in [1e-25, 1e-100, 1e-200, 1e-300] {
        let shrunk: Vec<f64> = [-4.0, -1.0, 5.0].iter().map(|x| x * size / 3.0 / 1e-5_f64.sqrt()).collect();
        assert_close(&normal(size).value("out"), &shrunk, 1e-14);
    }
}

/// Of equal numbers: the second derivative of a quotient by a root of squares.
#[test]
fn layer_norm_of_equal_numbers_has_derivatives() {
    let example = |x: f64| {
        let example = Example::of(NORM).dim("N", 3).set("w", &[3], &[x; 3]).set("x", &[3], &[x; 3]);
        example.set("v", &[3], &[1.0, -2.0, 0.5])
    };
    let factor = 1.0 / 1e-5_f64.sqrt();
    let mean = -0.5 / 3.0;
    let slope: Vec<f64> = [1.0, -2.0, 0.5].iter().map(|v| factor * (v - mean)).collect();
    for x in [0.0, 1.0, 2.0_f64.powi(100)] {
        assert_eq!(example(x).value("out"), [0.0; 3]);
        assert_close(&example(x).grad("w"), &slope, if x < 1e15 { 1e-14 } else { 1e-9 });
    }
}

#[test]
fn products_in_any_order() {
    let text = "M<N> { param w: [N]; input m: [N, N]; loss = prod(w); twice = grad(sum(grad(loss, w)), w); }";
    let of = |w: &[f64]| {
        let n = w.len();
        let dim = i64::try_from(n).expect("a few");
        Example::of(text).dim("N", dim).set("w", &[n], w).set("m", &[n, n], &vec![1.0; n * n])
    };
    let (large, small) = (1e200, 1e-200);
    for w in [[large, small, large, small], [large, large, small, small], [small, small, large, large]] {
        let example = of(&w);
        let slopes: Vec<f64> = w.iter().map(|x| 1.0 / x).collect();
        assert_close(&example.grad("w"), &slopes, 1e-14);
    }
    for (w, product) in
        [([large, small, large, small], 1.0), ([large, large, small, small], 1.0), ([3.0, 0.0, 2.0, large], 0.0)]
    {
        assert_close(&[of(&w).number("loss")], &[product], 1e-15);
    }
    assert_eq!(of(&[2.0, 3.0, -4.0]).number("loss"), -24.0);
    assert_eq!(of(&[f64::INFINITY, small, small]).number("loss"), f64::INFINITY);
    assert!(of(&[f64::NAN, large, large]).number("loss").is_nan());
    // Zeros are exact, whatever else there is.
    assert_close(&of(&[0.0, 3.0, 2.0]).grad("w"), &[6.0, 0.0, 0.0], 0.0);
    assert_close(&of(&[0.0, 3.0, 0.0]).grad("w"), &[0.0; 3], 0.0);
    assert_close(&of(&[2.0, 3.0, 4.0]).value("twice"), &[7.0, 6.0, 5.0], 1e-15);
    assert_close(&of(&[1e200, 1e200]).grad("w"), &[1e200, 1e200], 0.0);
    assert_close(&of(&[]).grad("w"), &[], 0.0);
}

#[test]
fn quotients_are_rounded_once() {
    let text = "M<N> { input x: [N], g; parts = floor(x / 49); tenth = floor(x / 0.1); whole = floor(g / 49);
        at = floor(iota(N) / 49)[49]; choice = if g / 49 >= 1 { 1 } else { 0 }; middle = mean(x, N); spread = var(x, N);
        counted = floor(x / N); both = floor(x / 49 * 2) + floor(3 * (x / 49)); of_mean = floor(mean(x) * 10); }";
    for equal in [0.1, 0.3, 7.7, 49.0, 1e300] {
        let of = |n: usize| {
            let example = Example::of(text).dim("N", i64::try_from(n).expect("a few"));
            example.set("x", &[n], &vec![equal; n]).set("g", &[], &[49.0])
        };
        let example = of(64);
        assert_eq!(example.number("whole"), 1.0);
        assert_eq!(example.number("at"), 1.0);
        assert_eq!(example.number("choice"), 1.0);
        assert_eq!(example.value("parts"), vec![(equal / 49.0).floor(); 64]);
        assert_eq!(example.value("tenth"), vec![(equal / 0.1).floor(); 64]);
        assert_eq!(example.value("counted"), vec![(equal / 64.0).floor(); 64]);
        if equal == 49.0 {
            assert_eq!(of(49 + 1).number("middle"), 49.0);
            assert_eq!(of(49 + 1).number("spread"), 0.0);
            assert_eq!(example.value("both"), vec![5.0; 64]);
        }
    }
    // All divisors with an unlucky multiple.
    for divisor in 2..1000 {
        let (n, x) = (f64::from(divisor), f64::from(divisor * 7));
        let example = Example::of(&format!("M {{ input x; y = floor(x / {n}); }}")).set("x", &[], &[x]);
        assert_eq!(example.number("y"), 7.0, "{n}");
    }
}

#[test]
fn factors_keep_their_order() {
    let text = "M<N> { param c, w; input x: [N], a, b; loss = sum((c*x)^2) + sum(w*x)*0; between = a*x*b; quotient = sum(x)/a/b;
        scaled = sum(w*x); mean_of = mean(w*x); by_w = grad(mean(w*x), w); ratio = grad(a/c, c); twice = grad(grad(a/c, c), c);
        power = grad(c^-6, c); inverse = grad(sum(x/c), c); step s() { w := w - a*(b*sum(x)); } }";
    let of = |c: f64, w: f64, x: [f64; 2], a: f64, b: f64| {
        let example = Example::of(text).dim("N", 2).set("c", &[], &[c]).set("w", &[], &[w]);
        example.set("x", &[2], &x).set("a", &[], &[a]).set("b", &[], &[b])
    };
    let example = of(1e200, 1e-10, [1e-200, 2e-200], 1e200, 1e200);
    assert_close(&[example.number("loss")], &[5.0], 1e-15);
    assert_close(&example.grad("c"), &[1e-199], 1e-14);
    assert_close(&example.value("between"), &[1e200, 2e200], 1e-15);
    assert_close(&[example.number("ratio")], &[-1e-200], 1e-15);
    assert_close(&example.assigned("s", "w"), &[-3e200], 1e-15);
    let example = of(1.0, 0.1, [1.7e308, 1.7e308], 1e200, 1e200);
    assert_close(&[example.number("scaled"), example.number("mean_of")], &[3.4e307, 1.7e307], 1e-15);
    assert_close(&[example.number("by_w")], &[1.7e308], 1e-15);
    let example = of(1e-40, 1.0, [1e200, 1e200], 1e200, 1e200);
    assert_close(&[example.number("quotient")], &[2e-200], 1e-15);
    assert_close(&[example.number("power")], &[-6e280], 1e-14);
    let example = of(1e150, 1.0, [1e300, 1e300], 1.0, 1.0);
    assert_close(&[example.number("inverse")], &[-2.0], 1e-15);
    assert_close(&[example.number("twice")], &[0.0], 0.0);
}

/// Slopes that run backwards through a quotient, where the square of its denominator is not an ordinary number.
#[test]
fn slopes_of_quotients_beyond_the_root_of_the_largest_number() {
    for (value, slope) in [
        ("1/(y + exp(x))", (|x| -(-x).exp()) as fn(f64) -> f64),
        ("1/sinh(x)", |x| -2.0 * (-x).exp()),
        ("1/sqrt(y + exp(x))", |x| -0.5 * (-0.5 * x).exp()),
    ] {
        let mut model = Example::of(&format!("M {{ param x; input y; loss = {value}; }}")).set("y", &[], &[1.0]);
        for x in [300.0, 360.0, 500.0, 600.0, 700.0] {
            model = model.set("x", &[], &[x]);
            let found = model.grad("x")[0];
            let expected = slope(x);
            assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{value} at {x}: {found:e}, not {expected:e}");
        }
    }
}
