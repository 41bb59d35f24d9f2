//! The numerical conventions, one test for each: what the derivative is where others answer NaN, or differ.
//!
//! Rule zero: exact where it exists; the subgradient of least norm at a kink; the one-sided limit, infinity included,
//! where only that exists; NaN only if the value is NaN or the domain is left. A zero from above skips an infinite slope.

mod elementary;
mod reductions;

use crate::differentiate::testing::{Bench, close};
use crate::graph::{NodeId, Region};
use crate::ops::ReduceKind;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// The value and the gradient at a point, each variable a scalar.
fn at(point: &[f64], build: impl Fn(&mut Region, &[NodeId]) -> NodeId) -> (f64, Vec<f64>) {
    let mut bench = Bench::new(1);
    let xs: Vec<NodeId> = point.iter().map(|&x| bench.scalar(x)).collect();
    let y = build(&mut bench.region, &xs);
    let slopes = bench.gradient(y, &xs);
    (bench.value(y).data[0], slopes.into_iter().map(|slope| slope.data[0]).collect())
}

/// The gradient at a point.
fn slopes(point: &[f64], build: impl Fn(&mut Region, &[NodeId]) -> NodeId) -> Vec<f64> {
    at(point, build).1
}

/// The gradient of a reduction of a vector.
fn reduced(kind: ReduceKind, x: &[f64]) -> Vec<f64> {
    let mut bench = Bench::new(1);
    let x = bench.vector(x);
    let y = bench.region.reduce(kind, x, &[0]);
    bench.gradient(y, &[x]).remove(0).data
}

fn assert_close(found: &[f64], expected: &[f64]) {
    let equal = found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| close(*a, *b, 1e-14));
    assert!(equal, "{found:?} is not {expected:?}");
}
