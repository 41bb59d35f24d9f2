//! Choices and truth values. All exact.

use super::super::matching::{operands, truth};
use super::super::{On, Rewriter, Row};
use super::exact;
use crate::graph::{NodeId, Region};
use crate::ops::{Compare, Literal, Logic, Op, Select};

pub(super) static ROWS: &[Row] = &[
    exact("select_of_literal", On::Select, select_of_literal),
    exact("select_equal_arms", On::Select, select_equal_arms),
    exact("select_of_not", On::Select, select_of_not),
    exact("select_same_condition", On::Select, select_same_condition),
    exact("logic_of_literal", On::Logic, logic_of_literal),
    exact("logic_of_same", On::Logic, logic_of_same),
    exact("not_not", On::Logic, not_not),
    exact("not_of_equality", On::Logic, not_of_equality),
];

fn logic(region: &Region, node: NodeId) -> Option<Logic> {
    if let Op::Logic(logic) = &region.node(node).op { Some(*logic) } else { None }
}

/// `x`, where the node is `!x`.
fn negated(region: &Region, node: NodeId) -> Option<NodeId> {
    (logic(region, node)? == Logic::Not).then(|| region.node(node).operands[0])
}

fn select_of_literal(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [condition, yes, no] = operands(r.region(), y);
    Some(if truth(r.region(), condition)? { yes } else { no })
}

fn select_equal_arms(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [_, yes, no] = operands(r.region(), y);
    (yes == no).then_some(yes)
}

fn select_of_not(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [condition, yes, no] = operands(r.region(), y);
    let condition = negated(r.region(), condition)?;
    Some(r.add(Select, &[condition, no, yes]))
}

/// `c ? (c ? a : b) : d` is `c ? a : d`.
fn select_same_condition(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [condition, yes, no] = operands(r.region(), y);
    let inside = |arm: NodeId, taken: usize| {
        let node = r.region().node(arm);
        let same = matches!(node.op, Op::Select(_)) && node.operands[0] == condition;
        same.then(|| node.operands[taken])
    };
    let (inner_yes, inner_no) = (inside(yes, 1), inside(no, 2));
    inner_yes.or(inner_no)?;
    Some(r.add(Select, &[condition, inner_yes.unwrap_or(yes), inner_no.unwrap_or(no)]))
}

/// True and false decide, or do not matter.
fn logic_of_literal(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let op = logic(r.region(), y)?;
    if op == Logic::Not {
        let [x] = operands(r.region(), y);
        let value = truth(r.region(), x)?;
        let shape = r.region().shape(y);
        return Some(r.full(Literal::bool(!value), &shape));
    }
    let [a, b] = operands(r.region(), y);
    let (known, value, other) = match (truth(r.region(), a), truth(r.region(), b)) {
        (Some(value), _) => (a, value, b),
        (None, Some(value)) => (b, value, a),
        (None, None) => return None,
    };
    let decides = value == (op == Logic::Or);
    Some(if decides { known } else { other })
}

fn logic_of_same(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    if logic(r.region(), y)? == Logic::Not {
        return None;
    }
    let [a, b] = operands(r.region(), y);
    (a == b).then_some(a)
}

fn not_not(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    negated(r.region(), negated(r.region(), y)?)
}

/// `!(a == b)` is `a != b`, NaN included. The orders have no such partner.
fn not_of_equality(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = negated(r.region(), y)?;
    let Op::Compare(compare) = &r.region().node(x).op else { return None };
    let opposite = match compare {
        Compare::Eq => Compare::Ne,
        Compare::Ne => Compare::Eq,
        Compare::Lt | Compare::Le => return None,
    };
    let [a, b] = operands(r.region(), x);
    Some(r.add(opposite, &[a, b]))
}
