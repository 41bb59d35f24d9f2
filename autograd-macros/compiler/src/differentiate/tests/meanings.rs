//! What each structural primitive means, on values that can be read.

use crate::differentiate::testing::Bench;
use crate::graph::{Dim, Elem, NodeId, Region};
use crate::interpret::Tensor;
use crate::ops::{Contract, Extreme, ReduceKind};

/// The value of something made of `[[1, 2, 3], [4, 5, 6]]`.
fn of_matrix(build: impl Fn(&mut Region, NodeId) -> NodeId) -> (Vec<usize>, Vec<f64>) {
    let mut bench = Bench::new(1);
    let x = bench.leaf(Tensor { shape: vec![2, 3], data: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0] });
    let y = build(&mut bench.region, x);
    let value = bench.value(y);
    (value.shape, value.data)
}

fn d(value: i64) -> Dim {
    Dim::constant(value)
}

#[test]
fn shapes() {
    let transposed = vec![1.0, 4.0, 2.0, 5.0, 3.0, 6.0];
    assert_eq!(of_matrix(|r, x| r.permute(x, &[1, 0])), (vec![3, 2], transposed));
    let rows = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    assert_eq!(of_matrix(|r, x| r.reshape(x, &[d(3), d(2)].into())), (vec![3, 2], rows));
    assert_eq!(of_matrix(|r, x| r.reverse(x, &[1])).1, [3.0, 2.0, 1.0, 6.0, 5.0, 4.0]);
    assert_eq!(of_matrix(|r, x| r.concat(&[x, x], 1)).1, [1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 4.0, 5.0, 6.0]);
    let corner = of_matrix(|r, x| r.slice(x, &[d(1), d(0)], &[d(1), d(2)].into(), &[1, 2]));
    assert_eq!(corner, (vec![1, 2], vec![4.0, 6.0]));
    let spaced = of_matrix(|r, x| {
        let row = r.slice(x, &[d(0), d(0)], &[d(1), d(2)].into(), &[1, 1]);
        r.pad(row, &[d(2), d(4)].into(), &[d(1), d(1)], &[1, 2])
    });
    assert_eq!(spaced, (vec![2, 4], vec![0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 2.0]));
    let tall = of_matrix(|r, x| {
        let sums = r.sum(x, &[1]);
        r.broadcast(sums, &[d(2), d(2)].into(), &[0])
    });
    assert_eq!(tall, (vec![2, 2], vec![6.0, 6.0, 15.0, 15.0]));
}

#[test]
fn sums_and_products() {
    assert_eq!(of_matrix(|r, x| r.reduce(ReduceKind::Product, x, &[0])), (vec![3], vec![4.0, 10.0, 18.0]));
    assert_eq!(of_matrix(|r, x| r.reduce(ReduceKind::Max, x, &[1])).1, [3.0, 6.0]);
    assert_eq!(of_matrix(|r, x| r.reduce(ReduceKind::Min, x, &[0, 1])), (vec![], vec![1.0]));
    let sums = of_matrix(|r, x| {
        let ones = r.ones_like(x);
        r.recurrence(ones, x, 1, false)
    });
    assert_eq!(sums.1, [1.0, 3.0, 6.0, 4.0, 9.0, 15.0]);
    let reversed = of_matrix(|r, x| {
        let ones = r.ones_like(x);
        r.recurrence(ones, x, 0, true)
    });
    assert_eq!(reversed.1, [5.0, 7.0, 9.0, 4.0, 5.0, 6.0]);
    let gram = of_matrix(|r, x| {
        let rule =
            Contract { left_batch: vec![], right_batch: vec![], left_contract: vec![1], right_contract: vec![1] };
        r.contract(rule, x, x)
    });
    assert_eq!(gram, (vec![2, 2], vec![14.0, 32.0, 32.0, 77.0]));
    let squares = of_matrix(|r, x| {
        let rule =
            Contract { left_batch: vec![1], right_batch: vec![1], left_contract: vec![0], right_contract: vec![0] };
        r.contract(rule, x, x)
    });
    assert_eq!(squares, (vec![3], vec![17.0, 29.0, 45.0]));
}

#[test]
fn indices_and_truth_values() {
    let places = of_matrix(|r, x| {
        let falling = r.neg(x);
        let place = r.arg_reduce(Extreme::Max, falling, 1);
        r.cast(place, Elem::Real)
    });
    assert_eq!(places, (vec![2], vec![0.0, 0.0]));
    let first = |values: &[f64]| {
        let mut bench = Bench::new(1);
        let x = bench.vector(values);
        let place = bench.region.arg_reduce(Extreme::Min, x, 0);
        bench.value(place).data[0]
    };
    assert_eq!(vec![first(&[2.0, 1.0, 1.0]), first(&[0.0, f64::NAN, -1.0, f64::NAN])], vec![1.0, 1.0]);
    let mixed = of_matrix(|r, x| {
        let (three, five) = (r.full_like(3.0, x), r.full_like(5.0, x));
        let (low, high) = (r.less(x, three), r.less(five, x));
        let outside = r.or(low, high);
        let inside = r.not(outside);
        let zero = r.zeros_like(x);
        r.select(inside, x, zero)
    });
    assert_eq!(mixed.1, [0.0, 0.0, 3.0, 4.0, 5.0, 0.0]);
    let counted = of_matrix(|r, _| {
        let two = r.extent(&Dim::name("D"));
        let two = r.cast(two, Elem::Real);
        let count = r.iota(&Dim::name("N"));
        let count = r.cast(count, Elem::Real);
        let two = r.fill(two, &[Dim::name("N")].into());
        r.times(two, count)
    });
    assert_eq!(counted, (vec![3], vec![0.0, 2.0, 4.0]));
}

/// Second derivatives by x where n is small beside it: the differences of `trigamma` in 40 digits.
#[test]
fn rises_do_not_cancel_in_second_derivatives() {
    let cases = [
        (1e8, 1e-3, -1.000_000_009_990_000_1e-19, 1.000_000_004_99e-8),
        (3.0, 1e-10, -1.541_138_063_132_416_3e-11, 0.394_934_066_832_815_04),
    ];
    for (x, n, twice, mixed) in cases {
        for (function, sign) in [("log_rising_factorial", 1.0), ("lbeta", -1.0)] {
            let text = format!(
                "M {{ param x, n; loss = {function}(x, n); xx = grad(grad(loss, x), x); xn = grad(grad(loss, x), n); }}"
            );
            let example = crate::testing::Example::of(&text).set("x", &[], &[x]).set("n", &[], &[n]);
            crate::testing::assert_close(&example.value("xx"), &[sign * twice], 1e-13);
            crate::testing::assert_close(&example.value("xn"), &[sign * mixed], 1e-13);
        }
    }
}
