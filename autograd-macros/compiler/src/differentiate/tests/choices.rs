//! Choices: what lies behind one that is not taken contributes nothing, whatever its values, to values, first and second
//! derivatives in both modes; for every function and every primitive.
//!
//! A row of each leaf is planted with NaN, infinities and what overflows, and a choice above does not take what depends
//! on it. All that is computed must be, to the bit, what it is with harmless numbers in that row; before the rows of
//! `simplify`, after them, and in the loops.

mod functions;
mod primitives;
mod random;

use crate::differentiate::{gradient, jvp, vjp};
use crate::graph::{Dim, NodeId, Region, Shape, Type};
use crate::interpret::{Environment, Tensor, evaluate};
use crate::loops::simulate::simulate;
use crate::ops::LeafKind;
use crate::schedule::schedule;
use crate::simplify::{legalise, simplify, stabilise};
use crate::testing::random::Random;
use crate::verify;

/// What is planted, by turns along the row.
const POISONS: [[f64; 2]; 5] =
    [[f64::NAN; 2], [f64::INFINITY; 2], [f64::NEG_INFINITY, f64::NAN], [1e200, -1e200], [0.0, f64::INFINITY]];

/// A leaf of a case.
struct Leaf {
    shape: &'static [&'static str],
    /// Where its elements lie.
    range: (f64, f64),
    /// Whether the row (along the first axis) that no choice takes is planted.
    planted: bool,
}

impl Leaf {
    fn rows(shape: &'static [&'static str], low: f64, high: f64) -> Self {
        Self { shape, range: (low, high), planted: true }
    }

    fn shared(shape: &'static [&'static str], low: f64, high: f64) -> Self {
        Self { shape, range: (low, high), planted: false }
    }
}

/// The sizes: `N` rows, `D` and `K` columns.
const SIZES: [(&str, i64); 3] = [("N", 4), ("D", 2), ("K", 3)];

fn shape(text: &[&str]) -> Shape {
    text.iter().map(|name| name.parse().map_or_else(|_| Dim::name(name), Dim::constant)).collect()
}

/// `y`'s elements of row `row` of its first axis must be all that depends on the row `row` of the planted leaves; the
/// choice leaves them out. Everything is then the same with and without what is planted.
fn check(what: &str, leaves: &[Leaf], build: impl Fn(&mut Region, &[NodeId]) -> NodeId) {
    check_kept(what, leaves, &[1.0, 1.0, 0.0, 1.0], 2, &build);
}

/// So it is for any rows that are kept, and for any value that is planted.
fn check_kept(what: &str, leaves: &[Leaf], keep: &[f64], row: usize, build: &dyn Fn(&mut Region, &[NodeId]) -> NodeId) {
    let mut model = Planted::build(leaves, build);
    model.environment.values.insert("keep".into(), Tensor { shape: vec![4], data: keep.to_vec() });
    let stages = model.stages();
    let clean: Vec<_> = stages.iter().map(|stage| stage.values(&model.environment)).collect();
    for (result, values) in model.names.iter().zip(&clean[0]) {
        assert!(values.data.iter().all(|x| x.is_finite()), "{what}: {result} is {:?} of ordinary numbers", values.data);
    }
    for poison in POISONS {
        let environment = model.planted(leaves, row, poison);
        for (stage, clean) in stages.iter().zip(&clean) {
            let found = stage.values(&environment);
            for ((name, clean), found) in model.names.iter().zip(clean).zip(found) {
                let stage = stage.name;
                assert!(
                    clean.data == found.data,
                    "{what}: with {poison:?} in row {row}, {name} ({stage}) is {:?} and not {:?}",
                    found.data,
                    clean.data,
                );
            }
        }
    }
}

/// A region with a loss that leaves rows out, and all its derivatives.
struct Planted {
    region: Region,
    results: Vec<NodeId>,
    names: Vec<String>,
    environment: Environment,
}

/// Computes the results.
type Values = Box<dyn Fn(&Environment) -> Vec<Tensor>>;

/// One way of computing the results.
struct Stage {
    name: &'static str,
    values: Values,
}

impl Stage {
    fn values(&self, environment: &Environment) -> Vec<Tensor> {
        (self.values)(environment)
    }
}

impl Planted {
    fn build(leaves: &[Leaf], build: &dyn Fn(&mut Region, &[NodeId]) -> NodeId) -> Self {
        let mut model =
            Self { region: Region::new(), results: Vec::new(), names: Vec::new(), environment: Environment::default() };
        model.environment.dims.extend(SIZES.iter().map(|&(name, size)| (name.to_owned(), size)));
        let mut random = Random::new(7);
        let (mut xs, mut directions) = (Vec::new(), Vec::new());
        for (place, leaf) in leaves.iter().enumerate() {
            let ty = Type::real(shape(leaf.shape).to_vec());
            let extents = model.environment.shape(&ty.shape);
            for (prefix, nodes, (low, high)) in [("x", &mut xs, leaf.range), ("v", &mut directions, (0.4, 1.6))] {
                let name = format!("{prefix}{place}");
                nodes.push(model.region.leaf(LeafKind::Param, &name, ty.clone()));
                model.environment.values.insert(name, random.tensor(&extents, low, high));
            }
        }
        let keep = model.region.leaf(LeafKind::Input, "keep", Type::real([Dim::name("N")]));
        let r = &mut model.region;
        let zero = r.zeros_like(keep);
        let kept = r.less(zero, keep);
        let y = build(r, &xs);
        let kept = r.broadcast(kept, &r.shape(y), &[0]);
        let zero = r.zeros_like(y);
        let chosen = r.choose(kept, y, zero);
        let squares = r.square(chosen);
        let both = r.plus(chosen, squares);
        let axes: Vec<usize> = (0..r.ty(y).rank()).collect();
        let loss = r.sum(both, &axes);
        model.derive(loss, &xs, &directions);
        model
    }

    /// The loss, its gradient, and the gradient's derivatives along a direction in three ways.
    fn derive(&mut self, loss: NodeId, xs: &[NodeId], directions: &[NodeId]) {
        let loss = stabilise(&mut self.region, loss);
        let tangents: Vec<(NodeId, NodeId)> = xs.iter().copied().zip(directions.iter().copied()).collect();
        let first = gradient(&mut self.region, loss, xs).expect("a derivative");
        self.give("the loss", [Some(loss)]);
        let (mut along, mut forward) = (None, Vec::new());
        for (&g, &v) in first.iter().zip(directions) {
            let Some(g) = g else { continue };
            let g = stabilise(&mut self.region, g);
            forward.push(jvp(&mut self.region, g, &tangents).expect("a derivative"));
            let product = self.region.times(g, v);
            let axes: Vec<usize> = (0..self.region.ty(g).rank()).collect();
            let sum = self.region.sum(product, &axes);
            along = self.region.plus_maybe(along, Some(sum));
        }
        let tangent = jvp(&mut self.region, loss, &tangents).expect("a derivative");
        self.give("the tangent", [tangent]);
        self.give("a gradient", first);
        self.give("the tangent of a gradient", forward);
        for (name, scalar) in [("the gradient of a gradient", along), ("the gradient of the tangent", tangent)] {
            let Some(scalar) = scalar else { continue };
            let scalar = stabilise(&mut self.region, scalar);
            let one = self.region.literal(1.0);
            let found = vjp(&mut self.region, scalar, one, xs).expect("a derivative");
            self.give(name, found);
        }
        verify::region(&self.region, &self.results).unwrap_or_else(|(_, problem)| panic!("{problem}"));
    }

    fn give(&mut self, name: &str, nodes: impl IntoIterator<Item = Option<NodeId>>) {
        for node in nodes.into_iter().flatten() {
            self.results.push(node);
            self.names.push(name.to_owned());
        }
    }

    /// As it was built, in its final form, and as a program.
    fn stages(&self) -> Vec<Stage> {
        let (built, results) = (self.region.clone(), self.results.clone());
        let (simple, images) = simplify(&built, &results);
        let (legal, images) = legalise(&simple, &images);
        verify::region(&legal, &images).unwrap_or_else(|(_, problem)| panic!("{problem}"));
        let program = schedule(&legal, &images, &[]).unwrap_or_else(|broken| panic!("{broken:?}"));
        vec![
            Stage { name: "as built", values: Box::new(move |at| evaluate(&built, &results, at)) },
            Stage { name: "simplified", values: Box::new(move |at| evaluate(&legal, &images, at)) },
            Stage { name: "in loops", values: Box::new(move |at| simulate(&program, at)) },
        ]
    }

    fn planted(&self, leaves: &[Leaf], row: usize, poison: [f64; 2]) -> Environment {
        let mut environment = self.environment.clone();
        for (place, _) in leaves.iter().enumerate().filter(|(_, leaf)| leaf.planted) {
            let value = environment.values.get_mut(&format!("x{place}")).expect("its value");
            let width = value.data.len() / value.shape[0];
            for (at, slot) in value.data[row * width..(row + 1) * width].iter_mut().enumerate() {
                *slot = poison[at % 2];
            }
        }
        environment
    }
}
