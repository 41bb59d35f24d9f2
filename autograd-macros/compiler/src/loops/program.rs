//! The loop program: what `schedule` makes of a graph and `emit` prints as Rust.
//!
//! A program is a block of statements over scalar values in single assignment form. At the top level a value is a plain
//! number; inside a loop it is one element's. A loop marked as `vector` is run in packs of lanes: whatever is computed
//! in its body is a pack, and a value of an outer scope that is used there is the same in all lanes.
//!
//! Buffers are row-major and contiguous; every access goes by one flat index, so broadcasts, permutes, slices and
//! reshapes cost nothing. An index is affine in the axes of loops, but for integers that are computed; a load may be guarded.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use super::routine::Routine;
use super::visit::visit;
use crate::graph::{Dim, Elem, Shape};
pub use crate::ops::LeafKind;
pub use crate::ops::lowering::AxisId;
pub use crate::ops::nest::ValueId;
use crate::ops::{Compare, Extreme, Function, Literal, Logic, ReduceKind};

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
    /// A temporary of a vector loop with loops inside: every element is a pack, one value for each lane.
    pub lanes: bool,
    /// Sums in [`levels`](Sums): so many of such rows.
    pub levels: bool,
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
    /// The number of elements, or of packs; for levels, of each.
    pub count: Dim,
    /// Whether it is one of packs: as many elements as a pack has lanes each.
    pub packs: bool,
    /// Whether it is one of levels: so many times that as the runtime has levels of a sum in memory.
    pub levels: bool,
}

/// Statements, in order: those of a program, or of one turn of a loop. What analyses say, they say of a block, whatever
/// stands around it.
#[derive(Clone, Debug, Default)]
pub struct Block(Vec<Stmt>);

impl Deref for Block {
    type Target = Vec<Stmt>;

    fn deref(&self) -> &Vec<Stmt> {
        &self.0
    }
}

impl DerefMut for Block {
    fn deref_mut(&mut self) -> &mut Vec<Stmt> {
        &mut self.0
    }
}

impl From<Vec<Stmt>> for Block {
    fn from(stmts: Vec<Stmt>) -> Self {
        Self(stmts)
    }
}

impl FromIterator<Stmt> for Block {
    fn from_iter<I: IntoIterator<Item = Stmt>>(stmts: I) -> Self {
        Self(stmts.into_iter().collect())
    }
}

impl IntoIterator for Block {
    type Item = Stmt;
    type IntoIter = std::vec::IntoIter<Stmt>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Block {
    type Item = &'a Stmt;
    type IntoIter = std::slice::Iter<'a, Stmt>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a mut Block {
    type Item = &'a mut Stmt;
    type IntoIter = std::slice::IterMut<'a, Stmt>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut()
    }
}

/// A statement.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "loops are few")]
pub enum Stmt {
    /// `let value = expr;`
    Let(ValueId, Expr),
    /// `for axis in 0..extent { body }`
    Loop(Loop),
    /// `buffer[index] = value;`
    Store {
        /// Where to.
        buffer: BufferId,
        /// Which element.
        index: Index,
        /// What.
        value: ValueId,
    },
    /// `buffer[index] = combine(buffer[index], value);`
    Accumulate {
        /// Where to.
        buffer: BufferId,
        /// Which element.
        index: Index,
        /// How it is combined.
        kind: ReduceKind,
        /// What.
        value: ValueId,
    },
    /// Sets every element of a buffer.
    Fill {
        /// Which.
        buffer: BufferId,
        /// To what; for a buffer of truth values 0 and 1.
        value: f64,
    },
    /// A call of a library routine.
    Call(Call),
}

/// A call of a library routine: what it does, and where, is said by the routine.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is computed.
    pub routine: &'static dyn Routine,
    /// What it reads and writes, in the routine's order.
    pub operands: Vec<Operand>,
    /// Numbers that it takes, in the routine's order.
    pub scalars: Vec<ValueId>,
    /// The sizes of the problem, in the routine's order.
    pub extents: Vec<Dim>,
}

/// What a routine does to one of its operands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operand {
    /// Where it lies.
    pub buffer: BufferId,
    /// How it lies there.
    pub layout: Layout,
    /// What is done to it.
    pub mode: Mode,
}

/// A tensor inside of a buffer, with any strides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The flat index of its first element.
    pub first: Index,
    /// The flat distance of one step along each of its axes.
    pub strides: Vec<Dim>,
}

/// What is done to memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// It is read.
    Read,
    /// It is written, whatever was there.
    Write,
    /// What is there is combined with something.
    Add(ReduceKind),
}

impl Mode {
    /// Whether the memory is changed.
    #[must_use]
    pub fn changes(self) -> bool {
        match self {
            Self::Read => false,
            Self::Write | Self::Add(_) => true,
        }
    }
}

/// A loop.
#[derive(Clone, Debug)]
pub struct Loop {
    /// Its axis.
    pub axis: AxisId,
    /// It runs over `0..extent`.
    pub extent: Extent,
    /// Runs in packs of lanes. Loops inside a vector loop take one turn at a time, with packs for values, or go by
    /// rows; none of them is a vector loop.
    pub vector: bool,
    /// A loop inside a vector loop over rows that runs in packs itself, for one row after the other: what is a pack
    /// outside is a number here, and what is reduced here is a lane of a pack there.
    pub by_rows: bool,
    /// Runs from the end (only loops with carries).
    pub reverse: bool,
    /// Values handed from one turn to the next.
    pub carries: Vec<Carry>,
    /// What one turn does.
    pub body: Block,
    /// What is accumulated over all turns; the results are values of the surrounding scope.
    pub reductions: Vec<Reduction>,
    /// The buffers whose sums are kept in levels while the loop runs.
    pub sums: Vec<Sums>,
    /// Memory that a later loop of the same turn of the loop around writes, asked for here already.
    pub ahead: Vec<(BufferId, Index)>,
}

/// How many turns a loop makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    /// As many as a size says, which is known before the program runs.
    Dim(Dim),
    /// As many as an integer says that the program has computed; none if it is negative.
    Value(ValueId),
}

impl Extent {
    /// The size, if it is one.
    #[must_use]
    pub fn dim(&self) -> Option<&Dim> {
        match self {
            Self::Dim(dim) => Some(dim),
            Self::Value(_) => None,
        }
    }

    /// The number of turns, if it is known when the program is compiled.
    #[must_use]
    pub fn as_constant(&self) -> Option<i64> {
        self.dim().and_then(Dim::as_constant)
    }
}

/// A part of a buffer that every turn of a loop adds to. What is added goes to levels, which are added to the buffer
/// after the last turn: the result is the same, more accurate.
#[derive(Clone, Debug)]
pub struct Sums {
    /// What is accumulated to.
    pub buffer: BufferId,
    /// Where the levels are: of the shape of the part.
    pub levels: BufferId,
    /// Where the part starts.
    pub first: Index,
}

/// A value handed from one turn of a loop to the next.
#[derive(Clone, Debug)]
pub struct Carry {
    /// Its value during a turn.
    pub value: ValueId,
    /// What it starts as: a value of the surrounding scope.
    pub initial: ValueId,
    /// The value of the body that it becomes.
    pub next: ValueId,
}

/// An accumulation over a loop.
#[derive(Clone, Debug)]
pub struct Reduction {
    /// The result, visible after the loop.
    pub result: ValueId,
    /// How values are combined.
    pub kind: ReductionKind,
    /// The value of one turn.
    pub value: ValueId,
}

/// How a loop combines the values of its turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReductionKind {
    /// Sum, product, maximum, minimum, any, all.
    Reduce(ReduceKind),
    /// The loop's position of the extreme value (the first one).
    Position(Extreme),
}

/// The right-hand side of a `Let`.
#[derive(Clone, Debug)]
pub enum Expr {
    /// A constant.
    Literal(Literal),
    /// A dimension, as an integer value.
    Extent(Dim),
    /// A function of the loop axes, as an integer value.
    Position(Index),
    /// An element of a buffer, or 0 where the guard does not hold.
    Load(BufferId, Index, Guard),
    /// An elementary function.
    Map(Function, Vec<ValueId>),
    /// A comparison.
    Compare(Compare, ValueId, ValueId),
    /// `&&`, `||`, `!`
    Logic(Logic, Vec<ValueId>),
    /// `condition ? yes : no`
    Select(ValueId, ValueId, ValueId),
    /// The same value as another kind of element.
    Cast(Elem, ValueId),
}

impl Expr {
    /// An element of a buffer, which is there.
    #[must_use]
    pub fn load(buffer: BufferId, index: Index) -> Self {
        Self::Load(buffer, index, Guard::default())
    }

    /// The values that it is made of.
    #[must_use]
    pub fn operands(&self) -> Vec<ValueId> {
        match self {
            Self::Literal(_) | Self::Extent(_) => Vec::new(),
            Self::Position(index) => index.picked().collect(),
            Self::Load(_, index, guard) => index.picked().chain(guard.indices().flat_map(Index::picked)).collect(),
            Self::Map(_, operands) | Self::Logic(_, operands) => operands.clone(),
            Self::Compare(_, a, b) => vec![*a, *b],
            Self::Select(condition, yes, no) => vec![*condition, *yes, *no],
            Self::Cast(_, operand) => vec![*operand],
        }
    }

    /// The same, to put others in their place.
    pub(super) fn operands_mut(&mut self) -> Vec<&mut ValueId> {
        match self {
            Self::Literal(_) | Self::Extent(_) => Vec::new(),
            Self::Position(index) => index.picked_mut().collect(),
            Self::Load(_, index, Guard(within)) => {
                let guarded = within.iter_mut().flat_map(|within| within.index.picked_mut());
                index.picked_mut().chain(guarded).collect()
            }
            Self::Map(_, operands) | Self::Logic(_, operands) => operands.iter_mut().collect(),
            Self::Compare(_, a, b) => vec![a, b],
            Self::Select(condition, yes, no) => vec![condition, yes, no],
            Self::Cast(_, operand) => vec![operand],
        }
    }
}

/// A flat index: `offset + Σ stride · axis + Σ stride · value`. Strides are never 0; an axis or a value stands at most once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Index {
    /// The constant part.
    pub offset: Dim,
    /// The strides of the loop axes.
    pub strides: Vec<(AxisId, Dim)>,
    /// Integers that are computed, with their strides.
    pub picks: Vec<(ValueId, Dim)>,
}

/// How an index goes along the axis of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along<'a> {
    /// It is the same in all turns.
    Fixed,
    /// It goes on by so much from turn to turn.
    Steps(&'a Dim),
    /// It depends on what is computed: nothing is known.
    Unknown,
}

impl<'a> Along<'a> {
    /// The step, if there is one.
    #[must_use]
    pub fn steps(self) -> Option<&'a Dim> {
        match self {
            Self::Steps(step) => Some(step),
            Self::Fixed | Self::Unknown => None,
        }
    }
}

impl Index {
    /// `offset + Σ stride · axis`
    #[must_use]
    pub const fn affine(offset: Dim, strides: Vec<(AxisId, Dim)>) -> Self {
        Self { offset, strides, picks: Vec::new() }
    }

    /// Always the same element.
    #[must_use]
    pub const fn constant(offset: Dim) -> Self {
        Self::affine(offset, Vec::new())
    }

    /// The position along one axis.
    #[must_use]
    pub fn axis(axis: AxisId) -> Self {
        Self::affine(Dim::ZERO, vec![(axis, Dim::ONE)])
    }

    /// Whether it is always the first element.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.offset == Dim::ZERO && self.strides.is_empty() && self.picks.is_empty()
    }

    /// Whether it depends on the axes of loops alone.
    #[must_use]
    pub fn is_affine(&self) -> bool {
        self.picks.is_empty()
    }

    /// How it goes along an axis. A value in it may change with any axis: who asks does not see where it is defined.
    #[must_use]
    pub fn along(&self, axis: AxisId) -> Along<'_> {
        match self.coefficient(axis) {
            _ if !self.is_affine() => Along::Unknown,
            Some(step) => Along::Steps(step),
            None => Along::Fixed,
        }
    }

    /// What an axis itself is multiplied by; the values in it may depend on that axis too.
    #[must_use]
    pub fn coefficient(&self, axis: AxisId) -> Option<&Dim> {
        self.strides.iter().find(|(candidate, _)| *candidate == axis).map(|(_, stride)| stride)
    }

    /// The values in it.
    pub fn picked(&self) -> impl Iterator<Item = ValueId> {
        self.picks.iter().map(|(value, _)| *value)
    }

    /// The values in it, to put others in their place.
    pub fn picked_mut(&mut self) -> impl Iterator<Item = &mut ValueId> {
        self.picks.iter_mut().map(|(value, _)| value)
    }
}

/// Where a load reads at all, and nowhere else: all of these hold. None holds always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard(pub Vec<Within>);

/// `0 <= index < extent`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    /// The position.
    pub index: Index,
    /// How many positions there are.
    pub extent: Dim,
}

impl Guard {
    /// Whether it holds everywhere.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The positions that it asks about.
    pub fn indices(&self) -> impl Iterator<Item = &Index> {
        self.0.iter().map(|within| &within.index)
    }
}
