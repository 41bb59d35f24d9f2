//! Cases of `rows::slices`.

use expect_test::expect;

use super::{Case, case, leaf, shape, vector};
use crate::graph::Dim;
use crate::ops::{Concat, Contract, Pad, Slice};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "product_of_pad",
            |r| {
                let (g, x) = (leaf(r, "g", "2"), leaf(r, "x", "5"));
                let padded = r.pad(g, &shape("5"), &dims("1"), &[2]);
                r.times(padded, x)
            },
            expect![[r#"
                %0 [2] = input g
                %1 [5] = input x
                %2 [5] = pad [5] [1..:2] %0
                %3 [5] = mul %2 %1
                y: %3
                →
                %0 [2] = input g
                %1 [5] = input x
                %2 [2] = slice [1..+2:2] %1
                %3 [2] = mul %0 %2
                %4 [5] = pad [5] [1..:2] %3
                y: %4
            "#]],
        ),
        case(
            "product_of_pad",
            |r| {
                let (g, x) = (leaf(r, "g", "2"), leaf(r, "x", "5"));
                let padded = r.pad(g, &shape("5"), &dims("1"), &[2]);
                r.times(x, padded)
            },
            expect![[r#"
                %0 [2] = input g
                %1 [5] = input x
                %2 [5] = pad [5] [1..:2] %0
                %3 [5] = mul %1 %2
                y: %3
                →
                %0 [2] = input g
                %1 [5] = input x
                %2 [2] = slice [1..+2:2] %1
                %3 [2] = mul %2 %0
                %4 [5] = pad [5] [1..:2] %3
                y: %4
            "#]],
        ),
        case(
            "contract_of_pad",
            |r| {
                let (g, x) = (leaf(r, "g", "2 4"), leaf(r, "x", "5 3"));
                let padded = r.pad(g, &shape("5 4"), &dims("1 0"), &[1, 1]);
                let op = Contract {
                    left_batch: vec![],
                    right_batch: vec![],
                    left_contract: vec![0],
                    right_contract: vec![0],
                };
                r.add(op.into(), &[x, padded])
            },
            expect![[r#"
                %0 [2, 4] = input g
                %1 [5, 3] = input x
                %2 [5, 4] = pad [5, 4] [1.., 0..] %0
                %3 [3, 4] = contract [0]x[0] %1 %2
                y: %3
                →
                %0 [2, 4] = input g
                %1 [5, 3] = input x
                %2 [2, 3] = slice [1..+2, 0..+3] %1
                %3 [3, 4] = contract [0]x[0] %2 %0
                y: %3
            "#]],
        ),
        case(
            "slice_identity",
            |r| {
                let x = vector(r, "x");
                r.add(Slice { starts: dims("0"), extents: shape("N"), steps: vec![1] }.into(), &[x])
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = slice [0..+N] %0
            y: %1
            →
            %0 [N] = input x
            y: %0
        "#]],
        ),
        case(
            "slice_slice",
            |r| {
                let x = leaf(r, "x", "9");
                let x = r.slice(x, &dims("1"), &shape("4"), &[2]);
                r.slice(x, &dims("1"), &shape("3"), &[1])
            },
            expect![[r#"
            %0 [9] = input x
            %1 [4] = slice [1..+4:2] %0
            %2 [3] = slice [1..+3] %1
            y: %2
            →
            %0 [9] = input x
            %1 [3] = slice [3..+3:2] %0
            y: %1
        "#]],
        ),
        case(
            "slice_of_broadcast",
            |r| {
                let x = leaf(r, "x", "5");
                let x = r.broadcast(x, &shape("4 5"), &[1]);
                r.slice(x, &dims("1 2"), &shape("2 2"), &[2, 1])
            },
            expect![[r#"
            %0 [5] = input x
            %1 [4, 5] = broadcast [4, 5] [1] %0
            %2 [2, 2] = slice [1..+2:2, 2..+2] %1
            y: %2
            →
            %0 [5] = input x
            %1 [2] = slice [2..+2] %0
            %2 [2, 2] = broadcast [2, 2] [1] %1
            y: %2
        "#]],
        ),
        case(
            "slice_of_pad",
            |r| {
                let x = vector(r, "x");
                let x = r.pad(x, &shape("9"), &dims("2"), &[2]);
                r.slice(x, &dims("2"), &shape("N"), &[2])
            },
            expect![[r#"
            %0 [N] = input x
            %1 [9] = pad [9] [2..:2] %0
            %2 [N] = slice [2..+N:2] %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = slice [0..+N] %0
            y: %1
        "#]],
        ),
        case(
            "slice_of_pad",
            |r| {
                let x = leaf(r, "x", "4");
                let x = r.pad(x, &shape("9"), &dims("2"), &[1]);
                r.slice(x, &dims("3"), &shape("2"), &[1])
            },
            expect![[r#"
            %0 [4] = input x
            %1 [9] = pad [9] [2..] %0
            %2 [2] = slice [3..+2] %1
            y: %2
            →
            %0 [4] = input x
            %1 [2] = slice [1..+2] %0
            y: %1
        "#]],
        ),
        case(
            "slice_beside_pad",
            |r| {
                let x = leaf(r, "x", "4");
                let x = r.pad(x, &shape("9"), &dims("2"), &[1]);
                r.slice(x, &dims("6"), &shape("2"), &[1])
            },
            expect![[r#"
            %0 [4] = input x
            %1 [9] = pad [9] [2..] %0
            %2 [2] = slice [6..+2] %1
            y: %2
            →
            %0 [] = 0
            %1 [2] = broadcast [2] [] %0
            y: %1
        "#]],
        ),
        case(
            "slice_of_concat",
            |r| {
                let (x, y) = (leaf(r, "x", "4"), leaf(r, "y", "5"));
                let xy = r.concat(&[x, y], 0);
                r.slice(xy, &dims("4"), &shape("3"), &[2])
            },
            expect![[r#"
            %0 [4] = input x
            %1 [5] = input y
            %2 [9] = concat 0 %0 %1
            %3 [3] = slice [4..+3:2] %2
            y: %3
            →
            %0 [5] = input y
            %1 [3] = slice [0..+3:2] %0
            y: %1
        "#]],
        ),
        case(
            "pad_identity",
            |r| {
                let x = vector(r, "x");
                r.add(Pad { starts: dims("0"), shape: shape("N"), steps: vec![1] }.into(), &[x])
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = pad [N] [0..] %0
            y: %1
            →
            %0 [N] = input x
            y: %0
        "#]],
        ),
        case(
            "pad_pad",
            |r| {
                let x = leaf(r, "x", "2");
                let x = r.pad(x, &shape("4"), &dims("1"), &[2]);
                r.pad(x, &shape("9"), &dims("1"), &[2])
            },
            expect![[r#"
            %0 [2] = input x
            %1 [4] = pad [4] [1..:2] %0
            %2 [9] = pad [9] [1..:2] %1
            y: %2
            →
            %0 [2] = input x
            %1 [9] = pad [9] [3..:4] %0
            y: %1
        "#]],
        ),
        case(
            "pad_of_zero",
            |r| {
                let zeros = r.zeros(&shape("2"));
                r.pad(zeros, &shape("4"), &dims("1"), &[2])
            },
            expect![[r#"
            %0 [] = 0
            %1 [2] = broadcast [2] [] %0
            %2 [4] = pad [4] [1..:2] %1
            y: %2
            →
            %0 [] = 0
            %1 [4] = broadcast [4] [] %0
            y: %1
        "#]],
        ),
        case(
            "concat_of_one",
            |r| {
                let x = vector(r, "x");
                r.add(Concat { axis: 0 }.into(), &[x])
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = concat 0 %0
            y: %1
            →
            %0 [N] = input x
            y: %0
        "#]],
        ),
        case(
            "concat_of_same_value",
            |r| {
                let x = vector(r, "x");
                let (a, b) = (r.broadcast(x, &shape("N 2"), &[0]), r.broadcast(x, &shape("N 3"), &[0]));
                r.concat(&[a, b], 1)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N, 2] = broadcast [N, 2] [0] %0
            %2 [N, 3] = broadcast [N, 3] [0] %0
            %3 [N, 5] = concat 1 %1 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N, 5] = broadcast [N, 5] [0] %0
            y: %1
        "#]],
        ),
    ]
}

fn dims(text: &str) -> Vec<Dim> {
    shape(text).to_vec()
}
