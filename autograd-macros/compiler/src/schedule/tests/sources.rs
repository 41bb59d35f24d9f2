//! Views that read where an integer says, or nothing outside of their operand, from the graph to the program.

use expect_test::expect;

use super::wider::check_passes;
use super::{dims, input};
use crate::graph::{Dim, Elem, NodeId, Region, Type};
use crate::interpret::{Environment, Tensor};
use crate::loops::print::print;
use crate::loops::program::Program;
use crate::loops::simulate::simulate;
use crate::loops::verify::verify;
use crate::ops::window::{Bounds, Place};
use crate::ops::{Function, LeafKind, Outside};
use crate::schedule::maps::Maps;
use crate::schedule::{fuse, lower, plan};

fn lowered(region: &Region, results: &[NodeId]) -> Program {
    let plan = plan::plan(region, results);
    let mut maps = Maps::default();
    let (tree, axes) = fuse::fuse(region, &plan, &mut maps);
    let program = lower::lower(region, &plan, &mut maps, &tree, axes, results);
    assert_eq!(verify(&program), Ok(()), "{}", print(&program));
    program
}

/// `y[i] = x[i - 1]`, and 0 where that is not there.
fn shift(region: &mut Region, x: NodeId) -> NodeId {
    let shape = region.shape(x);
    let place = Place { offset: Dim::constant(-1), ..Place::axis(0) };
    let guard = vec![Bounds { place: place.clone(), extent: shape[0].clone() }];
    region.window(x, &shape, vec![place], guard)
}

/// `y[i] = x[at[i]]`, along the first axis.
fn gather(region: &mut Region, x: NodeId, at: NodeId) -> NodeId {
    region.gather(x, &[0], &[at], Outside::Never)
}

const X: [f64; 4] = [1.0, -2.0, 3.0, 0.5];
const POSITIONS: [usize; 4] = [2, 0, 3, 2];

fn environment() -> Environment {
    let mut environment = Environment::default();
    environment.dims.extend([("N".into(), 4), ("D".into(), 2)]);
    environment.values.insert("x".into(), Tensor { shape: vec![4], data: X.to_vec() });
    let positions = POSITIONS.iter().map(|&at| f64::from(u32::try_from(at).expect("small"))).collect();
    environment.values.insert("at".into(), Tensor { shape: vec![4], data: positions });
    let matrix = (0..8).map(|place| X[place % 4] + f64::from(u32::try_from(place).expect("small"))).collect();
    environment.values.insert("m".into(), Tensor { shape: vec![4, 2], data: matrix });
    environment
}

fn gathered(x: [f64; 4]) -> [f64; 4] {
    POSITIONS.map(|at| x[at])
}

fn shifted(x: [f64; 4]) -> [f64; 4] {
    [0.0, x[0], x[1], x[2]]
}

/// A fresh region, `at` and `x`.
fn start() -> (Region, NodeId, NodeId) {
    let mut region = Region::new();
    let positions = Type { elem: Elem::Index, ..Type::real(dims(&["N"])) };
    let at = region.leaf(LeafKind::Input, "at", positions);
    let x = input(&mut region, "x", &["N"]);
    (region, at, x)
}

#[test]
fn views_may_gather_and_be_guarded() {
    let (mut region, at, x) = start();
    let (picked, before) = (gather(&mut region, x, at), shift(&mut region, x));
    let (of_gather, of_shift) = (shift(&mut region, picked), gather(&mut region, before, at));
    let cos = region.map(Function::Cos, &[x]);
    let (cos_before, cos_picked) = (shift(&mut region, cos), gather(&mut region, cos, at));
    let both = gather(&mut region, cos_before, at);
    let product = region.times(cos_picked, before);
    let sum = region.sum(product, &[0]);
    let results = [picked, before, of_gather, of_shift, cos_before, both, sum];
    let program = lowered(&region, &results);
    let cos = X.map(f64::cos);
    let product: f64 = gathered(cos).iter().zip(shifted(X)).map(|(a, b)| a * b).sum();
    let expected = [
        gathered(X),
        shifted(X),
        shifted(gathered(X)),
        gathered(shifted(X)),
        shifted(cos),
        gathered(shifted(cos)),
        [product, 0.0, 0.0, 0.0],
    ];
    for (place, (found, expected)) in simulate(&program, &environment()).iter().zip(expected).enumerate() {
        let close = found.data.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(close, "result {place}: {found:?} {expected:?}\n{}", print(&program));
    }
    check_passes(program, &[environment()]);
}

/// What is made in a turn may be gathered in a later loop, not in that turn; rows of a matrix are gathered whole.
#[test]
fn what_is_gathered_is_there() {
    let (mut region, at, _) = start();
    let m = input(&mut region, "m", &["N", "D"]);
    let sums = region.sum(m, &[1]);
    let picked = gather(&mut region, sums, at);
    let rows = gather(&mut region, m, at);
    let squares = region.times(rows, rows);
    let squares = region.sum(squares, &[1]);
    let total = region.plus(picked, squares);
    let program = lowered(&region, &[total]);
    expect![[r#"
        b0 t [N]: result 0
        b1 m [N, D]: input
        b2 t [N]: temporary
        b3 at [N] of indices: input
        b4 t [N]: temporary
        for i0 in 0..N
            v2 = b3[i0]
            v1 = sum v0, v5 = sum v4, for i1 in 0..D
                v0 = b1[D*i0 + i1]
                v3 = b1[i1 + D*v2] where 0 <= v2 < N
                v4 = mul v3 v3
            b2[i0] = v1
            b4[i0] = v5
        for i2 in 0..N
            v6 = b3[i2]
            v7 = b2[v6] where 0 <= v6 < N
            v8 = b4[i2]
            v9 = add v7 v8
            b0[i2] = v9
        -> b0
    "#]]
    .assert_eq(&print(&program));
    let environment = environment();
    let rows: Vec<&[f64]> = environment.values["m"].data.chunks(2).collect();
    let row = |at: usize| rows[at].iter().sum::<f64>() + rows[at].iter().map(|x| x * x).sum::<f64>();
    let found = &simulate(&program, &environment)[0].data;
    assert!(found.iter().zip(POSITIONS).all(|(found, at)| (found - row(at)).abs() < 1e-12), "{found:?}");
    check_passes(program, &[environment]);
}
