//! What an extreme, a ramp or a box takes nothing of: its slope overflows, or it is NaN, and the derivative is 0.

#![allow(clippy::float_cmp, reason = "these values are meant to be equal")]

use crate::testing::{Example, assert_close};

/// Of one number at 1e200: the value, whose slope is 0.
#[test]
fn extremes_do_not_meet_the_slope_of_what_they_leave_out() {
    let losses = [
        ("min(x^4, 100)", 100.0),
        ("relu(-x^4)", 0.0),
        ("clamp(x^3, -1, 1)", 1.0),
        ("max(1, -x*x*x)", 1.0),
        ("min(2*x^5 + 3, 7)", 7.0),
        ("min((x^2)^3, 7)", 7.0),
        ("min(sum(x^6), 8)", 8.0),
        ("min(log(1 + x^4), 8)", 8.0),
        ("min(exp(x)*x^2, 8)", 8.0),
        ("min(sqrt(x^4 + x), 8)", 8.0),
        ("relu(1 - x^2*exp(x/1e198))", 0.0),
    ];
    for (loss, value) in losses {
        let text = format!("M {{ param x = 1; loss = {loss}; h = grad(grad(loss, x), x); j = jvp(loss, x, 1); }}");
        let example = Example::of(&text).set("x", &[], &[1e200]);
        assert_eq!(example.number("loss"), value, "{loss}");
        assert_eq!([example.grad("x")[0], example.number("j"), example.number("h")], [0.0; 3], "{loss}");
    }
}

#[test]
fn the_smallest_of_an_axis_does_not_meet_the_slopes_of_the_others() {
    let example = Example::of("M<N> { param x: [N]; loss = min(x^4) + max(-x^4); }").dim("N", 3);
    assert_eq!(example.set("x", &[3], &[1.0, 2.0, -1e300]).grad("x"), [0.0, 0.0, 0.0]);
    let example = Example::of("M<N> { param x: [N]; loss = min(x^4); }").dim("N", 3);
    assert_eq!(example.set("x", &[3], &[1.0, 2.0, -1e300]).grad("x"), [4.0, 0.0, 0.0]);
}

/// The third row is NaN or infinite, and not in the box.
#[test]
fn a_box_does_not_read_what_is_beside_it() {
    let texts = [
        ("sum((w[0]*x)[..2])", 4.0),
        ("sum((w[0]*x - 1)[..2]^2)", 24.0),
        ("sum((x*w[0])[1..2])", 2.0),
        ("sum((2*(x*w[0]))[..2])", 8.0),
        ("sum((m @ w)[..2])", 4.0),
        ("sum((m @ w)[..2]*w[0]) - w[0]*8", 8.0),
    ];
    for (loss, slope) in texts {
        for hole in [f64::NAN, f64::INFINITY] {
            let text = format!("M<N> {{ param w: [2]; input x: [N], m: [N, 2]; loss = {loss}; }}");
            let example = Example::of(&text).dim("N", 3).set("w", &[2], &[2.0, 0.0]).set("x", &[3], &[2.0, 2.0, hole]);
            let example = example.set("m", &[3, 2], &[2.0, 1.0, 2.0, 1.0, hole, hole]);
            assert_close(&example.grad("w")[..1], &[slope], 1e-15);
        }
    }
}
