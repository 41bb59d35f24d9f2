//! No model makes the compiler panic, hang, or hand on a graph that the verifier refuses.

use std::fmt::Write;
use std::time::{Duration, Instant};

use proc_macro2::{TokenStream, TokenTree};

use super::build;
use crate::diagnostics::Diagnostics;
use crate::testing::models;
use crate::testing::random::Random;
use crate::verify;

/// Models that use most of the language.
const MODELS: &[&str] = &[
    "pub Mlp<N, D, H, K> {
        param w1: [D, H] = kaiming_uniform(), b1: [H] = 0.5, w2: [H, K] = normal(0, 0.1), b2: [K];
        state mean: [D], count;
        const rate = 1 / 10;
        input x: [N, D];
        input label: [N] in K;
        fn layer(x, w, b) = relu(x @ w + b);
        fn penalty(w) { let s = sum(w^2); 0.5 * s }
        let centred = (x - mean) / (1 + std(x, N));
        logits = layer(centred, w1, b1) @ w2 + b2;
        loss = mean(cross_entropy(logits, label)) + rate * penalty(w1);
        step train(lr) -> loss {
            let g = grad(loss, w1);
            w1 := w1 - lr * g;
            b1 := b1 - lr * grad(loss, b1);
            mean := 0.9 * mean + 0.1 * mean(x, axis = N);
            count := count + 1;
        }
    }",
    "M<N, K> {
        param p: [N] unused, q: [2*N + 1], s;
        input x: [N - 1, K], c: [N - 1] in K;
        let tail = p[1..];
        let m = stack([tail, tail * 2], axis = 1);
        a = if all(x > 0) { softmax(x, K) } else { one_hot(c, K) };
        b = concat([q[..N], p[..-1]]) @ reshape(zeros([2*N - 1, 2]), [-1, 2]);
        d = jvp(p^2, p, sin(p)) + vjp(p * s, p, ones([N])) - cumsum(flip(p));
        e2 = max(x, axis = (N - 1, K), keep = true)[new, 0, ..] + argmax(x, -1)[.., new] + e;
        f = huber(p, s) + leaky_relu(p, slope = 0.2) + where(p != 0 && !(s < 1), p, -p^-2);
        g = pad(p, 1, K)[K..] @ eye(N + 1) @ m.T[0, 0];
        h = var(x, axis = K, ddof = 1) + norm(x, K) + logsumexp(x, 1) + prod(x, K);
    }",
];

fn survives(source: &str) {
    if let Ok(model) = build(source) {
        let results = model.outputs.iter().map(|output| output.node);
        let steps = model.steps.iter().flat_map(|step| step.assignments.iter().map(|(_, node)| *node));
        let results: Vec<_> = results.chain(steps).collect();
        if let Err((_, message)) = verify::region(&model.region, &results) {
            panic!("{message}\n{source}");
        }
    }
}

#[test]
fn the_models_themselves_are_nearly_right() {
    if let Err(messages) = build(MODELS[0]) {
        panic!("{messages}");
    }
}

/// The tokens of a model as text, groups opened.
fn pieces(tokens: TokenStream, all: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let text = group.to_string();
                let (open, close) = (text.chars().next(), text.chars().last());
                all.extend(open.map(String::from));
                pieces(group.stream(), all);
                all.extend(close.map(String::from));
            }
            other => all.push(other.to_string()),
        }
    }
}

#[test]
fn mutated_models_do_no_harm() {
    let mut random = Random::new(1);
    for round in 0..500 {
        let source = MODELS[round % MODELS.len()];
        let mut tokens = Vec::new();
        pieces(models::tokens(source), &mut tokens);
        for _ in 0..=random.below(3) {
            let (from, to) = (random.below(tokens.len() - 4) + 4, random.below(tokens.len() - 4) + 4);
            let bracket = |text: &String| matches!(text.as_str(), "(" | ")" | "[" | "]" | "{" | "}");
            if bracket(&tokens[from]) || bracket(&tokens[to]) {
                continue;
            }
            match random.below(3) {
                0 => tokens.swap(from, to),
                1 => tokens[to] = tokens[from].clone(),
                _ => drop(tokens.remove(from)),
            }
        }
        survives(&tokens.join(" "));
    }
}

#[test]
fn odd_models_do_no_harm() {
    for source in [
        "M<N> { const k = sum(zeros([1000000000000])); a = k; }",
        "M<N> { const k = argmax(zeros([0])); a = k; }",
        "M<N> { const k = inf; param x: [k]; a = x[k]; }",
        "M<N> { param x: [9223372036854775807, 9223372036854775807]; a = reshape(x, [-1]); b = mean(x); }",
        "M<N> { param x: [N]; a = x[9223372036854775807..]; b = pad(x, 9223372036854775807, 9223372036854775807); }",
        "M<N> { param x: [0]; a = max(x); b = argmax(x); c = std(x); d = softmax(x); f = x[0..0]; g = stack([x, x]); }",
        "M<N> { param x: [0, 0]; a = trace(x); b = x @ x; c = diag(x); d = norm(x); f = reshape(x, [0, -1]); }",
        "M<N> { param x; a = grad(x, x); b = jvp(x, x, 1); c = vjp(x, x, x); }",
        "M<N> { fn f(a) = f(a); fn g(x) = x; a = f(1); b = g(g(g(g(2)))); }",
        "M<N> { param x: [N]; a = x[-9223372036854775807 - 1]; b = zeros([-9223372036854775807 - 5]); }",
        "M<N> { a = iota(-N); b = iota(N - N - 1); c = eye(0); d = zeros([1/0]); }",
        "M<N> { const k = if 1 > 0 { let q = 2; q } else { 3 }; param x: [k^62]; a = x[k]; }",
        "M { loss = 1; }",
        "M { const k = reshape([1, 2, 3, 4], [2, -1])[1, 0] + trace(eye(3)); a = k; }",
        "M { const k = [1, 2][5]; const j = cumprod([1, 2]) @ [1, 2]; a = j; }",
        "M { const k = one_hot(iota(3), 2)[2, 1] + cross_entropy([1, 2], 7 > 5); a = k; }",
        "M { const k = k + 1; const j = l; const l = 2; a = j; }",
        "M { param x; let x = x; step s(x) -> x { x := x; } }",
        "M<M> { param w: [M]; M = w; step M() { w := M; } }",
    ] {
        survives(source);
    }
}

#[test]
fn calls_of_calls_cost_no_more_than_their_nodes() {
    let mut source = String::from("M { param x; fn f0(x) = x + x;");
    for i in 1..60 {
        let _ = write!(source, "fn f{i}(x) = f{0}(x) * f{0}(x + 0 * x);", i - 1);
    }
    let model = build(&format!("{source} a = f59(x); }}"));
    assert!(model.is_ok_and(|model| model.region.len() < 10_000));
}

#[test]
fn functions_that_grow_without_bound_are_stopped() {
    let mut source = String::from("M { param x; fn f0(x) = x + x;");
    for i in 1..60 {
        let _ = write!(source, "fn f{i}(x) = f{0}(x + {i}) * f{0}(x * {i});", i - 1);
    }
    let messages = build(&format!("{source} a = f59(x); }}")).err().unwrap_or_default();
    assert_eq!(messages.lines().count(), 1, "{messages}");
    assert!(messages.contains("a model of more than 100000 operations is not supported yet"), "{messages}");
}

#[test]
fn large_models_build_quickly() {
    let mut source = String::from("M<N> { param p0: [N]; ");
    for i in 0..150 {
        let _ = write!(source, "param w{i}: [N, N], b{i}: [N]; let p{0} = tanh(p{i} @ w{i} + b{i} * 2 - 1);", i + 1);
    }
    source += "loss = sum(p150); step go(lr) { ";
    for i in 0..150 {
        let _ = write!(source, "w{i} := w{i} - lr * grad(loss, w{i}); b{i} := b{i} - lr * grad(loss, b{i});");
    }
    source += "} }";
    let tree = models::parsed(&source);
    let start = Instant::now();
    let model = super::super::build(&tree, &mut Diagnostics::default()).expect("no mistakes");
    let spent = start.elapsed();
    eprintln!("{} nodes in {spent:?}", model.region.len());
    assert!(spent < Duration::from_secs(5), "{} nodes in {spent:?}", model.region.len());
}
