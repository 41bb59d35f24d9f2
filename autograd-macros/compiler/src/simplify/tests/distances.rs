//! Second derivatives of functions of distances, at distance 0: in every mode, of arrays, with parameters.

use crate::testing::{Example, assert_close};

/// The Hessian of `loss` by `x: [N]` at the origin, row by row, in both orders of the modes.
fn hessian(text: &str) -> Vec<f64> {
    let model = Example::of(&format!(
        "M<N> {{ param x: [N]; param s unused; input x_axis: [N], y_axis: [N]; {text} let g = grad(loss, x); let t = x_axis; let u = y_axis;
            back = grad(dot(g, t), x); mixed = jvp(g, x, t); forth = grad(jvp(loss, x, t), x); other = grad(dot(g, u), x);
            ahead = [jvp(jvp(loss, x, t), x, t), jvp(jvp(loss, x, t), x, u)]; }}"
    ));
    let model = model.dim("N", 2).set("x", &[2], &[0.0, 0.0]).set("s", &[], &[2.0]);
    let model = model.set("x_axis", &[2], &[1.0, 0.0]).set("y_axis", &[2], &[0.0, 1.0]);
    let row = model.value("back");
    for name in ["mixed", "forth", "ahead"] {
        assert_close(&model.value(name), &row, 1e-14);
    }
    assert_close(&model.grad("x"), &[0.0, 0.0], 0.0);
    [row, model.value("other")].concat()
}

#[test]
fn smooth_functions_of_a_distance_have_their_second_derivative() {
    let third = 1.0 / 3.0;
    for (text, curvature) in [
        ("let r = norm(x); loss = (1 + r + r^2/3)*exp(-r);", -third),
        ("let r = sqrt(sum(x^2)); loss = (1 + r)*exp(-r);", -1.0),
        ("let r = s*hypot(x[0], x[1]); loss = cos(r);", -4.0),
        ("loss = cos(sqrt(s*x[0]^2 + s*x[1]^2));", -2.0),
        ("let r = sqrt(sum(x^2)/3); loss = (1 + sqrt(3)*r)*exp(-sqrt(3)*r);", -1.0),
        ("let r = sqrt(sum((s*x)^2)); loss = s*r*tanh(r);", 16.0),
        ("let r = norm(x); loss = s*(r - tanh(r));", 0.0),
        ("loss = log(cos(norm(x)) + s) + r; let r = 0;", -third),
        ("loss = sum(cos(abs(x)));", -1.0),
        ("loss = prod(cos(s*abs(x)));", -4.0),
    ] {
        let text = if text.ends_with("r = 0;") { text.replace(" + r; let r = 0;", ";") } else { text.to_owned() };
        assert_close(&hessian(&text), &[curvature, 0.0, 0.0, curvature], 1e-14);
    }
}

#[test]
fn at_a_kink_it_is_the_one_beside_it() {
    for (text, curvature) in [
        ("loss = norm(x);", 0.0),
        ("loss = sum(abs(x));", 0.0),
        ("loss = s*exp(-norm(x));", 2.0),
        ("loss = sum(exp(-s*abs(x)));", 4.0),
        ("loss = norm(x)^3;", 0.0),
        ("loss = norm(x)^1.5;", f64::INFINITY),
        ("loss = sum(abs(x)^1.5);", f64::INFINITY),
        ("loss = sum(abs(x)^s);", 2.0),
    ] {
        let found = hessian(text);
        assert_close(&[found[0], found[3]], &[curvature; 2], 1e-14);
    }
}

/// A kernel matrix has its distances 0 on the diagonal; what reductions make of it is differentiated as a whole.
#[test]
fn distances_of_many_pairs() {
    let text = "M<N, K> { param x: [N]; input c: [K], y: [K], w: [N]; let r = abs(x[.., new] - c[new, ..]);
        let k = (1 + r)*exp(-r); let f = w @ k; loss = sum((f - y)^2); second = jvp(grad(loss, x), x, w); }";
    let (x, c, y, w) = ([0.5, 2.0], [0.5, 2.0, -1.0], [1.0, 2.0, 3.0], [3.0, -2.0]);
    let model = Example::of(text).dim("N", 2).dim("K", 3);
    let model = model.set("x", &[2], &x).set("c", &[3], &c).set("y", &[3], &y).set("w", &[2], &w);
    // k' = -d·exp(-|d|), k'' = (|d| - 1)·exp(-|d|), where d = x - c
    let (slope, curve) = (|d: f64| -d * (-d.abs()).exp(), |d: f64| (d.abs() - 1.0) * (-d.abs()).exp());
    let value = |d: f64| (1.0 + d.abs()) * (-d.abs()).exp();
    let mut expected = [0.0; 2];
    for (c, y) in c.into_iter().zip(y) {
        let f = w[0] * value(x[0] - c) + w[1] * value(x[1] - c);
        let along = w[0] * w[0] * slope(x[0] - c) + w[1] * w[1] * slope(x[1] - c);
        for at in 0..2 {
            let d = x[at] - c;
            expected[at] += 2.0 * w[at] * (along * slope(d) + (f - y) * curve(d) * w[at]);
        }
    }
    assert_close(&model.value("second"), &expected, 1e-14);
}

/// What the gradient that is trained by needs, it has: of a loss of derivatives, and not of one without.
#[test]
fn a_loss_of_second_derivatives_has_its_gradient() {
    let text = "M { param s; input a; let r = s*abs(a); let u = (1 + r)*exp(-r); let curve = grad(grad(u, a), a);
        loss = curve^2; by_hand = grad(curve, s); }";
    let model = Example::of(text).set("s", &[], &[3.0]).set("a", &[], &[0.0]);
    // u'' = -s² at 0
    assert_close(&[model.number("loss")], &[81.0], 1e-14);
    assert_close(&model.grad("s"), &[4.0 * 27.0], 1e-14);
    assert_close(&model.value("by_hand"), &[-6.0], 1e-14);
}
