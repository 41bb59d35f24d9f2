//! Every primitive: forward against reverse mode against finite differences, first and second order.

use crate::differentiate::testing::Bench;
use crate::differentiate::{Blocked, explain_zero, gradient, vjp};
use crate::graph::Elem;
use crate::interpret::Tensor;
use crate::ops::{Compare, Extreme, ReduceKind};

/// Checks an expression of random leaves to the second order. Where a primitive is linear, its operand is a square, so that
/// the second derivative has something to show.
fn check(text: &str) {
    let (mut bench, y, leaves) = Bench::of(text, 11);
    bench.check(y, &leaves, 2, text);
}

#[test]
fn shapes_move_without_loss() {
    check("broadcast [D, N, 2] [1](x * x)");
    check("t: [N, D, N]; permute [2, 0, 1](t * t)");
    check("reshape [N*D](a * a)");
    check("reverse [0, 1](a * a)");
}

#[test]
fn boxes_move_without_loss() {
    check("slice [1..+N - 1, 0..+D](a * a)");
    check("slice [0..+2:2](x * x)");
    check("pad [7, 4] [1..:2, 2..](a * a)");
    check("t: [D, D]; concat 0(t * t, a, t)");
}

#[test]
fn windows_move_without_loss() {
    check("window [N - 1, 2] [a0 + a1](x * x)");
    check("window [N, 2] [a0 + (-1)*a1] if a0 + (-1)*a1 < (N)(x * x)");
    check("t: [N, N]; window [N] [a0, a0](t * t)");
    check("t: [N, N]; window [N, 2] [a0 + a1 + (-1), a0] if a0 + a1 + (-1) < (N)(t * t)");
    // Strides are spread out, those that are sizes scattered.
    check("t: [K]; window [2, 2] [(2)*a0 + a1](t * t)");
    check("window [N] [(-2)*a0 + (N)] if (-2)*a0 + (N) < (N)(x * x)");
    check("t: [N*N]; window [N, D] [(N)*a0 + (D)*a1] if (N)*a0 + (D)*a1 < (N*N)(t * t)");
}

#[test]
fn what_integers_say_moves_without_loss() {
    check("t: [D]; gather [0](t * t, argmax 1(a))");
    check("t: [N, D]; gather [1] inside(t * t, argmax 1(a))");
    check("t: [D, N, D]; gather [0, 2](t * t, argmax 1(a), argmin 1(a))");
    check("t: [D]; scatter [0](t * t, x * x, argmax 1(a))");
    check("t: [D, D]; scatter [0](t * t, a * a, argmax 1(a))");
}

#[test]
fn reductions() {
    let kinds = [ReduceKind::Sum, ReduceKind::Product, ReduceKind::LogSumExp, ReduceKind::Norm];
    for kind in kinds.into_iter().chain([ReduceKind::Max, ReduceKind::Min]) {
        for axes in ["[0]", "[1]", "[0, 1]", "[0, 2]", "[0, 1, 2]"] {
            check(&format!("t: [N, D, D]; reduce {} {axes}(t * t)", kind.name()));
        }
    }
}

#[test]
fn products_of_zeros_are_exact() {
    for (x, expected) in
        [([0.0, 3.0, 4.0], [12.0, 0.0, 0.0]), ([0.0, 0.0, 4.0], [0.0; 3]), ([2.0, 3.0, 4.0], [12.0, 8.0, 6.0])]
    {
        let mut bench = Bench::new(1);
        let x = bench.vector(&x);
        let y = bench.region.reduce(ReduceKind::Product, x, &[0]);
        assert_eq!(bench.gradient(y, &[x])[0].data, expected);
    }
    let mut bench = Bench::new(2);
    let x = bench.vector(&[0.0, 3.0, 0.0, 1.5]);
    let y = bench.region.reduce(ReduceKind::Product, x, &[0]);
    bench.check(y, &[x], 3, "product of zeros");
}

#[test]
fn reductions_over_nothing() {
    let kinds = [
        (ReduceKind::Sum, 0.0),
        (ReduceKind::Product, 1.0),
        (ReduceKind::Max, f64::NEG_INFINITY),
        (ReduceKind::Min, f64::INFINITY),
        (ReduceKind::LogSumExp, f64::NEG_INFINITY),
        (ReduceKind::Norm, 0.0),
    ];
    for (kind, expected) in kinds {
        let mut bench = Bench::new(1);
        let x = bench.random(&["Z", "N"], 0.0, 1.0);
        let y = bench.region.reduce(kind, x, &[0]);
        assert_eq!(bench.value(y).data, [expected; 3], "{}", kind.name());
        assert!(bench.gradient(y, &[x])[0].data.is_empty());
        let t = bench.like(x);
        let tangent = crate::differentiate::jvp(&mut bench.region, y, &[(x, t)]).expect("a derivative");
        assert_eq!(bench.value(tangent.expect("a tangent")).shape, [3]);
    }
}

#[test]
fn recurrences_are_closed() {
    for reverse in [false, true] {
        for kind in ["recurrence 0", "recurrence 1", "log_recurrence 0", "log_recurrence 1"] {
            check(&format!("{kind}{}(a, b)", if reverse { " reverse" } else { "" }));
        }
        let mut bench = Bench::new(4);
        let (a, b) = (bench.random(&["Z"], 0.0, 1.0), bench.random(&["Z"], 0.0, 1.0));
        let y = bench.region.recurrence(a, b, 0, reverse);
        assert!(bench.gradient(y, &[a, b])[0].data.is_empty());
    }
}

#[test]
fn contractions() {
    check("t: [D, N]; contract [1]x[0](a, t)");
    check("t: [D, N]; contract [0]x[1](t, a)");
    check("y: [D]; contract []x[](x, y)");
    check("t: [D, N]; contract [1, 0]x[0, 1](a, t)");
    check("t: [N, N]; contract [1]x[0](t, t)");
    check("s: [N, D, D, N, N]; t: [D, N, D, N, D]; contract [4, 1]x[1, 2] batch [2, 0]x[0, 3](s, t)");
}

#[test]
fn selections_mask_before_the_arm() {
    check("select(x < 1, y * y, exp(x))");
}

#[test]
fn identities_pass_or_stop() {
    check("named a#1(x * x)");
    let mut bench = Bench::new(1);
    let x = bench.scalar(3.0);
    let stopped = bench.region.stop_gradient(x);
    let y = bench.region.times(x, stopped);
    assert_eq!(bench.gradient(y, &[x])[0], Tensor::scalar(3.0));
}

#[test]
fn indices_and_truth_values_have_no_derivative() {
    let mut bench = Bench::new(1);
    let x = bench.random(&["N"], 0.0, 1.0);
    let r = &mut bench.region;
    let half = r.full_like(0.5, x);
    let place = r.arg_reduce(Extreme::Max, x, 0);
    let place = r.cast(place, Elem::Real);
    let less = r.compare(Compare::Lt, x, half);
    let less = r.not(less);
    let count = r.cast(less, Elem::Real);
    let floor = r.floor(x);
    let (count, floor) = (r.sum(count, &[0]), r.sum(floor, &[0]));
    let sum = r.plus(count, floor);
    let y = r.plus(sum, place);
    assert_eq!(gradient(r, y, &[x]).expect("zero"), [None]);
    let blocked = explain_zero(r, y, x).expect("a reason");
    assert_eq!(blocked.names(r), ["argmax", "less", "floor"]);
    let other = bench.scalar(1.0);
    assert_eq!(explain_zero(&bench.region, y, other), Some(Blocked::Unused));
    assert_eq!(explain_zero(&bench.region, x, x), None);
}

#[test]
fn refusals_say_where_and_why() {
    let mut bench = Bench::new(1);
    let (n, x) = (bench.scalar(2.0), bench.scalar(1.5));
    let y = bench.region.polygamma(n, x);
    let refusal = gradient(&mut bench.region, y, &[n, x]).expect_err("no derivative by the order");
    assert_eq!(refusal.reason, "`polygamma` has no derivative in its order");
    assert!(gradient(&mut bench.region, y, &[x]).is_ok());
    // Refused only where the derivative would have to pass.
    let other = bench.region.square(n);
    assert!(gradient(&mut bench.region, other, &[n]).is_ok());
}

#[test]
fn variables_may_depend_on_each_other() {
    let mut bench = Bench::new(1);
    let x = bench.scalar(3.0);
    let r = &mut bench.region;
    let twice = r.scale(x, 2.0);
    let a = r.named(twice, &"a".into(), 0);
    let y = r.times(a, twice);
    let gradients = bench.gradient(y, &[a, x, y]);
    assert_eq!(gradients, [Tensor::scalar(6.0), Tensor::scalar(24.0), Tensor::scalar(1.0)]);
}

#[test]
fn the_cost_is_linear() {
    let mut bench = Bench::new(1);
    let x = bench.random(&["N"], 0.0, 1.0);
    let (mut a, mut b) = (x, x);
    for _ in 0..1500 {
        let r = &mut bench.region;
        (a, b) = (r.sin(b), r.times(a, b));
        b = r.maximum(a, b);
    }
    let (before, one) = (bench.region.len(), bench.region.ones_like(b));
    vjp(&mut bench.region, b, one, &[x]).expect("a derivative");
    let added = bench.region.len() - before;
    assert!(added < 6 * before, "{added} nodes for {before}");
}
