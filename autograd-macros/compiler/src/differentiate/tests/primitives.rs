//! Every primitive: forward against reverse mode against finite differences, first and second order.

use std::rc::Rc;

use crate::differentiate::testing::Bench;
use crate::differentiate::{Blocked, explain_zero, gradient, vjp};
use crate::graph::{Dim, Elem, NodeId, Region, Shape};
use crate::interpret::Tensor;
use crate::ops::{Compare, Contract, Extreme, ReduceKind};

/// Checks a value of some random leaves to the second order.
fn check(what: &str, shapes: &[&[&str]], build: impl Fn(&mut Region, &[NodeId]) -> NodeId) {
    let mut bench = Bench::new(11);
    let xs: Vec<NodeId> = shapes.iter().map(|shape| bench.random(shape, 0.4, 1.6)).collect();
    let y = build(&mut bench.region, &xs);
    bench.check(y, &xs, 2, what);
}

/// Squares, so that the second derivatives of linear primitives have something to show.
fn squared(region: &mut Region, x: NodeId) -> NodeId {
    region.times(x, x)
}

fn shape(dims: &[&str]) -> Shape {
    dims.iter().map(|name| name.parse().map_or_else(|_| Dim::name(name), Dim::constant)).collect()
}

#[test]
fn shapes_move_without_loss() {
    check("broadcast", &[&["N"]], |r, x| {
        let x = squared(r, x[0]);
        r.broadcast(x, &shape(&["D", "N", "2"]), &[1])
    });
    check("permute", &[&["N", "D", "N"]], |r, x| {
        let x = squared(r, x[0]);
        r.permute(x, &[2, 0, 1])
    });
    check("reshape", &[&["N", "D"]], |r, x| {
        let count = Dim::name("N").mul(&Dim::name("D")).expect("small");
        let x = squared(r, x[0]);
        r.reshape(x, &[count].into())
    });
    check("reverse", &[&["N", "D"]], |r, x| {
        let x = squared(r, x[0]);
        r.reverse(x, &[0, 1])
    });
}

#[test]
fn boxes_move_without_loss() {
    let one = Dim::ONE;
    let last = Dim::name("N").sub(&one).expect("small");
    check("slice", &[&["N", "D"]], |r, x| {
        let x = squared(r, x[0]);
        r.slice(x, &[one.clone(), Dim::ZERO], &[last.clone(), Dim::name("D")].into(), &[1, 1])
    });
    check("slice with a step", &[&["N"]], |r, x| {
        let x = squared(r, x[0]);
        r.slice(x, &[Dim::ZERO], &shape(&["2"]), &[2])
    });
    check("pad", &[&["N", "D"]], |r, x| {
        let x = squared(r, x[0]);
        r.pad(x, &shape(&["7", "4"]), &[one.clone(), Dim::constant(2)], &[2, 1])
    });
    check("concat", &[&["N", "D"], &["D", "D"]], |r, x| {
        let y = squared(r, x[1]);
        r.concat(&[y, x[0], x[1]], 0)
    });
}

#[test]
fn reductions() {
    let kinds = [ReduceKind::Sum, ReduceKind::Product, ReduceKind::LogSumExp, ReduceKind::Norm];
    for kind in kinds.into_iter().chain([ReduceKind::Max, ReduceKind::Min]) {
        for axes in [&[0][..], &[1], &[0, 1], &[0, 2], &[0, 1, 2]] {
            check(&format!("{} over {axes:?}", kind.name()), &[&["N", "D", "D"]], |r, x| {
                let x = squared(r, x[0]);
                r.reduce(kind, x, axes)
            });
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
        for axis in [0, 1] {
            check("recurrence", &[&["N", "D"], &["N", "D"]], |r, x| r.recurrence(x[0], x[1], axis, reverse));
            check("log_recurrence", &[&["N", "D"], &["N", "D"]], |r, x| r.log_recurrence(x[0], x[1], axis, reverse));
        }
        let mut bench = Bench::new(4);
        let (a, b) = (bench.random(&["Z"], 0.0, 1.0), bench.random(&["Z"], 0.0, 1.0));
        let y = bench.region.recurrence(a, b, 0, reverse);
        assert!(bench.gradient(y, &[a, b])[0].data.is_empty());
    }
}

#[test]
fn contractions() {
    let matrix = |left_contract: &[usize], right_contract: &[usize]| Contract {
        left_batch: Vec::new(),
        right_batch: Vec::new(),
        left_contract: left_contract.to_vec(),
        right_contract: right_contract.to_vec(),
    };
    check("matrix product", &[&["N", "D"], &["D", "N"]], |r, x| r.contract(matrix(&[1], &[0]), x[0], x[1]));
    check("transposed product", &[&["D", "N"], &["N", "D"]], |r, x| r.contract(matrix(&[0], &[1]), x[0], x[1]));
    check("outer product", &[&["N"], &["D"]], |r, x| r.contract(matrix(&[], &[]), x[0], x[1]));
    check("inner product", &[&["N", "D"], &["D", "N"]], |r, x| r.contract(matrix(&[1, 0], &[0, 1]), x[0], x[1]));
    check("square", &[&["N", "N"]], |r, x| r.contract(matrix(&[1], &[0]), x[0], x[0]));
    let batched = Contract {
        left_batch: vec![2, 0],
        right_batch: vec![0, 3],
        left_contract: vec![4, 1],
        right_contract: vec![1, 2],
    };
    check("batched product", &[&["N", "D", "D", "N", "N"], &["D", "N", "D", "N", "D"]], |r, x| {
        r.contract(batched.clone(), x[0], x[1])
    });
}

#[test]
fn selections_mask_before_the_arm() {
    check("select", &[&["N"], &["N"]], |r, x| {
        let level = r.full_like(1.0, x[0]);
        let low = r.less(x[0], level);
        let (yes, no) = (squared(r, x[1]), r.exp(x[0]));
        r.select(low, yes, no)
    });
}

#[test]
fn identities_pass_or_stop() {
    let name: Rc<str> = "a".into();
    check("named", &[&["N"]], |r, x| {
        let square = squared(r, x[0]);
        r.named(square, &name, 1)
    });
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
