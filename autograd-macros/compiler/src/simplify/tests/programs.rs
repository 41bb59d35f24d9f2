//! Whole programs: what the rows do together.

use expect_test::{Expect, expect};

use crate::graph::print::print;
use crate::graph::{Dim, NodeId, Region, Shape, Type};
use crate::ops::{Contract, Function, LeafKind, ReduceKind};
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
            %17 [N] = mul %2 %8
            %18 [] = reduce sum [0] %17
            %19 [] = div %18 %14
            %20 [] = mul %9 %19
            %21 [] = reduce sum [0] %8
            %22 [] = div %21 %14
            %23 [] = mul %9 %22
            loss: %16
            w: %20
            b: %23
        "#]],
    );
}
