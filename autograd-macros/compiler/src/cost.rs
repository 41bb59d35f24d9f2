//! The cost model: what an operation, a statement, a loop costs in time, in units of an addition of packs, and what it
//! weighs as code.
//!
//! A load or a store costs three, for most of it waits for memory; an elementary function what its row in the table says:
//! up to 20, and the gamma functions and quantiles up to 250, as many times the 12 of exp as
//! `cargo run --release -p autograd-benches --bin functions` finds.

use crate::graph::Dim;
use crate::loops::program::{Expr, Loop, Reduction, ReductionKind, Run, Stmt};
use crate::loops::visit::{Mode, Part, loops};
use crate::machine::{LEAST_LANES, TYPICAL};
use crate::ops::lowering::sure;
use crate::ops::{Op, ReduceKind};

/// What a load or a store costs: most of it waits for memory.
const ACCESS: i64 = 3;

/// What the start of a loop costs, with the sums across lanes at its end.
const LOOP: i64 = 8;

/// What arithmetic costs at most, where elementary functions cost more.
pub(crate) const ARITHMETIC: u32 = 8;

/// What a value weighs in the code of a loop: a statement, and what LLVM makes of its function.
pub(crate) fn weight(op: &Op) -> usize {
    1 + op.cost() as usize / 4
}

/// What statements cost; `None` if that depends on what is computed. Where no loop around them runs in packs, each does the
/// work of one lane alone.
pub(crate) fn of_block(stmts: &[Stmt], in_lanes: bool) -> Option<Dim> {
    let own: i64 = stmts.iter().map(of_stmt).sum();
    let own = Dim::constant(if in_lanes { own } else { own * LEAST_LANES });
    loops(stmts).try_fold(own, |total, inner| {
        let turn = of_block(&inner.body, in_lanes || inner.run != Run::Single)?;
        Some(sure(total.add(&sure(inner.extent.dim()?.mul(&turn)))))
    })
}

/// What a statement costs, without the turns of a loop.
fn of_stmt(stmt: &Stmt) -> i64 {
    if stmt.as_loop().is_some() {
        return LOOP;
    }
    let mut cost = match stmt.expr() {
        Some(Expr::Map(function, _)) => i64::from(function.cost()),
        Some(
            Expr::Position(_)
            | Expr::Integer(..)
            | Expr::Compare(..)
            | Expr::Logic(..)
            | Expr::Select(..)
            | Expr::Keep(..)
            | Expr::Cast(..),
        ) => 1,
        Some(Expr::Literal(_) | Expr::Extent(_) | Expr::Load(..)) | None => 0,
    };
    stmt.accesses(&mut |access| {
        cost += match (access.part, access.mode) {
            (Part::Element(_), Mode::Read | Mode::Write) => ACCESS,
            (Part::Element(_), Mode::Add(_)) => 2 * ACCESS,
            (Part::Many, _) => 0,
        };
    });
    cost
}

/// What a load or a store along the lanes costs in [`time`], where memory is in the caches; what else stands in [`time`] was
/// fitted to column sums, regressions and softmaxes of rows of 1 to 100 numbers.
const MOVE: f64 = 2.0;

/// What a load and a store cost where each lane is somewhere else.
const APART: [f64; 2] = [25.0, 40.0];

/// What it costs to start a loop.
const START: f64 = 12.0;

/// What it costs to add up the lanes of a sum at the end of a loop.
const LANES: f64 = 32.0;

/// What it costs a loop to add to sums in memory, once: where they lie, and whether they move up to another level.
const SUMS: f64 = 40.0;

/// What it costs to start a loop inside of packs, which has no lanes to add up.
const TURNS: f64 = 4.0;

/// What a pack that is not full costs beyond what is computed.
const REST: f64 = 12.0;

/// What a row of a block costs whose lanes are kept, to be added up with those of the others.
const ROW: f64 = 20.0;

/// What the lanes of the sums of a whole block of rows cost, added up at once.
const SQUARE: f64 = 48.0;

/// In what the statements of a block compute.
#[derive(Clone, Copy)]
enum In<'a> {
    /// In numbers.
    Numbers,
    /// In packs along the axis of a loop.
    Packs(&'a Loop),
}

/// How long a loop takes as it runs, in additions of packs of the fewest lanes, where `size` says what a dimension may be.
///
/// It is there to compare two ways to run the same loop, so it knows what these differ in: how often a pack is full, what
/// lies side by side along the lanes, what is added up across them. It takes memory to be near.
pub(crate) fn time(of: &Loop, size: &dyn Fn(&Dim) -> f64) -> f64 {
    loop_time(of, In::Numbers, size)
}

#[allow(clippy::cast_precision_loss, reason = "sizes are small")]
fn loop_time(of: &Loop, within: In, size: &dyn Fn(&Dim) -> f64) -> f64 {
    let turns = of.extent.dim().map_or(TYPICAL as f64, size);
    let lanes = LEAST_LANES as f64;
    let (full, rest) = ((turns / lanes).floor(), if turns % lanes > 0.0 { 1.0 } else { 0.0 });
    let sums = of.reductions.len() as f64;
    let body = |within| block_time(&of.body, within, size);
    match (of.run, within) {
        (Run::Single, In::Numbers) => START + turns * body(within),
        (Run::Single, In::Packs(_)) => TURNS + turns * body(within),
        (Run::Lanes, _) => {
            let pack = body(In::Packs(of));
            let adds = matches!(within, In::Numbers) && adds(&of.body);
            START + LANES * sums + if adds { SUMS } else { 0.0 } + full * pack + rest * (pack + REST)
        }
        // One row after the other, whose sums are added up together, or for each pack of columns all rows of the block.
        (Run::Rows, _) => {
            let pack = body(In::Packs(of));
            let others = of.reductions.iter().filter(|reduction| !is_sum(reduction)).count() as f64;
            let row = full * pack + rest * (pack + REST);
            if sums > 0.0 {
                START + lanes * (ROW + LANES * others + row) + SQUARE * (sums - others)
            } else {
                START + (full + rest) * 2.0 * MOVE + lanes * row
            }
        }
    }
}

/// Whether any of the statements adds to memory.
fn adds(stmts: &[Stmt]) -> bool {
    let mut adds = false;
    for stmt in stmts {
        stmt.accesses(&mut |access| adds |= matches!(access.mode, Mode::Add(_)));
    }
    adds
}

fn is_sum(reduction: &Reduction) -> bool {
    reduction.kind == ReductionKind::Reduce(ReduceKind::Sum)
}

fn block_time(stmts: &[Stmt], within: In, size: &dyn Fn(&Dim) -> f64) -> f64 {
    let mut total = 0.0;
    for stmt in stmts {
        total += match (stmt.as_loop(), stmt.expr()) {
            (Some(inner), _) => loop_time(inner, within, size),
            (None, Some(Expr::Map(function, _))) => f64::from(function.cost()),
            (None, Some(Expr::Literal(_) | Expr::Extent(_) | Expr::Load(..)) | None) => 0.0,
            (None, Some(_)) => 1.0,
        };
        stmt.accesses(&mut |access| {
            let Part::Element(index) = access.part else { return };
            let along = if let In::Packs(of) = within { index.coefficient(of.axis) } else { None };
            if let (In::Packs(Loop { run: Run::Rows, .. }), Mode::Add(_)) = (within, access.mode) {
                // It stays in a register from row to row.
                total += 1.0;
                return;
            }
            let one = match (along, within) {
                (None, In::Numbers) => MOVE,
                (Some(step), _) if step.is_one() => MOVE,
                (Some(_), _) => APART[usize::from(access.mode == Mode::Write)],
                // The same in all lanes.
                (None, In::Packs(of)) if access.mode.changes() && of.run == Run::Lanes => MOVE,
                (None, In::Packs(_)) => 1.0,
            };
            total += match access.mode {
                Mode::Add(_) if one > MOVE => APART[0] + APART[1],
                Mode::Add(_) => 2.0 * one,
                Mode::Read | Mode::Write => one,
            };
        });
    }
    total
}
