//! Products of numbers, by text and by meaning.

use expect_test::{Expect, expect};

use crate::graph::print::print;
use crate::graph::{NodeId, Region, Type};
use crate::interpret::{Environment, Tensor, evaluate};
use crate::ops::{Function, LeafKind};
use crate::simplify::early::early_factors_first;

/// What becomes of y, and that it means the same: each product has at most as many factors as rounding errors here.
fn check(build: impl FnOnce(&mut Region) -> NodeId, expected: &Expect) {
    let mut region = Region::new();
    let y = build(&mut region);
    let (after, results) = early_factors_first(&region, &[y]);
    expected.assert_eq(&print(&after, &[("y", results[0])]));
    let mut environment = Environment::default();
    environment.dims.insert("N".into(), 5);
    for (name, value) in [("a", 0.3), ("b", -1.7), ("c", 2.9)] {
        environment.values.insert(name.into(), Tensor::scalar(value));
    }
    environment.values.insert("x".into(), Tensor { shape: vec![5], data: vec![0.7, 0.3, -0.1, -0.5, 1.9] });
    let [before, after] = [(&region, y), (&after, results[0])].map(|(r, y)| evaluate(r, &[y], &environment).remove(0));
    assert_eq!(before.shape, after.shape);
    for (before, after) in before.data.iter().zip(&after.data) {
        assert!((before - after).abs() <= 8.0 * f64::EPSILON * before.abs(), "{before} {after}");
    }
}

fn scalar(r: &mut Region, name: &str) -> NodeId {
    r.leaf(LeafKind::Param, name, Type::real([]))
}

/// Σ x
fn late(r: &mut Region) -> NodeId {
    let x = r.leaf(LeafKind::Input, "x", Type::real([crate::graph::Dim::name("N")]));
    r.sum(x, &[0])
}

#[test]
fn what_is_known_early_is_multiplied_first() {
    check(
        |r| {
            let (a, b, c) = (scalar(r, "a"), scalar(r, "b"), scalar(r, "c"));
            let sum = late(r);
            let mean = r.over(sum, c);
            let scaled = r.times(a, mean);
            r.times(scaled, b)
        },
        &expect![[r#"
            %0 [] = param a
            %1 [] = param b
            %2 [] = param c
            %3 [N] = input x
            %4 [] = reduce sum [0] %3
            %5 [] = mul %1 %0
            %6 [] = div %5 %2
            %7 [] = mul %6 %4
            y: %7
        "#]],
    );
}

#[test]
fn divisors_alone_become_one() {
    check(
        |r| {
            let (a, b) = (scalar(r, "a"), scalar(r, "b"));
            let sum = late(r);
            let once = r.over(sum, a);
            r.over(once, b)
        },
        &expect![[r#"
            %0 [] = param a
            %1 [] = param b
            %2 [N] = input x
            %3 [] = reduce sum [0] %2
            %4 [] = mul %1 %0
            %5 [] = div %3 %4
            y: %5
        "#]],
    );
}

#[test]
fn other_products_stay() {
    // One early factor; two late ones; a late divisor; what is not a number.
    check(
        |r| {
            let a = scalar(r, "a");
            let sum = late(r);
            let one = r.times(a, sum);
            let two = r.times(one, sum);
            let under = r.over(a, two);
            let x = r.leaf(LeafKind::Input, "x", Type::real([crate::graph::Dim::name("N")]));
            let all = r.fill(under, &r.shape(x));
            let many = r.times(all, x);
            let many = r.scale(many, 3.0);
            r.map(Function::Sin, &[many])
        },
        &expect![[r#"
            %0 [] = param a
            %1 [N] = input x
            %2 [] = reduce sum [0] %1
            %3 [] = mul %0 %2
            %4 [] = mul %3 %2
            %5 [] = div %0 %4
            %6 [N] = broadcast [N] [] %5
            %7 [N] = mul %6 %1
            %8 [] = 3
            %9 [N] = broadcast [N] [] %8
            %10 [N] = mul %9 %7
            %11 [N] = sin %10
            y: %11
        "#]],
    );
}
