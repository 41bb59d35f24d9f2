//! Numbers of all sizes: wherever a formula as it is spelled, and its derivative by the chain rule, are ordinary numbers on
//! the way, so is what becomes of them.
//!
//! Everything is rounded to `f32`, node by node. All numbers are positive, so that values are well conditioned; where a
//! derivative is not, it is compared for size alone.

use super::leaf;
use crate::differentiate::gradient;
use crate::graph::print::print;
use crate::graph::{Elem, NodeId, Region, Shape};
use crate::interpret::{Environment, Tensor, evaluate_all};
use crate::ops::{Contract, Function};
use crate::simplify::{early, legalise, scaled, simplify, stabilise, totals};
use crate::testing::random::Random;

/// A random formula in leaves of two shapes.
struct Formula {
    region: Region,
    pool: Vec<NodeId>,
    random: Random,
    with_literals: bool,
}

impl Formula {
    fn random(seed: usize, with_literals: bool) -> (Region, NodeId, Vec<NodeId>) {
        let mut region = Region::new();
        let mut leaves = Vec::new();
        for name in ["a", "b", "c"] {
            leaves.push(leaf(&mut region, name, ""));
        }
        for name in ["x", "y"] {
            leaves.push(leaf(&mut region, name, "N"));
        }
        leaves.push(leaf(&mut region, "t", "N D"));
        let mut formula =
            Self { region, pool: leaves.clone(), random: Random::of(&format!("size {seed}")), with_literals };
        for _ in 0..6 {
            formula.grow();
        }
        let mut y = *formula.pool.last().expect("it has grown");
        let axes: Vec<usize> = (0..formula.region.ty(y).rank()).collect();
        y = formula.region.sum(y, &axes);
        (formula.region, y, leaves)
    }

    fn pick(&mut self) -> NodeId {
        let recent = self.pool.len().min(8);
        self.pool[self.pool.len() - 1 - self.random.below(recent)]
    }

    /// A node of this shape: there, or a number repeated.
    fn of_shape(&mut self, shape: &Shape) -> NodeId {
        let fitting: Vec<NodeId> = self.pool.iter().copied().filter(|x| self.region.shape(*x) == *shape).collect();
        if !fitting.is_empty() && self.random.below(3) > 0 {
            return fitting[self.random.below(fitting.len())];
        }
        let numbers: Vec<NodeId> = self.pool.iter().copied().filter(|x| self.region.ty(*x).rank() == 0).collect();
        let number = numbers[self.random.below(numbers.len())];
        self.region.fill(number, shape)
    }

    fn grow(&mut self) {
        let x = self.pick();
        let shape = self.region.shape(x);
        let node = match self.random.below(13) {
            0..=3 => {
                let other = self.of_shape(&shape);
                self.region.times(x, other)
            }
            4 | 5 => {
                let other = self.of_shape(&shape);
                self.region.over(x, other)
            }
            6 => self.region.square(x),
            7 => self.region.recip(x),
            8 => {
                let other = self.of_shape(&shape);
                self.region.plus(x, other)
            }
            9 if !shape.is_empty() => {
                let sum = self.region.sum(x, &[0]);
                let extent = self.region.extent(&shape[0]);
                let count = self.region.cast(extent, Elem::Real);
                let count = self.region.fill(count, &self.region.shape(sum));
                self.region.over(sum, count)
            }
            10 if shape.len() == 2 => {
                let rows = self.of_shape(&[shape[0].clone()].into());
                let op = Contract {
                    left_batch: Vec::new(),
                    right_batch: Vec::new(),
                    left_contract: vec![0],
                    right_contract: vec![0],
                };
                self.region.contract(op, x, rows)
            }
            11 if self.with_literals => {
                let c = [3.0, 0.1, 49.0, 0.5, 1e25, 1e-25][self.random.below(6)];
                let c = self.region.full_like(c, x);
                if self.random.below(2) == 0 { self.region.times(c, x) } else { self.region.over(x, c) }
            }
            12 => {
                let exponent = [-6.0, -2.0, -1.0, 2.0, 3.0, 6.0][self.random.below(6)];
                let exponent = self.region.full_like(exponent, x);
                self.region.power(x, exponent)
            }
            _ => self.region.map(Function::Sqrt, &[x]),
        };
        self.pool.push(node);
    }
}

/// Positive numbers, their logarithms evenly over most of the range.
fn environment(random: &mut Random) -> Environment {
    let mut environment = super::sizes();
    for (name, shape) in
        [("a", vec![]), ("b", vec![]), ("c", vec![]), ("x", vec![3]), ("y", vec![3]), ("t", vec![3, 2])]
    {
        let size = 10.0_f64.powf(60.0 * random.unit() - 30.0);
        let tensor = Tensor::from_fn(shape, |_| single(size * (0.5 + random.unit())));
        environment.values.insert(name.to_owned(), tensor);
    }
    environment
}

#[allow(clippy::cast_possible_truncation, reason = "rounding is meant")]
fn single(x: f64) -> f64 {
    f64::from(x as f32)
}

/// Whether all numbers on the way are further than `margin` from the ends of the range.
fn is_ordinary(values: &[Option<Tensor>], margin: f64) -> bool {
    let (least, most) = (f64::from(f32::MIN_POSITIVE) * margin, f64::from(f32::MAX) / margin);
    values.iter().flatten().flat_map(|tensor| &tensor.data).all(|x| (least..=most).contains(&x.abs()))
}

/// What the whole compiler makes of results.
fn finished(region: &Region, results: &[NodeId]) -> (Region, Vec<NodeId>) {
    let passes = [simplify, legalise, totals::totals_of_parts, scaled::sums_of_scaled, early::early_factors_first];
    passes.iter().fold((region.clone(), results.to_vec()), |(region, results), pass| pass(&region, &results))
}

/// How many formulas of these were ordinary numbers as they are spelled.
fn check(seeds: std::ops::Range<usize>, with_literals: bool, margin: f64) -> usize {
    let mut ordinary = 0;
    for seed in seeds {
        let (mut region, y, leaves) = Formula::random(seed, with_literals);
        // The passes that see the value alone first, then the derivative of the steady form.
        let steady = stabilise(&mut region, y);
        let slopes = gradient(&mut region, y, &leaves).expect("all of it has derivatives");
        let others = gradient(&mut region, steady, &leaves).expect("all of it has derivatives");
        let (mut spelled, mut results) = (vec![y], vec![steady]);
        for (slope, other) in slopes.into_iter().zip(others) {
            if let (Some(slope), Some(other)) = (slope, other) {
                spelled.push(slope);
                results.push(other);
            }
        }
        let (after, images) = finished(&region, &results);
        let mut random = Random::of(&format!("sizes of {seed}"));
        for _ in 0..40 {
            let environment = environment(&mut random);
            let values = evaluate_all(&region, &spelled, &environment, single);
            if !is_ordinary(&values, margin) {
                continue;
            }
            ordinary += 1;
            let exact = evaluate_all(&region, &spelled, &environment, |x| x);
            let found = evaluate_all(&after, &images, &environment, single);
            for (before, image) in spelled.iter().zip(&images) {
                let tensor =
                    |values: &[Option<Tensor>], node: NodeId| values[node.index()].clone().expect("it is live").data;
                let (before, exact, found) =
                    (tensor(&values, *before), tensor(&exact, *before), tensor(&found, *image));
                for ((before, exact), found) in before.into_iter().zip(exact).zip(found) {
                    let is_well_conditioned = (before - exact).abs() <= 1e-5 * exact.abs();
                    let is_near = (found - exact).abs() <= 1e-4 * exact.abs();
                    let text = || {
                        let name = |nodes: &[NodeId]| nodes.iter().map(|node| ("r", *node)).collect::<Vec<_>>();
                        format!("{}\n→\n{}", print(&region, &name(&spelled)), print(&after, &name(&images)))
                    };
                    assert!(
                        found.is_finite() && (is_near || !is_well_conditioned),
                        "seed {seed}: {before:e} became {found:e} at {:?}\n{}",
                        environment.values,
                        text()
                    );
                }
            }
        }
    }
    ordinary
}

#[test]
fn values_of_unknown_size_keep_their_order() {
    let ordinary = check(0..400, false, 2.0);
    assert!(ordinary > 1000, "{ordinary} formulas were ordinary");
}

/// Literals may be moved: each within its margin.
#[test]
fn literals_move_within_their_margin() {
    let ordinary = check(1000..1400, true, 65_536.0 * 65_536.0);
    assert!(ordinary > 300, "{ordinary} formulas were ordinary");
}
