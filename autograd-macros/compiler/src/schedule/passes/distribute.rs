//! Loop distribution: a loop over the rows of a small matrix that goes along each row a second time, to add to sums, is
//! cut in two, so that the second half can be interchanged.
//!
//! ```text
//! for i in 0..32                     for i in 0..32
//!     s = for j in 0..16: sum of v       s = for j in 0..16: sum of v
//!     t = f(s)                           t = f(s)
//!     for j in 0..16                     c[i] = t
//!         b[j] sum= t * a[i, j]      for i in 0..32
//!                                        for j in 0..16
//!                                            b[j] sum= c[i] * a[i, j]
//! ```
//!
//! What a row has computed for its second half is computed again if it is an addition or a product of other such values,
//! and kept otherwise. The rows stay in the innermost cache in between.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::Elem;
use crate::loops::program::{Buffer, BufferId, Cell, Expr, Index, Loop, Program, Stmt, Storage, ValueId};
use crate::loops::visit::{Effects, effects, loops};
use crate::machine::WORTH_HOISTING;
use crate::schedule::analysis::split::is_cut_by_turns;
use crate::schedule::passes::dead_code::remove_dead;
use crate::schedule::passes::interchange::is_turned;

/// Distributes the loops where it pays.
pub(crate) fn distribute(program: &mut Program) {
    let (mut place, before) = (0, program.body.len());
    while place < program.body.len() {
        if let Some(halves) = halves(program, place) {
            program.body.splice(place..=place, halves);
        }
        place += 1;
    }
    if program.body.len() > before {
        remove_dead(program);
    }
}

/// The two loops in place of one, if that is possible and the second will be interchanged.
fn halves(program: &mut Program, place: usize) -> Option<[Stmt; 2]> {
    let outer = program.body[place].as_loop()?;
    let (last, before) = outer.body.split_last()?;
    let second = Loop { body: vec![last.clone()].into(), reductions: Vec::new(), ..outer.clone() };
    if !(loops(before).next().is_some() && is_turned(program, &program.body[..place], &second)) {
        return None;
    }
    let (early, late) = (effects(before), effects(std::slice::from_ref(last)));
    let needed: BTreeSet<ValueId> = early.defines.intersection(&late.uses).copied().collect();
    let may_part = conflicts(&early, &late).all(|buffer| is_cut_by_turns(program, outer, buffer));
    let is_real = |value: &ValueId| program.values[value.index()].elem == Elem::Real;
    if !may_part || !needed.iter().all(is_real) {
        return None;
    }
    let first = Loop { body: before.to_vec().into(), ..outer.clone() };
    Some(part(program, first, second, &needed, [&early, &late]))
}

/// The buffers that both halves touch and one of them writes.
fn conflicts<'a>(early: &'a Effects, late: &'a Effects) -> impl Iterator<Item = BufferId> {
    let both =
        early.reads.union(&early.writes).filter(|buffer| late.reads.contains(buffer) || late.writes.contains(buffer));
    both.filter(|buffer| early.writes.contains(buffer) || late.writes.contains(buffer)).copied()
}

/// Hands the values that are needed from one loop to the other.
fn part(
    program: &mut Program,
    mut first: Loop,
    mut second: Loop,
    needed: &BTreeSet<ValueId>,
    halves: [&Effects; 2],
) -> [Stmt; 2] {
    let turns = first.extent.dim().expect("only loops of few turns are interchanged").clone();
    let own = Index::axis(first.axis);
    let mut renamed: BTreeMap<ValueId, ValueId> = BTreeMap::new();
    let mut head = Vec::new();
    for stmt in first.body.clone() {
        let mut defined = Vec::new();
        stmt.defines(&mut |value| defined.push(value));
        for value in defined.into_iter().filter(|value| needed.contains(value)) {
            let name = program.values[value.index()].name.clone();
            let again = stmt.expr().filter(|expr| is_cheap(expr, &renamed, halves)).cloned();
            let expr = again.unwrap_or_else(|| {
                let buffer = BufferId(u32::try_from(program.buffers.len()).expect("fewer than 2^32 buffers"));
                program.buffers.push(Buffer {
                    name: name.clone().unwrap_or_else(|| "t".into()),
                    elem: Elem::Real,
                    shape: vec![turns.clone()].into(),
                    storage: Storage::Temporary(None),
                    cell: Cell::default(),
                });
                first.body.push(Stmt::Store { buffer, index: own.clone(), value });
                Expr::load(buffer, own.clone())
            });
            let new = program.value(Elem::Real, name);
            head.push(renaming(Stmt::Let(new, expr), &renamed));
            renamed.insert(value, new);
        }
    }
    let inner = second.body.first_mut().and_then(Stmt::as_loop_mut).expect("it is the last loop alone");
    head.extend(std::mem::take(&mut inner.body).into_iter().map(|stmt| renaming(stmt, &renamed)));
    inner.body = head.into();
    [Stmt::Loop(first), Stmt::Loop(second)]
}

/// Whether a value is better computed again: from what the second loop has, and neither loop changes, with next to no
/// work.
fn is_cheap(expr: &Expr, known: &BTreeMap<ValueId, ValueId>, [early, late]: [&Effects; 2]) -> bool {
    let mut is_there = true;
    expr.operands(&mut |operand| is_there &= known.contains_key(&operand) || !early.defines.contains(&operand));
    let is_little = match expr {
        Expr::Load(buffer, ..) => ![early, late].iter().any(|half| half.writes.contains(buffer)),
        Expr::Map(function, _) => function.cost() < WORTH_HOISTING,
        _ => true,
    };
    is_little && is_there
}

/// The statement with the new names of values.
fn renaming(mut stmt: Stmt, renamed: &BTreeMap<ValueId, ValueId>) -> Stmt {
    stmt.uses_mut(&mut |value| *value = renamed.get(value).copied().unwrap_or(*value));
    stmt
}
