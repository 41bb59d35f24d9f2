//! The adjoint of a window: a guarded window of the cotangent, summed.
//!
//! Of `y[r] = x[b + C·r]` the cotangent of `x[u]` is the sum of those of all `r` with `b + C·r = u`. The equations are solved over
//! the integers for as many axes of `y` as there are axes of `x`, each by a term whose stride is 1 or -1: these axes become
//! expressions in `u` and in the others, which are summed, and where an expression lies outside of its axis, the guard says so.
//! So a convolution's gradient is a correlation, and nothing is scattered.
//!
//! Strides other than 1: an axis that is read with the stride `s` wherever it stands is spread out first, with zeros between.
//! What is left, strides that are sizes, is scattered.

use super::{Bounds, Place, Window};
use crate::graph::{Dim, Elem, NodeId, Region, Shape};
use crate::ops::ReduceKind;

/// What reaches the operand, of this shape, of the cotangent `g`: summed, or for truth values whether any does.
pub(super) fn adjoint(window: &Window, region: &mut Region, shape: &Shape, g: NodeId, kind: ReduceKind) -> NodeId {
    let (spread, spread_g) = without_strides(window, region, g);
    let extents = region.shape(spread_g);
    match solve(&spread, &extents) {
        Some(solved) => solved.read(region, shape, &extents, spread_g, kind),
        None => scattered(window, region, shape, g, kind),
    }
}

/// The window with axes that are read with the stride 1 in place of `s`, and the cotangent with zeros between.
fn without_strides(window: &Window, region: &mut Region, g: NodeId) -> (Window, NodeId) {
    let steps: Vec<i64> = (0..window.shape.len()).map(|axis| common_stride(window, axis)).collect();
    if steps.iter().all(|&step| step == 1) {
        return (window.clone(), g);
    }
    let extent = |(extent, &step): (&Dim, &i64)| extent.mul(&Dim::constant(step));
    let Some(shape) = window.shape.iter().zip(&steps).map(extent).collect::<Option<Shape>>() else {
        return (window.clone(), g);
    };
    let once = |place: &Place| Place {
        offset: place.offset.clone(),
        terms: (place.terms.iter())
            .map(|(axis, stride)| (*axis, stride.div(&Dim::constant(steps[*axis])).expect("a common divisor")))
            .collect(),
    };
    let guard = |bounds: &Bounds| Bounds { place: once(&bounds.place), extent: bounds.extent.clone() };
    let spread = Window {
        shape: shape.clone(),
        places: window.places.iter().map(once).collect(),
        guard: window.guard.iter().map(guard).collect(),
    };
    (spread, region.pad(g, &shape, &vec![Dim::ZERO; steps.len()], &steps))
}

/// The number, if it is one and is the same but for its sign, that an axis is multiplied by wherever it stands; else 1.
fn common_stride(window: &Window, axis: usize) -> i64 {
    let places = window.places.iter().chain(window.guard.iter().map(|bounds| &bounds.place));
    let strides = places.flat_map(|place| &place.terms).filter(|(own, _)| *own == axis).map(|(_, stride)| stride);
    let mut strides = strides.map(|stride| stride.as_constant().map(i64::abs));
    let Some(Some(first)) = strides.next() else { return 1 };
    if first > 1 && strides.all(|stride| stride == Some(first)) { first } else { 1 }
}

/// A sum of axes of the operand (`u`) and of the result (`r`).
#[derive(Clone)]
struct Sum {
    u: Place,
    r: Place,
}

impl Sum {
    /// With `by` in place of the axis `r`.
    fn substituted(&self, axis: usize, by: &Self) -> Option<Self> {
        let Some(place) = self.r.terms.iter().position(|(own, _)| *own == axis) else { return Some(self.clone()) };
        let mut rest = self.clone();
        let (_, stride) = rest.r.terms.remove(place);
        Some(Self { u: by.u.times_plus(&stride, &rest.u)?, r: by.r.times_plus(&stride, &rest.r)? })
    }
}

/// What the axes of the result are in terms of the operand's and of those that stay free.
struct Solved {
    axes: Vec<Option<Sum>>,
    /// Sums that are 0 wherever anything is read.
    zero: Vec<Sum>,
    guard: Vec<(Sum, Dim)>,
}

/// Solves `u = places`; `None` where strides other than 1 would remain.
fn solve(window: &Window, extents: &[Dim]) -> Option<Solved> {
    let nothing = Place::constant(Dim::ZERO);
    // Each equation as `0 = place - u`.
    let equation = |(axis, place): (usize, &Place)| {
        let u = Place { offset: Dim::ZERO, terms: vec![(axis, Dim::constant(-1))] };
        Sum { u, r: place.clone() }
    };
    let mut open: Vec<Sum> = window.places.iter().enumerate().map(equation).collect();
    let mut axes: Vec<Option<Sum>> = vec![None; extents.len()];
    while let Some((number, axis, is_negative)) = pivot(&open, extents) {
        let equation = open.remove(number);
        // 0 = ±r + rest, so r = ∓rest.
        let (mut rest, sign) = (equation, Dim::constant(if is_negative { 1 } else { -1 }));
        rest.r.terms.retain(|(own, _)| *own != axis);
        let value = Sum { u: rest.u.times_plus(&sign, &nothing)?, r: rest.r.times_plus(&sign, &nothing)? };
        for sum in open.iter_mut().chain(axes.iter_mut().flatten()) {
            *sum = sum.substituted(axis, &value)?;
        }
        axes[axis] = Some(value);
    }
    if open.iter().any(|sum| !sum.r.terms.is_empty()) {
        return None;
    }
    let within = |bounds: &Bounds| {
        let mut sum = Sum { u: nothing.clone(), r: bounds.place.clone() };
        for (axis, value) in axes.iter().enumerate() {
            if let Some(value) = value {
                sum = sum.substituted(axis, value)?;
            }
        }
        Some((sum, bounds.extent.clone()))
    };
    let guard = window.guard.iter().map(within).collect::<Option<Vec<_>>>()?;
    let is_unit = |(_, stride): &(usize, Dim)| stride.as_constant().is_some_and(|stride| stride.abs() == 1);
    axes.iter().flatten().all(|sum| sum.r.terms.iter().all(is_unit)).then_some(Solved { axes, zero: open, guard })
}

/// The equation to solve next, the axis to solve it for, and whether that is taken off: of those with stride 1 or -1 the
/// longest, for the others are summed.
fn pivot(open: &[Sum], extents: &[Dim]) -> Option<(usize, usize, bool)> {
    let size = |axis: usize| extents[axis].as_constant().unwrap_or(i64::MAX);
    let mut best: Option<(usize, usize, bool)> = None;
    for (number, sum) in open.iter().enumerate() {
        for (axis, stride) in &sum.r.terms {
            let sign = match stride.as_constant() {
                Some(1) => false,
                Some(-1) => true,
                _ => continue,
            };
            if best.is_none_or(|(_, there, _)| size(*axis) > size(there)) {
                best = Some((number, *axis, sign));
            }
        }
    }
    best
}

impl Solved {
    /// `Σ over the free axes of g[r(u, free)]`
    fn read(&self, region: &mut Region, shape: &Shape, extents: &Shape, g: NodeId, kind: ReduceKind) -> NodeId {
        let free: Vec<usize> = (0..extents.len()).filter(|&axis| self.axes[axis].is_none()).collect();
        // The axes of the window of g: the operand's, then the free ones.
        let moved = |axis: usize| shape.len() + free.iter().position(|&own| own == axis).expect("a free axis");
        let joined = |sum: &Sum| {
            let r = Place {
                offset: sum.r.offset.clone(),
                terms: sum.r.terms.iter().map(|(axis, stride)| (moved(*axis), stride.clone())).collect(),
            };
            sum.u.plus(&r).expect("as large as what was solved")
        };
        let place = |(axis, sum): (usize, &Option<Sum>)| sum.as_ref().map_or_else(|| Place::axis(moved(axis)), joined);
        let places: Vec<Place> = self.axes.iter().enumerate().map(place).collect();
        let whole: Shape = shape.iter().chain(free.iter().map(|&axis| &extents[axis])).cloned().collect();
        let of_axes = places.iter().zip(extents.iter()).map(|(place, extent)| (place.clone(), extent.clone()));
        let of_zero = self.zero.iter().map(|sum| (joined(sum), Dim::ONE));
        let of_guard = self.guard.iter().map(|(sum, extent)| (joined(sum), extent.clone()));
        let guard = of_axes.chain(of_zero).chain(of_guard).map(|(place, extent)| Bounds { place, extent });
        let guard = guard.filter(|bounds| !bounds.place.is_within(&whole, &bounds.extent)).collect();
        let read = region.window(g, &whole, places, guard);
        region.reduce(kind, read, &(shape.len()..whole.len()).collect::<Vec<_>>())
    }
}

/// The cotangent added up where each of its elements was read.
fn scattered(window: &Window, region: &mut Region, shape: &Shape, g: NodeId, kind: ReduceKind) -> NodeId {
    let g = guarded(window, region, g);
    let indices: Vec<NodeId> = window.places.iter().map(|place| region.position(place, &window.shape)).collect();
    let axes: Vec<usize> = (0..shape.len()).collect();
    if kind == ReduceKind::Any {
        return region.scatter_any(g, shape, &axes, &indices);
    }
    let zeros = region.zeros(shape);
    region.scatter(zeros, g, &axes, &indices)
}

/// The cotangent where something was read, and 0 elsewhere.
fn guarded(window: &Window, region: &mut Region, g: NodeId) -> NodeId {
    if window.guard.is_empty() {
        return g;
    }
    let places = (0..window.shape.len()).map(Place::axis).collect();
    debug_assert!(region.ty(g).elem != Elem::Index, "a cotangent, or truth values");
    region.window(g, &window.shape, places, window.guard.clone())
}
