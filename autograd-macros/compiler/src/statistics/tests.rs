//! What losses are reduced to, and that it has their values and derivatives.

mod random;

use super::reduce;
use crate::graph::model::Model;
use crate::interpret::{Environment, Tensor, evaluate};
use crate::simplify;
use crate::testing::models::compiled;
use crate::testing::sized;

fn model(text: &str) -> Model {
    let (mut model, _) = compiled(text);
    simplify::legalise_model(&mut model);
    model
}

/// What a model is reduced to gives at a point: the loss, its magnitude, what may be lost, and the gradient.
fn reduced_at(text: &str, values: &[(&str, &[f64])]) -> Vec<Vec<f64>> {
    let model = model(text);
    let reduced = reduce(&model).unwrap_or_else(|reason| panic!("{text}: {reason}"));
    let mut environment = Environment::default();
    for &(name, data) in values {
        let is_array = model.inputs.iter().any(|input| input.name == name && input.ty.rank() > 0);
        let shape = if is_array { vec![data.len()] } else { Vec::new() };
        if is_array {
            environment.dims.insert("N".to_owned(), i64::try_from(data.len()).expect("it is short"));
        }
        environment.values.insert(name.to_owned(), Tensor { shape, data: data.to_vec() });
    }
    let values = evaluate(&reduced.summary.region, &reduced.summary.results, &environment);
    for (statistic, value) in reduced.statistics.iter().zip(values) {
        environment.values.insert(statistic.name.to_string(), value);
    }
    evaluate(&reduced.reduced.region, &reduced.reduced.results, &environment)
        .into_iter()
        .map(|value| value.data)
        .collect()
}

/// The reduced loss and gradient against those of the model, at a point of numbers that follow no pattern.
fn check(text: &str, dims: &[(&str, i64)], statistics: &[&str]) {
    let model = model(text);
    let reduced = reduce(&model).unwrap_or_else(|reason| panic!("{text}: {reason}"));
    let found: Vec<String> = reduced.statistics.iter().map(|value| value.ty.to_string()).collect();
    assert_eq!(found, statistics, "{text}");
    let mut environment = sized(dims);
    let mut seed = 0.3_f64;
    for variable in model.params.iter().chain(&model.states).chain(&model.inputs) {
        let shape = environment.shape(&variable.ty.shape);
        let value = Tensor::from_fn(shape, |_| {
            seed = (seed * 7.3 + 1.1).sin();
            seed
        });
        environment.values.insert(variable.name.to_string(), value);
    }
    let mut wanted = vec![model.loss().expect("there is a loss")];
    wanted.extend(&model.gradients);
    let expected = evaluate(&model.region, &wanted, &environment);
    let values = evaluate(&reduced.summary.region, &reduced.summary.results, &environment);
    for (statistic, value) in reduced.statistics.iter().zip(values) {
        environment.values.insert(statistic.name.to_string(), value);
    }
    let mut found = evaluate(&reduced.reduced.region, &reduced.reduced.results, &environment);
    let magnitude = found.remove(1).data[0];
    let lost = found.remove(1).data[0];
    assert!(lost.is_finite(), "{text}: {lost}");
    assert!(magnitude >= expected[0].data[0].abs() * (1.0 - 1e-12), "{text}: {magnitude}");
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found.shape, expected.shape, "{text}");
        for (a, b) in found.data.iter().zip(&expected.data) {
            assert!((a - b).abs() <= 1e-12 * magnitude.max(1.0), "{text}: {a} instead of {b}");
        }
    }
}

fn refused(text: &str) -> String {
    reduce(&model(text)).expect_err("it cannot be reduced")
}

#[test]
fn a_line() {
    let text = "Line<N> { param w, b; input x: [N], y: [N]; loss = mean((0.5 * (w*x + b - y))^2); }";
    check(text, &[("N", 5)], &["[]"; 13]);
}

#[test]
fn a_plane() {
    let text = "Plane<N, D> { param w: [D], b; input x: [N, D], y: [N];
        loss = mean((x @ w + b - y)^2) + 0.1 * sum(w^2); }";
    let statistics = ["[]", "[]", "[D]", "[D]", "[]", "[]", "[D, D]", "[D, D]", "[D]", "[D]", "[]", "[]", "[]"];
    check(text, &[("N", 7), ("D", 3)], &statistics);
    check(text, &[("N", 1), ("D", 0)], &statistics);
}

#[test]
fn other_shapes() {
    check(
        "Many<N, D, K> { param w: [D, K]; input x: [N, D], y: [N, K], weight: [N];
            loss = sum(weight[.., new] * (log(x^2 + 1) @ w - y)^2) / N; }",
        &[("N", 6), ("D", 3), ("K", 2)],
        &["[D, D]", "[D, D]", "[D, K]", "[D, K]", "[]", "[]", "[]"],
    );
    check(
        "Cubic<N> { param a, b; state c; input x: [N]; loss = sum((a * x + b * c)^3) / sum(x^2); }",
        &[("N", 6)],
        &["[]"; 9],
    );
}

#[test]
fn what_is_no_polynomial_is_refused() {
    let tanh = "Tanh<N> { param w; input x: [N]; loss = mean(tanh(w * x)); }";
    assert_eq!(refused(tanh), "`tanh` of an expression in `w` is not a polynomial");
    let quotient = "Over<N> { param w; input x: [N]; loss = mean(x / w); }";
    assert_eq!(refused(quotient), "`/` of an expression in `w` is not a polynomial");
    let power = "Power<N> { param w; input x: [N]; loss = mean((x + w)^9); }";
    assert!(refused(power).contains("polynomial"), "{}", refused(power));
    let nothing = "Nothing { param w; loss = w^2; }";
    assert_eq!(refused(nothing), "it sums over no axis that the parameters lack");
    let long = "Long<N> { param a, b, c; input x: [N], y: [N]; loss = mean((a*x + b*y + c + x + y)^4); }";
    assert_eq!(refused(long), "it has more than 64 terms");
}

#[test]
fn a_gradient_of_its_own_is_refused() {
    for part in ["(w + stop_gradient(w)) * x", "straight_through(round(w), w) * x", "(w - stop_gradient(w * b)) * x"] {
        let text = format!("Own<N> {{ param w, b; input x: [N], y: [N]; loss = mean(({part} + b - y)^2); }}");
        let (_, programs) = compiled(&text);
        let reason = programs.reduction.expect("it is an objective").expect_err("it is refused");
        assert!(reason.starts_with("`stop_gradient` or `straight_through` of an expression in `w`"), "{reason}");
    }
    let data = "Data<N> { param w; state s; input x: [N], y: [N];
        loss = mean((w * stop_gradient(x) + stop_gradient(s) - stop_gradient(y^2))^2); }";
    check(data, &[("N", 5)], &["[]"; 13]);
}

#[test]
fn long_products_are_refused_at_once() {
    let names: Vec<String> = (0..20).map(|index| format!("p{index}")).collect();
    let text =
        format!("Long<N> {{ param {}; input x: [N]; loss = sum(x) * {}; }}", names.join(", "), names.join(" * "));
    assert_eq!(refused(&text), "it has a product of more than 16 values");
}

/// A column, and one that is nearly the same.
fn columns() -> (Vec<f64>, Vec<f64>) {
    let a: Vec<f64> = (1..=20).map(|i| 1.0 + f64::from(i * i % 7)).collect();
    let b = a.iter().zip(0..).map(|(a, i)| a + 1e-13 * f64::from(i % 3)).collect();
    (a, b)
}

#[test]
fn a_large_part_does_not_speak_for_a_small_one() {
    let (a, b) = columns();
    for large in ["1000 * sum((u * a)^2)", "1e16 * u^2", "sum((1000 * u * a - 3)^2)", "1e16 + u * sum(a)"] {
        for text in [
            format!("Parts<N> {{ param w, u; input a: [N], b: [N]; loss = sum((w*a - b)^2) + {large}; }}"),
            format!("Parts<N> {{ param w, u; input a: [N], b: [N]; loss = {large} - sum((w*a - b) * (b - a*w)); }}"),
        ] {
            let found = reduced_at(&text, &[("w", &[1.0]), ("u", &[1.0]), ("a", &a), ("b", &b)]);
            assert!(found[1][0] < 1e3 * found[0][0], "{text}: the loss is accurate");
            assert!(found[2][0] > 1e10, "{text}: the gradient is not, {}", found[2][0]);
            let found = reduced_at(&text, &[("w", &[3.0]), ("u", &[1.0]), ("a", &a), ("b", &b)]);
            assert!(found[2][0] < 1e3, "{text}: elsewhere it is, {}", found[2][0]);
        }
    }
    // Centred columns and a residual that is as large as they are: a gradient that vanishes is no loss.
    let text = "Both<N> { param w, b; input x: [N]; loss = mean((w*x + b)^2) + 0.1 * w^2; }";
    let found = reduced_at(text, &[("w", &[0.5]), ("b", &[0.0]), ("x", &[-1.0, 1.0, 0.5, -0.5])]);
    assert_eq!((found[2][0], found[4][0]), (0.0, 0.0));
}

#[test]
fn what_may_have_vanished_has_no_magnitude() {
    let text = "Line<N> { param w, b; input x: [N], y: [N]; loss = mean((w*x + b - y)^2); }";
    let magnitude = |w: f64, x: f64| {
        let found = reduced_at(text, &[("w", &[w]), ("b", &[0.0]), ("x", &[x, -2.0 * x]), ("y", &[1.0, 0.0])]);
        found[1][0]
    };
    assert!(magnitude(1.0, 1.0).is_finite() && magnitude(0.0, 1.0).is_finite() && magnitude(1.0, 0.0).is_finite());
    assert!(magnitude(1e-50, 1e50).is_finite());
    assert!(!magnitude(1e170, 1e-170).is_finite() && !magnitude(1e-170, 1e170).is_finite());
}
