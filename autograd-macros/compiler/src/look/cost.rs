//! Operation counts and memory traffic of a loop program, as polynomials in the dimensions.
//!
//! ```text
//! loss_and_grad:  4*N*D + 9*N operations, N*D + 2*D + N numbers moved, N exp
//! ```
//!
//! Counted is what the program says, turn by turn. A loop nest is taken to move every array that it touches once, whole, if
//! it touches it at least as often as it has elements: caches do the rest.

use std::collections::BTreeMap;

use crate::cost::ARITHMETIC;
use crate::graph::{Dim, Elem};
use crate::loops::program::{BufferId, Expr, Program, Stmt, Storage};
use crate::loops::visit::{Mode, Part};

/// What a program costs. What depends on computed values, or is too large, is not known.
#[derive(Clone, Debug, Default)]
pub struct Cost {
    /// Additions, products, comparisons, and what costs as much.
    pub operations: Count,
    /// Elementary functions that cost more, by name.
    pub functions: BTreeMap<&'static str, Count>,
    /// Numbers of the model's scalar type that are read from memory or written.
    pub numbers: Count,
    /// Indices and truth values that are.
    pub others: Count,
    /// Numbers that the call keeps in its workspace.
    pub workspace: Count,
}

/// A number that depends on dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Count(Option<Dim>);

impl Default for Count {
    fn default() -> Self {
        Self(Some(Dim::ZERO))
    }
}

impl Count {
    /// The polynomial, if it is known.
    #[must_use]
    pub fn dim(&self) -> Option<&Dim> {
        self.0.as_ref()
    }

    /// So many times as much.
    #[must_use]
    pub fn times(&self, factor: i64) -> Self {
        Self(self.0.as_ref().and_then(|dim| dim.mul(&Dim::constant(factor))))
    }

    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        sum.add(other.0.clone());
        sum
    }

    fn add(&mut self, more: Option<Dim>) {
        self.0 = self.0.take().and_then(|dim| dim.add(&more?));
    }
}

impl std::fmt::Display for Count {
    /// `2*N*D + N`; `?` where it is not known.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Some(dim) => write!(f, "{dim}"),
            None => write!(f, "?"),
        }
    }
}

/// What a program costs.
#[must_use]
pub fn cost(program: &Program) -> Cost {
    let mut cost = Cost::default();
    for stmt in &program.body {
        let mut touched = BTreeMap::new();
        of_stmt(stmt, Some(&Dim::ONE), &mut cost, &mut touched);
        for ((buffer, _), turns) in touched {
            move_buffer(program, buffer, turns.0, &mut cost);
        }
    }
    let temporaries = program.buffers.iter().filter(|buffer| matches!(buffer.storage, Storage::Temporary(Some(_))));
    let mut slots: BTreeMap<_, Vec<Option<Dim>>> = BTreeMap::new();
    for buffer in temporaries {
        if let Storage::Temporary(Some(slot)) = buffer.storage {
            slots.entry(slot).or_default().push(Dim::volume(&buffer.shape));
        }
    }
    // Of the arrays that share a slot the first stands for all: which is largest, only a call can tell.
    for tenants in slots.into_values() {
        cost.workspace.add(tenants.into_iter().next().flatten());
    }
    cost
}

/// What a nest does to a buffer, and in how many turns.
type Touched = BTreeMap<(BufferId, bool), Count>;

fn of_stmt(stmt: &Stmt, turns: Option<&Dim>, cost: &mut Cost, touched: &mut Touched) {
    match stmt {
        Stmt::Let(_, expr) => of_expr(expr, turns, cost),
        Stmt::Accumulate { .. } => cost.operations.add(turns.cloned()),
        Stmt::Store { .. } | Stmt::Fill { .. } => {}
        Stmt::Call(call) => {
            let work = turns.and_then(|turns| turns.mul(&call.routine.work(call))?.mul(&Dim::constant(2)));
            cost.operations.add(work);
        }
        Stmt::Loop(inner) => {
            let inside = inner.extent.dim().and_then(|extent| turns?.mul(extent));
            for _ in &inner.reductions {
                cost.operations.add(inside.clone());
            }
            for stmt in &inner.body {
                of_stmt(stmt, inside.as_ref(), cost, touched);
            }
        }
    }
    stmt.accesses(&mut |access| {
        let many = match access.part {
            Part::Element(_) => turns.cloned(),
            Part::Many => None,
        };
        let mut touch = |writes| touched.entry((access.buffer, writes)).or_default().add(many.clone());
        match access.mode {
            Mode::Read => touch(false),
            Mode::Write => touch(true),
            Mode::Add(_) => {
                touch(false);
                touch(true);
            }
        }
    });
}

fn of_expr(expr: &Expr, turns: Option<&Dim>, cost: &mut Cost) {
    match expr {
        Expr::Map(function, _) if function.cost() > ARITHMETIC => {
            cost.functions.entry(function.name()).or_default().add(turns.cloned());
        }
        Expr::Map(..) | Expr::Integer(..) | Expr::Compare(..) | Expr::Logic(..) | Expr::Select(..) | Expr::Keep(..) => {
            cost.operations.add(turns.cloned());
        }
        Expr::Literal(_) | Expr::Extent(_) | Expr::Position(_) | Expr::Load(..) | Expr::Cast(..) => {}
    }
}

/// Counts what of a buffer is moved: all of it, or as much as is touched where that is a number below its size.
fn move_buffer(program: &Program, buffer: BufferId, turns: Option<Dim>, cost: &mut Cost) {
    let buffer = &program.buffers[buffer.index()];
    let whole = Dim::volume(&buffer.shape);
    let is_part = turns
        .as_ref()
        .and_then(Dim::as_constant)
        .is_some_and(|turns| whole.as_ref().is_none_or(|whole| whole.as_constant().is_none_or(|whole| turns < whole)));
    let moved = if is_part { turns } else { whole };
    match buffer.elem {
        Elem::Real => cost.numbers.add(moved),
        Elem::Bool | Elem::Index => cost.others.add(moved),
    }
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {
    use expect_test::{Expect, expect};

    use crate::entries::EntryKind;
    use crate::testing::models::compiled;

    fn check(text: &str, kind: EntryKind, expected: &Expect) {
        let (_, programs) = compiled(text);
        let entry = programs.entries.iter().find(|entry| entry.point.kind == kind).expect("an entry point");
        let cost = super::cost(&entry.program);
        let functions: Vec<String> = cost.functions.iter().map(|(name, count)| format!("{count} {name}")).collect();
        expected.assert_eq(&format!(
            "{} operations; {}; {} numbers, {} others, workspace {}",
            cost.operations,
            functions.join(", "),
            cost.numbers,
            cost.others,
            cost.workspace
        ));
    }

    #[test]
    fn a_product_is_two_operations_for_each_pair() {
        let text = "M<N, D, H> { param w: [D, H]; input x: [N, D]; y = x @ w; }";
        check(
            text,
            EntryKind::Output(0),
            &expect!["2*D*H*N operations; ; D*H + D*N + H*N numbers, 0 others, workspace 0"],
        );
    }

    #[test]
    fn a_network() {
        let text = "M<N, D> { param w: [D], b; input x: [N, D], t: [N];
            let y = sigmoid(x @ w + b); loss = mean((y - t)^2); }";
        check(
            text,
            EntryKind::LossAndGradient,
            &expect!["4*D*N + 8*N + 2 operations; N sigmoid; 5*D + D*N + N + 1 numbers, 0 others, workspace D"],
        );
    }
}
