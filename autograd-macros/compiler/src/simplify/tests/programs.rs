//! Whole programs: what the rows do together.

use expect_test::expect;

use crate::differentiate;
use crate::graph::notation::graph;
use crate::graph::print::print;
use crate::simplify::{legalise, simplify, stabilise};

/// `loss = mean((0.5*(w*x + b - y))^2)` with its gradient as the chain rule writes it.
#[test]
fn linear_regression_shares_its_sweep() {
    let (region, results) = graph(&[
        "w = [] param w; b = [] param b; p = 0.5 * (w * x + b - y); q = cast real(extent N());
         reduce sum [0](pow(p, 2)) / q",
        "r = 0.5 * (1 / q * (2 * p)); reduce sum [0](r * x)",
        "reduce sum [0](r)",
    ]);
    let (simple, results) = simplify(&region, &results);
    expect![[r#"
        %0 [] = param w
        %1 [] = param b
        %2 [] = 0.5
        %3 [N] = input x
        %4 [N] = broadcast [N] [] %0
        %5 [N] = mul %4 %3
        %6 [N] = broadcast [N] [] %1
        %7 [N] = add %6 %5
        %8 [N] = input y
        %9 [N] = sub %7 %8
        %10 index[] = extent N
        %11 [] = cast real %10
        %12 [] = 0.25
        %13 [N] = square %9
        %14 [] = reduce sum [0] %13
        %15 [] = div %14 %11
        %16 [] = mul %12 %15
        %17 [] = div %2 %11
        %18 [N] = broadcast [N] [] %17
        %19 [N] = mul %18 %9
        %20 [N] = mul %3 %19
        %21 [] = reduce sum [0] %20
        %22 [] = reduce sum [0] %19
        loss: %16
        w: %21
        b: %22
    "#]]
    .assert_eq(&print(&simple, &[("loss", results[0]), ("w", results[1]), ("b", results[2])]));
}

/// The loss of a classifier and its gradient by the logits, as the rule of logsumexp writes it, share one sweep of
/// exponentials; nothing is counted.
#[test]
fn logsumexp_and_its_gradient_share_their_exponentials() {
    let (mut r, results) = graph(&["z: [N, K]; reduce sum [0](reduce logsumexp [1](z))", "z"]);
    let (loss, z) = (results[0], results[1]);
    let gradient = differentiate::gradient(&mut r, loss, &[z]).expect("logsumexp has a derivative");
    let g = gradient[0].expect("it is not zero");
    let (simple, ids) = simplify(&r, &[loss, g]);
    let (legal, ids) = legalise(&simple, &ids);
    expect![[r#"
        %0 [N, K] = input z
        %1 [N] = reduce max_number [1] %0
        %2 [N, K] = broadcast [N, K] [0] %1
        %3 bool[N, K] = equal %0 %2
        %4 [] = 0
        %5 [N, K] = broadcast [N, K] [] %4
        %6 [N, K] = sub %0 %2
        %7 [N, K] = select %3 %5 %6
        %8 [N, K] = exp %7
        %9 [N] = reduce sum [1] %8
        %10 [N] = log %9
        %11 [N] = add %1 %10
        %12 [] = reduce sum [0] %11
        %13 [] = -inf
        %14 [N] = broadcast [N] [] %13
        %15 bool[N] = equal %1 %14
        %16 [] = inf
        %17 [N] = broadcast [N] [] %16
        %18 [] = 1
        %19 [N] = broadcast [N] [] %18
        %20 bool[N] = equal %1 %17
        %21 bool[N] = equal %9 %9
        %22 bool[N] = and %20 %21
        %23 [N] = select %22 %19 %9
        %24 [N] = recip %23
        %25 [N] = select %22 %9 %19
        %26 [N] = recip %25
        %27 bool[N] = and %15 %21
        %28 [N] = broadcast [N] [] %4
        %29 [N] = select %27 %28 %26
        %30 [N] = mul %24 %29
        %31 [N, K] = broadcast [N, K] [0] %30
        %32 [N, K] = mul %8 %31
        loss: %12
        g: %32
    "#]]
    .assert_eq(&print(&legal, &[("loss", ids[0]), ("g", ids[1])]));
}

/// `named` values are variables of a derivative: they stay, and so do leaves.
#[test]
fn stabilise_keeps_variables() {
    let (mut r, results) = graph(&["a = named a(exp(x) - 1); log(exp(a) + 1)", "a"]);
    let (y, a) = (results[0], results[1]);
    let y = stabilise(&mut r, y);
    expect![[r#"
        %0 [N] = input x
        %1 [N] = exp %0
        %2 [] = 1
        %3 [N] = broadcast [N] [] %2
        %4 [N] = sub %1 %3
        %5 [N] = named a %4
        %12 [N] = softplus %5
        y: %12
        a: %5
    "#]]
    .assert_eq(&print(&r, &[("y", y), ("a", a)]));
}
