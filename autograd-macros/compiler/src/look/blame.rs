//! Which value is to blame: from results that are not finite back to the first element whose operands are.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use super::form::Form;
use super::formula::{Wanted, applied, seen_through, snippet};
use crate::graph::{Node, NodeId, Region};
use crate::interpret::{Environment, Tensor};
use crate::ops::lowering::Role;
use crate::ops::{LeafKind, Op};

/// Where a value first is not a finite number.
#[derive(Clone, Debug, PartialEq)]
pub struct Blame {
    /// The value: its own name, or that of the nearest value that it is part of.
    pub name: String,
    /// What it is.
    pub kind: BlameKind,
    /// Which element.
    pub position: Vec<usize>,
    /// What it is: NaN, or an infinity.
    pub value: f64,
    /// The operation with the numbers that it was given: `exp(710.2)`; empty for what was given to the call.
    pub operation: String,
    /// The operands of the element, with names where they have some.
    pub operands: Vec<(String, f64)>,
    /// The expression as it is written in the model, as far as that is known, else as a formula.
    pub written: String,
}

/// What is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlameKind {
    /// A parameter of the model.
    Param,
    /// A state of the model.
    State,
    /// An input of the call.
    Input,
    /// A value with a name.
    Named,
    /// A value on the way to one with a name.
    Inside,
}

impl fmt::Display for Blame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, value, operation, written, .. } = self;
        match self.kind {
            BlameKind::Param => write!(f, "parameter `{name}` is {}", short(*value))?,
            BlameKind::State => write!(f, "state `{name}` is {}", short(*value))?,
            BlameKind::Input => write!(f, "input `{name}` is {}", short(*value))?,
            BlameKind::Named => write!(f, "`{name}` is {}", short(*value))?,
            BlameKind::Inside => write!(f, "on the way to `{name}` a value is {}", short(*value))?,
        }
        if !self.position.is_empty() {
            write!(f, " at {:?}", self.position)?;
        }
        if !operation.is_empty() {
            write!(f, ": {operation}, written `{written}`")?;
        }
        Ok(())
    }
}

/// A number for people to read.
fn short(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    let rounded = format!("{value:.5e}").parse::<f64>().unwrap_or(value);
    let is_plain = value == 0.0 || !value.is_finite() || (1e-3..1e7).contains(&value.abs());
    if is_plain { rounded.to_string() } else { format!("{rounded:e}") }
}

/// Elements that are looked for, of every node.
struct Search<'a> {
    region: &'a Region,
    values: &'a [Option<Tensor>],
    environment: &'a Environment,
    /// Which elements of a node are on the way to something that is not finite.
    marked: BTreeMap<NodeId, Vec<bool>>,
    /// The nearest name that a node is part of.
    owners: BTreeMap<NodeId, NodeId>,
}

/// The elements of operands, for each element.
type Listed = Vec<Vec<(NodeId, usize)>>;

/// Which elements of its operands an element is computed from.
enum Sources {
    /// Those at the same place.
    SamePlace,
    /// The condition, and what it takes.
    Taken,
    /// These, for each element.
    Listed(Listed),
    /// Any; these are not finite.
    All(Vec<(NodeId, usize)>),
}

impl Sources {
    fn of<'v>(&self, node: &Node, place: usize, value: impl Fn(NodeId) -> &'v Tensor) -> Vec<(NodeId, usize)> {
        let operands = &node.operands;
        match self {
            Self::SamePlace => operands.iter().map(|&operand| (operand, place)).collect(),
            Self::Taken => {
                let taken = if value(operands[0]).data[place] == 0.0 { 2 } else { 1 };
                vec![(operands[0], place), (operands[taken], place)]
            }
            Self::Listed(listed) => listed[place].clone(),
            Self::All(bad) => bad.clone(),
        }
    }
}

/// Who is to blame for outputs that are not finite; if all are, for derivatives that are not.
pub(super) fn blame(
    region: &Region,
    values: &[Option<Tensor>],
    names: &BTreeMap<NodeId, String>,
    outputs: &[Wanted],
    gradients: &[Wanted],
    environment: &Environment,
) -> Option<Blame> {
    let is_bad = |&(_, node): &(Rc<Form>, NodeId)| !marks(values[node.index()].as_ref()).is_empty();
    let mut seeds: Vec<NodeId> = outputs.iter().filter(|wanted| is_bad(wanted)).map(|wanted| wanted.1).collect();
    if seeds.is_empty() {
        seeds.extend(gradients.iter().filter(|wanted| is_bad(wanted)).map(|wanted| wanted.1));
    }
    let mut search = Search { region, values, environment, marked: BTreeMap::new(), owners: BTreeMap::new() };
    for &seed in &seeds {
        search.marked.insert(seed, bad(search.value(seed)));
    }
    let mut origins: Vec<(NodeId, usize)> = Vec::new();
    for (id, _) in region.iter().rev() {
        let Some(marked) = search.marked.get(&id).cloned() else { continue };
        if names.contains_key(&id) {
            search.owners.insert(id, id);
        }
        if let Some(place) = search.back(id, &marked) {
            origins.push((id, place));
        }
    }
    let is_leaf = |&&(id, _): &&(NodeId, usize)| matches!(region.node(id).op, Op::Leaf(_));
    let &(id, place) = origins.iter().rev().find(is_leaf).or(origins.last())?;
    Some(search.describe(id, place, names))
}

/// The places of what is not finite.
fn marks(tensor: Option<&Tensor>) -> Vec<usize> {
    let data = tensor.map_or(&[][..], |tensor| &tensor.data);
    data.iter().enumerate().filter(|(_, value)| !value.is_finite()).map(|(place, _)| place).collect()
}

fn bad(tensor: &Tensor) -> Vec<bool> {
    tensor.data.iter().map(|value| !value.is_finite()).collect()
}

impl Search<'_> {
    fn value(&self, node: NodeId) -> &Tensor {
        self.values[node.index()].as_ref().expect("what is on the way has been computed")
    }

    /// Marks what the marked elements of a node come from; the first of them that comes from finite elements alone.
    fn back(&mut self, id: NodeId, marked: &[bool]) -> Option<usize> {
        let sources = self.sources(id);
        let is_nan = |place: &usize| self.value(id).data[*place].is_nan();
        let mut places: Vec<usize> = (0..marked.len()).filter(|&place| marked[place]).collect();
        if matches!(sources, Sources::All(_)) {
            // They differ at most in what they are.
            let first = places.iter().copied().find(is_nan);
            places = first.into_iter().chain(places.iter().copied().find(|place| !is_nan(place))).collect();
            places.sort_unstable();
        }
        let found: Vec<(usize, Vec<(NodeId, usize)>)> =
            places.into_iter().map(|place| (place, self.to_blame(id, &sources, place))).collect();
        let origin = found.iter().find(|(_, sources)| sources.is_empty()).map(|&(place, _)| place);
        for (operand, at) in found.into_iter().flat_map(|(_, sources)| sources) {
            let count = self.value(operand).data.len();
            self.marked.entry(operand).or_insert_with(|| vec![false; count])[at] = true;
            if let Some(&owner) = self.owners.get(&id) {
                self.owners.insert(operand, owner);
            }
        }
        origin
    }

    /// The elements that are to blame for one. What makes a NaN of a NaN is not, whatever else it was given.
    fn to_blame(&self, id: NodeId, sources: &Sources, place: usize) -> Vec<(NodeId, usize)> {
        let mut found = sources.of(self.region.node(id), place, |node| self.value(node));
        found.retain(|&(operand, at)| !self.value(operand).data[at].is_finite() && !self.is_written(operand));
        let is_nan = |&(operand, at): &(NodeId, usize)| self.value(operand).data[at].is_nan();
        if self.value(id).data[place].is_nan() && found.iter().any(is_nan) {
            found.retain(is_nan);
        }
        found
    }

    /// Whether an operand is a number that the model has written.
    fn is_written(&self, operand: NodeId) -> bool {
        matches!(self.region.node(seen_through(self.region, operand)).op, Op::Literal(_))
    }

    /// Which elements the elements of a node are computed from.
    fn sources(&self, id: NodeId) -> Sources {
        let node = self.region.node(id);
        match &node.op {
            Op::Select(_) => Sources::Taken,
            op if op.role() == Role::Pointwise => Sources::SamePlace,
            op if matches!(op.role(), Role::View | Role::Reshape) => Sources::Listed(self.moved(id, node)),
            Op::Reduce(reduce) => Sources::Listed(self.reduced(node.operands[0], &reduce.axes, id)),
            _ => {
                let bad = |&operand: &NodeId| {
                    let places = marks(self.values[operand.index()].as_ref());
                    places.into_iter().map(move |at| (operand, at))
                };
                Sources::All(node.operands.iter().flat_map(bad).collect())
            }
        }
    }

    /// Where an operation that only moves elements has them from: it is asked to move their places.
    fn moved(&self, id: NodeId, node: &Node) -> Listed {
        let mut found = vec![Vec::new(); self.value(id).data.len()];
        for (which, &operand) in node.operands.iter().enumerate() {
            let places = |(at, &other): (usize, &NodeId)| {
                let mut places = Tensor::zeros(self.value(other).shape.clone());
                if at == which {
                    places.data.iter_mut().zip(1_u32..).for_each(|(cell, number)| *cell = f64::from(number));
                }
                places
            };
            let numbered: Vec<Tensor> = node.operands.iter().enumerate().map(places).collect();
            let moved = node.op.interpret(self.region.ty(id), &numbered.iter().collect::<Vec<_>>(), self.environment);
            for (sources, number) in found.iter_mut().zip(moved.data) {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a place")]
                sources.extend((number as usize).checked_sub(1).map(|from| (operand, from)));
            }
        }
        found
    }

    /// The elements of an operand that are not finite, by the element that they are reduced to.
    fn reduced(&self, operand: NodeId, axes: &[usize], id: NodeId) -> Listed {
        let (inner, whole) = (self.value(operand), self.value(id));
        let mut found = vec![Vec::new(); whole.data.len()];
        for at in marks(Some(inner)) {
            let position = position(&inner.shape, at);
            let kept = position.iter().enumerate().filter(|(axis, _)| !axes.contains(axis));
            let place = kept.zip(&whole.shape).fold(0, |place, ((_, index), extent)| place * extent + index);
            found[place].push((operand, at));
        }
        found
    }

    fn describe(&self, id: NodeId, place: usize, names: &BTreeMap<NodeId, String>) -> Blame {
        let node = self.region.node(id);
        let value = self.value(id);
        let owner = self.owners.get(&id).copied().unwrap_or(id);
        let kind = match &node.op {
            Op::Leaf(leaf) => match leaf.kind {
                LeafKind::Param => BlameKind::Param,
                LeafKind::State => BlameKind::State,
                LeafKind::Input | LeafKind::StepInput | LeafKind::Prepared | LeafKind::Direction => BlameKind::Input,
            },
            _ if owner == id && names.contains_key(&id) => BlameKind::Named,
            _ => BlameKind::Inside,
        };
        let is_leaf = matches!(node.op, Op::Leaf(_));
        let operands: Vec<(String, f64)> = if node.op.role() == Role::Pointwise {
            let operand = |&it: &NodeId| (snippet(self.region, it, 2).text(), self.value(it).data[place]);
            node.operands.iter().map(operand).collect()
        } else {
            Vec::new()
        };
        Blame {
            name: names.get(&owner).cloned().unwrap_or_else(|| snippet(self.region, id, 2).text()),
            kind,
            position: position(&value.shape, place),
            value: value.data[place],
            operation: if is_leaf { String::new() } else { self.operation(node, place) },
            operands,
            written: written(node).unwrap_or_else(|| snippet(self.region, id, 3).text()),
        }
    }

    /// The operation with numbers for operands; for arrays, from which number to which they go.
    fn operation(&self, node: &Node, place: usize) -> String {
        let of = |&operand: &NodeId| {
            let value = self.value(operand);
            if node.op.role() == Role::Pointwise {
                return Form::number(&short(value.data[place]));
            }
            let (low, high) = (
                value.data.iter().copied().fold(f64::INFINITY, f64::min),
                value.data.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            );
            let range = match value.data.len() {
                0 => "nothing".to_owned(),
                1 => short(value.data[0]),
                count => format!("{count} numbers from {} to {}", short(low), short(high)),
            };
            Form::words(&range)
        };
        applied(self.region, node, node.operands.iter().map(of).collect()).text()
    }
}

/// The text of an expression, if the model was read from one that is still there.
fn written(node: &Node) -> Option<String> {
    let span = node.span?;
    let text = span.first.join(span.last)?.source_text()?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn position(shape: &[usize], mut place: usize) -> Vec<usize> {
    let mut at = vec![0; shape.len()];
    for (index, &extent) in at.iter_mut().zip(shape).rev() {
        *index = place % extent;
        place /= extent;
    }
    at
}
