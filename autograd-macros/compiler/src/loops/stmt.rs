//! Statements and expressions of the loop program: blocks, loops, calls, and the right-hand sides of definitions.

use std::ops::{Deref, DerefMut};

use super::index::{Guard, Index};
use super::program::{AxisId, BufferId, ValueId};
use super::routine::Routine;
use crate::graph::{Dim, Elem};
pub use crate::ops::nest::Direction;
use crate::ops::{Compare, Extreme, Function, Integer, Literal, Logic, ReduceKind};

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
        /// Where it is combined at all.
        guard: Guard,
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
    /// How its turns are run.
    pub run: Run,
    /// In which order its turns come.
    pub direction: Direction,
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
    /// A value of the surrounding scope that all it does is a multiple of: no turn is made where that is 0, in all lanes.
    pub unless_zero: Option<ValueId>,
    /// Of a nest at the top level, the form that is run where a size is small.
    pub short: Option<Box<Short>>,
}

/// Another form of the same nest: the same statements, run in other packs.
#[derive(Clone, Debug)]
pub struct Short {
    /// The size that decides when the program runs.
    pub size: Dim,
    /// It is run up to this size.
    pub at_most: i64,
    /// The nest, which has no other form itself.
    pub form: Block,
}

/// How the turns of a loop are run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Run {
    /// One turn after the other; inside of a loop in lanes, with packs for values.
    #[default]
    Single,
    /// In packs of lanes, as many turns at once as a pack has lanes: a vector loop. No loop inside of it is another one.
    Lanes,
    /// Inside of a vector loop over rows: in packs itself, for one row after the other. What is a pack outside is a number
    /// here, and what is reduced here is a lane of a pack there.
    Rows,
}

/// How many turns a loop makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    /// As many as a size says, which is known before the program runs.
    Dim(Dim),
    /// As many as an integer says that the program has computed; none if it is negative.
    Value(ValueId),
}

impl Loop {
    /// Whether it runs in packs of lanes.
    #[must_use]
    pub fn is_vector(&self) -> bool {
        self.run == Run::Lanes
    }

    /// Whether it goes along one row after the other of a vector loop over rows.
    #[must_use]
    pub fn is_by_rows(&self) -> bool {
        self.run == Run::Rows
    }
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
    /// An operation on integers.
    Integer(Integer, ValueId, ValueId),
    /// A comparison.
    Compare(Compare, ValueId, ValueId),
    /// `&&`, `||`, `!`
    Logic(Logic, Vec<ValueId>),
    /// `condition ? yes : no`
    Select(ValueId, ValueId, ValueId),
    /// A value where the guard holds, 0 elsewhere.
    Keep(ValueId, Guard),
    /// A value converted to another kind of element.
    Cast(Elem, ValueId),
}

impl Expr {
    /// An element of a buffer, which is there.
    #[must_use]
    pub fn load(buffer: BufferId, index: Index) -> Self {
        Self::Load(buffer, index, Guard::default())
    }

    /// The values that it is made of.
    pub fn operands(&self, f: &mut dyn FnMut(ValueId)) {
        match self {
            Self::Literal(_) | Self::Extent(_) => {}
            Self::Position(index) => index.picked().for_each(f),
            Self::Load(_, index, guard) => {
                index.picked().for_each(&mut *f);
                guard.indices().flat_map(Index::picked).for_each(f);
            }
            Self::Map(_, operands) | Self::Logic(_, operands) => operands.iter().for_each(|operand| f(*operand)),
            Self::Compare(_, a, b) | Self::Integer(_, a, b) => [*a, *b].into_iter().for_each(f),
            Self::Select(condition, yes, no) => [*condition, *yes, *no].into_iter().for_each(f),
            Self::Keep(operand, guard) => {
                f(*operand);
                guard.indices().flat_map(Index::picked).for_each(f);
            }
            Self::Cast(_, operand) => f(*operand),
        }
    }

    /// The values that it is made of, to put others in their place.
    pub(super) fn operands_mut(&mut self) -> Vec<&mut ValueId> {
        match self {
            Self::Literal(_) | Self::Extent(_) => Vec::new(),
            Self::Position(index) => index.picked_mut().collect(),
            Self::Load(_, index, guard) => index.picked_mut().chain(guard.picked_mut()).collect(),
            Self::Map(_, operands) | Self::Logic(_, operands) => operands.iter_mut().collect(),
            Self::Compare(_, a, b) | Self::Integer(_, a, b) => vec![a, b],
            Self::Select(condition, yes, no) => vec![condition, yes, no],
            Self::Keep(operand, guard) => std::iter::once(operand).chain(guard.picked_mut()).collect(),
            Self::Cast(_, operand) => vec![operand],
        }
    }
}
