//! Cases of `rows::algebra`.

use expect_test::expect;

use super::{Case, case, vector};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "neg_neg",
            |r| {
                let x = vector(r, "x");
                let x = r.neg(x);
                r.neg(x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = neg %0
            %2 [N] = neg %1
            y: %2
            →
            %0 [N] = input x
            y: %0
        "#]],
        ),
        case(
            "neg_of_scaled",
            |r| {
                let x = vector(r, "x");
                let x = r.scale(x, 3.0);
                r.neg(x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            %4 [N] = neg %3
            y: %4
            →
            %0 [N] = input x
            %1 [] = -3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
        "#]],
        ),
        case(
            "neg_of_sub",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let x = r.minus(x, y);
                r.neg(x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = sub %0 %1
            %3 [N] = neg %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = sub %1 %0
            y: %2
        "#]],
        ),
        case(
            "even_of_neg",
            |r| {
                let x = vector(r, "x");
                let x = r.neg(x);
                r.cos(x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = neg %0
            %2 [N] = cos %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = cos %0
            y: %1
        "#]],
        ),
        case(
            "abs_of_positive",
            |r| {
                let x = vector(r, "x");
                let x = r.square(x);
                r.abs(x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = square %0
            %2 [N] = abs %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = square %0
            y: %1
        "#]],
        ),
        case(
            "square_of_abs",
            |r| {
                let x = vector(r, "x");
                let x = r.abs(x);
                r.square(x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = abs %0
            %2 [N] = square %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = square %0
            y: %1
        "#]],
        ),
        case(
            "add_minus_zero",
            |r| {
                let x = vector(r, "x");
                r.offset(x, -0.0)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = -0
            %2 [N] = broadcast [N] [] %1
            %3 [N] = add %0 %2
            y: %3
            →
            %0 [N] = input x
            y: %0
        "#]],
        ),
        case(
            "add_zero",
            |r| {
                let x = vector(r, "x");
                r.offset(x, 0.0)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 0
            %2 [N] = broadcast [N] [] %1
            %3 [N] = add %0 %2
            y: %3
            →
            %0 [N] = input x
            y: %0
        "#]],
        ),
        case(
            "add_of_neg",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let x = r.neg(x);
                r.plus(x, y)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = neg %0
            %3 [N] = add %2 %1
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = sub %1 %0
            y: %2
        "#]],
        ),
        case(
            "add_same",
            |r| {
                let x = vector(r, "x");
                r.plus(x, x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = add %0 %0
            y: %1
            →
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
        "#]],
        ),
        case(
            "order_terms",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                r.plus(y, x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = add %1 %0
            y: %2
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = add %0 %1
            y: %2
        "#]],
        ),
        case(
            "sub_zero",
            |r| {
                let x = vector(r, "x");
                let o = r.zeros_like(x);
                r.minus(x, o)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 0
            %2 [N] = broadcast [N] [] %1
            %3 [N] = sub %0 %2
            y: %3
            →
            %0 [N] = input x
            y: %0
        "#]],
        ),
        case(
            "sub_zero",
            |r| {
                let x = vector(r, "x");
                r.minus_from(-0.0, x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = -0
            %2 [N] = broadcast [N] [] %1
            %3 [N] = sub %2 %0
            y: %3
            →
            %0 [N] = input x
            %1 [N] = neg %0
            y: %1
        "#]],
        ),
        case(
            "zero_sub",
            |r| {
                let x = vector(r, "x");
                r.minus_from(0.0, x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 0
            %2 [N] = broadcast [N] [] %1
            %3 [N] = sub %2 %0
            y: %3
            →
            %0 [N] = input x
            %1 [N] = neg %0
            y: %1
        "#]],
        ),
        case(
            "sub_of_neg",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let y = r.neg(y);
                r.minus(x, y)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = neg %1
            %3 [N] = sub %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = add %0 %1
            y: %2
        "#]],
        ),
        case(
            "neg_sub",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let x = r.neg(x);
                r.minus(x, y)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = neg %0
            %3 [N] = sub %2 %1
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = add %0 %1
            %3 [N] = neg %2
            y: %3
        "#]],
        ),
        case(
            "add_literals",
            |r| {
                let x = vector(r, "x");
                let x = r.minus_from(3.0, x);
                r.offset(x, 5.0)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = sub %2 %0
            %4 [] = 5
            %5 [N] = broadcast [N] [] %4
            %6 [N] = add %3 %5
            y: %6
            →
            %0 [N] = input x
            %1 [] = 8
            %2 [N] = broadcast [N] [] %1
            %3 [N] = sub %2 %0
            y: %3
        "#]],
        ),
        case(
            "sub_literals",
            |r| {
                let x = vector(r, "x");
                let x = r.minus_from(3.0, x);
                r.minus_from(5.0, x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = sub %2 %0
            %4 [] = 5
            %5 [N] = broadcast [N] [] %4
            %6 [N] = sub %5 %3
            y: %6
            →
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = add %2 %0
            y: %3
        "#]],
        ),
    ]
}
