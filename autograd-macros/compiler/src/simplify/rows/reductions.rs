//! Reductions of what is repeated, moved, or reduced already.

use super::super::matching::{
    binary, broadcast, complement, operands, pad, permute, reduce, reduction, reshape, reverse, unary, unit_reshape,
    without,
};
use super::super::{Class, On, Rewriter, Row, When};
use super::{exact, reassociates};
use crate::graph::{Dim, NodeId, Region};
use crate::ops::lowering::Role;
use crate::ops::{Broadcast, Function, Kind, Op, Pad, Reduce, ReduceKind, Reshape, Reverse};

pub(super) static ROWS: &[Row] = &[
    exact("reduce_no_axes", On::Op(Kind::Reduce), reduce_no_axes),
    reassociates("reduce_unit_axes", On::Op(Kind::Reduce), reduce_unit_axes),
    reassociates("reduce_reduce", On::Op(Kind::Reduce), reduce_reduce),
    reassociates("reduce_of_permute", On::Op(Kind::Reduce), reduce_of_permute),
    reassociates("reduce_of_reverse", On::Op(Kind::Reduce), reduce_of_reverse),
    reassociates("reduce_of_unit_reshape", On::Op(Kind::Reduce), reduce_of_unit_reshape),
    Row {
        name: "sum_of_broadcast",
        class: Class::Domain(
            "an empty sum of infinities is NaN, where it was 0; not of those that a division by a size makes",
        ),
        when: When::Always,
        on: On::Op(Kind::Reduce),
        rewrite: sum_of_broadcast,
    },
    exact("extreme_of_broadcast", On::Op(Kind::Reduce), extreme_of_broadcast),
    exact("reduce_beside_broadcast", On::Op(Kind::Reduce), reduce_beside_broadcast),
    reassociates("sum_of_pad", On::Op(Kind::Reduce), sum_of_pad),
    reassociates("square_of_norm", On::Map(Function::Square), square_of_norm),
];

/// One value is its own sum, product, extreme; its norm is its absolute value.
fn reduce_no_axes(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, x) = reduce(r.region(), y)?;
    if !op.axes.is_empty() {
        return None;
    }
    Some(if op.kind == ReduceKind::Norm { r.map(Function::Abs, &[x]) } else { x })
}

/// Over axes of extent 1 alone, a reduction is a reshape. Not exact, for a sum that starts at 0 turns −0 into 0.
fn reduce_unit_axes(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, x) = reduce(r.region(), y)?;
    let shape = r.region().shape(x);
    if op.axes.is_empty() || !op.axes.iter().all(|&axis| shape[axis].is_one()) {
        return None;
    }
    let norm = op.kind == ReduceKind::Norm;
    let shape = r.region().shape(y);
    let x = r.add(Reshape { shape }, &[x]);
    Some(if norm { r.map(Function::Abs, &[x]) } else { x })
}

fn reduce_reduce(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (outer, inner) = reduce(r.region(), y)?;
    let (inner, x) = reduce(r.region(), inner)?;
    if outer.kind != inner.kind {
        return None;
    }
    let kept = complement(&inner.axes, r.region().ty(x).rank());
    let mut axes: Vec<usize> = outer.axes.iter().map(|&axis| kept[axis]).chain(inner.axes.iter().copied()).collect();
    axes.sort_unstable();
    let kind = outer.kind;
    Some(r.reduce(kind, x, &axes))
}

/// The operand's own axes are reduced; what remains is reordered if it must be.
fn reduce_of_permute(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, inner) = reduce(r.region(), y)?;
    let (moved, x) = permute(r.region(), inner)?;
    let kind = op.kind;
    let mut axes: Vec<usize> = op.axes.iter().map(|&axis| moved.order[axis]).collect();
    let kept = complement(&op.axes, moved.order.len());
    let order: Vec<usize> = kept.iter().map(|&axis| moved.order[axis]).collect();
    let order = without(&order, &axes);
    axes.sort_unstable();
    let reduced = r.reduce(kind, x, &axes);
    Some(r.permute(reduced, order))
}

/// A reduced axis has no direction.
fn reduce_of_reverse(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, inner) = reduce(r.region(), y)?;
    let (reversed, x) = reverse(r.region(), inner)?;
    let (kept, gone): (Vec<usize>, Vec<usize>) = reversed.axes.iter().partition(|axis| !op.axes.contains(axis));
    if gone.is_empty() {
        return None;
    }
    let op = op.clone();
    let x = r.add(Reverse { axes: kept }, &[x]);
    Some(r.add(op, &[x]))
}

/// A reshape that only adds or drops axes of extent 1, all of which are reduced: the operand is reduced itself.
fn reduce_of_unit_reshape(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, inner) = reduce(r.region(), y)?;
    let (reshaped, x) = reshape(r.region(), inner)?;
    let shape = r.region().shape(x);
    let places = unit_reshape(&shape, &reshaped.shape)?;
    let reduced = |axis: usize| places[axis].is_none_or(|place| op.axes.contains(&place));
    let (axes, kept): (Vec<usize>, Vec<usize>) = (0..shape.len()).partition(|&axis| reduced(axis));
    let units_go = |axis: usize| !reshaped.shape[axis].is_one() || op.axes.contains(&axis);
    if kept.len() != r.region().ty(y).rank() || !(0..reshaped.shape.len()).all(units_go) {
        return None;
    }
    let kind = op.kind;
    Some(r.reduce(kind, x, &axes))
}

/// The broadcast's new axes among the reduced ones, and the rest of the work: how the operand goes into the result.
struct Repeated {
    x: NodeId,
    /// Extents of the reduced axes along which the operand only repeats.
    extents: Vec<Dim>,
    /// The broadcast without these axes.
    broadcast: Broadcast,
    /// The reduction without these axes.
    reduce: Reduce,
}

fn repeated(r: &Rewriter<'_>, y: NodeId) -> Option<Repeated> {
    let (op, inner) = reduce(r.region(), y)?;
    let (spread, x) = broadcast(r.region(), inner)?;
    let gone: Vec<usize> = op.axes.iter().copied().filter(|axis| !spread.axes.contains(axis)).collect();
    if gone.is_empty() {
        return None;
    }
    let kept = complement(&gone, spread.shape.len());
    Some(Repeated {
        x,
        extents: gone.iter().map(|&axis| spread.shape[axis].clone()).collect(),
        broadcast: Broadcast {
            shape: kept.iter().map(|&axis| spread.shape[axis].clone()).collect(),
            axes: without(&spread.axes, &gone),
        },
        reduce: Reduce { kind: op.kind, axes: without(&op.axes, &gone) },
    })
}

/// The sum of `n` equal values is `n` times the value; of nothing it is 0, also where the value is the slope of a mean of
/// nothing, which is not finite.
fn sum_of_broadcast(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let repeated = repeated(r, y).filter(|repeated| repeated.reduce.kind == ReduceKind::Sum)?;
    let count = repeated.extents.iter().try_fold(Dim::ONE, |count, extent| count.mul(extent))?;
    let may_be_nothing = count.as_constant().is_none() && divides_by_size(r.region(), repeated.x, DEPTH);
    let function = if may_be_nothing { Function::MulUnlessZero } else { Function::Mul };
    let count = r.extent(&count);
    let once = r.add(repeated.broadcast, &[repeated.x]);
    let sum = r.add(repeated.reduce, &[once]);
    let count = r.fill(count, &r.region().shape(sum));
    Some(r.map(function, &[count, sum]))
}

/// How far below a value a division is looked for.
const DEPTH: usize = 8;

/// Whether a value is computed by a division by a size that may be 0.
fn divides_by_size(region: &Region, node: NodeId, depth: usize) -> bool {
    let found = region.node(node);
    let divisor = binary(region, Function::Div, node).map(|[_, divisor]| divisor);
    let divisor = divisor.or_else(|| unary(region, Function::Recip, node));
    divisor.is_some_and(|divisor| is_size(region, divisor))
        || depth > 0
            && found.op.role() != Role::Leaf
            && found.operands.iter().any(|&operand| divides_by_size(region, operand, depth - 1))
}

fn is_size(region: &Region, node: NodeId) -> bool {
    let found = region.node(node);
    match &found.op {
        Op::Extent(extent) => extent.dim.as_constant().is_none(),
        Op::Cast(_) | Op::Broadcast(_) => is_size(region, found.operands[0]),
        _ => false,
    }
}

/// The largest of equal values is the value, unless there is none.
fn extreme_of_broadcast(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let repeated = repeated(r, y)?;
    let some = repeated.extents.iter().all(|extent| extent.as_constant().is_some_and(|extent| extent > 0));
    let idempotent = match repeated.reduce.kind {
        ReduceKind::Max | ReduceKind::MaxNumber | ReduceKind::Min | ReduceKind::Any | ReduceKind::All => true,
        ReduceKind::Sum | ReduceKind::Product | ReduceKind::LogSumExp | ReduceKind::Norm => false,
    };
    if !some || !idempotent {
        return None;
    }
    let once = r.add(repeated.broadcast, &[repeated.x]);
    Some(r.add(repeated.reduce, &[once]))
}

/// The reduced axes are the operand's own: reduce first, repeat then.
fn reduce_beside_broadcast(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, inner) = reduce(r.region(), y)?;
    let (spread, x) = broadcast(r.region(), inner)?;
    let kind = op.kind;
    let axes: Option<Vec<usize>> =
        op.axes.iter().map(|axis| spread.axes.iter().position(|source| source == axis)).collect();
    let axes = axes.filter(|_| spread.axes.len() < spread.shape.len())?;
    let places = without(&spread.axes, &op.axes);
    let shape = r.region().shape(y);
    let reduced = r.reduce(kind, x, &axes);
    Some(r.broadcast(reduced, shape, places))
}

/// Zeros add nothing: where the padded axes are summed, the operand is summed itself.
fn sum_of_pad(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (inner, axes) = reduction(r.region(), ReduceKind::Sum, y)?;
    let (padded, x) = pad(r.region(), inner)?;
    let kept = complement(axes, padded.shape.len());
    let axes = axes.to_vec();
    let around = Pad {
        shape: r.region().shape(y),
        starts: kept.iter().map(|&axis| padded.starts[axis].clone()).collect(),
        steps: kept.iter().map(|&axis| padded.steps[axis]).collect(),
    };
    let sum = r.reduce(ReduceKind::Sum, x, &axes);
    Some(r.add(around, &[sum]))
}

/// `norm(x)^2` needs no root.
fn square_of_norm(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [norm] = operands(r.region(), y);
    let (x, axes) = reduction(r.region(), ReduceKind::Norm, norm)?;
    let axes = axes.to_vec();
    let squares = r.map(Function::Square, &[x]);
    Some(r.reduce(ReduceKind::Sum, squares, &axes))
}
