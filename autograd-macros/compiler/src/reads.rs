//! Checks of integers that depend on data: which subscripts lie outside where their value is taken, and which numbers are none,
//! as further results of the graph of an entry point.
//!
//! A [`Gather`] reads 0 outside, a [`Scatter`] adds nothing there, so the rest is computed whatever the data
//! is, and the check is made at the end, before anything of the model is changed. What an arm of a choice reads that is not taken is no mistake: the elements that
//! are taken go down the graph as they do for derivatives (see [`Primitive::taken`]).
//!
//! ```text
//! %5 [T] = gather [0] checked %1 %4        →        first: argmax(concat(%4 < 0 || N <= %4, 0.5))
//! ```

use std::rc::Rc;

use crate::graph::print::live;
use crate::graph::{Dim, Elem, Node, NodeId, Region, Shape};
use crate::ops::lowering::{Role, sure};
use crate::ops::{Cast, Extreme, Gather, Logic, Op, Outside, Primitive, Scatter, Select, taken};

/// What is checked of integers.
#[derive(Clone, Debug)]
pub enum Rule {
    /// They lie in `0..size`, along an axis.
    Inside {
        /// Which axis.
        axis: usize,
        /// Its extent.
        size: Dim,
    },
    /// They are the numbers that they were made of.
    Whole,
}

/// An integer to be checked: what is said of it if it is wrong.
#[derive(Clone, Debug)]
pub struct Check {
    /// Which result is the place, in row-major order, of the first integer that is wrong, or how many there are; the next
    /// one is that integer, or the number that is none.
    pub result: usize,
    /// What is read, written to or made integers.
    pub array: Rc<str>,
    /// What is checked.
    pub rule: Rule,
    /// The shape of the integers.
    pub shape: Shape,
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
    let found = region.iter().filter(|(id, node)| live[id.index()] && is_checked(region, node));
    let found: Vec<NodeId> = found.map(|(id, _)| id).collect();
    if found.is_empty() {
        return None;
    }
    let mut checked = Checked { region: region.clone(), results: results.to_vec(), checks: Vec::new() };
    let demanded = demanded(&mut checked.region, results, &live, &found);
    for (node, demand) in found.into_iter().zip(demanded) {
        match demand {
            Demand::Nowhere => {}
            Demand::Where(set) => checked.check(node, Some(set)),
            Demand::Everywhere => checked.check(node, None),
        }
    }
    Some(checked)
}

/// Whether a node makes integers or takes them that data decide.
#[must_use]
pub fn is_checked(region: &Region, node: &Node) -> bool {
    match &node.op {
        Op::Gather(Gather { outside, .. }) | Op::Scatter(Scatter { outside, .. }) => *outside == Outside::Mistake,
        Op::Cast(Cast { to: Elem::Index }) => region.ty(node.operands[0]).elem == Elem::Real,
        _ => false,
    }
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
                // A slope, 0 where its read is not taken, goes to where that reads: the value says whether it may.
                (Op::Scatter(Scatter { outside: Outside::Zero, .. }), 2..) => continue,
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
    /// Adds the results of each check of a node, of the elements that are taken if not all are.
    fn check(&mut self, id: NodeId, taken: Option<NodeId>) {
        let node = self.region.node(id).clone();
        let (axes, first) = match &node.op {
            Op::Gather(op) => (&op.axes, 1),
            Op::Scatter(op) => (&op.axes, 2),
            _ => return self.check_whole(id, taken),
        };
        let indices = &node.operands[first..];
        let demand = taken.and_then(|taken| node.op.taken(&mut self.region, id, first, Some(taken)));
        let of = self.region.shape(node.operands[0]);
        for (&axis, &index) in axes.iter().zip(indices) {
            let shape = self.region.shape(index);
            let filled = |r: &mut Region, dim: &Dim| {
                let dim = match dim.as_constant() {
                    Some(value) => r.index(value),
                    None => r.extent(dim),
                };
                r.fill(dim, &shape)
            };
            let r = &mut self.region;
            let (zero, end) = (filled(r, &Dim::ZERO), filled(r, &of[axis]));
            let (below, beyond) = (r.less(index, zero), r.less_equal(end, index));
            let outside = r.or(below, beyond);
            let rule = Rule::Inside { axis, size: of[axis].clone() };
            let named = [node.operands[0], id].into_iter().find_map(|of| name_of(&self.region, of));
            self.add(named, rule, outside, (index, demand));
        }
    }

    /// Numbers that are made integers are what these are.
    fn check_whole(&mut self, id: NodeId, demand: Option<NodeId>) {
        let (x, shape) = (self.region.operand(id, 0), self.region.shape(id));
        let r = &mut self.region;
        let [low, high] = [-Cast::LAST, Cast::LAST].map(|end| {
            let end = r.index(end);
            r.fill(end, &shape)
        });
        let (below, beyond) = (r.less_equal(id, low), r.less_equal(high, id));
        let wrong = r.or(below, beyond);
        let of = if let Op::Map(_) = r.node(x).op { r.operand(x, 0) } else { x };
        let named = name_of(&self.region, of);
        self.add(named, Rule::Whole, wrong, (x, demand));
    }

    /// A check: the place of the first element that is wrong, and what stands there.
    fn add(&mut self, array: Option<Rc<str>>, rule: Rule, wrong: NodeId, (value, demand): (NodeId, Option<NodeId>)) {
        let r = &mut self.region;
        let shape = r.shape(value);
        let flat: Shape = [sure(Dim::volume(&shape))].into();
        let wrong = demand.map_or(wrong, |demand| r.and(wrong, demand));
        let (wrong, value) = (r.reshape(wrong, &flat), r.reshape(value, &flat));
        let wrong = r.cast(wrong, Elem::Real);
        // None is wrong: then the place after the last is the largest.
        let half = r.full(0.5, &[Dim::ONE].into());
        let all = r.concat(&[wrong, half], 0);
        let first = r.arg_reduce(Extreme::Max, all, 0);
        let value = r.gather(value, &[0], &[first], Outside::Zero);
        let array = array.unwrap_or_else(|| "value".into());
        self.checks.push(Check { result: self.results.len(), array, rule, shape });
        self.results.extend([first, value]);
    }
}

/// What the user calls a value, if it has a name.
fn name_of(region: &Region, node: NodeId) -> Option<Rc<str>> {
    let found = region.node(node);
    match &found.op {
        Op::Leaf(leaf) => Some(leaf.name.clone()),
        _ if found.name.is_some() => found.name.clone(),
        op if op.role() == Role::View => name_of(region, found.operands[0]),
        _ => None,
    }
}
