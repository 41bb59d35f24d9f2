//! The cost model: what an operation, a statement, a loop costs in time, in units of an addition of packs, and what it
//! weighs as code.
//!
//! A load or a store costs three, for most of it waits for memory; an elementary function what its row in the table says:
//! up to 20, and the gamma functions and quantiles up to 250, as many times the 12 of exp as
//! `cargo run --release -p autograd-benches --bin functions` finds.

use crate::graph::Dim;
use crate::loops::program::{Expr, Run, Stmt};
use crate::loops::visit::{Mode, Part, loops};
use crate::machine::LEAST_LANES;
use crate::ops::Op;
use crate::ops::lowering::sure;

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
