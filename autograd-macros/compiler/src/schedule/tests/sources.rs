//! Views that read where an integer says, or nothing outside of their operand, from the graph to the program.

use std::collections::BTreeMap;

use expect_test::expect;

use super::wider::check_passes;
use super::{dims, input};
use crate::graph::{Elem, NodeId, Region, Type};
use crate::interpret::{Environment, Tensor};
use crate::loops::print::print;
use crate::loops::program::Program;
use crate::loops::simulate::simulate;
use crate::loops::verify::verify;
use crate::ops::{Function, LeafKind};
use crate::schedule::maps::{MadeUp, Maps};
use crate::schedule::{fuse, lower, plan};

/// A graph with views that no operation has: each of them is a name that reads somewhere else.
#[derive(Default)]
struct Graph {
    region: Region,
    made_up: BTreeMap<NodeId, MadeUp>,
}

impl Graph {
    fn view(&mut self, x: NodeId, made_up: MadeUp) -> NodeId {
        let serial = u32::try_from(self.made_up.len()).expect("few");
        let view = self.region.named(x, &"view".into(), serial);
        self.made_up.insert(view, made_up);
        view
    }

    fn lower(&self, results: &[NodeId]) -> Program {
        let plan = plan::plan(&self.region, results);
        let mut maps = Maps::default();
        maps.made_up.clone_from(&self.made_up);
        let (tree, axes) = fuse::fuse(&self.region, &plan, &mut maps);
        let program = lower::lower(&self.region, &plan, &mut maps, &tree, axes, results);
        assert_eq!(verify(&program), Ok(()), "{}", print(&program));
        program
    }
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

/// `at`, `x` and a fresh graph.
fn start() -> (Graph, NodeId, NodeId) {
    let mut graph = Graph::default();
    let positions = Type { elem: Elem::Index, ..Type::real(dims(&["N"])) };
    let at = graph.region.leaf(LeafKind::Input, "at", positions);
    let x = input(&mut graph.region, "x", &["N"]);
    (graph, at, x)
}

#[test]
fn views_may_gather_and_be_guarded() {
    let (mut graph, at, x) = start();
    let shift = || MadeUp::Shift(dims(&["N"])[0].clone());
    let gather = || MadeUp::Gather(at);
    let (picked, before) = (graph.view(x, gather()), graph.view(x, shift()));
    let (of_gather, of_shift) = (graph.view(picked, shift()), graph.view(before, gather()));
    let cos = graph.region.map(Function::Cos, &[x]);
    let (cos_before, cos_picked) = (graph.view(cos, shift()), graph.view(cos, gather()));
    let both = graph.view(cos_before, gather());
    let product = graph.region.times(cos_picked, before);
    let sum = graph.region.sum(product, &[0]);
    let results = [picked, before, of_gather, of_shift, cos_before, both, sum];
    let program = graph.lower(&results);
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
    let (mut graph, at, _) = start();
    let m = input(&mut graph.region, "m", &["N", "D"]);
    let sums = graph.region.sum(m, &[1]);
    let picked = graph.view(sums, MadeUp::Gather(at));
    let rows = graph.view(m, MadeUp::Gather(at));
    let squares = graph.region.times(rows, rows);
    let squares = graph.region.sum(squares, &[1]);
    let total = graph.region.plus(picked, squares);
    let program = graph.lower(&[total]);
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
                v3 = b1[i1 + D*v2]
                v4 = mul v3 v3
            b2[i0] = v1
            b4[i0] = v5
        for i2 in 0..N
            v6 = b3[i2]
            v7 = b2[v6]
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
