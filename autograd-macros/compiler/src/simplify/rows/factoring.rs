//! Linear factoring: a sum of `a·x` is `a` times the sum of `x`, and `a·x + b·x` is `(a + b)·x`, where sizes allow it.

use super::super::matching::{binary, broadcast, complement, either, function, operands, reduction, unary, without};
use super::super::sizes::{is_small, leaves_sums, movable};
use super::super::{On, Rewriter, Row};
use super::{domain, finally, reassociates};
use crate::graph::{NodeId, Region};
use crate::ops::Function::{Add, Div, Mul, MulUnlessZero, Neg, Recip, Sub};
use crate::ops::{Kind, ReduceKind};

pub(super) static ROWS: &[Row] = &[
    reassociates("sum_of_neg", On::Op(Kind::Reduce), sum_of_neg),
    reassociates("sum_of_product", On::Op(Kind::Reduce), sum_of_product),
    reassociates("skipped_product_of_scaled", On::Map(MulUnlessZero), skipped_product_of_scaled),
    reassociates("skipped_product_of_neg", On::Map(MulUnlessZero), skipped_product_of_neg),
    finally("skipped_product_of_power", On::Map(MulUnlessZero), skipped_product_of_power),
    domain(
        "sum_of_skipped_product",
        On::Op(Kind::Reduce),
        "0 where terms cancel and the factor outside is not finite, where it was NaN",
        sum_of_skipped_product,
    ),
    reassociates("sum_of_quotient", On::Op(Kind::Reduce), sum_of_quotient),
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

/// A literal is multiplied after the sum; and so is what does not vary along its axes, where the sum of the rest is far
/// from the largest number.
fn sum_of_product(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (product, axes) = reduction(r.region(), ReduceKind::Sum, y)?;
    let pair = binary(r.region(), Mul, product)?;
    let region = r.region();
    let leaves = |a: NodeId, x: NodeId| leaves_sums(region, a) || repeats(region, a, axes) && is_small(region, x);
    let (factor, x) = either(pair, |a, x| leaves(a, x).then_some((a, x)))?;
    let axes = axes.to_vec();
    let factor = invariant(r, factor, &axes)?;
    let sum = r.reduce(ReduceKind::Sum, x, &axes);
    Some(r.map(Mul, &[factor, sum]))
}

/// A number in a product that an upstream zero skips is multiplied afterwards, on whichever side it stands.
fn skipped_product_of_scaled(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [upstream, local] = binary(r.region(), MulUnlessZero, y)?;
    let region = r.region();
    let scaled = |x| binary(region, Mul, x).filter(|[c, _]| movable(region, *c).is_some());
    let (c, factors) = match (scaled(upstream), scaled(local)) {
        (Some([c, x]), _) => (c, [x, local]),
        (None, Some([c, x])) => (c, [upstream, x]),
        (None, None) => return None,
    };
    let product = r.map(MulUnlessZero, &factors);
    Some(r.map(Mul, &[c, product]))
}

/// So is a sign.
fn skipped_product_of_neg(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [upstream, local] = binary(r.region(), MulUnlessZero, y)?;
    let factors = match (unary(r.region(), Neg, upstream), unary(r.region(), Neg, local)) {
        (Some(x), _) => [x, local],
        (None, Some(x)) => [upstream, x],
        (None, None) => return None,
    };
    let product = r.map(MulUnlessZero, &factors);
    Some(r.map(Neg, &[product]))
}

/// `yⁿ·a`, a slope that runs backwards through `1/x`, one factor after the other from `a`: each product lies between `a` and the
/// result in size, so none leaves the range where these do not, but `yⁿ` may: in `1/(y + exp(x))` beyond 354.
fn skipped_product_of_power(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let [power, a] = binary(region, MulUnlessZero, y)?;
    let [mut inner, base] = binary(region, MulUnlessZero, power)?;
    let mut count = 1;
    while let Some([further, factor]) = binary(region, MulUnlessZero, inner)
        && factor == base
    {
        (inner, count) = (further, count + 1);
    }
    if inner != base || a == base || is_small(region, a) {
        return None;
    }
    // A zero in front skips what follows, as it did.
    let first = r.map(MulUnlessZero, &[base, a]);
    Some((0..count).fold(first, |product, _| r.map(MulUnlessZero, &[product, base])))
}

/// The same as of a product for one that an upstream zero skips, where the sum of the other factors is far from the largest number.
fn sum_of_skipped_product(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (product, axes) = reduction(r.region(), ReduceKind::Sum, y)?;
    let [upstream, local] = binary(r.region(), MulUnlessZero, product)?;
    let axes = axes.to_vec();
    let may_be_summed = [upstream, local].map(|node| is_small(r.region(), node));
    let (upstream, local) = match (invariant(r, upstream, &axes), invariant(r, local, &axes)) {
        (None, Some(local)) if may_be_summed[0] => (r.reduce(ReduceKind::Sum, upstream, &axes), local),
        (Some(upstream), None) if may_be_summed[1] => (upstream, r.reduce(ReduceKind::Sum, local, &axes)),
        _ => return None,
    };
    Some(r.map(MulUnlessZero, &[upstream, local]))
}

/// Whether the value only repeats along these axes.
fn repeats(region: &Region, node: NodeId, axes: &[usize]) -> bool {
    broadcast(region, node).is_some_and(|(spread, _)| axes.iter().all(|axis| !spread.axes.contains(axis)))
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

/// A literal divides the sum, or multiplies the sum of reciprocals.
fn sum_of_quotient(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (quotient, axes) = reduction(r.region(), ReduceKind::Sum, y)?;
    let [a, b] = binary(r.region(), Div, quotient)?;
    let axes = axes.to_vec();
    if movable(r.region(), b).is_some() {
        let divisor = invariant(r, b, &axes)?;
        let sum = r.reduce(ReduceKind::Sum, a, &axes);
        return Some(r.map(Div, &[sum, divisor]));
    }
    movable(r.region(), a)?;
    let factor = invariant(r, a, &axes)?;
    let b = r.map(Recip, &[b]);
    let sum = r.reduce(ReduceKind::Sum, b, &axes);
    Some(r.map(Mul, &[factor, sum]))
}

/// `a·x ± b·x` is `(a ± b)·x`, where `a` and `b` are literals or not large; a factor that is not written is 1, where the
/// other is a literal.
fn common_factor(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let function = function(r.region(), y)?;
    let [p, q] = operands(r.region(), y);
    let region = r.region();
    let one_of_number = |product: NodeId, x: NodeId| {
        let [c, other] = binary(region, Mul, product)?;
        (other == x).then_some(movable(region, c)?)
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
    if !(is_small(r.region(), a) && is_small(r.region(), b)) {
        return None;
    }
    let factor = r.map(function, &[a, b]);
    Some(r.map(Mul, &[factor, x]))
}
