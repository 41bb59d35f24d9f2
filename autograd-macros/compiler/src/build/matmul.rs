//! The matrix product: `NumPy`'s `matmul`, batch rules included, and the products of vectors.
//!
//! `[N, D] @ [D, K]` is `[N, K]`, `[D] @ [D, K]` is `[K]`, `[D] @ [D]` a scalar, `[B, N, D] @ [D, K]` is `[B, N, K]`.

use super::{Builder, Built, shapes, text};
use crate::diagnostics::{Help, Problem, SpanRange};
use crate::graph::{Dim, NodeId, Shape, ShapeText};
use crate::ops::Contract;
use crate::syntax::print::{OPERAND, operand};
use crate::syntax::tree::Expr;

impl Builder<'_> {
    /// `a @ b`
    pub(super) fn matmul(&mut self, expr: &Expr, sides: [(NodeId, &Expr); 2]) -> Built {
        let [(a, left), (b, right)] = sides;
        let (a, b) = (self.real(a), self.real(b));
        let (x, y) = (self.shape(a), self.shape(b));
        for (shape, side) in [(&x, left), (&y, right)] {
            if shape.is_empty() {
                let problem = Problem::WrongRank {
                    what: "`@`".into(),
                    expected: "vectors or matrices on both sides".into(),
                    found: format!("{}, a scalar", text::quoted(side, "one side")),
                };
                let code = format!("{}*{}", operand(left, OPERAND), operand(right, OPERAND));
                let help = format!("a product with a scalar is written `{code}`");
                return Err(self.error_with_help(
                    expr.span,
                    problem,
                    Help::write(help, expr.span, format!("({code})")),
                ));
            }
        }
        let inner = (&x[x.len() - 1], &y[y.len().saturating_sub(2)]);
        if inner.0 != inner.1 {
            let problem = Problem::InnerDimensions {
                expr: text::quoted(expr, "this product"),
                left: ShapeText(&x).to_string(),
                right: ShapeText(&y).to_string(),
                dims: (inner.0.to_string(), inner.1.to_string()),
            };
            let help = transposed(&x, &y, left, right);
            let help = help.map(|code| Help::write(format!("`{code}`"), expr.span, format!("({code})")));
            return Err(self.error_maybe_help(expr.span, problem, help));
        }
        let (batch_x, batch_y) = (batch(&x), batch(&y));
        let common = match shapes::broadcast(&batch_x, &batch_y) {
            Ok(common) => common,
            Err(clash) => {
                let cannot = format!("cannot multiply {} by {}", ShapeText(&x), ShapeText(&y));
                let reason = format!("of the batch axes, {}", clash.reason(&batch_x, &batch_y));
                return Err(self.error(expr.span, Problem::ShapesDiffer { cannot, reason }));
            }
        };
        self.refuse_both_batches(expr, [(a, left), (b, right)], &common)?;
        Ok(self.contract(a, b, &common))
    }

    /// The product, batch axes given. Batch axes that only one side has are free axes of that side.
    fn contract(&mut self, a: NodeId, b: NodeId, common: &Shape) -> NodeId {
        let (a, b) = (self.stretch_batch(a, common), self.stretch_batch(b, common));
        let (x, y) = (self.shape(a), self.shape(b));
        let (batch_x, batch_y) = (x.len().saturating_sub(2), y.len().saturating_sub(2));
        let shared = batch_x.min(batch_y);
        let contract = Contract {
            left_batch: (batch_x - shared..batch_x).collect(),
            right_batch: (batch_y - shared..batch_y).collect(),
            left_contract: vec![x.len() - 1],
            right_contract: vec![y.len().saturating_sub(2)],
        };
        let product = self.region.contract(contract, a, b);
        self.region.permute(product, &order(shared, &x, &y))
    }

    /// Stretches the batch axes of extent 1 that the other side has larger; missing axes stay missing.
    fn stretch_batch(&mut self, x: NodeId, common: &Shape) -> NodeId {
        let shape = self.shape(x);
        let own = shape.len().saturating_sub(2);
        let target: Shape = common[common.len() - own..].iter().chain(&shape[own..]).cloned().collect();
        self.stretch(x, &target)
    }

    /// `x.T`: the last two axes change places.
    pub(super) fn swap_last_two(&mut self, span: SpanRange, whose: &str, x: NodeId) -> Built {
        let rank = self.shape(x).len();
        if rank < 2 {
            let problem = Problem::WrongRank {
                what: format!("`{whose}`"),
                expected: "at least two axes".into(),
                found: ShapeText(&self.shape(x)).to_string(),
            };
            let help = "`x[new, ..]` is a row, `x[.., new]` a column";
            return Err(if rank == 1 { self.error_with_help(span, problem, help) } else { self.error(span, problem) });
        }
        let mut order: Vec<usize> = (0..rank).collect();
        order.swap(rank - 2, rank - 1);
        Ok(self.region.permute(x, &order))
    }
}

fn batch(shape: &Shape) -> Shape {
    shape[..shape.len().saturating_sub(2)].into()
}

/// From the axes of the contraction (shared batch, rest of the left, rest of the right) to those of `matmul`: all batch
/// axes, the rows of the left, the columns of the right.
fn order(shared: usize, x: &Shape, y: &Shape) -> Vec<usize> {
    let (rows, columns) = (usize::from(x.len() > 1), usize::from(y.len() > 1));
    let (extra_x, extra_y) = (x.len().saturating_sub(2) - shared, y.len().saturating_sub(2) - shared);
    let left = shared;
    let right = left + extra_x + rows;
    let batch = (left..left + extra_x).chain(right..right + extra_y).chain(0..shared);
    let rest = (left + extra_x..right).chain(right + extra_y..right + extra_y + columns);
    batch.chain(rest).collect()
}

/// A transposition that makes the product work.
fn transposed(x: &[Dim], y: &[Dim], left: &Expr, right: &Expr) -> Option<String> {
    let (a, b) = (operand(left, OPERAND), operand(right, OPERAND));
    let last = |shape: &[Dim], back: usize| shape.len().checked_sub(back).map(|axis| shape[axis].clone());
    if y.len() >= 2 && last(x, 1) == last(y, 1) {
        Some(format!("{a} @ {b}.T"))
    } else if x.len() >= 2 && last(x, 2) == last(y, 2.min(y.len())) {
        Some(format!("{a}.T @ {b}"))
    } else {
        None
    }
}
