//! Materialisation: which nodes end a loop nest, and what each nest iterates over.
//!
//! A node ends a nest (is *stored*) if it accumulates, if it is wanted, if a matrix product or a reshape reads it, or if
//! it is too costly to compute again in each of the nests that use it. Everything else is computed where it is used.

pub(crate) mod epilogue;
pub(crate) mod products;
mod split_nests;

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{Dim, NodeId, Region, print::live};
use crate::machine::{WORTH_HOISTING, WORTH_STORING};
pub(crate) use crate::ops::nest::{Nest, NestKind};
use crate::schedule::plan::epilogue::{Sum, take_in_products};
use crate::schedule::plan::products::as_matrix;
use crate::schedule::plan::split_nests::mark_long;
use crate::schedule::views::{Role, is_unit_reshape, role};

/// Which nodes are stored, and the nests that make them, in an order in which they can run.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) nests: Vec<Nest>,
    pub(crate) is_stored: Vec<bool>,
    /// The result that a stored node is, if it is one.
    pub(crate) result: BTreeMap<NodeId, usize>,
    /// What runs as matrix products: contractions, and sums that take some in.
    pub(crate) products: BTreeMap<NodeId, Sum>,
}

pub(crate) fn plan(region: &Region, results: &[NodeId]) -> Plan {
    let live = live(region, results.iter().copied());
    let mut plan = Plan { is_stored: vec![false; region.len()], ..Plan::default() };
    mark_sinks(region, &live, &mut plan);
    let copies = mark_results(region, results, &mut plan);
    mark_repeated(region, &live, &mut plan);
    mark_long(region, &live, &mut plan);
    mark_shared(region, &live, &mut plan);
    take_in_products(region, &live, results, &mut plan);
    for (id, _) in region.iter().filter(|(id, _)| live[id.index()] && plan.is_stored[id.index()]) {
        let nests = nests(region, id, &plan);
        plan.nests.extend(nests);
    }
    plan.nests.extend(copies);
    early_rows_first(region, &mut plan);
    plan
}

/// Puts first what waits for no loop and has fewer axes than others: the logarithms of K scales, before the loop over N
/// points that needs them. Where a loop of theirs came between two over the points, these could not be one.
fn early_rows_first(region: &Region, plan: &mut Plan) {
    let most = plan.nests.iter().map(|nest| nest.extents.len()).max().unwrap_or(0);
    let is_small = |nest: &Nest| nest.kind == NestKind::Pointwise && nest.extents.len() < most;
    let small: BTreeSet<NodeId> = plan.nests.iter().filter(|nest| is_small(nest)).map(|nest| nest.node).collect();
    let mut is_early = vec![false; region.len()];
    for (id, node) in region.iter() {
        is_early[id.index()] = role(&node.op) != Role::Sink
            && (!plan.is_stored[id.index()] || small.contains(&id))
            && node.operands.iter().all(|operand| is_early[operand.index()]);
    }
    plan.nests.sort_by_key(|nest| !(is_small(nest) && is_early[nest.node.index()]));
}

/// What programs do with a value, whatever else they compute.
#[derive(Clone, Debug)]
pub struct Upkeep {
    /// Kept in memory by any program: accumulations, and what matrix products and reshapes read.
    pub is_kept: Vec<bool>,
    /// Costs more to compute from what is kept than to read.
    pub is_costly: Vec<bool>,
}

/// What programs do with each of the live values.
#[must_use]
pub fn upkeep(region: &Region, live: &[bool]) -> Upkeep {
    let mut plan = Plan { is_stored: vec![false; region.len()], ..Plan::default() };
    mark_sinks(region, live, &mut plan);
    let is_costly = costs(region, live, &plan, 0).into_iter().map(|cost| cost >= WORTH_STORING).collect();
    Upkeep { is_kept: plan.is_stored, is_costly }
}

fn mark_sinks(region: &Region, live: &[bool], plan: &mut Plan) {
    for (id, node) in region.iter().filter(|(id, _)| live[id.index()]) {
        match role(&node.op) {
            Role::Sink => {
                plan.is_stored[id.index()] = true;
                if let Some(matrix) = as_matrix(region, id) {
                    matrix.sides.iter().for_each(|side| store(region, side.base, plan));
                    plan.products.insert(id, Sum::of(id, matrix));
                }
            }
            Role::Reshape if !is_unit_reshape(region, id) => store(region, node.operands[0], plan),
            Role::Leaf | Role::Constant | Role::Pointwise | Role::View | Role::Reshape => {}
        }
    }
}

/// Leaves are in memory anyway.
fn store(region: &Region, node: NodeId, plan: &mut Plan) {
    if !matches!(role(&region.node(node).op), Role::Leaf) {
        plan.is_stored[node.index()] = true;
    }
}

/// Tensor results are stored where the caller wants them; what is wanted twice, or is a leaf, is copied.
fn mark_results(region: &Region, results: &[NodeId], plan: &mut Plan) -> Vec<Nest> {
    let mut copies = Vec::new();
    for (place, &node) in results.iter().enumerate() {
        if region.ty(node).rank() == 0 {
            continue;
        }
        let is_leaf = matches!(role(&region.node(node).op), Role::Leaf);
        if is_leaf || plan.result.contains_key(&node) {
            copies.push(Nest::along(region, node, NestKind::Copy(place)));
        } else {
            plan.is_stored[node.index()] = true;
            plan.result.insert(node, place);
        }
    }
    copies
}

/// Which nests use a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Users {
    None,
    One(NodeId),
    Many,
}

impl Users {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, users) | (users, Self::None) => users,
            (Self::One(a), Self::One(b)) if a == b => self,
            _ => Self::Many,
        }
    }
}

/// Stores what several nests use and what is too costly to compute in each.
fn mark_shared(region: &Region, live: &[bool], plan: &mut Plan) {
    let cost = costs(region, live, plan, 1);
    let mut users = vec![Users::None; region.len()];
    let mut shared = BTreeSet::new();
    for (id, node) in region.iter().rev().filter(|(id, _)| live[id.index()]) {
        let is_tensor = node.ty.rank() > 0;
        let is_pointwise = matches!(role(&node.op), Role::Pointwise);
        let is_shared = users[id.index()] == Users::Many && !plan.is_stored[id.index()];
        if is_shared && is_tensor && is_pointwise && cost[id.index()] >= WORTH_STORING {
            plan.is_stored[id.index()] = true;
            shared.insert(id);
        }
        let mine = if plan.is_stored[id.index()] || !is_tensor { Users::One(id) } else { users[id.index()] };
        for operand in &node.operands {
            users[operand.index()] = users[operand.index()].and(mine);
        }
    }
    forget_cheap(region, live, &shared, plan);
}

/// Does not store, of these values, what is cheap to compute from the others: `1 - tanh(x)^2` where the tangent is there.
fn forget_cheap(region: &Region, live: &[bool], shared: &BTreeSet<NodeId>, plan: &mut Plan) {
    let mut cost = vec![0_u32; region.len()];
    for (id, node) in region.iter().filter(|(id, node)| live[id.index()] && node.ty.rank() > 0) {
        let is_leaf = matches!(role(&node.op), Role::Leaf);
        let own = node.op.cost();
        let computed = node.operands.iter().fold(own, |sum, operand| sum.saturating_add(cost[operand.index()]));
        if shared.contains(&id) && computed < WORTH_STORING {
            plan.is_stored[id.index()] = false;
        }
        cost[id.index()] = if is_leaf || plan.is_stored[id.index()] { 1 } else { computed };
    }
}

/// Stores what is spread along an axis outside of its own, unless it is next to nothing: it would be computed again in
/// every turn there.
fn mark_repeated(region: &Region, live: &[bool], plan: &mut Plan) {
    let cost = costs(region, live, plan, 0);
    for (id, node) in region.iter().filter(|(id, _)| live[id.index()]) {
        if !matches!(role(&node.op), Role::View) {
            continue;
        }
        // A view repeats its operand along an axis that comes from none of the operand's.
        let is_new = |axis: &usize| node.op.origins(region, &node.operands, *axis).is_empty();
        let is_inside_new_axis =
            node.op.rereads() || (0..node.ty.rank()).skip_while(|axis| !is_new(axis)).any(|axis| !is_new(&axis));
        let mut source = node.operands[0];
        while matches!(role(&region.node(source).op), Role::View) && !plan.is_stored[source.index()] {
            source = region.node(source).operands[0];
        }
        let is_computed = matches!(role(&region.node(source).op), Role::Pointwise) && region.ty(source).rank() > 0;
        if is_inside_new_axis && is_computed && cost[source.index()] >= WORTH_HOISTING && id != source {
            plan.is_stored[source.index()] = true;
        }
    }
}

/// What it costs to compute each node from what is in memory, if it costs `reading` to read an element.
fn costs(region: &Region, live: &[bool], plan: &Plan, reading: u32) -> Vec<u32> {
    let mut cost = vec![0_u32; region.len()];
    for (id, node) in region.iter().filter(|(id, node)| live[id.index()] && node.ty.rank() > 0) {
        if plan.is_stored[id.index()] || matches!(role(&node.op), Role::Leaf) {
            cost[id.index()] = reading;
            continue;
        }
        cost[id.index()] =
            node.operands.iter().fold(node.op.cost(), |sum, operand| sum.saturating_add(cost[operand.index()]));
    }
    cost
}

/// The nests that make one stored node.
fn nests(region: &Region, id: NodeId, plan: &Plan) -> Vec<Nest> {
    match plan.products.get(&id) {
        Some(sum) => products(region, id, sum),
        None => region.node(id).op.nests(region, id),
    }
}

/// What is not a product is written first, then the products are added.
fn products(region: &Region, id: NodeId, sum: &Sum) -> Vec<Nest> {
    let rank = region.ty(id).rank();
    let first = sum.addend.map(|addend| Nest::place(region, id, addend, vec![Dim::ZERO; rank], vec![1; rank], false));
    let sides = sum.terms.iter().flat_map(|term| &term.matrix.sides);
    let operands = sides.map(|side| (side.base, Vec::new())).collect();
    let kind = NestKind::MatrixProduct;
    let products = Nest { node: id, kind, extents: Vec::new(), kept: Vec::new(), operands };
    first.into_iter().chain([products]).collect()
}
