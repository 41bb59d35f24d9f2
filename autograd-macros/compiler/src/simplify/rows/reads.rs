//! Reads where integers say: as views where the integers are affine in the axes, axis by axis where they say nothing new, and
//! sums of products as matrix products.

use super::super::matching::{binary, broadcast, complement, constant, reduction};
use super::super::{On, Rewriter, Row};
use super::{exact, finally, reassociates};
use crate::graph::{Dim, Elem, NodeId, Region, Shape};
use crate::ops::Function::Mul;
use crate::ops::lowering::Role;
use crate::ops::window::{Bounds, Place, place_of, view_places};
use crate::ops::{Cast, Compare, Contract, Function, Gather, Integer, Kind, Logic, Op, Outside, ReduceKind};

pub(super) static ROWS: &[Row] = &[
    exact("gather_affine", On::Op(Kind::Gather), gather_affine),
    exact("gather_along_axis", On::Op(Kind::Gather), gather_along_axis),
    exact("window_of_view", On::Op(Kind::Window), window_of_view),
    exact("permute_of_window", On::Op(Kind::Permute), permute_of_window),
    exact("window_of_scaled", On::Op(Kind::Window), window_of_scaled),
    exact("window_of_cheap", On::Op(Kind::Window), window_of_cheap),
    exact("choice_of_guarded_read", On::Op(Kind::Select), choice_of_guarded_read),
    exact("window_identity", On::Op(Kind::Window), window_identity),
    finally("real_of_integer", On::Op(Kind::Cast), real_of_integer),
    exact("window_of_turned_product", On::Op(Kind::Window), window_of_turned_product),
    reassociates("contract_of_product", On::Op(Kind::Reduce), contract_of_product),
];

fn gather(region: &Region, y: NodeId) -> Option<(&Gather, NodeId, &[NodeId])> {
    let node = region.node(y);
    let Op::Gather(op) = &node.op else { return None };
    Some((op, node.operands[0], &node.operands[1..]))
}

/// All integers are affine in the axes: a window, guarded where it may leave the tensor and that is no mistake.
fn gather_affine(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let (op, x, indices) = gather(region, y)?;
    if op.outside == Outside::Mistake {
        return None;
    }
    let own = region.ty(indices[0]).rank();
    let (from, shape) = (region.shape(x), region.shape(y));
    let (mut places, mut guard) = (Vec::new(), Vec::new());
    let mut rest = own..shape.len();
    for (axis, extent) in from.iter().enumerate() {
        let Some(place) = op.axes.iter().position(|&indexed| indexed == axis) else {
            places.push(Place::axis(rest.next()?));
            continue;
        };
        let place = place_of(region, indices[place])?;
        if op.outside == Outside::Zero && !place.is_within(&shape, extent) {
            guard.push(Bounds { place: place.clone(), extent: extent.clone() });
        }
        places.push(place);
    }
    Some(r.window(x, &shape, places, guard))
}

/// One of the integers is the axis itself, on which no other depends: rows are read whole, `emb[token[t]]` for
/// `emb[token[t], d]`.
fn gather_along_axis(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let (op, x, indices) = gather(region, y)?;
    let (op, indices) = (op.clone(), indices.to_vec());
    let (shape, from) = (region.shape(indices[0]), region.shape(x));
    let found = indices.iter().enumerate().find_map(|(number, &index)| {
        let axis = place_of(region, index)?.as_axis()?;
        let is_whole = shape[axis] == from[op.axes[number]];
        let is_free = |(place, other): (usize, &NodeId)| place == number || !depends(region, *other, axis);
        (indices.len() > 1 && is_whole && indices.iter().enumerate().all(is_free)).then_some((number, axis))
    });
    let (number, axis) = found?;
    let mut axes = op.axes.clone();
    let along = axes.remove(number);
    let mut operands = vec![x];
    for (place, &index) in indices.iter().enumerate().filter(|(place, _)| *place != number) {
        debug_assert!(place != number, "the axis itself is read whole");
        operands.push(without_axis(r, index, axis));
    }
    let rows = r.add(Gather { axes: axes.clone(), outside: op.outside }, &operands);
    // The axis now stands among those that are kept whole, in the order of the operand.
    let rank = shape.len() - 1;
    let kept: Vec<usize> = complement(&axes, from.len());
    let at = rank + kept.iter().position(|&own| own == along)?;
    let mut order: Vec<usize> = (0..r.region().ty(rows).rank()).filter(|&own| own != at).collect();
    order.insert(axis, at);
    Some(r.permute(rows, order))
}

/// Whether integers change along an axis.
fn depends(region: &Region, index: NodeId, axis: usize) -> bool {
    if let Some((op, _)) = broadcast(region, index) {
        return op.axes.contains(&axis);
    }
    match &region.node(index).op {
        Op::Integer(_) | Op::Select(_) | Op::Compare(_) | Op::Logic(_) | Op::Cast(_) => {
            region.node(index).operands.iter().any(|&operand| depends(region, operand, axis))
        }
        _ => true,
    }
}

/// Integers that do not change along an axis, without it.
fn without_axis(r: &mut Rewriter<'_>, index: NodeId, axis: usize) -> NodeId {
    if let Some((op, x)) = broadcast(r.region(), index) {
        let (shape, axes) = (op.shape.clone(), op.axes.clone());
        let shape: Shape = complement(&[axis], shape.len()).iter().map(|&own| shape[own].clone()).collect();
        return r.broadcast(x, shape, axes.iter().map(|&own| own - usize::from(own > axis)).collect());
    }
    let node = r.region().node(index).clone();
    let operands: Vec<NodeId> = node.operands.iter().map(|&operand| without_axis(r, operand, axis)).collect();
    r.add(node.op, &operands)
}

/// A window of a view is a window of what that shows.
fn window_of_view(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let node = region.node(y);
    let Op::Window(op) = &node.op else { return None };
    let view = node.operands[0];
    let (shape, mut guard) = (op.shape.clone(), op.guard.clone());
    let places = if let Op::Window(inner) = &region.node(view).op {
        for Bounds { place, extent } in &inner.guard {
            guard.push(Bounds { place: place.of(&op.places)?, extent: extent.clone() });
        }
        inner.places.clone()
    } else {
        view_places(region, view)?
    };
    let places = places.iter().map(|place| place.of(&op.places)).collect::<Option<Vec<Place>>>()?;
    let x = region.operand(view, 0);
    let guard = guard.into_iter().filter(|bounds| !bounds.place.is_within(&shape, &bounds.extent)).collect();
    Some(r.window(x, &shape, places, guard))
}

/// Every element is read where it is.
fn window_identity(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let node = r.region().node(y);
    let Op::Window(op) = &node.op else { return None };
    let x = node.operands[0];
    let is_same = op.places.iter().enumerate().all(|(axis, place)| place.as_axis() == Some(axis));
    (is_same && op.guard.is_empty() && r.region().shape(x) == op.shape).then_some(x)
}

/// A window with its axes in another order is another window.
fn permute_of_window(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let (moved, read) = super::super::matching::permute(region, y)?;
    let Op::Window(op) = &region.node(read).op else { return None };
    let places: Vec<Place> = moved.inverse().into_iter().map(Place::axis).collect();
    let of = |place: &Place| place.of(&places);
    let guard =
        op.guard.iter().map(|Bounds { place, extent }| Some(Bounds { place: of(place)?, extent: extent.clone() }));
    let guard = guard.collect::<Option<Vec<Bounds>>>()?;
    let read_at = op.places.iter().map(of).collect::<Option<Vec<Place>>>()?;
    let (x, shape) = (region.operand(read, 0), region.shape(y));
    Some(r.window(x, &shape, read_at, guard))
}

/// A literal factor comes in after a guarded read, which then is a read of memory with nothing to choose.
fn window_of_scaled(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let Op::Window(op) = &region.node(y).op else { return None };
    let [a, b] = binary(region, Mul, region.operand(y, 0))?;
    let is_finite = |node| constant(region, node).is_some_and(f64::is_finite);
    let (factor, x) = if is_finite(a) { (a, b) } else { (b, a) };
    let factor = constant(region, factor).filter(|factor| factor.is_finite())?;
    let op = op.clone();
    let read = r.add(op, &[x]);
    let factor = r.number(factor, read);
    Some(r.map(Mul, &[factor, read]))
}

/// How many operations are repeated for each guarded read of them.
const CHEAP: u32 = 3;

/// A guarded read of a few sums and products is these of the guarded reads: outside, all is 0.
fn window_of_cheap(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let Op::Window(op) = &region.node(y).op else { return None };
    let x = region.operand(y, 0);
    if op.guard.is_empty() || !is_cheap(region, x, CHEAP) {
        return None;
    }
    let (op, function) = (op.clone(), super::super::matching::function(region, x)?);
    let operands = region.node(x).operands.clone();
    let reads: Vec<NodeId> = operands.iter().map(|&operand| r.add(op.clone(), &[operand])).collect();
    Some(r.map(function, &reads))
}

/// Whether a value is at most so many sums, products and squares of what is read in memory.
fn is_cheap(region: &Region, node: NodeId, most: u32) -> bool {
    fn count(region: &Region, node: NodeId) -> Option<u32> {
        let found = region.node(node);
        match &found.op {
            Op::Map(map)
                if matches!(map.function, Function::Add | Function::Sub | Mul | Function::Neg | Function::Square) =>
            {
                found.operands.iter().try_fold(1, |sum, &operand| Some(sum + count(region, operand)?))
            }
            op if op.role() == Role::View && !op.rereads() => count(region, found.operands[0]),
            Op::Literal(_) | Op::Map(_) => None,
            op => (matches!(op.role(), Role::Leaf | Role::Sink | Role::View) && found.ty.rank() > 0).then_some(0),
        }
    }
    count(region, node).is_some_and(|count| (1..=most).contains(&count))
}

/// `if i > 0 { x[i - 1] } else { 0 }` is what is read there, which is 0 outside anyway.
fn choice_of_guarded_read(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let [condition, yes, no] = super::super::matching::selection(region, y)?;
    let Op::Window(op) = &region.node(yes).op else { return None };
    if !super::super::matching::is(region, no, 0.0) {
        return None;
    }
    let shape = region.shape(y);
    // What the guard says that holds, as places that are 0 or more.
    let mut holds = Vec::new();
    for Bounds { place, extent } in &op.guard {
        let last = Place::constant(extent.sub(&Dim::ONE)?);
        holds.extend([place.clone(), place.times_plus(&Dim::constant(-1), &last)?]);
    }
    let is_natural = |place: &Place| place.bounds(&shape).is_some_and(|(low, _)| low.is_never_negative());
    let mut asked = Vec::new();
    conditions(region, condition, &mut asked)?;
    let follows = |place: &Place| {
        let from = |known: &Place| known.times_plus(&Dim::constant(-1), place).is_some_and(|rest| is_natural(&rest));
        is_natural(place) || holds.iter().any(from)
    };
    asked.iter().all(follows).then_some(yes)
}

/// What a truth value asks for: places over its axes that are all 0 or more. `None` if it asks for something else.
fn conditions(region: &Region, node: NodeId, asked: &mut Vec<Place>) -> Option<()> {
    let operands = &region.node(node).operands;
    match &region.node(node).op {
        Op::Logic(Logic::And) => operands.iter().try_for_each(|&operand| conditions(region, operand, asked)),
        Op::Broadcast(op) => {
            let mut inner = Vec::new();
            conditions(region, operands[0], &mut inner)?;
            let places: Vec<Place> = op.axes.iter().map(|&axis| Place::axis(axis)).collect();
            asked.extend(inner.iter().map(|place| place.of(&places)).collect::<Option<Vec<Place>>>()?);
            Some(())
        }
        Op::Compare(compare @ (Compare::Lt | Compare::Le)) if region.ty(operands[0]).elem == Elem::Index => {
            let [a, b] = [place_of(region, operands[0])?, place_of(region, operands[1])?];
            let mut rise = a.times_plus(&Dim::constant(-1), &b)?;
            if *compare == Compare::Lt {
                rise.offset = rise.offset.sub(&Dim::ONE)?;
            }
            asked.push(rise);
            Some(())
        }
        _ => None,
    }
}

/// A sum of integers as a number is the sum of the numbers, in which lanes are faster.
fn real_of_integer(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let node = r.region().node(y);
    let Op::Cast(Cast { to: Elem::Real }) = node.op else { return None };
    let of = r.region().node(node.operands[0]);
    let function = match of.op {
        Op::Integer(Integer::Add) => Function::Add,
        Op::Integer(Integer::Sub) => Function::Sub,
        Op::Integer(Integer::Mul) => Mul,
        _ => return None,
    };
    let [a, b] = [of.operands[0], of.operands[1]].map(|operand| r.add(Cast { to: Elem::Real }, &[operand]));
    Some(r.map(function, &[a, b]))
}

/// `sum[k](a[i, k]*b[k, j])` is a matrix product.
fn contract_of_product(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let (product, summed) = reduction(region, ReduceKind::Sum, y)?;
    let summed = summed.to_vec();
    let [a, b] = binary(region, Mul, product)?;
    let rank = region.ty(product).rank();
    let [left, right] = [a, b].map(|factor| own_axes(region, factor));
    let ((left, left_axes), (right, right_axes)) = (left?, right?);
    let kept = complement(&summed, rank);
    let both: Vec<usize> = (0..rank).filter(|axis| left_axes.contains(axis) && right_axes.contains(axis)).collect();
    let is_free = |axes: &[usize]| axes.iter().any(|axis| !both.contains(axis) && !summed.contains(axis));
    let depth: Vec<usize> = summed.iter().copied().filter(|axis| both.contains(axis)).collect();
    // An axis that only one of them has is not summed with the other.
    if depth.len() != summed.len() || !is_free(&left_axes) || !is_free(&right_axes) {
        return None;
    }
    // A window is copied for a product: so that rows of memory are copied as rows.
    let (left, left_axes) = in_rows(r, left, left_axes, &depth);
    let (right, right_axes) = in_rows(r, right, right_axes, &depth);
    let place = |axes: &[usize], of: &[usize]| -> Vec<usize> {
        of.iter().filter_map(|axis| axes.iter().position(|own| own == axis)).collect()
    };
    let batch: Vec<usize> = both.iter().copied().filter(|axis| kept.contains(axis)).collect();
    let op = Contract {
        left_batch: place(&left_axes, &batch),
        right_batch: place(&right_axes, &batch),
        left_contract: place(&left_axes, &depth),
        right_contract: place(&right_axes, &depth),
    };
    let free = |axes: &[usize]| axes.iter().copied().filter(|axis| !both.contains(axis)).collect::<Vec<_>>();
    let made = [batch, free(&left_axes), free(&right_axes)].concat();
    let product = r.add(op, &[left, right]);
    let order: Vec<usize> = kept.iter().filter_map(|axis| made.iter().position(|own| own == axis)).collect();
    (order.len() == kept.len()).then(|| r.permute(product, order))
}

/// What a convolution's gradient reads of a product is turned so that it is read along its rows: `g @ w` is `(w.T @ g.T).T`.
fn window_of_turned_product(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let Op::Window(op) = &region.node(y).op else { return None };
    let product = region.operand(y, 0);
    let (contract, [left, right]) = super::super::matching::contract(region, product)?;
    let (batch, rank) = (contract.left_batch.len(), region.ty(product).rank());
    let lefts = contract.left_free(region.ty(left).rank()).len();
    // The longest axis, and the last of those: lanes run along it.
    let size = |own: &usize| op.shape[*own].as_constant().unwrap_or(i64::MAX);
    let last = (0..op.shape.len()).max_by_key(size)?;
    let goes_along = |axis: usize| {
        op.places.get(axis).is_some_and(|place| place.terms.iter().any(|(own, step)| *own == last && step.is_one()))
    };
    if lefts == 0 || batch + lefts == rank || goes_along(rank - 1) || !goes_along(batch + lefts - 1) {
        return None;
    }
    let (op, turned) = (
        op.clone(),
        Contract {
            left_batch: contract.right_batch.clone(),
            right_batch: contract.left_batch.clone(),
            left_contract: contract.right_contract.clone(),
            right_contract: contract.left_contract.clone(),
        },
    );
    let product = r.add(turned, &[right, left]);
    let order = (0..batch).chain(batch + lefts..rank).chain(batch..batch + lefts);
    let places = order.map(|axis| op.places[axis].clone()).collect();
    Some(r.window(product, &op.shape, places, op.guard.clone()))
}

/// What a factor is along which of its axes; it repeats along the others.
fn own_axes(region: &Region, factor: NodeId) -> Option<(NodeId, Vec<usize>)> {
    let (op, x) = broadcast(region, factor)?;
    Some((x, op.axes.clone()))
}

/// A factor that reads elements several times, with its axes in an order in which it can be copied for a product: those that
/// are summed together, the others together, and last the one that goes along the operand's last axis.
fn in_rows(r: &mut Rewriter<'_>, factor: NodeId, axes: Vec<usize>, depth: &[usize]) -> (NodeId, Vec<usize>) {
    let region = r.region();
    let Op::Window(op) = &region.node(factor).op else { return (factor, axes) };
    let size = |own: &usize| op.shape[*own].as_constant().unwrap_or(i64::MAX);
    let along = op.places.last().into_iter().flat_map(|place| &place.terms);
    let along = along.filter(|(_, stride)| stride.is_one()).map(|(own, _)| *own);
    let Some(last) = along.max_by_key(size) else { return (factor, axes) };
    let is_summed = |own: &usize| depth.contains(&axes[*own]);
    let (mut first, mut second): (Vec<usize>, Vec<usize>) =
        (0..axes.len()).partition(|own| is_summed(own) != is_summed(&last));
    // As they stand in the product, so that both factors of it have the same order.
    first.sort_by_key(|own| axes[*own]);
    second.sort_by_key(|own| axes[*own]);
    let order = [first, second].concat();
    if order.last() != Some(&last) {
        return (factor, axes);
    }
    let moved = order.iter().map(|&own| axes[own]).collect();
    (r.permute(factor, order), moved)
}
