//! Choices and truth values. All exact.

use super::super::matching::{broadcast, constant, function, operands, selection, truth};
use super::super::{On, Rewriter, Row};
use super::exact;
use crate::graph::{NodeId, Region};
use crate::ops::Function::{Add, Mul, MulUnlessZero, Sub};
use crate::ops::{Compare, Kind, Literal, Logic, Op, Select};

pub(super) static ROWS: &[Row] = &[
    exact("select_of_literal", On::Op(Kind::Select), select_of_literal),
    exact("select_equal_arms", On::Op(Kind::Select), select_equal_arms),
    exact("select_of_not", On::Op(Kind::Select), select_of_not),
    exact("select_same_condition", On::Op(Kind::Select), select_same_condition),
    exact("select_within_arm", On::Op(Kind::Select), select_within_arm),
    exact("map_of_choices", On::Op(Kind::Map), map_of_choices),
    exact("logic_of_literal", On::Op(Kind::Logic), logic_of_literal),
    exact("logic_of_same", On::Op(Kind::Logic), logic_of_same),
    exact("not_not", On::Op(Kind::Logic), not_not),
    exact("not_of_equality", On::Op(Kind::Logic), not_of_equality),
];

fn logic(region: &Region, node: NodeId) -> Option<Logic> {
    if let Op::Logic(logic) = &region.node(node).op { Some(*logic) } else { None }
}

/// How a node chooses, if it does.
fn choice(region: &Region, node: NodeId) -> Option<Select> {
    if let Op::Select(select) = &region.node(node).op { Some(*select) } else { None }
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
    let op = choice(r.region(), y)?;
    Some(r.add(op, &[condition, no, yes]))
}

/// `c ? (c ? a : b) : d` is `c ? a : d`.
fn select_same_condition(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [condition, yes, no] = operands(r.region(), y);
    let mut op = choice(r.region(), y)?;
    let mut inside = |arm: NodeId, taken: usize| {
        let node = r.region().node(arm);
        let inner = choice(r.region(), arm).filter(|_| node.operands[0] == condition)?;
        op = op.with(inner);
        Some(node.operands[taken])
    };
    let (inner_yes, inner_no) = (inside(yes, 1), inside(no, 2));
    inner_yes.or(inner_no)?;
    Some(r.add(op, &[condition, inner_yes.unwrap_or(yes), inner_no.unwrap_or(no)]))
}

/// How deep into an arm [`select_within_arm`] looks, and what a function may cost that it computes again.
const DEPTH: usize = 4;
const CHEAP: u32 = 4;

/// `c ? f(c ? a : b) : d` is `c ? f(a) : d`, for cheap functions of what is chosen the same way inside.
fn select_within_arm(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [condition, yes, no] = operands(r.region(), y);
    let mut op = choice(r.region(), y)?;
    let (holds, fails) = (decided(r.region(), condition, true), decided(r.region(), condition, false));
    let (inner_yes, inner_no) = (within(r, yes, &holds, &mut op, DEPTH), within(r, no, &fails, &mut op, DEPTH));
    inner_yes.or(inner_no)?;
    Some(r.add(op, &[condition, inner_yes.unwrap_or(yes), inner_no.unwrap_or(no)]))
}

/// What is known where a condition holds, or does not: of itself and of what it is made of.
fn decided(region: &Region, condition: NodeId, holds: bool) -> Vec<(NodeId, bool)> {
    let mut found = vec![(condition, holds)];
    let mut next = 0;
    while next < found.len() && found.len() < 16 {
        let (node, holds) = found[next];
        next += 1;
        match (logic(region, node), holds) {
            (Some(Logic::And), true) | (Some(Logic::Or), false) => {
                found.extend(region.node(node).operands.iter().map(|&operand| (operand, holds)));
            }
            (Some(Logic::Not), _) => found.push((region.node(node).operands[0], !holds)),
            (Some(Logic::And | Logic::Or) | None, _) => {}
        }
    }
    found
}

/// The node where these conditions are decided, if that is simpler. `outer` chooses for the choices that are gone, too.
fn within(
    r: &mut Rewriter<'_>,
    node: NodeId,
    decided: &[(NodeId, bool)],
    outer: &mut Select,
    depth: usize,
) -> Option<NodeId> {
    let find = |condition| decided.iter().find(|(known, _)| *known == condition).map(|&(_, holds)| holds);
    if let Some([condition, yes, no]) = selection(r.region(), node) {
        let taken = if find(condition)? { yes } else { no };
        *outer = outer.with(choice(r.region(), node)?);
        return Some(taken);
    }
    if let Some((spread, source)) = broadcast(r.region(), node) {
        let [condition, yes, no] = selection(r.region(), source)?;
        let same = |known: NodeId| broadcast(r.region(), known).is_some_and(|it| it == (spread, condition));
        let holds = decided.iter().find(|&&(known, _)| same(known))?.1;
        *outer = outer.with(choice(r.region(), source)?);
        let (shape, axes) = (spread.shape.clone(), spread.axes.clone());
        return Some(r.broadcast(if holds { yes } else { no }, shape, axes));
    }
    let cheap = function(r.region(), node).filter(|function| depth > 0 && function.cost() <= CHEAP)?;
    let operands = r.region().node(node).operands.clone();
    let inner: Vec<Option<NodeId>> = operands.iter().map(|&x| within(r, x, decided, outer, depth - 1)).collect();
    inner.iter().flatten().next()?;
    let operands: Vec<NodeId> = operands.iter().zip(inner).map(|(&x, inner)| inner.unwrap_or(x)).collect();
    Some(r.map(cheap, &operands))
}

/// `f(c ? a : 0, c ? b : 0)` is `c ? f(a, b) : 0`, and so for other numbers.
fn map_of_choices(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let function = function(r.region(), y).filter(|it| matches!(it, Add | Sub | Mul | MulUnlessZero))?;
    let [a, b] = operands(r.region(), y);
    let ([condition, a_yes, a_no], [other, b_yes, b_no]) = (selection(r.region(), a)?, selection(r.region(), b)?);
    let numbers = |a, b| constant(r.region(), a).is_some() && constant(r.region(), b).is_some();
    if condition != other || a == b || !(numbers(a_yes, b_yes) || numbers(a_no, b_no)) {
        return None;
    }
    let op = choice(r.region(), a)?.with(choice(r.region(), b)?);
    let (yes, no) = (r.map(function, &[a_yes, b_yes]), r.map(function, &[a_no, b_no]));
    Some(r.add(op, &[condition, yes, no]))
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
