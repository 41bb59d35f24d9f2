//! Loop fusion: places nests into a tree of loops, and shares loops wherever that is legal and saves a pass over
//! memory.
//!
//! A nest joins a loop that is there if its own loop at that depth has the same extent and everything that it reads of
//! what the loop makes is made in the same turn. So `mean(r^2)` and both gradients become one loop, and a softmax over
//! rows becomes one loop over rows with a few loops along the row inside.
//!
//! Blocks only grow at their end: the place of an item never changes.

use std::collections::{BTreeMap, BTreeSet};

use crate::cost::weight;
use crate::graph::{Dim, NodeId, Region};
use crate::loops::program::AxisId;
use crate::machine::{INNER_LOOP, LARGEST_LOOP};
use crate::schedule::maps::{MapId, Maps};
use crate::schedule::plan::{Nest, NestKind, Plan};
use crate::schedule::views::{Role, is_unit_reshape, role};

/// A loop of the tree.
#[derive(Debug)]
pub(crate) struct Loop {
    pub(crate) axis: AxisId,
    pub(crate) extent: Dim,
    pub(crate) items: Vec<Item>,
    /// A recurrence runs along it: nothing joins.
    sequential: bool,
    weight: usize,
}

/// What a block holds.
#[derive(Debug)]
pub(crate) enum Item {
    Loop(Loop),
    /// The centre of a nest (by its number), with the axes of its loops.
    Centre(usize, Vec<AxisId>),
}

/// Where a node is made.
struct Home {
    /// The place in each block from the outermost in.
    path: Vec<usize>,
    /// The loop along each of its axes; empty if no loop may read it while it is being made.
    axes: Option<Vec<Option<AxisId>>>,
}

/// When a scalar that is not stored can be computed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ready {
    /// Not looked at yet.
    Unknown,
    /// Before any loop.
    AtOnce,
    /// After this top-level item.
    After(usize),
}

/// What a nest reads.
struct Reads {
    /// Stored nodes and where they are read (in terms of the nest's loops, numbered from 0); `None` is anywhere.
    stored: Vec<(NodeId, Option<MapId>)>,
    /// What the nest computes weighs so much.
    weight: usize,
}

pub(crate) struct Fuser<'a> {
    region: &'a Region,
    plan: &'a Plan,
    maps: &'a mut Maps,
    homes: BTreeMap<NodeId, Home>,
    /// The top-level item after which a scalar can be computed, by node.
    ready: Vec<Ready>,
    axes: u32,
}

/// Builds the tree; returns it with the number of axes used.
pub(crate) fn fuse(region: &Region, plan: &Plan, maps: &mut Maps) -> (Vec<Item>, u32) {
    let mut fuser =
        Fuser { region, plan, maps, homes: BTreeMap::new(), ready: vec![Ready::Unknown; region.len()], axes: 0 };
    let mut root = Vec::new();
    for (number, nest) in plan.nests.iter().enumerate() {
        fuser.place(&mut root, number, nest);
    }
    (root, fuser.axes)
}

impl Fuser<'_> {
    fn place(&mut self, root: &mut Vec<Item>, number: usize, nest: &Nest) {
        let reads = self.reads(nest);
        let mut path = Vec::new();
        let mut axes: Vec<AxisId> = Vec::new();
        let mut block = &mut *root;
        for (depth, extent) in nest.extents.iter().enumerate() {
            let last = self.last_needed(&reads, &path);
            let sequential = matches!(nest.kind, NestKind::Sequential(_)) && depth + 1 == nest.extents.len();
            let joined = if sequential { None } else { self.joinable(block, last, nest, &path, &reads) };
            let at = joined.unwrap_or_else(|| {
                let axis = AxisId(self.axes);
                self.axes += 1;
                block.push(Item::Loop(Loop { axis, extent: extent.clone(), items: Vec::new(), sequential, weight: 0 }));
                block.len() - 1
            });
            let Item::Loop(inner) = &mut block[at] else { unreachable!("only loops are joined") };
            path.push(at);
            axes.push(inner.axis);
            block = &mut inner.items;
        }
        path.push(block.len());
        block.push(Item::Centre(number, axes.clone()));
        weigh(root, &path, reads.weight);
        self.settle(nest, path, &axes);
    }

    /// Notes where the node is made.
    fn settle(&mut self, nest: &Nest, path: Vec<usize>, axes: &[AxisId]) {
        let along = |kept: &Option<usize>| kept.map(|place| axes[place]);
        let known = match nest.kind {
            NestKind::Copy(_) => return,
            NestKind::Place { .. } | NestKind::Scatter { .. } | NestKind::MatrixProduct => None,
            NestKind::Pointwise | NestKind::Reduce(_) | NestKind::Position(_) | NestKind::Sequential(_) => {
                Some(nest.kept.iter().map(along).collect())
            }
        };
        // A node made of several parts is there when its last part is.
        if self.homes.get(&nest.node).is_none_or(|home| home.path < path) {
            self.homes.insert(nest.node, Home { path, axes: known });
        }
    }

    /// The last item of the block at `path` that makes something the nest reads.
    fn last_needed(&mut self, reads: &Reads, path: &[usize]) -> Option<usize> {
        let mut last = None;
        for &(node, _) in &reads.stored {
            let needed = match self.homes.get(&node) {
                Some(home) => home.path.starts_with(path).then(|| home.path[path.len()]),
                None if path.is_empty() => self.ready_after(node),
                None => None,
            };
            last = last.max(needed);
        }
        last
    }

    /// The loop of the block that the nest may join at this depth.
    fn joinable(
        &self,
        block: &[Item],
        last: Option<usize>,
        nest: &Nest,
        path: &[usize],
        reads: &Reads,
    ) -> Option<usize> {
        let depth = path.len();
        let fits = |item: &Item| match item {
            Item::Loop(there) => {
                there.extent == nest.extents[depth] && !there.sequential && there.weight + reads.weight <= LARGEST_LOOP
            }
            Item::Centre(..) => false,
        };
        if let Some(at) = last
            && let Item::Loop(there) = &block[at]
            && fits(&block[at])
            && self.reads_same_turn(there.axis, &[path, &[at]].concat(), reads)
        {
            return Some(at);
        }
        let first = last.map_or(0, |last| last + 1);
        (first..block.len()).find(|&at| fits(&block[at]) && matches_fully(&block[at], &nest.extents[depth..]))
    }

    /// Whether everything that the loop at `path` makes and the nest reads is made in the turn in which it is read.
    fn reads_same_turn(&self, axis: AxisId, path: &[usize], reads: &Reads) -> bool {
        let local = AxisId(u32::try_from(path.len() - 1).expect("ranks are small"));
        reads.stored.iter().all(|(node, map)| match (self.homes.get(node), map) {
            // A scalar that is not stored is computed before the outermost loop.
            (None, _) => path.len() > 1 || self.ready[node.index()] != Ready::After(path[0]),
            (Some(home), _) if !home.path.starts_with(path) => true,
            (Some(Home { axes: Some(axes), .. }), Some(map)) => {
                let place = axes.iter().position(|along| *along == Some(axis));
                place.is_some_and(|place| self.maps.get(*map)[place].is_axis(local))
            }
            (Some(_), _) => false,
        })
    }

    /// The top-level item after which a scalar that is not stored can be computed.
    fn ready_after(&mut self, node: NodeId) -> Option<usize> {
        let mut stack = vec![node];
        while let Some(&top) = stack.last() {
            if self.ready[top.index()] == Ready::Unknown {
                let operands = &self.region.node(top).operands;
                let missing = operands.iter().copied().filter(|&operand| self.ready_of(operand) == Ready::Unknown);
                let before = stack.len();
                stack.extend(missing);
                if stack.len() > before {
                    continue;
                }
                let after = operands.iter().map(|&operand| self.ready_of(operand)).max();
                self.ready[top.index()] = after.unwrap_or(Ready::AtOnce);
            }
            stack.pop();
        }
        match self.ready[node.index()] {
            Ready::After(item) => Some(item),
            Ready::Unknown | Ready::AtOnce => None,
        }
    }

    fn ready_of(&self, node: NodeId) -> Ready {
        self.homes.get(&node).map_or(self.ready[node.index()], |home| Ready::After(home.path[0]))
    }

    /// Walks what the centre of a nest computes, down to what is stored.
    fn reads(&mut self, nest: &Nest) -> Reads {
        let mut reads = Reads { stored: Vec::new(), weight: 1 };
        let mut seen = BTreeSet::new();
        let mut stack: Vec<(NodeId, Option<MapId>)> = Vec::new();
        if let NestKind::Scatter { .. } = nest.kind {
            // What is added to is there before.
            reads.stored.push((nest.node, None));
        }
        if nest.kind == NestKind::MatrixProduct {
            stack.extend(nest.operands.iter().map(|&(operand, _)| (operand, None)));
        } else {
            for (operand, axes) in &nest.operands {
                let local =
                    |axis: &Option<usize>| axis.map(|axis| AxisId(u32::try_from(axis).expect("ranks are small")));
                let map = self.maps.identity(&axes.iter().map(local).collect::<Vec<_>>());
                match nest.kind {
                    NestKind::Pointwise => self.step(*operand, map, &mut stack),
                    _ => stack.push((*operand, Some(map))),
                }
            }
        }
        while let Some((node, map)) = stack.pop() {
            if !seen.insert((node, map)) {
                continue;
            }
            let is_scalar = self.region.ty(node).rank() == 0;
            match map {
                _ if is_scalar || self.plan.is_stored[node.index()] => reads.stored.push((node, map)),
                Some(map) => {
                    reads.weight += weight(&self.region.node(node).op);
                    self.step(node, map, &mut stack);
                }
                None => {}
            }
        }
        reads
    }

    /// The operands that a node computed at `map` reads, and where.
    fn step(&mut self, node: NodeId, map: MapId, stack: &mut Vec<(NodeId, Option<MapId>)>) {
        let operands = &self.region.node(node).operands;
        match role(&self.region.node(node).op) {
            Role::Leaf | Role::Constant | Role::Sink => {}
            Role::Pointwise => stack.extend(operands.iter().map(|&operand| (operand, Some(map)))),
            Role::View => {
                let below = self.maps.view(self.region, node, map);
                stack.push((operands[0], Some(below)));
                stack.extend(self.maps.picks(below).into_iter().map(|(node, map)| (node, Some(map))));
            }
            Role::Reshape if is_unit_reshape(self.region, node) => {
                stack.push((operands[0], Some(self.maps.unit_reshape(self.region, node, map))));
            }
            Role::Reshape => stack.push((operands[0], None)),
        }
    }
}

/// Adds what a new centre weighs to the loops around it; what an inner loop weighs itself, if it came with the centre.
fn weigh(block: &mut [Item], path: &[usize], centre: usize) -> usize {
    let [at, below @ ..] = path else { return centre };
    let Item::Loop(inner) = &mut block[*at] else { return centre };
    let added = weigh(&mut inner.items, below, centre);
    let is_new = inner.weight == 0;
    inner.weight += added;
    if is_new { added + INNER_LOOP } else { added }
}

/// Whether loops of all these extents stand in one another, with a centre in the innermost.
fn matches_fully(item: &Item, extents: &[Dim]) -> bool {
    match (item, extents) {
        (Item::Centre(..), []) => true,
        (Item::Loop(there), [extent, rest @ ..]) => {
            there.extent == *extent && !there.sequential && there.items.iter().any(|item| matches_fully(item, rest))
        }
        _ => false,
    }
}
