//! Cases of `rows::shapes`.

use expect_test::expect;

use super::{Case, case, leaf, scalar, shape, vector};
use crate::ops::{Broadcast, Permute, Reshape, Reverse};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "broadcast_identity",
            |r| {
                let x = vector(r, "x");
                r.add(Broadcast { shape: shape("N"), axes: vec![0] }.into(), &[x])
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = broadcast [N] [0] %0
            y: %1
            →
            %0 [N] = input x
            y: %0
        "#]],
        ),
        case(
            "broadcast_broadcast",
            |r| {
                let x = vector(r, "x");
                let x = r.broadcast(x, &shape("N D"), &[0]);
                r.broadcast(x, &shape("N K D"), &[0, 2])
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N, D] = broadcast [N, D] [0] %0
            %2 [N, K, D] = broadcast [N, K, D] [0, 2] %1
            y: %2
            →
            %0 [N] = input x
            %1 [N, K, D] = broadcast [N, K, D] [0] %0
            y: %1
        "#]],
        ),
        case(
            "broadcast_of_unit_reshape",
            |r| {
                let x = vector(r, "x");
                let x = r.reshape(x, &shape("1 N"));
                r.broadcast(x, &shape("1 D N"), &[0, 2])
            },
            expect![[r#"
            %0 [N] = input x
            %1 [1, N] = reshape [1, N] %0
            %2 [1, D, N] = broadcast [1, D, N] [0, 2] %1
            y: %2
            →
            %0 [N] = input x
            %1 [1, D, N] = broadcast [1, D, N] [2] %0
            y: %1
        "#]],
        ),
        case(
            "permute_identity",
            |r| {
                let a = leaf(r, "a", "N D");
                r.add(Permute { order: vec![0, 1] }.into(), &[a])
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [N, D] = permute [0, 1] %0
            y: %1
            →
            %0 [N, D] = input a
            y: %0
        "#]],
        ),
        case(
            "permute_permute",
            |r| {
                let t = leaf(r, "t", "N D K");
                let t = r.permute(t, &[1, 2, 0]);
                r.permute(t, &[1, 0, 2])
            },
            expect![[r#"
            %0 [N, D, K] = input t
            %1 [D, K, N] = permute [1, 2, 0] %0
            %2 [K, D, N] = permute [1, 0, 2] %1
            y: %2
            →
            %0 [N, D, K] = input t
            %1 [K, D, N] = permute [2, 1, 0] %0
            y: %1
        "#]],
        ),
        case(
            "permute_of_broadcast",
            |r| {
                let a = leaf(r, "a", "N D");
                let a = r.broadcast(a, &shape("N K D"), &[0, 2]);
                r.permute(a, &[1, 2, 0])
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [N, K, D] = broadcast [N, K, D] [0, 2] %0
            %2 [K, D, N] = permute [1, 2, 0] %1
            y: %2
            →
            %0 [N, D] = input a
            %1 [D, N] = permute [1, 0] %0
            %2 [K, D, N] = broadcast [K, D, N] [1, 2] %1
            y: %2
        "#]],
        ),
        case(
            "reshape_identity",
            |r| {
                let a = leaf(r, "a", "N D");
                r.add(Reshape { shape: shape("N D") }.into(), &[a])
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [N, D] = reshape [N, D] %0
            y: %1
            →
            %0 [N, D] = input a
            y: %0
        "#]],
        ),
        case(
            "reshape_reshape",
            |r| {
                let a = leaf(r, "a", "N D");
                let a = r.reshape(a, &shape("D N"));
                r.reshape(a, &shape("N 1 D"))
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [D, N] = reshape [D, N] %0
            %2 [N, 1, D] = reshape [N, 1, D] %1
            y: %2
            →
            %0 [N, D] = input a
            %1 [N, 1, D] = reshape [N, 1, D] %0
            y: %1
        "#]],
        ),
        case(
            "reshape_of_broadcast",
            |r| {
                let x = vector(r, "x");
                let x = r.broadcast(x, &shape("1 N D"), &[1]);
                r.reshape(x, &shape("N 1 D"))
            },
            expect![[r#"
            %0 [N] = input x
            %1 [1, N, D] = broadcast [1, N, D] [1] %0
            %2 [N, 1, D] = reshape [N, 1, D] %1
            y: %2
            →
            %0 [N] = input x
            %1 [N, 1, D] = broadcast [N, 1, D] [0] %0
            y: %1
        "#]],
        ),
        case(
            "reshape_of_broadcast",
            |r| {
                let u = scalar(r, "u");
                let u = r.fill(u, &shape("N D"));
                r.reshape(u, &shape("D N"))
            },
            expect![[r#"
            %0 [] = input u
            %1 [N, D] = broadcast [N, D] [] %0
            %2 [D, N] = reshape [D, N] %1
            y: %2
            →
            %0 [] = input u
            %1 [D, N] = broadcast [D, N] [] %0
            y: %1
        "#]],
        ),
        case(
            "reverse_nothing",
            |r| {
                let a = leaf(r, "a", "N 1");
                r.add(Reverse { axes: vec![1] }.into(), &[a])
            },
            expect![[r#"
            %0 [N, 1] = input a
            %1 [N, 1] = reverse [1] %0
            y: %1
            →
            %0 [N, 1] = input a
            y: %0
        "#]],
        ),
        case(
            "reverse_reverse",
            |r| {
                let a = leaf(r, "a", "N D");
                let a = r.reverse(a, &[0, 1]);
                r.reverse(a, &[0])
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [N, D] = reverse [0, 1] %0
            %2 [N, D] = reverse [0] %1
            y: %2
            →
            %0 [N, D] = input a
            %1 [N, D] = reverse [1] %0
            y: %1
        "#]],
        ),
        case(
            "reverse_of_broadcast",
            |r| {
                let x = vector(r, "x");
                let x = r.broadcast(x, &shape("D N"), &[1]);
                r.reverse(x, &[0, 1])
            },
            expect![[r#"
            %0 [N] = input x
            %1 [D, N] = broadcast [D, N] [1] %0
            %2 [D, N] = reverse [0, 1] %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = reverse [0] %0
            %2 [D, N] = broadcast [D, N] [1] %1
            y: %2
        "#]],
        ),
    ]
}
