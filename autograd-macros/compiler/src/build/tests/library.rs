//! The functions that are written in the language: what is said where they do not fit, and that none reads outside.

use expect_test::{Expect, expect};

use crate::ops::{Gather, Op, Outside};

fn check(value: &str, expected: &Expect) {
    let head = "M<N, C, H, W, O, K, D> { input x: [N, C, H], w: [O, C, 3], g: [O, 1, 3], image: [N, C, H, W], gain: [C], \
                a: [N, D], b: [K, D], y: [N], label: [N] in K; out = ";
    expected.assert_eq(&super::text(&format!("{head}{value}; }}")));
}

#[test]
fn arguments_that_do_not_fit() {
    check(
        "conv1d(y, y)",
        &expect![[r#"
        1:158-170: the argument `x` of `conv1d` does not fit: it is [N] where [N, C, H] is meant
    "#]],
    );
    check(
        "conv1d(x, g)",
        &expect![[r#"
        1:158-170: the argument `w` of `conv1d` does not fit: `C/groups` is C but 1 here
    "#]],
    );
    check(
        "conv1d(x, w, stride = y)",
        &expect![[r#"
        1:180-181: the argument `stride` has to be known when the model is compiled, but `y` is not
            help: a number, or the name of a `const`
    "#]],
    );
    check(
        "conv2d(image, w)",
        &expect![[r#"
        1:158-174: the argument `w` of `conv2d` does not fit: it is [O, C, 3] where [O, C/groups, R, S] is meant
    "#]],
    );
    check(
        "max_pool1d(x)",
        &expect![[r#"
        1:158-171: `max_pool1d` takes 2 to 4 arguments, but is given 1
            help: `max_pool1d(x, size, [stride], pad = 0)`
    "#]],
    );
    check(
        "batch_norm(x, gain)",
        &expect![[r#"
        1:158-177: `batch_norm` takes 3 to 6 arguments, but is given 2
            help: `batch_norm(x, gain, bias, [mean], [var], eps = 0.00001)`
    "#]],
    );
    check(
        "batch_norm(x, gain, gain)",
        &expect![[r#"
        1:158-183: 1 name for 3 values
            help: `let (a, b, c) = batch_norm(x, gain, gain);` takes them apart
    "#]],
    );
    check(
        "attention(a, b, a)",
        &expect![[r#"
        1:158-176: the argument `v` of `attention` does not fit: `U` is K in `k` but N here
    "#]],
    );
}

#[test]
fn contractions_that_do_not_fit() {
    check(
        r#"einsum("nd,dk->nk", a, b)"#,
        &expect![[r#"
        1:158-183: cannot multiply in `einsum`: `d` is D in `a` but K in `b`
    "#]],
    );
    check(
        r#"einsum("ndk,kd->n", a, b)"#,
        &expect![[r#"
        1:165-176: `einsum` cannot read "ndk,kd->n": `ndk` does not fit an operand of 2 axes
    "#]],
    );
    check(
        r#"einsum("nd->nn", a)"#,
        &expect![[r#"
        1:165-173: `einsum` cannot read "nd->nn": `n` stands twice in the result
    "#]],
    );
    check(
        r#"einsum("nd->k", a)"#,
        &expect![[r#"
        1:165-172: `einsum` cannot read "nd->k": no operand has `k`
    "#]],
    );
    check(
        r#"einsum("n-d", a)"#,
        &expect![[r#"
        1:165-170: `einsum` cannot read "n-d": `-` is no letter
    "#]],
    );
    check(
        r#"einsum("nd,kd->nk", a)"#,
        &expect![[r#"
        1:165-176: `einsum` cannot read "nd,kd->nk": it has 2 terms for 1 operands
    "#]],
    );
    check(
        "einsum(a, b)",
        &expect![[r#"
        1:165-166: the first argument of `einsum` takes letters between quotes, but is given `a`
            help: `einsum("ij,jk->ik", a, b)`
    "#]],
    );
}

#[test]
fn integers_that_do_not_fit() {
    check(
        "take(y, y)",
        &expect![[r#"
            1:166-167: a subscript is an integer, but `y` is numbers [N]
                help: `to_index(y)` rounds down; integers are inputs `in K`, `argmax`, `iota`, and `+ - *`, `floor_div`, `rem`, `min`, `max` of these
        "#]],
    );
    check(
        "take(a, label)",
        &expect![[r#"
        1:158-172: `take` of [N, D] needs to know the axis
            help: `axis = D`
    "#]],
    );
    check(
        "scatter_add(zeros([K]), label, a)",
        &expect![[r#"
        1:189-190: the argument `updates` of `scatter_add` takes [N], but is given [N, D]
    "#]],
    );
    check(
        "embedding(y, label)",
        &expect![[r#"
        1:168-169: the table of `embedding` takes a matrix, but is given [N]
    "#]],
    );
    check(
        "dropout(y, 0.5, y[0])",
        &expect![[r#"
        1:174-178: a subscript is an integer, but `y[0]` is a number
            help: `to_index(y[0])` rounds down; indices, dimensions, inputs `in K` and `argmax` are integers, and so are `+ - *`, `floor_div`, `rem`, `min`, `max` and `if` of integers
    "#]],
    );
    check(
        "arange(0, N, 0)",
        &expect![[r#"
            1:171-172: an `arange` whose step is no number of 1 or more is not supported yet
                help: `linspace(a, b, n)` has other steps, and `flip(arange(…))` goes down
        "#]],
    );
}

/// Where integers are not known to lie inside, an update is checked when it is made.
#[test]
fn updates_that_may_lie_outside_are_checked() {
    let head = "M<N, K, D> { input y: [N], label: [N] in K, n: [N]; out = ";
    for (call, expected) in [
        ("scatter_add(zeros([K]), label, y)", Outside::Never),
        ("scatter_add(zeros([K]), max(min(label + 2, K - 1), 0), y)", Outside::Never),
        ("scatter_add(zeros([D]), label, y)", Outside::Mistake),
        ("segment_sum(y, label + 1, K)", Outside::Mistake),
        ("segment_sum(y, to_index(n), K)", Outside::Mistake),
        ("histogram(y, K, 0, 1)", Outside::Never),
    ] {
        let model = super::build(&format!("{head}{call}; }}")).unwrap_or_else(|messages| panic!("{call}\n{messages}"));
        let found = model.region.iter().find_map(|(_, node)| match &node.op {
            Op::Scatter(scatter) => Some(scatter.outside),
            _ => None,
        });
        assert_eq!(found, Some(expected), "{call}");
    }
}

/// Reads of the language's own functions lie inside, or are guarded: no call of them can be a mistake at run time.
#[test]
fn functions_of_the_library_read_inside() {
    for call in [
        "conv1d(x, w, stride = 2, pad = 1, dilation = 2)",
        "conv1d(x, g, groups = C)",
        "conv_transpose1d(x, permute(w, (1, 0, 2)), stride = 2, pad = 1)",
        "max_pool2d(image, 3, stride = 2, pad = 1)",
        "adaptive_avg_pool2d(image, 3)",
        "adaptive_max_pool2d(image, 3)",
        "interp(y, cumsum(gain), gain)",
        "bilinear(a, y, y)",
        "laplacian(x)",
        "laplacian_edge(x)",
        "laplacian_periodic(x)",
        "roll(y, -3)",
        "take(y, rem(iota(N) + 1, N))",
        "embedding(b, label)",
    ] {
        let head = "M<N, C, H, W, O, K, D> { input x: [N, C, H], w: [O, C, 3], g: [C, 1, 3], image: [N, C, H, W], gain: [C], \
                    a: [N, D], b: [K, D], y: [N], label: [N] in K; out = ";
        let model = super::build(&format!("{head}{call}; }}")).unwrap_or_else(|messages| panic!("{call}\n{messages}"));
        let live = crate::graph::print::live(&model.region, [model.outputs[0].node]);
        let outside = model
            .region
            .iter()
            .filter(|(id, _)| live[id.index()])
            .any(|(_, node)| matches!(node.op, Op::Gather(Gather { outside: Outside::Mistake, .. })));
        assert!(!outside, "{call}");
    }
}
