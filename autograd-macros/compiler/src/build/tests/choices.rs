//! Choices in models: what is not taken contributes nothing, whatever its value. Values, gradients and second
//! derivatives, of everything that computes them: all entries, the bound model, steps.

use crate::testing::{Example, assert_close};

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;

/// `loss` of parameters `w` and `b`, and three elements of `x` and `y`; with all second derivatives
/// where there are any.
fn line(loss: &str, curves: bool, [w, b]: [f64; 2], x: [f64; 3], y: [f64; 3]) -> Example {
    let curves = if curves {
        "ww = grad(dw, w); wb = grad(dw, b); bw = jvp(db, w, 1); slope = jvp(loss, w, 1); ww2 = grad(slope, w);"
    } else {
        ""
    };
    let text = format!(
        "M<N> {{ param w = 1, b = 0; input x: [N], y: [N]; loss = {loss};
            dw = grad(loss, w); db = grad(loss, b); {curves}
            step train(rate) -> loss {{ w := w - rate*dw; b := b - rate*db; }} }}"
    );
    let model = Example::of(&text).dim("N", 3).set("w", &[], &[w]).set("b", &[], &[b]);
    model.set("x", &[3], &x).set("y", &[3], &y).set("rate", &[], &[0.5])
}

/// Loss and slopes are those of the elements that are taken.
fn check_line(loss: &str, point: [f64; 2], x: [f64; 3], y: [f64; 3], right: &[(&str, f64)]) {
    let curves = right.iter().any(|(output, _)| *output == "ww");
    let model = line(loss, curves, point, x, y);
    for &(output, right) in right {
        assert_close(&model.value(output), &[right], 1e-14);
        match output {
            "dw" => {
                assert_close(&model.grad("w"), &[right], 1e-14);
                assert_close(&model.assigned("train", "w"), &[point[0] - 0.5 * right], 1e-14);
            }
            "db" => assert_close(&model.grad("b"), &[right], 1e-14),
            "ww" => assert_close(&model.value("ww2"), &[right], 1e-14),
            "wb" => assert_close(&model.value("bw"), &[right], 1e-14),
            _ => {}
        }
    }
}

#[test]
fn missing_targets_are_left_out() {
    let x = [1.0, 2.0, 3.0];
    let squares = [("loss", 14.5), ("dw", 24.0), ("db", 10.0), ("ww", 20.0), ("wb", 8.0), ("slope", 24.0)];
    for missing in [NAN, INF, -INF] {
        let condition = if missing.is_nan() { "is_nan(y)" } else { "!is_finite(y)" };
        for loss in [
            format!("sum(if {condition} {{ 0 }} else {{ (w*x + b - y)^2 }})"),
            format!("sum(where({condition}, 0, (w*x + b - y)^2))"),
            format!(
                "sum(if {condition} {{ 0 }} else {{ w*x + b - y }} * (if {condition} {{ 7 }} else {{ w*x + b - y }}))"
            ),
            format!("sum((w*x + b - if {condition} {{ w*x + b }} else {{ y }})^2)"),
        ] {
            check_line(&loss, [2.0, 0.5], x, [1.0, missing, 3.0], &squares);
        }
    }
    let huber = "sum(if is_nan(y) { 0 } else { huber(w*x + b, y) })";
    check_line(huber, [2.0, 0.5], x, [1.0, NAN, 3.0], &[("loss", 4.0), ("dw", 4.0), ("db", 2.0), ("ww", 0.0)]);
    let absolute = "sum(if is_nan(y) { 0 } else { abs(w*x + b - y) })";
    check_line(absolute, [2.0, 0.5], x, [1.0, NAN, 3.0], &[("loss", 5.0), ("dw", 4.0), ("db", 2.0)]);
    let tukey =
        "sum(if is_nan(y) { 0 } else { let r = w*x + b - y; if abs(r) < 2 { 1 - (1 - (r/2)^2)^3 } else { 1 } })";
    // r is 1.5 and 3.5: by r the slope is 3(1 - r²/4)² r/2.
    let slope = 3.0 * (0.4375_f64 * 0.4375) * 0.75;
    let right = [("loss", 2.0 - 0.4375_f64.powi(3)), ("dw", slope), ("db", slope)];
    check_line(tukey, [2.0, 0.5], x, [1.0, NAN, 3.0], &right);
    // Nothing is taken at all.
    let none = [("loss", 0.0), ("dw", 0.0), ("db", 0.0), ("ww", 0.0), ("wb", 0.0), ("slope", 0.0)];
    check_line("sum(if is_nan(y) { 0 } else { (w*x + b - y)^2 })", [2.0, 0.5], x, [NAN; 3], &none);
    // Parameters that are infinite, behind a choice by them.
    check_line("sum(if abs(w) < 10 { (w*x + b - y)^2 } else { 0*x })", [INF, 0.5], x, x, &none);
    check_line("if abs(w) < 10 { sum((w*x + b - y)^2) } else { 0 }", [NAN, 0.5], x, x, &none);
}

#[test]
fn products_of_matrices_leave_rows_out() {
    let text = "M<N> { param w: [2, 1]; input x: [N, 2], keep: [N, 1]; let z = x @ w; loss = sum(if keep > 0 { z } else { 0 }); }";
    for hidden in [NAN, INF, 1e308] {
        let model = Example::of(text).dim("N", 3).set("x", &[3, 2], &[1.0, 1.0, 1.0, 1.0, hidden, hidden]);
        let model = model.set("w", &[2, 1], &[3.0, 4.0]).set("keep", &[3, 1], &[1.0, 1.0, 0.0]);
        assert_close(&model.value("loss"), &[14.0], 0.0);
        assert_close(&model.grad("w"), &[2.0, 2.0], 0.0);
    }
}

/// Slope and curvature at a point that the choice does not take.
#[test]
fn overflow_in_an_arm_is_left_out() {
    for (arm, at) in [
        ("if x < 1 { cos(x) } else { 0 }", INF),
        ("if abs(x) < 10 { x^4 } else { 0 }", 1e200),
        ("if abs(x) < 10 { x^4 } else { 3 }", -INF),
        ("if x < 30 { (x*x)*(x*x) } else { 0 }", 1e200),
        ("if x < 30 { (x*3)*(x*3)*x } else { 0 }", 1e200),
        ("if x < 5 { x*sin(x) } else { 0 }", INF),
        ("if x > 0 { log(x) } else { 0 }", -1.0),
        ("if x > 0 { x*sqrt(x) } else { 0 }", -INF),
        ("if x < 1 { tanh(x^3)*x } else { 1 }", NAN.max(1e200)),
        ("if is_nan(x) { 0 } else { sigmoid(x)*softplus(x) }", NAN),
        ("if x == x { abs(x)*relu(x)*x } else { 2 }", NAN),
        ("if x < 1 { if x < 0 { x^6 } else { exp(x) } } else { 0 }", 1e100),
        ("if x < 1 { max(x^4, 2*x) } else { 0 }", 1e200),
        ("if x < 1 { hypot(x, 1)/(1 + x^2) } else { 0 }", INF),
        ("if x < 1 { sinc(x)*exprel(x) } else { 0 }", INF),
    ] {
        let text = format!(
            "M {{ param x; loss = {arm}; g = grad(loss, x); curve = grad(g, x); bend = jvp(g, x, 1);
                third = grad(curve, x); }}"
        );
        let model = Example::of(&text).set("x", &[], &[at]);
        for output in ["g", "curve", "bend", "third"] {
            assert_close(&model.value(output), &[0.0], 0.0);
        }
        assert_close(&model.grad("x"), &[0.0], 0.0);
    }
}

/// What a row is planted with, and what it is compared with.
const PLANTED: [[f64; 2]; 5] = [[NAN, NAN], [INF, -INF], [1e200, 1e200], [0.0, INF], [-1e300, NAN]];

/// A model of three rows, with derivatives of its loss.
fn rows(body: &str) -> Example {
    let text = format!(
        "M<N> {{ param w: [2], u: [2, 3], s = 0.7; input x: [N, 2], y: [N], keep: [N], label: [N] in 3;
            state v: [2], m: [2, 3];
            {body}
            dw = grad(loss, w); du = grad(loss, u); ds = grad(loss, s);
            let along = sum(dw*v) + sum(du*m) + 0.3*ds;
            ww = grad(along, w); wu = grad(along, u); bent = jvp(dw, u, m); slope = jvp(loss, w, v); ws = grad(slope, u);
            step train(rate) -> loss {{ w := w - rate*dw; u := u - rate*du; m := m - u*rate; }} }}"
    );
    let model = Example::of(&text).dim("N", 3).set("w", &[2], &[0.5, -1.2]).set("rate", &[], &[0.25]);
    let model = model.set("u", &[2, 3], &[0.1, 0.7, -0.4, 1.2, -0.9, 0.3]).set("s", &[], &[0.7]);
    let model = model.set("v", &[2], &[0.9, 0.4]).set("m", &[2, 3], &[0.5, -0.3, 0.2, 0.8, 0.6, -0.7]);
    model.set("label", &[3], &[2.0, 0.0, 1.0])
}

/// With these values in these rows, which are not kept.
fn with_hidden(model: Example, hidden: &[usize], values: Option<[f64; 2]>) -> Example {
    let (mut x, mut y, mut keep) = ([0.3, -0.8, 0.9, 0.4, -0.2, 1.1], [0.6, 1.3, -0.4], [1.0; 3]);
    for &row in hidden {
        keep[row] = 0.0;
        if let Some(values) = values {
            x[2 * row..2 * row + 2].copy_from_slice(&values);
            y[row] = values[1];
        }
    }
    model.set("x", &[3, 2], &x).set("y", &[3], &y).set("keep", &[3], &keep)
}

/// All that the model computes.
fn all_of(model: &Example) -> Vec<(String, Vec<f64>)> {
    let outputs = ["loss", "dw", "du", "ds", "ww", "wu", "bent", "slope", "ws"];
    let mut found: Vec<(String, Vec<f64>)> = outputs.iter().map(|&it| (it.to_owned(), model.value(it))).collect();
    found.extend(["w", "u", "s"].map(|param| (format!("the gradient by {param}"), model.grad(param))));
    found.extend(["w", "u", "m"].map(|target| (format!("{target} after the step"), model.assigned("train", target))));
    found
}

/// A loss does not see the rows that are not kept.
fn check_rows(body: &str) {
    // Each derivative has something to show.
    let body = format!("{body} + 0.01*(sum(w^2) + 1)*(sum(u^2) + 1)*(s^2 + 1);");
    let mut model = rows(&body);
    for hidden in [&[1][..], &[0, 2], &[0, 1, 2]] {
        model = with_hidden(model, hidden, None);
        let clean = all_of(&model);
        for (name, values) in &clean {
            assert!(values.iter().all(|value| value.is_finite()), "{body}: {name} is {values:?} of ordinary numbers");
        }
        for planted in PLANTED {
            model = with_hidden(model, hidden, Some(planted));
            for ((name, right), (_, found)) in clean.iter().zip(all_of(&model)) {
                assert!(*right == found, "{body}: {planted:?} in {hidden:?}: {name} is {found:?} and not {right:?}");
            }
        }
    }
}

#[test]
fn rows_that_are_not_kept_are_left_out() {
    let values = [
        "(s*(x @ w) - y)^2",
        "abs(x @ w - s*y)*tanh(x @ u)[.., 0]",
        "huber(x @ w, s*y, delta = 0.3) + bce_with_logits(x @ (u @ [1, s, 2]), y)",
        "cross_entropy(tanh(s*x) @ u, label)",
        "cross_entropy(x @ u, softmax(x @ (u*s), 1))",
        "log_softmax(x @ u, 1)[.., 1]*softmax(x*w, 1)[.., 0]",
        "norm(x*w, 1)*std(x @ u, 1)*var(s*x, 1)",
        "layer_norm(x @ u*s)[.., 2] + prod(x*w, 1) + logsumexp(x*w, 1)",
        "cumsum(x*w, 1)[.., 1]*cumprod(x @ u, 1)[.., 2]",
        "max(x*w, axis = 1)*min(x @ u, axis = 1)",
        "sum(flip(x @ u, 1)*concat([x*w, x[.., 0..1]*s], axis = 1), 1)",
        "sum(reshape((x @ u).T, [3, N]).T*(x @ u), 1)*s",
        "safe_div(y, x @ w)*(x @ w - s)",
        "sum(((x @ u) @ u.T)*(x*w), 1)",
        "sum(elu(x @ u) + gelu(x @ (u*s)) + mish(x @ u) + selu(x @ u) + leaky_relu(x @ u)*silu(x @ u), 1)",
        "xlogy(y^2, (x @ w)^2)*hypot(y, s) + atan2(y, x @ w)",
        "clamp(x @ w, -1, s)*sinc(y) + rem(x @ w, 3)",
        "(if x[.., 0] > s { (x @ w)^3 } else { exp(x @ w) })*(if y > 0 { y^s } else { 1 })",
        "sum((x[.., .., new]*x[.., new, ..]) * (w[.., new]*w)*s, (1, 2))",
        "(x[.., new, ..] @ u)[.., 0, 1]*s + stack([x @ w, y]).T[.., 1]",
    ];
    for (place, value) in values.into_iter().enumerate() {
        let loss = if place % 2 == 0 {
            format!("if keep > 0 {{ {value} }} else {{ 0 }}")
        } else {
            format!("where(keep < 0.5, s, {value})")
        };
        check_rows(&format!("loss = sum({loss})"));
    }
}

#[test]
fn choices_stand_anywhere() {
    for body in [
        // In a function, named, in a choice, twice.
        "fn kept(a, c) = if c > 0 { a } else { 0 }; let z = x @ w; loss = sum(kept((z - s*y)^2, keep))",
        "let z = kept(x @ w - y, keep); fn kept(a, c) = if c > 0 { a } else { 0 }; loss = sum(s*z^2)",
        "let p = x @ u; let q = if keep[.., new] > 0 { p } else { s }; loss = sum(log_softmax(q, 1)[.., 0]*q[.., 1])",
        "let p = if keep[.., new] > 0 { x } else { 0 }; loss = sum(tanh(p @ u)) + sum((p @ w)^2)*s",
        "let p = x @ u; loss = sum(if keep > 0 { p[.., 0] } else { s }) + sum(if keep > 0 { p[.., 1]^2 } else { s })",
        "let p = x @ u; let q = if keep > 0 { p[.., 0] } else { s }; loss = sum(q*(if keep > 0 { 1 } else { q }))",
        // Masked means and weights.
        "let z = if keep > 0 { (x @ w - y)^2 } else { 0 }; loss = s*sum(z)/(1 + sum(keep))",
        // Rows that become columns, and columns.
        "let p = (x @ u).T; loss = s*sum(if keep > 0 { p^2 } else { 0 })",
        "let p = u.T @ x.T; loss = s*sum(if keep > 0 { sigmoid(p) } else { 0 })",
        // A reduction over rows, of what is kept.
        "loss = max(if keep > 0 { s*(x @ w) } else { -3 }) + logsumexp(if keep > 0 { x @ w } else { -9 })",
        "loss = norm(if keep[.., new] > 0 { x @ u } else { 0.1 }) + s*prod(if keep > 0 { x @ w } else { 1.5 })",
        "loss = sum(cumsum(if keep > 0 { s*(x @ w)^2 } else { 0 }))",
        "let z = x @ w; loss = s*logaddexp(logsumexp(if keep > 0 { z^2 } else { -inf }), 1)",
        // Attention over rows that are kept: neither keys nor values of the others are read.
        "let q = x @ u; let k = if keep[.., new] > 0 { q } else { 0 }; let at = if keep[new, ..] > 0 { q @ q.T } else { -9 };
            let out = softmax(at, axis = 1) @ k; loss = s*sum(if keep[.., new] > 0 { out^2 } else { 0 })",
        // Runs of rows: whatever comes before a row that is kept, and nothing after it.
        "let z = if keep > 0 { x @ w } else { 1 }; loss = s*sum(cumprod(z)) + sum(cumsum(flip(z)^2))",
    ] {
        check_rows(body);
    }
}
