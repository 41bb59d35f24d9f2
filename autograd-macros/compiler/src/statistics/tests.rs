//! What losses are reduced to, and that it has their values and derivatives.

use std::str::FromStr;

use proc_macro2::TokenStream;

use super::reduce;
use crate::diagnostics::Diagnostics;
use crate::graph::model::Model;
use crate::interpret::{Environment, Tensor, evaluate};
use crate::{pipeline, simplify, syntax};

fn model(text: &str) -> Model {
    let mut diagnostics = Diagnostics::default();
    let tokens = TokenStream::from_str(text).expect("the model is made of tokens");
    let tree = syntax::parse(tokens, &mut diagnostics).expect("the model has a name");
    let (mut model, _) = pipeline::translate(&tree, &mut diagnostics).expect("the model has no mistake");
    simplify::legalise_model(&mut model);
    model
}

/// The reduced loss and gradient against those of the model, at a point of numbers that follow no pattern.
fn check(text: &str, dims: &[(&str, i64)], statistics: &[&str]) {
    let model = model(text);
    let reduced = reduce(&model).unwrap_or_else(|reason| panic!("{text}: {reason}"));
    let found: Vec<String> = reduced.statistics.iter().map(|value| value.ty.to_string()).collect();
    assert_eq!(found, statistics, "{text}");
    let mut environment = Environment::default();
    environment.dims.extend(dims.iter().map(|&(name, size)| (name.to_owned(), size)));
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
    let nodes: Vec<_> = reduced.statistics.iter().map(|value| value.node).collect();
    let values = evaluate(&reduced.summary, &nodes, &environment);
    for (statistic, value) in reduced.statistics.iter().zip(values) {
        environment.values.insert(statistic.name.to_string(), value);
    }
    let mut found = evaluate(&reduced.region, &reduced.results, &environment);
    let magnitude = found.remove(1).data[0];
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
    check(text, &[("N", 5)], &["[]"; 12]);
}

#[test]
fn a_plane() {
    let text = "Plane<N, D> { param w: [D], b; input x: [N, D], y: [N];
        loss = mean((x @ w + b - y)^2) + 0.1 * sum(w^2); }";
    let statistics = ["[]", "[]", "[D]", "[D]", "[]", "[]", "[D, D]", "[D, D]", "[D]", "[D]", "[]", "[]"];
    check(text, &[("N", 7), ("D", 3)], &statistics);
    check(text, &[("N", 1), ("D", 0)], &statistics);
}

#[test]
fn other_shapes() {
    check(
        "Many<N, D, K> { param w: [D, K]; input x: [N, D], y: [N, K], weight: [N];
            loss = sum(weight[.., new] * (log(x^2 + 1) @ w - y)^2) / N; }",
        &[("N", 6), ("D", 3), ("K", 2)],
        &["[D, D]", "[D, D]", "[D, K]", "[D, K]", "[]", "[]"],
    );
    check(
        "Cubic<N> { param a, b; state c; input x: [N]; loss = sum((a * x + b * c)^3) / sum(x^2); }",
        &[("N", 6)],
        &["[]"; 8],
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
