//! Loop versioning: a nest over an axis whose length the text leaves open gets a second form, which is run where that is short.
//!
//! ```text
//! for i in 0..N in lanes                 for i in 0..N in lanes
//!     v1 = sum v0, for j … by rows           v1 = sum v0, for j … by rows
//!         v0 = b0[D*i + j]                       v0 = b0[D*i + j]
//!                                        or, where D is at most 8:
//!                                            for i in 0..N in lanes
//!                                                v1 = sum v0, for j in 0..D
//!                                                    v0 = b0[D*i + j]
//! ```
//!
//! Along a row of one or three numbers a pack is nearly empty, and there are as many packs as rows. Across the rows it is full.

use std::collections::BTreeSet;

use crate::cost;
use crate::graph::Dim;
use crate::loops::program::{Expr, Loop, Program, Run, Short, Stmt};
use crate::loops::visit::{loops, loops_mut, visit};
use crate::machine::{SHORT_AXIS, TYPICAL};
use crate::schedule::passes::lanes::{Reach, runs_across};

/// Gives the nests of a program their short forms.
pub(crate) fn short_forms(program: &mut Program) {
    let mut body = std::mem::take(&mut program.body);
    for nest in loops_mut(&mut body) {
        nest.short = short_form(program, nest).map(Box::new);
    }
    program.body = body;
}

/// The short form of a nest, if there is one that is much faster.
fn short_form(program: &Program, nest: &Loop) -> Option<Short> {
    let (mut open, mut computes) = (BTreeSet::new(), false);
    visit(&nest.body, &mut |stmt| {
        computes |= match stmt {
            Stmt::Let(_, expr) => matches!(expr, Expr::Map(..)),
            Stmt::Accumulate { index, .. } => index.coefficient(nest.axis).is_none(),
            Stmt::Loop(inner) => !inner.reductions.is_empty(),
            Stmt::Store { .. } | Stmt::Fill { .. } | Stmt::Call(_) => false,
        };
        let extent = stmt.as_loop().and_then(|inner| inner.extent.dim());
        open.extend(extent.filter(|extent| extent.as_name().is_some()).cloned());
    });
    if !computes {
        return None;
    }
    open.into_iter().find_map(|size| {
        let across = runs_across(program, nest, &plain(nest)?, program.buffers.len(), &Reach::UpTo(&size))?;
        let fits = across.packs.is_empty() && across.copies.count() == 0;
        let ratio = |turns: i64| {
            let size = |dim: &Dim| small(dim, &size, turns);
            cost::time(&across.nest, &size) / cost::time(nest, &size)
        };
        let at_most = (1..=SHORT_AXIS).rev().find(|&turns| ratio(turns) < CLEARLY)?;
        let form = vec![Stmt::Loop(across.nest.clone())].into();
        (fits && ratio(2) < MUCH).then_some(Short { size: size.clone(), at_most, form })
    })
}

/// What a form takes of the time of the other, to be run instead.
const CLEARLY: f64 = 0.8;

/// What it takes of that time where it has to be worth being compiled.
const MUCH: f64 = 0.5;

/// What a size may be, where another one is short.
#[allow(clippy::cast_precision_loss, reason = "sizes are small")]
fn small(dim: &Dim, short: &Dim, turns: i64) -> f64 {
    let value_of = |name: &str| Some(if short.as_name().is_some_and(|own| &**own == name) { turns } else { TYPICAL });
    dim.evaluate(&value_of).unwrap_or(TYPICAL).max(0) as f64
}

/// The nest without packs; `None` if there are packs inside of loops that have no packs, which may be laid out for them.
fn plain(nest: &Loop) -> Option<Loop> {
    let mut plain = Loop { run: Run::Single, ..nest.clone() };
    for inner in loops_mut(&mut plain.body) {
        if inner.run == Run::Lanes && loops(&inner.body).next().is_some() {
            return None;
        }
        *inner = Loop { short: None, ..self::plain(inner)? };
    }
    Some(plain)
}
