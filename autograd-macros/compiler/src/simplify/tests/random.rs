//! Random graphs: whatever the rows do together, the meaning stays, a second run changes nothing, and it ends soon.

use std::collections::BTreeSet;
use std::time::Instant;

use super::{environment, leaf};
use crate::graph::print::print;
use crate::graph::{Graph, NodeId, Region, Shape};
use crate::interpret::evaluate;
use crate::ops::{Contract, Function, ReduceKind};
use crate::pass::{self, Fact};
use crate::simplify::{legalise_passes, simplify, stabilise};
use crate::testing::random::Random;
use crate::verify;

/// What keeps values moderate.
const UNARY: &[Function] = &[
    Function::Neg,
    Function::Sigmoid,
    Function::Tanh,
    Function::Sin,
    Function::Abs,
    Function::Square,
    Function::Softplus,
    Function::Log1p,
];
const BINARY: &[Function] =
    &[Function::Add, Function::Sub, Function::Mul, Function::Max, Function::Div, Function::Hypot];
const KINDS: &[ReduceKind] = &[ReduceKind::Sum, ReduceKind::Max, ReduceKind::LogSumExp, ReduceKind::Norm];
const SHAPES: &[&str] = &["", "N", "D", "N D", "D N", "N K D"];

struct Builder {
    region: Region,
    pool: Vec<NodeId>,
    random: Random,
}

impl Builder {
    fn pick(&mut self) -> NodeId {
        let recent = self.pool.len().min(12);
        self.pool[self.pool.len() - 1 - self.random.below(recent)]
    }

    fn of_shape(&mut self, shape: &Shape) -> NodeId {
        let fitting: Vec<NodeId> =
            self.pool.iter().copied().filter(|node| self.region.shape(*node) == *shape).collect();
        if fitting.is_empty() || self.random.below(4) == 0 {
            let value = [0.0, 1.0, 2.0, -1.0, 0.5, 3.0][self.random.below(6)];
            return self.region.full(value, shape);
        }
        fitting[self.random.below(fitting.len())]
    }

    fn grow(&mut self) {
        let x = self.pick();
        let shape = self.region.shape(x);
        let rank = shape.len();
        let node = match self.random.below(8) {
            0 => self.region.map(UNARY[self.random.below(UNARY.len())], &[x]),
            1..=3 => self.binary(x, &shape),
            4 if rank > 0 => {
                let axis = self.random.below(rank);
                self.region.reduce(KINDS[self.random.below(KINDS.len())], x, &[axis])
            }
            5 => self.spread(x, &shape),
            6 if rank > 1 => {
                let mut order: Vec<usize> = (0..rank).collect();
                order.rotate_left(1);
                if self.random.below(2) == 0 { self.region.permute(x, &order) } else { self.region.reverse(x, &[1]) }
            }
            7 if rank > 0 => self.product(x, &shape),
            _ => self.region.scale(x, 0.5),
        };
        self.pool.push(node);
    }

    /// Divisors are kept away from 0.
    fn binary(&mut self, x: NodeId, shape: &Shape) -> NodeId {
        let mut other = self.of_shape(shape);
        let function = BINARY[self.random.below(BINARY.len())];
        if function == Function::Div {
            let square = self.region.square(other);
            other = self.region.offset(square, 1.0);
        }
        self.region.map(function, &[x, other])
    }

    fn spread(&mut self, x: NodeId, shape: &Shape) -> NodeId {
        for text in SHAPES.iter().cycle().skip(self.random.below(SHAPES.len())).take(SHAPES.len()) {
            let larger = super::shape(text);
            let mut axes = Vec::new();
            let mut from = 0;
            for dim in shape.iter() {
                let Some(place) = larger.iter().skip(from).position(|other| other == dim) else { break };
                axes.push(from + place);
                from += place + 1;
            }
            if axes.len() == shape.len() && larger.len() > shape.len() {
                return self.region.broadcast(x, &larger, &axes);
            }
        }
        x
    }

    /// The contraction with something of the same shape over some axes.
    fn product(&mut self, x: NodeId, shape: &Shape) -> NodeId {
        let other = self.of_shape(shape);
        let contracted = 1 + self.random.below(shape.len());
        let axes: Vec<usize> = (0..contracted).collect();
        let op = Contract {
            left_batch: Vec::new(),
            right_batch: Vec::new(),
            left_contract: axes.clone(),
            right_contract: axes,
        };
        let product = self.region.contract(op, x, other);
        let axes: Vec<usize> = (0..self.region.ty(product).rank()).collect();
        self.region.reduce(ReduceKind::Max, product, &axes)
    }
}

fn random(seed: usize, size: usize) -> (Region, NodeId) {
    let mut region = Region::new();
    let pool = SHAPES.iter().enumerate().map(|(i, text)| leaf(&mut region, &format!("x{i}"), text)).collect();
    let mut builder = Builder { region, pool, random: Random::of(&format!("seed {seed}")) };
    for _ in 0..size {
        builder.grow();
    }
    let mut sum = builder.region.literal(0.0);
    for node in builder.pool.split_off(SHAPES.len()) {
        let bounded = builder.region.tanh(node);
        let axes: Vec<usize> = (0..builder.region.ty(bounded).rank()).collect();
        let value = builder.region.sum(bounded, &axes);
        sum = builder.region.plus(sum, value);
    }
    (builder.region, sum)
}

fn check(seed: usize, stage: &str, before: (&Region, NodeId), after: (&Region, NodeId)) {
    verify::region(after.0, &[after.1]).unwrap_or_else(|(_, problem)| panic!("seed {seed}, {stage}: {problem}"));
    let mut random = Random::of(&format!("point {seed}"));
    let environment = environment(&mut random, before.0, &[]);
    let (a, b) = (&evaluate(before.0, &[before.1], &environment)[0], &evaluate(after.0, &[after.1], &environment)[0]);
    let (a, b) = (a.data[0], b.data[0]);
    assert!(
        (a - b).abs() <= 1e-7 * (1.0 + a.abs()) || (a.is_nan() && b.is_nan()),
        "seed {seed}, {stage}: {a} became {b}"
    );
}

/// The passes that make a graph legal: all, without each that may be left out, and cut at each place.
fn lists() -> Vec<(String, Vec<usize>)> {
    let all = legalise_passes::<Graph, ()>();
    let without = |left_out: usize| (0..all.len()).filter(|&place| place != left_out).collect();
    let optional = (0..all.len()).filter(|&place| !all[place].required);
    let shorter = optional.map(|place| (format!("without {}", all[place].name), without(place)));
    shorter.chain((1..=all.len()).map(|end| (format!("the first {end}"), (0..end).collect()))).collect()
}

#[test]
fn the_meaning_of_random_graphs_stays() {
    for seed in 0..300 {
        let (mut region, y) = random(seed, 30);
        let (simple, results) = simplify(&region, &[y]);
        check(seed, "simplify", (&region, y), (&simple, results[0]));
        let simple = Graph { region: simple, results };
        for (list, passes) in lists() {
            let mut legal = simple.clone();
            let all = legalise_passes();
            let mut facts = BTreeSet::from([Fact::Closed]);
            pass::run(passes.iter().map(|&place| &all[place]), &mut facts, &mut legal, &mut (), &mut |_, _| {})
                .unwrap_or_else(|broken| panic!("seed {seed}, {list}: {broken:?}"));
            check(seed, &list, (&region, y), (&legal.region, legal.results[0]));
        }
        let steady = stabilise(&mut region, y);
        check(seed, "stabilise", (&region, y), (&region, steady));
    }
}

#[test]
fn what_is_simple_stays_as_it_is() {
    for seed in 0..100 {
        let (region, y) = random(seed, 30);
        let (once, first) = simplify(&region, &[y]);
        let (twice, second) = simplify(&once, &first);
        assert_eq!(print(&once, &[("y", first[0])]), print(&twice, &[("y", second[0])]), "seed {seed}");
    }
}

/// The bound is generous, for machines are slow and busy; it is meant to notice what grows with the square.
#[test]
fn large_graphs_take_linear_time() {
    let (region, y) = random(1, 1500);
    let start = Instant::now();
    let (simple, _) = simplify(&region, &[y]);
    let seconds = start.elapsed().as_secs_f64();
    eprintln!("{} nodes became {} in {seconds:.3} s", region.len(), simple.len());
    assert!(seconds < 4.0, "{} nodes took {seconds} s", region.len());
}
