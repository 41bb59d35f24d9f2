//! Checks of subscripts that depend on data: which of them lie outside where their value is taken, as further results of the
//! graph of an entry point.
//!
//! A [`Gather`] reads 0 outside, so the rest is computed whatever the data is, and the check is made at the end,
//! before anything of the model is changed. What an arm of a choice reads that is not taken is no mistake: the elements that
//! are taken go down the graph as they do for derivatives (see [`Primitive::taken`]).
//!
//! ```text
//! %5 [T] = gather [0] checked %1 %4        →        first: argmax(concat(%4 < 0 || N <= %4, 0.5))
//! ```

use std::rc::Rc;

use crate::graph::print::live;
use crate::graph::{Dim, Elem, NodeId, Region, Shape};
use crate::ops::lowering::{Role, sure};
use crate::ops::{Extreme, Gather, Logic, Op, Outside, Primitive, Select, taken};

/// A subscript to be checked: what is said of it if it is wrong.
#[derive(Clone, Debug)]
pub struct Check {
    /// Which result is the place, in row-major order, of the first integer that lies outside, or how many there are; the next
    /// one is that integer.
    pub result: usize,
    /// What is read.
    pub array: Rc<str>,
    /// Along which of its axes.
    pub axis: usize,
    /// The shape of the integers.
    pub shape: Shape,
    /// The extent that they must lie below.
    pub size: Dim,
}

/// A graph whose results say whether its subscripts lie inside.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The graph.
    pub region: Region,
    /// Its results, then two for each check.
    pub results: Vec<NodeId>,
    /// The checks.
    pub checks: Vec<Check>,
}

/// The graph with its checks; `None` if there are none.
#[must_use]
pub fn checked(region: &Region, results: &[NodeId]) -> Option<Checked> {
    let live = live(region, results.iter().copied());
    let is_checked = |op: &Op| matches!(op, Op::Gather(Gather { outside: Outside::Mistake, .. }));
    let found: Vec<NodeId> =
        region.iter().filter(|(id, node)| live[id.index()] && is_checked(&node.op)).map(|(id, _)| id).collect();
    if found.is_empty() {
        return None;
    }
    let mut checked = Checked { region: region.clone(), results: results.to_vec(), checks: Vec::new() };
    let demanded = demanded(&mut checked.region, results, &live, &found);
    for (gather, demand) in found.into_iter().zip(demanded) {
        if let Demand::Nowhere = demand {
            continue;
        }
        checked.check(gather, demand);
    }
    Some(checked)
}

/// Which elements of a value the results depend on.
#[derive(Clone, Copy)]
enum Demand {
    Nowhere,
    Where(NodeId),
    Everywhere,
}

impl Demand {
    /// With the elements that a further use takes; `None` is all.
    fn or(self, region: &mut Region, more: Option<NodeId>) -> Self {
        let united = match (self, more) {
            (Self::Everywhere, _) | (_, None) => None,
            (Self::Nowhere, Some(more)) => Some(more),
            (Self::Where(set), Some(more)) => taken::either(region, set, more),
        };
        united.map_or(Self::Everywhere, Self::Where)
    }
}

/// The elements of some nodes that the results depend on.
fn demanded(region: &mut Region, results: &[NodeId], live: &[bool], wanted: &[NodeId]) -> Vec<Demand> {
    let mut leads = vec![false; live.len()];
    for node in wanted {
        leads[node.index()] = true;
    }
    for place in (0..live.len()).filter(|&place| live[place]) {
        let operands = &region.node(region.id(place)).operands;
        leads[place] |= operands.iter().any(|operand| leads[operand.index()]);
    }
    let mut demand = vec![Demand::Nowhere; live.len()];
    for result in results {
        demand[result.index()] = Demand::Everywhere;
    }
    for place in (0..live.len()).rev().filter(|&place| live[place] && leads[place]) {
        let id = region.id(place);
        let here = match demand[place] {
            Demand::Nowhere => continue,
            Demand::Where(set) => Some(set),
            Demand::Everywhere => None,
        };
        let node = region.node(id).clone();
        for (operand, &of) in node.operands.iter().enumerate().filter(|(_, of)| leads[of.index()]) {
            let inner = match (&node.op, operand) {
                (Op::Select(_), 0) => here,
                // Whoever chooses: what is not chosen is not there.
                (Op::Select(_), _) => Select::CHOICE.taken(region, id, operand, here),
                // From left to right: what decides for itself asks no further.
                (Op::Logic(Logic::And), 1) => Some(taken::both(region, here, node.operands[0])),
                (Op::Logic(Logic::Or), 1) => {
                    let undecided = taken::opposite(region, node.operands[0]);
                    Some(taken::both(region, here, undecided))
                }
                (op, _) => op.taken(region, id, operand, here),
            };
            demand[of.index()] = demand[of.index()].or(region, inner);
        }
    }
    wanted.iter().map(|node| demand[node.index()]).collect()
}

impl Checked {
    /// Adds the results of each subscript of a read.
    fn check(&mut self, gather: NodeId, demand: Demand) {
        let node = self.region.node(gather).clone();
        let Op::Gather(op) = &node.op else { return };
        let (from, own) = (self.region.shape(node.operands[0]), self.region.ty(node.operands[1]).rank());
        let demand = if let Demand::Where(set) = demand {
            let rest: Vec<usize> = (own..self.region.ty(set).rank()).collect();
            Some(taken::any(&mut self.region, set, &rest))
        } else {
            None
        };
        for (place, &axis) in op.axes.iter().enumerate() {
            let index = node.operands[place + 1];
            let [first, value] = self.first_outside(index, &from[axis], demand);
            let check = Check {
                result: self.results.len(),
                array: name_of(&self.region, node.operands[0]),
                axis,
                shape: self.region.shape(index),
                size: from[axis].clone(),
            };
            self.checks.push(check);
            self.results.extend([first, value]);
        }
    }

    /// The place of the first integer that lies outside of an axis, and that integer.
    fn first_outside(&mut self, index: NodeId, extent: &Dim, demand: Option<NodeId>) -> [NodeId; 2] {
        let r = &mut self.region;
        let shape = r.shape(index);
        let volume = sure(Dim::volume(&shape));
        let flat: Shape = [volume].into();
        let filled = |r: &mut Region, dim: &Dim| {
            let dim = match dim.as_constant() {
                Some(value) => r.index(value),
                None => r.extent(dim),
            };
            r.fill(dim, &shape)
        };
        let (zero, end) = (filled(r, &Dim::ZERO), filled(r, extent));
        let (below, beyond) = (r.less(index, zero), r.less_equal(end, index));
        let mut outside = r.or(below, beyond);
        if let Some(demand) = demand {
            outside = r.and(outside, demand);
        }
        let (outside, index) = (r.reshape(outside, &flat), r.reshape(index, &flat));
        let outside = r.cast(outside, Elem::Real);
        // None lies outside: then the place after the last is the largest.
        let half = r.full(0.5, &[Dim::ONE].into());
        let all = r.concat(&[outside, half], 0);
        let first = r.arg_reduce(Extreme::Max, all, 0);
        let value = r.gather(index, &[0], &[first], Outside::Zero);
        [first, value]
    }
}

/// What the user calls what is read.
fn name_of(region: &Region, node: NodeId) -> Rc<str> {
    let found = region.node(node);
    match &found.op {
        Op::Leaf(leaf) => leaf.name.clone(),
        _ if found.name.is_some() => found.name.clone().unwrap_or_else(|| "value".into()),
        op if op.role() == Role::View => name_of(region, found.operands[0]),
        _ => "value".into(),
    }
}
