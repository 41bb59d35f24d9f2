//! Cases of `rows::factoring`.

use expect_test::expect;

use super::{Case, case, leaf, shape, vector};
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
                let a = r.tanh(a);
                let product = r.map(Function::MulUnlessZero, &[a, x]);
                r.sum(product, &[1])
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N, D] = input a
                %2 [N, D] = broadcast [N, D] [0] %0
                %3 [N, D] = tanh %1
                %4 [N, D] = mul_unless_zero %3 %2
                %5 [N] = reduce sum [1] %4
                y: %5
                →
                %0 [N] = input x
                %1 [N, D] = input a
                %2 [N, D] = tanh %1
                %3 [N] = reduce sum [1] %2
                %4 [N] = mul_unless_zero %3 %0
                y: %4
            "#]],
        ),
        case(
            "sum_of_product",
            |r| {
                let a = leaf(r, "a", "N D");
                let product = r.scale(a, -3.0);
                r.sum(product, &[1])
            },
            expect![[r#"
                %0 [N, D] = input a
                %1 [] = -3
                %2 [N, D] = broadcast [N, D] [] %1
                %3 [N, D] = mul %2 %0
                %4 [N] = reduce sum [1] %3
                y: %4
                →
                %0 [N, D] = input a
                %1 [] = -3
                %2 [N] = broadcast [N] [] %1
                %3 [N] = reduce sum [1] %0
                %4 [N] = mul %2 %3
                y: %4
            "#]],
        ),
        case(
            "sum_of_product",
            |r| {
                let (x, a) = (vector(r, "x"), leaf(r, "a", "N D"));
                let x = r.broadcast(x, &shape("N D"), &[0]);
                let a = r.sigmoid(a);
                let product = r.times(a, x);
                r.sum(product, &[1])
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N, D] = input a
                %2 [N, D] = broadcast [N, D] [0] %0
                %3 [N, D] = sigmoid %1
                %4 [N, D] = mul %3 %2
                %5 [N] = reduce sum [1] %4
                y: %5
                →
                %0 [N] = input x
                %1 [N, D] = input a
                %2 [N, D] = sigmoid %1
                %3 [N] = reduce sum [1] %2
                %4 [N] = mul %0 %3
                y: %4
            "#]],
        ),
        case(
            "sum_of_quotient",
            |r| {
                let a = leaf(r, "a", "N D");
                let three = r.full_like(3.0, a);
                let quotient = r.over(a, three);
                r.sum(quotient, &[1])
            },
            expect![[r#"
                %0 [N, D] = input a
                %1 [] = 3
                %2 [N, D] = broadcast [N, D] [] %1
                %3 [N, D] = div %0 %2
                %4 [N] = reduce sum [1] %3
                y: %4
                →
                %0 [N, D] = input a
                %1 [] = 3
                %2 [N] = broadcast [N] [] %1
                %3 [N] = reduce sum [1] %0
                %4 [N] = div %3 %2
                y: %4
            "#]],
        ),
        case(
            "sum_of_quotient",
            |r| {
                let a = leaf(r, "a", "N D");
                let three = r.full_like(3.0, a);
                let quotient = r.over(three, a);
                r.sum(quotient, &[1])
            },
            expect![[r#"
                %0 [N, D] = input a
                %1 [] = 3
                %2 [N, D] = broadcast [N, D] [] %1
                %3 [N, D] = div %2 %0
                %4 [N] = reduce sum [1] %3
                y: %4
                →
                %0 [N, D] = input a
                %1 [] = 3
                %2 [N] = broadcast [N] [] %1
                %3 [N, D] = recip %0
                %4 [N] = reduce sum [1] %3
                %5 [N] = mul %2 %4
                y: %5
            "#]],
        ),
        case(
            "add_common_factor",
            |r| {
                let (x, y, z) = (vector(r, "x"), vector(r, "y"), vector(r, "z"));
                let (y, z) = (r.tanh(y), r.sigmoid(z));
                let (p, q) = (r.times(x, y), r.times(x, z));
                r.plus(p, q)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N] = input y
                %2 [N] = input z
                %3 [N] = tanh %1
                %4 [N] = sigmoid %2
                %5 [N] = mul %0 %3
                %6 [N] = mul %0 %4
                %7 [N] = add %5 %6
                y: %7
                →
                %0 [N] = input x
                %1 [N] = input y
                %2 [N] = input z
                %3 [N] = tanh %1
                %4 [N] = sigmoid %2
                %5 [N] = add %3 %4
                %6 [N] = mul %5 %0
                y: %6
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
