//! The graph: regions of hash-consed primitive operations with symbolic shapes.
//!
//! A [`Region`] is an append-only list of nodes; a node's operands always stand before it, so ids in rising order are a
//! topological order. Two nodes that would be equal are one node by construction, except those marked as unique.
//! A node with several results is the first of them, and `part` reads the others. An operation may hold regions of its own
//! (`body`), with what they capture as explicit operands.

pub mod body;
pub mod conditions;
mod construct;
pub mod dim;
mod intern;
pub mod model;
#[cfg(test)]
pub(crate) mod notation;
#[cfg(test)]
pub(crate) mod parse;
pub mod print;
#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "snapshots, as expect-test writes them")]
mod tests;
#[cfg(test)]
pub(crate) mod words;

use std::fmt;
use std::rc::Rc;

pub use body::Body;
pub use dim::Dim;
use intern::Interner;

use crate::diagnostics::SpanRange;
use crate::ops::Op;

/// What the elements of a tensor are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Elem {
    /// Numbers of the model's scalar type.
    Real,
    /// Truth values.
    Bool,
    /// Integers: class indices, positions along an axis, extents.
    Index,
}

/// The extents of a tensor's axes; empty for a scalar.
pub type Shape = Rc<[Dim]>;

/// Element kind and shape.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Type {
    /// What the elements are.
    pub elem: Elem,
    /// The extents.
    pub shape: Shape,
}

impl Type {
    /// A tensor of numbers.
    #[must_use]
    pub fn real(shape: impl Into<Shape>) -> Self {
        Self { elem: Elem::Real, shape: shape.into() }
    }

    /// A tensor of this shape with other elements.
    #[must_use]
    pub fn with_elem(&self, elem: Elem) -> Self {
        Self { elem, shape: self.shape.clone() }
    }

    /// How many axes there are.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.shape.len()
    }
}

impl fmt::Display for Type {
    /// `[N, D]`, `[]`, `bool[N]`, `index[N]`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.elem {
            Elem::Real => {}
            Elem::Bool => write!(f, "bool")?,
            Elem::Index => write!(f, "index")?,
        }
        write!(f, "{}", ShapeText(&self.shape))
    }
}

/// Prints a shape as the user writes it: `[N, D]`.
pub struct ShapeText<'a>(pub &'a [Dim]);

impl fmt::Display for ShapeText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[")?;
        for (i, dim) in self.0.iter().enumerate() {
            write!(f, "{}{dim}", if i > 0 { ", " } else { "" })?;
        }
        write!(f, "]")
    }
}

/// A node of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The node's place in its region.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "%{}", self.0)
    }
}

/// A primitive operation applied to operands.
#[derive(Clone, Debug)]
pub struct Node {
    /// The operation.
    pub op: Op,
    /// What it is applied to: nodes of the same region that stand before it.
    pub operands: Vec<NodeId>,
    /// What comes out.
    pub ty: Type,
    /// Where in the model it came from.
    pub span: Option<SpanRange>,
    /// What the user calls it.
    pub name: Option<Rc<str>>,
}

/// A list of nodes and the values that are wanted of it.
#[derive(Clone, Debug, Default)]
pub struct Region {
    nodes: Vec<Node>,
    interner: Interner,
    /// Where nodes that are added now come from.
    span: Option<SpanRange>,
    /// Whether derivatives keep the curvature of distances, and how many stand in what is differentiated.
    curved: Option<u32>,
}

/// A region, and what is wanted of it.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// All nodes.
    pub region: Region,
    /// The wanted ones.
    pub results: Vec<NodeId>,
}

/// What makes a graph of a region and wanted nodes: a region of its own, and the images of these.
pub type Rebuild = fn(&Region, &[NodeId]) -> (Region, Vec<NodeId>);

/// What holds a graph, so that a pass over graphs can work on it.
pub trait HoldsGraph {
    /// Where its nodes are.
    fn region(&self) -> &Region;

    /// Puts what is made of the graph in its place.
    fn rebuild(&mut self, rebuild: Rebuild);
}

impl HoldsGraph for Graph {
    fn region(&self) -> &Region {
        &self.region
    }

    fn rebuild(&mut self, rebuild: Rebuild) {
        (self.region, self.results) = rebuild(&self.region, &self.results);
    }
}

impl Region {
    /// An empty region.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many nodes there are, dead ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All nodes in order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(i, node)| (id(i), node))
    }

    /// A node.
    ///
    /// # Panics
    /// If the id belongs to another region and lies beyond the end of this one.
    #[must_use]
    pub fn node(&self, node: NodeId) -> &Node {
        &self.nodes[node.index()]
    }

    /// The type of a node.
    #[must_use]
    pub fn ty(&self, node: NodeId) -> &Type {
        &self.node(node).ty
    }

    /// The shape of a node.
    #[must_use]
    pub fn shape(&self, node: NodeId) -> Shape {
        self.ty(node).shape.clone()
    }

    /// The types of the results of a node after its first.
    #[must_use]
    pub fn further(&self, node: NodeId) -> Vec<Type> {
        let node = self.node(node);
        node.op.further(self, &node.operands)
    }

    /// Sets the place that nodes added from now on come from; returns the one before.
    pub fn set_span(&mut self, span: Option<SpanRange>) -> Option<SpanRange> {
        std::mem::replace(&mut self.span, span)
    }

    /// Says whether the derivative that is built next is differentiated once more: then it keeps the curvature of functions
    /// of distances. The order is that of the derivatives in what is differentiated. Returns what was said before.
    pub fn set_curved(&mut self, order: Option<u32>) -> Option<u32> {
        std::mem::replace(&mut self.curved, order)
    }

    /// See [`set_curved`](Self::set_curved).
    #[must_use]
    pub fn curved(&self) -> Option<u32> {
        self.curved
    }

    /// Gives a node a name, if it has none.
    pub fn set_name(&mut self, node: NodeId, name: &Rc<str>) {
        self.nodes[node.index()].name.get_or_insert_with(|| name.clone());
    }

    /// Adds a node, or finds the equal one that is there. The type is inferred by the operation.
    ///
    /// Typing has been checked by whoever calls; a violation is caught by the verifier, not here.
    pub fn add(&mut self, op: Op, operands: &[NodeId]) -> NodeId {
        let ty = op.infer(self, operands);
        let hash = intern::hash_of(&op, operands, &ty);
        let nodes = &self.nodes;
        let found = self.interner.find(hash, |place| {
            let node = &nodes[place as usize];
            node.op == op && node.operands == operands && node.ty == ty
        });
        if let Some(place) = found {
            return NodeId(place);
        }
        let new = id(self.nodes.len());
        self.nodes.push(Node { op, operands: operands.to_vec(), ty, span: self.span, name: None });
        self.interner.insert(hash, new.0);
        new
    }
}

fn id(place: usize) -> NodeId {
    NodeId(u32::try_from(place).expect("a region holds fewer than 2^32 nodes"))
}
