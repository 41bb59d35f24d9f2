//! Norms however they are spelled: their derivative at the origin is 0, and they have no trouble with large and small numbers.

#![allow(clippy::float_cmp, reason = "these values are meant exactly")]

use crate::testing::{Example, assert_close};

/// The gradient of `sqrt(a^2 + b^2 + c^2)`, spelled like this.
fn check_norm(expression: &str) {
    let mut model = Example::of(&format!("M {{ param a, b, c; loss = {expression}; }}"));
    for size in [0.0, 1.0, 1e200, 1e-200] {
        for (name, value) in [("a", 2.0), ("b", -3.0), ("c", 6.0)] {
            model = model.set(name, &[], &[value * size]);
        }
        let slopes = ["a", "b", "c"].map(|name| model.grad(name)[0]);
        let wanted = [2.0 / 7.0, -3.0 / 7.0, 6.0 / 7.0].map(|slope| if size == 0.0 { 0.0 } else { slope });
        assert_close(&[model.number("loss")], &[7.0 * size], 1e-14);
        assert_close(&slopes, &wanted, 1e-14);
    }
}

/// One of a few ways to write the same, in turn.
struct Spelling(usize);

impl Spelling {
    fn pick<'a>(&mut self, ways: &[&'a str]) -> &'a str {
        let way = ways[self.0 % ways.len()];
        self.0 = self.0 / ways.len() + 7 * self.0 % 11;
        way
    }

    fn square(&mut self, x: &str) -> String {
        let ways = [
            "x^2",
            "x*x",
            "square(x)",
            "(-x)^2",
            "abs(x)^2",
            "(2*x)^2/4",
            "9*(x/3)^2",
            "(x*x)",
            "x*(0.5*x)*2",
            "abs(x)*abs(x)",
        ];
        self.pick(&ways).replace('x', x)
    }

    fn norm(mut self) -> String {
        let [a, b, c] = ["a", "b", "c"].map(|x| self.square(x));
        let sum = self.pick(&[
            "A + B + C",
            "C + (A + B)",
            "(B + C) + A",
            "sum([A, B, C])",
            "3*mean([C, A, B])",
            "(A + sum([C, B]))",
        ]);
        let sum = sum.replace('A', &a).replace('B', &b).replace('C', &c);
        self.pick(&["sqrt(S)", "(S)^0.5", "(S)^(1/2)", "pow(S, 0.5)", "2*sqrt((S)/4)", "sqrt(2*(S))/sqrt(2)"])
            .replace('S', &sum)
    }
}

#[test]
fn every_spelling_is_a_norm() {
    for seed in 0..40 {
        check_norm(&Spelling(seed * 97 + 13).norm());
    }
    check_norm("hypot(hypot(a, b), c)");
    check_norm("norm([a, b, c])");
    check_norm("sqrt(dot([a, b, c], [a, b, c]))");
}

/// Matérn and exponential kernels: a length for each axis, or a weight, however it is written.
#[test]
fn weighted_distances_are_norms() {
    let spellings = [
        "sqrt(sum(w*(x - c)^2, D))",
        "sqrt(sum((x - c)^2*w, D))",
        "sum(w*(x - c)*(x - c), D)^0.5",
        "sqrt(sum((x - c)^2/(1/w), D))",
        "sqrt(sum((sqrt(w)*(x - c))^2, D))",
    ];
    for spelling in spellings {
        let model = format!("M<N, D> {{ param c: [D], w: [D]; input x: [N, D]; loss = sum(exp(-{spelling})); }}");
        let model = Example::of(&model).dim("N", 2).dim("D", 2).set("w", &[2], &[4.0, 9.0]).set("c", &[2], &[1.0, 2.0]);
        // The first row is at the centre.
        let model = model.set("x", &[2, 2], &[1.0, 2.0, 3.0, 3.0]);
        let r = 5.0_f64;
        let at = (-r).exp() / r;
        assert_close(&[model.number("loss")], &[1.0 + (-r).exp()], 1e-14);
        assert_close(&model.grad("c"), &[4.0 * 2.0 * at, 9.0 * at], 1e-13);
        assert_close(&model.grad("w"), &[-2.0 * at, -0.5 * at], 1e-13);
    }
}

#[test]
fn weights_may_have_any_sign() {
    let model = Example::of("M { param a, b, v, w; loss = sqrt(v*a^2 + w*b^2); }");
    let with = |model: Example, values: [f64; 4]| {
        ["a", "b", "v", "w"].iter().zip(values).fold(model, |model, (name, value)| model.set(name, &[], &[value]))
    };
    let model = with(model, [5.0, 3.0, 1.0, -1.0]);
    assert_close(&[model.number("loss")], &[4.0], 1e-15);
    let slopes = ["a", "b", "v", "w"].map(|name| model.grad(name)[0]);
    assert_close(&slopes, &[1.25, -0.75, 25.0 / 8.0, 9.0 / 8.0], 1e-15);
    let model = with(model, [3.0, 5.0, 1.0, -1.0]);
    assert!(model.number("loss").is_nan() && model.grad("a")[0].is_nan());
    let model = with(model, [0.0, 0.0, 1.0, -1.0]);
    assert_eq!(["a", "b", "v", "w"].map(|name| model.grad(name)[0]), [0.0; 4]);
    let model = with(model, [2e200, 0.0, 9.0, -1.0]);
    assert_close(&[model.number("loss"), model.grad("a")[0]], &[6e200, 3.0], 1e-15);
    let model = with(model, [2e-200, 0.0, 9.0, -1.0]);
    assert_close(&[model.number("loss"), model.grad("a")[0]], &[6e-200, 3.0], 1e-15);
}

#[test]
fn deviations_are_norms() {
    let spellings = [
        "sqrt(var(x, ddof = 1))",
        "std(x, ddof = 1)",
        "sqrt(sum((x - mean(x))^2)/(N - 1))",
        "(sum((x - mean(x))^2)/(N - 1))^0.5",
        "sqrt(sum((x - sum(x)/N)^2/(N - 1)))",
    ];
    for spelling in spellings {
        let of =
            |model: Example, x: &[f64]| model.dim("N", i64::try_from(x.len()).expect("few")).set("x", &[x.len()], x);
        let mut model = of(Example::of(&format!("M<N> {{ param x: [N]; loss = {spelling}; }}")), &[2.0, 2.0, 2.0]);
        assert_eq!((model.number("loss"), model.grad("x")), (0.0, vec![0.0; 3]), "{spelling}");
        for size in [1.0, 1e200, 1e-200] {
            model = of(model, &[size, 2.0 * size, 3.0 * size]);
            assert_close(&[model.number("loss")], &[size], 1e-14);
            let slope = model.grad("x");
            assert_close(&[slope[0], slope[2]], &[-0.5, 0.5], 1e-14);
            assert!(slope[1].abs() < 1e-15);
        }
        // Of one number there is none.
        assert!(of(model, &[3.0]).number("loss").is_nan());
    }
}

#[test]
fn scaled_norms_are_norms() {
    for spelling in ["sqrt((c*x)^2)", "sqrt(c^2*x^2)", "sqrt(c*x*(c*x))", "sqrt((x*c)^2)", "((c*x)^2)^0.5"] {
        let model = Example::of(&format!("M {{ param x, c; loss = {spelling}; }}"));
        let model = model.set("x", &[], &[0.0]).set("c", &[], &[3.0]);
        assert_eq!((model.number("loss"), model.grad("x"), model.grad("c")), (0.0, vec![0.0], vec![0.0]), "{spelling}");
        let model = model.set("x", &[], &[-1e-200]).set("c", &[], &[1e100]);
        assert_close(&[model.number("loss"), model.grad("x")[0], model.grad("c")[0]], &[1e-100, -1e100, 1e-200], 1e-15);
    }
    for spelling in ["sqrt(sum((c*x)^2))", "sqrt(sum((x*c)*(c*x)))", "sqrt(c^2*sum(x^2))", "sqrt(sum(c^2*x^2))"] {
        let model = Example::of(&format!("M<N> {{ param x: [N], c: []; loss = {spelling}; }}"));
        let model = model.dim("N", 2).set("x", &[2], &[0.0, 0.0]).set("c", &[], &[3.0]);
        assert_eq!(
            (model.number("loss"), model.grad("x"), model.grad("c")),
            (0.0, vec![0.0; 2], vec![0.0]),
            "{spelling}"
        );
        let model = model.set("x", &[2], &[3e-200, 4e-200]).set("c", &[], &[1e200]);
        assert_close(&[model.number("loss")], &[5.0], 1e-14);
        assert_close(&model.grad("x"), &[6e199, 8e199], 1e-14);
    }
}

/// Infinite elements: the limit where one of them grows.
#[test]
fn norms_of_infinite_numbers_have_slopes() {
    const INF: f64 = f64::INFINITY;
    let model = Example::of("M<N> { param x: [N]; loss = norm(x); }").dim("N", 3);
    let model = model.set("x", &[3], &[INF, 1.0, 0.0]);
    assert_eq!((model.number("loss"), model.grad("x")), (INF, vec![1.0, 0.0, 0.0]));
    let model = model.set("x", &[3], &[1.0, -INF, 2.0]);
    assert_eq!(model.grad("x"), [0.0, -1.0, 0.0]);
    let model = model.set("x", &[3], &[1.0, f64::NAN, INF]);
    assert!(model.number("loss").is_nan() && model.grad("x").iter().all(|slope| slope.is_nan()));
    let model = Example::of("M { param a, b; loss = hypot(a, b); }").set("a", &[], &[-INF]).set("b", &[], &[1.0]);
    assert_eq!((model.grad("a"), model.grad("b")), (vec![-1.0], vec![0.0]));
}

#[test]
fn roots_of_flat_zeros_are_flat() {
    let flat =
        ["sqrt(x^3)", "(x^2)^0.75", "x*sqrt(x)", "x^2*log(x)", "sqrt(1 - cos(x))", "acos(cos(x))", "sqrt(x^2*exp(x))"];
    for expression in flat {
        let model = Example::of(&format!("M {{ param x; loss = {expression}; by = jvp(loss, x, 1); }}"));
        let model = model.set("x", &[], &[0.0]);
        assert_eq!((model.number("loss"), model.grad("x")[0], model.number("by")), (0.0, 0.0, 0.0), "{expression}");
    }
    for expression in ["x^2*log(x)", "let r = abs(x); r^2*log(r)", "let r = norm([x, 0]); r^2*log(r)"] {
        let (own, result) = expression.rsplit_once("; ").map_or(("", expression), |(own, rest)| (own, rest));
        let own = if own.is_empty() { String::new() } else { format!("{own};") };
        let model = Example::of(&format!("M {{ param x; {own} loss = {result}; second = grad(grad(loss, x), x); }}"));
        assert_eq!(model.set("x", &[], &[0.0]).number("second"), f64::NEG_INFINITY, "{expression}");
    }
    let flat = ["sum(abs(x)^3)^(1/3)", "let r = norm(x); r^2*log(r)", "sqrt(prod(x))", "norm(x)*log(norm(x))*norm(x)"];
    for expression in flat {
        let (own, result) =
            expression.rsplit_once("; ").map_or((String::new(), expression), |(own, rest)| (format!("{own};"), rest));
        let model = Example::of(&format!("M<N> {{ param x: [N]; {own} loss = {result}; }}"));
        let model = model.dim("N", 2).set("x", &[2], &[0.0, 0.0]);
        assert_eq!((model.number("loss"), model.grad("x")), (0.0, vec![0.0; 2]), "{expression}");
    }
}

#[test]
fn second_derivatives_are_there_where_an_inner_norm_has_a_kink() {
    let model = Example::of("M { param x, y, z; loss = sqrt(x^2 + y^2 + z^2); xx = grad(grad(loss, x), x); }");
    let model = model.set("x", &[], &[0.0]).set("y", &[], &[0.0]).set("z", &[], &[2.0]);
    assert_eq!(model.number("xx"), 0.5);
    let model = Example::of("M { param a, b; loss = log(exp(a) + exp(b)); aa = grad(grad(loss, a), a); }");
    let model = model.set("a", &[], &[1.5]).set("b", &[], &[1.5]);
    assert_eq!(model.number("aa"), 0.25);
}
