//! Windows that other views say: slices, reads backwards, permutations, broadcasts, and axes that are taken apart.

use crate::graph::{Dim, NodeId, Region, Shape};
use crate::ops::window::Place;

/// Along one axis of the operand: `start + step · axis`, or one position.
struct Along {
    start: Dim,
    step: i64,
    axis: Option<usize>,
}

/// The same without a window, if each axis of the result stands in one place at most and alone there.
pub(super) fn of_window(region: &mut Region, x: NodeId, shape: &Shape, places: &[Place]) -> Option<NodeId> {
    let (x, places) = taken_apart(region, x, shape, places);
    let along = places.iter().map(along).collect::<Option<Vec<Along>>>()?;
    let axes: Vec<usize> = along.iter().filter_map(|along| along.axis).collect();
    if (1..axes.len()).any(|place| axes[..place].contains(&axes[place])) {
        return None;
    }
    // Backwards, the slice starts where the last element is.
    let extent = |along: &Along| along.axis.map_or(Dim::ONE, |axis| shape[axis].clone());
    let starts = along.iter().map(|along| {
        let last = extent(along).sub(&Dim::ONE)?.mul(&Dim::constant(along.step.min(0)))?;
        along.start.add(&last)
    });
    let starts = starts.collect::<Option<Vec<Dim>>>()?;
    let extents: Shape = along.iter().map(extent).collect();
    let steps: Vec<i64> = along.iter().map(|along| along.step.abs()).collect();
    let mut view = region.slice(x, &starts, &extents, &steps);
    let backwards: Vec<usize> = (0..along.len()).filter(|&axis| along[axis].step < 0).collect();
    view = region.reverse(view, &backwards);
    let kept: Shape = axes.iter().map(|&axis| shape[axis].clone()).collect();
    view = region.reshape(view, &kept);
    let mut order: Vec<usize> = (0..axes.len()).collect();
    order.sort_unstable_by_key(|&place| axes[place]);
    view = region.permute(view, &order);
    let mut sorted = axes;
    sorted.sort_unstable();
    Some(region.broadcast(view, shape, &sorted))
}

fn along(place: &Place) -> Option<Along> {
    let start = place.offset.clone();
    match place.terms.as_slice() {
        [] => Some(Along { start, step: 1, axis: None }),
        [(axis, stride)] => {
            let step = stride.as_constant().filter(|&step| step != i64::MIN)?;
            Some(Along { start, step, axis: Some(*axis) })
        }
        _ => None,
    }
}

/// An axis that is read at `i·K + k` with k below K, all of it, is two axes: the operand reshaped, and a place for each.
fn taken_apart(region: &mut Region, x: NodeId, shape: &Shape, places: &[Place]) -> (NodeId, Vec<Place>) {
    let from = region.shape(x);
    let (mut extents, mut apart) = (Vec::new(), Vec::new());
    for (place, extent) in places.iter().zip(from.iter()) {
        if let Some(axes) = digits(place, shape, extent) {
            extents.extend(axes.iter().map(|&axis| shape[axis].clone()));
            apart.extend(axes.into_iter().map(Place::axis));
        } else {
            extents.push(extent.clone());
            apart.push(place.clone());
        }
    }
    (region.reshape(x, &extents.into()), apart)
}

/// The axes of which a place is the row-major position, if it is one over the whole extent.
fn digits(place: &Place, shape: &Shape, extent: &Dim) -> Option<Vec<usize>> {
    if place.terms.len() < 2 || place.offset != Dim::ZERO {
        return None;
    }
    let (mut stride, mut axes, mut rest) = (Dim::ONE, Vec::new(), place.terms.clone());
    while !rest.is_empty() {
        let next = rest.iter().position(|(_, there)| *there == stride)?;
        let (axis, _) = rest.remove(next);
        stride = stride.mul(&shape[axis])?;
        axes.push(axis);
    }
    axes.reverse();
    (stride == *extent).then_some(axes)
}
