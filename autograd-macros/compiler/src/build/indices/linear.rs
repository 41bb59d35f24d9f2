//! Integers as sums: what a subscript is in terms of the indices that it stands under, and between which bounds it lies.

use std::collections::BTreeMap;

use crate::graph::{Dim, Elem, NodeId, Region};
use crate::ops::lowering::Role;
use crate::ops::{Compare, Integer, Logic, Op};

/// `offset + Σ coefficient · integer`, over integers that are not sums themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Linear {
    pub(super) offset: Dim,
    pub(super) terms: BTreeMap<NodeId, Dim>,
}

impl Linear {
    pub(super) fn constant(offset: Dim) -> Self {
        Self { offset, terms: BTreeMap::new() }
    }

    /// What an integer of rank 0 is. `None` where sizes leave their range.
    pub(super) fn of(region: &Region, node: NodeId) -> Option<Self> {
        let alone = || Self { offset: Dim::ZERO, terms: BTreeMap::from([(node, Dim::ONE)]) };
        let side = |place| Self::of(region, region.operand(node, place));
        Some(match &region.node(node).op {
            #[allow(clippy::cast_possible_truncation, reason = "an integer below 2^53")]
            Op::Literal(literal) => Self::constant(Dim::constant(literal.value() as i64)),
            Op::Extent(extent) => Self::constant(extent.dim.clone()),
            // The same everywhere.
            Op::Broadcast(_) if region.ty(region.operand(node, 0)).rank() == 0 => side(0)?,
            Op::Integer(Integer::Add) => side(0)?.times_plus(&Dim::ONE, &side(1)?)?,
            Op::Integer(Integer::Sub) => side(1)?.times_plus(&Dim::constant(-1), &side(0)?)?,
            Op::Integer(Integer::Mul) => match (side(0)?, side(1)?) {
                (factor, sum) | (sum, factor) if factor.terms.is_empty() => {
                    sum.times_plus(&factor.offset, &Self::constant(Dim::ZERO))?
                }
                _ => alone(),
            },
            _ => alone(),
        })
    }

    /// `self · factor + other`
    pub(super) fn times_plus(&self, factor: &Dim, other: &Self) -> Option<Self> {
        let mut sum = other.clone();
        sum.offset = sum.offset.add(&self.offset.mul(factor)?)?;
        for (node, coefficient) in &self.terms {
            let more = coefficient.mul(factor)?;
            let there = sum.terms.entry(*node).or_insert(Dim::ZERO);
            *there = there.add(&more)?;
        }
        sum.terms.retain(|_, coefficient| *coefficient != Dim::ZERO);
        Some(sum)
    }

    /// `self - other`
    pub(super) fn minus(&self, other: &Self) -> Option<Self> {
        other.times_plus(&Dim::constant(-1), self)
    }
}

/// What is known of integers: how many values each bound index takes, and below what inputs lie.
pub(super) struct Known<'a> {
    pub(super) region: &'a Region,
    pub(super) extents: &'a BTreeMap<NodeId, Dim>,
    pub(super) classes: &'a BTreeMap<NodeId, Dim>,
    /// An extent that is 1 or more, if one is taken to be: an axis at which a read is clamped.
    pub(super) full: Option<Dim>,
}

impl Known<'_> {
    /// Whether a size is 0 or more whatever its names stand for.
    fn is_size(&self, dim: &Dim) -> bool {
        let beyond = || dim.sub(&self.full.as_ref()?.sub(&Dim::ONE)?);
        dim.is_never_negative() || beyond().is_some_and(|rest| rest.is_never_negative())
    }

    /// Whether how far every index in it runs is known.
    pub(super) fn covers(&self, node: NodeId) -> bool {
        let live = crate::graph::print::live(self.region, [node]);
        self.region
            .iter()
            .take(node.index() + 1)
            .filter(|(id, node)| live[id.index()] && matches!(node.op, Op::Bound(_)))
            .all(|(id, _)| self.extents.contains_key(&id))
    }

    /// The smallest and the largest value of a sum, as far as forms tell; each may be missing.
    pub(super) fn bounds(&self, sum: &Linear) -> [Option<Dim>; 2] {
        let mut ends = [Some(sum.offset.clone()), Some(sum.offset.clone())];
        for (node, coefficient) in &sum.terms {
            let [mut low, mut high] = self.of_node(*node);
            if coefficient.neg().is_some_and(|negative| negative.is_never_negative()) {
                (low, high) = (high, low);
            } else if !coefficient.is_never_negative() {
                return [None, None];
            }
            for (end, bound) in ends.iter_mut().zip([low, high]) {
                *end = end.take().and_then(|end| end.add(&bound?.mul(coefficient)?));
            }
        }
        ends
    }

    /// Those of an integer that is no sum.
    fn of_node(&self, node: NodeId) -> [Option<Dim>; 2] {
        let below = |extent: &Dim| [Some(Dim::ZERO), extent.sub(&Dim::ONE)];
        let side = |place| match Linear::of(self.region, self.region.operand(node, place)) {
            Some(sum) => self.bounds(&sum),
            None => [None, None],
        };
        match &self.region.node(node).op {
            Op::Bound(_) => self.extents.get(&node).map_or([None, None], below),
            Op::Iota(iota) => below(&iota.extent),
            Op::Broadcast(_) | Op::Reshape(_) | Op::Permute(_) | Op::Reverse(_) | Op::Slice(_) => side(0),
            Op::Concat(_) => (0..self.region.node(node).operands.len())
                .map(side)
                .reduce(|[low, high], [other, most_of]| [self.least(low, other), self.most(high, most_of)])
                .unwrap_or([None, None]),
            Op::Integer(op) => {
                self.of_operation(*op, side(0), side(1), &|dim| positive(dim) || self.runs_along(node, dim))
            }
            Op::Select(_) => {
                let ([low, high], [other_low, other_high]) = (side(1), side(2));
                [self.least(low, other_low), self.most(high, other_high)]
            }
            Op::Cast(_) if self.region.ty(self.region.operand(node, 0)).elem == Elem::Bool => below(&Dim::constant(2)),
            Op::ArgReduce(op) => below(&self.region.shape(self.region.operand(node, 0))[op.axis]),
            _ => self.class_of(node).map_or([None, None], |extent| below(&extent)),
        }
    }

    /// How many values the indices and counts take that an integer depends on, and they.
    fn ranges(&self, node: NodeId) -> Vec<(NodeId, Dim)> {
        let live = crate::graph::print::live(self.region, [node]);
        let all = self.region.iter().take(node.index() + 1).filter(|(id, _)| live[id.index()]);
        all.filter_map(|(id, node)| match &node.op {
            Op::Bound(_) => Some((id, self.extents.get(&id)?.clone())),
            Op::Iota(iota) => Some((id, iota.extent.clone())),
            _ => None,
        })
        .collect()
    }

    /// Whether an integer depends on an index that takes as many values: if there is one, that is 1 or more.
    fn runs_along(&self, node: NodeId, dim: &Dim) -> bool {
        self.ranges(node).iter().any(|(_, extent)| extent == dim)
    }

    /// What is known of the indices that an integer depends on: each lies below the number of its values.
    pub(super) fn range_facts(&self, node: NodeId) -> Vec<Linear> {
        let last = |(id, extent): (NodeId, Dim)| {
            let index = Linear { offset: Dim::ZERO, terms: BTreeMap::from([(id, Dim::ONE)]) };
            Linear::constant(extent.sub(&Dim::ONE)?).minus(&index)
        };
        self.ranges(node).into_iter().filter_map(last).collect()
    }

    fn of_operation(
        &self,
        op: Integer,
        a: [Option<Dim>; 2],
        b: [Option<Dim>; 2],
        is_positive: &dyn Fn(&Dim) -> bool,
    ) -> [Option<Dim>; 2] {
        let divisor = || match &b {
            [Some(low), Some(high)] if low == high && is_positive(low) => Some(low.clone()),
            _ => None,
        };
        let is_natural = |ends: &[Option<Dim>; 2]| ends[0].as_ref().is_some_and(Dim::is_never_negative);
        match op {
            Integer::Hash => [Some(Dim::ZERO), Some(Dim::constant((1 << 23) - 1))],
            Integer::Rem => divisor().map_or([None, None], |by| [Some(Dim::ZERO), by.sub(&Dim::ONE)]),
            Integer::FloorDiv => divisor().map_or([None, None], |by| a.map(|end| end?.floor_div(&by))),
            Integer::Mul if is_natural(&a) && is_natural(&b) => {
                let ([low, high], [other_low, other_high]) = (a, b);
                let product = |a: Option<Dim>, b: Option<Dim>| a?.mul(&b?);
                [product(low, other_low), product(high, other_high)]
            }
            Integer::Min => {
                let ([low, high], [other_low, other_high]) = (a, b);
                [self.least(low, other_low), smaller(other_high, high)]
            }
            Integer::Max => {
                let ([low, high], [other_low, other_high]) = (a, b);
                [self.larger(low, other_low), self.most(high, other_high)]
            }
            Integer::Add | Integer::Sub | Integer::Mul => [None, None],
        }
    }

    /// What is below both; 0 if both are never negative.
    fn least(&self, a: Option<Dim>, b: Option<Dim>) -> Option<Dim> {
        let (a, b) = (a?, b?);
        match apart(&a, &b) {
            Some(difference) => Some(if difference <= 0 { a } else { b }),
            None if self.is_size(&a) && self.is_size(&b) => Some(Dim::ZERO),
            None => None,
        }
    }

    /// What is above both; their sum if both are never negative.
    fn most(&self, a: Option<Dim>, b: Option<Dim>) -> Option<Dim> {
        let (a, b) = (a?, b?);
        match apart(&a, &b) {
            Some(difference) => Some(if difference >= 0 { a } else { b }),
            None if self.is_size(&a) && self.is_size(&b) => a.add(&b),
            None => None,
        }
    }

    /// A bound of a maximum from below: either is one, that which is never negative if one is.
    fn larger(&self, a: Option<Dim>, b: Option<Dim>) -> Option<Dim> {
        match (&a, &b) {
            (Some(x), Some(y)) => match apart(x, y) {
                Some(difference) => {
                    if difference >= 0 {
                        a
                    } else {
                        b
                    }
                }
                None if self.is_size(x) => a,
                None => b,
            },
            (None, _) => b,
            (_, None) => a,
        }
    }

    /// Below what the elements of an input lie that is read here.
    fn class_of(&self, node: NodeId) -> Option<Dim> {
        let mut node = node;
        while matches!(self.region.node(node).op.role(), Role::View | Role::Reshape) {
            node = self.region.operand(node, 0);
        }
        self.classes.get(&node).cloned()
    }

    /// Whether a sum is 0 or more wherever the conditions hold.
    pub(super) fn is_natural(&self, sum: &Linear, facts: &[Linear]) -> bool {
        let by_itself = |sum: &Linear| self.bounds(sum)[0].as_ref().is_some_and(|low| self.is_size(low));
        // What is known to be 0 or more is taken off; one or two facts are enough for what people write.
        let without = |sum: &Linear, fact: &Linear| sum.minus(fact);
        by_itself(sum)
            || facts.iter().any(|fact| {
                without(sum, fact).is_some_and(|rest| {
                    by_itself(&rest)
                        || facts.iter().any(|other| without(&rest, other).is_some_and(|rest| by_itself(&rest)))
                })
            })
    }

    /// What a condition says that holds, or that does not: sums that are 0 or more.
    pub(super) fn facts(&self, condition: NodeId, holds: bool, found: &mut Vec<Linear>) {
        let operands = &self.region.node(condition).operands;
        match (&self.region.node(condition).op, holds) {
            (Op::Logic(Logic::Not), _) => self.facts(operands[0], !holds, found),
            (Op::Logic(Logic::And), true) | (Op::Logic(Logic::Or), false) => {
                for &operand in operands {
                    self.facts(operand, holds, found);
                }
            }
            (Op::Compare(compare), _) => {
                let sides = [0, 1].map(|place| Linear::of(self.region, operands[place]));
                if let [Some(a), Some(b)] = sides {
                    found.extend(self.compared(*compare, holds, &a, &b));
                }
            }
            _ => {}
        }
    }

    fn compared(&self, compare: Compare, holds: bool, a: &Linear, b: &Linear) -> Vec<Linear> {
        let less = |sum: Option<Linear>| {
            let sum = sum?;
            Some(Linear { offset: sum.offset.sub(&Dim::ONE)?, ..sum })
        };
        let (rise, fall) = (b.minus(a), a.minus(b));
        let sums = match (compare, holds) {
            (Compare::Lt, true) => vec![less(rise)],
            (Compare::Lt, false) => vec![fall],
            (Compare::Le, true) => vec![rise],
            (Compare::Le, false) => vec![less(fall)],
            (Compare::Eq, true) | (Compare::Ne, false) => vec![rise, fall],
            // Not equal: at the end of its interval, it is on the one side that is left.
            (Compare::Eq, false) | (Compare::Ne, true) => {
                let strict = |sum: Option<Linear>| less(sum.filter(|sum| self.is_natural(sum, &[])));
                vec![strict(rise), strict(fall)]
            }
        };
        sums.into_iter().flatten().collect()
    }
}

/// Whether it is 1 or more whatever its names stand for.
fn positive(dim: &Dim) -> bool {
    dim.sub(&Dim::ONE).is_some_and(|rest| rest.is_never_negative())
}

/// The difference, if it is a number.
fn apart(a: &Dim, b: &Dim) -> Option<i64> {
    a.sub(b).and_then(|difference| difference.as_constant())
}

/// A bound of a minimum from above: either is one, the first unless the second is known to be closer.
fn smaller(a: Option<Dim>, b: Option<Dim>) -> Option<Dim> {
    match (&a, &b) {
        (Some(x), Some(y)) if apart(x, y).is_some_and(|difference| difference > 0) => b,
        (None, _) => b,
        _ => a,
    }
}
