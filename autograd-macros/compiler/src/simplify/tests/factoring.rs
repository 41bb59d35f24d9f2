//! Cases of `rows::factoring`.

use expect_test::expect;

use super::{Case, case, leaf, scalar, shape, vector};
use crate::ops::Function;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "sum_of_neg",
            |r| {
                let x = vector(r, "x");
                let x = r.neg(x);
                r.sum(x, &[0])
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = neg %0
            %2 [] = reduce sum [0] %1
            y: %2
            →
            %0 [N] = input x
            %1 [] = reduce sum [0] %0
            %2 [] = neg %1
            y: %2
        "#]],
        ),
        case(
            "skipped_product_of_scaled",
            |r| {
                let (x, a) = (vector(r, "x"), vector(r, "a"));
                let c = r.literal(-0.5);
                let c = r.fill(c, &shape("N"));
                let scaled = r.times(c, a);
                r.map(Function::MulUnlessZero, &[scaled, x])
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N] = input a
                %2 [] = -0.5
                %3 [N] = broadcast [N] [] %2
                %4 [N] = mul %3 %1
                %5 [N] = mul_unless_zero %4 %0
                y: %5
                →
                %0 [N] = input x
                %1 [N] = input a
                %2 [] = -0.5
                %3 [N] = broadcast [N] [] %2
                %4 [N] = mul_unless_zero %1 %0
                %5 [N] = mul %3 %4
                y: %5
            "#]],
        ),
        case(
            "sum_of_skipped_product",
            |r| {
                let (x, a) = (vector(r, "x"), leaf(r, "a", "N D"));
                let x = r.broadcast(x, &shape("N D"), &[0]);
                let product = r.map(Function::MulUnlessZero, &[a, x]);
                r.sum(product, &[1])
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N, D] = input a
                %2 [N, D] = broadcast [N, D] [0] %0
                %3 [N, D] = mul_unless_zero %1 %2
                %4 [N] = reduce sum [1] %3
                y: %4
                →
                %0 [N] = input x
                %1 [N, D] = input a
                %2 [N] = reduce sum [1] %1
                %3 [N] = mul_unless_zero %2 %0
                y: %3
            "#]],
        ),
        case(
            "sum_of_skipped_multiple",
            |r| {
                let (x, a) = (vector(r, "x"), leaf(r, "a", "N D"));
                let (b, c) = (leaf(r, "b", "N D"), leaf(r, "c", "N D"));
                let x = r.broadcast(x, &shape("N D"), &[0]);
                let xb = r.times(x, b);
                let product = r.map(Function::MulUnlessZero, &[a, xb]);
                let product = r.times(c, product);
                r.sum(product, &[1])
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N, D] = input a
                %2 [N, D] = input b
                %3 [N, D] = input c
                %4 [N, D] = broadcast [N, D] [0] %0
                %5 [N, D] = mul %4 %2
                %6 [N, D] = mul_unless_zero %1 %5
                %7 [N, D] = mul %3 %6
                %8 [N] = reduce sum [1] %7
                y: %8
                →
                %0 [N] = input x
                %1 [N, D] = input a
                %2 [N, D] = input b
                %3 [N, D] = input c
                %4 [N, D] = mul_unless_zero %1 %2
                %5 [N, D] = mul %3 %4
                %6 [N] = reduce sum [1] %5
                %7 [N] = mul_unless_zero %6 %0
                y: %7
            "#]],
        ),
        case(
            "sum_of_product",
            |r| {
                let (u, x) = (scalar(r, "u"), vector(r, "x"));
                let (a, b) = (leaf(r, "a", "N D"), leaf(r, "b", "N D"));
                let u = r.fill(u, &shape("N D"));
                let x = r.broadcast(x, &shape("N D"), &[0]);
                let xb = r.times(x, b);
                let axb = r.times(a, xb);
                let product = r.times(u, axb);
                r.sum(product, &[1])
            },
            expect![[r#"
            %0 [] = input u
            %1 [N] = input x
            %2 [N, D] = input a
            %3 [N, D] = input b
            %4 [N, D] = broadcast [N, D] [] %0
            %5 [N, D] = broadcast [N, D] [0] %1
            %6 [N, D] = mul %5 %3
            %7 [N, D] = mul %2 %6
            %8 [N, D] = mul %4 %7
            %9 [N] = reduce sum [1] %8
            y: %9
            →
            %0 [] = input u
            %1 [N] = input x
            %2 [N, D] = input a
            %3 [N, D] = input b
            %4 [N] = broadcast [N] [] %0
            %5 [N, D] = mul %2 %3
            %6 [N] = reduce sum [1] %5
            %7 [N] = mul %1 %6
            %8 [N] = mul %4 %7
            y: %8
        "#]],
        ),
        case(
            "sum_of_quotient",
            |r| {
                let (a, x) = (leaf(r, "a", "N D"), vector(r, "x"));
                let x = r.broadcast(x, &shape("N D"), &[0]);
                let quotient = r.over(a, x);
                r.sum(quotient, &[1])
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [N] = input x
            %2 [N, D] = broadcast [N, D] [0] %1
            %3 [N, D] = div %0 %2
            %4 [N] = reduce sum [1] %3
            y: %4
            →
            %0 [N, D] = input a
            %1 [N] = input x
            %2 [N] = reduce sum [1] %0
            %3 [N] = div %2 %1
            y: %3
        "#]],
        ),
        case(
            "sum_of_quotient",
            |r| {
                let (a, x) = (leaf(r, "a", "N D"), vector(r, "x"));
                let x = r.broadcast(x, &shape("N D"), &[0]);
                let quotient = r.over(x, a);
                r.sum(quotient, &[1])
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [N] = input x
            %2 [N, D] = broadcast [N, D] [0] %1
            %3 [N, D] = div %2 %0
            %4 [N] = reduce sum [1] %3
            y: %4
            →
            %0 [N, D] = input a
            %1 [N] = input x
            %2 [N, D] = recip %0
            %3 [N] = reduce sum [1] %2
            %4 [N] = mul %1 %3
            y: %4
        "#]],
        ),
        case(
            "add_common_factor",
            |r| {
                let (x, y, z) = (vector(r, "x"), vector(r, "y"), vector(r, "z"));
                let (p, q) = (r.times(x, y), r.times(x, z));
                r.plus(p, q)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = input z
            %3 [N] = mul %0 %1
            %4 [N] = mul %0 %2
            %5 [N] = add %3 %4
            y: %5
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = input z
            %3 [N] = add %1 %2
            %4 [N] = mul %3 %0
            y: %4
        "#]],
        ),
        case(
            "add_common_factor",
            |r| {
                let x = vector(r, "x");
                let p = r.scale(x, 2.0);
                r.plus(p, x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            %4 [N] = add %3 %0
            y: %4
            →
            %0 [N] = input x
            %1 [] = 3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
        "#]],
        ),
        case(
            "sub_common_factor",
            |r| {
                let x = vector(r, "x");
                let p = r.scale(x, 3.0);
                r.minus(x, p)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            %4 [N] = sub %0 %3
            y: %4
            →
            %0 [N] = input x
            %1 [] = -2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
        "#]],
        ),
    ]
}
