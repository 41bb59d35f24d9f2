//! Cases of `rows::reductions`.

use expect_test::expect;

use super::{Case, case, leaf, shape, vector};
use crate::ops::{Reduce, ReduceKind};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "reduce_no_axes",
            |r| {
                let x = vector(r, "x");
                r.add(Reduce { kind: ReduceKind::Norm, axes: vec![] }.into(), &[x])
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = reduce norm [] %0
            y: %1
            →
            %0 [N] = input x
            %1 [N] = abs %0
            y: %1
        "#]],
        ),
        case(
            "reduce_unit_axes",
            |r| {
                let a = leaf(r, "a", "N 1");
                r.sum(a, &[1])
            },
            expect![[r#"
            %0 [N, 1] = input a
            %1 [N] = reduce sum [1] %0
            y: %1
            →
            %0 [N, 1] = input a
            %1 [N] = reshape [N] %0
            y: %1
        "#]],
        ),
        case(
            "reduce_unit_axes",
            |r| {
                let a = leaf(r, "a", "N 1");
                r.reduce(ReduceKind::Norm, a, &[1])
            },
            expect![[r#"
            %0 [N, 1] = input a
            %1 [N] = reduce norm [1] %0
            y: %1
            →
            %0 [N, 1] = input a
            %1 [N] = reshape [N] %0
            %2 [N] = abs %1
            y: %2
        "#]],
        ),
        case(
            "reduce_reduce",
            |r| {
                let t = leaf(r, "t", "N D K");
                let t = r.sum(t, &[1]);
                r.sum(t, &[1])
            },
            expect![[r#"
            %0 [N, D, K] = input t
            %1 [N, K] = reduce sum [1] %0
            %2 [N] = reduce sum [1] %1
            y: %2
            →
            %0 [N, D, K] = input t
            %1 [N] = reduce sum [1, 2] %0
            y: %1
        "#]],
        ),
        case(
            "reduce_reduce",
            |r| {
                let t = leaf(r, "t", "N D K");
                let t = r.reduce(ReduceKind::LogSumExp, t, &[0]);
                r.reduce(ReduceKind::LogSumExp, t, &[0])
            },
            expect![[r#"
            %0 [N, D, K] = input t
            %1 [D, K] = reduce logsumexp [0] %0
            %2 [K] = reduce logsumexp [0] %1
            y: %2
            →
            %0 [N, D, K] = input t
            %1 [K] = reduce logsumexp [0, 1] %0
            y: %1
        "#]],
        ),
        case(
            "reduce_of_permute",
            |r| {
                let t = leaf(r, "t", "N D K");
                let t = r.permute(t, &[2, 0, 1]);
                r.sum(t, &[1])
            },
            expect![[r#"
            %0 [N, D, K] = input t
            %1 [K, N, D] = permute [2, 0, 1] %0
            %2 [K, D] = reduce sum [1] %1
            y: %2
            →
            %0 [N, D, K] = input t
            %1 [D, K] = reduce sum [0] %0
            %2 [K, D] = permute [1, 0] %1
            y: %2
        "#]],
        ),
        case(
            "reduce_of_reverse",
            |r| {
                let a = leaf(r, "a", "N D");
                let a = r.reverse(a, &[0, 1]);
                r.sum(a, &[1])
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [N, D] = reverse [0, 1] %0
            %2 [N] = reduce sum [1] %1
            y: %2
            →
            %0 [N, D] = input a
            %1 [N, D] = reverse [0] %0
            %2 [N] = reduce sum [1] %1
            y: %2
        "#]],
        ),
        case(
            "reduce_of_unit_reshape",
            |r| {
                let a = leaf(r, "a", "N D");
                let a = r.reshape(a, &shape("N 1 D"));
                r.sum(a, &[1, 2])
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [N, 1, D] = reshape [N, 1, D] %0
            %2 [N] = reduce sum [1, 2] %1
            y: %2
            →
            %0 [N, D] = input a
            %1 [N] = reduce sum [1] %0
            y: %1
        "#]],
        ),
        case(
            "sum_of_broadcast",
            |r| {
                let a = leaf(r, "a", "N D");
                let a = r.broadcast(a, &shape("N K D"), &[0, 2]);
                r.sum(a, &[1, 2])
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [N, K, D] = broadcast [N, K, D] [0, 2] %0
            %2 [N] = reduce sum [1, 2] %1
            y: %2
            →
            %0 [N, D] = input a
            %1 index[] = extent K
            %2 [] = cast real %1
            %3 [N, D] = broadcast [N, D] [0, 1] %0
            %4 [N] = reduce sum [1] %3
            %5 [N] = broadcast [N] [] %2
            %6 [N] = mul %5 %4
            y: %6
        "#]],
        ),
        case(
            "extreme_of_broadcast",
            |r| {
                let x = vector(r, "x");
                let x = r.broadcast(x, &shape("5 N"), &[1]);
                r.reduce(ReduceKind::Max, x, &[0, 1])
            },
            expect![[r#"
            %0 [N] = input x
            %1 [5, N] = broadcast [5, N] [1] %0
            %2 [] = reduce max [0, 1] %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = broadcast [N] [0] %0
            %2 [] = reduce max [0] %1
            y: %2
        "#]],
        ),
        case(
            "reduce_beside_broadcast",
            |r| {
                let a = leaf(r, "a", "N D");
                let a = r.broadcast(a, &shape("N K D"), &[0, 2]);
                r.sum(a, &[2])
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [N, K, D] = broadcast [N, K, D] [0, 2] %0
            %2 [N, K] = reduce sum [2] %1
            y: %2
            →
            %0 [N, D] = input a
            %1 [N] = reduce sum [1] %0
            %2 [N, K] = broadcast [N, K] [0] %1
            y: %2
        "#]],
        ),
        case(
            "sum_of_pad",
            |r| {
                let a = leaf(r, "a", "N D");
                let a = r.pad(a, &shape("9 7"), &shape("1 2"), &[1, 2]);
                r.sum(a, &[0])
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [9, 7] = pad [9, 7] [1.., 2..:2] %0
            %2 [7] = reduce sum [0] %1
            y: %2
            →
            %0 [N, D] = input a
            %1 [D] = reduce sum [0] %0
            %2 [7] = pad [7] [2..:2] %1
            y: %2
        "#]],
        ),
        case(
            "square_of_norm",
            |r| {
                let x = vector(r, "x");
                let x = r.reduce(ReduceKind::Norm, x, &[0]);
                r.square(x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = reduce norm [0] %0
            %2 [] = square %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = square %0
            %2 [] = reduce sum [0] %1
            y: %2
        "#]],
        ),
    ]
}
