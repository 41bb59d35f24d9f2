//! Roots of squares: norms, which neither overflow nor underflow, and whose derivative at the origin is 0.

use super::super::matching::{binary, core, either, extent, operands, reduction, unary};
use super::super::{On, Rewriter, Row};
use super::{reassociates, stabilises};
use crate::graph::{NodeId, Region};
use crate::ops::Function::{Abs, Add, Div, Hypot, Mul, Recip, Sqrt, Square};
use crate::ops::ReduceKind;

pub(super) static ROWS: &[Row] = &[
    stabilises("sqrt_of_square", On::Map(Sqrt), sqrt_of_square),
    stabilises("sqrt_of_sum_of_squares", On::Map(Sqrt), sqrt_of_sum_of_squares),
    reassociates("sqrt_of_mean_of_squares", On::Map(Sqrt), sqrt_of_mean_of_squares),
    stabilises("sqrt_of_squares", On::Map(Sqrt), sqrt_of_squares),
];

fn sqrt_of_square(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x] = operands(r.region(), y);
    let x = unary(r.region(), Square, x)?;
    Some(r.map(Abs, &[x]))
}

fn sum_of_squares(region: &Region, node: NodeId) -> Option<(NodeId, Vec<usize>)> {
    let (square, axes) = reduction(region, ReduceKind::Sum, node)?;
    Some((unary(region, Square, square)?, axes.to_vec()))
}

fn sqrt_of_sum_of_squares(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (x, axes) = sum_of_squares(r.region(), unary(r.region(), Sqrt, y)?)?;
    Some(r.reduce(ReduceKind::Norm, x, &axes))
}

/// `sqrt(sum(x^2)/n)` is `norm(x)/sqrt(n)`, where `n` is a count.
fn sqrt_of_mean_of_squares(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let mean = unary(r.region(), Sqrt, y)?;
    let region = r.region();
    let (sum, n, function) = if let Some([sum, n]) = binary(region, Div, mean) {
        (sum, extent(region, n).map(|_| n)?, Div)
    } else {
        let (n, sum) = either(binary(region, Mul, mean)?, |n, sum| {
            extent(region, unary(region, Recip, core(region, n))?).map(|_| (n, sum))
        })?;
        (sum, n, Mul)
    };
    let (x, axes) = sum_of_squares(region, sum)?;
    let norm = r.reduce(ReduceKind::Norm, x, &axes);
    let root = r.map(Sqrt, &[n]);
    Some(r.map(function, &[norm, root]))
}

/// `sqrt(a^2 + b^2)` is `hypot(a, b)`, and so on with three squares.
fn sqrt_of_squares(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = binary(r.region(), Add, unary(r.region(), Sqrt, y)?)?;
    if let (Some(a), Some(b)) = (unary(r.region(), Square, a), unary(r.region(), Square, b)) {
        return Some(r.map(Hypot, &[a, b]));
    }
    let ([a, b], c) = either([a, b], |sum, c| {
        let [a, b] = binary(r.region(), Add, sum)?;
        let pair = [unary(r.region(), Square, a)?, unary(r.region(), Square, b)?];
        Some((pair, unary(r.region(), Square, c)?))
    })?;
    let pair = r.map(Hypot, &[a, b]);
    Some(r.map(Hypot, &[pair, c]))
}
