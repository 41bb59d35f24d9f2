//! Cases of `rows::products`.

use expect_test::expect;

use super::{Case, case, count, leaf, shape, vector};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "mul_one",
            |r| {
                let x = vector(r, "x");
                r.scale(x, 1.0)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 1
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
            →
            %0 [N] = input x
            y: %0
        "#]],
        ),
        case(
            "mul_minus_one",
            |r| {
                let x = vector(r, "x");
                r.scale(x, -1.0)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = -1
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
            →
            %0 [N] = input x
            %1 [N] = neg %0
            y: %1
        "#]],
        ),
        case(
            "mul_of_neg",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let y = r.neg(y);
                r.times(x, y)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = neg %1
            %3 [N] = mul %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = mul %1 %0
            %3 [N] = neg %2
            y: %3
        "#]],
        ),
        case(
            "order_factors",
            |r| {
                let (x, two) = (vector(r, "x"), r.literal(2.0));
                let two = r.fill(two, &shape("N"));
                r.times(x, two)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
        "#]],
        ),
        case(
            "group_factors",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let y = r.scale(y, 2.0);
                r.times(x, y)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [] = 2
            %3 [N] = broadcast [N] [] %2
            %4 [N] = mul %3 %1
            %5 [N] = mul %0 %4
            y: %5
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [] = 2
            %3 [N] = broadcast [N] [] %2
            %4 [N] = mul %0 %1
            %5 [N] = mul %3 %4
            y: %5
        "#]],
        ),
        case(
            "group_factors",
            |r| {
                let x = vector(r, "x");
                let x = r.scale(x, 2.0);
                r.scale(x, 3.0)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            %4 [] = 3
            %5 [N] = broadcast [N] [] %4
            %6 [N] = mul %5 %3
            y: %6
            →
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [] = 3
            %4 [N] = broadcast [N] [] %3
            %5 [N] = mul %4 %2
            %6 [N] = mul %5 %0
            y: %6
        "#]],
        ),
        case(
            "group_repeated",
            |r| {
                let (a, x, y) = (leaf(r, "a", "N D"), vector(r, "x"), vector(r, "y"));
                let (x, y) = (r.broadcast(x, &shape("N D"), &[0]), r.broadcast(y, &shape("N D"), &[0]));
                let ax = r.times(a, x);
                r.times(ax, y)
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [N] = input x
            %2 [N] = input y
            %3 [N, D] = broadcast [N, D] [0] %1
            %4 [N, D] = broadcast [N, D] [0] %2
            %5 [N, D] = mul %0 %3
            %6 [N, D] = mul %5 %4
            y: %6
            →
            %0 [N, D] = input a
            %1 [N] = input x
            %2 [N] = input y
            %3 [N, D] = broadcast [N, D] [0] %1
            %4 [N, D] = broadcast [N, D] [0] %2
            %5 [N, D] = mul %3 %4
            %6 [N, D] = mul %5 %0
            y: %6
        "#]],
        ),
        case(
            "mul_of_recip",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let y = r.recip(y);
                r.times(x, y)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = recip %1
            %3 [N] = mul %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = div %0 %1
            y: %2
        "#]],
        ),
        case(
            "mul_of_quotient",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let two = r.full_like(2.0, y);
                let y = r.over(two, y);
                r.times(x, y)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [] = 2
            %3 [N] = broadcast [N] [] %2
            %4 [N] = div %3 %1
            %5 [N] = mul %0 %4
            y: %5
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [] = 2
            %3 [N] = broadcast [N] [] %2
            %4 [N] = div %0 %1
            %5 [N] = mul %3 %4
            y: %5
        "#]],
        ),
        case(
            "div_one",
            |r| {
                let x = vector(r, "x");
                let one = r.ones_like(x);
                r.over(x, one)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 1
            %2 [N] = broadcast [N] [] %1
            %3 [N] = div %0 %2
            y: %3
            →
            %0 [N] = input x
            y: %0
        "#]],
        ),
        case(
            "one_div",
            |r| {
                let x = vector(r, "x");
                let one = r.ones_like(x);
                r.over(one, x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 1
            %2 [N] = broadcast [N] [] %1
            %3 [N] = div %2 %0
            y: %3
            →
            %0 [N] = input x
            %1 [N] = recip %0
            y: %1
        "#]],
        ),
        case(
            "div_of_neg",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let y = r.neg(y);
                r.over(x, y)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = neg %1
            %3 [N] = div %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = div %0 %1
            %3 [N] = neg %2
            y: %3
        "#]],
        ),
        case(
            "div_by_literal",
            |r| {
                let x = vector(r, "x");
                let c = r.full_like(3.0, x);
                r.over(x, c)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = div %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [] = 0.3333333333333333
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
        "#]],
        ),
        case(
            "div_by_extent",
            |r| {
                let (x, k) = (vector(r, "x"), count(r, "K"));
                let k = r.fill(k, &shape("N"));
                r.over(x, k)
            },
            expect![[r#"
            %0 [N] = input x
            %1 index[] = extent K
            %2 [] = cast real %1
            %3 [N] = broadcast [N] [] %2
            %4 [N] = div %0 %3
            y: %4
            →
            %0 [N] = input x
            %1 index[] = extent K
            %2 [] = cast real %1
            %3 [N] = broadcast [N] [] %2
            %4 [N] = recip %3
            %5 [N] = mul %4 %0
            y: %5
        "#]],
        ),
        case(
            "div_of_scaled",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let x = r.scale(x, 3.0);
                r.over(x, y)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [] = 3
            %3 [N] = broadcast [N] [] %2
            %4 [N] = mul %3 %0
            %5 [N] = div %4 %1
            y: %5
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [] = 3
            %3 [N] = broadcast [N] [] %2
            %4 [N] = div %0 %1
            %5 [N] = mul %3 %4
            y: %5
        "#]],
        ),
        case(
            "div_by_scaled",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let y = r.scale(y, 4.0);
                r.over(x, y)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [] = 4
            %3 [N] = broadcast [N] [] %2
            %4 [N] = mul %3 %1
            %5 [N] = div %0 %4
            y: %5
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = div %0 %1
            %3 [] = 0.25
            %4 [N] = broadcast [N] [] %3
            %5 [N] = mul %4 %2
            y: %5
        "#]],
        ),
        case(
            "recip_of_neg",
            |r| {
                let x = vector(r, "x");
                let x = r.neg(x);
                r.recip(x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = neg %0
            %2 [N] = recip %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = recip %0
            %2 [N] = neg %1
            y: %2
        "#]],
        ),
        case(
            "recip_of_quotient",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let x = r.over(x, y);
                r.recip(x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = div %0 %1
            %3 [N] = recip %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = div %1 %0
            y: %2
        "#]],
        ),
        case(
            "skip_of_nonzero",
            |r| {
                let (x, n) = (vector(r, "x"), count(r, "N"));
                let g = r.recip(n);
                let g = r.fill(g, &shape("N"));
                r.mul_unless_zero(g, x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 index[] = extent N
            %2 [] = cast real %1
            %3 [] = recip %2
            %4 [N] = broadcast [N] [] %3
            %5 [N] = mul_unless_zero %4 %0
            y: %5
            →
            %0 [N] = input x
            %1 index[] = extent N
            %2 [] = cast real %1
            %3 [] = recip %2
            %4 [N] = broadcast [N] [] %3
            %5 [N] = mul %4 %0
            y: %5
        "#]],
        ),
        case(
            "skip_by_finite",
            |r| {
                let x = vector(r, "x");
                let c = r.full_like(2.0, x);
                r.mul_unless_zero(x, c)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul_unless_zero %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %0 %2
            y: %3
        "#]],
        ),
    ]
}
