//! Linear factoring: a sum of `a·x` is `a` times the sum of `x`, and `a·x + b·x` is `(a + b)·x`.

use super::super::matching::{
    binary, broadcast, complement, constant, either, function, operands, reduction, unary, without,
};
use super::super::{On, Rewriter, Row};
use super::{domain, reassociates};
use crate::graph::NodeId;
use crate::ops::Function::{Add, Div, Mul, MulUnlessZero, Neg, Recip, Sub};
use crate::ops::ReduceKind;

pub(super) static ROWS: &[Row] = &[
    reassociates("sum_of_neg", On::Reduce, sum_of_neg),
    reassociates("sum_of_product", On::Reduce, sum_of_product),
    reassociates("skipped_product_of_scaled", On::Map(MulUnlessZero), skipped_product_of_scaled),
    domain(
        "sum_of_skipped_product",
        On::Reduce,
        "0 where terms cancel and the factor outside is not finite, where it was NaN",
        sum_of_skipped_product,
    ),
    domain(
        "sum_of_skipped_multiple",
        On::Reduce,
        "0 where terms cancel and the factor outside is not finite, where it was NaN",
        sum_of_skipped_multiple,
    ),
    reassociates("sum_of_quotient", On::Reduce, sum_of_quotient),
    reassociates("add_common_factor", On::Map(Add), common_factor),
    reassociates("sub_common_factor", On::Map(Sub), common_factor),
];

fn sum_of_neg(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (x, axes) = reduction(r.region(), ReduceKind::Sum, y)?;
    let x = unary(r.region(), Neg, x)?;
    let axes = axes.to_vec();
    let sum = r.reduce(ReduceKind::Sum, x, &axes);
    Some(r.map(Neg, &[sum]))
}

/// Factors that do not vary along the axes of a sum are multiplied after it.
fn sum_of_product(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (product, axes) = reduction(r.region(), ReduceKind::Sum, y)?;
    binary(r.region(), Mul, product)?;
    let axes = axes.to_vec();
    let (mut outside, inside) = split(r, product, &axes);
    if outside.is_empty() || inside.is_empty() {
        return None;
    }
    let inside = multiply(r, &inside);
    let sum = r.reduce(ReduceKind::Sum, inside, &axes);
    outside.push(sum);
    Some(multiply(r, &outside))
}

/// A number in a product that an upstream zero skips is multiplied afterwards.
fn skipped_product_of_scaled(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [upstream, local] = binary(r.region(), MulUnlessZero, y)?;
    let [c, x] = binary(r.region(), Mul, upstream)?;
    constant(r.region(), c).filter(|c| c.is_normal())?;
    let product = r.map(MulUnlessZero, &[x, local]);
    Some(r.map(Mul, &[c, product]))
}

/// The same for a product that an upstream zero skips.
fn sum_of_skipped_product(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (product, axes) = reduction(r.region(), ReduceKind::Sum, y)?;
    let [upstream, local] = binary(r.region(), MulUnlessZero, product)?;
    let axes = axes.to_vec();
    let (upstream, local) = match (invariant(r, upstream, &axes), invariant(r, local, &axes)) {
        (None, Some(local)) => (r.reduce(ReduceKind::Sum, upstream, &axes), local),
        (Some(upstream), None) => (upstream, r.reduce(ReduceKind::Sum, local, &axes)),
        _ => return None,
    };
    Some(r.map(MulUnlessZero, &[upstream, local]))
}

/// A sum of `p·skip(u, b·x)`, where `b` does not vary along the axes of the sum, is `skip(s, b)` for the sum `s` of
/// `p·skip(u, x)`.
fn sum_of_skipped_multiple(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (product, axes) = reduction(r.region(), ReduceKind::Sum, y)?;
    let axes = axes.to_vec();
    let mut terms = factors(r, product);
    for place in 0..terms.len() {
        let Some([upstream, local]) = binary(r.region(), MulUnlessZero, terms[place]) else { continue };
        let (outside, inside) = split(r, local, &axes);
        if outside.is_empty() || inside.is_empty() {
            continue;
        }
        let (outside, inside) = (multiply(r, &outside), multiply(r, &inside));
        terms[place] = r.map(MulUnlessZero, &[upstream, inside]);
        let product = multiply(r, &terms);
        let sum = r.reduce(ReduceKind::Sum, product, &axes);
        return Some(r.map(MulUnlessZero, &[sum, outside]));
    }
    None
}

/// The factors of a product: those that do not vary along these axes, without the axes, and the others.
fn split(r: &mut Rewriter<'_>, product: NodeId, axes: &[usize]) -> (Vec<NodeId>, Vec<NodeId>) {
    let (mut outside, mut inside) = (Vec::new(), Vec::new());
    for factor in factors(r, product) {
        match invariant(r, factor, axes) {
            Some(factor) => outside.push(factor),
            None => inside.push(factor),
        }
    }
    (outside, inside)
}

/// The factors of a product of products, up to a bound.
fn factors(r: &Rewriter<'_>, product: NodeId) -> Vec<NodeId> {
    let mut factors = Vec::new();
    let mut pending = vec![product];
    while let Some(node) = pending.pop() {
        match binary(r.region(), Mul, node) {
            Some([a, b]) if factors.len() + pending.len() < 16 => pending.extend([b, a]),
            _ => factors.push(node),
        }
    }
    factors
}

fn multiply(r: &mut Rewriter<'_>, factors: &[NodeId]) -> NodeId {
    let (last, rest) = factors.split_last().expect("a product has a factor");
    rest.iter().rfold(*last, |product, &factor| r.map(Mul, &[factor, product]))
}

/// The value without these axes, where it only repeats along them.
fn invariant(r: &mut Rewriter<'_>, node: NodeId, axes: &[usize]) -> Option<NodeId> {
    let (spread, x) = broadcast(r.region(), node)?;
    if axes.iter().any(|axis| spread.axes.contains(axis)) {
        return None;
    }
    let kept = complement(axes, spread.shape.len());
    let shape = kept.iter().map(|&axis| spread.shape[axis].clone()).collect();
    let axes = without(&spread.axes, axes);
    Some(r.broadcast(x, shape, axes))
}

/// What does not vary along the axes of a sum divides it afterwards, or multiplies the sum of reciprocals.
fn sum_of_quotient(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (quotient, axes) = reduction(r.region(), ReduceKind::Sum, y)?;
    let [a, b] = binary(r.region(), Div, quotient)?;
    let axes = axes.to_vec();
    if let Some(divisor) = invariant(r, b, &axes) {
        let sum = r.reduce(ReduceKind::Sum, a, &axes);
        return Some(r.map(Div, &[sum, divisor]));
    }
    let factor = invariant(r, a, &axes)?;
    let b = r.map(Recip, &[b]);
    let sum = r.reduce(ReduceKind::Sum, b, &axes);
    Some(r.map(Mul, &[factor, sum]))
}

/// `a·x ± b·x` is `(a ± b)·x`; a factor that is not written is 1, where the other is a number.
fn common_factor(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let function = function(r.region(), y)?;
    let [p, q] = operands(r.region(), y);
    let region = r.region();
    let one_of_number = |product: NodeId, x: NodeId| {
        let [c, other] = binary(region, Mul, product)?;
        (other == x).then_some(constant(region, c)?)
    };
    if let Some(a) = one_of_number(p, q) {
        let b = if function == Add { 1.0 } else { -1.0 };
        let factor = r.number(a + b, y);
        return Some(r.map(Mul, &[factor, q]));
    }
    if let Some(b) = one_of_number(q, p) {
        let factor = r.number(if function == Add { 1.0 + b } else { 1.0 - b }, y);
        return Some(r.map(Mul, &[factor, p]));
    }
    let (first, second) = (binary(region, Mul, p)?, binary(region, Mul, q)?);
    let (x, a, b) = either(first, |a, x| either(second, |b, other| (other == x).then_some((x, a, b))))?;
    let factor = r.map(function, &[a, b]);
    Some(r.map(Mul, &[factor, x]))
}
