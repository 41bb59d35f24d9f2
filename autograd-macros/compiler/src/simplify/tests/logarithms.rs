//! Cases of `rows::stabilise` on logarithms.

use expect_test::expect;

use super::{Case, case, count, scalar, shape, vector};
use crate::graph::{NodeId, Region};
use crate::ops::ReduceKind;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "product_with_logarithms",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let (p, q) = (r.log(u), r.log(v));
                let rest = r.minus(p, q);
                r.times(u, rest)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = input v
                %2 [] = log %0
                %3 [] = log %1
                %4 [] = sub %2 %3
                %5 [] = mul %0 %4
                y: %5
                →
                %0 [] = input u
                %1 [] = input v
                %2 [] = log %0
                %3 [] = log %1
                %4 [] = sub %2 %3
                %5 [] = mul_unless_zero %0 %4
                y: %5
            "#]],
        ),
        case(
            "product_with_logarithms",
            |r| {
                let (x, z) = (vector(r, "x"), vector(r, "z"));
                let total = r.reduce(ReduceKind::LogSumExp, z, &[0]);
                let total = r.spread(total, &shape("N"), &[0]);
                let log = r.minus(z, total);
                r.times(x, log)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N] = input z
                %2 [] = reduce logsumexp [0] %1
                %3 [N] = broadcast [N] [] %2
                %4 [N] = sub %1 %3
                %5 [N] = mul %0 %4
                y: %5
                →
                %0 [N] = input x
                %1 [N] = input z
                %2 [] = reduce logsumexp [0] %1
                %3 [N] = broadcast [N] [] %2
                %4 [N] = sub %1 %3
                %5 [N] = mul_unless_zero %0 %4
                y: %5
            "#]],
        ),
        case(
            "log_of_exp",
            |r| {
                let u = scalar(r, "u");
                let e = r.exp(u);
                r.log(e)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = exp %0
            %2 [] = log %1
            y: %2
            →
            %0 [] = input u
            y: %0
        "#]],
        ),
        case(
            "log_of_sigmoid",
            |r| {
                let u = scalar(r, "u");
                let s = r.sigmoid(u);
                r.log(s)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = sigmoid %0
            %2 [] = log %1
            y: %2
            →
            %0 [] = input u
            %1 [] = log_sigmoid %0
            y: %1
        "#]],
        ),
        case(
            "log_of_sum_of_exp",
            |r| {
                let x = vector(r, "x");
                let e = r.exp(x);
                let sum = r.sum(e, &[0]);
                r.log(sum)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = exp %0
            %2 [] = reduce sum [0] %1
            %3 [] = log %2
            y: %3
            →
            %0 [N] = input x
            %1 [] = reduce logsumexp [0] %0
            y: %1
        "#]],
        ),
        case(
            "log_of_mean_of_exp",
            |r| {
                let (x, n) = (vector(r, "x"), count(r, "N"));
                let e = r.exp(x);
                let sum = r.sum(e, &[0]);
                let mean = r.over(sum, n);
                r.log(mean)
            },
            expect![[r#"
            %0 [N] = input x
            %1 index[] = extent N
            %2 [] = cast real %1
            %3 [N] = exp %0
            %4 [] = reduce sum [0] %3
            %5 [] = div %4 %2
            %6 [] = log %5
            y: %6
            →
            %0 [N] = input x
            %1 index[] = extent N
            %2 [] = cast real %1
            %3 [] = reduce logsumexp [0] %0
            %4 [] = log %2
            %5 [] = sub %3 %4
            y: %5
        "#]],
        ),
        case(
            "log_of_two_exp",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let (a, b) = (r.exp(u), r.exp(v));
                let sum = r.plus(a, b);
                r.log(sum)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = input v
            %2 [] = exp %0
            %3 [] = exp %1
            %4 [] = add %2 %3
            %5 [] = log %4
            y: %5
            →
            %0 [] = input u
            %1 [] = input v
            %2 [] = logaddexp %0 %1
            y: %2
        "#]],
        ),
        case(
            "log_of_one_plus",
            |r| {
                let u = scalar(r, "u");
                let s = r.offset(u, 1.0);
                r.log(s)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = 1
            %2 [] = add %0 %1
            %3 [] = log %2
            y: %3
            →
            %0 [] = input u
            %1 [] = log1p %0
            y: %1
        "#]],
        ),
        case(
            "log_of_one_minus",
            |r| {
                let u = scalar(r, "u");
                let s = r.minus_from(1.0, u);
                r.log(s)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = 1
            %2 [] = sub %1 %0
            %3 [] = log %2
            y: %3
            →
            %0 [] = input u
            %1 [] = neg %0
            %2 [] = log1p %1
            y: %2
        "#]],
        ),
        case(
            "log1p_of_exp",
            |r| {
                let u = scalar(r, "u");
                let e = r.exp(u);
                r.log1p(e)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = exp %0
            %2 [] = log1p %1
            y: %2
            →
            %0 [] = input u
            %1 [] = softplus %0
            y: %1
        "#]],
        ),
        case(
            "log_of_softmax",
            |r| {
                let x = vector(r, "x");
                let (e, sums) = exp_and_sums(r, x);
                let share = r.over(e, sums);
                r.log(share)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = exp %0
            %2 [] = reduce sum [0] %1
            %3 [N] = broadcast [N] [] %2
            %4 [N] = div %1 %3
            %5 [N] = log %4
            y: %5
            →
            %0 [N] = input x
            %1 [] = reduce logsumexp [0] %0
            %2 [N] = broadcast [N] [] %1
            %3 [N] = sub %0 %2
            y: %3
        "#]],
        ),
        case(
            "log_of_softmax",
            |r| {
                let (x, max) = shifted(r);
                let x = r.minus(x, max);
                let (e, sums) = exp_and_sums(r, x);
                let share = r.over(e, sums);
                r.log(share)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [] = reduce max_number [0] %0
                %2 [N] = broadcast [N] [] %1
                %3 [N] = sub %0 %2
                %4 [N] = exp %3
                %5 [] = reduce sum [0] %4
                %6 [N] = broadcast [N] [] %5
                %7 [N] = div %4 %6
                %8 [N] = log %7
                y: %8
                →
                %0 [N] = input x
                %1 [] = reduce logsumexp [0] %0
                %2 [N] = broadcast [N] [] %1
                %3 [N] = sub %0 %2
                y: %3
            "#]],
        ),
        case(
            "xlogy",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let l = r.log(v);
                r.times(u, l)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = input v
            %2 [] = log %1
            %3 [] = mul %0 %2
            y: %3
            →
            %0 [] = input u
            %1 [] = input v
            %2 [] = xlogy %0 %1
            y: %2
        "#]],
        ),
    ]
}

/// `exp(x)`, and its sum everywhere.
pub(super) fn exp_and_sums(r: &mut Region, x: NodeId) -> (NodeId, NodeId) {
    let e = r.exp(x);
    let sum = r.sum(e, &[0]);
    (e, r.fill(sum, &shape("N")))
}

/// `x`, and its maximum everywhere.
fn shifted(r: &mut Region) -> (NodeId, NodeId) {
    let x = vector(r, "x");
    let max = r.reduce(ReduceKind::MaxNumber, x, &[0]);
    (x, r.fill(max, &shape("N")))
}
