//! A walk over all statements of a program, those in loops included.

use super::program::Stmt;

/// Calls `f` with every statement, loops before what is in them.
pub(crate) fn visit<'a>(body: &'a [Stmt], f: &mut dyn FnMut(&'a Stmt)) {
    for stmt in body {
        f(stmt);
        if let Stmt::Loop(inner) = stmt {
            visit(&inner.body, f);
        }
    }
}
