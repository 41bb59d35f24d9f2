//! Products of numbers, by text and by meaning.

use expect_test::{Expect, expect};

use crate::graph::print::print;
use crate::graph::{NodeId, Region, Type};
use crate::interpret::{Tensor, evaluate};
use crate::ops::{Function, LeafKind};
use crate::simplify::early::early_factors_first;
use crate::testing::sized;

/// What becomes of y, and that it means the same: each product has at most as many factors as rounding errors here.
fn check(build: impl FnOnce(&mut Region) -> NodeId, expected: &Expect) {
    let mut region = Region::new();
    let y = build(&mut region);
    let (after, results) = early_factors_first(&region, &[y]);
    expected.assert_eq(&print(&after, &[("y", results[0])]));
    let mut environment = sized(&[("N", 5)]);
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
fn a_literal_is_multiplied_by_what_is_known_early() {
    check(
        |r| {
            let a = scalar(r, "a");
            let sum = late(r);
            let scaled = r.times(a, sum);
            r.scale(scaled, 3.0)
        },
        &expect![[r#"
            %0 [] = param a
            %1 [N] = input x
            %2 [] = reduce sum [0] %1
            %3 [] = 3
            %4 [] = mul %3 %0
            %5 [] = mul %4 %2
            y: %5
        "#]],
    );
}

#[test]
fn a_power_of_two_is_multiplied_by_the_divisor() {
    check(
        |r| {
            let a = scalar(r, "a");
            let sum = late(r);
            let mean = r.over(sum, a);
            r.scale(mean, 0.25)
        },
        &expect![[r#"
            %0 [] = param a
            %1 [N] = input x
            %2 [] = reduce sum [0] %1
            %3 [] = 4
            %4 [] = mul %3 %0
            %5 [] = div %2 %4
            y: %5
        "#]],
    );
}

#[test]
fn other_products_stay() {
    // Numbers of unknown size; two late factors; a late divisor; what is not a number; no power of two; a large literal.
    check(
        |r| {
            let a = scalar(r, "a");
            let sum = late(r);
            let one = r.times(a, sum);
            let two = r.times(one, sum);
            let two = r.over(two, a);
            let two = r.scale(two, 3.0);
            let two = r.over(two, a);
            let two = r.times(a, two);
            let two = r.scale(two, 1e9);
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
            %5 [] = div %4 %0
            %6 [] = 3
            %7 [] = mul %6 %5
            %8 [] = div %7 %0
            %9 [] = mul %0 %8
            %10 [] = 1000000000
            %11 [] = mul %10 %9
            %12 [] = div %0 %11
            %13 [N] = broadcast [N] [] %12
            %14 [N] = mul %13 %1
            %15 [N] = broadcast [N] [] %6
            %16 [N] = mul %15 %14
            %17 [N] = sin %16
            y: %17
        "#]],
    );
}
