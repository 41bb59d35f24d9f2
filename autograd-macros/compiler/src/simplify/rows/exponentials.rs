//! Logarithms of what is made of exponentials: computed from the exponents, so that nothing overflows or underflows in
//! between, and what is left has the slope of the true function.
//!
//! ```text
//! log(prior * exp(a) + exp(b) / 2)   →   logaddexp(log(prior) + a, b - log(2))        prior = sigmoid(v)
//! log(sum(w * exp(x)))               →   m + log(sum(w * exp(x - m)))                 m = max(x where w is not 0)
//! ```
//!
//! A value is *positive* here if its form says so: exponentials, probabilities, densities, numbers, and sums, products,
//! quotients, powers and rearrangements of these. The logarithm of a positive value is found term by term; one factor of any
//! sign may stand beside it.

use super::super::matching::{binary, broadcast, complement, constant, extent, is, reduction, unary};
use super::super::{On, Rewriter, Row};
use super::domain;
use super::growths::growth;
use super::stabilise::{share_of_exp, shifted};
use crate::graph::{NodeId, Region};
use crate::ops::Function::{
    Add, Cosh, Div, Erfc, Exp, Exp2, Expm1, Log, Log1mExp, Log1p, LogCosh, LogNormCdf, LogSigmoid, Logaddexp,
    Logsubexp, Max, Mul, MulUnlessZero, Neg, NormCdf, NormPdf, Pow, Recip, Rsqrt, Sech, Sigmoid, SigmoidSlope, Sinh,
    Softplus, Sqrt, Square, Sub, TanhSlope,
};
use crate::ops::{Accumulate, Compare, Contract, Function, Op, Recurrence, ReduceKind, Select, StopGradient};

pub(super) const NEAR_ONE: &str = "the log of a value near 1 is exact to ulp of its largest term";

pub(super) static ROWS: &[Row] = &[
    domain("log_of_exponentials", On::Map(Log), NEAR_ONE, log_of_exponentials),
    domain("log_of_difference_of_exponentials", On::Map(Log), NEAR_ONE, log_of_signed),
    domain("log_of_scaled_exponentials", On::Map(Log), NEAR_ONE, log_of_scaled),
    domain("log1p_of_exponentials", On::Map(Log1p), NEAR_ONE, log1p_of_exponentials),
    domain("log_of_weighted_exponentials", On::Map(Log), "a term of weight 0 is 0, however large", log_of_weighted),
    domain("log1p_of_weighted_exponential", On::Map(Log1p), NEAR_ONE, log1p_of_weighted),
];

/// How much of an expression is looked at.
const FUEL: usize = 64;

/// More terms than anybody writes, and a bound on the work.
const MOST_TERMS: usize = 12;

/// Whether a value is positive by its form and, if so, whether there are exponentials in it that may overflow.
pub(super) fn positive(region: &Region, node: NodeId) -> Option<bool> {
    positive_within(region, node, &mut FUEL.clone())
}

fn positive_within(region: &Region, node: NodeId, fuel: &mut usize) -> Option<bool> {
    *fuel = fuel.checked_sub(1)?;
    if let Some(value) = constant(region, node) {
        return (value >= 0.0 && value.is_finite()).then_some(false);
    }
    if extent(region, node).is_some() {
        return Some(false);
    }
    let of = region.node(node);
    let mut both = |a: NodeId, b: NodeId| {
        let (a, b) = (positive_within(region, a, fuel)?, positive_within(region, b, fuel)?);
        Some(a || b)
    };
    match (&of.op, &of.operands[..]) {
        (Op::Map(map), &[x]) => match map.function {
            Exp | Exp2 | Cosh | Sech | Sigmoid | Erfc | NormPdf | NormCdf | TanhSlope | SigmoidSlope => Some(true),
            Recip | Sqrt | Rsqrt | Square => positive_within(region, x, fuel),
            _ => None,
        },
        (Op::Map(map), &[a, b]) => match map.function {
            Add | Mul | Div => both(a, b),
            Pow => positive_within(region, a, fuel),
            _ => None,
        },
        (Op::Select(_), &[_, yes, no]) => both(yes, no),
        // A running sum.
        (Op::Recurrence(op), &[a, x]) if op.kind == Accumulate::Linear && is(region, a, 1.0) => {
            positive_within(region, x, fuel)
        }
        (Op::Reduce(op), &[x]) if matches!(op.kind, ReduceKind::Sum | ReduceKind::Product) => {
            positive_within(region, x, fuel)
        }
        (Op::Broadcast(_) | Op::Reshape(_) | Op::Permute(_) | Op::Slice(_) | Op::Reverse(_), &[x]) => {
            positive_within(region, x, fuel)
        }
        _ => None,
    }
}

/// The logarithm of a positive value, from its parts.
pub(super) fn log_of_positive(r: &mut Rewriter<'_>, node: NodeId) -> NodeId {
    if let Some(value) = constant(r.region(), node) {
        return r.number(value.ln(), node);
    }
    let of = r.region().node(node).clone();
    match (&of.op, &of.operands[..]) {
        (Op::Map(map), &[x]) => log_of_unary(r, node, map.function, x),
        (Op::Map(map), &[a, b]) => log_of_binary(r, node, map.function, [a, b]),
        (Op::Select(select), &[condition, yes, no]) => {
            let (yes, no) = (log_of_positive(r, yes), log_of_positive(r, no));
            r.add(*select, &[condition, yes, no])
        }
        (Op::Recurrence(op), &[_, x]) => {
            let log = log_of_positive(r, x);
            let zeros = r.number(0.0, log);
            r.add(Recurrence { kind: Accumulate::LogSumExp, ..*op }, &[zeros, log])
        }
        (Op::Reduce(op), &[x]) => {
            let log = log_of_positive(r, x);
            let kind = if op.kind == ReduceKind::Sum { ReduceKind::LogSumExp } else { ReduceKind::Sum };
            r.reduce(kind, log, &op.axes)
        }
        (Op::Broadcast(_) | Op::Reshape(_) | Op::Permute(_) | Op::Slice(_) | Op::Reverse(_), &[x])
            if extent(r.region(), node).is_none() =>
        {
            let log = log_of_positive(r, x);
            r.add(of.op.clone(), &[log])
        }
        _ => r.map(Log, &[node]),
    }
}

fn log_of_unary(r: &mut Rewriter<'_>, node: NodeId, function: Function, x: NodeId) -> NodeId {
    match function {
        Exp => x,
        Exp2 => scaled(r, std::f64::consts::LN_2, x),
        Cosh => r.map(LogCosh, &[x]),
        Sigmoid => r.map(LogSigmoid, &[x]),
        NormCdf => r.map(LogNormCdf, &[x]),
        NormPdf => {
            let square = r.map(Square, &[x]);
            let half = scaled(r, -0.5, square);
            let constant = r.number(0.918_938_533_204_672_7, x);
            r.map(Sub, &[half, constant])
        }
        Erfc => {
            let tail = log_of_half_erfc(r, x);
            let two = r.number(std::f64::consts::LN_2, x);
            r.map(Add, &[tail, two])
        }
        Sech | TanhSlope => {
            let log = r.map(LogCosh, &[x]);
            scaled(r, if function == Sech { -1.0 } else { -2.0 }, log)
        }
        SigmoidSlope => {
            let minus = r.map(Neg, &[x]);
            let (up, down) = (r.map(LogSigmoid, &[x]), r.map(LogSigmoid, &[minus]));
            r.map(Add, &[up, down])
        }
        Recip => {
            let log = log_of_positive(r, x);
            r.map(Neg, &[log])
        }
        Sqrt | Rsqrt | Square => {
            let log = log_of_positive(r, x);
            let power =
                if function == Square { 2.0 } else { 0.5_f64.copysign(if function == Sqrt { 1.0 } else { -1.0 }) };
            scaled(r, power, log)
        }
        _ => r.map(Log, &[node]),
    }
}

fn log_of_binary(r: &mut Rewriter<'_>, node: NodeId, function: Function, [a, b]: [NodeId; 2]) -> NodeId {
    if function == Mul
        && let Some(x) = half_erfc(r.region(), a, b)
    {
        return log_of_half_erfc(r, x);
    }
    if function == Div
        && let Some((x, axes)) = share_of_exp(r.region(), node)
    {
        let x = shifted(r.region(), x, &axes).unwrap_or(x);
        let lse = r.reduce(ReduceKind::LogSumExp, x, &axes);
        let lse = r.spread(lse, &axes, x);
        return r.map(Sub, &[x, lse]);
    }
    let log_a = log_of_positive(r, a);
    if function == Pow {
        return r.map(Mul, &[b, log_a]);
    }
    let log_b = log_of_positive(r, b);
    match function {
        Add if is(r.region(), log_a, 0.0) => r.map(Softplus, &[log_b]),
        Add if is(r.region(), log_b, 0.0) => r.map(Softplus, &[log_a]),
        Add => r.map(Logaddexp, &[log_a, log_b]),
        Mul => r.map(Add, &[log_a, log_b]),
        _ => r.map(Sub, &[log_a, log_b]),
    }
}

/// `x`, where the factors are one half and `erfc(x)`.
fn half_erfc(region: &Region, a: NodeId, b: NodeId) -> Option<NodeId> {
    let half = |c: NodeId| is(region, c, 0.5);
    unary(region, Erfc, b).filter(|_| half(a)).or_else(|| unary(region, Erfc, a).filter(|_| half(b)))
}

/// `log(erfc(x)/2)` is the logarithm of the normal distribution function at `-√2·x`.
fn log_of_half_erfc(r: &mut Rewriter<'_>, x: NodeId) -> NodeId {
    let argument = over_root_half(r, x).unwrap_or_else(|| scaled(r, -std::f64::consts::SQRT_2, x));
    r.map(LogNormCdf, &[argument])
}

/// `z`, where the node is `-z/√2` in one spelling or another.
pub(super) fn over_root_half(r: &mut Rewriter<'_>, node: NodeId) -> Option<NodeId> {
    use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};
    let near = |c: f64, wanted: f64| (c.abs() - wanted).abs() <= 2.0 * f64::EPSILON;
    let region = r.region();
    let (inner, mut negative) = unary(region, Neg, node).map_or((node, false), |inner| (inner, true));
    let (factor, x) = if let Some([c, x]) = binary(region, Mul, inner) {
        (constant(region, c).filter(|&c| near(c, FRAC_1_SQRT_2))?, x)
    } else {
        let [x, c] = binary(region, Div, inner)?;
        (constant(region, c).filter(|&c| near(c, SQRT_2))?, x)
    };
    negative ^= factor < 0.0;
    Some(if negative { x } else { r.map(Neg, &[x]) })
}

/// `factor·x`; x itself, if the factor is 1.
pub(super) fn scaled(r: &mut Rewriter<'_>, factor: f64, x: NodeId) -> NodeId {
    let factor = r.number(factor, x);
    if is(r.region(), factor, 1.0) { x } else { r.map(Mul, &[factor, x]) }
}

fn log_of_exponentials(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = unary(r.region(), Log, y)?;
    positive(r.region(), x)?.then(|| log_of_positive(r, x))
}

/// The logarithm of a value that is positive or, where it is not, has none.
fn log_of_signed(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = unary(r.region(), Log, y)?;
    let region = r.region();
    if let Some([a, b]) = binary(region, Sub, x) {
        return difference(r, a, b);
    }
    // eˣ - 1 = eˣ·(1 - e⁻ˣ)
    if let Some(grown) = unary(region, Expm1, x) {
        return Some(above_one(r, grown, 1.0));
    }
    if let Some(inner) = unary(region, Neg, x) {
        let inner = unary(region, Expm1, inner)?;
        return Some(r.map(Log1mExp, &[inner]));
    }
    // (eˣ - e⁻ˣ)/2 = eˣ·(1 - e⁻²ˣ)/2
    let inner = unary(region, Sinh, x)?;
    let log = above_one(r, inner, 2.0);
    let two = r.number(std::f64::consts::LN_2, x);
    Some(r.map(Sub, &[log, two]))
}

/// `x + log(1 - exp(-k·x))`
fn above_one(r: &mut Rewriter<'_>, x: NodeId, k: f64) -> NodeId {
    let below = scaled(r, -k, x);
    let rest = r.map(Log1mExp, &[below]);
    r.map(Add, &[x, rest])
}

/// `log(a - b)` of two positive values, exponentials among them.
fn difference(r: &mut Rewriter<'_>, a: NodeId, b: NodeId) -> Option<NodeId> {
    if !(positive(r.region(), a)? | positive(r.region(), b)?) {
        return None;
    }
    let (a, b) = (log_of_positive(r, a), log_of_positive(r, b));
    Some(if is(r.region(), a, 0.0) { r.map(Log1mExp, &[b]) } else { r.map(Logsubexp, &[a, b]) })
}

/// A product of exponentials and of factors of any sign.
fn log_of_scaled(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = unary(r.region(), Log, y)?;
    binary(r.region(), Mul, x).or_else(|| binary(r.region(), Div, x))?;
    let Term { weight, log } = term(r, x)?;
    let weight = r.map(Log, &[weight]);
    Some(r.map(Add, &[weight, log]))
}

/// `log(1 ± p)`, where that is a positive value of another spelling, or p is one.
fn log1p_of_exponentials(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = unary(r.region(), Log1p, y)?;
    let share = unary(r.region(), Neg, x);
    let one = r.number(1.0, x);
    let whole = match share {
        Some(share) => r.map(Sub, &[one, share]),
        None => r.map(Add, &[one, x]),
    };
    if positive(r.region(), whole) == Some(true) {
        return Some(log_of_positive(r, whole));
    }
    let share = share.filter(|&share| positive(r.region(), share) == Some(true))?;
    let log = log_of_positive(r, share);
    Some(r.map(Log1mExp, &[log]))
}

/// A term as a weight of any sign times the exponential of something.
struct Term {
    weight: NodeId,
    log: NodeId,
}

/// The factors of a term, if exponentials are among them; factors of any sign are the weight.
fn term(r: &mut Rewriter<'_>, node: NodeId) -> Option<Term> {
    let (mut logs, mut weights) = (Vec::new(), Vec::new());
    let mut rest = vec![node];
    while let Some(factor) = rest.pop() {
        if logs.len() + weights.len() > 8 {
            return None;
        }
        let region = r.region();
        if positive(region, factor) == Some(true) {
            logs.push((Add, log_of_positive(r, factor)));
        } else if let Some((weight, log)) = growth(r, factor) {
            logs.push((Add, log));
            weights.push(weight);
        } else if let Some(factors) = binary(r.region(), Mul, factor) {
            rest.extend(factors.iter().rev());
        } else if let Some([a, b]) = binary(r.region(), Div, factor) {
            rest.push(a);
            if positive(r.region(), b) == Some(true) {
                logs.push((Sub, log_of_positive(r, b)));
            } else {
                let (weight, log) = growth(r, b).map_or((b, None), |(weight, log)| (weight, Some(log)));
                logs.extend(log.map(|log| (Sub, log)));
                weights.push(r.map(Recip, &[weight]));
            }
        } else {
            weights.push(factor);
        }
    }
    if logs.is_empty() {
        return None;
    }
    let mut log = None;
    for (function, next) in logs {
        log = Some(match (log, function) {
            (None, Add) => next,
            (None, _) => r.map(Neg, &[next]),
            (Some(log), function) => r.map(function, &[log, next]),
        });
    }
    let weight = weights.into_iter().reduce(|a, b| r.map(Mul, &[a, b]));
    let weight = weight.unwrap_or_else(|| r.number(1.0, node));
    Some(Term { weight, log: log? })
}

impl Term {
    /// The exponent where the weight is not 0, else minus infinity: what a shift has to be large enough for.
    fn counted(&self, r: &mut Rewriter<'_>) -> NodeId {
        let (zero, nothing) = (r.number(0.0, self.weight), r.number(f64::NEG_INFINITY, self.weight));
        let empty = r.add(Compare::Eq, &[self.weight, zero]);
        r.add(Select::RULE, &[empty, nothing, self.log])
    }

    /// The term, divided by the exponential of a shift.
    fn shifted(&self, r: &mut Rewriter<'_>, shift: NodeId) -> NodeId {
        let below = r.map(Sub, &[self.log, shift]);
        let exp = r.map(Exp, &[below]);
        r.map(MulUnlessZero, &[self.weight, exp])
    }
}

/// A shift that derivatives may regard as constant, since the result does not depend on it.
fn constant_shift(r: &mut Rewriter<'_>, largest: NodeId) -> NodeId {
    let largest = r.add(StopGradient, &[largest]);
    let (zero, bottom) = (r.number(0.0, largest), r.number(f64::NEG_INFINITY, largest));
    let empty = r.add(Compare::Eq, &[largest, bottom]);
    r.add(Select::RULE, &[empty, zero, largest])
}

/// Whether the exponent was shifted already.
fn is_shifted(region: &Region, log: NodeId) -> bool {
    let shift = binary(region, Sub, log).map(|[_, shift]| broadcast(region, shift).map_or(shift, |(_, inner)| inner));
    shift.is_some_and(|shift| matches!(region.node(shift).op, Op::Select(_) | Op::StopGradient(_)))
}

/// `log(c·sum(w·exp(x)))`, `log(v·exp(x) + w·exp(y))` and `log(exp(x) @ w)`, for weights of any sign: `m + log(…)` with m
/// subtracted from the exponents.
fn log_of_weighted(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = unary(r.region(), Log, y)?;
    let (shift, rest) = divided_by_exp(r, x, 4)?;
    let log = r.map(Log, &[rest]);
    Some(r.map(Add, &[shift, log]))
}

/// A shift, and a value over the exponential of that, in whose sums the exponents are shifted.
fn divided_by_exp(r: &mut Rewriter<'_>, node: NodeId, depth: usize) -> Option<(NodeId, NodeId)> {
    let depth = depth.checked_sub(1)?;
    if let Some((x, axes)) = reduction(r.region(), ReduceKind::Sum, node) {
        let axes = axes.to_vec();
        return shifted_sum(r, x, &axes);
    }
    if let Some((op, source)) = broadcast(r.region(), node) {
        let op = op.clone();
        let (shift, rest) = divided_by_exp(r, source, depth)?;
        return Some((r.add(op.clone(), &[shift]), r.add(op, &[rest])));
    }
    let of = r.region().node(node).clone();
    match (&of.op, &of.operands[..]) {
        (Op::Contract(op), &[left, right]) => shifted_product(r, node, op, [left, right]),
        (Op::Map(map), &[a, b]) => match map.function {
            Mul => {
                if let Some((shift, a)) = divided_by_exp(r, a, depth) {
                    return Some((shift, r.map(Mul, &[a, b])));
                }
                let (shift, b) = divided_by_exp(r, b, depth)?;
                Some((shift, r.map(Mul, &[a, b])))
            }
            Div => {
                if let Some((shift, a)) = divided_by_exp(r, a, depth) {
                    return Some((shift, r.map(Div, &[a, b])));
                }
                let (shift, b) = divided_by_exp(r, b, depth)?;
                Some((r.map(Neg, &[shift]), r.map(Div, &[a, b])))
            }
            Add | Sub => shifted_terms(r, node),
            _ => None,
        },
        _ => None,
    }
}

/// `sum(w·exp(x))`
fn shifted_sum(r: &mut Rewriter<'_>, x: NodeId, axes: &[usize]) -> Option<(NodeId, NodeId)> {
    let term = term(r, x).filter(|term| !is_shifted(r.region(), term.log))?;
    let counted = term.counted(r);
    let largest = r.reduce(ReduceKind::MaxNumber, counted, axes);
    let shift = constant_shift(r, largest);
    let spread = r.spread(shift, axes, x);
    let terms = term.shifted(r, spread);
    Some((shift, r.reduce(ReduceKind::Sum, terms, axes)))
}

/// `v·exp(x) ± w·exp(y) ± …`
fn shifted_terms(r: &mut Rewriter<'_>, sum: NodeId) -> Option<(NodeId, NodeId)> {
    let terms = terms(r, sum)?;
    let largest = largest(r, &terms, None)?;
    let shift = constant_shift(r, largest);
    let rest = shifted_sum_of(r, &terms, shift, None);
    Some((shift, rest))
}

/// The terms of a sum, and whether each is subtracted. Those without exponentials are weights, but not all may be.
fn terms(r: &mut Rewriter<'_>, sum: NodeId) -> Option<Vec<(bool, Term)>> {
    let (mut terms, mut pending, mut is_exponential) = (Vec::new(), vec![(false, sum)], false);
    while let Some((negative, node)) = pending.pop() {
        if terms.len() + pending.len() > MOST_TERMS {
            return None;
        }
        if let Some([a, b]) = binary(r.region(), Add, node) {
            pending.extend([(negative, b), (negative, a)]);
        } else if let Some([a, b]) = binary(r.region(), Sub, node) {
            pending.extend([(!negative, b), (negative, a)]);
        } else if let Some(x) = unary(r.region(), Neg, node) {
            pending.push((!negative, x));
        } else {
            // It is as large as the exponent where that is large.
            let is_tame = unary(r.region(), Softplus, node).is_some();
            let found = if is_tame { None } else { term(r, node) };
            is_exponential |= found.is_some();
            let found = found.unwrap_or_else(|| Term { weight: node, log: r.number(0.0, node) });
            if is_shifted(r.region(), found.log) {
                return None;
            }
            terms.push((negative, found));
        }
    }
    is_exponential.then_some(terms)
}

/// The largest exponent, or a number if that is larger.
fn largest(r: &mut Rewriter<'_>, terms: &[(bool, Term)], least: Option<NodeId>) -> Option<NodeId> {
    let counted: Vec<NodeId> = terms.iter().map(|(_, term)| term.counted(r)).collect();
    counted.into_iter().chain(least).reduce(|most, next| r.map(Max, &[most, next]))
}

/// The sum of the terms over the exponential of the shift.
fn shifted_sum_of(r: &mut Rewriter<'_>, terms: &[(bool, Term)], shift: NodeId, first: Option<NodeId>) -> NodeId {
    let mut sum = first;
    for (negative, term) in terms {
        let term = term.shifted(r, shift);
        sum = Some(match sum {
            None if *negative => r.map(Neg, &[term]),
            None => term,
            Some(sum) => r.map(if *negative { Sub } else { Add }, &[sum, term]),
        });
    }
    sum.expect("a sum has terms")
}

/// `log(1 + w·exp(x) ± …)` is `m + log1p(expm1(-m) + w·exp(x - m) ± …)`, where m is the largest of x, … and 0.
fn log1p_of_weighted(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = unary(r.region(), Log1p, y)?;
    let terms = terms(r, x)?;
    let zero = r.number(0.0, x);
    let largest = largest(r, &terms, Some(zero))?;
    let shift = r.add(StopGradient, &[largest]);
    let down = r.map(Neg, &[shift]);
    let one = r.map(Expm1, &[down]);
    let sum = shifted_sum_of(r, &terms, shift, Some(one));
    let log = r.map(Log1p, &[sum]);
    Some(r.map(Add, &[shift, log]))
}

/// `exp(x) @ w`: each row of exponents is shifted by its own maximum.
fn shifted_product(
    r: &mut Rewriter<'_>,
    product: NodeId,
    op: &Contract,
    [left, right]: [NodeId; 2],
) -> Option<(NodeId, NodeId)> {
    let is_left = positive(r.region(), left) == Some(true);
    if !is_left && positive(r.region(), right) != Some(true) {
        return None;
    }
    let exponential = if is_left { left } else { right };
    let log = log_of_positive(r, exponential);
    if is_shifted(r.region(), log) {
        return None;
    }
    let rank = r.region().ty(exponential).rank();
    let (batch, contracted, free) = if is_left {
        (&op.left_batch, &op.left_contract, op.left_free(rank))
    } else {
        (&op.right_batch, &op.right_contract, op.right_free(rank))
    };
    let mut axes = contracted.clone();
    axes.sort_unstable();
    let largest = r.reduce(ReduceKind::MaxNumber, log, &axes);
    let shift = constant_shift(r, largest);
    let below = r.spread(shift, &axes, log);
    let below = r.map(Sub, &[log, below]);
    let exp = r.map(Exp, &[below]);
    // The axes of the shift in the order of the product: its batch, then what is free.
    let kept = complement(&axes, rank);
    let place = |axis: &usize| kept.iter().position(|other| other == axis).expect("it is not contracted");
    let shift = r.permute(shift, batch.iter().chain(&free).map(place).collect());
    let skipped = if is_left { 0 } else { op.left_free(r.region().ty(left).rank()).len() };
    let shape = r.region().shape(product);
    let beside = (0..batch.len()).chain((0..free.len()).map(|axis| batch.len() + skipped + axis)).collect();
    let shift = r.broadcast(shift, shape, beside);
    let operands = if is_left { [exp, right] } else { [left, exp] };
    Some((shift, r.add(op.clone(), &operands)))
}
