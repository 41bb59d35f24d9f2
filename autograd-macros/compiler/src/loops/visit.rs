//! Visitors of statements: what each of them reads and writes, which values it uses and defines, and where it stands.
//!
//! Passes and printers ask here and name no kind of statement, so that a new kind is taught to all of them in this file. They
//! match on a kind only where they turn exactly that kind into something else.
//!
//! | question | of one statement | of a block with all that is in it |
//! |---|---|---|
//! | memory | [`Stmt::accesses`] | [`accesses`], [`effects`], [`touches`] |
//! | values | [`Stmt::uses`], [`Stmt::defines`] | [`uses`], [`effects`] |
//! | values at the two ends of a turn | [`Loop::binds`], [`Loop::hands_on`] | |
//! | sizes | [`Stmt::dims`] | |
//! | statements, where they stand | | [`visit`], [`walk`] |
//! | loops | [`Stmt::as_loop`] | [`loops`], [`loops_mut`] |
//!
//! What ends in `mut` or begins with `map` is for those that change what it shows.

use std::collections::BTreeSet;

pub use super::program::Mode;
use super::program::{AxisId, Block, BufferId, Call, Expr, Extent, Guard, Index, Loop, Operand, Stmt, ValueId};
use crate::graph::Dim;
use crate::ops::ReduceKind;

/// How much of a buffer is touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// One element.
    Element(&'a Index),
    /// Any number of elements.
    Many,
}

/// What a statement does to one buffer.
#[derive(Clone, Copy, Debug)]
pub struct Access<'a> {
    /// Which buffer.
    pub buffer: BufferId,
    /// How much of it.
    pub part: Part<'a>,
    /// What is done.
    pub mode: Mode,
    /// The value that an element becomes, or is made of; none of a guarded load, which may be 0 instead.
    pub value: Option<ValueId>,
    /// Whether it is done only where a guard holds.
    pub is_guarded: bool,
}

impl<'a> Access<'a> {
    fn element(buffer: BufferId, index: &'a Index, mode: Mode, value: ValueId) -> Self {
        Self { buffer, part: Part::Element(index), mode, value: Some(value), is_guarded: false }
    }

    fn many(buffer: BufferId, mode: Mode) -> Self {
        Self { buffer, part: Part::Many, mode, value: None, is_guarded: false }
    }
}

/// The loops around a statement, and its place in the text.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a, 's> {
    /// From the outermost in.
    pub loops: &'s [&'a Loop],
    /// How many statements stand before it.
    pub place: usize,
}

impl Stmt {
    /// What it does to memory itself; of a loop, without what is in its body.
    pub fn accesses<'a>(&'a self, f: &mut dyn FnMut(Access<'a>)) {
        match self {
            Self::Let(value, Expr::Load(buffer, index, guard)) => {
                let access = Access::element(*buffer, index, Mode::Read, *value);
                let is_guarded = !guard.is_empty();
                f(Access { value: access.value.filter(|_| !is_guarded), is_guarded, ..access });
            }
            Self::Let(..) => {}
            Self::Store { buffer, index, value } => f(Access::element(*buffer, index, Mode::Write, *value)),
            Self::Accumulate { buffer, index, kind, value, guard } => {
                let access = Access::element(*buffer, index, Mode::Add(*kind), *value);
                f(Access { is_guarded: !guard.is_empty(), ..access });
            }
            Self::Fill { buffer, .. } => f(Access::many(*buffer, Mode::Write)),
            Self::Call(call) => {
                call.operands.iter().for_each(|Operand { buffer, mode, .. }| f(Access::many(*buffer, *mode)));
            }
            Self::Loop(inner) => {
                for sums in &inner.sums {
                    f(Access::many(sums.levels, Mode::Write));
                    f(Access::many(sums.buffer, Mode::Add(ReduceKind::Sum)));
                }
            }
        }
    }

    /// The values that it uses where it stands: of a loop, what its turns begin with. What they use is in its body, and in [`Loop::hands_on`].
    pub fn uses(&self, f: &mut dyn FnMut(ValueId)) {
        match self {
            Self::Let(_, expr) => expr.operands(f),
            Self::Store { index, value, .. } => {
                f(*value);
                index.picked().for_each(f);
            }
            Self::Accumulate { index, value, guard, .. } => {
                f(*value);
                index.picked().for_each(&mut *f);
                guard.indices().flat_map(Index::picked).for_each(f);
            }
            Self::Call(call) => {
                call.scalars.iter().copied().for_each(&mut *f);
                call.operands.iter().flat_map(|operand| operand.layout.first.picked()).for_each(f);
            }
            Self::Loop(inner) => {
                if let Extent::Value(turns) = inner.extent {
                    f(turns);
                }
                inner.carries.iter().for_each(|carry| f(carry.initial));
                inner.sums.iter().flat_map(|sums| sums.first.picked()).for_each(&mut *f);
                inner.ahead.iter().flat_map(|(_, index)| index.picked()).for_each(&mut *f);
                inner.unless_zero.into_iter().for_each(f);
            }
            Self::Fill { .. } => {}
        }
    }

    /// The values that it defines where it stands.
    pub fn defines(&self, f: &mut dyn FnMut(ValueId)) {
        match self {
            Self::Let(value, _) => f(*value),
            Self::Loop(inner) => inner.reductions.iter().for_each(|reduction| f(reduction.result)),
            Self::Store { .. } | Self::Accumulate { .. } | Self::Fill { .. } | Self::Call(_) => {}
        }
    }

    /// The indices in it: of elements, of positions, of parts of buffers.
    pub fn indices<'a>(&'a self, f: &mut dyn FnMut(&'a Index)) {
        match self {
            Self::Let(_, Expr::Load(_, index, guard)) | Self::Accumulate { index, guard, .. } => {
                f(index);
                guard.indices().for_each(f);
            }
            Self::Let(_, Expr::Keep(_, guard)) => guard.indices().for_each(f),
            Self::Let(_, Expr::Position(index)) | Self::Store { index, .. } => f(index),
            Self::Loop(inner) => {
                inner.sums.iter().for_each(|sums| f(&sums.first));
                inner.ahead.iter().for_each(|(_, index)| f(index));
            }
            Self::Call(call) => call.operands.iter().for_each(|operand| f(&operand.layout.first)),
            Self::Let(..) | Self::Fill { .. } => {}
        }
    }

    /// The indices in it that are no places in memory: positions that become integers, and those of guards.
    pub fn counts<'a>(&'a self, f: &mut dyn FnMut(&'a Index)) {
        if let Some(Expr::Position(index)) = self.expr() {
            f(index);
        }
        self.guard().into_iter().flat_map(Guard::indices).for_each(f);
    }

    /// Where it does what it does at all, if that is not everywhere.
    #[must_use]
    pub fn guard(&self) -> Option<&Guard> {
        match self {
            Self::Let(_, Expr::Load(_, _, guard) | Expr::Keep(_, guard)) | Self::Accumulate { guard, .. } => {
                Some(guard)
            }
            Self::Let(..) | Self::Store { .. } | Self::Fill { .. } | Self::Call(_) | Self::Loop(_) => None,
        }
    }

    /// The sizes that stand in it.
    pub fn dims<'a>(&'a self, f: &mut dyn FnMut(&'a Dim)) {
        self.indices(&mut |index| index.dims(f));
        match self {
            Self::Let(_, Expr::Extent(dim)) => f(dim),
            Self::Let(_, Expr::Load(_, _, guard) | Expr::Keep(_, guard)) | Self::Accumulate { guard, .. } => {
                guard.0.iter().for_each(|within| f(&within.extent));
            }
            Self::Loop(inner) => inner.extent.dim().into_iter().for_each(f),
            Self::Call(call) => {
                call.extents.iter().for_each(&mut *f);
                call.operands.iter().flat_map(|operand| &operand.layout.strides).for_each(f);
            }
            Self::Let(..) | Self::Store { .. } | Self::Fill { .. } => {}
        }
    }

    /// What it computes, if it is no more than the definition of a value.
    #[must_use]
    pub fn expr(&self) -> Option<&Expr> {
        if let Self::Let(_, expr) = self { Some(expr) } else { None }
    }

    /// The call of a routine that it is.
    #[must_use]
    pub fn as_call(&self) -> Option<&Call> {
        if let Self::Call(call) = self { Some(call) } else { None }
    }

    /// The loop that it is.
    #[must_use]
    pub fn as_loop(&self) -> Option<&Loop> {
        if let Self::Loop(inner) = self { Some(inner) } else { None }
    }

    /// The loop that it is, to change it.
    pub fn as_loop_mut(&mut self) -> Option<&mut Loop> {
        if let Self::Loop(inner) = self { Some(inner) } else { None }
    }

    /// The loop that it is, taken out.
    #[must_use]
    pub fn into_loop(self) -> Option<Loop> {
        if let Self::Loop(inner) = self { Some(inner) } else { None }
    }

    /// The buffers of its own accesses, to put others in their place.
    pub fn buffers_mut(&mut self, f: &mut dyn FnMut(&mut BufferId, Mode)) {
        match self {
            Self::Let(_, Expr::Load(buffer, ..)) => f(buffer, Mode::Read),
            Self::Let(..) => {}
            Self::Store { buffer, .. } | Self::Fill { buffer, .. } => f(buffer, Mode::Write),
            Self::Accumulate { buffer, kind, .. } => f(buffer, Mode::Add(*kind)),
            Self::Call(call) => {
                call.operands.iter_mut().for_each(|Operand { buffer, mode, .. }| f(buffer, *mode));
            }
            Self::Loop(inner) => {
                for sums in &mut inner.sums {
                    f(&mut sums.levels, Mode::Write);
                    f(&mut sums.buffer, Mode::Add(ReduceKind::Sum));
                }
            }
        }
    }

    /// The index of the element that it touches, and which buffer that is of.
    pub fn element_mut(&mut self) -> Option<(BufferId, &mut Index)> {
        match self {
            Self::Let(_, Expr::Load(buffer, index, _))
            | Self::Store { buffer, index, .. }
            | Self::Accumulate { buffer, index, .. } => Some((*buffer, index)),
            Self::Let(..) | Self::Fill { .. } | Self::Call(_) | Self::Loop(_) => None,
        }
    }

    /// The values that it uses where it stands, to put others in their place.
    pub fn uses_mut(&mut self, f: &mut dyn FnMut(&mut ValueId)) {
        match self {
            Self::Let(_, expr) => expr.operands_mut().into_iter().for_each(f),
            Self::Store { index, value, .. } => {
                f(value);
                index.picked_mut().for_each(f);
            }
            Self::Accumulate { index, value, guard, .. } => {
                f(value);
                index.picked_mut().for_each(&mut *f);
                guard.picked_mut().for_each(f);
            }
            Self::Call(call) => {
                call.scalars.iter_mut().for_each(&mut *f);
                call.operands.iter_mut().flat_map(|operand| operand.layout.first.picked_mut()).for_each(f);
            }
            Self::Loop(inner) => {
                if let Extent::Value(turns) = &mut inner.extent {
                    f(turns);
                }
                inner.carries.iter_mut().for_each(|carry| f(&mut carry.initial));
                inner.sums.iter_mut().flat_map(|sums| sums.first.picked_mut()).for_each(&mut *f);
                inner.ahead.iter_mut().flat_map(|(_, index)| index.picked_mut()).for_each(&mut *f);
                inner.unless_zero.iter_mut().for_each(f);
            }
            Self::Fill { .. } => {}
        }
    }
}

impl Loop {
    /// The values that a turn begins with.
    pub fn binds(&self, f: &mut dyn FnMut(ValueId)) {
        self.carries.iter().for_each(|carry| f(carry.value));
    }

    /// The values that a turn ends with: they are used in its scope, after all of its body.
    pub fn hands_on(&self, f: &mut dyn FnMut(ValueId)) {
        self.reductions.iter().for_each(|reduction| f(reduction.value));
        self.carries.iter().for_each(|carry| f(carry.next));
    }
}

/// The loops among these statements, not those inside of them.
pub fn loops(stmts: &[Stmt]) -> impl DoubleEndedIterator<Item = &Loop> {
    stmts.iter().filter_map(Stmt::as_loop)
}

/// The loops among these statements, to change them.
pub fn loops_mut(stmts: &mut [Stmt]) -> impl DoubleEndedIterator<Item = &mut Loop> {
    stmts.iter_mut().filter_map(Stmt::as_loop_mut)
}

/// Calls `f` with every statement, loops before what is in them.
pub fn visit<'a>(stmts: &'a [Stmt], f: &mut dyn FnMut(&'a Stmt)) {
    for stmt in stmts {
        f(stmt);
        if let Some(inner) = stmt.as_loop() {
            visit(&inner.body, f);
        }
    }
}

/// Calls `f` with every statement to change it, loops before what is in them.
pub fn visit_mut(stmts: &mut [Stmt], f: &mut dyn FnMut(&mut Stmt)) {
    for stmt in stmts {
        f(stmt);
        if let Some(inner) = stmt.as_loop_mut() {
            visit_mut(&mut inner.body, f);
        }
    }
}

/// Calls `f` with every statement and where it stands.
pub fn walk<'a>(stmts: &'a [Stmt], f: &mut dyn FnMut(Site<'a, '_>, &'a Stmt)) {
    fn block<'a>(
        stmts: &'a [Stmt],
        loops: &mut Vec<&'a Loop>,
        place: &mut usize,
        f: &mut dyn FnMut(Site<'a, '_>, &'a Stmt),
    ) {
        for stmt in stmts {
            f(Site { loops, place: *place }, stmt);
            *place += 1;
            if let Some(inner) = stmt.as_loop() {
                loops.push(inner);
                block(&inner.body, loops, place, f);
                loops.pop();
            }
        }
    }
    block(stmts, &mut Vec::new(), &mut 0, f);
}

/// Calls `f` with everything that the statements do to memory.
pub fn accesses<'a>(stmts: &'a [Stmt], f: &mut dyn FnMut(Access<'a>)) {
    visit(stmts, &mut |stmt| stmt.accesses(f));
}

/// Calls `f` with every value that the statements use, inside of loops too.
pub fn uses(stmts: &[Stmt], f: &mut dyn FnMut(ValueId)) {
    visit(stmts, &mut |stmt| {
        stmt.uses(f);
        if let Some(inner) = stmt.as_loop() {
            inner.hands_on(f);
        }
    });
}

/// Puts other buffers in the place of those that the statements touch.
pub fn map_buffers(stmts: &mut [Stmt], f: &mut dyn FnMut(&mut BufferId, Mode)) {
    visit_mut(stmts, &mut |stmt| stmt.buffers_mut(f));
}

/// Drops the statements that are not to be kept, those in loops before the loops.
pub fn retain(stmts: &mut Block, keep: &dyn Fn(&Stmt) -> bool) {
    loops_mut(stmts).for_each(|inner| retain(&mut inner.body, keep));
    stmts.retain(keep);
}

/// Whether the turns of a loop can be lanes as far as memory is concerned: the integers that are computed in indices are the
/// same in all turns, and a guard along the loop says which lanes there are.
#[must_use]
pub fn fits_lanes(inner: &Loop) -> bool {
    let (mut defined, mut fits) = (BTreeSet::new(), true);
    visit(&inner.body, &mut |stmt| {
        stmt.defines(&mut |value| {
            defined.insert(value);
        });
        if let Some(inner) = stmt.as_loop() {
            inner.binds(&mut |value| {
                defined.insert(value);
            });
        }
    });
    visit(&inner.body, &mut |stmt| {
        stmt.indices(&mut |index| fits &= index.picked().all(|value| !defined.contains(&value)));
        fits &= guards_fit(stmt, inner.axis);
    });
    fits
}

/// Whether the guards of a statement go along the axis of a vector loop one by one, or are the same for all of its lanes.
#[must_use]
pub fn guards_fit(stmt: &Stmt, axis: AxisId) -> bool {
    // A part of a pack can be read; it is all of it that is added, or nothing.
    let is_read = stmt.expr().is_some();
    let fits = |index: &Index| index.coefficient(axis).is_none_or(|step| is_read && step.is_one());
    stmt.guard().is_none_or(|guard| guard.indices().all(fits))
}

/// Whether where the statements read and write depends on the axes of loops alone, and on no guard.
#[must_use]
pub fn is_affine(stmts: &[Stmt]) -> bool {
    let mut is_affine = true;
    visit(stmts, &mut |stmt| {
        stmt.indices(&mut |index| is_affine &= index.is_affine());
        is_affine &= stmt.guard().is_none_or(Guard::is_empty);
    });
    is_affine
}

/// Whether any of the statements may fail.
#[must_use]
pub fn may_fail(stmts: &[Stmt]) -> bool {
    let mut may_fail = false;
    visit(stmts, &mut |stmt| may_fail |= stmt.as_call().is_some_and(|call| call.routine.can_fail()));
    may_fail
}

/// Whether the statements do anything to a buffer.
#[must_use]
pub fn touches(stmts: &[Stmt], buffer: BufferId) -> bool {
    let mut touched = false;
    accesses(stmts, &mut |access| touched |= access.buffer == buffer);
    touched
}

/// What statements do to memory and values, in all.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// The buffers that are read; what is added to is not among them.
    pub reads: BTreeSet<BufferId>,
    /// The buffers that are changed.
    pub writes: BTreeSet<BufferId>,
    /// The values that are defined, inside of loops too.
    pub defines: BTreeSet<ValueId>,
    /// The values that are used, inside of loops too.
    pub uses: BTreeSet<ValueId>,
    /// Whether any of it may fail.
    pub may_fail: bool,
}

/// What statements do to memory and values, in all.
#[must_use]
pub fn effects(stmts: &[Stmt]) -> Effects {
    let mut effects = Effects::default();
    visit(stmts, &mut |stmt| {
        let Effects { reads, writes, defines, uses: _, may_fail } = &mut effects;
        *may_fail |= stmt.as_call().is_some_and(|call| call.routine.can_fail());
        stmt.accesses(&mut |access| {
            if access.mode.changes() {
                writes.insert(access.buffer)
            } else {
                reads.insert(access.buffer)
            };
        });
        stmt.defines(&mut |value| {
            defines.insert(value);
        });
        if let Some(inner) = stmt.as_loop() {
            inner.binds(&mut |value| {
                defines.insert(value);
            });
        }
    });
    uses(stmts, &mut |value| {
        effects.uses.insert(value);
    });
    effects
}
