//! Whole programs: what the rows do together.

use expect_test::{Expect, expect};

use crate::differentiate;
use crate::graph::print::print;
use crate::graph::{Dim, NodeId, Region, Shape, Type};
use crate::ops::{LeafKind, ReduceKind};
use crate::simplify::{legalise, simplify, stabilise};

fn check(build: impl FnOnce(&mut Region) -> Vec<(&'static str, NodeId)>, expected: &Expect) {
    let mut region = Region::new();
    let results = build(&mut region);
    let ids: Vec<NodeId> = results.iter().map(|result| result.1).collect();
    let (simple, ids) = simplify(&region, &ids);
    let named: Vec<(&str, NodeId)> = results.iter().map(|result| result.0).zip(ids).collect();
    expected.assert_eq(&print(&simple, &named));
}

fn vector(r: &mut Region, name: &str) -> NodeId {
    r.leaf(LeafKind::Input, name, Type::real([Dim::name("N")]))
}

fn scalar(r: &mut Region, name: &str) -> NodeId {
    r.leaf(LeafKind::Param, name, Type::real([]))
}

/// `loss = mean((0.5*(w*x + b - y))^2)` with its gradient as the chain rule writes it.
#[test]
fn linear_regression_shares_its_sweep() {
    check(
        |r| {
            let (w, b) = (scalar(r, "w"), scalar(r, "b"));
            let (x, y) = (vector(r, "x"), vector(r, "y"));
            let shape: Shape = r.shape(x);
            let ws = r.fill(w, &shape);
            let bs = r.fill(b, &shape);
            let wx = r.times(ws, x);
            let wxb = r.plus(wx, bs);
            let residual = r.minus(wxb, y);
            let half = r.scale(residual, 0.5);
            let two = r.full(2.0, &shape);
            let square = r.power(half, two);
            let sum = r.sum(square, &[0]);
            let n = r.extent(&Dim::name("N"));
            let n = r.cast(n, crate::graph::Elem::Real);
            let loss = r.over(sum, n);
            let one = r.literal(1.0);
            let g = r.over(one, n);
            let g = r.fill(g, &shape);
            let slope = r.scale(half, 2.0);
            let g = r.times(g, slope);
            let g = r.scale(g, 0.5);
            let gx = r.times(g, x);
            let (gw, gb) = (r.sum(gx, &[0]), r.sum(g, &[0]));
            vec![("loss", loss), ("w", gw), ("b", gb)]
        },
        &expect![[r#"
            %0 [] = param w
            %1 [] = param b
            %2 [N] = input x
            %3 [N] = input y
            %4 [N] = broadcast [N] [] %0
            %5 [N] = broadcast [N] [] %1
            %6 [N] = mul %4 %2
            %7 [N] = add %5 %6
            %8 [N] = sub %7 %3
            %9 [] = 0.5
            %10 [] = 0.25
            %11 [N] = square %8
            %12 [] = reduce sum [0] %11
            %13 index[] = extent N
            %14 [] = cast real %13
            %15 [] = div %12 %14
            %16 [] = mul %10 %15
            %17 [] = div %9 %14
            %18 [N] = broadcast [N] [] %17
            %19 [N] = mul %18 %8
            %20 [N] = mul %2 %19
            %21 [] = reduce sum [0] %20
            %22 [] = reduce sum [0] %19
            loss: %16
            w: %21
            b: %22
        "#]],
    );
}

/// The loss of a classifier and its gradient by the logits, as the rule of logsumexp writes it, share one sweep of
/// exponentials; nothing is counted.
#[test]
fn logsumexp_and_its_gradient_share_their_exponentials() {
    let mut r = Region::new();
    let z = r.leaf(LeafKind::Input, "z", Type::real([Dim::name("N"), Dim::name("K")]));
    let lse = r.reduce(ReduceKind::LogSumExp, z, &[1]);
    let loss = r.sum(lse, &[0]);
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
    let mut r = Region::new();
    let x = vector(&mut r, "x");
    let (e, one) = (r.exp(x), r.ones_like(x));
    let inside = r.minus(e, one);
    let a = r.named(inside, &"a".into(), 0);
    let e = r.exp(a);
    let sum = r.offset(e, 1.0);
    let y = r.log(sum);
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
