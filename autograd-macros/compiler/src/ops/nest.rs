//! Loop nests: how a primitive that is kept in memory is made, and what it writes at the centre of its loops.
//!
//! A nest is a box of loops in order. `schedule` chooses which nests there are, fuses them and lowers them; it knows kinds
//! of nests and no primitive. The statements at a centre come from [`Primitive::element`](super::Primitive::element),
//! through [`Centre`].

use std::fmt;

use super::{Compare, Extreme, Function, Integer, Literal, Logic, ReduceKind};
use crate::graph::{Dim, Elem, NodeId, Region};

/// A scalar value of a loop program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueId(pub u32);

impl ValueId {
    /// The value's place in its program.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for ValueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

/// In which order the turns of a loop come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From the first to the last.
    #[default]
    Forwards,
    /// From the last to the first (only loops with carries).
    Backwards,
}

/// One loop nest: a box of loops, in order, and what happens at their centre.
#[derive(Clone, Debug)]
pub struct Nest {
    /// The node that it makes.
    pub node: NodeId,
    /// What happens at the centre.
    pub kind: NestKind,
    /// The extents of the loops; none is the literal 1.
    pub extents: Vec<Dim>,
    /// For each axis of the node: the loop that runs along it, `None` if its extent is 1.
    pub kept: Vec<Option<usize>>,
    /// What is read at the centre, and for each of its axes the loop that runs along it.
    pub operands: Vec<(NodeId, Vec<Option<usize>>)>,
}

/// What happens to the value at the centre of a nest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NestKind {
    /// It is the node's element, computed of the operands' elements at the same place.
    Pointwise,
    /// It is the node's element, and goes to another result.
    Copy(usize),
    /// It is accumulated over the loops that the node does not keep.
    Reduce(ReduceKind),
    /// The position of its extreme is found along the last loop.
    Position(Extreme),
    /// It is the node's element. The last loop hands values along, maybe from its end.
    Sequential(Direction),
    /// It is written into a part of the node: at `starts + steps · axis`.
    Place {
        /// The place of the first element along each axis.
        starts: Vec<Dim>,
        /// The distance between elements along each axis.
        steps: Vec<i64>,
        /// Whether what is not written is 0; otherwise other nests write it.
        fill: bool,
    },
    /// It is added to the element of the node that the other operands, integers, say: those along these axes. Along the
    /// others, the loops run that are kept.
    Scatter {
        /// The axes that the integers say the position along.
        axes: Vec<usize>,
    },
    /// Matrix products by the runtime's kernel; no loops here.
    MatrixProduct,
}

impl Nest {
    /// Loops along all axes of a node, in order, at the centre of which it is read.
    #[must_use]
    pub fn along(region: &Region, node: NodeId, kind: NestKind) -> Self {
        let mut loops = Loops::default();
        let kept = loops.along_all(&region.shape(node));
        Self { node, kind, extents: loops.extents, operands: vec![(node, kept.clone())], kept }
    }

    /// What writes an operand into a part of a node.
    #[must_use]
    pub fn place(region: &Region, node: NodeId, part: NodeId, starts: Vec<Dim>, steps: Vec<i64>, fill: bool) -> Self {
        Self { node, ..Self::along(region, part, NestKind::Place { starts, steps, fill }) }
    }
}

/// The loops of a nest, as they are asked for.
#[derive(Default)]
pub(super) struct Loops {
    pub(super) extents: Vec<Dim>,
}

impl Loops {
    /// The loop along an axis of that extent; none along one of extent 1.
    pub(super) fn along(&mut self, extent: &Dim) -> Option<usize> {
        (!extent.is_one()).then(|| {
            self.extents.push(extent.clone());
            self.extents.len() - 1
        })
    }

    /// Loops along all axes.
    pub(super) fn along_all(&mut self, shape: &[Dim]) -> Vec<Option<usize>> {
        shape.iter().map(|extent| self.along(extent)).collect()
    }

    /// Loops along all axes, the given one innermost: it gets a loop even if its extent is 1.
    pub(super) fn inner_last(&mut self, shape: &[Dim], last: usize) -> Vec<Option<usize>> {
        let axes = shape.iter().enumerate();
        let mut axes: Vec<_> =
            axes.map(|(axis, extent)| if axis == last { None } else { self.along(extent) }).collect();
        self.extents.push(shape[last].clone());
        axes[last] = Some(self.extents.len() - 1);
        axes
    }
}

/// The loops along those axes of an operand that the result keeps.
pub(super) fn keep(axes: &[Option<usize>], is_kept: impl Fn(usize) -> bool) -> Vec<Option<usize>> {
    (0..axes.len()).filter(|&axis| is_kept(axis)).map(|axis| axes[axis]).collect()
}

/// The positions of the axes whose extent is not the literal 1.
#[must_use]
pub fn long_axes(shape: &[Dim]) -> Vec<usize> {
    (0..shape.len()).filter(|&axis| !shape[axis].is_one()).collect()
}

/// Where a primitive writes the statements that compute an element of it: at the centre of a nest, inside all its loops.
pub trait Centre {
    /// A number, a truth value or an integer.
    fn literal(&mut self, literal: Literal) -> ValueId;

    /// A dimension as an integer.
    fn extent(&mut self, dim: &Dim) -> ValueId;

    /// The position of the element along an axis of the node.
    fn position(&mut self, axis: usize) -> ValueId;

    /// In a sequential nest: whether no turn came before this one.
    fn is_first(&mut self) -> ValueId;

    /// An elementary function.
    fn map(&mut self, function: Function, operands: &[ValueId]) -> ValueId;

    /// An operation on integers.
    fn integer(&mut self, op: Integer, a: ValueId, b: ValueId) -> ValueId;

    /// A comparison.
    fn compare(&mut self, compare: Compare, a: ValueId, b: ValueId) -> ValueId;

    /// A connective.
    fn logic(&mut self, logic: Logic, operands: &[ValueId]) -> ValueId;

    /// `condition ? yes : no`
    fn select(&mut self, condition: ValueId, yes: ValueId, no: ValueId) -> ValueId;

    /// Another element kind.
    fn cast(&mut self, to: Elem, x: ValueId) -> ValueId;

    /// In a sequential nest: a value that the turn before hands along.
    fn carried(&mut self, elem: Elem) -> ValueId;

    /// The number 0, one for all.
    fn zero(&mut self) -> ValueId;

    /// What a turn hands along in the place of a carried value, and what that starts as, a value before all loops.
    fn hand_on(&mut self, carried: ValueId, initial: ValueId, next: ValueId);
}
