//! Cases of `rows::products`.

use expect_test::expect;

use super::{Case, case, count, leaf, shape, vector};
use crate::graph::{NodeId, Region};
use crate::ops::ReduceKind;

/// `exp(a - max(a)) · (1/sum)` along the second axis
fn softmax(r: &mut Region, a: NodeId) -> NodeId {
    let shape = r.shape(a);
    let most = r.reduce(ReduceKind::Max, a, &[1]);
    let most = r.broadcast(most, &shape, &[0]);
    let below = r.minus(a, most);
    let exp = r.exp(below);
    let sum = r.sum(exp, &[1]);
    let inverse = r.recip(sum);
    let inverse = r.broadcast(inverse, &shape, &[0]);
    r.times(exp, inverse)
}

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
                let (a, y) = (leaf(r, "a", "N D"), vector(r, "y"));
                let share = softmax(r, a);
                let y = r.broadcast(y, &shape("N D"), &[0]);
                r.times(share, y)
            },
            expect![[r#"
                %0 [N, D] = input a
                %1 [N] = input y
                %2 [N] = reduce max [1] %0
                %3 [N, D] = broadcast [N, D] [0] %2
                %4 [N, D] = sub %0 %3
                %5 [N, D] = exp %4
                %6 [N] = reduce sum [1] %5
                %7 [N] = recip %6
                %8 [N, D] = broadcast [N, D] [0] %7
                %9 [N, D] = mul %5 %8
                %10 [N, D] = broadcast [N, D] [0] %1
                %11 [N, D] = mul %9 %10
                y: %11
                →
                %0 [N, D] = input a
                %1 [N] = input y
                %2 [N] = reduce max [1] %0
                %3 [N, D] = broadcast [N, D] [0] %2
                %4 [N, D] = sub %0 %3
                %5 [N, D] = exp %4
                %6 [N] = reduce sum [1] %5
                %7 [N] = recip %6
                %8 [N, D] = broadcast [N, D] [0] %7
                %9 [N, D] = broadcast [N, D] [0] %1
                %10 [N, D] = mul %8 %9
                %11 [N, D] = mul %10 %5
                y: %11
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
                let c = r.full_like(-4.0, x);
                r.over(x, c)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [] = -4
                %2 [N] = broadcast [N] [] %1
                %3 [N] = div %0 %2
                y: %3
                →
                %0 [N] = input x
                %1 [] = -0.25
                %2 [N] = broadcast [N] [] %1
                %3 [N] = mul %2 %0
                y: %3
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
