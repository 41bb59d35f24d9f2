//! What the compiler can compute itself: functions of numbers, and what is the same everywhere computed once.

use super::super::matching::{broadcast, literal, operands};
use super::super::{Class, On, Phase, Rewriter, Row, When};
use super::exact;
use crate::graph::{Elem, NodeId, Shape};
use crate::ops::{Cast, Compare, Integer, Kind, Literal, Op, Select};

pub(super) static ROWS: &[Row] = &[
    Row {
        name: "strip_named",
        class: Class::Exact,
        when: When::Only(Phase::Final),
        on: On::Op(Kind::Named),
        rewrite: strip,
    },
    Row {
        name: "strip_stop_gradient",
        class: Class::Exact,
        when: When::Only(Phase::Final),
        on: On::Op(Kind::StopGradient),
        rewrite: strip,
    },
    Row {
        name: "strip_choice",
        class: Class::Exact,
        when: When::Only(Phase::Final),
        on: On::Op(Kind::Select),
        rewrite: plain,
    },
    exact("elementwise_of_broadcasts", On::Elementwise, elementwise_of_broadcasts),
    exact("fold_map", On::Op(Kind::Map), fold_map),
    exact("fold_compare", On::Op(Kind::Compare), fold_compare),
    exact("fold_cast", On::Op(Kind::Cast), fold_cast),
    exact("fold_integer", On::Op(Kind::Integer), fold_integer),
    exact("integer_identity", On::Op(Kind::Integer), integer_identity),
    exact("fold_extent", On::Op(Kind::Extent), fold_extent),
    exact("iota_of_one", On::Op(Kind::Iota), iota_of_one),
];

/// Derivatives are built: the identity is only that.
#[allow(clippy::unnecessary_wraps, reason = "rows may decline")]
fn strip(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x] = operands(r.region(), y);
    Some(x)
}

/// Derivatives are built: a choice is no more than a rule's.
fn plain(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let Op::Select(select) = r.region().node(y).op else { return None };
    let operands = r.region().node(y).operands.clone();
    select.is_choice.then(|| r.add(Select::RULE, &operands))
}

/// Operands that all repeat along the same axes are combined once: `[N, D]` from two `[D]` costs `D`.
fn elementwise_of_broadcasts(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let shape = region.shape(y);
    let mut varies = vec![false; shape.len()];
    for &operand in &region.node(y).operands {
        let (spread, _) = broadcast(region, operand)?;
        for &axis in &spread.axes {
            varies[axis] = true;
        }
    }
    let axes: Vec<usize> = (0..shape.len()).filter(|&axis| varies[axis]).collect();
    if axes.len() == shape.len() {
        return None;
    }
    let smaller: Shape = axes.iter().map(|&axis| shape[axis].clone()).collect();
    let op = region.node(y).op.clone();
    let operands = region.node(y).operands.clone();
    let operands: Vec<NodeId> = operands.into_iter().map(|operand| shrink(r, operand, &axes, &smaller)).collect();
    let once = r.add(op, &operands);
    Some(r.broadcast(once, shape, axes))
}

/// A broadcast, over these axes of its shape only.
fn shrink(r: &mut Rewriter<'_>, operand: NodeId, axes: &[usize], shape: &Shape) -> NodeId {
    let (spread, x) = broadcast(r.region(), operand).expect("all operands are broadcasts");
    let place = |axis: &usize| axes.iter().position(|kept| kept == axis).expect("axes of an operand are kept");
    let axes = spread.axes.iter().map(place).collect();
    r.broadcast(x, shape.clone(), axes)
}

/// An elementary function of numbers. In `f64` whatever the model's scalar type, so never less exact than at run time.
fn fold_map(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let Op::Map(map) = &r.region().node(y).op else { return None };
    let value = map.function.eval(&values(r, y)?);
    Some(r.add(Literal::real(value), &[]))
}

fn fold_compare(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let Op::Compare(compare) = &r.region().node(y).op else { return None };
    let compare: Compare = *compare;
    let values = values(r, y)?;
    Some(r.add(Literal::bool(compare.eval(values[0], values[1])), &[]))
}

/// The literals that a scalar operation is of; larger ones are made scalar by `elementwise_of_broadcasts`.
fn values(r: &Rewriter<'_>, y: NodeId) -> Option<Vec<f64>> {
    let node = r.region().node(y);
    if node.ty.rank() > 0 {
        return None;
    }
    node.operands.iter().map(|&operand| literal(r.region(), operand).map(Literal::value)).collect()
}

fn fold_cast(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (value, elem) = (values(r, y)?[0], r.region().ty(y).elem);
    // What no integer is stays, and is told.
    let is_same = Cast { to: elem }.eval(value).to_bits() == value.to_bits();
    is_same.then(|| r.add(Literal { bits: value.to_bits(), elem }, &[]))
}

/// Integers of which one is no longer exact in `f64` are left to run time.
fn fold_integer(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let Op::Integer(op) = r.region().node(y).op else { return None };
    let values = values(r, y)?;
    let value = op.eval_f64(values[0], values[1]);
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "integers of at most 53 bits")]
    (value.abs() < Cast::LAST as f64).then(|| r.add(Literal::index(value as i64), &[]))
}

/// `i + 0`, `i - 0`, `1*i` and `floor_div(i, 1)` are `i`.
fn integer_identity(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let Op::Integer(op) = r.region().node(y).op else { return None };
    let [a, b] = operands(r.region(), y);
    let is = |x: NodeId, number: f64| {
        let x = broadcast(r.region(), x).map_or(x, |(_, x)| x);
        literal(r.region(), x).is_some_and(|literal| literal.value().to_bits() == number.to_bits())
    };
    match op {
        Integer::Add if is(a, 0.0) => Some(b),
        Integer::Add | Integer::Sub if is(b, 0.0) => Some(a),
        Integer::Mul if is(a, 1.0) => Some(b),
        Integer::Mul | Integer::FloorDiv if is(b, 1.0) => Some(a),
        Integer::Add
        | Integer::Sub
        | Integer::Mul
        | Integer::FloorDiv
        | Integer::Rem
        | Integer::Min
        | Integer::Max
        | Integer::Hash => None,
    }
}

fn fold_extent(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let Op::Extent(extent) = &r.region().node(y).op else { return None };
    let value = extent.dim.as_constant()?;
    Some(r.add(Literal::index(value), &[]))
}

/// The only position along an axis of extent 1 is 0.
fn iota_of_one(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let shape = r.region().shape(y);
    shape[0].is_one().then(|| r.zeros(Elem::Index, &shape))
}
