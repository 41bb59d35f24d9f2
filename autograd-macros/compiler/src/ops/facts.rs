//! Facts: what is known of the values of nodes before they are differentiated, so that rules need not look further than
//! their own operands.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::lowering::Role;
use super::positive::is_positive;
use super::range::{Overflow, Range};
use crate::graph::{Elem, NodeId, Region};

/// Facts about the nodes up to one of them.
#[derive(Clone, Debug)]
pub struct Facts {
    finite: Vec<bool>,
    number: Vec<bool>,
    constant: Vec<bool>,
    ranges: Vec<Range>,
    /// Cotangents and tangents that may be infinite where all values are finite.
    steep: RefCell<BTreeSet<NodeId>>,
    /// Cotangents that are zero where an extreme, a ramp or a box takes nothing of the value.
    masked: RefCell<BTreeSet<NodeId>>,
}

impl Facts {
    /// About all nodes up to `last`.
    #[must_use]
    pub fn of(region: &Region, last: NodeId) -> Self {
        let count = last.index() + 1;
        let mut facts = Self {
            finite: Vec::with_capacity(count),
            number: Vec::with_capacity(count),
            constant: Vec::with_capacity(count),
            ranges: Vec::with_capacity(count),
            steep: RefCell::default(),
            masked: RefCell::default(),
        };
        for (_, node) in region.iter().take(count) {
            let total = node.op.is_total(region, &node.operands);
            let finite = total && node.operands.iter().all(|x| facts.is_finite(*x));
            let number = node.ty.elem != Elem::Real
                || total && node.op.role() != Role::Leaf && node.operands.iter().all(|x| facts.is_number(*x));
            let constant = node.op.role() != Role::Leaf && node.operands.iter().all(|x| facts.is_constant(*x));
            let range = Range::of(region, node, &facts);
            facts.ranges.push(range);
            facts.finite.push(finite);
            facts.number.push(number);
            facts.constant.push(constant);
        }
        facts
    }

    /// Whether the value is finite whenever parameters, inputs and states are, overflow of sums and products aside:
    /// only then may a zero cotangent be multiplied by it.
    #[must_use]
    pub fn is_finite(&self, node: NodeId) -> bool {
        self.finite.get(node.index()).copied().unwrap_or(false)
    }

    /// Whether the value is finite whatever parameters, inputs and states are: truth values and indices as numbers,
    /// literals, and what is made of these.
    #[must_use]
    pub fn is_number(&self, node: NodeId) -> bool {
        self.number.get(node.index()).copied().unwrap_or(false)
    }

    /// Whether the value may be infinite though parameters, inputs and states are finite: by overflow, or at a pole.
    #[must_use]
    pub fn may_overflow(&self, node: NodeId) -> bool {
        self.range(node).overflow > Overflow::Never
    }

    /// Whether it may be infinite and more is behind it than a sum of two numbers near the largest.
    #[must_use]
    pub(super) fn may_overflow_far(&self, node: NodeId) -> bool {
        self.range(node).overflow > Overflow::BySum
    }

    /// Whether a value is above 0 or NaN, the underflow of products aside: by its form, or by its interval.
    #[must_use]
    pub(super) fn is_positive(&self, region: &Region, node: NodeId) -> bool {
        self.covers(node) && self.range(node).low > 0.0 || is_positive(region, node)
    }

    pub(super) fn range(&self, node: NodeId) -> Range {
        self.ranges[node.index()]
    }

    /// Whether the value contains no parameter, input or state.
    #[must_use]
    pub fn is_constant(&self, node: NodeId) -> bool {
        self.constant.get(node.index()).copied().unwrap_or(false)
    }

    /// Notes that a cotangent or tangent may be infinite where all values are finite: behind a root, whose slope at 0 is.
    pub fn note_steep(&self, derivative: NodeId) {
        self.steep.borrow_mut().insert(derivative);
    }

    /// Whether that has been noted: then a slope of 0 skips it.
    #[must_use]
    pub fn is_steep(&self, derivative: NodeId) -> bool {
        self.steep.borrow().contains(&derivative)
    }

    /// Notes that a cotangent is zero where something above takes nothing of the value, which may overflow there.
    pub fn note_masked(&self, derivative: NodeId) {
        self.masked.borrow_mut().insert(derivative);
    }

    /// Whether that has been noted: then its zeros skip a slope that may overflow.
    #[must_use]
    pub fn is_masked(&self, derivative: NodeId) -> bool {
        self.masked.borrow().contains(&derivative)
    }

    /// Whether a node is among those that facts are about.
    #[must_use]
    pub fn covers(&self, node: NodeId) -> bool {
        node.index() < self.finite.len()
    }
}
