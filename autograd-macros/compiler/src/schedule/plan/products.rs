//! Matrix products: whether a contraction can run as one on operands as they lie in memory, transposes absorbed, and
//! whether it should.

use crate::graph::{Dim, NodeId, Region};
use crate::loops::program::AxisId;
use crate::machine::{CACHED_ROWS, FILLING, LEAST_LANES, REGISTER_COLUMNS, SHORT_PRODUCT, SMALL_MATRIX};
use crate::ops::{Contract, Op};
use crate::schedule::maps::{Coord, PickId, flat, sure};
use crate::schedule::views::{Role, long_axes, role, view};

/// A contraction that runs as a (batched) matrix product.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    /// The extents of batch, rows, columns and depth.
    pub(crate) extents: [Dim; 4],
    /// The operands.
    pub(crate) sides: [Side; 2],
}

/// An operand as it lies in memory.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    /// What is in memory.
    pub(crate) base: NodeId,
    /// The flat index of the first element.
    pub(crate) offset: Dim,
    /// The strides along batch, the left operand's rows or the right one's columns, and depth.
    pub(crate) strides: [Dim; 3],
}

/// The contraction as a matrix product, if it has rows, columns and depth, and if each group of axes is one axis in
/// memory. A product with a vector is a sweep like any other, and fuses.
pub(crate) fn matrix(region: &Region, node: NodeId, op: &Contract) -> Option<Matrix> {
    let operands = &region.node(node).operands;
    let sides = [(&op.left_batch, &op.left_contract), (&op.right_batch, &op.right_contract)];
    let mut extents = [Dim::ONE, Dim::ONE, Dim::ONE, Dim::ONE];
    let mut made = Vec::with_capacity(2);
    for (place, (batch, contract)) in sides.into_iter().enumerate() {
        let shape = region.shape(operands[place]);
        let is_free = |axis: &usize| !batch.contains(axis) && !contract.contains(axis);
        let free: Vec<usize> = long_axes(&shape).into_iter().filter(is_free).collect();
        if free.is_empty() || contract.iter().all(|&axis| shape[axis].is_one()) {
            return None;
        }
        let groups = [batch.as_slice(), free.as_slice(), contract.as_slice()];
        let volume = |group: &[usize]| {
            crate::schedule::maps::volume(&group.iter().map(|&axis| shape[axis].clone()).collect::<Vec<_>>())
        };
        extents[0] = volume(groups[0]);
        extents[1 + place] = volume(groups[1]);
        extents[3] = volume(groups[2]);
        // As it lies, or copied if it does not lie well.
        made.push(
            side(region, operands[place], base(region, operands[place]), &groups)
                .or_else(|| side(region, operands[place], operands[place], &groups))?,
        );
    }
    let [left, right] = made.try_into().ok()?;
    if is_short(&extents, &right) || is_batch_of_small(&extents) {
        return None;
    }
    Some(Matrix { extents, sides: [left, right] })
}

/// Whether a product is better computed where its elements are used: with few steps of the depth, or with few rows that
/// are summed in registers.
fn is_short([_, rows, columns, depth]: &[Dim; 4], right: &Side) -> bool {
    let within = |extent: &Dim, least, most| extent.as_constant().is_some_and(|n| (least..=most).contains(&n));
    let fills = right.strides[1].is_one() && within(columns, FILLING, i64::MAX);
    let is_sum_of_rows = within(rows, 1, SHORT_PRODUCT) && within(columns, 1, REGISTER_COLUMNS);
    fills && (within(depth, 0, SHORT_PRODUCT) || is_sum_of_rows && within(depth, 0, CACHED_ROWS))
}

/// Whether there are many products of small matrices: lanes run across them, and nothing is handed over.
fn is_batch_of_small([batch, rows, columns, depth]: &[Dim; 4]) -> bool {
    let work = [rows, columns, depth].iter().try_fold(1, |work: i64, extent| work.checked_mul(extent.as_constant()?));
    let are_many = batch.as_constant().is_none_or(|batch| batch >= LEAST_LANES);
    are_many && work.is_some_and(|work| work <= SMALL_MATRIX)
}

/// What a chain of views looks at, unless that is a plain number.
fn base(region: &Region, top: NodeId) -> NodeId {
    let mut node = top;
    while matches!(role(&region.node(node).op), Role::View) {
        node = region.node(node).operands[0];
    }
    if region.ty(node).rank() == 0 { top } else { node }
}

fn side(region: &Region, operand: NodeId, base: NodeId, groups: &[&[usize]; 3]) -> Option<Side> {
    let shape = region.shape(operand);
    let place = place_in(region, operand, base)?;
    let step = |axis: AxisId| place.terms.iter().find(|(along, _)| *along == axis).map(|(_, step)| step.clone());
    let stride = |axis: usize| step(local(axis)).unwrap_or(Dim::ZERO);
    let one = |group: &[usize]| {
        let long: Vec<usize> = group.iter().copied().filter(|&axis| !shape[axis].is_one()).collect();
        let joined = long.windows(2).all(|pair| stride(pair[0]) == sure(stride(pair[1]).mul(&shape[pair[1]])));
        joined.then(|| long.last().map_or(Dim::ZERO, |&axis| stride(axis)))
    };
    let strides = [one(groups[0])?, one(groups[1])?, one(groups[2])?];
    Some(Side { base, offset: place.offset.clone(), strides })
}

/// Where an operand's element lies in its base, if that depends on the axes alone and is always there.
fn place_in(region: &Region, mut node: NodeId, base: NodeId) -> Option<Coord> {
    let shape = region.shape(node);
    let mut map: Vec<Coord> = (0..shape.len())
        .map(|axis| if shape[axis].is_one() { Coord::constant(Dim::ZERO) } else { Coord::axis(local(axis)) })
        .collect();
    while node != base {
        // What is read where integers say has no strides.
        let mut is_computed = false;
        let source = view(region, node, &map, &mut |_, _| {
            is_computed = true;
            PickId(0)
        });
        if is_computed || !source.guard.is_empty() {
            return None;
        }
        map = source.coords;
        node = region.node(node).operands[0];
    }
    Some(flat(&map, &region.shape(base)))
}

fn local(axis: usize) -> AxisId {
    AxisId(u32::try_from(axis).expect("ranks are small"))
}

/// The matrix product that a node is, if it is one.
pub(crate) fn as_matrix(region: &Region, node: NodeId) -> Option<Matrix> {
    if let Op::Contract(op) = &region.node(node).op { matrix(region, node, op) } else { None }
}
