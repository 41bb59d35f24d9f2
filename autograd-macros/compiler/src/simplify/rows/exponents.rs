//! Products and quotients of exponentials as one exponential: a factor may leave the range where the product does not, and
//! then its slope is lost.
//!
//! ```text
//! exp(a) * exp(b)         →   exp(a + b)
//! exp(a) / (2 * exp(b))   →   0.5 * exp(a - b)
//! w * exp(a) * exp(b)     →   w * h * h           h = exp((a + b)/2)
//! exp(x)^0.3              →   exp(0.3 * x)
//! w*exp(x)/(d + w*exp(x)) →   x < 0 ? w*e/(d + w*e) : w/(d*e + w)     e = exp(-|x|)
//! ```
//!
//! Where `w·exp(a)`, and what is multiplied by it, are ordinary numbers, so are `h`, which lies between the exponentials, and
//! `w·h`, which lies between w and the product. Only factors that do not stand between the exponentials are looked at.

use super::super::matching::{binary, constant, either, is, operands, unary};
use super::super::sizes::{is_movable, movable};
use super::super::{Class, On, Phase, Rewriter, Row, When};
use super::exponentials::scaled;
use super::stabilise::one_plus_exp;
use super::stabilises;
use crate::graph::{NodeId, Region};
use crate::ops::Function::{self, Add, Cbrt, Div, Exp, Exp2, Mul, Neg, Pow, Sigmoid, Square, Sub};
use crate::ops::{Compare, Select};

const FAR: &str = "a power far from 1 is off by as many ulp as its logarithm is large";

pub(super) static ROWS: &[Row] = &[
    early("product_of_exponentials", On::Map(Mul), product),
    early("quotient_of_exponentials", On::Map(Div), quotient),
    stabilises("number_by_exp", On::Map(Div), number_by_exp),
    stabilises("value_by_one_plus_exp", On::Map(Div), value_by_one_plus_exp),
    Row {
        name: "weighted_share",
        class: Class::Reassociates,
        when: When::Only(Phase::BeforeDerivative),
        on: On::Map(Div),
        rewrite: weighted_share,
    },
    early("pow_of_exp", On::Map(Pow), pow_of_exp),
    early("cbrt_of_exp", On::Map(Cbrt), cbrt_of_exp),
];

/// Before derivatives are taken: what these make of their exponentials overflows no more.
const fn early(name: &'static str, on: On, rewrite: super::Rewrite) -> Row {
    Row { name, class: Class::Domain(FAR), when: When::Only(Phase::BeforeDerivative), on, rewrite }
}

/// More factors than anybody writes.
const MOST: usize = 8;

/// The factors of a product.
struct Factors {
    /// `exp` or `exp2`.
    base: Function,
    /// How often an exponent counts, and the exponent.
    exponents: Vec<(f64, NodeId)>,
    /// The product of the literals.
    number: f64,
    weights: Vec<NodeId>,
}

impl Factors {
    /// None, of products of exponentials with the base of the first one below a node.
    fn below(region: &Region, node: NodeId) -> Option<Self> {
        let base = [Exp, Exp2].into_iter().find(|&base| has_exponential(region, base, node, MOST))?;
        Some(Self { base, exponents: Vec::new(), number: 1.0, weights: Vec::new() })
    }

    /// Adds those of a node, whose exponents count that often. Products without exponentials are one factor.
    fn add(&mut self, region: &Region, node: NodeId, times: f64) -> Option<()> {
        if let Some((twice, x)) = exponent(region, self.base, node) {
            self.exponents.push((twice * times, x));
        } else if let Some(both) = binary(region, Mul, node).filter(|_| has_exponential(region, self.base, node, MOST))
        {
            both.into_iter().try_for_each(|factor| self.add(region, factor, times))?;
        } else if let Some(number) = movable(region, node) {
            self.number *= if times > 0.0 { number } else { number.recip() };
        } else {
            self.weights.push(node);
        }
        (self.exponents.len() + self.weights.len() <= MOST).then_some(())
    }

    /// Their product with one exponential instead of several; at most one factor stands beside them.
    #[allow(clippy::float_cmp, reason = "1 leaves out a factor")]
    fn product(self, r: &mut Rewriter<'_>) -> Option<NodeId> {
        let &[(first, x), (second, z), ..] = &self.exponents[..] else { return None };
        let is_done = !self.weights.is_empty() && self.exponents.len() == 2 && (first, x) == (second, z);
        if is_done || self.weights.len() > 1 || !is_movable(self.number) {
            return None;
        }
        let share = if self.weights.is_empty() { 1.0 } else { 0.5 };
        let exponent = sum(r, &self.exponents)?;
        let exponent = scaled(r, share, exponent);
        let power = r.map(self.base, &[exponent]);
        let Some(&weight) = self.weights.first() else { return Some(scaled(r, self.number, power)) };
        let weight = scaled(r, self.number, weight);
        let once = r.map(Mul, &[weight, power]);
        Some(r.map(Mul, &[once, power]))
    }
}

/// `Σ times·x`
fn sum(r: &mut Rewriter<'_>, terms: &[(f64, NodeId)]) -> Option<NodeId> {
    let mut sum = None;
    for &(times, x) in terms {
        let term = scaled(r, times.abs(), x);
        sum = Some(match sum {
            None if times < 0.0 => r.map(Neg, &[term]),
            None => term,
            Some(sum) => r.map(if times < 0.0 { Sub } else { Add }, &[sum, term]),
        });
    }
    sum
}

/// How often the exponent counts, and the exponent, where the node is an exponential or the square of one.
fn exponent(region: &Region, base: Function, node: NodeId) -> Option<(f64, NodeId)> {
    if let Some(x) = unary(region, Square, node) {
        return Some((2.0, unary(region, base, x)?));
    }
    Some((1.0, unary(region, base, node)?))
}

fn has_exponential(region: &Region, base: Function, node: NodeId, depth: usize) -> bool {
    exponent(region, base, node).is_some()
        || depth > 0
            && binary(region, Mul, node)
                .is_some_and(|both| both.iter().any(|&factor| has_exponential(region, base, factor, depth - 1)))
}

fn product(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let mut factors = Factors::below(r.region(), y)?;
    factors.add(r.region(), y, 1.0)?;
    factors.product(r)
}

/// Below the line there may be exponentials and a literal.
fn quotient(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [above, below] = operands(r.region(), y);
    let mut factors = Factors::below(r.region(), below)?;
    factors.add(r.region(), below, -1.0)?;
    if !factors.weights.is_empty() {
        return None;
    }
    let of_divisor = factors.exponents.len();
    factors.add(r.region(), above, 1.0)?;
    // The dividend first: `a - b`, not `-b + a`.
    factors.exponents.rotate_left(of_divisor);
    (factors.exponents.len() > of_divisor).then(|| factors.product(r)).flatten()
}

/// `w/exp(x)` is `w·exp(-x)`: the slope by x has the square of the divisor otherwise, which may overflow.
fn number_by_exp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [above, below] = operands(r.region(), y);
    // That of 1 is a reciprocal.
    let x = unary(r.region(), Exp, below).filter(|_| !is(r.region(), above, 1.0))?;
    let minus = r.map(Neg, &[x]);
    let power = r.map(Exp, &[minus]);
    Some(r.map(Mul, &[above, power]))
}

/// `a/(1 + exp(x))` is `a·sigmoid(-x)`: as above.
fn value_by_one_plus_exp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, below] = operands(r.region(), y);
    let x = one_plus_exp(r.region(), below)?;
    let minus = r.map(Neg, &[x]);
    let share = r.map(Sigmoid, &[minus]);
    Some(r.map(Mul, &[a, share]))
}

/// `w·exp(x)/(d + w·exp(x))`, where d is of any sign: divided by the exponential where that is large, for the square of the
/// divisor in the second derivative leaves the range long before. Both arms are the same smooth function.
fn weighted_share(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [above, below] = operands(r.region(), y);
    let d = either(binary(r.region(), Add, below)?, |d, term| (term == above).then_some(d))?;
    let mut factors = Factors::below(r.region(), above).filter(|factors| factors.base == Exp)?;
    factors.add(r.region(), above, 1.0)?;
    let (&[(1.0, x)], [] | [_]) = (&factors.exponents[..], &factors.weights[..]) else { return None };
    let one = r.number(1.0, x);
    let weight = factors.weights.first().copied().unwrap_or(one);
    let weight =
        if is(r.region(), weight, 1.0) { r.number(factors.number, x) } else { scaled(r, factors.number, weight) };
    let (zero, minus) = (r.number(0.0, x), r.map(Neg, &[x]));
    let is_small = r.add(Compare::Lt, &[x, zero]);
    let size = r.add(Select::RULE, &[is_small, x, minus]);
    let power = r.map(Exp, &[size]);
    let (small, scaled_rest) = (r.map(Mul, &[weight, power]), r.map(Mul, &[d, power]));
    let above = r.add(Select::RULE, &[is_small, small, weight]);
    let rest = r.add(Select::RULE, &[is_small, d, scaled_rest]);
    let below = r.map(Add, &[rest, above]);
    Some(r.map(Div, &[above, below]))
}

/// Whole powers are products, and roots have a row of their own.
fn pow_of_exp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [power, n] = operands(r.region(), y);
    let x = unary(r.region(), Exp, power)?;
    let n = constant(r.region(), n).filter(|&n| (2.0 * n).fract() != 0.0 && is_movable(n))?;
    let x = scaled(r, n, x);
    Some(r.map(Exp, &[x]))
}

fn cbrt_of_exp(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [power] = operands(r.region(), y);
    let x = unary(r.region(), Exp, power)?;
    let third = r.number(3.0, x);
    let x = r.map(Div, &[x, third]);
    Some(r.map(Exp, &[x]))
}
