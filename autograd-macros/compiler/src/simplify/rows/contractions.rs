//! Products of tensors: transposes are absorbed, and what is not a matrix product becomes sums and products that fuse.

use super::super::matching::{binary, broadcast, complement, contract, permute, without};
use super::super::sizes::{is_small, leaves_sums, movable};
use super::super::{On, Rewriter, Row};
use super::{exact, reassociates};
use crate::graph::{NodeId, Region, Shape};
use crate::ops::Function::Mul;
use crate::ops::lowering::Role;
use crate::ops::{Contract, Kind, ReduceKind};

pub(super) static ROWS: &[Row] = &[
    exact("contract_of_permute", On::Op(Kind::Contract), contract_of_permute),
    exact("contract_of_permuted_values", On::Op(Kind::Contract), contract_of_permuted_values),
    exact("permute_of_contract", On::Op(Kind::Permute), permute_of_contract),
    reassociates("contract_without_free_axes", On::Op(Kind::Contract), contract_without_free_axes),
    reassociates("outer_product", On::Op(Kind::Contract), outer_product),
    reassociates("contract_of_repeated", On::Op(Kind::Contract), contract_of_repeated),
    exact("contract_of_spread", On::Op(Kind::Contract), contract_of_spread),
    reassociates("contract_of_scaled", On::Op(Kind::Contract), contract_of_scaled),
];

/// An operand is read in its own order: the lists of axes change instead, and the result is reordered where the free
/// axes come in another order.
fn contract_of_permute(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, [left, right]) = contract(r.region(), y)?;
    let mut op = op.clone();
    let batch = op.left_batch.len();
    let left_free = op.left_free(r.region().ty(left).rank());
    let right_free = op.right_free(r.region().ty(right).rank());
    let rank = r.region().ty(y).rank();
    if let Some((moved, x)) = permute(r.region(), left) {
        let order = moved.order.clone();
        let free = images(&left_free, &order);
        (op.left_batch, op.left_contract) = (images(&op.left_batch, &order), images(&op.left_contract, &order));
        let product = r.add(op, &[x, right]);
        return Some(r.permute(product, regrouped(rank, batch, &free)));
    }
    let (moved, x) = permute(r.region(), right)?;
    let order = moved.order.clone();
    let free = images(&right_free, &order);
    (op.right_batch, op.right_contract) = (images(&op.right_batch, &order), images(&op.right_contract, &order));
    let product = r.add(op, &[left, x]);
    Some(r.permute(product, regrouped(rank, batch + left_free.len(), &free)))
}

fn images(axes: &[usize], order: &[usize]) -> Vec<usize> {
    axes.iter().map(|&axis| order[axis]).collect()
}

/// The order of a result whose axes from `start` are wanted in the order of `free`, but come sorted.
fn regrouped(rank: usize, start: usize, free: &[usize]) -> Vec<usize> {
    let mut sorted = free.to_vec();
    sorted.sort_unstable();
    let mut order: Vec<usize> = (0..rank).collect();
    for (place, axis) in free.iter().enumerate() {
        order[start + place] = start + sorted.iter().position(|other| other == axis).expect("the same axes");
    }
    order
}

/// What is computed element by element of values with their axes in another order is computed of them as they lie, and then
/// reordered: so that a product reads it as it lies.
fn contract_of_permuted_values(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, pair) = contract(r.region(), y)?;
    let op = op.clone();
    for place in 0..2 {
        let node = r.region().node(pair[place]);
        if node.op.role() != Role::Pointwise {
            continue;
        }
        let Some(order) = order_within(r.region(), pair[place], DEEPEST) else { continue };
        let Some(lying) = as_it_lies(r, pair[place], &order, DEEPEST) else { continue };
        let mut pair = pair;
        pair[place] = r.permute(lying, order);
        return Some(r.add(op, &pair));
    }
    None
}

/// How many operations above a permutation are looked through.
const DEEPEST: usize = 12;

/// The first order of axes in which something of a value stands.
fn order_within(region: &Region, node: NodeId, depth: usize) -> Option<Vec<usize>> {
    if let Some((op, _)) = permute(region, node) {
        return Some(op.order.clone());
    }
    let node = region.node(node);
    if node.op.role() != Role::Pointwise || depth == 0 {
        return None;
    }
    node.operands.iter().find_map(|&operand| order_within(region, operand, depth - 1))
}

/// A value without that order of its axes, if it is made of such ones and of what repeats.
fn as_it_lies(r: &mut Rewriter<'_>, node: NodeId, order: &[usize], depth: usize) -> Option<NodeId> {
    if let Some((op, x)) = permute(r.region(), node) {
        return (op.order == order).then_some(x);
    }
    if let Some((op, x)) = broadcast(r.region(), node) {
        let axes: Vec<usize> = op.axes.iter().map(|&axis| order[axis]).collect();
        let mut shape = op.shape.to_vec();
        for (axis, &from) in order.iter().enumerate() {
            shape[from] = op.shape[axis].clone();
        }
        return axes.is_sorted().then(|| r.broadcast(x, shape.into(), axes));
    }
    let found = r.region().node(node).clone();
    if found.op.role() != Role::Pointwise || depth == 0 {
        return None;
    }
    let operands = found.operands.iter().map(|&operand| as_it_lies(r, operand, order, depth - 1));
    let operands = operands.collect::<Option<Vec<NodeId>>>()?;
    Some(r.add(found.op, &operands))
}

/// `(a @ b).T` is `b.T @ a.T`, which is a contraction with the operands swapped.
fn permute_of_contract(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (moved, product) = permute(r.region(), y)?;
    let (op, [left, right]) = contract(r.region(), product)?;
    let batch = op.left_batch.len();
    let lefts = op.left_free(r.region().ty(left).rank()).len();
    let rank = moved.order.len();
    let swapped = (0..batch).chain(batch + lefts..rank).chain(batch..batch + lefts);
    if !swapped.eq(moved.order.iter().copied()) {
        return None;
    }
    let op = Contract {
        left_batch: op.right_batch.clone(),
        right_batch: op.left_batch.clone(),
        left_contract: op.right_contract.clone(),
        right_contract: op.left_contract.clone(),
    };
    Some(r.add(op, &[right, left]))
}

/// Every axis of both operands is paired: the sum of an elementwise product, which fuses with its surroundings.
fn contract_without_free_axes(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, [left, right]) = contract(r.region(), y)?;
    let paired = op.left_batch.len() + op.left_contract.len();
    (paired == r.region().ty(left).rank() && paired == r.region().ty(right).rank()).then(|| as_product(r, y))
}

/// Nothing is summed: an elementwise product of broadcasts. Not exact, for a sum that starts at 0 turns −0 into 0.
fn outer_product(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, _) = contract(r.region(), y)?;
    op.left_contract.is_empty().then(|| as_product(r, y))
}

/// The contraction spelled out over batch, left free, right free and contracted axes.
fn as_product(r: &mut Rewriter<'_>, y: NodeId) -> NodeId {
    let (op, [left, right]) = contract(r.region(), y).expect("the rows ask for a contraction");
    let op = op.clone();
    let (left_shape, right_shape) = (r.region().shape(left), r.region().shape(right));
    let (left_free, right_free) = (op.left_free(left_shape.len()), op.right_free(right_shape.len()));
    let left_axes = [&op.left_batch[..], &left_free, &op.left_contract].concat();
    let right_axes = [&op.right_batch[..], &right_free, &op.right_contract].concat();
    let (batch, depth) = (op.left_batch.len(), op.left_contract.len());
    let rank = r.region().ty(y).rank();
    let space: Shape = r.region().shape(y).iter().cloned().chain(op.depth(&left_shape)).collect();
    let summed: Vec<usize> = (rank..rank + depth).collect();
    let left_places = (0..batch + left_free.len()).chain(summed.clone()).collect();
    let right_places = (0..batch).chain(batch + left_free.len()..rank).chain(summed.clone()).collect();
    let left = r.permute(left, left_axes);
    let right = r.permute(right, right_axes);
    let left = r.broadcast(left, space.clone(), left_places);
    let right = r.broadcast(right, space, right_places);
    let product = r.map(Mul, &[left, right]);
    r.reduce(ReduceKind::Sum, product, &summed)
}

/// An operand that only repeats along contracted axes is left out of that sum: `x @ ones` is a row sum.
fn contract_of_repeated(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, [left, right]) = contract(r.region(), y)?;
    let op = op.clone();
    if let Some(is_vector) = repeats_with_unknown_size(r, &op, [left, right]) {
        return is_vector.then(|| as_product(r, y));
    }
    if let Some((repeats, once)) = without_repeats(r, right, &op.right_contract) {
        let axes: Vec<usize> = repeats.iter().map(|&pair| op.left_contract[pair]).collect();
        let left = sum_over(r, left, &axes);
        let op = fewer_axes(&op, &repeats);
        return Some(r.add(op, &[left, once]));
    }
    let (repeats, once) = without_repeats(r, left, &op.left_contract)?;
    let axes: Vec<usize> = repeats.iter().map(|&pair| op.right_contract[pair]).collect();
    let right = sum_over(r, right, &axes);
    let op = fewer_axes(&op, &repeats);
    Some(r.add(op, &[once, right]))
}

/// Whether the operand that repeats has no axis of its own, where it is not a literal: the other would be summed before it
/// is multiplied, and might overflow. A vector becomes a product to be summed then, else nothing is done.
fn repeats_with_unknown_size(r: &Rewriter<'_>, op: &Contract, [left, right]: [NodeId; 2]) -> Option<bool> {
    let lists = [
        (right, left, &op.right_contract, op.right_batch.len()),
        (left, right, &op.left_contract, op.left_batch.len()),
    ];
    let (repeated, other, contracted, batch) = lists.into_iter().find(|(operand, _, list, _)| {
        let spread = broadcast(r.region(), *operand);
        spread.is_some_and(|(spread, _)| list.iter().any(|axis| !spread.axes.contains(axis)))
    })?;
    if leaves_sums(r.region(), repeated) || is_small(r.region(), other) {
        return None;
    }
    Some(r.region().ty(repeated).rank() == batch + contracted.len())
}

fn sum_over(r: &mut Rewriter<'_>, x: NodeId, axes: &[usize]) -> NodeId {
    let mut axes = axes.to_vec();
    axes.sort_unstable();
    r.reduce(ReduceKind::Sum, x, &axes)
}

/// The places in a list of axes along which a broadcast operand only repeats, and the operand without these axes.
fn without_repeats(r: &mut Rewriter<'_>, operand: NodeId, list: &[usize]) -> Option<(Vec<usize>, NodeId)> {
    let (spread, x) = broadcast(r.region(), operand)?;
    let repeats: Vec<usize> = (0..list.len()).filter(|&place| !spread.axes.contains(&list[place])).collect();
    if repeats.is_empty() {
        return None;
    }
    let gone: Vec<usize> = repeats.iter().map(|&place| list[place]).collect();
    let kept = complement(&gone, spread.shape.len());
    let shape = kept.iter().map(|&axis| spread.shape[axis].clone()).collect();
    let axes = without(&spread.axes, &gone);
    Some((repeats, r.broadcast(x, shape, axes)))
}

/// The contraction without these contracted pairs, whose axes are gone from both operands.
fn fewer_axes(op: &Contract, pairs: &[usize]) -> Contract {
    let gone = |list: &[usize]| -> Vec<usize> { pairs.iter().map(|&pair| list[pair]).collect() };
    let (left, right) = (gone(&op.left_contract), gone(&op.right_contract));
    Contract {
        left_batch: without(&op.left_batch, &left),
        right_batch: without(&op.right_batch, &right),
        left_contract: without(&op.left_contract, &left),
        right_contract: without(&op.right_contract, &right),
    }
}

/// Free axes along which an operand only repeats come in after the product: `a @ [x, x, x]` is one product, three times.
fn contract_of_spread(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, [left, right]) = contract(r.region(), y)?;
    let op = op.clone();
    let batch = op.left_batch.len();
    let left_free = op.left_free(r.region().ty(left).rank());
    let right_free = op.right_free(r.region().ty(right).rank());
    let (product, repeated) = if let Some((gone, once)) = without_repeats(r, left, &left_free) {
        let axes: Vec<usize> = gone.iter().map(|&place| left_free[place]).collect();
        let op = Contract {
            left_batch: without(&op.left_batch, &axes),
            left_contract: without(&op.left_contract, &axes),
            ..op
        };
        (r.add(op, &[once, right]), gone.iter().map(|place| batch + place).collect::<Vec<_>>())
    } else {
        let (gone, once) = without_repeats(r, right, &right_free)?;
        let axes: Vec<usize> = gone.iter().map(|&place| right_free[place]).collect();
        let op = Contract {
            right_batch: without(&op.right_batch, &axes),
            right_contract: without(&op.right_contract, &axes),
            ..op
        };
        (r.add(op, &[left, once]), gone.iter().map(|place| batch + left_free.len() + place).collect())
    };
    Some(r.spread(product, &repeated, y))
}

/// A literal that scales an operand scales the result instead, where that is a vector: `x.T @ (2*r)` is `2*(x.T @ r)`, so
/// that `r` is one vector with or without it.
fn contract_of_scaled(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (op, [left, right]) = contract(r.region(), y)?;
    if r.region().ty(y).rank() > 1 {
        return None;
    }
    let op = op.clone();
    let parts = |node| {
        let [c, x] = binary(r.region(), Mul, node)?;
        movable(r.region(), c)?;
        Some((broadcast(r.region(), c)?.1, x))
    };
    let (scalar, left, right) = if let Some((scalar, x)) = parts(left) {
        (scalar, x, right)
    } else {
        let (scalar, x) = parts(right)?;
        (scalar, left, x)
    };
    let product = r.add(op, &[left, right]);
    let shape = r.region().shape(y);
    let factor = r.fill(scalar, &shape);
    Some(r.map(Mul, &[factor, product]))
}
