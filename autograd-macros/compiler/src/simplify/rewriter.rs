//! The simplifying constructor: a node in, the node that stands for it in normal form out.

use super::{On, Phase, Row, When, rows};
use crate::graph::body::each;
use crate::graph::{Dim, Elem, Node, NodeId, Region, Shape};
use crate::ops::lowering::Role;
use crate::ops::window::{Bounds, Place};
use crate::ops::{
    Broadcast, Cast, Compare, Extent, Function, Kind, Literal, Map, Op, Permute, Reduce, ReduceKind, Select,
};

/// How deep rows may build through rows; far beyond what any row needs, and a bound on the stack.
const DEPTH: usize = 128;

/// Rewrites allowed per node, on average, before everything is left as it is.
const REWRITES_PER_NODE: usize = 64;

/// The rows of one run, each with its place, by the operation that they look at.
#[derive(Default)]
pub(super) struct Table {
    of_functions: Vec<Vec<Placed>>,
    of_kinds: Vec<Vec<Placed>>,
    elementwise: Vec<Placed>,
}

type Placed = (usize, &'static Row);

impl Table {
    /// The rows that take part in a phase.
    pub(super) fn for_phase(phase: Phase) -> Self {
        Self::of(rows::all().filter(|row| match row.when {
            When::Always => true,
            When::Only(only) => only == phase,
        }))
    }

    /// These rows; the first that applies wins.
    pub(super) fn of(rows: impl IntoIterator<Item = &'static Row>) -> Self {
        let mut table = Self {
            of_functions: vec![Vec::new(); Function::ALL.len()],
            of_kinds: vec![Vec::new(); Kind::ALL.len()],
            elementwise: Vec::new(),
        };
        for placed in rows.into_iter().enumerate() {
            match placed.1.on {
                On::Map(function) => table.of_functions[function as usize].push(placed),
                On::Op(kind) => table.of_kinds[kind as usize].push(placed),
                On::Elementwise => table.elementwise.push(placed),
            }
        }
        table
    }

    /// Those that look at an operation, in order.
    fn on<'a>(&'a self, op: &Op) -> impl Iterator<Item = &'static Row> + use<'a> {
        fn of(lists: &[Vec<Placed>], place: usize) -> &[Placed] {
            lists.get(place).map_or(&[], Vec::as_slice)
        }
        let of_function = if let Op::Map(map) = op { of(&self.of_functions, map.function as usize) } else { &[] };
        let elementwise = if op.role() == Role::Pointwise { &self.elementwise[..] } else { &[] };
        let mut lists = [of_function, of(&self.of_kinds, op.kind() as usize), elementwise];
        std::iter::from_fn(move || {
            let next = lists.iter_mut().filter(|list| !list.is_empty()).min_by_key(|list| list[0].0)?;
            let (&(_, row), rest) = next.split_first()?;
            *next = rest;
            Some(row)
        })
    }
}

/// Adds nodes to a region in normal form.
pub struct Rewriter<'a> {
    region: &'a mut Region,
    table: &'a Table,
    /// The normal form of each node of the region, where it is known; itself while it is being worked on, which is what
    /// ends a circle of rows.
    settled: Vec<Option<NodeId>>,
    depth: usize,
    /// Rewrites left to do.
    budget: usize,
}

impl<'a> Rewriter<'a> {
    pub(super) fn new(region: &'a mut Region, table: &'a Table) -> Self {
        let budget = REWRITES_PER_NODE * (region.len() + 16);
        Self { region, table, settled: Vec::new(), depth: 0, budget }
    }

    /// What is there.
    #[must_use]
    pub fn region(&self) -> &Region {
        self.region
    }

    /// The normal form of an operation on operands that are in normal form.
    pub fn add(&mut self, op: impl Into<Op>, operands: &[NodeId]) -> NodeId {
        let node = self.region.add(op.into(), operands);
        self.settle(node)
    }

    /// Adds a copy of a node of another region, with its place and its name.
    pub(super) fn adopt(&mut self, node: &Node, operands: &[NodeId]) -> NodeId {
        self.budget += REWRITES_PER_NODE;
        self.region.set_span(node.span);
        let adopted = self.add(self.with_bodies(&node.op), operands);
        self.keep_name(node, adopted);
        adopted
    }

    /// The operation with its bodies rewritten like the region around them.
    fn with_bodies(&self, op: &Op) -> Op {
        if op.bodies().is_empty() {
            return op.clone();
        }
        let table = self.table;
        let bodies = each(op.bodies(), |body| body.rebuilt(|region, results| super::rebuild(region, results, table)));
        op.with_bodies(bodies).expect("an operation takes back its bodies")
    }

    /// Gives what stands for a node its name.
    pub(super) fn keep_name(&mut self, node: &Node, image: NodeId) {
        if let Some(name) = &node.name
            && !self.region.node(image).operands.is_empty()
        {
            self.region.set_name(image, name);
        }
    }

    /// Brings a node of this region up to date with the images of its operands.
    pub(super) fn refresh(&mut self, id: NodeId, image: &mut [NodeId]) {
        let node = self.region.node(id).clone();
        let operands: Vec<NodeId> = node.operands.iter().map(|operand| image[operand.index()]).collect();
        image[id.index()] = self.adopt(&node, &operands);
    }

    fn settle(&mut self, node: NodeId) -> NodeId {
        if self.settled.len() <= node.index() {
            self.settled.resize(self.region.len().max(node.index() + 1), None);
        }
        if let Some(settled) = self.settled[node.index()] {
            return settled;
        }
        if self.depth >= DEPTH || self.budget == 0 {
            return node;
        }
        self.settled[node.index()] = Some(node);
        self.depth += 1;
        let settled = self.rewrite(node).unwrap_or(node);
        self.depth -= 1;
        self.settled[node.index()] = Some(settled);
        settled
    }

    /// The result of the first row that applies.
    fn rewrite(&mut self, node: NodeId) -> Option<NodeId> {
        let table = self.table;
        for row in table.on(&self.region.node(node).op) {
            let Some(simpler) = (row.rewrite)(self, node) else { continue };
            debug_assert_eq!(self.region.ty(simpler), self.region.ty(node), "row {}", row.name);
            if simpler != node {
                #[cfg(any(test, feature = "look"))]
                record::note(row, self.region, node, simpler);
                self.budget = self.budget.saturating_sub(1);
                return Some(simpler);
            }
        }
        None
    }
}

/// What rows build, in normal form.
impl Rewriter<'_> {
    /// An elementary function of operands of equal shape.
    pub fn map(&mut self, function: Function, operands: &[NodeId]) -> NodeId {
        self.add(Map { function }, operands)
    }

    /// A scalar everywhere in a shape.
    pub fn fill(&mut self, scalar: NodeId, shape: &Shape) -> NodeId {
        self.broadcast(scalar, shape.clone(), Vec::new())
    }

    /// A literal everywhere in a shape.
    pub fn full(&mut self, literal: Literal, shape: &Shape) -> NodeId {
        let scalar = self.add(literal, &[]);
        self.fill(scalar, shape)
    }

    /// A number everywhere in the shape of a node.
    pub fn number(&mut self, value: f64, like: NodeId) -> NodeId {
        let shape = self.region.shape(like);
        self.full(Literal::real(value), &shape)
    }

    /// Zero, or false, everywhere in a shape.
    pub fn zeros(&mut self, elem: Elem, shape: &Shape) -> NodeId {
        self.full(Literal { bits: 0.0_f64.to_bits(), elem }, shape)
    }

    /// A dimension as a number; rank 0.
    pub fn extent(&mut self, dim: &Dim) -> NodeId {
        let extent = self.add(Extent { dim: dim.clone() }, &[]);
        self.add(Cast { to: Elem::Real }, &[extent])
    }

    /// A reduction over axes (sorted).
    pub fn reduce(&mut self, kind: ReduceKind, x: NodeId, axes: &[usize]) -> NodeId {
        if axes.is_empty() && kind != ReduceKind::Norm {
            return x;
        }
        self.add(Reduce { kind, axes: axes.to_vec() }, &[x])
    }

    /// A value whose axes `axes` were reduced away, repeated along them in the shape of a node.
    pub fn spread(&mut self, reduced: NodeId, axes: &[usize], like: NodeId) -> NodeId {
        let shape = self.region.shape(like);
        let axes = (0..shape.len()).filter(|axis| !axes.contains(axis)).collect();
        self.broadcast(reduced, shape, axes)
    }

    /// Adds axes: axis `i` of `x` becomes axis `axes[i]` of `shape`.
    pub fn broadcast(&mut self, x: NodeId, shape: Shape, axes: Vec<usize>) -> NodeId {
        if axes.len() == shape.len() {
            return x;
        }
        self.add(Broadcast { shape, axes }, &[x])
    }

    /// `x` read at places, 0 where a guard does not hold.
    pub fn window(&mut self, x: NodeId, shape: &Shape, places: Vec<Place>, guard: Vec<Bounds>) -> NodeId {
        let node = self.region.window(x, shape, places, guard);
        self.normal(node)
    }

    /// The normal form of what the region's builders have added, which may be several nodes.
    fn normal(&mut self, node: NodeId) -> NodeId {
        let made = self.region.node(node).clone();
        if self.settled.get(node.index()).is_some_and(Option::is_some) || made.operands.is_empty() {
            return self.settle(node);
        }
        let operands: Vec<NodeId> = made.operands.iter().map(|&operand| self.normal(operand)).collect();
        self.add(made.op, &operands)
    }

    /// Axis `i` of the result is axis `order[i]` of `x`.
    pub fn permute(&mut self, x: NodeId, order: Vec<usize>) -> NodeId {
        if order.is_sorted() {
            return x;
        }
        self.add(Permute { order }, &[x])
    }

    /// `a < b ? yes : no`
    pub fn where_less(&mut self, a: NodeId, b: NodeId, yes: NodeId, no: NodeId) -> NodeId {
        let condition = self.add(Compare::Lt, &[a, b]);
        self.add(Select::RULE, &[condition, yes, no])
    }
}

/// What rows have made, on this thread: for those who show it, and for tests of which rows were met.
#[cfg(any(test, feature = "look"))]
pub(super) mod record {
    use std::cell::RefCell;

    use super::super::{Class, Row};
    use crate::graph::{NodeId, Region};

    /// How a node is shown.
    type Show = fn(&Region, NodeId) -> String;

    /// A rewrite that has been done.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Rewritten {
        /// The name of the row.
        pub row: &'static str,
        /// How sound it is.
        pub class: Class,
        /// What stood there.
        pub before: String,
        /// What stands there now.
        pub after: String,
    }

    thread_local! {
        static RECORD: RefCell<Option<(Show, Vec<Rewritten>)>> = const { RefCell::new(None) };
    }

    /// From now on, rewrites of this thread are recorded, shown like that; or no longer.
    pub fn record(show: Option<Show>) {
        RECORD.set(show.map(|show| (show, Vec::new())));
    }

    /// The rewrites since this was asked last.
    #[must_use]
    pub fn recorded() -> Vec<Rewritten> {
        RECORD.with_borrow_mut(|record| record.as_mut().map(|(_, done)| std::mem::take(done)).unwrap_or_default())
    }

    pub(super) fn note(row: &'static Row, region: &Region, before: NodeId, after: NodeId) {
        RECORD.with_borrow_mut(|record| {
            if let Some((show, done)) = record {
                let (before, after) = (show(region, before), show(region, after));
                done.push(Rewritten { row: row.name, class: row.class, before, after });
            }
        });
    }
}
