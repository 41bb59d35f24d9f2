//! Kernel partitioning: cuts a block of a program, such as its top level, into kernels and what stands between them.
//!
//! A loop is a kernel of its own. Scalar code stays in the entry point, but a long run of it is cut into kernels too:
//! what rustc takes for a statement rises fourfold once a function has more than about a thousand of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::loops::program::{Block, Buffer, Expr, Program, Stmt, Storage, ValueId};
use crate::loops::visit::uses;
use crate::machine::SCALAR_LENGTH;

/// Consecutive top-level statements.
pub(crate) struct Part<'a> {
    pub(crate) stmts: &'a [Stmt],
    /// The values that it hands over, if it is a kernel.
    pub(crate) results: Option<Vec<ValueId>>,
}

/// Cuts a block of a program into parts, in order; after it, `results` are used.
pub(crate) fn split<'a>(program: &Program, block: &'a Block, results: &BTreeSet<ValueId>) -> Vec<Part<'a>> {
    let scalars = block.iter().filter(|stmt| is_scalar(stmt) && !is_constant(program, stmt)).count();
    let mut parts = Vec::new();
    let mut rest = block.as_slice();
    while !rest.is_empty() {
        let loops = usize::from(rest[0].as_loop().is_some());
        let run = rest.iter().take_while(|stmt| is_scalar(stmt)).count();
        let (length, is_kernel) = match (loops, run) {
            (1, _) => (1, true),
            (_, 0) => (1, false),
            (_, run) if scalars <= SCALAR_LENGTH => (run, false),
            (_, run) => (run.min(SCALAR_LENGTH), run > 1),
        };
        let (stmts, later) = rest.split_at(length);
        parts.push((stmts, is_kernel));
        rest = later;
    }
    let last_use = last_uses(block);
    let mut end = 0;
    let mut cut = Vec::new();
    for (stmts, is_kernel) in parts {
        end += stmts.len();
        let results = is_kernel.then(|| {
            defined(program, stmts, |value| {
                results.contains(&value) || last_use.get(&value).is_some_and(|&at| at >= end)
            })
        });
        cut.push(Part { stmts, results });
    }
    cut
}

/// `let` of something that is written wherever it is used.
pub(crate) fn is_constant(program: &Program, stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Let(_, Expr::Literal(_) | Expr::Extent(_)) => true,
        Stmt::Let(_, Expr::Load(buffer, ..)) => is_number(&program.buffers[buffer.index()]),
        _ => false,
    }
}

/// Whether a buffer is a scalar leaf, which is no array but a number.
pub(crate) fn is_number(buffer: &Buffer) -> bool {
    buffer.shape.is_empty() && matches!(buffer.storage, Storage::Leaf(_))
}

fn is_scalar(stmt: &Stmt) -> bool {
    stmt.expr().is_some()
}

/// The values that the statements define and that are used later, but for constants.
fn defined(program: &Program, stmts: &[Stmt], is_used_later: impl Fn(ValueId) -> bool) -> Vec<ValueId> {
    let mut values = Vec::new();
    for stmt in stmts.iter().filter(|stmt| !is_constant(program, stmt)) {
        stmt.defines(&mut |value| values.push(value));
    }
    values.retain(|&value| is_used_later(value));
    values
}

/// The last statement of a block that uses each value.
fn last_uses(block: &Block) -> BTreeMap<ValueId, usize> {
    let mut last = BTreeMap::new();
    for (at, stmt) in block.iter().enumerate() {
        uses(std::slice::from_ref(stmt), &mut |value| {
            last.insert(value, at);
        });
    }
    last
}
