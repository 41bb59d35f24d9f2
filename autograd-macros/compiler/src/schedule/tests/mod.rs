//! The scheduler as a whole: text of a few programs, and random graphs that mean the same before and after.

mod primitives;
pub(crate) mod random;
mod wider;

use expect_test::{Expect, expect};

use super::schedule as scheduled;
use crate::graph::{Dim, NodeId, Region, Shape, Type};
use crate::loops::print::print;
use crate::loops::program::{Program, Stmt};
use crate::loops::verify::verify;
use crate::loops::visit::{loops, visit};
use crate::ops::{Contract, Function, LeafKind, ReduceKind};
use random::{EXTENTS, check_meaning, check_text};

fn dims(names: &[&str]) -> Shape {
    names.iter().map(|name| name.parse().map_or_else(|_| Dim::name(name), Dim::constant)).collect()
}

fn input(region: &mut Region, name: &str, shape: &[&str]) -> NodeId {
    region.leaf(LeafKind::Input, name, Type::real(dims(shape)))
}

fn check(region: &Region, results: &[NodeId], expected: &Expect) {
    let program = schedule(region, results);
    assert_eq!(verify(&program), Ok(()));
    check_text(&program);
    expected.assert_eq(&print(&program));
}

#[test]
fn a_loss_and_its_gradients_are_one_sweep() {
    let mut region = Region::new();
    let r = &mut region;
    let (x, y, w) = (input(r, "x", &["N"]), input(r, "y", &["N"]), input(r, "w", &[]));
    let spread = r.fill(w, &dims(&["N"]));
    let product = r.times(spread, x);
    let residual = r.minus(product, y);
    let square = r.times(residual, residual);
    let loss = r.sum(square, &[0]);
    let slope = r.times(residual, x);
    let gradient = r.sum(slope, &[0]);
    check(
        &region,
        &[loss, gradient],
        &expect![[r#"
            b0 y [N]: input
            b1 x [N]: input
            b2 w []: input
            v2 = b2[0]
            v6 = sum v5, v8 = sum v7, for i0 in 0..N in lanes
                v0 = b0[i0]
                v1 = b1[i0]
                v3 = mul v2 v1
                v4 = sub v3 v0
                v5 = mul v4 v4
                v7 = mul v4 v1
            -> v6
            -> v8
        "#]],
    );
}

#[test]
fn softmax_of_rows_shares_the_loop_over_rows() {
    let mut region = Region::new();
    let r = &mut region;
    let shape = dims(&["N", "K"]);
    let x = input(r, "x", &["N", "K"]);
    let max = r.reduce(ReduceKind::Max, x, &[1]);
    let max = r.broadcast(max, &shape, &[0]);
    let shifted = r.minus(x, max);
    let exps = r.map(Function::Exp, &[shifted]);
    let sum = r.sum(exps, &[1]);
    let sum = r.broadcast(sum, &shape, &[0]);
    let softmax = r.over(exps, sum);
    check(
        &region,
        &[softmax],
        &expect![[r#"
            b0 t [N, K]: result 0
            b1 x [N, K]: input
            for i0 in 0..N
                v1 = max v0, for i1 in 0..K in lanes
                    v0 = b1[K*i0 + i1]
                v5 = sum v4, for i2 in 0..K in lanes
                    v2 = b1[K*i0 + i2]
                    v3 = sub v2 v1
                    v4 = exp v3
                    b0[K*i0 + i2] = v4
                for i3 in 0..K in lanes
                    v6 = b0[K*i0 + i3]
                    v7 = div v6 v5
                    b0[K*i0 + i3] = v7
            -> b0
        "#]],
    );
}

#[test]
fn a_product_with_a_vector_and_its_gradient_read_the_matrix_in_one_loop() {
    let mut region = Region::new();
    let r = &mut region;
    let (x, w, y) = (input(r, "x", &["N", "D"]), input(r, "w", &["D"]), input(r, "y", &["N"]));
    let product = Contract { left_batch: vec![], right_batch: vec![], left_contract: vec![1], right_contract: vec![0] };
    let z = r.contract(product, x, w);
    let residual = r.minus(z, y);
    let square = r.times(residual, residual);
    let loss = r.sum(square, &[0]);
    let back = Contract { left_batch: vec![], right_batch: vec![], left_contract: vec![0], right_contract: vec![0] };
    let gradient = r.contract(back, x, residual);
    check(
        &region,
        &[loss, gradient],
        &expect![[r#"
            b0 t [D]: result 1
            b1 x [N, D]: input
            b2 w [D]: input
            b4 y [N]: input
            b5 levels [D]: temporary s0 in levels
            b0[..] = 0
            v7 = sum v6, sums b5 of b0[0], for i0 in 0..N
                v3 = sum v2, for i1 in 0..D in lanes
                    v0 = b1[D*i0 + i1]
                    v1 = b2[i1]
                    v2 = mul v0 v1
                v4 = b4[i0]
                v5 = sub v3 v4
                v6 = mul v5 v5
                for i2 in 0..D in lanes
                    v8 = b1[D*i0 + i2]
                    v9 = mul v8 v5
                    b0[i2] sum= v9
            -> v7
            -> b0
        "#]],
    );
}

/// Four operations on four tensors cost as much as keeping them, for the turns of the next loop.
#[test]
fn what_reads_much_is_kept_for_the_next_loop() {
    let mut region = Region::new();
    let r = &mut region;
    let [mu, scale, shift] = ["mu", "scale", "shift"].map(|name| {
        let leaf = input(r, name, &["K"]);
        r.broadcast(leaf, &dims(&["N", "K"]), &[1])
    });
    let x = input(r, "x", &["N"]);
    let x = r.broadcast(x, &dims(&["N", "K"]), &[0]);
    let away = r.minus(x, mu);
    let away = r.times(scale, away);
    let away = r.square(away);
    let density = r.minus(shift, away);
    let largest = r.reduce(ReduceKind::Max, density, &[1]);
    let spread = r.broadcast(largest, &dims(&["N", "K"]), &[0]);
    let below = r.minus(density, spread);
    let sum = r.sum(below, &[1]);
    let y = r.sum(sum, &[0]);
    check(
        &region,
        &[y],
        &expect![[r#"
        b0 shift [K]: input
        b1 mu [K]: input
        b2 x [N]: input
        b3 scale [K]: input
        b4 t [1, K]: temporary s0 of packs
        v12 = sum v11, for i0 in 0..N in lanes
            v2 = b2[i0]
            v8 = max v7, for i1 in 0..K
                v0 = b0[i1]
                v1 = b1[i1]
                v3 = sub v2 v1
                v4 = b3[i1]
                v5 = mul v4 v3
                v6 = square v5
                v7 = sub v0 v6
                b4[i1] = v7
            v11 = sum v10, for i2 in 0..K
                v9 = b4[i2]
                v10 = sub v9 v8
        -> v12
    "#]],
    );
}

/// What the longest body computes, without the bodies of the loops in it.
fn longest(body: &[Stmt]) -> usize {
    loops(body).map(|inner| longest(&inner.body)).chain([body.len()]).max().unwrap_or(0)
}

/// A chain of elementwise operations; with `shared` each is used again a few operations later.
fn chain(length: usize, shared: bool) -> (Region, NodeId) {
    let mut region = Region::new();
    let x = input(&mut region, "c", &["N"]);
    let mut values = vec![x];
    for place in 0..length {
        let last = values[place];
        let before = if shared { values[place.saturating_sub(7)] } else { x };
        let next = match place % 3 {
            0 => region.map(Function::Tanh, &[last]),
            1 => region.plus(last, before),
            _ => region.map(Function::Sin, &[last]),
        };
        values.push(next);
    }
    (region, values[length])
}

#[test]
fn long_chains_are_cut() {
    for shared in [false, true] {
        let (region, y) = chain(1_000, shared);
        let program = schedule(&region, &[y]);
        let longest = longest(&program.body);
        assert!(longest < 500, "{longest} statements in one loop");
        let mut stores = 0;
        visit(&program.body, &mut |stmt| stores += usize::from(matches!(stmt, Stmt::Store { .. })));
        assert!((4..=60).contains(&stores), "{stores} values are kept");
        check_meaning(0, EXTENTS[0], &region, &[y], &program);
        let mut region = region;
        let loss = region.sum(y, &[0]);
        let x = input(&mut region, "c", &["N"]);
        let slope = crate::differentiate::gradient(&mut region, loss, &[x]).expect("all of it has a derivative")[0];
        let results = [loss, slope.expect("x is used")];
        let program = schedule(&region, &results);
        let longest = self::longest(&program.body);
        assert!(longest < 500, "{longest} statements in one loop of value and gradient");
        check_meaning(0, EXTENTS[0], &region, &results, &program);
    }
}

fn schedule(region: &Region, results: &[NodeId]) -> Program {
    schedule_step(region, results, &[])
}

fn schedule_step(region: &Region, results: &[NodeId], targets: &[&str]) -> Program {
    scheduled(region, results, targets).unwrap_or_else(|broken| panic!("{broken:?}"))
}

#[test]
fn rows_of_small_matrices_are_summed_in_registers() {
    let mut region = Region::new();
    let r = &mut region;
    let (t, hidden) = (input(r, "t", &["32", "16"]), input(r, "hidden", &["32", "16"]));
    let product = r.times(t, hidden);
    let bias = r.sum(product, &[0]);
    check(
        &region,
        &[product, bias],
        &expect![[r#"
        b0 t [32, 16]: result 0
        b1 t [16]: result 1
        b2 t [32, 16]: input
        b3 hidden [32, 16]: input
        for i1 in 0..16 in lanes
            v3 = sum v2, for i0 in 0..32
                v0 = b2[16*i0 + i1]
                v1 = b3[16*i0 + i1]
                v2 = mul v0 v1
                b0[16*i0 + i1] = v2
            b1[i1] = v3
        -> b0
        -> b1
    "#]],
    );
    // Long rows, and rows whose number is not known, stay as they lie.
    for shape in [["32", "17"], ["N", "16"]] {
        let mut region = Region::new();
        let r = &mut region;
        let (t, hidden) = (input(r, "t", &shape), input(r, "hidden", &shape));
        let product = r.times(t, hidden);
        let bias = r.sum(product, &[0]);
        let program = schedule(&region, &[product, bias]);
        let outer = program.body.last().and_then(Stmt::as_loop).expect("a loop");
        assert_eq!(outer.extent.dim(), Some(&dims(&shape)[0]));
    }
}

/// `x - sum(x)` divided by the sum of its squares, row by row.
fn normed_rows(shape: [&str; 2]) -> (Region, NodeId) {
    let mut region = Region::new();
    let r = &mut region;
    let x = input(r, "x", &shape);
    let sum = r.sum(x, &[1]);
    let rows = r.broadcast(sum, &dims(&shape), &[0]);
    let off = r.minus(x, rows);
    let squares = r.times(off, off);
    let square = r.sum(squares, &[1]);
    let scale = r.broadcast(square, &dims(&shape), &[0]);
    let normed = r.map(Function::Div, &[off, scale]);
    (region, normed)
}

#[test]
fn rows_are_asked_for_by_a_loop_that_waits_for_nothing() {
    let (region, normed) = normed_rows(["N", "D"]);
    check(
        &region,
        &[normed],
        &expect![[r#"
        b0 t [N, D]: result 0
        b1 x [N, D]: input
        for i0 in 0..N
            v1 = sum v0, for i1 in 0..D in lanes
                v0 = b1[D*i0 + i1]
            v5 = sum v4, asks for b0[D*i0 + i2], for i2 in 0..D in lanes
                v2 = b1[D*i0 + i2]
                v3 = sub v2 v1
                v4 = mul v3 v3
            for i3 in 0..D in lanes
                v6 = b1[D*i0 + i3]
                v7 = sub v6 v1
                v8 = div v7 v5
                b0[D*i0 + i3] = v8
        -> b0
    "#]],
    );
    // Short rows need not be asked for.
    let (region, normed) = normed_rows(["N", "64"]);
    assert!(!print(&schedule(&region, &[normed])).contains("asks"));
}

#[test]
fn short_rows_are_summed_in_blocks() {
    let sums = |shape: [&str; 2]| {
        let mut region = Region::new();
        let r = &mut region;
        let x = input(r, "x", &shape);
        let tanh = r.map(Function::Tanh, &[x]);
        let rows = r.sum(tanh, &[1]);
        let total = r.sum(rows, &[0]);
        let squares = r.times(rows, rows);
        (region, [tanh, total, squares])
    };
    let (region, results) = sums(["N", "16"]);
    check(
        &region,
        &results,
        &expect![[r#"
        b0 t [N, 16]: result 0
        b1 t [N]: result 2
        b2 x [N, 16]: input
        v3 = sum v2, for i0 in 0..N in lanes
            v2 = sum v1, for i1 in 0..16 in lanes, by rows
                v0 = b2[16*i0 + i1]
                v1 = tanh v0
                b0[16*i0 + i1] = v1
            v4 = mul v2 v2
            b1[i0] = v4
        -> b0
        -> v3
        -> b1
    "#]],
    );
    // A long row takes longer than the sum of its lanes, and one of unknown length may.
    for columns in ["65", "D"] {
        let (region, results) = sums(["N", columns]);
        assert!(!print(&schedule(&region, &results)).contains("by rows"), "{columns}");
    }
}

/// `sum((tanh(a) @ d - c)^2)` and its derivatives by `d` and `a`, of a matrix of 4 rows and 3 columns.
#[test]
fn loops_that_go_along_small_rows_twice_are_distributed() {
    let mut region = Region::new();
    let r = &mut region;
    let (a, c, d) = (input(r, "a", &["4", "3"]), input(r, "c", &["4"]), input(r, "d", &["3"]));
    let product = Contract { left_batch: vec![], right_batch: vec![], left_contract: vec![1], right_contract: vec![0] };
    let tanh = r.map(Function::Tanh, &[a]);
    let z = r.contract(product, tanh, d);
    let residual = r.minus(z, c);
    let square = r.times(residual, residual);
    let loss = r.sum(square, &[0]);
    let back = Contract { left_batch: vec![], right_batch: vec![], left_contract: vec![0], right_contract: vec![0] };
    let by_d = r.contract(back, tanh, residual);
    let twice = r.plus(residual, residual);
    let rows = r.broadcast(twice, &dims(&["4", "3"]), &[0]);
    let by_tanh = r.times(rows, tanh);
    let sum = r.sum(by_tanh, &[0]);
    let results = [loss, by_d, by_tanh, sum];
    check(
        &region,
        &results,
        &expect![[r#"
        b0 t [3]: result 1
        b1 t [4, 3]: result 2
        b2 t [3]: result 3
        b3 a [4, 3]: input
        b5 d [3]: input
        b7 c [4]: input
        b8 t [4]: temporary s0
        v8 = sum v7, for i0 in 0..4 in lanes
            v4 = sum v3, for i1 in 0..3
                v0 = b3[3*i0 + i1]
                v1 = tanh v0
                b1[3*i0 + i1] = v1
                v2 = b5[i1]
                v3 = mul v1 v2
            v5 = b7[i0]
            v6 = sub v4 v5
            v7 = mul v6 v6
            b8[i0] = v6
        for i2 in 0..3 in lanes
            v15 = sum v10, v16 = sum v12, for i0 in 0..4
                v13 = b8[i0]
                v14 = add v13 v13
                v9 = b1[3*i0 + i2]
                v10 = mul v9 v13
                v12 = mul v14 v9
                b1[3*i0 + i2] = v12
            b0[i2] = v15
            b2[i2] = v16
        -> v8
        -> b0
        -> b1
        -> b2
    "#]],
    );
    check_meaning(0, EXTENTS[1], &region, &results, &schedule(&region, &results));
}

/// `velocity := 0.5*velocity - g; w := w + velocity; x := y; y := x; z := flip(z); u := u * sum(w)`
#[test]
fn steps_write_where_the_old_values_lie() {
    let mut region = Region::new();
    let r = &mut region;
    let param = |r: &mut Region, name| r.leaf(LeafKind::Param, name, Type::real(dims(&["N"])));
    let [velocity, w, g, x, y, z, u] = ["velocity", "w", "g", "x", "y", "z", "u"].map(|name| param(r, name));
    let sum = r.sum(w, &[0]);
    let all = r.fill(sum, &dims(&["N"]));
    let scaled = r.times(u, all);
    let half = r.scale(velocity, 0.5);
    let fresh = r.minus(half, g);
    let moved = r.plus(w, fresh);
    let flipped = r.reverse(z, &[0]);
    let program =
        schedule_step(&region, &[fresh, moved, y, x, flipped, scaled], &["velocity", "w", "x", "y", "z", "u"]);
    assert_eq!(verify(&program), Ok(()));
    expect![[r#"
        b2 y [N]: result 2
        b4 t [N]: result 4
        b6 w [N]: target of result 1
        b7 velocity [N]: target of result 0
        b8 g [N]: param
        b9 z [N]: param
        b10 y [N]: target of result 3
        b11 x [N]: param
        b12 u [N]: target of result 5
        v3 = 0.5
        v1 = sum v0, for i0 in 0..N in lanes
            v0 = b6[i0]
            v2 = b7[i0]
            v4 = mul v3 v2
            v5 = b8[i0]
            v6 = sub v4 v5
            b7[i0] = v6
            v7 = add v0 v6
            b6[i0] = v7
            v8 = b9[N - 1 - i0]
            b4[i0] = v8
            v9 = b10[i0]
            b2[i0] = v9
            v10 = b11[i0]
            b10[i0] = v10
        for i1 in 0..N in lanes
            v11 = b12[i1]
            v12 = mul v11 v1
            b12[i1] = v12
        -> b7
        -> b6
        -> b2
        -> b10
        -> b4
        -> b12
    "#]]
    .assert_eq(&print(&program));
}

/// `y = x @ w + f @ g + c; w := w - 0.1 * (x.T @ y); c := y / 2`
#[test]
fn products_are_added_where_their_sum_is_kept() {
    let mut region = Region::new();
    let r = &mut region;
    let (x, f, g) = (input(r, "x", &["N", "D"]), input(r, "f", &["N", "K"]), input(r, "g", &["K", "H"]));
    let w = r.leaf(LeafKind::Param, "w", Type::real(dims(&["D", "H"])));
    let c = r.leaf(LeafKind::State, "c", Type::real(dims(&["N", "H"])));
    let rule = |left, right| Contract {
        left_batch: vec![],
        right_batch: vec![],
        left_contract: vec![left],
        right_contract: vec![right],
    };
    let (first, second) = (r.contract(rule(1, 0), x, w), r.contract(rule(1, 0), f, g));
    let both = r.plus(first, second);
    let y = r.plus(both, c);
    let back = r.contract(rule(0, 0), x, y);
    let scaled = r.scale(back, 0.1);
    let stepped = r.minus(w, scaled);
    let half = r.scale(y, 0.5);
    let program = schedule_step(&region, &[stepped, half], &["w", "c"]);
    assert_eq!(verify(&program), Ok(()));
    expect![[r#"
        b1 t [N, H]: result 1
        b2 c [N, H]: state
        b4 x [N, D]: input
        b5 w [D, H]: target of result 0
        b6 f [N, K]: input
        b7 g [K, H]: input
        v2 = 0.1
        v3 = neg v2
        v4 = 0.5
        for i0 in 0..H*N in lanes
            v0 = b2[i0]
            b1[i0] = v0
        b1[1, N, H] += b4[0 + (0, D, 1)] @ b5[0 + (0, H, 1)] over D
        b1[1, N, H] += b6[0 + (0, K, 1)] @ b7[0 + (0, H, 1)] over K
        b5[1, D, H] += v3 * b4[0 + (0, 1, D)] @ b1[0 + (0, H, 1)] over N
        for i4 in 0..H*N in lanes
            v5 = b1[i4]
            v6 = mul v4 v5
            b1[i4] = v6
        -> b5
        -> b1
    "#]]
    .assert_eq(&print(&program));
}
