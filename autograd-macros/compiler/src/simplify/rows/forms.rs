//! Sums of powers of one degree: what a root may be taken of without overflow, and with the derivative 0 at the origin.
//!
//! ```text
//! a² + 3·b²/(n - 1) + Σ w·(x - c)²     the squares of a, b and x - c, with the weights 3/(n - 1) and w
//! ```
//!
//! The order of factors, and what stands inside of a sum or outside, does not matter. A weight may have any sign: then
//! the meaning is that of the formula, NaN included.

#![allow(clippy::float_cmp, reason = "degrees are numbers as they are written")]

use super::super::Rewriter;
use super::super::matching::{
    binary, complement, concat, constant, core, extent, function, is, reduction, selection, unary,
};
use crate::graph::{NodeId, Region};
use crate::ops::Function::{self, Abs, Add, Div, Hypot, Max, Mul, Neg, Pow, Recip, Sqrt, Square, Sub};
use crate::ops::{Compare, Op, ReduceKind, Reshape, Root, Select, StopGradient};

/// More operations than anybody writes, and a bound on the work.
const MOST: usize = 2048;

/// A sum of powers of one degree.
pub(super) struct Form {
    /// The exponent of every power.
    pub(super) degree: f64,
    kind: Kind,
}

enum Kind {
    /// `|x|^degree`
    Power(NodeId),
    /// The terms, and whether each is subtracted.
    Sum(Vec<(bool, Kind)>),
    /// `weight · form`, or `form / weight`.
    Weighted { function: Function, weight: NodeId, form: Box<Kind> },
    /// The sum over axes; `of` is what is summed.
    Reduced { form: Box<Kind>, axes: Vec<usize>, of: NodeId },
    /// The same elements in other places.
    Moved { op: Op, form: Box<Kind>, of: NodeId },
}

impl Form {
    /// What a node is, if it is such a sum.
    pub(super) fn of(r: &mut Rewriter<'_>, node: NodeId) -> Option<Self> {
        let mut reader = Reader { degree: None, left: MOST };
        let kind = reader.read(r, node)?;
        Some(Self { degree: reader.degree?, kind })
    }

    /// The sum of the squares of these; those that are norms themselves are taken apart. None if no one is.
    pub(super) fn of_squares(r: &Rewriter<'_>, roots: &[NodeId]) -> Option<Self> {
        let squares: Vec<(bool, Kind)> = roots.iter().map(|&root| (false, square(r.region(), root))).collect();
        let is_plain = |(_, kind): &(bool, Kind)| matches!(kind, Kind::Power(_));
        let kind = if squares.iter().all(is_plain) { None } else { Some(Kind::Sum(squares)) };
        Some(Self { degree: 2.0, kind: kind? })
    }

    /// The sum over axes of the squares of a node that is a norm itself.
    pub(super) fn of_summed_squares(r: &Rewriter<'_>, of: NodeId, axes: Vec<usize>) -> Option<Self> {
        let form = square(r.region(), of);
        if matches!(form, Kind::Power(_)) {
            return None;
        }
        Some(Self { degree: 2.0, kind: Kind::Reduced { form: Box::new(form), axes, of } })
    }

    /// Whether it is of squares.
    pub(super) fn is_of_squares(&self) -> bool {
        self.degree == 2.0
    }

    /// The square root of squares.
    pub(super) fn root(&self, r: &mut Rewriter<'_>) -> NodeId {
        root(r, &self.kind)
    }

    /// The sum of squares of all numbers times a factor of the shape of the sum.
    pub(super) fn scaled(&self, r: &mut Rewriter<'_>, by: NodeId) -> NodeId {
        scaled(r, &self.kind, by)
    }

    /// Whether all powers are of 0.
    pub(super) fn origin(&self, r: &mut Rewriter<'_>) -> NodeId {
        let size = size(r, &self.kind);
        is_zero(r, size)
    }
}

/// A node that derivatives regard as constant where the condition holds.
pub(super) fn flat_where(r: &mut Rewriter<'_>, condition: NodeId, x: NodeId) -> NodeId {
    let still = r.add(StopGradient, &[x]);
    r.add(Select::RULE, &[condition, still, x])
}

/// `q`, where the node is a root of it that [`Form::root`] makes.
pub(super) fn square_of_root(region: &Region, node: NodeId) -> Option<NodeId> {
    let node = region.node(node);
    matches!(node.op, Op::Root(_)).then(|| node.operands[1])
}

/// Reads a form, bottom up.
struct Reader {
    degree: Option<f64>,
    /// Operations that may still be looked at.
    left: usize,
}

impl Reader {
    fn read(&mut self, r: &mut Rewriter<'_>, node: NodeId) -> Option<Kind> {
        self.left = self.left.checked_sub(1)?;
        if let Some((x, degree)) = power(r, node) {
            return (*self.degree.get_or_insert(degree) == degree).then_some(Kind::Power(x));
        }
        let region = r.region();
        let (op, operands) = (region.node(node).op.clone(), region.node(node).operands.clone());
        if let Op::Map(map) = &op {
            return self.read_map(r, map.function, node, &operands);
        }
        if let Op::Reduce(reduce) = &op {
            return if reduce.kind == ReduceKind::Sum { self.read_sum(r, operands[0], &reduce.axes) } else { None };
        }
        let is_moved = matches!(op, Op::Permute(_) | Op::Reshape(_) | Op::Reverse(_))
            || matches!(&op, Op::Broadcast(spread) if spread.axes.is_sorted());
        let form = if is_moved { Box::new(self.read(r, operands[0])?) } else { return None };
        Some(Kind::Moved { op, form, of: operands[0] })
    }

    /// A sum over axes; of a list, the sum of the parts.
    fn read_sum(&mut self, r: &mut Rewriter<'_>, x: NodeId, axes: &[usize]) -> Option<Kind> {
        let parts = concat(r.region(), x).filter(|(op, _)| axes.contains(&op.axis)).map(|(_, parts)| parts.to_vec());
        let Some(parts) = parts else {
            let form = Box::new(self.read(r, x)?);
            return Some(Kind::Reduced { form, axes: axes.to_vec(), of: x });
        };
        let mut terms = Vec::new();
        for part in parts {
            // Of one element: that, without the axes that the list gave it.
            let summed = r.reduce(ReduceKind::Sum, part, axes);
            terms.push((false, self.read(r, summed)?));
        }
        Some(Kind::Sum(terms))
    }

    fn read_map(&mut self, r: &mut Rewriter<'_>, function: Function, node: NodeId, x: &[NodeId]) -> Option<Kind> {
        match function {
            Add | Sub | Neg => self.sum(r, node).map(Kind::Sum),
            Mul => {
                if let Some(square) = self.twice(r, node) {
                    return Some(square);
                }
                let weighted = |weight, form| Kind::Weighted { function: Mul, weight, form: Box::new(form) };
                // What is tried in vain leaves no trace.
                let before = self.degree;
                if let Some(form) = self.read(r, x[1]) {
                    return Some(weighted(x[0], form));
                }
                self.degree = before;
                self.read(r, x[0]).map(|form| weighted(x[1], form))
            }
            Div => {
                let form = Box::new(self.read(r, x[0])?);
                Some(Kind::Weighted { function: Div, weight: x[1], form })
            }
            _ => None,
        }
    }

    /// A product in which a factor stands twice: its square, and the others for a weight.
    fn twice(&mut self, r: &mut Rewriter<'_>, node: NodeId) -> Option<Kind> {
        let mut factors = factors(r.region(), node);
        let mut pairs = (0..factors.len()).flat_map(|second| (0..second).map(move |first| (first, second)));
        let (first, second) = pairs.find(|&(first, second)| factors[first] == factors[second])?;
        if *self.degree.get_or_insert(2.0) != 2.0 || is_still(r.region(), factors[first], 8) {
            return None;
        }
        let form = Box::new(Kind::Power(factors.remove(second)));
        factors.remove(first);
        let weight = factors.into_iter().reduce(|product, factor| r.map(Mul, &[product, factor]))?;
        Some(Kind::Weighted { function: Mul, weight, form })
    }

    /// All terms of sums of sums.
    fn sum(&mut self, r: &mut Rewriter<'_>, node: NodeId) -> Option<Vec<(bool, Kind)>> {
        let mut terms = Vec::new();
        let mut pending = vec![(false, node)];
        while let Some((negative, node)) = pending.pop() {
            let region = r.region();
            if let Some([a, b]) = binary(region, Add, node) {
                pending.extend([(negative, b), (negative, a)]);
            } else if let Some([a, b]) = binary(region, Sub, node) {
                pending.extend([(!negative, b), (negative, a)]);
            } else if let Some(x) = unary(region, Neg, node) {
                pending.push((!negative, x));
            } else {
                terms.push((negative, self.read(r, node)?));
            }
        }
        Some(terms)
    }
}

/// `x` and `k`, where the node is `|x|^k`.
fn power(r: &mut Rewriter<'_>, node: NodeId) -> Option<(NodeId, f64)> {
    if is_square(r.region(), node) == Some(true) {
        let root = square_root(r, node);
        let is_scaled = factors(r.region(), root).iter().any(|&factor| is_factor(r.region(), factor));
        return (!is_scaled && !is_still(r.region(), root, 8)).then_some((root, 2.0));
    }
    let (base, degree) = super::powers::power(r.region(), node)?;
    unary(r.region(), Abs, base)?;
    (degree >= 1.0).then_some((base, degree))
}

/// Whether a value is constant for derivatives, by its form: what is there to keep a sum above 0, and no square of it.
fn is_still(region: &Region, node: NodeId, depth: usize) -> bool {
    let node = region.node(node);
    !matches!(node.op, Op::Leaf(_))
        && (matches!(node.op, Op::StopGradient(_))
            || depth > 0 && node.operands.iter().all(|&x| is_still(region, x, depth - 1)))
}

/// Whether [`square_root`] can be taken of a node, and whether one of its factors is written as a square.
fn is_square(region: &Region, node: NodeId) -> Option<bool> {
    if let Some(c) = constant(region, node) {
        return (c > 0.0 && c.is_finite()).then_some(false);
    }
    if extent(region, node).is_some() {
        return Some(false);
    }
    let (op, operands) = (&region.node(node).op, &region.node(node).operands);
    if matches!(op, Op::Broadcast(_)) {
        return is_square(region, operands[0]);
    }
    match function(region, node)? {
        Square => Some(true),
        Mul | Div => Some(is_square(region, operands[0])? | is_square(region, operands[1])?),
        Recip => is_square(region, operands[0]),
        Pow => constant(region, operands[1]).filter(|n| *n > 0.0 && n % 2.0 == 0.0).map(|_| true),
        _ => None,
    }
}

/// A number whose square the node is; of either sign.
fn square_root(r: &mut Rewriter<'_>, node: NodeId) -> NodeId {
    if let Some(c) = constant(r.region(), node) {
        return r.number(c.sqrt(), node);
    }
    if extent(r.region(), node).is_some() {
        return r.map(Sqrt, &[node]);
    }
    if let Some(x) = unary(r.region(), Square, node) {
        return x;
    }
    if let Some([x, n]) = binary(r.region(), Pow, node) {
        let half = constant(r.region(), n).expect("the exponent was seen to be a number") / 2.0;
        let half = r.number(half, node);
        return r.map(Pow, &[x, half]);
    }
    let (op, operands) = (r.region().node(node).op.clone(), r.region().node(node).operands.clone());
    let roots: Vec<NodeId> = operands.iter().map(|&operand| square_root(r, operand)).collect();
    r.add(op, &roots)
}

/// The root of a square.
fn positive_root(r: &mut Rewriter<'_>, node: NodeId) -> NodeId {
    let root = square_root(r, node);
    let is_positive = constant(r.region(), node).is_some() || extent(r.region(), node).is_some();
    if is_positive { root } else { r.map(Abs, &[root]) }
}

/// The square of a norm, a hypotenuse or an absolute value, as what it is of; of anything else, a power.
fn square(region: &Region, root: NodeId) -> Kind {
    if let Some((x, axes)) = reduction(region, ReduceKind::Norm, root) {
        return Kind::Reduced { form: Box::new(square(region, x)), axes: axes.to_vec(), of: x };
    }
    if let Some(pair) = binary(region, Hypot, root) {
        return Kind::Sum(pair.iter().map(|&x| (false, square(region, x))).collect());
    }
    Kind::Power(unary(region, Abs, root).unwrap_or(root))
}

/// The root of squares: without loss by a function that knows them, or else with a scale.
fn root(r: &mut Rewriter<'_>, kind: &Kind) -> NodeId {
    match kind {
        Kind::Power(x) => r.map(Abs, &[*x]),
        Kind::Moved { op, form, .. } => {
            let inner = root(r, form);
            r.add(op.clone(), &[inner])
        }
        Kind::Weighted { function, weight, form } if is_square(r.region(), *weight).is_some() => {
            let (weight, form) = (positive_root(r, *weight), root(r, form));
            weigh(r, *function, weight, form)
        }
        Kind::Reduced { form, axes, .. } if matches!(**form, Kind::Power(_)) => {
            let Kind::Power(x) = **form else { unreachable!("a power") };
            r.reduce(ReduceKind::Norm, x, axes)
        }
        Kind::Sum(terms) if matches!(terms[..], [(false, Kind::Power(_)), (false, Kind::Power(_))]) => {
            let both: Vec<NodeId> = terms.iter().map(|(_, term)| power_of(term)).collect();
            r.map(Hypot, &both)
        }
        _ => scaled_root(r, kind),
    }
}

/// `weight · form`, or `form / weight`.
fn weigh(r: &mut Rewriter<'_>, function: Function, weight: NodeId, form: NodeId) -> NodeId {
    if function == Mul { r.map(Mul, &[weight, form]) } else { r.map(function, &[form, weight]) }
}

fn power_of(kind: &Kind) -> NodeId {
    if let Kind::Power(x) = kind { *x } else { unreachable!("a power") }
}

/// `sqrt(q(f·x))/f`, which is the root of `q(x)`.
fn scaled_root(r: &mut Rewriter<'_>, kind: &Kind) -> NodeId {
    let size = size(r, kind);
    let factor = factor(r, size);
    let squares = scaled(r, kind, factor);
    let root = r.map(Sqrt, &[squares]);
    let (root, plain) = (r.map(Div, &[root, factor]), plain(r, kind, &[]));
    r.add(Root, &[root, plain, squares, factor, size])
}

/// The form as it is differentiated: every weight stands beside the powers, as in `(w·x)·x`, so that no derivative meets a
/// power that is out of range.
fn plain(r: &mut Rewriter<'_>, kind: &Kind, weights: &[(Function, NodeId)]) -> NodeId {
    match kind {
        Kind::Power(x) if weights.is_empty() => r.map(Square, &[*x]),
        Kind::Power(x) => {
            let weighted = weights.iter().fold(*x, |x, &(function, weight)| r.map(function, &[x, weight]));
            r.map(Mul, &[weighted, *x])
        }
        Kind::Sum(terms) => {
            let terms: Vec<(bool, NodeId)> =
                terms.iter().map(|(negative, term)| (*negative, plain(r, term, weights))).collect();
            sum(r, &terms)
        }
        Kind::Weighted { function, weight, form } => plain(r, form, &[weights, &[(*function, *weight)]].concat()),
        Kind::Reduced { form, axes, of } => {
            let weights: Vec<(Function, NodeId)> =
                weights.iter().map(|&(function, weight)| (function, r.spread(weight, axes, *of))).collect();
            let terms = plain(r, form, &weights);
            r.reduce(ReduceKind::Sum, terms, axes)
        }
        Kind::Moved { op, form, .. } => {
            let form = plain(r, form, &[]);
            let moved = r.add(op.clone(), &[form]);
            weights.iter().fold(moved, |x, &(function, weight)| r.map(function, &[x, weight]))
        }
    }
}

fn sum(r: &mut Rewriter<'_>, terms: &[(bool, NodeId)]) -> NodeId {
    let first = |r: &mut Rewriter<'_>, negative, term| if negative { r.map(Neg, &[term]) } else { term };
    let mut terms = terms.iter();
    let &(negative, term) = terms.next().expect("a sum has terms");
    let start = first(r, negative, term);
    terms.fold(start, |sum, &(negative, term)| r.map(if negative { Sub } else { Add }, &[sum, term]))
}

fn is_zero(r: &mut Rewriter<'_>, x: NodeId) -> NodeId {
    let zero = r.number(0.0, x);
    r.add(Compare::Eq, &[x, zero])
}

/// The size of the largest number of which there is a power.
fn size(r: &mut Rewriter<'_>, kind: &Kind) -> NodeId {
    match kind {
        Kind::Power(x) => r.map(Abs, &[*x]),
        Kind::Weighted { form, .. } => size(r, form),
        Kind::Sum(terms) => {
            let sizes: Vec<NodeId> = terms.iter().map(|(_, term)| size(r, term)).collect();
            sizes.into_iter().reduce(|most, next| r.map(Max, &[most, next])).expect("a sum has terms")
        }
        Kind::Reduced { form, axes, .. } => {
            let size = size(r, form);
            r.reduce(ReduceKind::MaxNumber, size, axes)
        }
        Kind::Moved { op, form, .. } => {
            let size = size(r, form);
            r.add(op.clone(), &[size])
        }
    }
}

/// Where the largest number is beyond a bound, the power of two that all are multiplied by: so that squares and sums of
/// very many stay in range, and derivatives too. Those for `f64` are never met in `f32`, where the bounds are 0 and
/// infinite.
const LARGE: [(i32, i32); 3] = [(510, -600), (90, -100), (40, -50)];
const SMALL: [(i32, i32); 3] = [(-500, 600), (-90, 100), (-40, 60)];

/// A power of two by which numbers up to this size are multiplied before they are squared: exact, and mostly 1.
pub(in super::super) fn factor(r: &mut Rewriter<'_>, size: NodeId) -> NodeId {
    let mut factor = r.number(1.0, size);
    for ((high, down), (low, up)) in LARGE.into_iter().zip(SMALL).rev() {
        let [high, down, low, up] = [high, down, low, up].map(|exponent| r.number(2_f64.powi(exponent), size));
        let otherwise = r.where_less(size, low, up, factor);
        factor = r.where_less(high, size, down, otherwise);
    }
    factor
}

/// The factors of a product of products, up to a bound.
pub(super) fn factors(region: &Region, product: NodeId) -> Vec<NodeId> {
    let (mut factors, mut pending) = (Vec::new(), vec![product]);
    while let Some(node) = pending.pop() {
        match binary(region, Mul, node) {
            Some([a, b]) if factors.len() + pending.len() < 16 => pending.extend([b, a]),
            _ => factors.push(node),
        }
    }
    factors
}

/// Whether a node is a factor, or repeats one: what is scaled is no form, or it would be scaled without end.
fn is_factor(region: &Region, node: NodeId) -> bool {
    selection(region, core(region, node)).is_some_and(|[_, yes, _]| is(region, yes, 2_f64.powi(LARGE[0].1)))
}

/// The form of the numbers times a factor.
fn scaled(r: &mut Rewriter<'_>, kind: &Kind, by: NodeId) -> NodeId {
    match kind {
        Kind::Power(x) => {
            let scaled = r.map(Mul, &[by, *x]);
            r.map(Square, &[scaled])
        }
        Kind::Weighted { function, weight, form } => {
            let form = scaled(r, form, by);
            weigh(r, *function, *weight, form)
        }
        Kind::Sum(terms) => {
            let terms: Vec<(bool, NodeId)> =
                terms.iter().map(|(negative, term)| (*negative, scaled(r, term, by))).collect();
            sum(r, &terms)
        }
        Kind::Reduced { form, axes, of } => {
            let by = r.spread(by, axes, *of);
            let terms = scaled(r, form, by);
            r.reduce(ReduceKind::Sum, terms, axes)
        }
        // Where the factors of the places that an element goes to differ, the smallest is taken first.
        Kind::Moved { op, form, of } => {
            let own = moved_back(r, op, *of, by);
            let form = scaled(r, form, own);
            let (form, own) = (r.add(op.clone(), &[form]), r.add(op.clone(), &[own]));
            let ratio = r.map(Div, &[by, own]);
            let once = r.map(Mul, &[ratio, form]);
            r.map(Mul, &[ratio, once])
        }
    }
}

/// A factor, in the places that the elements of `of` have before they are moved.
fn moved_back(r: &mut Rewriter<'_>, op: &Op, of: NodeId, factor: NodeId) -> NodeId {
    if let Op::Broadcast(spread) = op {
        return r.reduce(ReduceKind::Min, factor, &complement(&spread.axes, spread.shape.len()));
    }
    if let Op::Permute(moved) = op {
        let places = (0..moved.order.len()).map(|axis| moved.order.iter().position(|&from| from == axis));
        let order = places.map(|place| place.expect("a permutation has every axis")).collect();
        return r.permute(factor, order);
    }
    let shape = r.region().shape(of);
    if matches!(op, Op::Reshape(_)) { r.add(Reshape { shape }, &[factor]) } else { r.add(op.clone(), &[factor]) }
}
