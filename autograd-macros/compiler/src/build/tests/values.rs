//! What expressions mean: values and derivatives of every function against closed forms, by the interpreter.

use super::build;
use crate::interpret::{self, Environment, Tensor};
use crate::testing::{Example, sized};

/// Every expression below may use these.
const HEADER: &str = "M<N, D, K> {
    param p: [N], s, c = 2;
    input x: [N], y: [D], a: [N, D], b: [D, K], m: [N, N], v: [3], w: [3], z: [N, D];
    input label: [N] in D, i: [] in K;
    fn cube(t) = t^3;
    fn slope(t) { let y = t^3; grad(y, t) }
    const two = 2;
    const half = 1/2;";

fn tensor(shape: &[usize], data: &[f64]) -> Tensor {
    assert_eq!(shape.iter().product::<usize>(), data.len());
    Tensor { shape: shape.to_vec(), data: data.to_vec() }
}

fn environment() -> Environment {
    let inf = f64::INFINITY;
    let values = [
        ("p", tensor(&[2], &[0.5, -1.5])),
        ("s", tensor(&[], &[3.0])),
        ("c", tensor(&[], &[2.0])),
        ("x", tensor(&[2], &[1.0, -2.0])),
        ("y", tensor(&[3], &[0.5, 0.0, -0.5])),
        ("a", tensor(&[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 7.0])),
        ("b", tensor(&[3, 4], &[1.0, 0.0, 0.0, 2.0, 0.0, 1.0, 0.0, -1.0, 0.0, 0.0, 1.0, 3.0])),
        ("m", tensor(&[2, 2], &[1.0, 2.0, 3.0, 4.0])),
        ("v", tensor(&[3], &[1.0, 2.0, 3.0])),
        ("w", tensor(&[3], &[-1.0, 0.0, 2.0])),
        ("z", tensor(&[2, 3], &[0.0, -inf, -inf, -inf, -inf, -inf])),
        ("label", tensor(&[2], &[2.0, 0.0])),
        ("i", tensor(&[], &[1.0])),
    ];
    Environment {
        values: values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        ..sized(&[("N", 2), ("D", 3), ("K", 4)])
    }
}

fn value(expression: &str) -> Tensor {
    let model = build(&format!("{HEADER} out = {expression}; }}"));
    let model = model.unwrap_or_else(|messages| panic!("{expression}\n{messages}"));
    interpret::evaluate(&model.region, &[model.outputs[0].node], &environment()).remove(0)
}

/// The expression has these elements (in row-major order), NaN equal to NaN.
fn check(expression: &str, shape: &[usize], expected: &[f64]) {
    let found = value(expression);
    let near = |(a, b): (&f64, &f64)| {
        a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-12 * b.abs().max(1.0)
    };
    let same = found.shape == shape && found.data.len() == expected.len() && found.data.iter().zip(expected).all(near);
    assert!(same, "{expression}\n found {:?} {:?}\n not   {shape:?} {expected:?}", found.shape, found.data);
}

fn scalar(expression: &str, expected: f64) {
    check(expression, &[], &[expected]);
}

#[test]
fn operators() {
    scalar("1/2", 0.5);
    scalar("-2^2", -4.0);
    scalar("2^3^2", 512.0);
    scalar("two * half", 1.0);
    scalar("N * D / K", 1.5);
    scalar("pi - 3", std::f64::consts::PI - 3.0);
    check("a + x[.., new]", &[2, 3], &[2.0, 3.0, 4.0, 2.0, 3.0, 5.0]);
    check("a * y", &[2, 3], &[0.5, 0.0, -1.5, 2.0, 0.0, -3.5]);
    check("x > 0", &[2], &[1.0, 0.0]);
    check("1 + (x > 0)", &[2], &[2.0, 1.0]);
    check("!(x > 0) || x >= 1 && x != 1", &[2], &[0.0, 1.0]);
    check("label == 2", &[2], &[1.0, 0.0]);
    check("label + 0.5", &[2], &[2.5, 0.5]);
    check("iota(N) < N - 1", &[2], &[1.0, 0.0]);
    check("if x > 0 { x } else { 2 * x }", &[2], &[1.0, -4.0]);
    check("if true { let q = x + 1; q } else { 0 }", &[2], &[2.0, -1.0]);
    check("[1, s, 2]", &[3], &[1.0, 3.0, 2.0]);
    check("[x, 1]", &[2, 2], &[1.0, -2.0, 1.0, 1.0]);
    scalar("pow(p = 3, x = 2)", 8.0);
    scalar("cube(s)", 27.0);
    scalar("s.cube()", 27.0);
    scalar("1.5 <= i", 0.0);
}

#[test]
fn products() {
    check("m @ m", &[2, 2], &[7.0, 10.0, 15.0, 22.0]);
    check("m @ x", &[2], &[-3.0, -5.0]);
    check("x @ m", &[2], &[-5.0, -6.0]);
    scalar("x @ x", 5.0);
    check("a.T", &[3, 2], &[1.0, 4.0, 2.0, 5.0, 3.0, 7.0]);
    check("[m, 2*m] @ m", &[2, 2, 2], &[7.0, 10.0, 15.0, 22.0, 14.0, 20.0, 30.0, 44.0]);
    check("m @ [m, 2*m]", &[2, 2, 2], &[7.0, 10.0, 15.0, 22.0, 14.0, 20.0, 30.0, 44.0]);
    check("[m, m] @ [m, 2*m]", &[2, 2, 2], &[7.0, 10.0, 15.0, 22.0, 14.0, 20.0, 30.0, 44.0]);
    check(
        "reshape([m, m, m, m], [2, 2, N, N]) @ [m, 2*m]",
        &[2, 2, 2, 2],
        &[7.0, 10.0, 15.0, 22.0, 14.0, 20.0, 30.0, 44.0, 7.0, 10.0, 15.0, 22.0, 14.0, 20.0, 30.0, 44.0],
    );
    check("[m, 2*m] @ x", &[2, 2], &[-3.0, -5.0, -6.0, -10.0]);
    check("[m][.., new, ..] @ [m, 2*m]", &[1, 2, 2, 2], &[7.0, 10.0, 15.0, 22.0, 14.0, 20.0, 30.0, 44.0]);
    scalar("dot(v, w)", 5.0);
    check("outer(x, y)", &[2, 3], &[0.5, 0.0, -0.5, -1.0, -0.0, 1.0]);
    check("cross(v, w)", &[3], &[4.0, -5.0, 2.0]);
    scalar("trace(m)", 5.0);
    scalar("angle(v, 2*v)", 0.0);
    scalar("angle(v, w)", (5.0 / 70.0_f64.sqrt()).acos());
    check("diag(x)", &[2, 2], &[1.0, 0.0, 0.0, -2.0]);
    check("diag(m)", &[2], &[1.0, 4.0]);
    check("eye(N, D)", &[2, 3], &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
}

#[test]
fn reductions() {
    scalar("sum(a)", 22.0);
    check("sum(a, N)", &[3], &[5.0, 7.0, 10.0]);
    check("sum(a, axis = (N, D), keep = true)", &[1, 1], &[22.0]);
    check("sum(a, -1)", &[2], &[6.0, 16.0]);
    check("mean(a, D)", &[2], &[2.0, 16.0 / 3.0]);
    scalar("mean(s)", 3.0);
    scalar("prod(v)", 6.0);
    scalar("max(a)", 7.0);
    check("max(a, axis = N)", &[3], &[4.0, 5.0, 7.0]);
    check("min(a, axis = D, keep = true)", &[2, 1], &[1.0, 4.0]);
    check("max(x, 0)", &[2], &[1.0, 0.0]);
    check("min(x, 0, -1)", &[2], &[-1.0, -2.0]);
    check("argmax(a, D)", &[2], &[2.0, 2.0]);
    scalar("argmin(x)", 1.0);
    check("var(a, D)", &[2], &[2.0 / 3.0, 14.0 / 9.0]);
    check("var(a, D, ddof = 1)", &[2], &[1.0, 7.0 / 3.0]);
    check("std(a, D, ddof = 1, keep = true)", &[2, 1], &[1.0, (7.0_f64 / 3.0).sqrt()]);
    scalar("norm(v)", 14.0_f64.sqrt());
    scalar("logsumexp(v)", 3.0 + ((-2.0_f64).exp() + (-1.0_f64).exp()).ln_1p());
    check("any(a > 3, D)", &[2], &[0.0, 1.0]);
    scalar("all(a > 0)", 1.0);
    check("cumsum(a, D)", &[2, 3], &[1.0, 3.0, 6.0, 4.0, 9.0, 16.0]);
    check("cumprod(v)", &[3], &[1.0, 2.0, 6.0]);
    check("cumprod(w)", &[3], &[-1.0, -0.0, 0.0]);
    scalar("sum(zeros([0]))", 0.0);
    let total = 1.0 + 1.0_f64.exp() + 2.0_f64.exp();
    check("softmax(v)", &[3], &[1.0 / total, 1.0_f64.exp() / total, 2.0_f64.exp() / total]);
    check("softmax(1000 * v)", &[3], &[0.0, 0.0, 1.0]);
    check("log_softmax(1000 * v)", &[3], &[-2000.0, -1000.0, 0.0]);
    check("softmax(z, D)[0]", &[3], &[1.0, 0.0, 0.0]);
    check("layer_norm([1, 3], eps = 0)", &[2], &[-1.0, 1.0]);
    check("layer_norm(a, N, eps = 0)", &[2, 3], &[-1.0, -1.0, -1.0, 1.0, 1.0, 1.0]);
}

#[test]
fn shapes() {
    check("reshape(a, [D, -1])", &[3, 2], &[1.0, 2.0, 3.0, 4.0, 5.0, 7.0]);
    check("reshape(zeros([K]), [2, K/2])", &[2, 2], &[0.0; 4]);
    check("transpose(a)", &[3, 2], &[1.0, 4.0, 2.0, 5.0, 3.0, 7.0]);
    check("permute([a], (2, 0, 1))", &[3, 1, 2], &[1.0, 4.0, 2.0, 5.0, 3.0, 7.0]);
    check("broadcast(x, [3, N])", &[3, 2], &[1.0, -2.0, 1.0, -2.0, 1.0, -2.0]);
    check("concat([v, x])", &[5], &[1.0, 2.0, 3.0, 1.0, -2.0]);
    check("concat([a, x[.., new]], axis = 1)", &[2, 4], &[1.0, 2.0, 3.0, 1.0, 4.0, 5.0, 7.0, -2.0]);
    check("stack([x, p], axis = -1)", &[2, 2], &[1.0, 0.5, -2.0, -1.5]);
    check("flip(a, D)", &[2, 3], &[3.0, 2.0, 1.0, 7.0, 5.0, 4.0]);
    check("flip(x)", &[2], &[-2.0, 1.0]);
    check("pad(x, 1, 2)", &[5], &[0.0, 1.0, -2.0, 0.0, 0.0]);
    check("pad(a, 0, 1, axis = N, value = 9)", &[3, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 9.0, 9.0, 9.0]);
    check("zeros([N, 2])", &[2, 2], &[0.0; 4]);
    check("ones(N)", &[2], &[1.0; 2]);
    check("full([2], s)", &[2], &[3.0; 2]);
    check("iota(D)", &[3], &[0.0, 1.0, 2.0]);
    check("one_hot(label, D)", &[2, 3], &[0.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
    check("a[1]", &[3], &[4.0, 5.0, 7.0]);
    check("a[.., -1]", &[2], &[3.0, 7.0]);
    check("a[N-1, 1..]", &[2], &[5.0, 7.0]);
    check("a[new, 0, ..-1]", &[1, 2], &[1.0, 2.0]);
    check("v[-2..]", &[2], &[2.0, 3.0]);
    check("v[1..][..-1]", &[1], &[2.0]);
}

#[test]
fn elementwise() {
    check("leaky_relu(x)", &[2], &[1.0, -0.02]);
    check("leaky_relu(x, slope = 0.5)", &[2], &[1.0, -1.0]);
    check("relu6(8 * x)", &[2], &[6.0, 0.0]);
    check("elu(x)", &[2], &[1.0, (-2.0_f64).exp_m1()]);
    let (scale, alpha) = (1.050_700_987_355_480_5, 1.673_263_242_354_377_2);
    check("selu(x)", &[2], &[scale, scale * alpha * (-2.0_f64).exp_m1()]);
    check("gelu(x)", &[2], &[0.841_344_746_068_542_9, -0.045_500_263_896_358_41]);
    let tanh = |x: f64| 0.5 * x * (1.0 + ((2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x.powi(3))).tanh());
    check("gelu_tanh(x)", &[2], &[tanh(1.0), tanh(-2.0)]);
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    check("silu(x)", &[2], &[sigmoid(1.0), -2.0 * sigmoid(-2.0)]);
    check("mish(x)", &[2], &[1.0_f64.exp().ln_1p().tanh(), -2.0 * (-2.0_f64).exp().ln_1p().tanh()]);
    check("softsign(x)", &[2], &[0.5, -2.0 / 3.0]);
    check("hard_sigmoid(x)", &[2], &[2.0 / 3.0, 1.0 / 6.0]);
    check("hard_tanh(x)", &[2], &[1.0, -1.0]);
    check("clamp(x, -1, 0.5)", &[2], &[0.5, -1.0]);
    check("where(x > 0, log(x), 7)", &[2], &[0.0, 7.0]);
    check("safe_div(1, y)", &[3], &[2.0, 0.0, -2.0]);
    check("safe_div(1, y, fallback = 5)", &[3], &[2.0, 5.0, -2.0]);
    check("is_nan(y / y)", &[3], &[0.0, 1.0, 0.0]);
    check("is_finite(1 / y)", &[3], &[1.0, 0.0, 1.0]);
    check("straight_through(round(p), p)", &[2], &[0.0, -2.0]);
    check("stop_gradient(x)", &[2], &[1.0, -2.0]);
}

#[test]
fn removable_singularities_are_removed() {
    for x in [0.0, 1e-9, 1e-3, -0.3, 0.4999, 0.5, -0.7, 3.0] {
        let (sinc, slope, curve) = if f64::abs(x) < 1e-2 {
            (1.0 - x * x / 6.0, -x / 3.0 + x.powi(3) / 30.0, -1.0 / 3.0 + x * x / 10.0)
        } else {
            let second = -x.sin() / x - 2.0 * x.cos() / (x * x) + 2.0 * x.sin() / x.powi(3);
            (x.sin() / x, (x * x.cos() - x.sin()) / (x * x), second)
        };
        scalar(&format!("sinc({x})"), sinc);
        scalar(&format!("{{}}{x}").replace("{}", "0*s + sinc(0) - 1 + "), x);
        let at = |body: &str| format!("if true {{ let t = s - 3 + ({x}); let f = {body}; f }} else {{ 0 }}");
        scalar(&at("grad(sinc(t), t)"), slope);
        let nested = at("grad(q(t), t)");
        let model = build(&format!("M {{ param s; fn q(t) = grad(sinc(t), t); out = {nested}; }}"));
        let model = model.unwrap_or_else(|messages| panic!("{messages}"));
        let found = interpret::evaluate(&model.region, &[model.outputs[0].node], &environment())[0].data[0];
        assert!((found - curve).abs() < 1e-9, "sinc''({x}) = {found}, not {curve}");
        scalar(&format!("exprel({x})"), if x == 0.0 { 1.0 } else { x.exp_m1() / x });
        scalar(&format!("cosc({x})"), if x == 0.0 { 0.5 } else { 2.0 * (x / 2.0).sin().powi(2) / (x * x) });
    }
}

#[test]
fn losses() {
    let lse = |row: &[f64]| row.iter().map(|z| z.exp()).sum::<f64>().ln();
    check("cross_entropy(a, label)", &[2], &[lse(&[1.0, 2.0, 3.0]) - 3.0, lse(&[4.0, 5.0, 7.0]) - 4.0]);
    scalar("cross_entropy(v, argmin(w) + 1 > 0)", lse(&[1.0, 2.0, 3.0]) - 2.0);
    check("cross_entropy(a, one_hot(label, D))", &[2], &[lse(&[1.0, 2.0, 3.0]) - 3.0, lse(&[4.0, 5.0, 7.0]) - 4.0]);
    scalar("cross_entropy(z[0, ..], one_hot(i - 1 > 0, D))", 0.0);
    check("bce_with_logits(x, 1)", &[2], &[(-1.0_f64).exp().ln_1p(), 2.0_f64.exp().ln_1p()]);
    scalar("mse(x, p)", 0.25);
    scalar("mae(x, p)", 0.5);
    check("huber(x, 0)", &[2], &[0.5, 1.5]);
    check("huber(x, 0, delta = 3)", &[2], &[0.5, 2.0]);
}

#[test]
fn derivatives() {
    check("grad(sum(p^2), p)", &[2], &[1.0, -3.0]);
    scalar("slope(s)", 27.0);
    check("jvp(p^2, p, x)", &[2], &[1.0, 6.0]);
    check("vjp(p * s, p, x)", &[2], &[3.0, -6.0]);
    scalar("grad(sum(p) * s, s)", -1.0);
    check("grad(sum(softmax(p) * x), p)", &[2], &{
        let (e, f) = (0.5_f64.exp(), (-1.5_f64).exp());
        let (a, b) = (e / (e + f), f / (e + f));
        [a * b * 3.0, -a * b * 3.0]
    });
    check("grad(norm(p - p * 1), p)", &[2], &[0.0, 0.0]);
    check("grad(std(0 * p), p)", &[2], &[0.0, 0.0]);
    check("grad(sum(straight_through(round(p), p^2)), p)", &[2], &[1.0, -3.0]);
    check("grad(sum(p * stop_gradient(p)), p)", &[2], &[0.5, -1.5]);
    check("grad(sum(safe_div(1, p - 0.5)), p)", &[2], &[0.0, -0.25]);
    check("grad(sum(cumprod(p * where(iota(N) > 0, 1, 0))), p)", &[2], &[0.0, 0.0]);
    check("grad(sum(cumprod(p * p)), p)", &[2], &[3.25, -0.75]);
    check("grad(sum(elu(p - 0.5)), p)", &[2], &[1.0, (-2.0_f64).exp()]);
    check("grad(sum(elu(1000 * p)), p)", &[2], &[1000.0, 0.0]);
    check("grad(sum(clamp(p, -1.5, 0.5)), p)", &[2], &[0.0, 0.0]);
    scalar("if true { let q = p[0]; let r = 2 * q + q; grad(r, q) } else { 0 }", 3.0);
    scalar("if true { let q = p[0]; let r = q^2; grad(r, q) + grad(p[0] * r, r) } else { 0 }", 1.5);
    scalar("grad(sqrt(sum((p - p)^2)), p)[0]", 0.0);
}

/// What LANGUAGE.md says of axes with no element, as the loops compute it, to the sign of 0.
#[test]
fn reductions_of_nothing() {
    const NOTHING: &[(&str, f64)] = &[
        ("sum(x)", 0.0),
        ("sum(sigmoid(x))", 0.0),
        ("sum(x^2)/2", 0.0),
        ("sum(softmax(x))", f64::NAN),
        ("mean(x)", f64::NAN),
        ("var(x)", f64::NAN),
        ("std(x)", f64::NAN),
        ("mean(x^2) - mean(x)^2", f64::NAN),
        ("var(x, ddof = 1)", f64::NAN),
        ("std(x, ddof = 1)", f64::NAN),
        ("var([y], ddof = 1)", f64::NAN),
        ("var([y, y + 2], ddof = 1)", 2.0),
        ("prod(x)", 1.0),
        ("max(x)", f64::NEG_INFINITY),
        ("min(x)", f64::INFINITY),
        ("logsumexp(x)", f64::NEG_INFINITY),
        ("norm(x)", 0.0),
    ];
    for (expression, expected) in NOTHING {
        let model = Example::of(&format!("M<N> {{ input x: [N], y; out = {expression}; }}"));
        let found = model.dim("N", 0).set("x", &[0], &[]).set("y", &[], &[1.5]).computed("out")[0];
        let same = if expected.is_nan() { found.is_nan() } else { found.to_bits() == expected.to_bits() };
        assert!(same, "{expression} is {found}, not {expected}");
    }
}

/// A cross-entropy's gradient at the label is a share less 1, and exact to the rounding of 1; beside it, to its own.
#[test]
fn gradients_of_tiny_cross_entropies() {
    for top in [1.0, 20.0, 30.0, 40.0, 700.0] {
        let model = Example::of("M { input z: [3]; out = grad(logsumexp(z) - z[0], z); }");
        let found = model.set("z", &[3], &[top, 0.0, 0.0]).computed("out");
        let rest = (-top).exp();
        let share = rest / (1.0 + 2.0 * rest);
        let [label, other, same] = found[..] else { panic!("three numbers") };
        assert!((label + 2.0 * share).abs() <= f64::EPSILON && (label == 0.0) == (top >= 40.0), "{label} at {top}");
        assert!((other - share).abs() <= 4.0 * f64::EPSILON * share && other.to_bits() == same.to_bits(), "{other}");
    }
    let model = Example::of("M { input z: [3]; out = softmax(z); }").set("z", &[3], &[f64::INFINITY, 0.0, 1.0]);
    assert!(model.computed("out").iter().all(|share| share.is_nan()));
}
