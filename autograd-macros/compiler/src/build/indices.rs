//! Index notation: `c[i, j] = sum[k](a[i, k]*b[k, j])`.
//!
//! An expression under a binder is built like any other, with an opaque integer of rank 0 for each index; where the binder
//! closes, [`batch::lift`] turns each into an axis in front, the innermost first. So nothing after this knows of indices.
//!
//! How far an index runs is said, `i in 0..N`, or follows from the axes that it runs along by itself: `a[i]`. What stands
//! shifted, `a[i + 1]`, says nothing, and never makes a range shorter.

mod linear;
mod mistakes;
mod reads;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Ident;

use super::{Builder, Built, Reported};
use crate::diagnostics::{Problem, SpanRange};
use crate::graph::print::live;
use crate::graph::{Dim, Elem, NodeId};
use crate::habits::names::REDUCERS;
use crate::ops::{Bound, Compare, Integer, Outside, ReduceKind, batch};
use crate::syntax::print::source;
use crate::syntax::tree::{Argument, Binder, BoundIndex, Expr, ExprKind, UnaryOp};
use linear::{Known, Linear};
pub(super) use mistakes::scope_help;
use mistakes::{Seen, Spot, indices_text, unused_help};
use reads::Pending;
pub(super) use reads::{function, operation};

/// An index whose binder is open.
struct Open {
    name: Ident,
    /// The opaque integer, from 0.
    node: NodeId,
    /// Where it starts, if not at 0.
    start: Option<NodeId>,
    /// How many values it takes, if that is said.
    extent: Option<Dim>,
    /// Where it must lie beyond that: its range depends on other indices.
    condition: Option<NodeId>,
    /// The length of such a range.
    length: Option<NodeId>,
    /// The axes that it runs along by itself, and where.
    uses: Vec<(Dim, String)>,
}

impl Open {
    /// Whether its range is said.
    fn is_given(&self) -> bool {
        self.extent.is_some() || self.length.is_some()
    }
}

/// What is known of the indices of a model.
#[derive(Default)]
pub(super) struct Indices {
    /// Those whose binders are open, innermost last.
    open: Vec<Open>,
    /// How many there have been.
    serial: u32,
    /// How many values each takes.
    extents: BTreeMap<NodeId, Dim>,
    /// The names that have been bound, and what has bound them: what stands outside is no unknown name.
    known: BTreeMap<String, String>,
    /// Where they are bound.
    spots: BTreeMap<NodeId, Spot>,
    /// The subscripts in which they stand.
    seen: Vec<Seen>,
    /// The definitions of which it is said already that they lack indices.
    pub(super) told: BTreeSet<String>,
    /// The choices that are being built: a condition, and whether it holds.
    arms: Vec<(NodeId, bool)>,
    /// Reads whose indices run how far nobody knows yet.
    pending: Vec<Pending>,
    /// How many subscripts have been read.
    reads: usize,
}

impl Builder<'_> {
    /// The value of a binding that has indices on its left.
    pub(super) fn indexed(&mut self, indices: &[BoundIndex], value: &Expr) -> Built {
        let depth = self.open_block();
        let binds = format!("{}[{}] = …", self.current, indices_text(indices));
        let (first, opened) = (self.indices.open.len(), self.open_indices(indices, &binds, None, &[value]));
        let body = opened.and_then(|()| self.expr(value));
        let body = body.and_then(|body| self.refuse_ragged(first, indices, value).map(|()| body));
        let value = body.and_then(|body| self.close_indices(first, body));
        self.indices.open.truncate(first);
        self.close_block(depth);
        value
    }

    /// `sum[k](a[i, k]*b[k, j])`
    pub(super) fn reduction(
        &mut self,
        expr: &Expr,
        function: &Ident,
        binder: &Binder,
        arguments: &[Argument],
    ) -> Built {
        let name = function.to_string();
        let name = self.canonical(&name).unwrap_or_default();
        if !REDUCERS.contains(&name) {
            return Err(self.no_reducer(expr, function, binder, arguments));
        }
        let Some((body, rest)) = arguments.split_first().filter(|(body, _)| body.name.is_none()) else {
            let problem =
                Problem::WrongArgumentCount { function: name.into(), expected: "1 argument".into(), given: 0 };
            return Err(self.error(expr.span, problem));
        };
        let depth = self.open_block();
        let first = self.indices.open.len();
        let binds = format!("{function}[{}](…)", indices_text(&binder.indices));
        let bodies: Vec<&Expr> = arguments.iter().map(|argument| &argument.value).chain(&binder.condition).collect();
        let opened = self.open_indices(&binder.indices, &binds, Some(name), &bodies);
        let reduced =
            opened.and_then(|()| self.reduced(expr, name, binder.condition.as_ref(), (&body.value, rest), first));
        self.indices.open.truncate(first);
        self.close_block(depth);
        reduced
    }

    /// A body under a condition, which joins those of the ranges.
    fn body_under(&mut self, condition: Option<&Expr>, conditions: &mut Vec<NodeId>, body: &Expr) -> Built {
        if let Some(condition) = condition {
            let value = self.expr(condition)?;
            let value = self.truth(value, condition, "the condition of the indices")?;
            conditions.push(value);
            return self.under(Some(value), true, |builder| builder.expr(body));
        }
        self.expr(body)
    }

    /// The body of a reduction under its open indices, reduced along them.
    fn reduced(
        &mut self,
        expr: &Expr,
        function: &str,
        condition: Option<&Expr>,
        (body, rest): (&Expr, &[Argument]),
        first: usize,
    ) -> Built {
        let mut conditions: Vec<NodeId> = self.indices.open[first..].iter().filter_map(|open| open.condition).collect();
        let arms = self.indices.arms.len();
        self.indices.arms.extend(conditions.iter().map(|&condition| (condition, true)));
        let built = self.body_under(condition, &mut conditions, body);
        self.indices.arms.truncate(arms);
        let value = built?;
        self.refuse_unused(expr, function, body, first, &[&conditions[..], &[value]].concat())?;
        let condition = conditions.into_iter().reduce(|a, b| self.region.and(a, b));
        let count = self.indices.open.len() - first;
        if let (Some(start), "argmax" | "argmin") = (self.start_of(expr, function, first)?, function) {
            let place = self.along(expr, function, (value, condition), rest, first)?;
            let start = self.filled(start, place);
            return Ok(self.region.integer(Integer::Add, place, start));
        }
        debug_assert!(count > 0, "brackets with nothing between them are refused");
        self.along(expr, function, (value, condition), rest, first)
    }

    /// The value along the axes that its indices become, reduced; what does not fulfil the condition is left out.
    fn along(
        &mut self,
        expr: &Expr,
        function: &str,
        (value, condition): (NodeId, Option<NodeId>),
        rest: &[Argument],
        first: usize,
    ) -> Built {
        let count = self.indices.open.len() - first;
        let Some(condition) = condition else {
            let lifted = self.close_indices(first, value)?;
            return self.call_along(expr, function, lifted, count, rest);
        };
        let Some(nothing) = nothing(function) else {
            let what = format!("a condition between the brackets of `{function}[…]`");
            let help = "`sum[i if c](x[i])/sum[i if c](1)` is a mean; a variance is a mean of squares";
            return Err(self.error_with_help(expr.span, Problem::NotSupported { what }, help));
        };
        let value = if matches!(function, "any" | "all") { value } else { self.real(value) };
        let nothing = match function {
            "any" | "all" => self.region.boolean(nothing != 0.0),
            _ => self.region.literal(nothing),
        };
        let (condition, nothing) = (self.filled(condition, value), self.filled(nothing, value));
        let left = self.region.choose(condition, value, nothing);
        let lifted = self.close_indices(first, left)?;
        self.call_along(expr, function, lifted, count, rest)
    }

    /// The function of the language that reduces the first axes.
    fn call_along(&mut self, expr: &Expr, function: &str, lifted: NodeId, count: usize, rest: &[Argument]) -> Built {
        // The call is built as if it were written: `sum(lifted, axis = (0, 1))`.
        let span = expr.span;
        let part = |kind| Expr { kind, span };
        let name = Ident::new("lifted", span.first);
        let axis = |axis: usize| {
            let integer = i64::try_from(axis).ok();
            #[allow(clippy::cast_precision_loss, reason = "axes are few")]
            part(ExprKind::Number { value: axis as f64, integer })
        };
        let axes = if count == 1 { axis(0) } else { part(ExprKind::Tuple((0..count).map(axis).collect())) };
        let mut arguments = vec![Argument { name: None, value: part(ExprKind::Name(name.clone())) }];
        arguments.push(Argument { name: Some(Ident::new("axis", span.first)), value: axes });
        arguments.extend(rest.iter().cloned());
        let depth = self.open_block();
        self.bind_local(&name, Ok(lifted));
        let value = self.call(expr, &Ident::new(function, span.first), &arguments);
        self.close_block(depth);
        value
    }

    /// Where the place of an extreme begins to count, if not at 0.
    fn start_of(&mut self, expr: &Expr, function: &str, first: usize) -> Built<Option<NodeId>> {
        if !matches!(function, "argmax" | "argmin") {
            return Ok(None);
        }
        let [only] = &self.indices.open[first..] else {
            let problem = Problem::NotSupported { what: format!("`{function}[…]` of several indices") };
            let help = format!("`{function}[i](max[j](…))`, one index after the other");
            return Err(self.error_with_help(expr.span, problem, help));
        };
        Ok(only.start)
    }

    /// `exp[i](x[i])`: what does not reduce has no indices.
    fn no_reducer(&mut self, expr: &Expr, function: &Ident, binder: &Binder, arguments: &[Argument]) -> Reported {
        if !self.is_function(&function.to_string()) {
            return self.unknown_function(expr, function, arguments);
        }
        self.bare_index_call(expr, function, binder, arguments)
    }

    /// Gives each index its opaque integer and its name.
    fn open_indices(
        &mut self,
        indices: &[BoundIndex],
        binds: &str,
        function: Option<&str>,
        bodies: &[&Expr],
    ) -> Built<()> {
        for (place, index) in indices.iter().enumerate() {
            let name = index.name.to_string();
            if indices[..place].iter().any(|earlier| earlier.name == index.name) {
                return Err(self.index_twice(indices, place, function));
            }
            if self.is_dim(&name) {
                return Err(self.index_is_dimension(&index.name, bodies));
            }
            self.open_index(index)?;
            self.indices.known.insert(name, binds.to_owned());
        }
        Ok(())
    }

    fn open_index(&mut self, index: &BoundIndex) -> Built<()> {
        let name = index.name.to_string();
        self.indices.serial += 1;
        let op = Bound { name: name.as_str().into(), serial: self.indices.serial };
        let node = self.region.add(op.into(), &[]);
        let mut open = Open {
            name: index.name.clone(),
            node,
            start: None,
            extent: None,
            condition: None,
            length: None,
            uses: Vec::new(),
        };
        if let Some((start, end)) = &index.range {
            self.give_range(&mut open, start, end)?;
        }
        let value = match open.start {
            None => node,
            Some(start) => self.region.integer(Integer::Add, start, node),
        };
        self.indices.spots.insert(node, Spot::of(index, &open));
        self.indices.open.push(open);
        self.bind_local(&index.name, Ok(value));
        Ok(())
    }

    /// `i in start..end`: the number of values, or of the most there are where that depends on other integers, with the
    /// condition that is left.
    fn give_range(&mut self, open: &mut Open, start: &Expr, end: &Expr) -> Built<()> {
        let span = start.span.to(end.span);
        let (from, to) = (self.integer_of(start), self.integer_of(end));
        let (from, to) = (from?, to?);
        let sums = [from, to].map(|node| Linear::of(&self.region, node));
        let [Some(low), Some(high)] = sums else { return Err(self.error(span, Problem::DimensionOverflow)) };
        if low != Linear::constant(Dim::ZERO) {
            open.start = Some(from);
        }
        let length = high.minus(&low).ok_or_else(|| self.error(span, Problem::DimensionOverflow))?;
        let extent = if length.terms.is_empty() {
            length.offset
        } else {
            let length = if open.start.is_some() { self.region.integer(Integer::Sub, to, from) } else { to };
            open.condition = Some(self.region.compare(Compare::Lt, open.node, length));
            open.length = Some(length);
            return Ok(());
        };
        if let (Some(value), [from, to]) = (extent.as_constant(), [source(start), source(end)])
            && value < 0
        {
            let problem = Problem::BackwardRange { from, to };
            return Err(self.error_with_help(span, problem, "`x[N - 1 - i]` reads backwards"));
        }
        self.indices.extents.insert(open.node, extent.clone());
        open.extent = Some(extent);
        Ok(())
    }

    /// The most values that an index takes whose range depends on other integers. Those around it run as far as their uses
    /// say so far.
    fn largest(&mut self, open: &Open, length: NodeId) -> Built<Dim> {
        for outer in &self.indices.open {
            if let (None, Some((extent, _))) = (&outer.extent, outer.uses.first()) {
                self.indices.extents.entry(outer.node).or_insert_with(|| extent.clone());
            }
        }
        let span: SpanRange = open.name.span().into();
        let sum = Linear::of(&self.region, length);
        let most = sum.and_then(|sum| self.known().bounds(&sum)[1].clone());
        // `j in 0..i` where no `i` is has no values, not -1; those that are too many do not fulfil the condition.
        let most = most.and_then(|most| if most.is_never_negative() { Some(most) } else { at_least_none(most) });
        most.ok_or_else(|| {
            let problem = Problem::RangeUnknown { name: open.name.to_string(), seen: None };
            let help = "the indices that it depends on have given ranges: `[i in 0..N, j in 0..i + 1]`";
            self.error_with_help(span, problem, help)
        })
    }

    /// What is known of integers so far.
    fn known(&self) -> Known<'_> {
        Known { region: &self.region, extents: &self.indices.extents, classes: &self.classes, full: None }
    }

    /// A definition has a value at every place of a box.
    fn refuse_ragged(&mut self, first: usize, indices: &[BoundIndex], value: &Expr) -> Built<()> {
        let Some(place) = self.indices.open[first..].iter().position(|open| open.condition.is_some()) else {
            return Ok(());
        };
        let help = self.box_and_choice(&indices[place], &self.indices.open[first + place], value);
        let index = &indices[place].name;
        Err(self.error_with_help(index.span(), Problem::RaggedRange { name: index.to_string() }, help))
    }

    /// A sum over an index that its body does not depend on is a product with the number of its values.
    fn refuse_unused(
        &mut self,
        expr: &Expr,
        function: &str,
        body: &Expr,
        first: usize,
        values: &[NodeId],
    ) -> Built<()> {
        let live = live(&self.region, values.iter().copied());
        let unused = self.indices.open[first..].iter().find(|open| !live[open.node.index()]);
        let Some(open) = unused else { return Ok(()) };
        let (name, span) = (open.name.to_string(), open.name.span());
        let help = unused_help(expr, function, body, open);
        Err(self.error_with_help(span, Problem::IndexUnused { name, function: function.to_owned() }, help))
    }

    /// Closes the indices from `first` on: each becomes an axis in front, in their order.
    fn close_indices(&mut self, first: usize, body: NodeId) -> Built {
        let order = self.order(body);
        let mut value = body;
        while self.indices.open.len() > first {
            let Some(open) = self.indices.open.pop() else { break };
            let extent = self.range_of(&open)?;
            self.indices.extents.insert(open.node, extent.clone());
            let settled = self.settle()?;
            let lifted = batch::lift(&mut self.region, value, open.node, &extent, &settled);
            self.indices.pending.iter_mut().for_each(|read| read.now(&lifted));
            value = lifted.value;
            if extent == Dim::ZERO {
                // Nothing is there, whatever the body reads: places before the first one, for instance.
                let ty = self.ty(value);
                let zero = match ty.elem {
                    Elem::Real => self.region.literal(0.0),
                    Elem::Bool => self.region.boolean(false),
                    Elem::Index => self.region.index(0),
                };
                value = self.region.fill(zero, &ty.shape);
            }
            self.check_size(open.name.span().into(), &self.shape(value))?;
        }
        self.set_order(value, order);
        Ok(value)
    }

    /// How many values an index takes: said, or the extent of all axes that it runs along by itself.
    fn range_of(&mut self, open: &Open) -> Built<Dim> {
        if let Some(extent) = &open.extent {
            return Ok(extent.clone());
        }
        if let Some(length) = open.length {
            return self.largest(open, length);
        }
        let Some((extent, place)) = open.uses.first() else { return Err(self.range_unknown(open)) };
        if let Some((other, elsewhere)) = open.uses.iter().find(|(other, _)| other != extent) {
            let first = [extent.to_string(), place.clone()];
            let second = [other.to_string(), elsewhere.clone()];
            return Err(self.ranges_differ(open, [extent, other], [first, second]));
        }
        Ok(extent.clone())
    }

    /// Under the condition, or under its opposite.
    pub(super) fn under<T>(&mut self, condition: Option<NodeId>, holds: bool, build: impl FnOnce(&mut Self) -> T) -> T {
        let count = self.indices.arms.len();
        self.indices.arms.extend(condition.map(|condition| (condition, holds)));
        let built = build(self);
        self.indices.arms.truncate(count);
        built
    }

    /// What has bound a name that has been an index somewhere.
    pub(super) fn was_index(&self, name: &str) -> Option<&str> {
        self.indices.known.get(name).map(String::as_str)
    }

    /// How many subscripts have been read so far: what is built without any is the same everywhere.
    pub(super) fn reads(&self) -> usize {
        self.indices.reads
    }

    /// The integer that an expression says: a subscript, or the bound of a range.
    pub(super) fn integer_of(&mut self, expr: &Expr) -> Built {
        if let Some(dim) = self.try_dim(expr) {
            return Ok(self.integer_node(&dim));
        }
        let pair = |builder: &mut Self, op, a: &Expr, b: &Expr| {
            let (a, b) = (builder.integer_of(a), builder.integer_of(b));
            Ok(builder.region.integer(op, a?, b?))
        };
        match &expr.kind {
            ExprKind::Unary(UnaryOp::Neg, x) => {
                let x = self.integer_of(x)?;
                let zero = self.region.index(0);
                Ok(self.region.integer(Integer::Sub, zero, x))
            }
            ExprKind::Binary(op, a, b) => match reads::operation(*op) {
                Some(op) => pair(self, op, a, b),
                None => self.quotient(expr, *op, a, b),
            },
            ExprKind::Call { function, binder: None, arguments, .. } => {
                let op = reads::function(&function.to_string())
                    .filter(|_| !self.functions.contains_key(&function.to_string()));
                match (op, arguments.as_slice()) {
                    (Some(op), [a, b]) if a.name.is_none() && b.name.is_none() => pair(self, op, &a.value, &b.value),
                    _ => self.integer_value(expr),
                }
            }
            ExprKind::If(condition, yes, no) if yes.lets.is_empty() && no.lets.is_empty() => {
                let c = self.expr(condition)?;
                let c = self.truth(c, condition, "the condition of `if`")?;
                let a = self.under(Some(c), true, |builder| builder.integer_of(&yes.value));
                let b = self.under(Some(c), false, |builder| builder.integer_of(&no.value));
                let (a, b) = (a?, b?);
                Ok(self.region.choose(c, a, b))
            }
            _ => self.integer_value(expr),
        }
    }

    /// A dimension as an integer.
    pub(super) fn integer_node(&mut self, dim: &Dim) -> NodeId {
        match dim.as_constant() {
            Some(value) => self.region.index(value),
            None => self.region.extent(dim),
        }
    }

    /// An expression whose value is an integer, or a number that is written as one.
    fn integer_value(&mut self, expr: &Expr) -> Built {
        let value = self.expr(expr)?;
        let ty = self.ty(value);
        if ty.rank() > 0 {
            return Err(self.subscript_rank(expr, &ty));
        }
        if ty.elem == Elem::Index {
            return Ok(value);
        }
        if let Some(whole) = self.region.literal_value(value).and_then(super::dims::whole)
            && ty.elem == Elem::Real
        {
            return Ok(self.region.index(whole));
        }
        let found = if ty.elem == Elem::Bool { "a truth value" } else { "a number" };
        let problem = Problem::SubscriptNotInteger { subscript: source(expr), found: found.into() };
        let help = self.integer_help(expr, ty.elem);
        Err(self.error_with_help(expr.span, problem, help))
    }
}

/// A few more than a number of values, if that is never negative and the number may be: M for M - 2.
fn at_least_none(most: Dim) -> Option<Dim> {
    let mut more = most.clone();
    for _ in 0..4 {
        more = more.add(&Dim::ONE)?;
        if more.is_never_negative() {
            return Some(more);
        }
    }
    Some(most)
}

/// What an element that is left out is to a reduction; none where it cannot be left out.
fn nothing(function: &str) -> Option<f64> {
    Some(match function {
        "sum" => ReduceKind::Sum.identity(),
        "prod" => ReduceKind::Product.identity(),
        "max" | "argmax" => ReduceKind::Max.identity(),
        "min" | "argmin" => ReduceKind::Min.identity(),
        "logsumexp" => ReduceKind::LogSumExp.identity(),
        "norm" => ReduceKind::Norm.identity(),
        "any" => ReduceKind::Any.identity(),
        "all" => ReduceKind::All.identity(),
        _ => return None,
    })
}

/// What reads outside of a tensor mean, by read.
pub(super) type Settled = BTreeMap<NodeId, Outside>;
