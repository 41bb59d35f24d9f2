//! The loop program: what `schedule` makes of a graph and `emit` prints as Rust.
//!
//! A program is a block of statements over scalar values in single assignment form. At the top level a value is a plain
//! number; inside a loop it is one element's. A loop of [`Run::Lanes`] runs in packs of lanes: whatever is computed
//! in its body is a pack, and a value of an outer scope that is used there is the same in all lanes.
//!
//! Buffers are row-major and contiguous; every access goes by one flat index, so broadcasts, permutes, slices and
//! reshapes cost nothing. An index is affine in the axes of loops, but for integers that are computed; a load may be guarded.

use std::fmt;
use std::rc::Rc;

pub use super::index::{Along, Guard, Index, Within};
pub use super::stmt::{
    Block, Call, Carry, Direction, Expr, Extent, Layout, Loop, Mode, Operand, Reduction, ReductionKind, Run, Short,
    Stmt, Sums,
};
use super::visit::visit;
use crate::graph::{Dim, Elem, Shape};
pub use crate::ops::LeafKind;
pub use crate::ops::lowering::AxisId;
pub use crate::ops::nest::ValueId;
use crate::reads::Check;

/// A whole program: one entry point's computation.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// All buffers, by [`BufferId`].
    pub buffers: Vec<Buffer>,
    /// The workspace slots that temporaries live in, by [`SlotId`].
    pub slots: Vec<Slot>,
    /// What it does.
    pub body: Block,
    /// Element kinds of all values, by [`ValueId`].
    pub values: Vec<Value>,
    /// How many loop axes there are.
    pub axes: u32,
    /// What is wanted, in the order in which it was asked for.
    pub results: Vec<ProgramResult>,
    /// The parameters and states that a step assigns the first results to.
    pub targets: Vec<Rc<str>>,
    /// Extents that must not be 0, each with what needs it (`argmax`).
    pub nonempty: Vec<(Dim, &'static str)>,
    /// Subscripts of which results say whether they lie inside.
    pub checks: Vec<Check>,
}

impl Program {
    /// How many statements it has, those in loops included.
    #[must_use]
    pub fn statements(&self) -> usize {
        let mut count = 0;
        visit(&self.body, &mut |_| count += 1);
        count
    }

    /// A new value.
    pub(crate) fn value(&mut self, elem: Elem, name: Option<Rc<str>>) -> ValueId {
        let id = ValueId(u32::try_from(self.values.len()).expect("fewer than 2^32 values"));
        self.values.push(Value { elem, name });
        id
    }
}

/// A result of a program.
#[derive(Clone, Debug)]
pub enum ProgramResult {
    /// A scalar, computed at the top level.
    Scalar(ValueId),
    /// A tensor, written to the caller's buffer.
    Buffer(BufferId),
}

impl ProgramResult {
    /// The value, if it is one.
    #[must_use]
    pub fn scalar(&self) -> Option<ValueId> {
        if let Self::Scalar(value) = self { Some(*value) } else { None }
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $sigil:literal,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// Its place in the program's list.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($sigil, "{}"), self.0)
            }
        }
    )*};
}

ids! {
    /// A buffer.
    BufferId "b",
    /// A workspace slot.
    SlotId "s",
}

/// What is known of a value.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub elem: Elem,
    /// What the user calls it, if it has a name.
    pub name: Option<Rc<str>>,
}

/// A contiguous row-major tensor in memory.
#[derive(Clone, Debug)]
pub struct Buffer {
    /// What the user calls it, or what it is.
    pub name: Rc<str>,
    /// Its elements.
    pub elem: Elem,
    /// Its extents; empty for a scalar leaf.
    pub shape: Shape,
    /// Where it lives.
    pub storage: Storage,
    /// How much memory each of its elements takes.
    pub cell: Cell,
}

/// How much memory an element of a buffer takes: numbers of a width, in so many levels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// One number, or one for each lane.
    pub width: Width,
    /// One such, or one for each level of a sum.
    pub depth: Depth,
}

/// How many numbers an element is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// One.
    #[default]
    Number,
    /// A pack, one value for each lane: in a temporary of a vector loop with loops inside.
    Pack,
}

/// How often an element is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// Once.
    #[default]
    Single,
    /// Once in each level of a [sum in memory](Sums); the runtime says how many levels there are.
    Levels,
}

impl Cell {
    /// Whether it is a pack.
    #[must_use]
    pub fn is_pack(self) -> bool {
        self.width == Width::Pack
    }

    /// Whether it is plain memory, one number for each element.
    #[must_use]
    pub fn is_plain(self) -> bool {
        self == Self::default()
    }
}

/// Where a buffer lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// A parameter, state or input: read only. A scalar one is a plain number.
    Leaf(LeafKind),
    /// The caller's buffer for a result.
    Result(usize),
    /// A parameter or state that a step writes this result to: read, then written.
    Target(usize),
    /// A slot of the workspace, once it has been given one.
    Temporary(Option<SlotId>),
}

/// A piece of the workspace. Temporaries whose lives do not overlap share one.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Its elements.
    pub elem: Elem,
    /// The number of elements: the largest of these at run time.
    pub lengths: Vec<Length>,
}

/// How long a slot has to be for one of its tenants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Length {
    /// The number of cells.
    pub count: Dim,
    /// What each of them is.
    pub cell: Cell,
    /// The size up to which it is needed at all, and how large that may be.
    pub up_to: Option<(Dim, i64)>,
}
