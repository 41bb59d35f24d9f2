//! Cases of the rows on products of tensors.

use expect_test::expect;

use super::{Case, case, leaf, shape, vector};
use crate::graph::NodeId;
use crate::ops::Contract;

fn product(left: &[usize], right: &[usize]) -> Contract {
    Contract {
        left_batch: Vec::new(),
        right_batch: Vec::new(),
        left_contract: left.to_vec(),
        right_contract: right.to_vec(),
    }
}

fn batched(left_batch: &[usize], right_batch: &[usize], left: &[usize], right: &[usize]) -> Contract {
    Contract { left_batch: left_batch.to_vec(), right_batch: right_batch.to_vec(), ..product(left, right) }
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "contract_of_permute",
            |r| {
                let (a, b) = (leaf(r, "a", "N D"), leaf(r, "b", "N K"));
                let a = r.permute(a, &[1, 0]);
                r.contract(product(&[1], &[0]), a, b)
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [N, K] = input b
            %2 [D, N] = permute [1, 0] %0
            %3 [D, K] = contract [1]x[0] %2 %1
            y: %3
            →
            %0 [N, D] = input a
            %1 [N, K] = input b
            %2 [D, K] = contract [0]x[0] %0 %1
            y: %2
        "#]],
        ),
        case(
            "contract_of_permute",
            |r| {
                let (a, t) = (leaf(r, "a", "N D"), leaf(r, "t", "K D N"));
                let t = r.permute(t, &[2, 1, 0]);
                r.contract(product(&[0], &[0]), a, t)
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [K, D, N] = input t
            %2 [N, D, K] = permute [2, 1, 0] %1
            %3 [D, D, K] = contract [0]x[0] %0 %2
            y: %3
            →
            %0 [N, D] = input a
            %1 [K, D, N] = input t
            %2 [D, K, D] = contract [0]x[2] %0 %1
            %3 [D, D, K] = permute [0, 2, 1] %2
            y: %3
        "#]],
        ),
        case(
            "contract_of_permute",
            |r| {
                let (s, t) = (leaf(r, "s", "2 3 4 5"), leaf(r, "t", "3 5"));
                let s = r.permute(s, &[3, 2, 1, 0]);
                r.contract(batched(&[2], &[0], &[0], &[1]), s, t)
            },
            expect![[r#"
            %0 [2, 3, 4, 5] = input s
            %1 [3, 5] = input t
            %2 [5, 4, 3, 2] = permute [3, 2, 1, 0] %0
            %3 [3, 4, 2] = contract [0]x[1] batch [2]x[0] %2 %1
            y: %3
            →
            %0 [2, 3, 4, 5] = input s
            %1 [3, 5] = input t
            %2 [3, 2, 4] = contract [3]x[1] batch [1]x[0] %0 %1
            %3 [3, 4, 2] = permute [0, 2, 1] %2
            y: %3
        "#]],
        ),
        case(
            "permute_of_contract",
            |r| {
                let (a, b) = (leaf(r, "a", "N D"), leaf(r, "b", "D K"));
                let ab = r.contract(product(&[1], &[0]), a, b);
                r.permute(ab, &[1, 0])
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [D, K] = input b
            %2 [N, K] = contract [1]x[0] %0 %1
            %3 [K, N] = permute [1, 0] %2
            y: %3
            →
            %0 [N, D] = input a
            %1 [D, K] = input b
            %2 [K, N] = contract [0]x[1] %1 %0
            y: %2
        "#]],
        ),
        case(
            "contract_without_free_axes",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                r.contract(product(&[0], &[0]), x, y)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [] = contract [0]x[0] %0 %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = mul %0 %1
            %3 [] = reduce sum [0] %2
            y: %3
        "#]],
        ),
        case(
            "contract_without_free_axes",
            |r| {
                let (a, b) = (leaf(r, "a", "N D"), leaf(r, "b", "D N"));
                r.contract(batched(&[0], &[1], &[1], &[0]), a, b)
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [D, N] = input b
            %2 [N] = contract [1]x[0] batch [0]x[1] %0 %1
            y: %2
            →
            %0 [N, D] = input a
            %1 [D, N] = input b
            %2 [N, D] = permute [1, 0] %1
            %3 [N, D] = mul %0 %2
            %4 [N] = reduce sum [1] %3
            y: %4
        "#]],
        ),
        case(
            "outer_product",
            |r| {
                let (a, b) = (leaf(r, "a", "D N"), leaf(r, "b", "N K"));
                r.contract(batched(&[1], &[0], &[], &[]), a, b)
            },
            expect![[r#"
            %0 [D, N] = input a
            %1 [N, K] = input b
            %2 [N, D, K] = contract []x[] batch [1]x[0] %0 %1
            y: %2
            →
            %0 [D, N] = input a
            %1 [N, K] = input b
            %2 [N, D] = permute [1, 0] %0
            %3 [N, D, K] = broadcast [N, D, K] [0, 1] %2
            %4 [N, D, K] = broadcast [N, D, K] [0, 2] %1
            %5 [N, D, K] = mul %3 %4
            y: %5
        "#]],
        ),
        case(
            "contract_of_repeated",
            |r| {
                let (a, ones) = (leaf(r, "a", "N D"), r.ones(&shape("D")));
                r.contract(product(&[1], &[0]), a, ones)
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [] = 1
            %2 [D] = broadcast [D] [] %1
            %3 [N] = contract [1]x[0] %0 %2
            y: %3
            →
            %0 [N, D] = input a
            %1 [] = 1
            %2 [N] = reduce sum [1] %0
            %3 [N] = contract []x[] %2 %1
            y: %3
        "#]],
        ),
        case(
            "contract_of_repeated",
            |r| {
                let (t, a): (NodeId, NodeId) = (leaf(r, "t", "N D K"), leaf(r, "a", "K N"));
                let a = r.broadcast(a, &shape("K D N"), &[0, 2]);
                let t = r.tanh(t);
                r.contract(product(&[1, 2], &[1, 0]), t, a)
            },
            expect![[r#"
                %0 [N, D, K] = input t
                %1 [K, N] = input a
                %2 [K, D, N] = broadcast [K, D, N] [0, 2] %1
                %3 [N, D, K] = tanh %0
                %4 [N, N] = contract [1, 2]x[1, 0] %3 %2
                y: %4
                →
                %0 [N, D, K] = input t
                %1 [K, N] = input a
                %2 [N, D, K] = tanh %0
                %3 [N, K] = reduce sum [1] %2
                %4 [N, N] = contract [1]x[0] %3 %1
                y: %4
            "#]],
        ),
        case(
            "contract_of_repeated",
            |r| {
                let (t, a): (NodeId, NodeId) = (leaf(r, "t", "N D K"), leaf(r, "a", "K"));
                let a = r.broadcast(a, &shape("K D"), &[0]);
                r.contract(product(&[1, 2], &[1, 0]), t, a)
            },
            expect![[r#"
                %0 [N, D, K] = input t
                %1 [K] = input a
                %2 [K, D] = broadcast [K, D] [0] %1
                %3 [N] = contract [1, 2]x[1, 0] %0 %2
                y: %3
                →
                %0 [N, D, K] = input t
                %1 [K] = input a
                %2 [K, D] = broadcast [K, D] [0] %1
                %3 [D, K] = permute [1, 0] %2
                %4 [N, D, K] = broadcast [N, D, K] [1, 2] %3
                %5 [N, D, K] = mul %0 %4
                %6 [N] = reduce sum [1, 2] %5
                y: %6
            "#]],
        ),
        case(
            "contract_of_spread",
            |r| {
                let (a, x) = (leaf(r, "a", "N D"), leaf(r, "x", "D"));
                let x = r.broadcast(x, &shape("D K"), &[0]);
                r.contract(product(&[1], &[0]), a, x)
            },
            expect![[r#"
            %0 [N, D] = input a
            %1 [D] = input x
            %2 [D, K] = broadcast [D, K] [0] %1
            %3 [N, K] = contract [1]x[0] %0 %2
            y: %3
            →
            %0 [N, D] = input a
            %1 [D] = input x
            %2 [N] = contract [1]x[0] %0 %1
            %3 [N, K] = broadcast [N, K] [0] %2
            y: %3
        "#]],
        ),
        case(
            "contract_of_spread",
            |r| {
                let (t, a) = (leaf(r, "t", "K N D"), leaf(r, "a", "D N"));
                let t = r.broadcast(t, &shape("4 K N 5 D"), &[1, 2, 4]);
                r.contract(batched(&[2], &[1], &[4], &[0]), t, a)
            },
            expect![[r#"
            %0 [K, N, D] = input t
            %1 [D, N] = input a
            %2 [4, K, N, 5, D] = broadcast [4, K, N, 5, D] [1, 2, 4] %0
            %3 [N, 4, K, 5] = contract [4]x[0] batch [2]x[1] %2 %1
            y: %3
            →
            %0 [K, N, D] = input t
            %1 [D, N] = input a
            %2 [N, K] = contract [2]x[0] batch [1]x[1] %0 %1
            %3 [N, 4, K, 5] = broadcast [N, 4, K, 5] [0, 2] %2
            y: %3
        "#]],
        ),
        case(
            "contract_of_scaled",
            |r| {
                let (a, x) = (leaf(r, "a", "N D"), vector(r, "x"));
                let x = r.scale(x, 0.5);
                r.contract(product(&[0], &[0]), a, x)
            },
            expect![[r#"
                %0 [N, D] = input a
                %1 [N] = input x
                %2 [] = 0.5
                %3 [N] = broadcast [N] [] %2
                %4 [N] = mul %3 %1
                %5 [D] = contract [0]x[0] %0 %4
                y: %5
                →
                %0 [N, D] = input a
                %1 [N] = input x
                %2 [] = 0.5
                %3 [D] = contract [0]x[0] %0 %1
                %4 [D] = broadcast [D] [] %2
                %5 [D] = mul %4 %3
                y: %5
            "#]],
        ),
    ]
}
