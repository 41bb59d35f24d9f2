//! Predication: a loop that only adds multiples of a value which a choice may make 0 is not run where it is.
//!
//! ```text
//! v2 = select v1 v0 zero                     v2 = select v1 v0 zero
//! for j in 0..D                              unless v2 is 0, for j in 0..D
//!     v3 = b0[j]                                 v3 = b0[j]
//!     v4 = mul v2 v3                             v4 = mul_unless_zero v2 v3
//!     b1[j] sum= v4                              b1[j] sum= v4
//! ```
//!
//! The product becomes one that is 0 wherever its first factor is, so that no lane differs. So the derivative of a minimum
//! over the distances to all centres adds to the row of the nearest alone. One comparison is made for each loop, not for each
//! of its turns.

use std::collections::BTreeSet;

use crate::loops::program::{Expr, Loop, Program, Run, Stmt, ValueId};
use crate::loops::visit::{Mode, Part, loops_mut};
use crate::ops::{Function, ReduceKind};

/// Notes in the loops what they are not run for.
pub(crate) fn skip_zeros(program: &mut Program) {
    let zeros = program.body.iter().filter_map(literal_zero).collect();
    in_block(&mut program.body, &zeros);
}

fn literal_zero(stmt: &Stmt) -> Option<ValueId> {
    match stmt {
        Stmt::Let(value, Expr::Literal(literal)) => (literal.value() == 0.0).then_some(*value),
        _ => None,
    }
}

/// `zeros` are the values that are 0.
fn in_block(stmts: &mut [Stmt], zeros: &BTreeSet<ValueId>) {
    let mut zeros = zeros.clone();
    zeros.extend(stmts.iter().filter_map(literal_zero));
    let chosen: BTreeSet<ValueId> = stmts
        .iter()
        .filter_map(|stmt| match stmt {
            Stmt::Let(value, Expr::Select(_, yes, no)) => (zeros.contains(yes) || zeros.contains(no)).then_some(*value),
            _ => None,
        })
        .collect();
    for inner in loops_mut(stmts) {
        // By rows, what is a pack outside is a number inside.
        if inner.run != Run::Rows {
            inner.unless_zero = chosen.iter().copied().find(|&factor| only_adds_multiples(inner, factor));
            inner.unless_zero.into_iter().for_each(|factor| skip_in(&mut inner.body, factor));
        }
        in_block(&mut inner.body, &zeros);
    }
}

/// What is 0 times anything is 0 in a lane beside one that is run, too.
fn skip_in(body: &mut [Stmt], factor: ValueId) {
    let mut multiples = BTreeSet::from([factor]);
    for stmt in body {
        let Some(place) = multiple_of(stmt, &multiples) else { continue };
        if let Stmt::Let(value, Expr::Map(function, operands)) = stmt {
            multiples.insert(*value);
            if *function == Function::Mul {
                operands.swap(0, place);
                *function = Function::MulUnlessZero;
            }
        }
    }
}

/// The operand that a value is a multiple of, if that is one of these.
fn multiple_of(stmt: &Stmt, multiples: &BTreeSet<ValueId>) -> Option<usize> {
    let Stmt::Let(_, Expr::Map(function, operands)) = stmt else { return None };
    match function {
        Function::Mul => operands.iter().position(|operand| multiples.contains(operand)),
        Function::MulUnlessZero | Function::Neg => multiples.contains(&operands[0]).then_some(0),
        _ => None,
    }
}

/// Whether all that a loop does is to add multiples of a value.
fn only_adds_multiples(of: &Loop, factor: ValueId) -> bool {
    let mut multiples = BTreeSet::from([factor]);
    let mut fits = of.reductions.is_empty() && of.carries.is_empty();
    let mut adds = false;
    for stmt in &of.body {
        if multiple_of(stmt, &multiples).is_some() {
            stmt.defines(&mut |value| {
                multiples.insert(value);
            });
        }
        fits &= stmt.as_loop().is_none();
        stmt.accesses(&mut |access| {
            let is_multiple = access.value.is_some_and(|value| multiples.contains(&value));
            match (access.part, access.mode) {
                (_, Mode::Read) => {}
                (Part::Element(_), Mode::Add(ReduceKind::Sum)) if is_multiple => adds = true,
                _ => fits = false,
            }
        });
    }
    fits && adds
}
