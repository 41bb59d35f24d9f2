//! Masks of what choices take: truth values that go back through a region beside the cotangents.
//!
//! Of the choices that say so ([`Select::CHOICE`](super::Select::CHOICE)): where an element is not taken, its cotangent is zero by the form of the expression. What is multiplied by such a zero
//! may be anything, so it is left out by a choice of its own, never by the product:
//!
//! ```text
//! %2 = select c f(x) 0        taken of f(x): c        cotangent of x: select c (g·f'(x)) 0
//! ```
//!
//! So every tensor of a derivative is zero where nothing is taken, and derivatives of derivatives, whose choices these
//! are, leave the same elements out again. `None` stands for all elements: then nothing is added to the graph.

use super::{Logic, Op, ReduceKind};
use crate::graph::{NodeId, Region, Shape};

/// How many alternatives, and how many conditions in each, are looked into when two sets are united.
const LIMIT: usize = 8;

/// A condition or its opposite.
type Atom = (NodeId, bool);

/// The elements of both sets.
pub(crate) fn both(region: &mut Region, a: Option<NodeId>, b: NodeId) -> NodeId {
    let Some(a) = a else { return b };
    if let Some((shape, places, [a, b])) = spread_alike(region, a, b) {
        let once = both(region, Some(a), b);
        return region.broadcast(once, &shape, &places);
    }
    let (of_a, of_b) = (conditions(region, a), conditions(region, b));
    if of_b.iter().all(|atom| of_a.contains(atom)) {
        return a;
    }
    if of_a.iter().all(|atom| of_b.contains(atom)) {
        return b;
    }
    logic(region, Logic::And, &[a, b])
}

/// The elements of either set; `None` where these are all.
pub(crate) fn either(region: &mut Region, a: NodeId, b: NodeId) -> Option<NodeId> {
    if let Some((shape, places, [a, b])) = spread_alike(region, a, b) {
        let once = either(region, a, b)?;
        return Some(region.broadcast(once, &shape, &places));
    }
    if is_any_of(region, a, b) {
        return Some(a);
    }
    if is_any_of(region, b, a) {
        return Some(b);
    }
    let mut sets = alternatives(region, a);
    sets.extend(alternatives(region, b));
    while let Some((i, j)) = mergeable(&sets) {
        let merged = merged(&sets[i], &sets[j]);
        if merged.is_empty() {
            return None;
        }
        sets[j] = merged;
        if sets[j].iter().all(|atom| sets[i].contains(atom)) {
            sets.remove(i);
        }
    }
    let mut sets = sets.iter().map(|set| set.iter().copied());
    let mut united = None;
    for set in &mut sets {
        let mut all = None;
        for (condition, holds) in set {
            let atom = if holds { condition } else { opposite(region, condition) };
            all = Some(all.map_or(atom, |all| logic(region, Logic::And, &[all, atom])));
        }
        let all = all.expect("an empty set of conditions is everything");
        united = Some(united.map_or(all, |united| logic(region, Logic::Or, &[united, all])));
    }
    united
}

/// The connective that a truth value is made with.
fn connective(region: &Region, node: NodeId) -> Option<Logic> {
    if let Op::Logic(logic) = region.node(node).op { Some(logic) } else { None }
}

/// The elements for which a condition does not hold.
pub(crate) fn opposite(region: &mut Region, condition: NodeId) -> NodeId {
    match connective(region, condition) {
        Some(Logic::Not) => region.operand(condition, 0),
        Some(Logic::And | Logic::Or) | None => logic(region, Logic::Not, &[condition]),
    }
}

/// Whether one of the elements along axes (sorted) is in the set. Axes along which a set only repeats are dropped: over
/// none of them there is nothing to leave out either.
pub(crate) fn any(region: &mut Region, set: NodeId, axes: &[usize]) -> NodeId {
    let Some((shape, places, source)) = spread(region, set) else {
        return region.reduce(ReduceKind::Any, set, axes);
    };
    let own: Vec<usize> = (0..places.len()).filter(|&place| axes.contains(&places[place])).collect();
    let once = any(region, source, &own);
    let kept: Vec<usize> = (0..shape.len()).filter(|axis| !axes.contains(axis)).collect();
    let left = places.iter().filter(|place| !axes.contains(place));
    let places: Vec<usize> = left.filter_map(|place| kept.iter().position(|axis| axis == place)).collect();
    let shape: Shape = kept.iter().map(|&axis| shape[axis].clone()).collect();
    region.broadcast(once, &shape, &places)
}

/// Whether an element at or after each place along an axis (`reverse`: at or before) is in the set.
pub(super) fn any_later(region: &mut Region, set: NodeId, axis: usize, reverse: bool) -> NodeId {
    if spread(region, set).is_some_and(|(_, places, _)| !places.contains(&axis)) {
        return set;
    }
    let ones = region.cast(set, crate::graph::Elem::Real);
    let one = region.ones_like(ones);
    let count = region.recurrence(one, ones, axis, !reverse);
    let zero = region.zeros_like(count);
    region.less(zero, count)
}

/// `x` where it is taken, 0 elsewhere.
pub(super) fn only(region: &mut Region, taken: NodeId, x: NodeId) -> NodeId {
    let zero = region.zeros_like(x);
    region.choose(taken, x, zero)
}

/// A truth function, of the sources where the operands repeat along the same axes.
fn logic(region: &mut Region, op: Logic, operands: &[NodeId]) -> NodeId {
    let sources: Option<Vec<_>> = operands.iter().map(|&operand| spread(region, operand)).collect();
    if let Some(sources) = sources
        && let Some((shape, places, _)) = sources.first().cloned()
        && sources.iter().all(|(_, other, _)| *other == places)
    {
        let sources: Vec<NodeId> = sources.iter().map(|&(_, _, source)| source).collect();
        let once = logic(region, op, &sources);
        return region.broadcast(once, &shape, &places);
    }
    region.add(op.into(), operands)
}

/// The shape of a broadcast, where its operand's axes go, and the operand.
fn spread(region: &Region, node: NodeId) -> Option<(Shape, Vec<usize>, NodeId)> {
    let node = region.node(node);
    let Op::Broadcast(op) = &node.op else { return None };
    Some((op.shape.clone(), op.axes.clone(), node.operands[0]))
}

/// Two broadcasts along the same axes: the shape, where the operands' axes go, and the operands.
fn spread_alike(region: &Region, a: NodeId, b: NodeId) -> Option<(Shape, Vec<usize>, [NodeId; 2])> {
    let ((shape, places, a), (_, others, b)) = (spread(region, a)?, spread(region, b)?);
    (places == others).then_some((shape, places, [a, b]))
}

/// Whether a set has all lines in which an element of `set` is.
fn is_any_of(region: &Region, lines: NodeId, set: NodeId) -> bool {
    let Some((_, places, line)) = spread(region, lines) else { return false };
    let line = region.node(line);
    let Op::Reduce(op) = &line.op else { return false };
    op.kind == ReduceKind::Any
        && line.operands[0] == set
        && places.iter().all(|place| !op.axes.contains(place))
        && places.len() + op.axes.len() == region.ty(set).rank()
}

/// The conditions that all hold.
fn conditions(region: &Region, set: NodeId) -> Vec<Atom> {
    let mut found = Vec::new();
    let mut pending = vec![set];
    while let Some(node) = pending.pop() {
        let operands = &region.node(node).operands;
        match connective(region, node) {
            Some(Logic::And) if found.len() + pending.len() < LIMIT => pending.extend([operands[1], operands[0]]),
            Some(Logic::Not) => found.push((operands[0], false)),
            Some(Logic::And | Logic::Or) | None => found.push((node, true)),
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The sets of which this is the union.
fn alternatives(region: &Region, set: NodeId) -> Vec<Vec<Atom>> {
    let mut found = Vec::new();
    let mut pending = vec![set];
    while let Some(node) = pending.pop() {
        let operands = &region.node(node).operands;
        match connective(region, node) {
            Some(Logic::Or) if found.len() + pending.len() < LIMIT => pending.extend([operands[1], operands[0]]),
            Some(Logic::And | Logic::Or | Logic::Not) | None => found.push(conditions(region, node)),
        }
    }
    found
}

/// Two sets whose union is simpler than both: one in the other, or one that makes a condition of the other needless.
fn mergeable(sets: &[Vec<Atom>]) -> Option<(usize, usize)> {
    let pairs = (0..sets.len()).flat_map(|i| (0..sets.len()).map(move |j| (i, j)));
    let mut pairs = pairs.filter(|(i, j)| i != j);
    pairs.find(|&(i, j)| {
        let (a, b) = (&sets[i], &sets[j]);
        b.iter().all(|atom| a.contains(atom)) || needless(a, b).is_some()
    })
}

/// The second of two mergeable sets, without what the first makes needless.
fn merged(a: &[Atom], b: &[Atom]) -> Vec<Atom> {
    let gone = needless(a, b);
    b.iter().copied().filter(|atom| gone != Some(*atom)).collect()
}

/// The condition of `b` whose opposite `a` has, if `a` asks for nothing else that `b` does not: `p or (q and not p)` is
/// `p or q`.
fn needless(a: &[Atom], b: &[Atom]) -> Option<Atom> {
    let mut rest = a.iter().filter(|atom| !b.contains(atom));
    let &(condition, holds) = rest.next()?;
    let needless = (condition, !holds);
    (rest.next().is_none() && b.contains(&needless)).then_some(needless)
}
