//! Integers that are affine in the axes that they lie along: what of the integers of a gather a window can say.

use super::Place;
use crate::graph::{Dim, NodeId, Region};
use crate::ops::lowering::Role;
use crate::ops::{Integer, Op};

/// The place that integers are, over the axes of their shape; `None` where data is among them.
#[must_use]
pub fn place_of(region: &Region, node: NodeId) -> Option<Place> {
    let operand = |place| place_of(region, region.operand(node, place));
    match &region.node(node).op {
        #[allow(clippy::cast_possible_truncation, reason = "an integer below 2^53")]
        Op::Literal(literal) => Some(Place::constant(Dim::constant(literal.value() as i64))),
        Op::Extent(extent) => Some(Place::constant(extent.dim.clone())),
        Op::Iota(_) => Some(Place::axis(0)),
        Op::Integer(Integer::Add) => operand(0)?.plus(&operand(1)?),
        Op::Integer(Integer::Sub) => operand(1)?.times_plus(&Dim::constant(-1), &operand(0)?),
        Op::Integer(Integer::Mul) => match (operand(0)?, operand(1)?) {
            (factor, place) | (place, factor) if factor.terms.is_empty() => {
                place.times_plus(&factor.offset, &Place::constant(Dim::ZERO))
            }
            _ => None,
        },
        _ => {
            let places = view_places(region, node)?;
            operand(0)?.of(&places)
        }
    }
}

/// Where a view reads its operand, as places over the axes of the view; `None` for other operations, and behind guards.
#[must_use]
pub fn view_places(region: &Region, node: NodeId) -> Option<Vec<Place>> {
    let shape = region.shape(node);
    let from = region.shape(*region.node(node).operands.first()?);
    let of_all = |place: &dyn Fn(usize) -> Option<Place>| (0..from.len()).map(place).collect::<Option<Vec<Place>>>();
    match &region.node(node).op {
        Op::Broadcast(op) => of_all(&|axis| Some(Place::axis(op.axes[axis]))),
        Op::Permute(op) => of_all(&|axis| Some(Place::axis(op.inverse()[axis]))),
        Op::Slice(op) => of_all(&|axis| {
            let start = Place::constant(op.starts[axis].clone());
            Place::axis(axis).times_plus(&Dim::constant(op.steps[axis]), &start)
        }),
        Op::Reverse(op) => of_all(&|axis| {
            let last = Place::constant(shape[axis].sub(&Dim::ONE)?);
            if !op.axes.contains(&axis) {
                return Some(Place::axis(axis));
            }
            Place::axis(axis).times_plus(&Dim::constant(-1), &last)
        }),
        Op::Window(op) if op.guard.is_empty() => Some(op.places.clone()),
        Op::Reshape(_) => {
            let mut long = (0..shape.len()).filter(|&axis| !shape[axis].is_one());
            let places =
                of_all(&|axis| Some(if from[axis].is_one() { Place::constant(Dim::ZERO) } else { Place::axis(axis) }))?;
            let mut moved = Vec::new();
            for (axis, place) in places.into_iter().enumerate() {
                moved.push(if from[axis].is_one() {
                    place
                } else {
                    let to = long.next()?;
                    (shape[to] == from[axis]).then(|| Place::axis(to))?
                });
            }
            long.next().is_none().then_some(moved)
        }
        op => {
            debug_assert!(op.role() != Role::Leaf || region.node(node).operands.is_empty(), "a leaf has no operand");
            None
        }
    }
}
