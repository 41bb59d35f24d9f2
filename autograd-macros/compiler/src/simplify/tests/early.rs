//! Products of numbers, by text and by meaning.

use expect_test::{Expect, expect};

use crate::graph::notation::graph;
use crate::graph::print::print;
use crate::interpret::{Tensor, evaluate};
use crate::simplify::early::early_factors_first;
use crate::testing::sized;

/// What becomes of y, and that it means the same: each product has at most as many factors as rounding errors here.
fn check(text: &str, expected: &Expect) {
    let (region, results) = graph(&[text]);
    let y = results[0];
    let (after, results) = early_factors_first(&region, &[y]);
    expected.assert_eq(&print(&after, &[("y", results[0])]));
    let mut environment = sized(&[("N", 5)]);
    environment.values.insert("u".into(), Tensor::scalar(0.3));
    environment.values.insert("x".into(), Tensor { shape: vec![5], data: vec![0.7, 0.3, -0.1, -0.5, 1.9] });
    let [before, after] = [(&region, y), (&after, results[0])].map(|(r, y)| evaluate(r, &[y], &environment).remove(0));
    assert_eq!(before.shape, after.shape);
    for (before, after) in before.data.iter().zip(&after.data) {
        assert!((before - after).abs() <= 8.0 * f64::EPSILON * before.abs(), "{before} {after}");
    }
}

#[test]
fn a_literal_is_multiplied_by_what_is_known_early() {
    check(
        "3 * (u * reduce sum [0](x))",
        &expect![[r#"
            %0 [] = 3
            %1 [] = input u
            %2 [N] = input x
            %3 [] = reduce sum [0] %2
            %4 [] = mul %0 %1
            %5 [] = mul %4 %3
            y: %5
        "#]],
    );
}

#[test]
fn a_power_of_two_is_multiplied_by_the_divisor() {
    check(
        "0.25 * (reduce sum [0](x) / u)",
        &expect![[r#"
            %0 [N] = input x
            %1 [] = reduce sum [0] %0
            %2 [] = input u
            %3 [] = 4
            %4 [] = mul %3 %2
            %5 [] = div %1 %4
            y: %5
        "#]],
    );
}

#[test]
fn other_products_stay() {
    // Numbers of unknown size; two late factors; a late divisor; what is not a number; no power of two; a large literal.
    check(
        "p = reduce sum [0](x); q = u / (1000000000 * (u * (3 * (u * p * p / u) / u))); sin(3 * (q * x))",
        &expect![[r#"
            %0 [N] = input x
            %1 [] = reduce sum [0] %0
            %2 [] = input u
            %3 [] = 1000000000
            %4 [] = 3
            %5 [] = mul %2 %1
            %6 [] = mul %5 %1
            %7 [] = div %6 %2
            %8 [] = mul %4 %7
            %9 [] = div %8 %2
            %10 [] = mul %2 %9
            %11 [] = mul %3 %10
            %12 [] = div %2 %11
            %13 [N] = broadcast [N] [] %12
            %14 [N] = mul %13 %0
            %15 [N] = broadcast [N] [] %4
            %16 [N] = mul %15 %14
            %17 [N] = sin %16
            y: %17
        "#]],
    );
}
