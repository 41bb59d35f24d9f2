//! Derivatives that are zero by their form: an answer in the right shape, and a note.

use crate::testing::Example;

#[test]
fn a_derivative_that_nothing_reaches_is_zero_in_its_shape() {
    let example = Example::of(
        "M<N> {
            param w: [N], k;
            input x: [N], v: [N];
            loss = sum(w*x) + k;
            by_other = grad(sum(x), w);
            by_scalar = grad(sum(w^2), k);
            steps = grad(sum(floor(x)*x[0] - floor(x)*x[0] + floor(w)), w);
            along = jvp(x, w, v);
            along_number = jvp(k^2, w, v);
            back = vjp(x, w, v);
            sign_slope = vjp(sign(w) + round(w) + (if w > 0 { 1 } else { 2 }), w, v);
            second = grad(grad(loss, k), k);
            third = jvp(grad(loss, w), w, v);
            mixed = grad(sum(grad(sum(w^2), w)*v), k);
            fixed = grad(stop_gradient(k)^2, k);
        }",
    );
    let example = example.dim("N", 2).set("w", &[2], &[1.5, -2.5]).set("k", &[], &[3.0]);
    let example = example.set("x", &[2], &[0.5, 2.0]).set("v", &[2], &[1.0, 1.0]);
    for name in ["by_other", "steps", "along", "back", "sign_slope", "third"] {
        assert_eq!(example.value(name), [0.0, 0.0], "{name}");
    }
    for name in ["by_scalar", "along_number", "second", "mixed", "fixed"] {
        assert_eq!(example.value(name), [0.0], "{name}");
    }
    assert_eq!(example.grad("w"), [0.5, 2.0]);
}

#[test]
fn steps_go_on_with_zeros() {
    let example = Example::of(
        "M<N> { param w: [N]; state m: [N]; input x: [N]; loss = sum(w*x);
            step train(rate) { let g = grad(sum(floor(w)), w); m := m + g; w := w - rate*(grad(loss, w) + g); } }",
    );
    let example = example.dim("N", 2).set("w", &[2], &[1.0, 2.0]).set("m", &[2], &[5.0, 6.0]);
    let example = example.set("x", &[2], &[1.0, 1.0]).set("rate", &[], &[0.5]);
    assert_eq!(example.assigned("train", "m"), [5.0, 6.0]);
    assert_eq!(example.assigned("train", "w"), [0.5, 1.5]);
}

#[test]
fn the_documentation_says_what_is_zero_and_why() {
    let model = super::build(
        "M<N> { param w: [N], k; input x: [N]; loss = sum(w*x)*k; fn slope(a) = grad(a, k);
            a = grad(sum(x), k); b = jvp(floor(w), w, x); c = grad(k^2, k); d = slope(sum(x)) + slope(sum(x)); }",
    );
    let model = model.expect("a zero derivative is no mistake");
    let expected = [
        "`grad(sum(x), k)` is 0: `sum(x)` does not depend on it.",
        "`jvp(floor(w), w, x)` is 0: its only use is inside `floor(…)`, whose derivative is zero.",
        "`grad(a, k)` is 0: `a` does not depend on it.",
    ];
    assert_eq!(model.notes, expected);
}

#[test]
fn a_parameter_that_nothing_reaches_is_still_a_mistake() {
    let messages = super::build("M { param w, k; input x; loss = w*x + floor(k); slope = grad(loss, k); }");
    let messages = messages.expect_err("no gradient reaches `k`");
    assert!(messages.contains("no gradient reaches parameter `k`"), "{messages}");
    assert!(super::build("M { param w, k unused; input x; loss = w*x + floor(k); slope = grad(loss, k); }").is_ok());
    let messages = super::build("M<N, K> { param w; input i: [N] in K; loss = w*sum(i); a = grad(loss, i); }");
    assert!(messages.expect_err("a class index").contains("only numbers have derivatives"));
}
