//! Legalise: what only the graph knows, spelled out in what the loop scheduler knows.
//!
//! After it there is no `named`, no `stop_gradient`, no logsumexp, no norm and no root but `sqrt`, and a product is one of
//! significands.
//!
//! ```text
//! d = x == max(x) ? 0 : x - max(x)               so that a tie of infinities is a tie, not NaN
//! logsumexp(x) = max(x) + log(s)                 s = sum(exp(d)); beside x the digits of s - 1 are kept
//! norm(x)      = sqrt(sum((f·x)^2))/f            f = 1, or a power of two where max(|x|) is very large or small
//! prod(x)      = product(s) · 2^sum(e)           x = s · 2^e, with s between √½ and √2
//! ```
//!
//! These maxima pass over NaN, which is cheaper: the sums bring it.
//!
//! The derivative of a logsumexp is written in terms of it: `exp(x - logsumexp(x))` with the infinite cases mended. Here
//! it becomes `exp(d) · (1/s)`, or `exp(d) · (g/s)` with what is multiplied by it: it shares the maximum, the exponentials
//! and their sum with the logsumexp beside it, so that a loss and its gradient run in the same sweeps.

use super::matching::{
    binary, broadcast, complement, constant, core, either, equal, is, reduction, reshape, selection, unary,
};
use super::rewriter::Table;
use super::rows::{forms::factor, products::never_zero};
use super::{Class, On, Phase, Rewrite, Rewriter, Row, When, rebuild, rows};
use crate::graph::{Dim, NodeId, Region};
use crate::machine::WORTH_STORING;
use crate::ops::Function::{
    Abs, Add, Div, Exp, Exp2, Exponent, Floor, Log, Log1p, Max, Min, Mul, MulUnlessZero, Recip, Significand, Sqrt,
    Square, Sub,
};
use crate::ops::lowering::Role;
use crate::ops::window::{Bounds, Place};
use crate::ops::{Compare, Kind, Logic, Op, ReduceKind, Select};

/// The rows that spell out.
pub(super) static ROWS: &[Row] = &[
    legal("expand_logsumexp", Class::Reassociates, On::Op(Kind::Reduce), expand_logsumexp),
    legal("expand_log_softmax", Class::Domain(OF_SHARES), On::Map(Sub), expand_log_softmax),
    legal("expand_log_loss", Class::Domain(OF_SHARES), On::Map(Sub), expand_log_loss),
    legal(
        "expand_softmax",
        Class::Domain("shared among the largest where these are infinite, where it was NaN"),
        On::Map(Exp),
        expand_softmax,
    ),
    legal("expand_share", Class::Reassociates, On::Map(Exp), expand_share),
    legal("infinite_logsumexp", Class::Exact, On::Op(Kind::Compare), infinite_logsumexp),
    legal("share_of_total", Class::Reassociates, On::Map(Mul), share_of_total),
    legal("skip_by_share", Class::Reassociates, On::Map(MulUnlessZero), skip_by_share),
    legal("divide_by_total", Class::Reassociates, On::Map(Div), divide_by_total),
    legal("expand_norm", Class::Reassociates, On::Op(Kind::Reduce), expand_norm),
    legal("expand_product", Class::Reassociates, On::Op(Kind::Reduce), expand_product),
    legal("pad_as_window", Class::Exact, On::Op(Kind::Pad), pad_as_window),
    legal("value_of_root", Class::Exact, On::Op(Kind::Root), |r, y| Some(r.region().node(y).operands[0])),
];

const OF_SHARES: &str = "the largest share is 1 where it is infinite, or one of several, where it was NaN";

/// Rows that clean up after these, besides the exact ones: what is the same along an axis leaves the sweep.
pub(super) const ALSO: &[&str] = &["sum_of_product", "sum_of_skipped_product", "group_repeated"];

const fn legal(name: &'static str, class: Class, on: On, rewrite: Rewrite) -> Row {
    Row { name, class, when: When::Only(Phase::Final), on, rewrite }
}

/// Rebuilds what the results depend on, without composite operations, in a new region.
#[must_use]
pub fn legalise(region: &Region, results: &[NodeId]) -> (Region, Vec<NodeId>) {
    let others = rows::all().filter(|row| row.class == Class::Exact || ALSO.contains(&row.name));
    rebuild(region, results, &Table::of(ROWS.iter().chain(others)))
}

/// How much longer an axis may be than what is placed in it, and how dear the latter, for zeros to be read in its place: what
/// is not read is computed too.
const MOST_AROUND: i64 = 8;

/// A little around a tensor is what is read outside of it: nothing is filled, and what is placed there fuses.
fn pad_as_window(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let node = r.region().node(y);
    let Op::Pad(op) = &node.op else { return None };
    let (x, shape) = (node.operands[0], op.shape.clone());
    let from = r.region().shape(x);
    let is_near = |(extent, own): (&Dim, &Dim)| {
        let around = extent.sub(own).and_then(|around| around.as_constant());
        around.is_some_and(|around| around <= MOST_AROUND && own.as_constant().is_none_or(|own| around <= own))
    };
    if op.steps.iter().any(|&step| step != 1) || !shape.iter().zip(from.iter()).all(is_near) {
        return None;
    }
    if cost_from_memory(r.region(), x, &mut { MOST_LOOKED_AT }) >= WORTH_STORING {
        return None;
    }
    let mut places = Vec::new();
    for (axis, start) in op.starts.iter().enumerate() {
        places.push(Place { offset: start.neg()?, ..Place::axis(axis) });
    }
    let bounds = places.iter().zip(from.iter());
    let bounds = bounds.map(|(place, extent)| Bounds { place: place.clone(), extent: extent.clone() });
    let guard = bounds.filter(|bounds| !bounds.place.is_within(&shape, &bounds.extent)).collect();
    Some(r.window(x, &shape, places, guard))
}

/// What it costs to compute an element from what is in memory; [`WORTH_STORING`], if more than that, or if there is more to
/// look at than `left`: what is used twice is looked at twice, and so on down the graph.
fn cost_from_memory(region: &Region, node: NodeId, left: &mut u32) -> u32 {
    let found = region.node(node);
    let Some(rest) = left.checked_sub(1) else { return WORTH_STORING };
    *left = rest;
    match found.op.role() {
        _ if found.ty.rank() == 0 => 0,
        Role::Leaf | Role::Constant | Role::Sink => 0,
        Role::View | Role::Reshape => cost_from_memory(region, found.operands[0], left),
        Role::Pointwise => found.operands.iter().fold(found.op.cost(), |cost, &operand| {
            if cost >= WORTH_STORING { cost } else { cost.saturating_add(cost_from_memory(region, operand, left)) }
        }),
    }
}

/// How many nodes are looked at to find out what an element costs.
const MOST_LOOKED_AT: u32 = 256;

/// A logsumexp, spelled out.
struct LogSumExp {
    x: NodeId,
    /// The axes that are reduced.
    axes: Vec<usize>,
    /// `max(x)`
    max: NodeId,
    /// Where `x` is the maximum.
    tied: NodeId,
    /// `d`
    below: NodeId,
    /// `exp(d)`, of the shape of `x`.
    exp: NodeId,
    /// `sum(exp(d))`
    sum: NodeId,
}

impl LogSumExp {
    fn build(r: &mut Rewriter<'_>, x: NodeId, axes: Vec<usize>) -> Self {
        let max = r.reduce(ReduceKind::MaxNumber, x, &axes);
        let spread = r.spread(max, &axes, x);
        let tied = r.add(Compare::Eq, &[x, spread]);
        let (zero, below) = (r.number(0.0, x), r.map(Sub, &[x, spread]));
        let below = r.add(Select::RULE, &[tied, zero, below]);
        let exp = r.map(Exp, &[below]);
        let sum = r.reduce(ReduceKind::Sum, exp, &axes);
        Self { x, axes, max, tied, below, exp, sum }
    }

    /// `log(sum(exp(d)))`, where the digits of what is beside the maximum are kept.
    fn log(&self, r: &mut Rewriter<'_>) -> NodeId {
        let zero = r.number(0.0, self.exp);
        let others = r.add(Select::RULE, &[self.tied, zero, self.exp]);
        let others = r.reduce(ReduceKind::Sum, others, &self.axes);
        let (minus_one, most) = (r.number(-1.0, self.sum), r.number(1.5, self.sum));
        let rest = r.map(Add, &[minus_one, self.sum]);
        // Several maxima make at least 2.
        let rest = r.where_less(self.sum, most, others, rest);
        r.map(Log1p, &[rest])
    }

    /// All −∞ is −∞, a +∞ gives +∞, NaN passes.
    fn value(&self, r: &mut Rewriter<'_>) -> NodeId {
        let log = r.map(Log, &[self.sum]);
        r.map(Add, &[self.max, log])
    }

    /// `exp(d)` divided by something of the size of the sum, which is at least 1: one division for all elements.
    fn share(&self, r: &mut Rewriter<'_>, sum: NodeId) -> NodeId {
        let inverse = r.map(Recip, &[sum]);
        let inverse = r.spread(inverse, &self.axes, self.x);
        r.map(Mul, &[self.exp, inverse])
    }

    /// The one whose sum this is.
    fn of_sum(region: &Region, sum: NodeId) -> Option<Self> {
        let (exp, axes) = reduction(region, ReduceKind::Sum, sum)?;
        let below = unary(region, Exp, exp)?;
        let [tied, _, difference] = selection(region, below)?;
        let [x, spread] = binary(region, Sub, difference)?;
        let (_, max) = broadcast(region, spread)?;
        let found = Self { x, axes: axes.to_vec(), max, tied, below, exp, sum };
        let is_max = reduction(region, ReduceKind::MaxNumber, max)? == (x, axes);
        (is_max && equal(region, tied)? == [x, spread] && found.repeats(region, max, spread)).then_some(found)
    }

    /// The one whose value this is.
    fn of(region: &Region, value: NodeId) -> Option<Self> {
        let [max, log] = binary(region, Add, value)?;
        Self::of_sum(region, unary(region, Log, log)?).filter(|found| found.max == max)
    }

    /// The one whose value this is, repeated along the axes that are reduced.
    fn of_spread(region: &Region, spread: NodeId) -> Option<Self> {
        let (_, value) = broadcast(region, spread)?;
        Self::of(region, value).filter(|found| found.repeats(region, value, spread))
    }

    /// Whether `spread` repeats the reduced `value` along the reduced axes.
    fn repeats(&self, region: &Region, value: NodeId, spread: NodeId) -> bool {
        broadcast(region, spread)
            .is_some_and(|(op, source)| source == value && op.axes == complement(&self.axes, op.shape.len()))
    }
}

fn expand_logsumexp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (x, axes) = reduction(r.region(), ReduceKind::LogSumExp, y)?;
    let axes = axes.to_vec();
    Some(LogSumExp::build(r, x, axes).value(r))
}

/// `x - logsumexp(x)` is `d - log(s)`, where the large parts cancel first. Of nothing but minus infinities it is NaN.
fn expand_log_softmax(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x, spread] = binary(r.region(), Sub, y)?;
    let lse = LogSumExp::of_spread(r.region(), spread).filter(|lse| lse.x == x)?;
    let log = lse.log(r);
    let (bottom, nan) = (r.number(f64::NEG_INFINITY, lse.max), r.number(f64::NAN, lse.max));
    let nothing = r.add(Compare::Eq, &[lse.max, bottom]);
    let log = r.add(Select::RULE, &[nothing, nan, log]);
    let log = r.spread(log, &lse.axes, x);
    Some(r.map(Sub, &[lse.below, log]))
}

/// `logsumexp(x) - z` is `(max - z) + log(s)`: for the same reason, where `z` is one of `x`. No difference is between equal
/// infinities.
fn expand_log_loss(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [value, z] = binary(r.region(), Sub, y)?;
    let lse = LogSumExp::of(r.region(), value)?;
    let (zero, infinity) = (r.number(0.0, z), r.number(f64::INFINITY, z));
    let tied = r.add(Compare::Eq, &[z, infinity]);
    let above = r.map(Sub, &[lse.max, z]);
    let above = r.add(Select::RULE, &[tied, zero, above]);
    // Of a mean of exponentials the logarithm of the number is subtracted, which that of the sum cancels to the last bit.
    let is_count = unary(r.region(), Log, core(r.region(), z)).is_some();
    let log = if is_count { r.map(Log, &[lse.sum]) } else { lse.log(r) };
    Some(r.map(Add, &[above, log]))
}

/// The logsumexp of what stands in `d - log(s)`.
fn log_softmax(region: &Region, node: NodeId) -> Option<LogSumExp> {
    let [below, log] = binary(region, Sub, node)?;
    let (spread, log) = broadcast(region, log)?;
    let [_, _, log] = selection(region, log)?;
    let [_, _, rest] = selection(region, unary(region, Log1p, log)?)?;
    let found = either(binary(region, Add, rest)?, |_, sum| LogSumExp::of_sum(region, sum))?;
    let is_spread = spread.axes == complement(&found.axes, spread.shape.len());
    (found.below == below && is_spread).then_some(found)
}

/// `exp(x - logsumexp(x))` is `exp(d)·(1/s)`.
fn expand_softmax(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let lse = log_softmax(r.region(), unary(r.region(), Exp, y)?)?;
    Some(lse.share(r, lse.sum))
}

/// Expands the softmax of a derivative: each of the largest has the share 1 if these are infinite.
fn expand_share(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [tied, zero, rest] = selection(r.region(), unary(r.region(), Exp, y)?)?;
    let [x, spread] = equal(r.region(), tied)?;
    let lse = LogSumExp::of_spread(r.region(), spread).filter(|lse| lse.x == x)?;
    let same = log_softmax(r.region(), rest).is_some_and(|other| other.sum == lse.sum);
    if !same || !is(r.region(), zero, 0.0) {
        return None;
    }
    let (_, value) = broadcast(r.region(), spread)?;
    let (infinity, one) = (r.number(f64::INFINITY, value), r.number(1.0, value));
    let infinite = r.add(Compare::Eq, &[value, infinity]);
    let sum = r.add(Select::RULE, &[infinite, one, lse.sum]);
    Some(lse.share(r, sum))
}

/// `max + log(s)` is infinite where the maximum is and the sum is not NaN: it is known much before the logarithm.
fn infinite_logsumexp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [value, infinity] = equal(r.region(), y)?;
    let size = constant(r.region(), infinity)?;
    let lse = LogSumExp::of(r.region(), value).filter(|_| size.is_infinite())?;
    let (infinite, number) = (r.add(Compare::Eq, &[lse.max, infinity]), r.add(Compare::Eq, &[lse.sum, lse.sum]));
    Some(r.add(Logic::And, &[infinite, number]))
}

/// Whether this is what became of `logsumexp(x) == -inf`.
fn is_bottom(region: &Region, node: NodeId, lse: &LogSumExp) -> bool {
    let node = region.node(node);
    let [infinite, number] = node.operands[..] else { return false };
    node.op == Op::Logic(Logic::And)
        && equal(region, infinite).is_some_and(|[max, size]| max == lse.max && is(region, size, f64::NEG_INFINITY))
        && equal(region, number) == Some([lse.sum; 2])
}

/// `s·(1/(c ? 1 : s))` is 1 but where the condition holds.
fn share_of_total(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [sum, inverse] = binary(r.region(), Mul, y)?;
    let [condition, one, other] = selection(r.region(), unary(r.region(), Recip, inverse)?)?;
    (other == sum && is(r.region(), one, 1.0)).then(|| r.add(Select::RULE, &[condition, sum, one]))
}

/// In a derivative, `(b ? 0 : g/(c ? s : 1))·(exp(d)·(1/(c ? 1 : s)))` is `(b ? 0 : g/s)·exp(d)`, whatever `c` is: one
/// factor for all elements. A zero `g` skips `1/s`, which may be NaN. Where `g` is never zero, the factor is zero only if
/// all elements are −∞ (`b`); then the exponentials are 1, and need no skipping.
fn skip_by_share(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let [spread, share] = binary(region, MulUnlessZero, y)?;
    let (op, upstream) = broadcast(region, spread)?;
    let [bottom, zero, part] = selection(region, upstream)?;
    let [g, total] = binary(region, Div, part)?;
    let [condition, sum, one] = selection(region, total)?;
    let lse = LogSumExp::of_sum(region, sum)?;
    let is_inverse = |factor| {
        let (repeats, inverse) = broadcast(region, factor)?;
        let total = selection(region, unary(region, Recip, inverse)?)?;
        Some(repeats.axes == op.axes && total == [condition, one, sum])
    };
    let is_share = |exp, factor| (exp == lse.exp).then(|| is_inverse(factor)).flatten();
    if !either(binary(region, Mul, share)?, is_share)? || !is(region, zero, 0.0) || !is(region, one, 1.0) {
        return None;
    }
    let (function, part) = if never_zero(region, g) && is_bottom(region, bottom, &lse) {
        (Mul, r.map(Div, &[g, sum]))
    } else {
        let inverse = r.map(Recip, &[sum]);
        (MulUnlessZero, r.map(MulUnlessZero, &[g, inverse]))
    };
    let factor = r.add(Select::RULE, &[bottom, zero, part]);
    let factor = r.spread(factor, &lse.axes, lse.x);
    Some(r.map(function, &[factor, lse.exp]))
}

/// What is reshaped, or else the node itself.
fn reshaped(region: &Region, node: NodeId) -> NodeId {
    reshape(region, node).map_or(node, |(_, x)| x)
}

/// Whether the node is `x - max(x)`, 0 where it is the maximum itself or not: never above 0.
pub(super) fn is_below_max(region: &Region, node: NodeId) -> bool {
    axes_below_max(region, node).is_some()
}

/// The axes of the maximum, where the node is `x - max(x)`.
fn axes_below_max(region: &Region, node: NodeId) -> Option<&[usize]> {
    let below = match selection(region, node) {
        Some([tied, zero, below]) if is(region, zero, 0.0) && equal(region, tied).is_some() => below,
        Some(_) => return None,
        None => node,
    };
    let [x, spread] = binary(region, Sub, below)?;
    let (_, shift) = broadcast(region, spread)?;
    let shift = reshaped(region, shift);
    let max = selection(region, shift).map_or(shift, |[_, _, max]| reshaped(region, max));
    let of_max = |kind| reduction(region, kind, max).filter(|(of, _)| *of == x).map(|(_, axes)| axes);
    of_max(ReduceKind::Max).or_else(|| of_max(ReduceKind::MaxNumber))
}

/// Whether the node is the sum of `exp(x - max(x))`: at least 1, and at most their number.
fn is_total(region: &Region, node: NodeId) -> bool {
    let Some((exp, axes)) = reduction(region, ReduceKind::Sum, reshaped(region, node)) else { return false };
    unary(region, Exp, exp).and_then(|below| axes_below_max(region, below)) == Some(axes)
}

/// Whether the node is `1/s` for such a sum, or 1 in its place: at most 1.
pub(super) fn is_inverse_of_total(region: &Region, node: NodeId) -> bool {
    let Some(total) = unary(region, Recip, node) else { return false };
    match selection(region, total) {
        Some([_, one, sum]) => is(region, one, 1.0) && is_total(region, sum),
        None => is_total(region, total),
    }
}

/// `x/s`, where `s` is the sum of `exp(x - max(x))` and so at least 1, is `x·(1/s)`: within 1½ ulp of the quotient, for one
/// division a row.
fn divide_by_total(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x, total] = binary(r.region(), Div, y)?;
    let (spread, sum) = broadcast(r.region(), total)?;
    if !is_total(r.region(), sum) {
        return None;
    }
    let (shape, axes) = (spread.shape.clone(), spread.axes.clone());
    let inverse = r.map(Recip, &[sum]);
    let inverse = r.broadcast(inverse, shape, axes);
    Some(r.map(Mul, &[x, inverse]))
}

/// The powers of two are added: then the product does not leave the range on the way, in whatever order, and its bits are
/// the same. Zeros, infinities and NaN are what the significands make.
fn expand_product(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (x, axes) = reduction(r.region(), ReduceKind::Product, y)?;
    if unary(r.region(), Significand, x).is_some() {
        return None;
    }
    let axes = axes.to_vec();
    let (significand, exponent) = (r.map(Significand, &[x]), r.map(Exponent, &[x]));
    let (product, twos) =
        (r.reduce(ReduceKind::Product, significand, &axes), r.reduce(ReduceKind::Sum, exponent, &axes));
    // Beyond these there is no number, whatever the significands are.
    let (least, most) = (r.number(-TWOS, twos), r.number(TWOS, twos));
    let twos = r.map(Max, &[least, twos]);
    let twos = r.map(Min, &[most, twos]);
    let half = r.number(0.5, twos);
    let half = r.map(Mul, &[half, twos]);
    let half = r.map(Floor, &[half]);
    let rest = r.map(Sub, &[twos, half]);
    let (half, rest) = (r.map(Exp2, &[half]), r.map(Exp2, &[rest]));
    let scaled = r.map(Mul, &[product, half]);
    let scaled = r.map(Mul, &[scaled, rest]);
    let (size, zero, infinity) = (r.map(Abs, &[product]), r.number(0.0, product), r.number(f64::INFINITY, product));
    let finite = r.where_less(size, infinity, scaled, product);
    Some(r.where_less(zero, size, finite, product))
}

/// Twice the exponent of the largest number.
const TWOS: f64 = 2046.0;

fn expand_norm(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (x, axes) = reduction(r.region(), ReduceKind::Norm, y)?;
    let axes = axes.to_vec();
    let size = r.map(Abs, &[x]);
    let max = r.reduce(ReduceKind::MaxNumber, size, &axes);
    let factor = factor(r, max);
    let spread = r.spread(factor, &axes, x);
    let scaled = r.map(Mul, &[spread, x]);
    let square = r.map(Square, &[scaled]);
    let sum = r.reduce(ReduceKind::Sum, square, &axes);
    let root = r.map(Sqrt, &[sum]);
    Some(r.map(Div, &[root, factor]))
}
