//! Axes added, reordered, regrouped and read backwards: two moves become one, none becomes nothing. All exact.

use super::super::matching::{broadcast, permute, reshape, reverse, unit_reshape};
use super::super::{On, Rewriter, Row};
use super::exact;
use crate::graph::NodeId;
use crate::ops::{Kind, Reshape, Reverse};

pub(super) static ROWS: &[Row] = &[
    exact("broadcast_identity", On::Op(Kind::Broadcast), broadcast_identity),
    exact("broadcast_broadcast", On::Op(Kind::Broadcast), broadcast_broadcast),
    exact("broadcast_of_unit_reshape", On::Op(Kind::Broadcast), broadcast_of_unit_reshape),
    exact("permute_identity", On::Op(Kind::Permute), permute_identity),
    exact("permute_permute", On::Op(Kind::Permute), permute_permute),
    exact("permute_of_broadcast", On::Op(Kind::Permute), permute_of_broadcast),
    exact("reshape_identity", On::Op(Kind::Reshape), reshape_identity),
    exact("reshape_reshape", On::Op(Kind::Reshape), reshape_reshape),
    exact("reshape_of_broadcast", On::Op(Kind::Reshape), reshape_of_broadcast),
    exact("reverse_nothing", On::Op(Kind::Reverse), reverse_nothing),
    exact("reverse_reverse", On::Op(Kind::Reverse), reverse_reverse),
    exact("reverse_of_broadcast", On::Op(Kind::Reverse), reverse_of_broadcast),
];

/// No axis is new.
fn broadcast_identity(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, x) = broadcast(r.region(), y)?;
    (op.axes.len() == op.shape.len()).then_some(x)
}

fn broadcast_broadcast(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (outer, inner) = broadcast(r.region(), y)?;
    let (inner, x) = broadcast(r.region(), inner)?;
    let axes = inner.axes.iter().map(|&axis| outer.axes[axis]).collect();
    let shape = outer.shape.clone();
    Some(r.broadcast(x, shape, axes))
}

/// `[N] → [1, N] → [1, M, N]` needs no reshape.
fn broadcast_of_unit_reshape(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (outer, inner) = broadcast(r.region(), y)?;
    let (inner, x) = reshape(r.region(), inner)?;
    let places = unit_reshape(&r.region().shape(x), &inner.shape)?;
    let axes = places.iter().map(|place| place.map(|axis| outer.axes[axis])).collect::<Option<_>>()?;
    let shape = outer.shape.clone();
    Some(r.broadcast(x, shape, axes))
}

fn permute_identity(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, x) = permute(r.region(), y)?;
    op.order.is_sorted().then_some(x)
}

fn permute_permute(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (outer, inner) = permute(r.region(), y)?;
    let (inner, x) = permute(r.region(), inner)?;
    let order = outer.order.iter().map(|&axis| inner.order[axis]).collect();
    Some(r.permute(x, order))
}

/// The operand is reordered, which has fewer axes, and mostly in order already.
fn permute_of_broadcast(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (outer, inner) = permute(r.region(), y)?;
    let (inner, x) = broadcast(r.region(), inner)?;
    let kept = |axis: &usize| inner.axes.iter().position(|source| source == axis);
    let order: Vec<usize> = outer.order.iter().filter_map(kept).collect();
    let axes = (0..outer.order.len()).filter(|&axis| kept(&outer.order[axis]).is_some()).collect();
    let shape = r.region().shape(y);
    let x = r.permute(x, order);
    Some(r.broadcast(x, shape, axes))
}

fn reshape_identity(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, x) = reshape(r.region(), y)?;
    (op.shape == r.region().shape(x)).then_some(x)
}

fn reshape_reshape(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (outer, inner) = reshape(r.region(), y)?;
    let (_, x) = reshape(r.region(), inner)?;
    let shape = outer.shape.clone();
    Some(r.add(Reshape { shape }, &[x]))
}

/// One value everywhere keeps being that; otherwise only axes of extent 1 may come and go.
fn reshape_of_broadcast(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (outer, inner) = reshape(r.region(), y)?;
    let (inner, x) = broadcast(r.region(), inner)?;
    let axes = if inner.axes.is_empty() {
        Vec::new()
    } else {
        let places = unit_reshape(&inner.shape, &outer.shape)?;
        inner.axes.iter().map(|&axis| places[axis]).collect::<Option<_>>()?
    };
    let shape = outer.shape.clone();
    Some(r.broadcast(x, shape, axes))
}

/// No axis is reversed, or only axes of extent 1.
fn reverse_nothing(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, x) = reverse(r.region(), y)?;
    let shape = r.region().shape(x);
    op.axes.iter().all(|&axis| shape[axis].is_one()).then_some(x)
}

/// An axis that is reversed twice is not reversed.
fn reverse_reverse(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (outer, inner) = reverse(r.region(), y)?;
    let (inner, x) = reverse(r.region(), inner)?;
    let once = |axis: &usize| outer.axes.contains(axis) != inner.axes.contains(axis);
    let axes = (0..r.region().ty(x).rank()).filter(once).collect();
    Some(r.add(Reverse { axes }, &[x]))
}

/// Only the operand's own axes have a direction.
fn reverse_of_broadcast(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (outer, inner) = reverse(r.region(), y)?;
    let (op, x) = broadcast(r.region(), inner)?;
    let axes = (0..op.axes.len()).filter(|&axis| outer.axes.contains(&op.axes[axis])).collect();
    let op = op.clone();
    let x = r.add(Reverse { axes }, &[x]);
    Some(r.add(op, &[x]))
}
