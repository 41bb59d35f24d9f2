//! Derivatives: reverse and forward mode over a region, as new nodes of the same region.
//!
//! Knows no single operation; the rules stand beside the primitives. Walks only the nodes between the variables and
//! the value, each once, so the cost is linear in the region. Derivatives are built of primitives and nest.
//!
//! ```text
//! %0 = param x          %3 = literal 1
//! %1 = square %0   →    %4 = mul %2(2·x) %3
//! ```

mod body;
mod curvature;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use crate::diagnostics::SpanRange;
use crate::graph::{Elem, NodeId, Region};
use crate::ops::{Facts, Flow, Scope, taken};
use curvature::Curvature;
pub use curvature::has_distances;

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
    vjp_of_several(region, &[(y, cotangent)], xs)
}

/// Reverse mode over the sum of several values, each times its cotangent.
///
/// # Errors
/// An operation on the way has no derivative.
pub fn vjp_of_several(
    region: &mut Region,
    ys: &[(NodeId, NodeId)],
    xs: &[NodeId],
) -> Result<Vec<Option<NodeId>>, Refusal> {
    let Some(last) = ys.iter().map(|&(y, _)| y).max() else { return Ok(vec![None; xs.len()]) };
    let varies = varies(region, last, xs);
    let mut cotangents = Derivatives::of(last);
    let mut taken = vec![Taken::Nowhere; last.index() + 1];
    for &(y, cotangent) in ys.iter().filter(|(y, _)| varies[y.index()]) {
        let sum = region.plus_maybe(cotangents.first[y.index()], Some(cotangent));
        cotangents.first[y.index()] = sum;
        taken[y.index()] = Taken::Everywhere;
    }
    if taken.iter().any(|taken| matches!(taken, Taken::Everywhere)) {
        let facts = Facts::of(region, last);
        let curvature = Curvature::of(region, &varies);
        let outer = region.set_span(None);
        let swept = sweep_back(region, &varies, (&facts, curvature), &mut cotangents, &mut taken);
        region.set_span(outer);
        swept?;
    }
    Ok(xs.iter().map(|x| cotangents.first.get(x.index()).copied().flatten()).collect())
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
    Ok(jvp_of_several(region, &[y], tangents)?[0])
}

/// The tangents of several values.
///
/// # Errors
/// An operation on the way has no derivative.
pub fn jvp_of_several(
    region: &mut Region,
    ys: &[NodeId],
    tangents: &[(NodeId, NodeId)],
) -> Result<Vec<Option<NodeId>>, Refusal> {
    let Some(&last) = ys.iter().max() else { return Ok(Vec::new()) };
    let xs: Vec<NodeId> = tangents.iter().map(|&(x, _)| x).collect();
    let varies = varies(region, last, &xs);
    let leads = leads(region, ys, &varies);
    let facts = Facts::of(region, last);
    let outer = region.set_span(None);
    let curvature = Curvature::of(region, &leads);
    let found = sweep_forward(region, &leads, &facts, tangents);
    let found = found.map(|found| {
        let mut along: Vec<Option<NodeId>> = ys.iter().map(|y| found.first[y.index()]).collect();
        if curvature.is_kept() {
            curvature::add_to_tangents(region, ys, &leads, &found.first, &mut along);
        }
        along
    });
    region.set_span(outer);
    found
}

/// Which of `xs` a derivative of `y` reaches.
#[must_use]
pub fn reached(region: &Region, y: NodeId, xs: &[NodeId]) -> Vec<bool> {
    let varies: Vec<bool> = vec![true; y.index() + 1];
    let leads = leads(region, &[y], &varies);
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

/// Which nodes up to the last have a derivative by one of `xs` that is not zero by declaration.
fn varies(region: &Region, last: NodeId, xs: &[NodeId]) -> Vec<bool> {
    let mut varies = vec![false; last.index() + 1];
    for x in xs {
        if let Some(slot) = varies.get_mut(x.index()) {
            *slot = true;
        }
    }
    for (id, node) in region.iter().take(last.index() + 1) {
        if varies[id.index()] || !has_numbers(region, id) {
            continue;
        }
        varies[id.index()] = node.operands.iter().enumerate().any(|(place, operand)| {
            varies[operand.index()] && node.op.flow(region, &node.operands, place) != Flow::Zero
        });
    }
    varies
}

/// Whether one of the results of a node is of numbers.
fn has_numbers(region: &Region, node: NodeId) -> bool {
    region.ty(node).elem == Elem::Real || region.further(node).iter().any(|ty| ty.elem == Elem::Real)
}

/// Why one of the nodes that vary and lead to the results has no derivative.
fn refusal(region: &Region, results: &[NodeId], varies: &[bool]) -> Option<&'static str> {
    let live = crate::graph::print::live(region, results.iter().copied());
    let mut leading = region.iter().filter(|(id, _)| live[id.index()] && varies[id.index()]);
    leading.find_map(|(_, node)| {
        (0..node.operands.len()).filter(|&place| varies[node.operands[place].index()]).find_map(|place| {
            match node.op.flow(region, &node.operands, place) {
                Flow::Refused(reason) => Some(reason),
                Flow::Passes | Flow::Zero => None,
            }
        })
    })
}

/// Of the nodes that vary, those on which one of `ys` depends.
fn leads(region: &Region, ys: &[NodeId], varies: &[bool]) -> Vec<bool> {
    let mut leads = vec![false; varies.len()];
    for y in ys {
        leads[y.index()] = varies[y.index()];
    }
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

/// The cotangents or tangents of nodes: of their first results, and of further ones by node and place.
struct Derivatives {
    first: Vec<Option<NodeId>>,
    further: BTreeMap<(NodeId, usize), NodeId>,
}

impl Derivatives {
    /// Of the nodes up to the last; all are zero.
    fn of(last: NodeId) -> Self {
        Self { first: vec![None; last.index() + 1], further: BTreeMap::new() }
    }

    fn get(&self, node: NodeId, result: usize) -> Option<NodeId> {
        if result == 0 { self.first[node.index()] } else { self.further.get(&(node, result)).copied() }
    }

    fn set(&mut self, node: NodeId, result: usize, derivative: Option<NodeId>) {
        if result == 0 {
            self.first[node.index()] = derivative;
        } else if let Some(derivative) = derivative {
            self.further.insert((node, result), derivative);
        }
    }

    /// Those of all results of a node.
    fn all(&self, region: &Region, node: NodeId) -> Vec<Option<NodeId>> {
        (0..=region.further(node).len()).map(|result| self.get(node, result)).collect()
    }
}

/// Adds the cotangents of the operands of every node that has one, the last node first.
fn sweep_back(
    region: &mut Region,
    varies: &[bool],
    (facts, curvature): (&Facts, Curvature),
    cotangents: &mut Derivatives,
    taken: &mut [Taken],
) -> Result<(), Refusal> {
    for place in (0..taken.len()).rev() {
        let id = region.id(place);
        if cotangents.first[place].is_none() && cotangents.further.is_empty() {
            continue;
        }
        let all = cotangents.all(region, id);
        let given: Vec<NodeId> = all.iter().copied().flatten().collect();
        if given.is_empty() {
            continue;
        }
        let node = region.node(id);
        let wanted = wanted(region, id, |operand| varies[operand.index()])?;
        if !wanted.contains(&true) {
            continue;
        }
        let (op, operands) = (node.op.clone(), node.operands.clone());
        region.set_span(node.span);
        let here = taken[place].elements();
        let inner: Vec<Option<NodeId>> = (0..operands.len()).map(|i| op.taken(region, id, i, here)).collect();
        let mut terms = op.vjp_of_all(region, id, &all, &Scope { wanted: &wanted, facts, taken: &inner });
        if let (true, Some(g)) = (curvature.is_kept(), all[0]) {
            curvature::add_to_cotangents(region, (id, g), facts, &wanted, &mut terms);
        }
        let (result, is_steep) = (op.part(), given.iter().any(|&g| facts.is_steep(g)));
        for (((operand, term), wanted), inner) in operands.iter().zip(terms).zip(wanted).zip(inner) {
            if wanted && term.is_some() {
                let sum = cotangents.get(*operand, result);
                let is_masked = given.iter().copied().chain(sum).any(|it| facts.is_masked(it)) || op.masks();
                let sum = sum_of(region, facts, [sum, term], is_steep);
                sum.filter(|_| is_masked).into_iter().for_each(|sum| facts.note_masked(sum));
                cotangents.set(*operand, result, sum);
                taken[operand.index()] = taken[operand.index()].or(region, inner);
            }
        }
    }
    Ok(())
}

/// Adds the tangent of every node that leads from a variable to `y`, the first node first.
fn sweep_forward(
    region: &mut Region,
    leads: &[bool],
    facts: &Facts,
    given: &[(NodeId, NodeId)],
) -> Result<Derivatives, Refusal> {
    let mut tangents = Derivatives { first: vec![None; leads.len()], further: BTreeMap::new() };
    for &(x, tangent) in given {
        if leads.get(x.index()) == Some(&true) {
            let sum = region.plus_maybe(tangents.first[x.index()], Some(tangent));
            tangents.first[x.index()] = sum;
        }
    }
    for place in (0..leads.len()).filter(|&place| leads[place]) {
        let id = region.id(place);
        let result = region.node(id).op.part();
        let wanted = wanted(region, id, |operand| tangents.get(operand, result).is_some())?;
        if !wanted.contains(&true) {
            continue;
        }
        let node = region.node(id);
        let operands = node.operands.iter().zip(wanted);
        let inner: Vec<Option<NodeId>> =
            operands.map(|(x, wanted)| tangents.get(*x, result).filter(|_| wanted)).collect();
        let op = node.op.clone();
        region.set_span(node.span);
        let found = op.jvp_of_all(region, id, &inner, facts);
        let is_steep = inner.iter().flatten().any(|&tangent| facts.is_steep(tangent));
        for (result, tangent) in found.into_iter().enumerate() {
            let sum = sum_of(region, facts, [tangents.get(id, result), tangent], is_steep);
            tangents.set(id, result, sum);
        }
    }
    Ok(tangents)
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
