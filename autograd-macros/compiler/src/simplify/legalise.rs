//! Legalise: what only the graph knows, spelled out in what the loop scheduler knows.
//!
//! After it there is no `named`, no `stop_gradient`, and no reduction but sum, product, max, min, any and all.
//!
//! ```text
//! logsumexp(x) = m + log(sum(exp(x - m)))        m = max(x), or 0 where that is not finite
//! norm(x)      = m · sqrt(sum((x/m)^2))          m = max(|x|), or 1 where that is 0 or not finite
//! ```
//!
//! A softmax, `exp(x - logsumexp(x))`, becomes `exp(x - m) / sum(exp(x - m))`: it shares its maximum, its exponentials
//! and their sum with the logsumexp beside it, so that the loss and its gradient run in the same sweeps.

use super::matching::{binary, broadcast, complement, reduction, unary};
use super::rewriter::Table;
use super::rows;
use super::{Class, On, Phase, Rewriter, Row, When, rebuild};
use crate::graph::{NodeId, Region};
use crate::ops::Function::{Abs, Add, Div, Exp, Log, Mul, Sqrt, Square, Sub};
use crate::ops::ReduceKind;

/// The rows that spell out.
pub(super) static ROWS: &[Row] = &[
    legal("expand_softmax", On::Map(Exp), expand_softmax),
    legal("expand_logsumexp", On::Reduce, expand_logsumexp),
    legal("expand_norm", On::Reduce, expand_norm),
];

const fn legal(name: &'static str, on: On, rewrite: super::Rewrite) -> Row {
    Row { name, class: Class::Reassociates, when: When::Only(Phase::Final), on, rewrite }
}

/// Rebuilds what the results depend on, without composite operations, in a new region.
#[must_use]
pub fn legalise(region: &Region, results: &[NodeId]) -> (Region, Vec<NodeId>) {
    let table = Table::of(ROWS.iter().chain(rows::all().filter(|row| row.class == Class::Exact)));
    rebuild(region, results, &table)
}

/// What `logsumexp` and softmax share.
struct Shifted {
    /// The maximum, or 0 where it is not finite, over the axes that remain.
    top: NodeId,
    /// `sum(exp(x - top))`
    sum: NodeId,
}

/// All −∞ gives a sum of 0, whose log is −∞; a +∞ gives +∞; NaN passes.
fn shifted(r: &mut Rewriter<'_>, x: NodeId, axes: &[usize]) -> Shifted {
    let max = r.reduce(ReduceKind::Max, x, axes);
    let size = r.map(Abs, &[max]);
    let infinity = r.number(f64::INFINITY, max);
    let zero = r.number(0.0, max);
    let top = r.where_less(size, infinity, max, zero);
    let spread = r.spread(top, axes, x);
    let difference = r.map(Sub, &[x, spread]);
    let exp = r.map(Exp, &[difference]);
    let sum = r.reduce(ReduceKind::Sum, exp, axes);
    Shifted { top, sum }
}

fn expand_logsumexp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (x, axes) = reduction(r.region(), ReduceKind::LogSumExp, y)?;
    let axes = axes.to_vec();
    let shifted = shifted(r, x, &axes);
    let log = r.map(Log, &[shifted.sum]);
    Some(r.map(Add, &[shifted.top, log]))
}

/// `exp(x - logsumexp(x))`, where the logsumexp has been spelled out already.
fn expand_softmax(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x, spread] = binary(r.region(), Sub, unary(r.region(), Exp, y)?)?;
    let (op, lse) = broadcast(r.region(), spread)?;
    let axes = complement(&op.axes, op.shape.len());
    let [top, log] = binary(r.region(), Add, lse)?;
    let sum = unary(r.region(), Log, log)?;
    let (exp, summed) = reduction(r.region(), ReduceKind::Sum, sum)?;
    let [same, shift] = binary(r.region(), Sub, unary(r.region(), Exp, exp)?)?;
    let (_, same_top) = broadcast(r.region(), shift)?;
    if summed != axes || same != x || same_top != top {
        return None;
    }
    let sum = r.spread(sum, &axes, x);
    Some(r.map(Div, &[exp, sum]))
}

fn expand_norm(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (x, axes) = reduction(r.region(), ReduceKind::Norm, y)?;
    let axes = axes.to_vec();
    let size = r.map(Abs, &[x]);
    let max = r.reduce(ReduceKind::Max, size, &axes);
    let infinity = r.number(f64::INFINITY, max);
    let (zero, one) = (r.number(0.0, max), r.number(1.0, max));
    let finite = r.where_less(max, infinity, max, one);
    let scale = r.where_less(zero, max, finite, one);
    let spread = r.spread(scale, &axes, x);
    let ratio = r.map(Div, &[x, spread]);
    let square = r.map(Square, &[ratio]);
    let sum = r.reduce(ReduceKind::Sum, square, &axes);
    let root = r.map(Sqrt, &[sum]);
    Some(r.map(Mul, &[scale, root]))
}
