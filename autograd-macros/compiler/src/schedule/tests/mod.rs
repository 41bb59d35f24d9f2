//! The scheduler as a whole: text of a few programs, and random graphs that mean the same before and after.

mod primitives;
pub(crate) mod random;
mod sources;
mod wider;

use expect_test::{Expect, expect};

use super::schedule as scheduled;
use crate::graph::notation::graph;
use crate::graph::{Dim, NodeId, Region, Shape, Type};
use crate::loops::print::print;
use crate::loops::program::{Program, Stmt};
use crate::loops::verify::verify;
use crate::loops::visit::{loops, visit};
use crate::ops::{Function, LeafKind};
use random::{EXTENTS, check_meaning, check_text};

fn dims(names: &[&str]) -> Shape {
    names.iter().map(|name| name.parse().map_or_else(|_| Dim::name(name), Dim::constant)).collect()
}

fn input(region: &mut Region, name: &str, shape: &[&str]) -> NodeId {
    region.leaf(LeafKind::Input, name, Type::real(dims(shape)))
}

/// The program of a graph that is written as expressions.
fn check(results: &[&str], expected: &Expect) {
    let (region, results) = graph(results);
    let program = schedule(&region, &results);
    assert_eq!(verify(&program), Ok(()));
    check_text(&program);
    expected.assert_eq(&print(&program));
}

#[test]
fn a_loss_and_its_gradients_are_one_sweep() {
    check(
        &["p = w * x - y; reduce sum [0](p * p)", "reduce sum [0](p * x)"],
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
    check(
        &["x: [N, K]; p = exp(x - broadcast [N, K] [0](reduce max [1](x)));
           p / broadcast [N, K] [0](reduce sum [1](p))"],
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
            or, where K is at most 5:
                for i0 in 0..N in lanes
                    v1 = max v0, for i1 in 0..K
                        v0 = b1[K*i0 + i1]
                    v5 = sum v4, for i2 in 0..K
                        v2 = b1[K*i0 + i2]
                        v3 = sub v2 v1
                        v4 = exp v3
                        b0[K*i0 + i2] = v4
                    for i3 in 0..K
                        v6 = b0[K*i0 + i3]
                        v7 = div v6 v5
                        b0[K*i0 + i3] = v7
            -> b0
        "#]],
    );
}

#[test]
fn a_product_with_a_vector_and_its_gradient_read_the_matrix_in_one_loop() {
    check(
        &["x: [N, D]; w: [D]; p = contract [1]x[0](x, w) - y; reduce sum [0](p * p)", "contract [0]x[0](x, p)"],
        &expect![[r#"
            b0 t [D]: result 1
            b1 x [N, D]: input
            b2 w [D]: input
            b4 y [N]: input
            b5 levels [D]: temporary s0 in levels
            b0[..] = 0
            v7 = sum v6, sums b5 of b0[0], for i0 in 0..N in lanes
                v3 = sum v2, for i1 in 0..D in lanes, by rows
                    v0 = b1[D*i0 + i1]
                    v1 = b2[i1]
                    v2 = mul v0 v1
                v4 = b4[i0]
                v5 = sub v3 v4
                v6 = mul v5 v5
                for i2 in 0..D in lanes, by rows
                    v8 = b1[D*i0 + i2]
                    v9 = mul v8 v5
                    b0[i2] sum= v9
            or, where D is at most 6:
                v7 = sum v6, sums b6 of b0[0], for i0 in 0..N in lanes
                    v3 = sum v2, for i1 in 0..D
                        v0 = b1[D*i0 + i1]
                        v1 = b2[i1]
                        v2 = mul v0 v1
                    v4 = b4[i0]
                    v5 = sub v3 v4
                    v6 = mul v5 v5
                    for i2 in 0..D
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
    check(
        &["shift: [K]; scale: [K]; mu: [K]; away = broadcast [N, K] [0](x) - broadcast [N, K] [1](mu);
           density = broadcast [N, K] [1](shift) - square(broadcast [N, K] [1](scale) * away);
           reduce sum [0](reduce sum [1](density - broadcast [N, K] [0](reduce max [1](density))))"],
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
    let results =
        |shape: &str| [format!("t: {shape}; hidden: {shape}; t * hidden"), "reduce sum [0](t * hidden)".to_owned()];
    check(
        &results("[32, 16]").each_ref().map(String::as_str),
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
    for (shape, rows) in [("[32, 17]", Dim::constant(32)), ("[N, 16]", Dim::name("N"))] {
        let (region, results) = graph(&results(shape).each_ref().map(String::as_str));
        let program = schedule(&region, &results);
        let outer = program.body.last().and_then(Stmt::as_loop).expect("a loop");
        assert_eq!(outer.extent.dim(), Some(&rows));
    }
}

/// `x - sum(x)` divided by the sum of its squares, row by row.
fn normed_rows(columns: &str) -> String {
    format!(
        "x: [N, {columns}]; p = x - broadcast [N, {columns}] [0](reduce sum [1](x));
         p / broadcast [N, {columns}] [0](reduce sum [1](p * p))"
    )
}

#[test]
fn rows_are_asked_for_by_a_loop_that_waits_for_nothing() {
    check(
        &[&normed_rows("D")],
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
            or, where D is at most 7:
                for i0 in 0..N in lanes
                    v1 = sum v0, for i1 in 0..D
                        v0 = b1[D*i0 + i1]
                    v5 = sum v4, for i2 in 0..D
                        v2 = b1[D*i0 + i2]
                        v3 = sub v2 v1
                        v4 = mul v3 v3
                    for i3 in 0..D
                        v6 = b1[D*i0 + i3]
                        v7 = sub v6 v1
                        v8 = div v7 v5
                        b0[D*i0 + i3] = v8
            -> b0
        "#]],
    );
    // Short rows need not be asked for.
    let (region, normed) = graph(&[&normed_rows("64")]);
    assert!(!print(&schedule(&region, &normed)).contains("asks"));
}

#[test]
fn short_rows_are_summed_in_blocks() {
    let tanh = |columns: &str| format!("x: [N, {columns}]; tanh(x)");
    let sums = ["rows = reduce sum [1](tanh(x)); reduce sum [0](rows)", "rows * rows"];
    check(
        &[&tanh("16"), sums[0], sums[1]],
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
        let (region, results) = graph(&[&tanh(columns), sums[0], sums[1]]);
        assert!(!print(&schedule(&region, &results)).contains("by rows"), "{columns}");
    }
}

/// `sum((tanh(a) @ d - c)^2)` and its derivatives by `d` and `a`, of a matrix of 4 rows and 3 columns.
#[test]
fn loops_that_go_along_small_rows_twice_are_distributed() {
    let results = [
        "a: [4, 3]; d: [3]; c: [4]; p = contract [1]x[0](tanh(a), d) - c; reduce sum [0](p * p)",
        "contract [0]x[0](tanh(a), p)",
        "by_a = broadcast [4, 3] [0](p + p) * tanh(a); by_a",
        "reduce sum [0](by_a)",
    ];
    check(
        &results,
        &expect![[r#"
            b0 t [3]: result 1
            b1 t [4, 3]: result 2
            b2 t [3]: result 3
            b3 a [4, 3]: input
            b5 d [3]: input
            b7 c [4]: input
            b8 t [4]: temporary s0
            v8 = sum v7, for i0 in 0..4
                v4 = sum v3, for i1 in 0..3 in lanes
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
    let (region, results) = graph(&results);
    check_meaning(0, EXTENTS[1], &region, &results, &schedule(&region, &results));
}

/// `velocity := 0.5*velocity - g; w := w + velocity; x := y; y := x; z := flip(z); u := u * sum(w)`
#[test]
fn steps_write_where_the_old_values_lie() {
    let (region, results) = graph(&[
        "velocity = [N] param velocity; w = [N] param w; g = [N] param g; x = [N] param x; y = [N] param y;
         fresh = 0.5 * velocity - g; fresh",
        "w + fresh",
        "y",
        "x",
        "z = [N] param z; reverse [0](z)",
        "u = [N] param u; u * reduce sum [0](w)",
    ]);
    let program = schedule_step(&region, &results, &["velocity", "w", "x", "y", "z", "u"]);
    assert_eq!(verify(&program), Ok(()));
    expect![[r#"
        b2 y [N]: result 2
        b4 t [N]: result 4
        b6 velocity [N]: target of result 0
        b7 g [N]: param
        b8 w [N]: target of result 1
        b9 z [N]: param
        b10 y [N]: target of result 3
        b11 x [N]: param
        b12 u [N]: target of result 5
        v1 = 0.5
        v8 = sum v5, for i0 in 0..N in lanes
            v0 = b6[i0]
            v2 = mul v1 v0
            v3 = b7[i0]
            v4 = sub v2 v3
            b6[i0] = v4
            v5 = b8[i0]
            v6 = add v5 v4
            b8[i0] = v6
            v7 = b9[N - 1 - i0]
            b4[i0] = v7
            v9 = b10[i0]
            b2[i0] = v9
            v10 = b11[i0]
            b10[i0] = v10
        for i1 in 0..N in lanes
            v11 = b12[i1]
            v12 = mul v11 v8
            b12[i1] = v12
        -> b6
        -> b8
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
    let (region, results) = graph(&[
        "x: [N, D]; f: [N, K]; g: [K, H]; w = [D, H] param w; c = [N, H] state c;
         y = contract [1]x[0](x, w) + contract [1]x[0](f, g) + c; w - 0.1 * contract [0]x[0](x, y)",
        "0.5 * y",
    ]);
    let program = schedule_step(&region, &results, &["w", "c"]);
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
