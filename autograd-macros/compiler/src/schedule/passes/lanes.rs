//! Vectorisation: which loops run in packs of lanes.
//!
//! A nest can run in packs *along* its innermost loops; *across*, where an outer loop makes the lanes and the loops inside
//! take one turn at a time for a whole pack; or *by rows*, where an outer loop does, and the loops inside go along one row
//! after the other. Of the forms that a nest can have, the one that takes the least time by the [cost model](cost::time)
//! is taken, loop by loop from the outside in. (A mixture of ten densities over a vector of points runs across: short inner
//! axes waste no lanes, and what is accumulated over them needs no sum across lanes. A logistic regression runs by rows: the
//! log-loss is computed for all rows of a block at once, and what is added to its gradient stays in registers.)

use std::collections::BTreeSet;

use crate::cost;
use crate::graph::{Dim, Elem};
use crate::loops::program::{
    Along, BufferId, Expr, Guard, Index, Loop, Program, ReductionKind, Run, Stmt, Storage, ValueId, Width,
};
use crate::loops::visit::{Mode, Part, accesses, effects, fits_lanes, is_affine, loops, loops_mut, visit};
use crate::machine::{GATHERED, TYPICAL};
use crate::ops::ReduceKind;
use crate::schedule::passes::relayout::Copies;

/// Marks the loops, and the temporaries that hold a value for each lane; makes the copies that lanes go over.
pub(crate) fn assign_lanes(program: &mut Program) {
    let mut place = 0;
    while place < program.body.len() {
        if let Some(nest) = program.body[place].as_loop() {
            let Form { mut nest, packs, copies } = assign(program, nest, nest, program.buffers.len());
            for buffer in packs {
                program.buffers[buffer.index()].cell.width = Width::Pack;
            }
            let [before, after] = copies.surround(program, &mut nest);
            let nests = before.into_iter().chain([Stmt::Loop(nest)]).chain(after);
            let nests: Vec<Stmt> = nests.collect();
            let count = nests.len();
            program.body.splice(place..=place, nests);
            place += count - 1;
        }
        place += 1;
    }
}

/// What is not clearly faster by the cost model runs along: rows in order, memory asked for ahead.
const CLEARLY: f64 = 0.85;

/// How far apart lanes may be.
pub(crate) enum Reach<'a> {
    /// A few numbers, as many as the text says.
    Known,
    /// This size too, which is small.
    UpTo(&'a Dim),
}

impl Reach<'_> {
    fn is_near(&self, step: &Dim) -> bool {
        let is_known = step.as_constant().is_some_and(|by| (1..=GATHERED).contains(&by));
        is_known || matches!(self, Self::UpTo(size) if *size == step)
    }
}

/// A form that a loop can have.
pub(crate) struct Form {
    pub(crate) nest: Loop,
    /// The temporaries that become packs.
    pub(crate) packs: BTreeSet<BufferId>,
    pub(crate) copies: Copies,
}

impl Form {
    fn plain(nest: Loop) -> Self {
        Self { nest, packs: BTreeSet::new(), copies: Copies::default() }
    }
}

/// The form of a loop of a nest that takes the least time. Buffers from `next` on are not there yet.
fn assign(program: &Program, nest: &Loop, outer: &Loop, next: usize) -> Form {
    if loops(&outer.body).next().is_none() {
        let fits = outer.carries.is_empty() && fits_lanes(outer) && loads_numbers(program, outer);
        return Form::plain(Loop { run: if fits { Run::Lanes } else { Run::Single }, ..outer.clone() });
    }
    let mut along = Form::plain(outer.clone());
    for inner in loops_mut(&mut along.nest.body) {
        let form = assign(program, nest, inner, next + along.copies.count());
        *inner = form.nest;
        along.packs.extend(form.packs);
        along.copies.extend(form.copies);
    }
    let forms =
        [runs_across(program, nest, outer, next, &Reach::Known), runs_by_rows(program, outer)].into_iter().flatten();
    let (mut best, mut least) = (cost::time(&along.nest, &typical), along);
    for form in forms {
        let time = cost::time(&form.nest, &typical);
        if time < CLEARLY * best {
            (best, least) = (time, form);
        }
    }
    least
}

/// What a size may be that the text leaves open.
#[allow(clippy::cast_precision_loss, reason = "sizes are small")]
fn typical(extent: &Dim) -> f64 {
    extent.evaluate(&|_| Some(TYPICAL)).unwrap_or(TYPICAL).max(0) as f64
}

/// A loop over rows in blocks of rows, if that can be: the loops inside go along the rows, one row after the other; what is
/// between them is done for all rows of the block at once (the log-loss of a logistic regression is), and so are the last
/// steps of sums over short rows.
fn runs_by_rows(program: &Program, outer: &Loop) -> Option<Form> {
    let is_number = |value: ValueId| program.values[value.index()].elem == Elem::Real;
    let mut between = BTreeSet::new();
    let mut fits = outer.carries.is_empty() && is_affine(&outer.body);
    for stmt in &outer.body {
        stmt.defines(&mut |value| {
            between.insert(value);
        });
        if let Some(inner) = stmt.as_loop() {
            fits &= goes_along_rows(inner, outer);
            fits &= inner.reductions.iter().all(|reduction| is_number(reduction.result));
            fits &= effects(std::slice::from_ref(stmt)).uses.intersection(&between).all(|&value| is_number(value));
            continue;
        }
        stmt.accesses(&mut |access| {
            fits &= match (access.part, access.mode) {
                (Part::Element(_), Mode::Read) => true,
                (Part::Element(index), Mode::Write) => index.along(outer.axis) != Along::Fixed,
                (Part::Element(_), Mode::Add(_)) | (Part::Many, _) => false,
            };
        });
    }
    fits.then(|| {
        let mut rows = Loop { run: Run::Lanes, ..outer.clone() };
        loops_mut(&mut rows.body).for_each(|inner| inner.run = Run::Rows);
        Form::plain(rows)
    })
}

/// Whether a loop can go along one row after the other of a block of rows: it writes rows, and adds to what all rows share.
fn goes_along_rows(inner: &Loop, outer: &Loop) -> bool {
    let mut fits = inner.carries.is_empty() && inner.extent.dim().is_some() && loops(&inner.body).next().is_none();
    accesses(&inner.body, &mut |access| {
        fits &= match (access.part, access.mode) {
            (Part::Element(_), Mode::Read) => true,
            (Part::Element(index), Mode::Write) => index.along(outer.axis) != Along::Fixed,
            (Part::Element(index), Mode::Add(ReduceKind::Sum)) => {
                index.along(outer.axis) == Along::Fixed && index.along(inner.axis) != Along::Fixed
            }
            (Part::Element(_), Mode::Add(_)) | (Part::Many, _) => false,
        };
    });
    fits
}

/// Whether what a loop reads under a guard along it are numbers: only of these a part of a pack is read.
fn loads_numbers(program: &Program, outer: &Loop) -> bool {
    let mut fits = true;
    visit(&outer.body, &mut |stmt| {
        let is_along = |guard: &Guard| guard.indices().any(|index| index.coefficient(outer.axis).is_some());
        match stmt.expr() {
            Some(Expr::Load(buffer, _, guard)) if is_along(guard) => {
                let buffer = &program.buffers[buffer.index()];
                fits &= buffer.elem == Elem::Real && buffer.cell.is_plain();
            }
            Some(Expr::Keep(value, guard)) if is_along(guard) => {
                fits &= program.values[value.index()].elem == Elem::Real;
            }
            _ => {}
        }
    });
    fits
}

/// A loop with loops inside in packs across its turns, if that can be.
pub(crate) fn runs_across(program: &Program, nest: &Loop, outer: &Loop, next: usize, reach: &Reach) -> Option<Form> {
    if !(outer.carries.is_empty() && fits_lanes(outer) && loads_numbers(program, outer)) {
        return None;
    }
    let mut of = Loop { run: Run::Lanes, ..outer.clone() };
    // A whole nest goes over what it is given once.
    let copies = if nest.axis == outer.axis { Copies::default() } else { Copies::make(nest, &mut of, next) };
    let mut fits = true;
    let mut packs = BTreeSet::new();
    let mut moves: Vec<&Index> = Vec::new();
    visit(&of.body, &mut |stmt| {
        stmt.accesses(&mut |access| match (access.part, access.mode) {
            (Part::Element(index), Mode::Read) => moves.push(index),
            (Part::Element(index), Mode::Write) if index.coefficient(of.axis).is_some() => moves.push(index),
            (Part::Element(_), Mode::Write) => {
                fits &= matches!(program.buffers[access.buffer.index()].storage, Storage::Temporary(_));
                packs.insert(access.buffer);
            }
            (Part::Element(index), Mode::Add(kind)) => {
                fits &= kind == ReduceKind::Sum && index.is_affine();
                moves.push(index);
            }
            (Part::Many, _) => fits = false,
        });
        if let Some(inner) = stmt.as_loop() {
            // A number of turns that is computed may be another one in each lane.
            fits &= inner.extent.dim().is_some();
            fits &= inner.reductions.iter().all(|reduction| matches!(reduction.kind, ReductionKind::Reduce(_)));
        }
    });
    let is_near = |index: &&Index| index.coefficient(of.axis).is_none_or(|step| reach.is_near(step));
    fits &= moves.iter().all(is_near);
    fits.then_some(Form { nest: of, packs, copies })
}
