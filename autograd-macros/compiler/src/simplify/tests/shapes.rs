//! Cases of the rows on shapes, boxes and reductions.

use expect_test::expect;

use super::{Case, case, leaf, scalar, shape, vector};
use crate::graph::{Dim, NodeId, Region};
use crate::ops::{Broadcast, Concat, Pad, Permute, Reduce, ReduceKind, Reshape, Reverse, Slice};

pub(super) fn cases() -> Vec<Case> {
    [axes(), boxes(), reductions()].into_iter().flatten().collect()
}

fn matrix(r: &mut Region) -> NodeId {
    leaf(r, "a", "N D")
}

fn cube(r: &mut Region) -> NodeId {
    leaf(r, "t", "N D K")
}

fn axes() -> Vec<Case> {
    vec![
        case("broadcast_identity", |r| {
            let x = vector(r, "x");
            r.add(Broadcast { shape: shape("N"), axes: vec![0] }.into(), &[x])
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = broadcast [N] [0] %0
            y: %1
            →
            %0 [N] = input x
            y: %0
        "#]]),
        case("broadcast_broadcast", |r| {
            let x = vector(r, "x");
            let x = r.broadcast(x, &shape("N D"), &[0]);
            r.broadcast(x, &shape("N K D"), &[0, 2])
        }, expect![[r#"
            %0 [N] = input x
            %1 [N, D] = broadcast [N, D] [0] %0
            %2 [N, K, D] = broadcast [N, K, D] [0, 2] %1
            y: %2
            →
            %0 [N] = input x
            %1 [N, K, D] = broadcast [N, K, D] [0] %0
            y: %1
        "#]]),
        case("broadcast_of_unit_reshape", |r| {
            let x = vector(r, "x");
            let x = r.reshape(x, &shape("1 N"));
            r.broadcast(x, &shape("1 D N"), &[0, 2])
        }, expect![[r#"
            %0 [N] = input x
            %1 [1, N] = reshape [1, N] %0
            %2 [1, D, N] = broadcast [1, D, N] [0, 2] %1
            y: %2
            →
            %0 [N] = input x
            %1 [1, D, N] = broadcast [1, D, N] [2] %0
            y: %1
        "#]]),
        case("permute_identity", |r| {
            let a = matrix(r);
            r.add(Permute { order: vec![0, 1] }.into(), &[a])
        }, expect![[r#"
            %0 [N, D] = input a
            %1 [N, D] = permute [0, 1] %0
            y: %1
            →
            %0 [N, D] = input a
            y: %0
        "#]]),
        case("permute_permute", |r| {
            let t = cube(r);
            let t = r.permute(t, &[1, 2, 0]);
            r.permute(t, &[1, 0, 2])
        }, expect![[r#"
            %0 [N, D, K] = input t
            %1 [D, K, N] = permute [1, 2, 0] %0
            %2 [K, D, N] = permute [1, 0, 2] %1
            y: %2
            →
            %0 [N, D, K] = input t
            %1 [K, D, N] = permute [2, 1, 0] %0
            y: %1
        "#]]),
        case("permute_of_broadcast", |r| {
            let a = matrix(r);
            let a = r.broadcast(a, &shape("N K D"), &[0, 2]);
            r.permute(a, &[1, 2, 0])
        }, expect![[r#"
            %0 [N, D] = input a
            %1 [N, K, D] = broadcast [N, K, D] [0, 2] %0
            %2 [K, D, N] = permute [1, 2, 0] %1
            y: %2
            →
            %0 [N, D] = input a
            %1 [D, N] = permute [1, 0] %0
            %2 [K, D, N] = broadcast [K, D, N] [1, 2] %1
            y: %2
        "#]]),
        case("reshape_identity", |r| {
            let a = matrix(r);
            r.add(Reshape { shape: shape("N D") }.into(), &[a])
        }, expect![[r#"
            %0 [N, D] = input a
            %1 [N, D] = reshape [N, D] %0
            y: %1
            →
            %0 [N, D] = input a
            y: %0
        "#]]),
        case("reshape_reshape", |r| {
            let a = matrix(r);
            let a = r.reshape(a, &shape("D N"));
            r.reshape(a, &shape("N 1 D"))
        }, expect![[r#"
            %0 [N, D] = input a
            %1 [D, N] = reshape [D, N] %0
            %2 [N, 1, D] = reshape [N, 1, D] %1
            y: %2
            →
            %0 [N, D] = input a
            %1 [N, 1, D] = reshape [N, 1, D] %0
            y: %1
        "#]]),
        case("reshape_of_broadcast", |r| {
            let x = vector(r, "x");
            let x = r.broadcast(x, &shape("1 N D"), &[1]);
            r.reshape(x, &shape("N 1 D"))
        }, expect![[r#"
            %0 [N] = input x
            %1 [1, N, D] = broadcast [1, N, D] [1] %0
            %2 [N, 1, D] = reshape [N, 1, D] %1
            y: %2
            →
            %0 [N] = input x
            %1 [N, 1, D] = broadcast [N, 1, D] [0] %0
            y: %1
        "#]]),
        case("reshape_of_broadcast", |r| {
            let u = scalar(r, "u");
            let u = r.fill(u, &shape("N D"));
            r.reshape(u, &shape("D N"))
        }, expect![[r#"
            %0 [] = input u
            %1 [N, D] = broadcast [N, D] [] %0
            %2 [D, N] = reshape [D, N] %1
            y: %2
            →
            %0 [] = input u
            %1 [D, N] = broadcast [D, N] [] %0
            y: %1
        "#]]),
        case("reverse_nothing", |r| {
            let a = leaf(r, "a", "N 1");
            r.add(Reverse { axes: vec![1] }.into(), &[a])
        }, expect![[r#"
            %0 [N, 1] = input a
            %1 [N, 1] = reverse [1] %0
            y: %1
            →
            %0 [N, 1] = input a
            y: %0
        "#]]),
        case("reverse_reverse", |r| {
            let a = matrix(r);
            let a = r.reverse(a, &[0, 1]);
            r.reverse(a, &[0])
        }, expect![[r#"
            %0 [N, D] = input a
            %1 [N, D] = reverse [0, 1] %0
            %2 [N, D] = reverse [0] %1
            y: %2
            →
            %0 [N, D] = input a
            %1 [N, D] = reverse [1] %0
            y: %1
        "#]]),
        case("reverse_of_broadcast", |r| {
            let x = vector(r, "x");
            let x = r.broadcast(x, &shape("D N"), &[1]);
            r.reverse(x, &[0, 1])
        }, expect![[r#"
            %0 [N] = input x
            %1 [D, N] = broadcast [D, N] [1] %0
            %2 [D, N] = reverse [0, 1] %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = reverse [0] %0
            %2 [D, N] = broadcast [D, N] [1] %1
            y: %2
        "#]]),
    ]
}

fn dims(text: &str) -> Vec<Dim> {
    shape(text).to_vec()
}

fn boxes() -> Vec<Case> {
    vec![
        case("slice_identity", |r| {
            let x = vector(r, "x");
            r.add(Slice { starts: dims("0"), extents: shape("N"), steps: vec![1] }.into(), &[x])
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = slice [0..+N] %0
            y: %1
            →
            %0 [N] = input x
            y: %0
        "#]]),
        case("slice_slice", |r| {
            let x = leaf(r, "x", "9");
            let x = r.slice(x, &dims("1"), &shape("4"), &[2]);
            r.slice(x, &dims("1"), &shape("3"), &[1])
        }, expect![[r#"
            %0 [9] = input x
            %1 [4] = slice [1..+4:2] %0
            %2 [3] = slice [1..+3] %1
            y: %2
            →
            %0 [9] = input x
            %1 [3] = slice [3..+3:2] %0
            y: %1
        "#]]),
        case("slice_of_broadcast", |r| {
            let x = leaf(r, "x", "5");
            let x = r.broadcast(x, &shape("4 5"), &[1]);
            r.slice(x, &dims("1 2"), &shape("2 2"), &[2, 1])
        }, expect![[r#"
            %0 [5] = input x
            %1 [4, 5] = broadcast [4, 5] [1] %0
            %2 [2, 2] = slice [1..+2:2, 2..+2] %1
            y: %2
            →
            %0 [5] = input x
            %1 [2] = slice [2..+2] %0
            %2 [2, 2] = broadcast [2, 2] [1] %1
            y: %2
        "#]]),
        case("slice_of_pad", |r| {
            let x = vector(r, "x");
            let x = r.pad(x, &shape("9"), &dims("2"), &[2]);
            r.slice(x, &dims("2"), &shape("N"), &[2])
        }, expect![[r#"
            %0 [N] = input x
            %1 [9] = pad [9] [2..:2] %0
            %2 [N] = slice [2..+N:2] %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = slice [0..+N] %0
            y: %1
        "#]]),
        case("slice_of_pad", |r| {
            let x = leaf(r, "x", "4");
            let x = r.pad(x, &shape("9"), &dims("2"), &[1]);
            r.slice(x, &dims("3"), &shape("2"), &[1])
        }, expect![[r#"
            %0 [4] = input x
            %1 [9] = pad [9] [2..] %0
            %2 [2] = slice [3..+2] %1
            y: %2
            →
            %0 [4] = input x
            %1 [2] = slice [1..+2] %0
            y: %1
        "#]]),
        case("slice_beside_pad", |r| {
            let x = leaf(r, "x", "4");
            let x = r.pad(x, &shape("9"), &dims("2"), &[1]);
            r.slice(x, &dims("6"), &shape("2"), &[1])
        }, expect![[r#"
            %0 [4] = input x
            %1 [9] = pad [9] [2..] %0
            %2 [2] = slice [6..+2] %1
            y: %2
            →
            %0 [] = 0
            %1 [2] = broadcast [2] [] %0
            y: %1
        "#]]),
        case("slice_of_concat", |r| {
            let (x, y) = (leaf(r, "x", "4"), leaf(r, "y", "5"));
            let xy = r.concat(&[x, y], 0);
            r.slice(xy, &dims("4"), &shape("3"), &[2])
        }, expect![[r#"
            %0 [4] = input x
            %1 [5] = input y
            %2 [9] = concat 0 %0 %1
            %3 [3] = slice [4..+3:2] %2
            y: %3
            →
            %0 [5] = input y
            %1 [3] = slice [0..+3:2] %0
            y: %1
        "#]]),
        case("pad_identity", |r| {
            let x = vector(r, "x");
            r.add(Pad { starts: dims("0"), shape: shape("N"), steps: vec![1] }.into(), &[x])
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = pad [N] [0..] %0
            y: %1
            →
            %0 [N] = input x
            y: %0
        "#]]),
        case("pad_pad", |r| {
            let x = leaf(r, "x", "2");
            let x = r.pad(x, &shape("4"), &dims("1"), &[2]);
            r.pad(x, &shape("9"), &dims("1"), &[2])
        }, expect![[r#"
            %0 [2] = input x
            %1 [4] = pad [4] [1..:2] %0
            %2 [9] = pad [9] [1..:2] %1
            y: %2
            →
            %0 [2] = input x
            %1 [9] = pad [9] [3..:4] %0
            y: %1
        "#]]),
        case("pad_of_zero", |r| {
            let zeros = r.zeros(&shape("2"));
            r.pad(zeros, &shape("4"), &dims("1"), &[2])
        }, expect![[r#"
            %0 [] = 0
            %1 [2] = broadcast [2] [] %0
            %2 [4] = pad [4] [1..:2] %1
            y: %2
            →
            %0 [] = 0
            %1 [4] = broadcast [4] [] %0
            y: %1
        "#]]),
        case("concat_of_one", |r| {
            let x = vector(r, "x");
            r.add(Concat { axis: 0 }.into(), &[x])
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = concat 0 %0
            y: %1
            →
            %0 [N] = input x
            y: %0
        "#]]),
        case("concat_of_same_value", |r| {
            let x = vector(r, "x");
            let (a, b) = (r.broadcast(x, &shape("N 2"), &[0]), r.broadcast(x, &shape("N 3"), &[0]));
            r.concat(&[a, b], 1)
        }, expect![[r#"
            %0 [N] = input x
            %1 [N, 2] = broadcast [N, 2] [0] %0
            %2 [N, 3] = broadcast [N, 3] [0] %0
            %3 [N, 5] = concat 1 %1 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N, 5] = broadcast [N, 5] [0] %0
            y: %1
        "#]]),
    ]
}

fn reductions() -> Vec<Case> {
    vec![
        case("reduce_no_axes", |r| {
            let x = vector(r, "x");
            r.add(Reduce { kind: ReduceKind::Norm, axes: vec![] }.into(), &[x])
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = reduce norm [] %0
            y: %1
            →
            %0 [N] = input x
            %1 [N] = abs %0
            y: %1
        "#]]),
        case("reduce_unit_axes", |r| { let a = leaf(r, "a", "N 1"); r.sum(a, &[1]) }, expect![[r#"
            %0 [N, 1] = input a
            %1 [N] = reduce sum [1] %0
            y: %1
            →
            %0 [N, 1] = input a
            %1 [N] = reshape [N] %0
            y: %1
        "#]]),
        case("reduce_unit_axes", |r| { let a = leaf(r, "a", "N 1"); r.reduce(ReduceKind::Norm, a, &[1]) }, expect![[r#"
            %0 [N, 1] = input a
            %1 [N] = reduce norm [1] %0
            y: %1
            →
            %0 [N, 1] = input a
            %1 [N] = reshape [N] %0
            %2 [N] = abs %1
            y: %2
        "#]]),
        case("reduce_reduce", |r| { let t = cube(r); let t = r.sum(t, &[1]); r.sum(t, &[1]) }, expect![[r#"
            %0 [N, D, K] = input t
            %1 [N, K] = reduce sum [1] %0
            %2 [N] = reduce sum [1] %1
            y: %2
            →
            %0 [N, D, K] = input t
            %1 [N] = reduce sum [1, 2] %0
            y: %1
        "#]]),
        case("reduce_reduce", |r| {
            let t = cube(r);
            let t = r.reduce(ReduceKind::LogSumExp, t, &[0]);
            r.reduce(ReduceKind::LogSumExp, t, &[0])
        }, expect![[r#"
            %0 [N, D, K] = input t
            %1 [D, K] = reduce logsumexp [0] %0
            %2 [K] = reduce logsumexp [0] %1
            y: %2
            →
            %0 [N, D, K] = input t
            %1 [K] = reduce logsumexp [0, 1] %0
            y: %1
        "#]]),
        case("reduce_of_permute", |r| {
            let t = cube(r);
            let t = r.permute(t, &[2, 0, 1]);
            r.sum(t, &[1])
        }, expect![[r#"
            %0 [N, D, K] = input t
            %1 [K, N, D] = permute [2, 0, 1] %0
            %2 [K, D] = reduce sum [1] %1
            y: %2
            →
            %0 [N, D, K] = input t
            %1 [D, K] = reduce sum [0] %0
            %2 [K, D] = permute [1, 0] %1
            y: %2
        "#]]),
        case("reduce_of_reverse", |r| { let a = matrix(r); let a = r.reverse(a, &[0, 1]); r.sum(a, &[1]) }, expect![[r#"
            %0 [N, D] = input a
            %1 [N, D] = reverse [0, 1] %0
            %2 [N] = reduce sum [1] %1
            y: %2
            →
            %0 [N, D] = input a
            %1 [N, D] = reverse [0] %0
            %2 [N] = reduce sum [1] %1
            y: %2
        "#]]),
        case("reduce_of_unit_reshape", |r| {
            let a = matrix(r);
            let a = r.reshape(a, &shape("N 1 D"));
            r.sum(a, &[1, 2])
        }, expect![[r#"
            %0 [N, D] = input a
            %1 [N, 1, D] = reshape [N, 1, D] %0
            %2 [N] = reduce sum [1, 2] %1
            y: %2
            →
            %0 [N, D] = input a
            %1 [N] = reduce sum [1] %0
            y: %1
        "#]]),
        case("sum_of_broadcast", |r| {
            let a = matrix(r);
            let a = r.broadcast(a, &shape("N K D"), &[0, 2]);
            r.sum(a, &[1, 2])
        }, expect![[r#"
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
        "#]]),
        case("extreme_of_broadcast", |r| {
            let x = vector(r, "x");
            let x = r.broadcast(x, &shape("5 N"), &[1]);
            r.reduce(ReduceKind::Max, x, &[0, 1])
        }, expect![[r#"
            %0 [N] = input x
            %1 [5, N] = broadcast [5, N] [1] %0
            %2 [] = reduce max [0, 1] %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = broadcast [N] [0] %0
            %2 [] = reduce max [0] %1
            y: %2
        "#]]),
        case("reduce_beside_broadcast", |r| {
            let a = matrix(r);
            let a = r.broadcast(a, &shape("N K D"), &[0, 2]);
            r.sum(a, &[2])
        }, expect![[r#"
            %0 [N, D] = input a
            %1 [N, K, D] = broadcast [N, K, D] [0, 2] %0
            %2 [N, K] = reduce sum [2] %1
            y: %2
            →
            %0 [N, D] = input a
            %1 [N] = reduce sum [1] %0
            %2 [N, K] = broadcast [N, K] [0] %1
            y: %2
        "#]]),
        case("sum_of_pad", |r| {
            let a = matrix(r);
            let a = r.pad(a, &shape("9 7"), &dims("1 2"), &[1, 2]);
            r.sum(a, &[0])
        }, expect![[r#"
            %0 [N, D] = input a
            %1 [9, 7] = pad [9, 7] [1.., 2..:2] %0
            %2 [7] = reduce sum [0] %1
            y: %2
            →
            %0 [N, D] = input a
            %1 [D] = reduce sum [0] %0
            %2 [7] = pad [7] [2..:2] %1
            y: %2
        "#]]),
        case("square_of_norm", |r| {
            let x = vector(r, "x");
            let x = r.reduce(ReduceKind::Norm, x, &[0]);
            r.square(x)
        }, expect![[r#"
            %0 [N] = input x
            %1 [] = reduce norm [0] %0
            %2 [] = square %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = square %0
            %2 [] = reduce sum [0] %1
            y: %2
        "#]]),
    ]
}
