//! Sums of a kink and of what smooths it, as the smooth function that they are: the terms have other derivatives at the
//! kink than their sum. And softplus less its own asymptote.
//!
//! ```text
//! max(z, 0) - z*t + softplus(-|z|)     →   softplus(z) - z*t
//! max(a, b) + softplus(-|a - b|)       →   logaddexp(a, b)
//! |z| + softplus(-2*|z|)               →   log_cosh(z) + log(2)
//! softplus(z) - z                      →   softplus(-z)
//! softplus(z) - t*z                    →   softplus(-|z|) + (z < 0 ? -t : 1 - t)·z
//! ```
//!
//! All of them say `softplus(-|d|) + |d|/2 = softplus(d) - d/2`. The terms may stand in any order, beside others, and be
//! multiples by numbers.

#![allow(clippy::float_cmp, reason = "coefficients are numbers as they are written")]

use super::super::matching::{binary, constant, either, function, is, operands, selection, unary};
use super::super::{On, Rewriter, Row};
use super::exponentials::scaled;
use super::{domain, reassociates, stabilises};
use crate::graph::{NodeId, Region};
use crate::ops::Function::{
    Abs, Add, LogCosh, LogSigmoid, Logaddexp, Max, Min, Mul, MulUnlessZero, Neg, Relu, Softplus, Sub,
};
use crate::ops::{Compare, Op, Select};

const AT_KINK: &str = "at the kink the derivatives are those of the sum, where they were the sum of those of the terms";

pub(super) static ROWS: &[Row] = &[
    reassociates("logaddexp_of_zero", On::Map(Logaddexp), logaddexp_of_zero),
    stabilises("logaddexp_less_one", On::Map(Sub), logaddexp_less_one),
    domain("smooth_sum", On::Map(Add), AT_KINK, smooth_sum),
    domain("smooth_difference", On::Map(Sub), AT_KINK, smooth_sum),
];

/// More terms than anybody writes, and a bound on the work.
const MOST: usize = 12;

/// `log(e⁰ + eˣ)`
fn logaddexp_of_zero(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let x = either(operands(r.region(), y), |zero, x| is(r.region(), zero, 0.0).then_some(x))?;
    Some(r.map(Softplus, &[x]))
}

/// `logaddexp(a, b) - a` is `softplus(b - a)`.
fn logaddexp_less_one(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [total, one] = operands(r.region(), y);
    let other = either(binary(r.region(), Logaddexp, total)?, |a, b| (a == one).then_some(b))?;
    let gap = r.map(Sub, &[other, one]);
    Some(r.map(Softplus, &[gap]))
}

/// A number times a node.
type Term = (f64, NodeId);

fn smooth_sum(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let mut terms = Vec::new();
    flatten(r.region(), (1.0, y), &mut terms)?;
    for place in 0..terms.len() {
        let Some(soft) = Soft::of(r.region(), terms[place]) else { continue };
        if let Some((used, term)) = soft.smooth(r, &terms) {
            let (first, term) = (*used.iter().min()?, term);
            terms[first.min(place)] = term;
            let gone = |at: &usize| (used.contains(at) || *at == place) && *at != first.min(place);
            let kept: Vec<Term> = (0..terms.len()).filter(|at| !gone(at)).map(|at| terms[at]).collect();
            return sum(r, &kept);
        }
    }
    None
}

/// The terms of sums of sums and of their multiples.
fn flatten(region: &Region, (c, node): Term, terms: &mut Vec<Term>) -> Option<()> {
    if let Some([a, b]) = binary(region, Add, node) {
        flatten(region, (c, a), terms)?;
        return flatten(region, (c, b), terms);
    }
    if let Some([a, b]) = binary(region, Sub, node) {
        flatten(region, (c, a), terms)?;
        return flatten(region, (-c, b), terms);
    }
    if let Some(x) = unary(region, Neg, node) {
        return flatten(region, (-c, x), terms);
    }
    if let Some((factor, x)) = multiple(region, node) {
        return flatten(region, (c * factor, x), terms);
    }
    terms.push((c, node));
    (terms.len() <= MOST).then_some(())
}

/// The terms added up.
fn sum(r: &mut Rewriter<'_>, terms: &[Term]) -> Option<NodeId> {
    let mut total = None;
    for &(c, node) in terms {
        total = Some(match total {
            None if c == -1.0 => r.map(Neg, &[node]),
            None => scaled(r, c, node),
            Some(total) if c == -1.0 => r.map(Sub, &[total, node]),
            Some(total) => {
                let term = scaled(r, c, node);
                r.map(Add, &[total, term])
            }
        });
    }
    total
}

/// A number and a node, where the node is their product.
fn multiple(region: &Region, node: NodeId) -> Option<Term> {
    let [c, x] = binary(region, Mul, node)?;
    Some((constant(region, c)?, x))
}

/// The number that `node` is a multiple of `base` by.
fn ratio(region: &Region, node: NodeId, base: NodeId) -> Option<f64> {
    let stripped = |node| match (unary(region, Neg, node), multiple(region, node)) {
        (Some(x), _) => (-1.0, x),
        (None, Some(found)) => found,
        (None, None) => (1.0, node),
    };
    let ((c, x), (d, z)) = (stripped(node), stripped(base));
    let is_mirrored = || Some(binary(region, Sub, x)? == reversed(binary(region, Sub, z)?));
    let quotient = (c / d).is_finite().then_some(c / d)?;
    if x == z { Some(quotient) } else { (is_mirrored() == Some(true)).then_some(-quotient) }
}

fn reversed([a, b]: [NodeId; 2]) -> [NodeId; 2] {
    [b, a]
}

/// `weight·softplus(x)`, or the same as `-weight·log_sigmoid(-x)`.
struct Soft {
    weight: f64,
    /// The argument, and whether x is the negative of it.
    argument: NodeId,
    is_negative: bool,
}

/// What is behind `-k·|…|`.
enum Gap {
    /// `|base|`
    Of(NodeId),
    /// `max(a, b) - min(a, b)`
    Between([NodeId; 2]),
}

impl Soft {
    fn of(region: &Region, (weight, node): Term) -> Option<Self> {
        let argument = unary(region, Softplus, node);
        let is_negative = argument.is_none();
        let argument = argument.or_else(|| unary(region, LogSigmoid, node))?;
        Some(Self { weight: if is_negative { -weight } else { weight }, argument, is_negative })
    }

    /// The terms that make a smooth function with this one, and that function.
    fn smooth(&self, r: &mut Rewriter<'_>, terms: &[Term]) -> Option<(Vec<usize>, Term)> {
        // softplus(x) - x = softplus(-x)
        let sign = if self.is_negative { -1.0 } else { 1.0 };
        let is_own =
            |&(c, node): &Term| ratio(r.region(), node, self.argument).is_some_and(|m| c * m == -self.weight * sign);
        if let Some(at) = terms.iter().position(is_own) {
            let x = scaled_by(r, -sign, self.argument);
            return Some((vec![at], (self.weight, r.map(Softplus, &[x]))));
        }
        let found = gap(r.region(), self.argument, self.is_negative)
            .and_then(|(k, gap)| (0..terms.len()).find_map(|at| self.with_kink(r, terms, at, k, &gap)));
        found.or_else(|| {
            let share = |&(c, node): &Term| {
                either(binary(r.region(), Mul, node)?, |share, z| {
                    let m = ratio(r.region(), z, self.argument)?;
                    (c * m == -self.weight * sign).then_some(share)
                })
            };
            let (at, share) = terms.iter().enumerate().find_map(|(at, term)| Some((at, share(term)?)))?;
            let x = scaled_by(r, sign, self.argument);
            Some((vec![at], (self.weight, less_share(r, x, share))))
        })
    }

    /// The same, with one term that may be the kink.
    fn with_kink(
        &self,
        r: &mut Rewriter<'_>,
        terms: &[Term],
        at: usize,
        k: f64,
        gap: &Gap,
    ) -> Option<(Vec<usize>, Term)> {
        let (c, node) = terms[at];
        // c·extreme(a, b)
        let extreme = match function(r.region(), node) {
            Some(Max) => Some((c, 1.0)),
            Some(Min) => Some((-c, -1.0)),
            _ => None,
        };
        if let Some((c, sign)) = extreme
            && c == self.weight * k
        {
            let [a, b] = operands(r.region(), node);
            if gap.is_between(r.region(), a, b) {
                let both = [scaled_by(r, sign * k, a), scaled_by(r, sign * k, b)];
                return Some((vec![at], (self.weight, r.map(Logaddexp, &both))));
            }
        }
        let Gap::Of(base) = *gap else { return None };
        if let Some((sign, x)) = ramp(r.region(), node) {
            // c·sign·relu(sign·x), where x = m·base
            let m = ratio(r.region(), x, base)? * sign;
            let fits = c * sign * m.abs() == self.weight * k;
            return fits.then(|| {
                let x = scaled_by(r, k.copysign(m), base);
                (vec![at], (self.weight, r.map(Softplus, &[x])))
            });
        }
        let x = unary(r.region(), Abs, node)?;
        let half = self.weight * k / 2.0;
        (c * ratio(r.region(), x, base)?.abs() == half).then_some(())?;
        // With d/2 beside |d|/2 it is a ramp in another spelling.
        let linear = |&(c, node): &Term| ratio(r.region(), node, base).map(|m| c * m).filter(|c| c.abs() == half.abs());
        if let Some((other, c)) = terms.iter().enumerate().find_map(|(other, term)| Some((other, linear(term)?))) {
            let x = scaled_by(r, k.copysign(c * half), base);
            return Some((vec![at, other], (self.weight, r.map(Softplus, &[x]))));
        }
        let x = scaled_by(r, k / 2.0, base);
        let (cosh, two) = (r.map(LogCosh, &[x]), r.number(std::f64::consts::LN_2, x));
        Some((vec![at], (self.weight, r.map(Add, &[cosh, two]))))
    }
}

/// `softplus(z) - t·z`, which cancels where z is large and t near 1: both forms and all their derivatives agree at 0.
fn less_share(r: &mut Rewriter<'_>, z: NodeId, t: NodeId) -> NodeId {
    let (zero, one) = (r.number(0.0, z), r.number(1.0, z));
    let below = r.add(Compare::Lt, &[z, zero]);
    let (minus_z, minus_t, rest) = (r.map(Neg, &[z]), r.map(Neg, &[t]), r.map(Sub, &[one, t]));
    let size = r.add(Select::RULE, &[below, z, minus_z]);
    let weight = r.add(Select::RULE, &[below, minus_t, rest]);
    let (certain, wrong) = (r.map(Softplus, &[size]), r.map(MulUnlessZero, &[weight, z]));
    r.map(Add, &[certain, wrong])
}

fn scaled_by(r: &mut Rewriter<'_>, c: f64, x: NodeId) -> NodeId {
    if c == -1.0 { r.map(Neg, &[x]) } else { scaled(r, c, x) }
}

/// `k` and the gap, where the node is `-k·gap`, or `k·gap` if that is asked for.
fn gap(region: &Region, node: NodeId, is_positive: bool) -> Option<(f64, Gap)> {
    let (mut c, mut node) = (if is_positive { -1.0 } else { 1.0 }, node);
    loop {
        if let Some(x) = unary(region, Neg, node) {
            (c, node) = (-c, x);
        } else if let Some((factor, x)) = multiple(region, node) {
            (c, node) = (c * factor, x);
        } else {
            break;
        }
    }
    if let Some(base) = unary(region, Abs, node) {
        // k·|m·x|
        let (m, base) = multiple(region, base).unwrap_or((1.0, base));
        return (c < 0.0).then_some((-c * m.abs(), Gap::Of(base)));
    }
    if let Some([a, b]) = binary(region, Sub, node) {
        let (low, high) = if c < 0.0 { (b, a) } else { (a, b) };
        let (low, high) = (binary(region, Min, low)?, binary(region, Max, high)?);
        return (low == high || low == reversed(high)).then_some((c.abs(), Gap::Between(high)));
    }
    // x < 0 ? x : -x
    let [_, yes, no] = selection(region, node)?;
    let (sign, x) = either([yes, no], |a, b| (unary(region, Neg, a)? == b).then_some((1.0, b)))?;
    let is_below = side(region, node, x)? == (yes == x);
    let is_size = !is_below;
    ((c < 0.0) == is_size).then_some((c.abs() * sign, Gap::Of(x)))
}

/// Whether a choice has its first arm where `x` is below 0 (or at most 0), rather than above.
fn side(region: &Region, node: NodeId, x: NodeId) -> Option<bool> {
    let [condition, _, _] = selection(region, node)?;
    let condition = region.node(condition);
    matches!(condition.op, Op::Compare(Compare::Lt | Compare::Le)).then_some(())?;
    let [a, b] = [condition.operands[0], condition.operands[1]];
    if a == x && is_zero(region, b) {
        return Some(true);
    }
    (b == x && is_zero(region, a)).then_some(false)
}

fn is_zero(region: &Region, node: NodeId) -> bool {
    constant(region, node) == Some(0.0)
}

impl Gap {
    fn is_between(&self, region: &Region, a: NodeId, b: NodeId) -> bool {
        match self {
            Self::Between(both) => *both == [a, b] || *both == [b, a],
            Self::Of(base) => binary(region, Sub, *base).is_some_and(|both| both == [a, b] || both == [b, a]),
        }
    }
}

/// The sign and `x`, where the node is `sign·relu(sign·x)`.
fn ramp(region: &Region, node: NodeId) -> Option<(f64, NodeId)> {
    if let Some(x) = unary(region, Relu, node) {
        return Some((1.0, x));
    }
    let beside_zero = |both| either(both, |zero, x| is_zero(region, zero).then_some(x));
    if let Some(both) = binary(region, Max, node) {
        return Some((1.0, beside_zero(both)?));
    }
    if let Some(both) = binary(region, Min, node) {
        return Some((-1.0, beside_zero(both)?));
    }
    let [_, yes, no] = selection(region, node)?;
    let x = beside_zero([yes, no])?;
    let is_where_below = side(region, node, x)? == (yes == x);
    Some((if is_where_below { -1.0 } else { 1.0 }, x))
}
