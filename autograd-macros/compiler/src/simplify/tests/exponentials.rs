//! Cases of `rows::stabilise` on exponentials.

use expect_test::expect;

use super::logarithms::exp_and_sums;
use super::{Case, case, scalar, vector};
use crate::graph::{NodeId, Region};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "recip_of_exp",
            |r| {
                let u = scalar(r, "u");
                let e = r.exp(u);
                r.recip(e)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = exp %0
                %2 [] = recip %1
                y: %2
                →
                %0 [] = input u
                %1 [] = neg %0
                %2 [] = exp %1
                y: %2
            "#]],
        ),
        case(
            "sqrt_of_exp",
            |r| {
                let u = scalar(r, "u");
                let e = r.exp(u);
                r.sqrt(e)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = exp %0
                %2 [] = sqrt %1
                y: %2
                →
                %0 [] = input u
                %1 [] = 0.5
                %2 [] = mul %1 %0
                %3 [] = exp %2
                y: %3
            "#]],
        ),
        case(
            "rsqrt_of_exp",
            |r| {
                let u = scalar(r, "u");
                let e = r.exp(u);
                r.rsqrt(e)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = exp %0
                %2 [] = rsqrt %1
                y: %2
                →
                %0 [] = input u
                %1 [] = -0.5
                %2 [] = mul %1 %0
                %3 [] = exp %2
                y: %3
            "#]],
        ),
        case(
            "exp_minus_one",
            |r| {
                let u = scalar(r, "u");
                let e = r.exp(u);
                let one = r.literal(1.0);
                r.minus(e, one)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = exp %0
            %2 [] = 1
            %3 [] = sub %1 %2
            y: %3
            →
            %0 [] = input u
            %1 [] = expm1 %0
            y: %1
        "#]],
        ),
        case(
            "one_minus_exp",
            |r| {
                let u = scalar(r, "u");
                let e = r.exp(u);
                r.minus_from(1.0, e)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = exp %0
            %2 [] = 1
            %3 [] = sub %2 %1
            y: %3
            →
            %0 [] = input u
            %1 [] = expm1 %0
            %2 [] = neg %1
            y: %2
        "#]],
        ),
        case(
            "minus_one_plus_exp",
            |r| {
                let u = scalar(r, "u");
                let e = r.exp(u);
                r.offset(e, -1.0)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = exp %0
            %2 [] = -1
            %3 [] = add %1 %2
            y: %3
            →
            %0 [] = input u
            %1 [] = expm1 %0
            y: %1
        "#]],
        ),
        case(
            "one_minus_sigmoid",
            |r| {
                let u = scalar(r, "u");
                let s = r.sigmoid(u);
                r.minus_from(1.0, s)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = sigmoid %0
            %2 [] = 1
            %3 [] = sub %2 %1
            y: %3
            →
            %0 [] = input u
            %1 [] = neg %0
            %2 [] = sigmoid %1
            y: %2
        "#]],
        ),
        case(
            "recip_of_one_plus_exp",
            |r| {
                let u = scalar(r, "u");
                let e = r.exp(u);
                let sum = r.offset(e, 1.0);
                r.recip(sum)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = exp %0
            %2 [] = 1
            %3 [] = add %1 %2
            %4 [] = recip %3
            y: %4
            →
            %0 [] = input u
            %1 [] = neg %0
            %2 [] = sigmoid %1
            y: %2
        "#]],
        ),
        case(
            "number_by_one_plus_exp",
            |r| {
                let (u, two) = (scalar(r, "u"), r.literal(2.0));
                let e = r.exp(u);
                let sum = r.offset(e, 1.0);
                r.over(two, sum)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = 2
            %2 [] = exp %0
            %3 [] = 1
            %4 [] = add %2 %3
            %5 [] = div %1 %4
            y: %5
            →
            %0 [] = input u
            %1 [] = 2
            %2 [] = neg %0
            %3 [] = sigmoid %2
            %4 [] = mul %1 %3
            y: %4
        "#]],
        ),
        case(
            "exp_by_one_plus_exp",
            |r| {
                let u = scalar(r, "u");
                let e = r.exp(u);
                let sum = r.offset(e, 1.0);
                r.over(e, sum)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = exp %0
            %2 [] = 1
            %3 [] = add %1 %2
            %4 [] = div %1 %3
            y: %4
            →
            %0 [] = input u
            %1 [] = sigmoid %0
            y: %1
        "#]],
        ),
        case(
            "softmax",
            |r| {
                let x = vector(r, "x");
                let (e, sums) = exp_and_sums(r, x);
                r.over(e, sums)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N] = exp %0
                %2 [] = reduce sum [0] %1
                %3 [N] = broadcast [N] [] %2
                %4 [N] = div %1 %3
                y: %4
                →
                %0 [N] = input x
                %1 [] = reduce max_number [0] %0
                %2 [] = stop_gradient %1
                %3 [] = -inf
                %4 bool[] = equal %2 %3
                %5 [] = 0
                %6 [] = select %4 %5 %2
                %7 [N] = broadcast [N] [] %6
                %8 [N] = sub %0 %7
                %9 [N] = exp %8
                %10 [] = reduce sum [0] %9
                %11 [N] = broadcast [N] [] %10
                %12 [N] = div %9 %11
                y: %12
            "#]],
        ),
        case(
            "tanh_of_exps",
            |r| {
                let [a, b] = mirrored(r);
                let (up, down) = (r.minus(a, b), r.plus(a, b));
                r.over(up, down)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = neg %0
            %2 [] = exp %0
            %3 [] = exp %1
            %4 [] = sub %2 %3
            %5 [] = add %2 %3
            %6 [] = div %4 %5
            y: %6
            →
            %0 [] = input u
            %1 [] = tanh %0
            y: %1
        "#]],
        ),
        case(
            "tanh_of_expm1",
            |r| {
                let u = scalar(r, "u");
                let (up, e) = (r.expm1(u), r.exp(u));
                let down = r.offset(e, 1.0);
                r.over(up, down)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = expm1 %0
            %2 [] = exp %0
            %3 [] = 1
            %4 [] = add %2 %3
            %5 [] = div %1 %4
            y: %5
            →
            %0 [] = input u
            %1 [] = 0.5
            %2 [] = mul %1 %0
            %3 [] = tanh %2
            y: %3
        "#]],
        ),
        case(
            "sinh_of_exps",
            |r| {
                let [a, b] = mirrored(r);
                let d = r.minus(a, b);
                r.scale(d, 0.5)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = neg %0
            %2 [] = exp %0
            %3 [] = exp %1
            %4 [] = sub %2 %3
            %5 [] = 0.5
            %6 [] = mul %5 %4
            y: %6
            →
            %0 [] = input u
            %1 [] = sinh %0
            y: %1
        "#]],
        ),
        case(
            "cosh_of_exps",
            |r| {
                let [a, b] = mirrored(r);
                let s = r.plus(a, b);
                r.scale(s, 0.5)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = neg %0
            %2 [] = exp %0
            %3 [] = exp %1
            %4 [] = add %2 %3
            %5 [] = 0.5
            %6 [] = mul %5 %4
            y: %6
            →
            %0 [] = input u
            %1 [] = cosh %0
            y: %1
        "#]],
        ),
    ]
}

/// `[exp(u), exp(-u)]`
fn mirrored(r: &mut Region) -> [NodeId; 2] {
    let u = scalar(r, "u");
    let v = r.neg(u);
    [r.exp(u), r.exp(v)]
}
