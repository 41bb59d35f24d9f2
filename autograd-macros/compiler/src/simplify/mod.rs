//! Simplify: an expression in, a cheaper and steadier expression of the same value out.
//!
//! The region is rebuilt bottom-up through a *simplifying constructor* ([`Rewriter::add`]): a node whose operands are
//! already simple is offered to the rows that look at its operation, and whatever a row builds goes through the same
//! constructor. So one pass reaches the fixed point, and its cost grows with the number of nodes.
//!
//! ```text
//! %3 [N] = sub %2 %1        ; exp(x) - 1        %1 [N] = expm1 %0
//! %4 [] = sum [0] %3                       →    %2 [] = sum [0] %1
//! ```
//!
//! A [`Row`] has a name and a soundness [`Class`]; [`rows::all`] lists them. [`stabilise`] runs the same rows inside a
//! region before a derivative is taken of it, and [`legalise`] expands what only the graph knows into what loops know.
//!
//! Invariant: the type of a result never changes, leaves and `named` nodes stay what they are until [`Phase::Final`].

#![allow(clippy::many_single_char_names, clippy::similar_names, reason = "rows are formulas in a, b, c, x and y")]

mod early;
mod legalise;
mod matching;
mod near;
mod rewriter;
pub mod rows;
mod scaled;
mod sizes;
#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, clippy::too_many_lines, reason = "snapshots, as expect-test writes them")]
mod tests;
mod totals;

pub use legalise::legalise;
pub use rewriter::Rewriter;
#[cfg(any(test, feature = "look"))]
pub use rewriter::record::{Rewritten, record, recorded};

#[cfg(test)]
use crate::graph::model::Model;
use crate::graph::print::live;
use crate::graph::{HoldsGraph, NodeId, Region};
use crate::ops::{Function, Kind, Op};
use crate::pass::{Fact, Pass};
use rewriter::Table;

/// How the value after a rewrite relates to the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The bits are the same, NaN and −0 included.
    Exact,
    /// The error is nowhere worse, and somewhere much better.
    Stabilises,
    /// A few ulp of the largest term apart, and the sign of a zero may differ. Wherever what stood there is an ordinary
    /// number on the way and at the end, so is this: factors of unknown size keep their order (see `sizes`).
    Reassociates,
    /// The value is the same where the condition holds; the text says what happens elsewhere.
    Domain(&'static str),
}

/// When simplify runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Derivatives are still to come: `named` and `stop_gradient` stay, and nothing is seen through them.
    BeforeDerivative,
    /// All derivatives are built.
    Final,
}

/// In which phases a row takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// In both.
    Always,
    /// Only in this one.
    Only(Phase),
}

/// The operation at the top of what a row matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// An elementary function.
    Map(Function),
    /// A primitive, whatever its attributes are.
    Op(Kind),
    /// Whatever works element by element: functions, comparisons, connectives, choices, casts.
    Elementwise,
}

/// A rewrite: where the node matches, the simpler node of the same value and type.
pub type Rewrite = fn(&mut Rewriter<'_>, NodeId) -> Option<NodeId>;

/// A named rewrite.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What it is called in dumps and tests.
    pub name: &'static str,
    /// How sound it is.
    pub class: Class,
    /// When it runs.
    pub when: When,
    /// The operation it looks at.
    pub on: On,
    /// What it does.
    pub rewrite: Rewrite,
}

/// Rebuilds what the results depend on, simplified, in a new region without dead nodes.
#[must_use]
pub fn simplify(region: &Region, results: &[NodeId]) -> (Region, Vec<NodeId>) {
    rebuild(region, results, &Table::for_phase(Phase::Final))
}

/// Rewrites the expression below `y` within its region; new nodes are added, none change. Leaves and `named` nodes keep
/// their ids, and what stands below a `named` node is left alone: stabilise it before it is named.
pub fn stabilise(region: &mut Region, y: NodeId) -> NodeId {
    let table = Table::for_phase(Phase::BeforeDerivative);
    let below = below_opaque(region, y);
    let mut image: Vec<NodeId> = region.iter().map(|(id, _)| id).collect();
    let span = region.set_span(None);
    let mut rewriter = Rewriter::new(region, &table);
    for id in below {
        rewriter.refresh(id, &mut image);
    }
    region.set_span(span);
    image[y.index()]
}

/// Rewrites nodes of a region, in order, of which the operands are rewritten: `image` says into what. A `named` node that
/// `is_seen_through` becomes what it names.
pub fn stabilise_nodes(
    region: &mut Region,
    nodes: &[NodeId],
    image: &mut [NodeId],
    is_seen_through: impl Fn(NodeId) -> bool,
) {
    let table = Table::for_phase(Phase::BeforeDerivative);
    let span = region.set_span(None);
    let mut rewriter = Rewriter::new(region, &table);
    for &id in nodes {
        let node = rewriter.region().node(id);
        if matches!(node.op, Op::Named(_)) && is_seen_through(id) {
            image[id.index()] = image[node.operands[0].index()];
        } else {
            rewriter.refresh(id, image);
        }
    }
    region.set_span(span);
}

/// The nodes that `y` depends on without passing a `named` node, in order.
fn below_opaque(region: &Region, y: NodeId) -> Vec<NodeId> {
    let mut seen = vec![false; y.index() + 1];
    seen[y.index()] = true;
    let mut below = Vec::new();
    for (id, node) in region.iter().rev().filter(|(id, _)| id.index() <= y.index()) {
        if !seen[id.index()] || matches!(node.op, Op::Named(_)) {
            continue;
        }
        below.push(id);
        for operand in &node.operands {
            seen[operand.index()] = true;
        }
    }
    below.reverse();
    below
}

/// These values as readers want to see them: a root is the formula that it stands for, not how it is computed.
#[must_use]
pub fn spelled(region: &Region, results: &[NodeId]) -> (Region, Vec<NodeId>) {
    static ROOT: Row = Row {
        name: "root_as_sqrt",
        class: Class::Exact,
        when: When::Only(Phase::Final),
        on: On::Op(Kind::Root),
        rewrite: |r, y| {
            let square = r.region().node(y).operands[1];
            Some(r.map(Function::Sqrt, &[square]))
        },
    };
    let has_roots = region.iter().any(|(_, node)| matches!(node.op, Op::Root(_)));
    if has_roots {
        rebuild(region, results, &Table::of([&ROOT]))
    } else {
        without_dead(region.clone(), results.to_vec())
    }
}

/// Simplifies what a graph is read as: the formulas of the documentation are those of what it leaves.
#[must_use]
pub fn simplify_passes<G: HoldsGraph, C>() -> [Pass<G, C>; 1] {
    [Pass {
        name: "simplify",
        why: "algebraic simplification by rewrite rules, to the fixed point; no derivative comes any more",
        needs: &[],
        gives: &[Fact::Closed],
        after: &[],
        required: true,
        run: |holder, _| holder.rebuild(simplify),
    }]
}

/// Makes a graph one that the scheduler knows.
#[must_use]
pub fn legalise_passes<G: HoldsGraph, C>() -> [Pass<G, C>; 5] {
    let optional =
        |name, why, run| Pass { name, why, needs: &[Fact::Legal], gives: &[], after: &[], required: false, run };
    [
        Pass {
            name: "legalise",
            why: "legalisation: composite operations spelled out in stable form",
            needs: &[Fact::Closed],
            gives: &[Fact::Legal],
            after: &[],
            required: true,
            run: |holder, _| holder.rebuild(legalise),
        },
        optional(
            "totals_of_parts",
            "common subexpressions of reductions: totals from the sums that are there",
            |holder, _| {
                if totals::has_parts(holder.region()) {
                    holder.rebuild(totals::totals_of_parts);
                }
            },
        ),
        optional(
            "sums_of_scaled",
            "common subexpressions of scaled sums: of the products that are there",
            |holder, _| {
                if scaled::has_scaled_sums(holder.region()) {
                    holder.rebuild(scaled::sums_of_scaled);
                }
            },
        ),
        optional(
            "sums_of_near",
            "loop fusion of nearly equal extents: zeros up to the box of a result",
            |holder, _| {
                if near::has_near_sums(holder.region()) {
                    holder.rebuild(near::sums_of_near);
                }
            },
        ),
        optional("early_factors", "reassociation of numbers, so that the longest chain is short", |holder, _| {
            if early::has_late_literals(holder.region()) {
                holder.rebuild(early::early_factors_first);
            }
        }),
    ]
}

/// What the scheduler gets of a model that is simplified.
#[cfg(test)]
pub(crate) fn legalise_model(model: &mut Model) {
    for pass in legalise_passes() {
        (pass.run)(model, &mut ());
    }
}

/// The images of the results under the rows of a table, in a region of their own.
fn rebuild(region: &Region, results: &[NodeId], table: &Table) -> (Region, Vec<NodeId>) {
    let mut rebuilt = Region::new();
    let roots = copy(region, results, &mut Rewriter::new(&mut rebuilt, table));
    without_dead(rebuilt, roots)
}

/// What the results depend on, in a region of its own.
fn without_dead(region: Region, results: Vec<NodeId>) -> (Region, Vec<NodeId>) {
    if live(&region, results.iter().copied()).into_iter().all(|is_live| is_live) {
        return (region, results);
    }
    let mut compact = Region::new();
    let nothing = Table::default();
    let roots = copy(&region, &results, &mut Rewriter::new(&mut compact, &nothing));
    (compact, roots)
}

/// The nodes of another region that the same expressions are in this one.
#[cfg(test)]
pub(crate) fn interned(region: &mut Region, other: &Region, nodes: &[NodeId]) -> Vec<NodeId> {
    let nothing = Table::default();
    copy(other, nodes, &mut Rewriter::new(region, &nothing))
}

fn copy(region: &Region, results: &[NodeId], rewriter: &mut Rewriter<'_>) -> Vec<NodeId> {
    copy_with(region, results, rewriter, |_, _, _| None)
}

/// Copies what the results depend on; a node that `replace` gives something for becomes that. `replace` gets the node
/// and the images of those before it.
fn copy_with(
    region: &Region,
    results: &[NodeId],
    rewriter: &mut Rewriter<'_>,
    replace: impl Fn(&mut Rewriter<'_>, NodeId, &dyn Fn(NodeId) -> NodeId) -> Option<NodeId>,
) -> Vec<NodeId> {
    let live = live(region, results.iter().copied());
    let mut images = vec![None; region.len()];
    for (id, node) in region.iter().filter(|(id, _)| live[id.index()]) {
        let image = |id: NodeId| images[id.index()].expect("operands stand before their node");
        let operands: Vec<NodeId> = node.operands.iter().map(|&operand| image(operand)).collect();
        let replaced = replace(rewriter, id, &image);
        if let Some(replaced) = replaced {
            rewriter.keep_name(node, replaced);
        }
        images[id.index()] = Some(replaced.unwrap_or_else(|| rewriter.adopt(node, &operands)));
    }
    results.iter().map(|result| images[result.index()].expect("results are live")).collect()
}
