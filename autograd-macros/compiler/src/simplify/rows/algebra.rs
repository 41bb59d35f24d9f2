//! Signs, sums and differences: identities, signs moved outwards, literal terms brought together.

use super::super::matching::{binary, constant, either, function, is, operands, unary};
use super::super::{On, Rewriter, Row};
use super::{exact, reassociates};
use crate::graph::{NodeId, Region};
use crate::ops::Function::{self, Add, Div, Mul, Neg, Sub};
use crate::ops::Kind;

pub(super) static ROWS: &[Row] = &[
    exact("neg_neg", On::Map(Neg), |r, y| unary(r.region(), Neg, unary(r.region(), Neg, y)?)),
    exact("neg_of_scaled", On::Map(Neg), neg_of_scaled),
    reassociates("neg_of_sub", On::Map(Neg), neg_of_sub),
    exact("even_of_neg", On::Op(Kind::Map), even_of_neg),
    exact("abs_of_positive", On::Map(Function::Abs), abs_of_positive),
    exact("square_of_abs", On::Map(Function::Square), square_of_abs),
    exact("add_minus_zero", On::Map(Add), |r, y| {
        either(operands(r.region(), y), |a, b| is(r.region(), a, -0.0).then_some(b))
    }),
    reassociates("add_zero", On::Map(Add), |r, y| {
        either(operands(r.region(), y), |a, b| is(r.region(), a, 0.0).then_some(b))
    }),
    exact("add_of_neg", On::Map(Add), add_of_neg),
    exact("add_same", On::Map(Add), add_same),
    exact("sub_zero", On::Map(Sub), sub_zero),
    reassociates("zero_sub", On::Map(Sub), zero_sub),
    exact("sub_of_neg", On::Map(Sub), sub_of_neg),
    reassociates("neg_sub", On::Map(Sub), neg_sub),
    reassociates("add_literals", On::Map(Add), combine_offsets),
    reassociates("sub_literals", On::Map(Sub), combine_offsets),
];

/// `-(c·x)` is `(-c)·x`.
fn neg_of_scaled(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [product] = operands(r.region(), y);
    let function = function(r.region(), product).filter(|function| matches!(function, Mul | Div))?;
    let [c, x] = operands(r.region(), product);
    let c = constant(r.region(), c)?;
    let c = r.number(-c, y);
    Some(r.map(function, &[c, x]))
}

/// `-(a - b)` is `b - a`, but for the sign of a zero.
fn neg_of_sub(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = binary(r.region(), Sub, unary(r.region(), Neg, y)?)?;
    Some(r.map(Sub, &[b, a]))
}

fn even_of_neg(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let even = function(r.region(), y)?;
    let is_even = matches!(
        even,
        Function::Abs
            | Function::Square
            | Function::Cos
            | Function::Cosh
            | Function::LogCosh
            | Function::TanhSlope
            | Function::SigmoidSlope
            | Function::NormPdf
    );
    if !is_even {
        return None;
    }
    let [x] = operands(r.region(), y);
    let x = unary(r.region(), Neg, x)?;
    Some(r.map(even, &[x]))
}

fn abs_of_positive(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x] = operands(r.region(), y);
    let positive = matches!(
        function(r.region(), x)?,
        Function::Abs
            | Function::Square
            | Function::Exp
            | Function::Sigmoid
            | Function::Softplus
            | Function::Hypot
            | Function::LogCosh
            | Function::TanhSlope
            | Function::SigmoidSlope
            | Function::NormPdf
            | Function::NormCdf
            | Function::InverseMills
            | Function::Erfcx
    );
    positive.then_some(x)
}

fn square_of_abs(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x] = operands(r.region(), y);
    let x = unary(r.region(), Function::Abs, x)?;
    Some(r.map(Function::Square, &[x]))
}

/// `a + (-b)` is `a - b`.
fn add_of_neg(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (a, b) = either(operands(r.region(), y), |a, b| Some((a, unary(r.region(), Neg, b)?)))?;
    Some(r.map(Sub, &[a, b]))
}

/// `x + x` is `2·x`.
fn add_same(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    if a != b {
        return None;
    }
    let two = r.number(2.0, y);
    Some(r.map(Mul, &[two, a]))
}

/// `x - 0` is `x`, and `(-0) - x` is `-x`.
fn sub_zero(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    if is(r.region(), b, 0.0) {
        return Some(a);
    }
    is(r.region(), a, -0.0).then(|| r.map(Neg, &[b]))
}

/// `0 - x` is `-x`, but for the sign of a zero.
fn zero_sub(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    is(r.region(), a, 0.0).then(|| r.map(Neg, &[b]))
}

/// `a - (-b)` is `a + b`.
fn sub_of_neg(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    let b = unary(r.region(), Neg, b)?;
    Some(r.map(Add, &[a, b]))
}

/// `(-a) - b` is `-(a + b)`, but for the sign of a zero.
fn neg_sub(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = operands(r.region(), y);
    let a = unary(r.region(), Neg, a)?;
    let sum = r.map(Add, &[a, b]);
    Some(r.map(Neg, &[sum]))
}

/// `±x + c`
struct Offset {
    x: NodeId,
    negated: bool,
    by: f64,
}

fn offset(region: &Region, node: NodeId) -> Option<Offset> {
    if let Some(pair) = binary(region, Add, node) {
        return either(pair, |c, x| Some(Offset { x, negated: false, by: constant(region, c)? }));
    }
    let [a, b] = binary(region, Sub, node)?;
    if let Some(by) = constant(region, a) {
        return Some(Offset { x: b, negated: true, by });
    }
    Some(Offset { x: a, negated: false, by: -constant(region, b)? })
}

/// `(x + 2) - 3` is `x + -1`, `1 - (x - 2)` is `3 - x`; not where the literals would leave the range together.
fn combine_offsets(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let outer = offset(r.region(), y)?;
    let inner = offset(r.region(), outer.x)?;
    let by = outer.by + if outer.negated { -inner.by } else { inner.by };
    if !(by.abs() < 1e30 || by.abs() <= outer.by.abs().max(inner.by.abs())) {
        return None;
    }
    let by = r.number(by, y);
    let function = if outer.negated == inner.negated { Add } else { Sub };
    Some(r.map(function, &[by, inner.x]))
}
