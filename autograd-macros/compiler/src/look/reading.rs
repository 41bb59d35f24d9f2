//! Idioms: what a group of nodes is to a reader, `softmax(z, K)`, `one_hot(label, K)`, `cross_entropy(z, label)`.
//!
//! ```text
//! exp(if z == l { 0 } else { z - l }) * (if l == -inf { 0 } else { g / sum(…) })    is    g * softmax(z, K)
//! ```
//!
//! The choices in such groups are guards of single points, where both sides agree in the limit; a reader does not want
//! them. What the user has named stays as it is.

use super::formula::seen_through;
use crate::graph::{Node, NodeId, Region};
use crate::ops::{Compare, Function, Op, ReduceKind};

/// A piece of a formula.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Term {
    /// A node, as it is printed where it is used.
    Node(NodeId),
    /// A node with the new axes of another node, which has the shape of the first below its own broadcasts.
    Spread(NodeId, NodeId),
    /// `softmax(x, K)`
    Softmax(NodeId, Vec<usize>),
    /// `one_hot(label, K)`: the labels, and an array that has the classes for its last axis.
    OneHot(NodeId, NodeId),
    /// `cross_entropy(logits, label)`
    CrossEntropy(NodeId, NodeId),
    Times(Box<Term>, Box<Term>),
    Over(Box<Term>, Box<Term>),
    Minus(Box<Term>, Box<Term>),
}

impl Term {
    /// The nodes that it is made of.
    pub(super) fn nodes(&self) -> Vec<NodeId> {
        match self {
            Self::Node(node) | Self::Spread(node, _) | Self::Softmax(node, _) | Self::OneHot(node, _) => vec![*node],
            Self::CrossEntropy(logits, label) => vec![*logits, *label],
            Self::Times(a, b) | Self::Over(a, b) | Self::Minus(a, b) => [a.nodes(), b.nodes()].concat(),
        }
    }
}

/// How a node reads, if not as the operation that it is.
pub(super) fn reading(region: &Region, node: NodeId) -> Option<Term> {
    let look = Look { region, top: node };
    if let Some(term) = look.cross_entropy(node).or_else(|| look.share(node)) {
        return Some(term);
    }
    if let Some(difference) = look.difference(node) {
        return Some(difference);
    }
    if let Some((factor, outer, softmax)) = look.softmax(node) {
        return Some(look.scaled(factor, outer, softmax));
    }
    if let Some(direction) = look.direction(node) {
        return Some(direction);
    }
    let (factor, one_hot) = look.one_hot(node)?;
    Some(look.scaled(factor, factor, one_hot))
}

/// Looks at a node and those below it, broadcasts seen through.
#[derive(Clone, Copy)]
struct Look<'a> {
    region: &'a Region,
    top: NodeId,
}

impl<'a> Look<'a> {
    /// A node that may be looked into: one that the user has not named.
    fn node(self, node: NodeId) -> Option<&'a Node> {
        let inner = seen_through(self.region, node);
        let found = self.region.node(inner);
        (inner == self.top || found.name.is_none()).then_some(found)
    }

    /// Whether two nodes are one, broadcasts aside.
    fn is(self, a: NodeId, b: NodeId) -> bool {
        seen_through(self.region, a) == seen_through(self.region, b)
    }

    fn literal(self, node: NodeId) -> Option<f64> {
        if let Op::Literal(literal) = &self.node(node)?.op { Some(literal.value()) } else { None }
    }

    #[allow(clippy::float_cmp, reason = "literals are meant exactly")]
    fn is_number(self, node: NodeId, number: f64) -> bool {
        self.literal(node) == Some(number)
    }

    fn map<const N: usize>(self, wanted: Function, node: NodeId) -> Option<[NodeId; N]> {
        let node = self.node(node)?;
        let is_wanted = matches!(&node.op, Op::Map(map) if map.function == wanted);
        if is_wanted { node.operands.as_slice().try_into().ok() } else { None }
    }

    fn select(self, node: NodeId) -> Option<[NodeId; 3]> {
        let node = self.node(node)?;
        if matches!(node.op, Op::Select(_)) { node.operands.as_slice().try_into().ok() } else { None }
    }

    fn equal(self, node: NodeId) -> Option<[NodeId; 2]> {
        let node = self.node(node)?;
        if matches!(node.op, Op::Compare(Compare::Eq)) { node.operands.as_slice().try_into().ok() } else { None }
    }

    fn reduce(self, wanted: ReduceKind, node: NodeId) -> Option<(NodeId, Vec<usize>)> {
        let node = self.node(node)?;
        let Op::Reduce(reduce) = &node.op else { return None };
        (reduce.kind == wanted).then(|| (node.operands[0], reduce.axes.clone()))
    }

    /// A product, also one whose zero skips the other factor.
    fn product(self, node: NodeId) -> Option<[NodeId; 2]> {
        self.map(Function::Mul, node).or_else(|| self.map(Function::MulUnlessZero, node))
    }

    /// `v`, where the node is `if a == number { other } else { v }` for `a` that `is_guarded`.
    fn guarded(self, node: NodeId, number: f64, is_guarded: impl Fn(NodeId) -> bool) -> Option<NodeId> {
        let [condition, _, value] = self.select(node)?;
        let [a, b] = self.equal(condition)?;
        let is_guard = |a, b| is_guarded(a) && self.is_number(b, number);
        (is_guard(a, b) || is_guard(b, a)).then_some(value)
    }

    /// `x` and the axes, where the node is `exp(x - m)` for what is the same along the axes: the logarithm of the sum of
    /// the exponentials of `x`, or the largest `x`. Also with 0 for the difference of equals.
    fn mass(self, node: NodeId) -> Option<(NodeId, Vec<usize>)> {
        let [below] = self.map(Function::Exp, node)?;
        let tied = self.select(below).and_then(|[condition, zero, rest]| {
            let ([a, b], [x, top]) = (self.equal(condition)?, self.map(Function::Sub, rest)?);
            let is_same = self.is(a, x) && self.is(b, top) || self.is(a, top) && self.is(b, x);
            (is_same && self.is_number(zero, 0.0)).then_some(rest)
        });
        let [x, top] = self.map(Function::Sub, tied.unwrap_or(below))?;
        let top = self.squeezed(top);
        let top = self.guarded(top, f64::NEG_INFINITY, |node| self.largest(node).is_some()).unwrap_or(top);
        let (of, axes) = self.reduce(ReduceKind::LogSumExp, self.squeezed(top)).or_else(|| self.largest(top))?;
        self.is(of, x).then_some((x, axes))
    }

    /// `x` and the axes, where the node is the largest `x`.
    fn largest(self, node: NodeId) -> Option<(NodeId, Vec<usize>)> {
        let node = self.squeezed(node);
        self.reduce(ReduceKind::Max, node).or_else(|| self.reduce(ReduceKind::MaxNumber, node))
    }

    /// What is below reshapes and broadcasts.
    fn squeezed(self, mut node: NodeId) -> NodeId {
        while let Some(Node { op: Op::Reshape(_) | Op::Broadcast(_), operands, .. }) = self.node(node) {
            node = operands[0];
        }
        seen_through(self.region, node)
    }

    /// `v * (x / norm)`, where the node is that but for 0 where the norm is.
    fn direction(self, node: NodeId) -> Option<Term> {
        let is_norm = |node| self.reduce(ReduceKind::Norm, node).is_some();
        // Of an infinite element it is the sign.
        let finite = |node| {
            let [_, sign, ratio] = self.select(node)?;
            let ([x], [over, _]) = (self.map(Function::Sign, sign)?, self.map(Function::Div, ratio)?);
            self.is(x, over).then_some(ratio)
        };
        let unit = |node| {
            let [x, norm] = self.map(Function::Div, finite(node).unwrap_or(node))?;
            let norm = self.guarded(norm, 0.0, is_norm).map(|inner| Term::Spread(inner, norm))?;
            Some(Term::Over(Box::new(Term::Node(x)), Box::new(norm)))
        };
        if let Some(unit) = unit(node) {
            return Some(unit);
        }
        let [a, b] = self.product(node)?;
        let of = |factor, direction| {
            let direction = unit(direction)?;
            let value = self.guarded(factor, 0.0, is_norm)?;
            Some(self.scaled(value, factor, direction))
        };
        of(a, b).or_else(|| of(b, a))
    }

    /// `v`, where the node is `v / sum(mass)`; 0 instead where the mass is that of nothing.
    fn per_mass(self, node: NodeId, mass: NodeId, axes: &[usize]) -> Option<NodeId> {
        let is_log = |node| self.reduce(ReduceKind::LogSumExp, node).is_some();
        let part = self.guarded(node, f64::NEG_INFINITY, is_log).unwrap_or(node);
        let [value, total] = self.map(Function::Div, part)?;
        let (summed, over) = self.reduce(ReduceKind::Sum, total)?;
        (self.is(summed, mass) && over == axes).then_some(value)
    }

    /// `exp(x - m) / sum(exp(x - m))`
    fn share(self, node: NodeId) -> Option<Term> {
        let [mass, _] = self.map(Function::Div, node)?;
        let (x, axes) = self.mass(mass)?;
        self.per_mass(node, mass, &axes).map(|_| Term::Softmax(x, axes))
    }

    /// `v`, that with the axes of the node, and `softmax(x)`, where the node is their product.
    fn softmax(self, node: NodeId) -> Option<(NodeId, NodeId, Term)> {
        let [a, b] = self.product(node)?;
        let of = |mass, part| {
            let (x, axes) = self.mass(mass)?;
            Some((self.per_mass(part, mass, &axes)?, part, Term::Softmax(x, axes)))
        };
        of(a, b).or_else(|| of(b, a))
    }

    /// The labels, where the node is `iota(K) == label[.., new]`.
    fn is_label(self, node: NodeId) -> Option<NodeId> {
        let [a, b] = self.equal(node)?;
        let shape = self.region.shape(seen_through(self.region, node));
        let (last, rest) = shape.split_last()?;
        let of = |classes, label| {
            let (classes, label) = (seen_through(self.region, classes), seen_through(self.region, label));
            let Op::Iota(iota) = &self.region.node(classes).op else { return None };
            (iota.extent == *last && *self.region.shape(label) == *rest).then_some(label)
        };
        of(a, b).or_else(|| of(b, a))
    }

    /// `v` and `one_hot(label)`, where the node is `if iota(K) == label[.., new] { v } else { 0 }`.
    fn one_hot(self, node: NodeId) -> Option<(NodeId, Term)> {
        let [condition, value, zero] = self.select(node)?;
        let label = self.is_label(condition)?;
        let condition = seen_through(self.region, condition);
        self.is_number(zero, 0.0).then_some((value, Term::OneHot(label, condition)))
    }

    /// `v * (softmax(x) - one_hot(label))`
    fn difference(self, node: NodeId) -> Option<Term> {
        let (sum, less) = (self.map(Function::Add, node), self.map(Function::Sub, node));
        let [a, b] = sum.or(less)?;
        let of = |a, b| {
            let ((factor, outer, softmax), (other, one_hot)) = (self.softmax(a)?, self.one_hot(b)?);
            let fits = if sum.is_some() { self.is_negative(other, factor) } else { self.is(other, factor) };
            fits.then(|| self.scaled(factor, outer, Term::Minus(Box::new(softmax), Box::new(one_hot))))
        };
        of(a, b).or_else(|| sum.and_then(|_| of(b, a)))
    }

    /// Whether one number is the negative of another.
    fn is_negative(self, a: NodeId, b: NodeId) -> bool {
        if let (Some(a), Some(b)) = (self.literal(a), self.literal(b)) {
            return (a + b).abs() == 0.0;
        }
        let negated = |a, b| self.map(Function::Neg, a).is_some_and(|[a]| self.is(a, b));
        let quotients = self.map(Function::Div, a).zip(self.map(Function::Div, b));
        negated(a, b)
            || negated(b, a)
            || quotients.is_some_and(|([a, n], [b, m])| self.is(n, m) && self.is_negative(a, b))
    }

    /// `logsumexp(x) - sum(x * one_hot(label))`
    fn cross_entropy(self, node: NodeId) -> Option<Term> {
        let [all, own] = self.map(Function::Sub, node)?;
        let (logits, axes) = self.reduce(ReduceKind::LogSumExp, all)?;
        let (chosen, over) = self.reduce(ReduceKind::Sum, own)?;
        let (of, Term::OneHot(label, _)) = self.one_hot(chosen)? else { return None };
        let last = self.region.ty(logits).rank().checked_sub(1)?;
        (self.is(of, logits) && axes == [last] && over == axes).then_some(Term::CrossEntropy(logits, label))
    }

    /// `v * term`, and `term / n` where `v` is `1 / n`. `outer` is in the shape of `v` below its broadcasts.
    fn scaled(self, factor: NodeId, outer: NodeId, term: Term) -> Term {
        if self.is_number(factor, 1.0) {
            return term;
        }
        let divisor = match (self.map(Function::Div, factor), self.map(Function::Recip, factor)) {
            (Some([one, n]), _) if self.is_number(one, 1.0) => Some(n),
            (_, recip) => recip.map(|[n]| n),
        };
        match divisor.filter(|&n| self.region.ty(seen_through(self.region, n)).rank() == 0) {
            Some(n) => Term::Over(Box::new(term), Box::new(Term::Node(seen_through(self.region, n)))),
            None => Term::Times(Box::new(Term::Spread(factor, outer)), Box::new(term)),
        }
    }
}
