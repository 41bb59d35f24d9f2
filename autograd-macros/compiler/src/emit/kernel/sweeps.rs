//! Vector loops: sweeps over packs of lanes, and what they reduce.
//!
//! ```text
//! let mut largest = Max::<T, V>::new();
//! let [loss] = sweep::<T, V, 1>(self.n, #[inline(always)] |at| {
//!     …
//!     largest.push(x, at);
//!     [residual * residual]
//! });
//! ```

use std::collections::BTreeMap;

use super::body::Body;
use super::expr::{self, Value};
use super::loops::{is_sum, over_packs, unpacked};
use super::uses::{outer_values_of, picked_in};
use crate::emit::rust::names::ident;
use crate::emit::rust::tree::{Block, Expr, Infix, Local, Path, Stmt as Line, Type, Word};
use crate::graph::Dim;
use crate::loops::program::{AxisId, Index, Loop, Reduction, ReductionKind, Stmt, ValueId, Within};
use crate::loops::visit::{loops, visit};
use crate::machine::LONG_BODY;
use crate::ops::{Extreme, ReduceKind};

impl Body<'_> {
    /// A sweep over packs, or over single rows where something is reduced over rows.
    pub(super) fn sweep(&mut self, inner: &Loop, out: &mut Vec<Line>) {
        let lanes = if inner.is_vector() { "V" } else { "T" };
        let extent = self.extent(inner);
        let accumulators = self.accumulators(inner, lanes, out);
        let is_outermost = self.names.depth() == 0;
        self.names.open();
        let splats = if inner.is_vector() { self.splats(inner) } else { Vec::new() };
        let inside = self.inside(inner, out);
        let call = self.sweep_call(inner, sweep_of(inner), extent, lanes, &accumulators, inside);
        self.names.close();

        let sums = inner.reductions.iter().filter(|reduction| is_sum(reduction));
        let results: Vec<(ValueId, Local)> =
            sums.map(|reduction| (reduction.result, self.local(reduction.result))).collect();
        let locals: Vec<Local> = results.iter().map(|(_, local)| local.clone()).collect();
        let call = if splats.is_empty() || is_outermost {
            out.extend(splats);
            call
        } else {
            Expr::Block(Block::of(splats, call))
        };
        out.push(unpacked(&locals, call));
        let mut finished = Vec::new();
        for (accumulator, reduction) in accumulators {
            let local = self.names.called(accumulator.name.clone());
            out.push(local.is(accumulator.get().method("finish", [])));
            finished.push((reduction.result, local));
        }
        for (value, local) in results.into_iter().chain(finished) {
            self.set_local(value, &local);
        }
    }

    /// `let mut largest = Max::<T, V>::new();`
    pub(super) fn accumulators<'l>(
        &mut self,
        inner: &'l Loop,
        lanes: &'static str,
        out: &mut Vec<Line>,
    ) -> Vec<(Local, &'l Reduction)> {
        let mut accumulators = Vec::new();
        for reduction in inner.reductions.iter().filter(|reduction| !is_sum(reduction)) {
            let local = match &self.program.values[reduction.result.index()].name {
                Some(name) => self.names.fresh(name),
                None => self.names.fresh(plain_name(reduction.kind)),
            };
            out.push(local.starts_as(accumulator(reduction.kind, lanes)));
            accumulators.push((local, reduction));
        }
        accumulators
    }

    /// Values from outside, the same in all lanes: `let w = V::splat(self.w);`
    fn splats(&mut self, inner: &Loop) -> Vec<Line> {
        let mut splats = Vec::new();
        let [picked, both] = picked_in(inner);
        for value in outer_values_of(inner) {
            // What stands in an index alone stays one integer; what stands there too is not hidden.
            if picked.contains(&value) && !both.contains(&value) {
                continue;
            }
            let scalar = self.get(value);
            let local = if both.contains(&value) { self.local(value) } else { self.splat_local(value, &scalar) };
            splats.push(local.is(expr::splat(self.elem(value), scalar)));
            self.packs.insert(value, Value::leaf(local.get()));
        }
        splats
    }

    /// The local of a pack: called like that of the scalar, which it hides, or `half`, `one`, … of a constant.
    pub(super) fn splat_local(&mut self, value: ValueId, scalar: &Expr) -> Local {
        if let Some(local) = scalar.as_local() {
            return self.names.called(local.name.clone());
        }
        match constant_name(scalar) {
            Some(name) => self.names.fresh(name),
            None => self.local(value),
        }
    }

    /// `sweep::<T, V, 1>(self.n, #[inline(always)] |at| { …; [x] })`
    pub(super) fn sweep_call(
        &mut self,
        inner: &Loop,
        sweep: &'static str,
        extent: Expr,
        lanes: &'static str,
        accumulators: &[(Local, &Reduction)],
        inside: Option<Inside>,
    ) -> Expr {
        self.names.open();
        let at = self.names.called(ident("at"));
        let Some(Inside { condition, assumed }) = inside else {
            let turn = self.sweep_turn(inner, &at, accumulators);
            self.names.close();
            return over_packs(sweep, lanes, sum_count(inner), extent, Expr::inlined(&at, turn));
        };
        // Where all guards hold, and with the guards: the former for all packs but those at the edges.
        let (outer, packs) = (std::mem::replace(&mut self.assumed, assumed), self.packs.clone());
        let plain = self.sweep_turn(inner, &at, accumulators);
        (self.assumed, self.packs) = (outer, packs);
        let guarded = self.sweep_turn(inner, &at, accumulators);
        self.names.close();
        let turn = Expr::choose(condition(&at), Expr::Block(plain), Expr::Block(guarded));
        over_packs(sweep, lanes, sum_count(inner), extent, Expr::inlined(&at, Block::of(Vec::new(), turn)))
    }

    /// What one turn of a sweep does, and what it adds to the sums.
    fn sweep_turn(&mut self, inner: &Loop, at: &Local, accumulators: &[(Local, &Reduction)]) -> Block {
        self.names.open();
        let mut body = Vec::new();
        let outer = (self.at.replace(at.clone()), self.rows_at.clone());
        if inner.is_vector() {
            self.vector = Some(inner.axis);
            if loops(&inner.body).any(Loop::is_by_rows) {
                let block = self.names.called(ident("block"));
                body.push(block.is(at.get()));
                self.rows_at = Some(block);
            }
        } else {
            let axis = self.axis(inner);
            body.push(axis.is(at.get().field("start")));
        }
        body.extend(inner.ahead.iter().map(|(buffer, index)| self.ask(*buffer, index)));
        self.turn(inner, &mut body);
        body.extend(accumulators.iter().map(|(local, reduction)| self.push(local, reduction)));
        let sums: Vec<Expr> = self.values_of(inner.reductions.iter().filter(|reduction| is_sum(reduction)));
        if inner.is_vector() {
            self.vector = None;
            self.packs.clear();
        }
        (self.at, self.rows_at) = outer;
        self.names.close();
        Block::of(body, Expr::Array(sums))
    }

    /// When a pack needs no guard, if there are guards in a vector loop: what is the same for all packs is asked before the
    /// loop, `let inside = …;`.
    fn inside(&mut self, inner: &Loop, out: &mut Vec<Line>) -> Option<Inside> {
        if !inner.is_vector() || length(&inner.body) > LONGEST_TWICE {
            return None;
        }
        self.vector = Some(inner.axis);
        let found = self.guards_inside(inner);
        self.vector = None;
        let Guards { around, lows, highs, assumed } = found?;
        let join = |function, bounds: Vec<Expr>| bounds.into_iter().reduce(|a, b| Expr::call(function, [a, b]));
        let (low, high) = (join("::core::cmp::Ord::max", lows), join("::core::cmp::Ord::min", highs));
        let all = around.into_iter().reduce(|a, b| a.infix(Infix::And, b));
        let mut keep = |name: &'static str, value: Expr| {
            let local = self.names.fresh(name);
            out.push(local.is(value));
            local
        };
        let all = all.map(|all| keep("inside", all));
        let bounds = low.zip(high).map(|(low, high)| (keep("low", low), keep("high", high)));
        let condition = move |at: &Local| {
            let between = bounds.as_ref().map(|(low, high)| at.get().method("is_between", [low.get(), high.get()]));
            let both = all.iter().map(Local::get).chain(between).reduce(|a, b| a.infix(Infix::And, b));
            both.unwrap_or(Expr::Truth(true))
        };
        Some(Inside { condition: Box::new(condition), assumed })
    }

    /// What must hold for the guards in a vector loop to hold in all lanes of a pack and in all turns of the loops inside.
    fn guards_inside(&self, inner: &Loop) -> Option<Guards> {
        let mut extents: BTreeMap<AxisId, Dim> = BTreeMap::new();
        visit(&inner.body, &mut |stmt| {
            if let Some((axis, extent)) =
                stmt.as_loop().and_then(|inner| Some((inner.axis, inner.extent.dim()?.clone())))
            {
                extents.insert(axis, extent);
            }
        });
        let mut found = Guards::default();
        visit(&inner.body, &mut |stmt| {
            for within in stmt.guard().filter(|_| stmt.expr().is_some()).into_iter().flat_map(|guard| &guard.0) {
                if found.assumed.contains(within) {
                    continue;
                }
                let Some([first, last]) = ends(&within.index, &extents) else { continue };
                if self.steps(&within.index).is_some() {
                    let place = |index: &Index| -self.places.position(index, self.vector);
                    found.lows.push(place(&first));
                    found.highs.push(place(&last) + self.places.signed(&within.extent));
                } else {
                    let below =
                        |index: &Index| self.holds(std::iter::once(&Within { index: index.clone(), ..within.clone() }));
                    found.around.extend(below(&first));
                    if last != first {
                        found.around.extend(below(&last));
                    }
                }
                found.assumed.push(within.clone());
            }
        });
        (!found.assumed.is_empty()).then_some(found)
    }

    /// `largest.push(x, at);`
    fn push(&self, accumulator: &Local, reduction: &Reduction) -> Line {
        let (value, at) = (self.get(reduction.value), self.turn_at());
        let arguments = match (reduction.kind, self.vector.is_some()) {
            (ReductionKind::Position(_), true) => vec![value, Expr::call("V::Index::iota", [at.clone()]), at],
            (ReductionKind::Position(_), false) => vec![value, Expr::call("T::Index::iota", [at.clone()]), at],
            (ReductionKind::Reduce(ReduceKind::Any | ReduceKind::All), false) => {
                vec![Expr::call("T::Mask::splat", [value]), at]
            }
            (ReductionKind::Reduce(_), _) => vec![value, at],
        };
        Line::Run(accumulator.get().method("push", arguments))
    }
}

/// The longest body that is written twice, with guards and without.
const LONGEST_TWICE: usize = 120;

/// When a pack needs no guard, and which guards those are.
pub(super) struct Inside {
    condition: Box<dyn Fn(&Local) -> Expr>,
    assumed: Vec<Within>,
}

/// Guards of a vector loop, and what makes them hold.
#[derive(Default)]
struct Guards {
    /// What is the same for all packs.
    around: Vec<Expr>,
    /// Where the lanes begin at which all hold, and where they end.
    lows: Vec<Expr>,
    highs: Vec<Expr>,
    assumed: Vec<Within>,
}

/// The smallest and the largest that a position is over the loops inside, if it is a sum of their axes.
fn ends(index: &Index, inside: &BTreeMap<AxisId, Dim>) -> Option<[Index; 2]> {
    let mut ends = [index.clone(), index.clone()];
    for (axis, step) in index.strides.iter().filter(|(axis, _)| inside.contains_key(axis)) {
        let falls = step.neg()?.is_never_negative();
        if !falls && !step.is_never_negative() {
            return None;
        }
        let far = inside[axis].sub(&Dim::ONE)?.mul(step)?;
        for (place, end) in ends.iter_mut().enumerate() {
            end.strides.retain(|(own, _)| own != axis);
            if (place == 1) != falls {
                end.offset = end.offset.add(&far)?;
            }
        }
    }
    Some(ends)
}

/// How many sums a loop makes.
fn sum_count(inner: &Loop) -> usize {
    inner.reductions.iter().filter(|reduction| is_sum(reduction)).count()
}

/// What constants are called, the frequent ones each in its own way.
fn constant_name(scalar: &Expr) -> Option<&'static str> {
    let (path, number) = match scalar {
        Expr::Path(path) => (path, None),
        Expr::Call(path, arguments) => (path, arguments.first().and_then(Expr::as_number)),
        _ => return None,
    };
    let Word::Known(function) = path.root else { return None };
    match (function, number) {
        ("T::ZERO", _) => Some("zero"),
        ("T::ONE", _) => Some("one"),
        ("T::from_f64", Some(2.0)) => Some("two"),
        ("T::from_f64", Some(0.5)) => Some("half"),
        ("T::from_f64", Some(-1.0)) => Some("minus_one"),
        _ => function.starts_with("T::").then_some("c"),
    }
}

/// `sweep`, or `long_sweep` for a long body.
pub(super) fn sweep_of(inner: &Loop) -> &'static str {
    if is_long(inner) { "long_sweep" } else { "sweep" }
}

pub(super) fn is_long(inner: &Loop) -> bool {
    length(&inner.body) > LONG_BODY
}

/// How many statements there are, those of loops inside counted.
fn length(stmts: &[Stmt]) -> usize {
    let mut length = 0;
    visit(stmts, &mut |_| length += 1);
    length
}

/// What an accumulator without a name is called.
fn plain_name(kind: ReductionKind) -> &'static str {
    match kind {
        ReductionKind::Reduce(ReduceKind::Max | ReduceKind::MaxNumber) => "largest",
        ReductionKind::Reduce(ReduceKind::Min) => "smallest",
        ReductionKind::Reduce(kind) => kind.name(),
        ReductionKind::Position(Extreme::Max) => "place_of_largest",
        ReductionKind::Position(Extreme::Min) => "place_of_smallest",
    }
}

/// `Max::<T, V>::new()`
fn accumulator(kind: ReductionKind, lanes: &'static str) -> Expr {
    let name = match kind {
        ReductionKind::Reduce(kind @ (ReduceKind::Any | ReduceKind::All)) => {
            let name = if kind == ReduceKind::Any { "Any" } else { "All" };
            let mask = Path::from(lanes).then("Mask");
            return Expr::call(Path::of(name, [mask.into()]).then("new"), []);
        }
        ReductionKind::Reduce(ReduceKind::Sum | ReduceKind::Product) => "Product",
        ReductionKind::Reduce(ReduceKind::Max) => "Max",
        ReductionKind::Reduce(ReduceKind::MaxNumber) => "MaxNumber",
        ReductionKind::Reduce(ReduceKind::Min) => "Min",
        ReductionKind::Reduce(ReduceKind::LogSumExp) => "LogSumExp",
        ReductionKind::Reduce(ReduceKind::Norm) => "Norm",
        ReductionKind::Position(Extreme::Max) => "ArgMax",
        ReductionKind::Position(Extreme::Min) => "ArgMin",
    };
    Expr::call(Path::of(name, [Type::scalar(), lanes.into()]).then("new"), [])
}
