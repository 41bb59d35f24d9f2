//! Conditioning checks: what a gradient from statistics may have lost, as a part of what computes it. The module above
//! says why.

use super::Sums;
use super::polynomial::{Group, Polynomial};
use crate::differentiate;
use crate::graph::{NodeId, Region};
use crate::ops::{Function, ReduceKind};

/// How much larger than a square its terms may be.
const SOUND: f64 = 1_048_576.0;

/// The part of the largest element of a tensor below which an element need not be accurate for itself.
const FLOOR: f64 = 0.01;

/// A gradient of which as little as this may have vanished is 0 if all its terms are.
const LEAST: f64 = 1e-200;

/// The largest quotient, of all parameters, of the magnitude of a gradient's terms that may cancel and the gradient. 0 if
/// there are none.
pub(super) fn lost(
    region: &mut Region,
    polynomial: &Polynomial,
    sums: &Sums,
    vanished: NodeId,
    (params, gradient): (&[NodeId], &[NodeId]),
) -> Result<NodeId, String> {
    let mut lost = region.literal(0.0);
    let Some(doubtful) = doubtful(region, polynomial, sums, vanished) else { return Ok(lost) };
    let sizes: Vec<NodeId> = params.iter().map(|&param| region.abs(param)).collect();
    let terms = differentiate::gradient(region, doubtful, &sizes).map_err(|refusal| refusal.reason)?;
    for ((terms, &gradient), &param) in terms.into_iter().zip(gradient).zip(params) {
        let Some(terms) = terms else { continue };
        let largest = at_least_one(region, param);
        let vanished = region.over(vanished, largest);
        let quotient = quotient(region, terms, vanished, gradient);
        lost = region.map(Function::Max, &[lost, quotient]);
    }
    Ok(lost)
}

/// The magnitude of the terms whose gradient has to be looked at: of each group its own, or 0 if it is sound.
fn doubtful(region: &mut Region, polynomial: &Polynomial, sums: &Sums, vanished: NodeId) -> Option<NodeId> {
    let terms_of = |group: usize| polynomial.terms.iter().filter(move |term| term.group == group);
    if let [(&only, _)] = sums.groups.iter().collect::<Vec<_>>()[..]
        && polynomial.groups[only] == Group::Square
    {
        return None;
    }
    let mut doubtful = None;
    for (&group, &[value, magnitude]) in &sums.groups {
        let (Some(value), Some(magnitude)) = (value, magnitude) else { continue };
        let degree = terms_of(group).map(super::polynomial::Term::degree).max().unwrap_or(0);
        let is_plain = degree == 0 || (degree == 1 && terms_of(group).count() == 1);
        if is_plain {
            continue;
        }
        let part = match polynomial.groups[group] {
            Group::Square => {
                let limit = region.scale(value, SOUND);
                let whole = region.plus(magnitude, vanished);
                let is_sound = region.less_equal(whole, limit);
                let (zero, one) = (region.literal(0.0), region.literal(1.0));
                let weight = region.select(is_sound, zero, one);
                let weight = region.stop_gradient(weight);
                region.times(weight, magnitude)
            }
            Group::Linear | Group::Product => magnitude,
        };
        doubtful = region.plus_maybe(doubtful, Some(part));
    }
    doubtful
}

/// The largest of `terms / |gradient|`, where small elements of the gradient count as a part of the largest.
fn quotient(region: &mut Region, terms: NodeId, vanished: NodeId, gradient: NodeId) -> NodeId {
    let shape = region.shape(gradient);
    let axes: Vec<usize> = (0..shape.len()).collect();
    let size = region.abs(gradient);
    let largest = region.reduce(ReduceKind::Max, size, &axes);
    let floor = region.scale(largest, FLOOR);
    let floor = region.fill(floor, &shape);
    let size = region.map(Function::Max, &[size, floor]);
    let vanished = region.fill(vanished, &shape);
    let all = region.plus(terms, vanished);
    let quotient = region.over(all, size);
    // Where there are no terms, there is nothing to lose, unless they have vanished.
    let (zero, least) = (region.zeros(&shape), region.full(LEAST, &shape));
    let (is_nothing, is_small) = (region.equal(terms, zero), region.less(vanished, least));
    let is_nothing = region.and(is_nothing, is_small);
    let quotient = region.select(is_nothing, zero, quotient);
    region.reduce(ReduceKind::Max, quotient, &axes)
}

/// The largest magnitude in a tensor, or 1 if that is larger.
pub(super) fn at_least_one(region: &mut Region, x: NodeId) -> NodeId {
    let axes: Vec<usize> = (0..region.ty(x).rank()).collect();
    let size = region.abs(x);
    let largest = region.reduce(ReduceKind::Max, size, &axes);
    let one = region.literal(1.0);
    region.map(Function::Max, &[one, largest])
}
