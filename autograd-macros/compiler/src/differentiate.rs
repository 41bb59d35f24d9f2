//! Derivatives: reverse and forward mode over a region, as new nodes of the same region.
//!
//! Knows no single operation; the rules stand beside the primitives. Walks only the nodes between the variables and
//! the value, each once, so the cost is linear in the region. Derivatives are built of primitives and nest.
//!
//! ```text
//! %0 = param x          %3 = literal 1
//! %1 = square %0   →    %4 = mul %2(2·x) %3
//! ```

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::diagnostics::SpanRange;
use crate::graph::{Elem, NodeId, Region};
use crate::ops::{Facts, Flow, Scope, taken};

/// A derivative that does not exist within the language.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Where the operation came from.
    pub span: Option<SpanRange>,
    /// Why: `` `polygamma` has no derivative in its order ``.
    pub reason: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// Why a derivative is zero everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// The value does not depend on the variable at all.
    Unused,
    /// Every path leads through an operation whose derivative is zero: these, in order.
    By(Vec<NodeId>),
}

impl Blocked {
    /// The names of the operations that block, each once: `floor`, `argmax`.
    #[must_use]
    pub fn names(&self, region: &Region) -> Vec<String> {
        let Self::By(nodes) = self else {
            return Vec::new();
        };
        let mut names: Vec<String> = Vec::new();
        for &node in nodes {
            let text = region.node(node).op.to_string();
            let name = text.split(' ').next().unwrap_or_default();
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }
}

/// Reverse mode: the cotangent of each of `xs`, given that of `y`. `None` is zero: `y` does not depend on it, or only
/// through functions whose derivative is zero (see [`explain_zero`]). The variables may be any nodes; where one depends
/// on another, both get their total derivatives.
///
/// # Errors
/// An operation on the way has no derivative.
pub fn vjp(region: &mut Region, y: NodeId, cotangent: NodeId, xs: &[NodeId]) -> Result<Vec<Option<NodeId>>, Refusal> {
    let varies = varies(region, y, xs);
    let mut cotangents = vec![None; y.index() + 1];
    if varies[y.index()] {
        cotangents[y.index()] = Some(cotangent);
        let facts = Facts::of(region, y);
        let outer = region.set_span(None);
        let swept = sweep_back(region, y, &varies, &facts, &mut cotangents);
        region.set_span(outer);
        swept?;
    }
    Ok(xs.iter().map(|x| cotangents.get(x.index()).copied().flatten()).collect())
}

/// The gradient of a scalar: [`vjp`] with the cotangent 1.
///
/// # Errors
/// An operation on the way has no derivative.
pub fn gradient(region: &mut Region, y: NodeId, xs: &[NodeId]) -> Result<Vec<Option<NodeId>>, Refusal> {
    let one = region.ones_like(y);
    vjp(region, y, one, xs)
}

/// Forward mode: the tangent of `y`, given those of some nodes; `None` is zero. Where one of these nodes depends on
/// another, its tangent is the sum of what is given and what comes from there.
///
/// # Errors
/// An operation on the way has no derivative.
pub fn jvp(region: &mut Region, y: NodeId, tangents: &[(NodeId, NodeId)]) -> Result<Option<NodeId>, Refusal> {
    let xs: Vec<NodeId> = tangents.iter().map(|&(x, _)| x).collect();
    let varies = varies(region, y, &xs);
    let leads = leads(region, y, &varies);
    let facts = Facts::of(region, y);
    let outer = region.set_span(None);
    let tangent = sweep_forward(region, y, &leads, &facts, tangents);
    region.set_span(outer);
    tangent
}

/// Which of `xs` a derivative of `y` reaches.
#[must_use]
pub fn reached(region: &Region, y: NodeId, xs: &[NodeId]) -> Vec<bool> {
    let varies: Vec<bool> = vec![true; y.index() + 1];
    let leads = leads(region, y, &varies);
    xs.iter().map(|x| leads.get(x.index()).copied().unwrap_or(false)).collect()
}

/// Why the derivative of `y` by `x` is zero everywhere; `None` if it need not be.
#[must_use]
pub fn explain_zero(region: &Region, y: NodeId, x: NodeId) -> Option<Blocked> {
    let varies = varies(region, y, &[x]);
    if varies[y.index()] {
        return None;
    }
    let leads = crate::graph::print::live(region, [y]);
    let blocks = region.iter().take(y.index() + 1).filter(|(id, node)| {
        leads[id.index()] && !varies[id.index()] && node.operands.iter().any(|x| varies[x.index()])
    });
    let blocks: Vec<NodeId> = blocks.map(|(id, _)| id).collect();
    Some(if blocks.is_empty() { Blocked::Unused } else { Blocked::By(blocks) })
}

/// Which nodes up to `y` have a derivative by one of `xs` that is not zero by declaration.
fn varies(region: &Region, y: NodeId, xs: &[NodeId]) -> Vec<bool> {
    let mut varies = vec![false; y.index() + 1];
    for x in xs {
        if let Some(slot) = varies.get_mut(x.index()) {
            *slot = true;
        }
    }
    for (id, node) in region.iter().take(y.index() + 1) {
        if varies[id.index()] || node.ty.elem != Elem::Real {
            continue;
        }
        varies[id.index()] = node.operands.iter().enumerate().any(|(place, operand)| {
            varies[operand.index()] && node.op.flow(region, &node.operands, place) != Flow::Zero
        });
    }
    varies
}

/// Of the nodes that vary, those on which `y` depends.
fn leads(region: &Region, y: NodeId, varies: &[bool]) -> Vec<bool> {
    let mut leads = vec![false; varies.len()];
    leads[y.index()] = varies[y.index()];
    for place in (0..leads.len()).rev().filter(|&place| varies[place]) {
        if !leads[place] {
            continue;
        }
        let node = region.node(region.id(place));
        for (i, operand) in node.operands.iter().enumerate() {
            if varies[operand.index()] && node.op.flow(region, &node.operands, i) != Flow::Zero {
                leads[operand.index()] = true;
            }
        }
    }
    leads
}

/// Which elements of a node the choices above it take: the cotangent of the others is zero by the form of the expression.
#[derive(Clone, Copy)]
enum Taken {
    Nowhere,
    Where(NodeId),
    Everywhere,
}

impl Taken {
    /// `None` is all.
    fn elements(self) -> Option<NodeId> {
        if let Self::Where(set) = self { Some(set) } else { None }
    }

    /// With the elements that a further use takes.
    fn or(self, region: &mut Region, more: Option<NodeId>) -> Self {
        let united = match (self, more) {
            (Self::Everywhere, _) | (_, None) => None,
            (Self::Nowhere, Some(more)) => Some(more),
            (Self::Where(set), Some(more)) => taken::either(region, set, more),
        };
        united.map_or(Self::Everywhere, Self::Where)
    }
}

/// Adds the cotangents of the operands of every node that has one, the last node first.
fn sweep_back(
    region: &mut Region,
    y: NodeId,
    varies: &[bool],
    facts: &Facts,
    cotangents: &mut [Option<NodeId>],
) -> Result<(), Refusal> {
    let mut taken = vec![Taken::Nowhere; cotangents.len()];
    taken[y.index()] = Taken::Everywhere;
    for place in (0..=y.index()).rev() {
        let Some(g) = cotangents[place] else {
            continue;
        };
        let id = region.id(place);
        let node = region.node(id);
        let wanted = wanted(region, id, |operand| varies[operand.index()])?;
        if !wanted.contains(&true) {
            continue;
        }
        let (op, operands) = (node.op.clone(), node.operands.clone());
        region.set_span(node.span);
        let here = taken[place].elements();
        let inner: Vec<Option<NodeId>> = (0..operands.len()).map(|i| op.taken(region, id, i, here)).collect();
        let terms = op.vjp(region, id, g, &Scope { wanted: &wanted, facts, taken: &inner });
        for (((operand, term), wanted), inner) in operands.iter().zip(terms).zip(wanted).zip(inner) {
            if wanted && term.is_some() {
                let sum = cotangents[operand.index()];
                let is_steep = facts.is_steep(g);
                let is_masked = [Some(g), sum].into_iter().flatten().any(|it| facts.is_masked(it)) || op.masks();
                let sum = sum_of(region, facts, [sum, term], is_steep);
                sum.filter(|_| is_masked).into_iter().for_each(|sum| facts.note_masked(sum));
                cotangents[operand.index()] = sum;
                taken[operand.index()] = taken[operand.index()].or(region, inner);
            }
        }
    }
    Ok(())
}

/// Adds the tangent of every node that leads from a variable to `y`, the first node first.
fn sweep_forward(
    region: &mut Region,
    y: NodeId,
    leads: &[bool],
    facts: &Facts,
    given: &[(NodeId, NodeId)],
) -> Result<Option<NodeId>, Refusal> {
    let mut tangents: Vec<Option<NodeId>> = vec![None; leads.len()];
    for &(x, tangent) in given {
        if leads.get(x.index()) == Some(&true) {
            let sum = tangents[x.index()];
            tangents[x.index()] = region.plus_maybe(sum, Some(tangent));
        }
    }
    for place in (0..leads.len()).filter(|&place| leads[place]) {
        let id = region.id(place);
        let wanted = wanted(region, id, |operand| tangents[operand.index()].is_some())?;
        if !wanted.contains(&true) {
            continue;
        }
        let node = region.node(id);
        let inner: Vec<Option<NodeId>> =
            node.operands.iter().zip(wanted).map(|(x, wanted)| tangents[x.index()].filter(|_| wanted)).collect();
        let op = node.op.clone();
        region.set_span(node.span);
        let tangent = op.jvp(region, id, &inner, facts);
        let is_steep = inner.iter().flatten().any(|&tangent| facts.is_steep(tangent));
        tangents[place] = sum_of(region, facts, [tangents[place], tangent], is_steep);
    }
    Ok(tangents[y.index()])
}

/// The sum of two derivatives, which may be infinite if one may.
fn sum_of(region: &mut Region, facts: &Facts, terms: [Option<NodeId>; 2], is_steep: bool) -> Option<NodeId> {
    let is_steep = is_steep || terms.into_iter().flatten().any(|term| facts.is_steep(term));
    let sum = region.plus_maybe(terms[0], terms[1])?;
    if is_steep {
        facts.note_steep(sum);
    }
    Some(sum)
}

/// Which operands of a node a derivative goes to, among those that are `active`.
fn wanted(region: &Region, id: NodeId, active: impl Fn(NodeId) -> bool) -> Result<Vec<bool>, Refusal> {
    let node = region.node(id);
    let places = node.operands.iter().enumerate();
    places
        .map(|(place, &operand)| {
            if !active(operand) {
                return Ok(false);
            }
            match node.op.flow(region, &node.operands, place) {
                Flow::Passes => Ok(true),
                Flow::Zero => Ok(false),
                Flow::Refused(reason) => Err(Refusal { span: node.span, reason: reason.to_owned() }),
            }
        })
        .collect()
}
