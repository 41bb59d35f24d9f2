//! Formulas of single values: a few operations deep, or one operation on given forms.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::form::Form;
use super::super::reading::{Term, reading};
use super::super::structure::is_count;
use super::{Printer, Text, seen_through};
use crate::graph::{Node, NodeId, Region};
use crate::ops::{Function, LeafKind, Op};

/// One value as a formula of what lies a few operations below it: values with names of their own are names in it, and
/// what lies deeper is `…`.
#[must_use]
pub fn snippet(region: &Region, node: NodeId, depth: usize) -> Rc<Form> {
    below(region, node, depth, |_, _| None)
}

/// A value as readers want to see it, as a formula of what it [`reads`].
pub(in crate::look) fn label(region: &Region, node: NodeId) -> Rc<Form> {
    below(region, node, 1, reading)
}

/// The operands of a value as readers want to see it.
pub(in crate::look) fn reads(region: &Region, id: NodeId) -> Vec<NodeId> {
    let node = region.node(id);
    let sum = match node.operands.as_slice() {
        [sum, count] => mean_of(region, node, [*sum, *count]),
        _ => None,
    };
    match (reading(region, id), sum) {
        (Some(term), _) => term.nodes(),
        (None, Some(sum)) => region.node(sum).operands.clone(),
        (None, None) => node.operands.clone(),
    }
}

/// The sum that has no name, where a node is that by the number of its terms.
fn mean_of(region: &Region, node: &Node, [sum, count]: [NodeId; 2]) -> Option<NodeId> {
    let sum = seen_through(region, sum);
    let is_quotient = matches!(&node.op, Op::Map(map) if map.function == Function::Div);
    (is_quotient && region.node(sum).name.is_none() && is_count(region, sum, count)).then_some(sum)
}

fn below(region: &Region, top: NodeId, depth: usize, read: fn(&Region, NodeId) -> Option<Term>) -> Rc<Form> {
    let top = seen_through(region, top);
    let mut depths: BTreeMap<NodeId, usize> = BTreeMap::from([(top, 0)]);
    let mut readings: BTreeMap<NodeId, Term> = BTreeMap::new();
    for (id, node) in region.iter().rev().skip(region.len() - 1 - top.index()) {
        let Some(&at) = depths.get(&id).filter(|&&at| at < depth && (id == top || node.name.is_none())) else {
            continue;
        };
        let term = read(region, id);
        let operands = term.as_ref().map_or_else(|| node.operands.clone(), Term::nodes);
        readings.extend(term.map(|term| (id, term)));
        let sum = if let [sum, count] = operands[..] { mean_of(region, node, [sum, count]) } else { None };
        for operand in operands {
            let inner = seen_through(region, operand);
            // A mean is one operation to a reader.
            let own = if sum == Some(inner) { at } else { at + 1 };
            let known = depths.entry(inner).or_insert(own);
            *known = (*known).min(own);
        }
    }
    let mut printer = Printer { region, readings, texts: BTreeMap::new(), lines: Vec::new(), numbered: 0 };
    for (&id, &at) in &depths {
        let node = region.node(id);
        let is_end = at >= depth && !node.operands.is_empty();
        let form = match (&node.name, printer.readings.get(&id)) {
            (Some(name), _) if id != top => Form::name(name),
            _ if is_end => Form::name("…"),
            (_, Some(term)) => Rc::new(printer.term(term)),
            (_, None) => Rc::new(printer.formula(node)),
        };
        printer.texts.insert(id, Text { form, is_named: is_end });
    }
    printer.texts[&top].form.clone()
}

/// An operation applied to given forms, one for each operand.
pub(in crate::look) fn applied(region: &Region, node: &Node, operands: Vec<Rc<Form>>) -> Form {
    let mut graph = region.clone();
    let leaves = node.operands.iter().enumerate().map(|(place, &operand)| {
        let ty = graph.ty(operand).clone();
        graph.leaf(LeafKind::Input, &format!("operand {place}"), ty)
    });
    let leaves: Vec<NodeId> = leaves.collect();
    let texts = leaves.iter().zip(operands).map(|(&leaf, form)| (leaf, Text { form, is_named: false })).collect();
    let printer = Printer { region: &graph, readings: BTreeMap::new(), texts, lines: Vec::new(), numbered: 0 };
    printer.formula(&Node { operands: leaves, ..node.clone() })
}
