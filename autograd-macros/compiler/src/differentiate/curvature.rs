//! The second derivatives of functions of distances: a derivative that is differentiated again has terms of value 0, for
//! the sake of their own derivatives (`ops/distance` says which).
//!
//! They cost a derivative by each distance, so they are there only where the region says that derivatives are still to come,
//! and not of expressions with very many distances.

use super::{jvp, jvp_of_several};
use crate::graph::{NodeId, Region};
use crate::ops::Facts;

/// Of how many distances at most, by the number of derivatives in what is differentiated: it is a derivative by each, every
/// time.
const MOST: [usize; 2] = [256, 8];

/// Whether a sweep keeps them.
#[derive(Clone, Copy)]
pub(super) struct Curvature(bool);

impl Curvature {
    /// Of a sweep through these nodes.
    pub(super) fn of(region: &mut Region, on_the_way: &[bool]) -> Self {
        let most = region.curved().and_then(|order| MOST.get(usize::try_from(order).ok()?));
        let Some(&most) = most else { return Self(false) };
        let nodes: Vec<NodeId> = (0..on_the_way.len()).filter(|&at| on_the_way[at]).map(|at| region.id(at)).collect();
        let distances = nodes.into_iter().filter(|&node| is_distance(region, node)).count();
        Self((1..=most).contains(&distances))
    }

    pub(super) fn is_kept(self) -> bool {
        self.0
    }
}

/// Whether there is a distance at all.
pub fn has_distances(region: &mut Region) -> bool {
    (0..region.len()).any(|place| {
        let node = region.id(place);
        is_distance(region, node)
    })
}

fn is_distance(region: &mut Region, node: NodeId) -> bool {
    let op = region.node(node).op.clone();
    op.distance(region, node).is_some()
}

/// The tangent 1 at the origin, and 0 elsewhere: of a single distance, 1.
fn at_origin(region: &mut Region, y: NodeId, origin: NodeId) -> NodeId {
    let one = region.ones_like(y);
    if region.shape(y).is_empty() {
        return one;
    }
    let zero = region.zeros_like(y);
    region.select(origin, one, zero)
}

/// What no term of this kind is built for.
fn plainly<T>(region: &mut Region, build: impl FnOnce(&mut Region) -> T) -> T {
    let most = region.set_curved(None);
    let built = build(region);
    region.set_curved(most);
    built
}

/// `x`, and 0 where it is infinite or NaN: the third derivative is not made of a second one that there is not.
fn finite(region: &mut Region, x: NodeId) -> NodeId {
    let (size, infinity, zero) = (region.abs(x), region.full_like(f64::INFINITY, x), region.zeros_like(x));
    let is_finite = region.less(size, infinity);
    region.choose(is_finite, x, zero)
}

/// Adds the terms of one distance `y`, whose cotangent is `g`, to those of its operands.
pub(super) fn add_to_cotangents(
    region: &mut Region,
    (y, g): (NodeId, NodeId),
    facts: &Facts,
    wanted: &[bool],
    terms: &mut [Option<NodeId>],
) {
    let op = region.node(y).op.clone();
    let Some(distance) = op.distance(region, y) else { return };
    let along = at_origin(region, y, distance.origin);
    let Ok(Some(curvature)) = plainly(region, |region| jvp(region, g, &[(y, along)])) else { return };
    let curvature = if region.curved() == Some(0) { curvature } else { finite(region, curvature) };
    for (operand, term) in distance.vjp(region, curvature, facts) {
        if wanted[operand] {
            let is_steep = facts.is_steep(term) || terms[operand].is_some_and(|term| facts.is_steep(term));
            terms[operand] = region.plus_maybe(terms[operand], Some(term));
            terms[operand].filter(|_| is_steep).into_iter().for_each(|sum| facts.note_steep(sum));
        }
    }
}

/// Adds the terms of all distances on the way to the tangents of `ys`.
pub(super) fn add_to_tangents(
    region: &mut Region,
    ys: &[NodeId],
    leads: &[bool],
    tangents: &[Option<NodeId>],
    along: &mut [Option<NodeId>],
) {
    for place in (0..leads.len()).filter(|&place| leads[place]) {
        let node = region.id(place);
        let op = region.node(node).op.clone();
        let Some(distance) = op.distance(region, node) else { continue };
        let inner: Vec<Option<NodeId>> = region.node(node).operands.iter().map(|x| tangents[x.index()]).collect();
        let Some(square) = distance.jvp(region, &inner) else { continue };
        let one = at_origin(region, node, distance.origin);
        let Ok(slopes) = plainly(region, |region| jvp_of_several(region, ys, &[(node, one)])) else { continue };
        let known: Vec<NodeId> = slopes.iter().copied().flatten().collect();
        let Ok(curved) = plainly(region, |region| jvp_of_several(region, &known, &[(node, square)])) else { continue };
        let mut curved = curved.into_iter();
        for (sum, _) in along.iter_mut().zip(&slopes).filter(|(_, slope)| slope.is_some()) {
            *sum = region.plus_maybe(*sum, curved.next().flatten());
        }
    }
}
