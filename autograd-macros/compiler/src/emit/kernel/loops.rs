//! Loops of a loop program: row loops, sweeps, and loops that hand values along.
//!
//! ```text
//! let [loss] = sweep::<T, V, 1>(self.n, #[inline(always)] |at| {
//!     …
//!     [residual * residual]
//! });
//! ```

use std::collections::BTreeMap;

use super::body::{Body, element, join};
use super::expr::{self, Value};
use super::uses::{Row, outer_values_of, rows};
use crate::emit::rust::names::ident;
use crate::emit::rust::tree::{Block, Expr, Local, Path, Pattern, Stmt as Line, Type, Word};
use crate::graph::{Dim, Elem};
use crate::loops::program::{BufferId, Extent, Index, Loop, Reduction, ReductionKind, Stmt, ValueId};
use crate::loops::visit::{loops, visit};
use crate::machine::{LONG_BODY, SHORT_ROW};
use crate::ops::{Extreme, ReduceKind};

/// The first element of a buffer.
const ORIGIN: Index = Index::constant(Dim::ZERO);

impl Body<'_> {
    /// A loop, with what its sums in memory need before and after it.
    pub(crate) fn enter(&mut self, inner: &Loop, out: &mut Vec<Line>) {
        let mut after = Vec::new();
        for sums in &inner.sums {
            let described = &self.program.buffers[sums.levels.index()];
            let (place, columns) = (self.buffer(sums.levels), self.places.dim(&described.shape[0]));
            let local = self.names.fresh(&described.name);
            let (new, method) = if described.lanes {
                (Path::of("ColumnSums::of_packs", ["V".into()]), Path::of("add_lanes_to", ["V".into()]))
            } else {
                ("ColumnSums::new".into(), "add_to".into())
            };
            out.push(local.starts_as(Expr::call(new, [place.clone().deref().by_mut(), columns])));
            self.levels.insert(sums.levels, local.clone());
            self.sums.insert(sums.buffer, sums.clone());
            let whole = self.buffer(sums.buffer);
            let from = (sums.first != ORIGIN).then(|| Box::new(self.places.index(&sums.first, None)));
            let to = whole.index(Expr::Range(from, None)).by_mut();
            after.push((sums.levels, place, Line::Run(local.get().method(method, [to]))));
        }
        self.loop_itself(inner, out);
        for (sums, (levels, place, add)) in inner.sums.iter().zip(after) {
            out.push(add);
            self.buffers.insert(levels, place);
            self.sums.remove(&sums.buffer);
        }
    }

    /// The body of a loop: `let row = sums.row(); …; sums.end_turn();`
    fn turn(&mut self, inner: &Loop, body: &mut Vec<Line>) {
        for sums in &inner.sums {
            let (local, row) = (self.levels[&sums.levels].clone(), self.names.fresh("row"));
            body.push(row.is(local.get().method("row", [])));
            self.buffers.insert(sums.levels, row.get());
        }
        self.block(&inner.body, body);
        let end = if self.vector.is_some() { Path::of("end_turn_of_packs", ["V".into()]) } else { "end_turn".into() };
        for sums in &inner.sums {
            body.push(Line::Run(self.levels[&sums.levels].get().method(end.clone(), [])));
        }
    }

    fn loop_itself(&mut self, inner: &Loop, out: &mut Vec<Line>) {
        if inner.by_rows {
            self.rows(inner, out);
        } else if self.vector.is_some() && inner.carries.is_empty() {
            self.turns(inner, out);
        } else if !inner.carries.is_empty() {
            self.sequential_loop(inner, out);
        } else if inner.vector || !inner.reductions.is_empty() {
            self.sweep(inner, out);
        } else {
            self.row_loop(inner, out);
        }
    }

    /// `for i in 0..n { let x_row = Parts::row(self.x, i, d); … }`
    fn row_loop(&mut self, inner: &Loop, out: &mut Vec<Line>) {
        let extent = self.extent(inner);
        let (buffers, outer_rows) = (self.buffers.clone(), self.rows.clone());
        self.names.open();
        let axis = self.axis(inner);
        let mut body = Vec::new();
        self.take_rows(inner, &axis, &mut body);
        self.turn(inner, &mut body);
        self.names.close();
        (self.buffers, self.rows) = (buffers, outer_rows);
        out.push(Line::For(Expr::range(Expr::Integer(0), extent), axis.def(), Block::run(body)));
    }

    /// One slice for each row that a turn goes along, unless it is short: rustc sees that loops over it stay inside.
    fn take_rows(&mut self, inner: &Loop, axis: &Local, body: &mut Vec<Line>) {
        // What is read comes first, as the fields do: the order does not depend on how a program numbers its buffers.
        let mut rows: Vec<(BufferId, Row)> = rows(inner).into_iter().collect();
        rows.sort_by_key(|(_, row)| row.is_written);
        for (buffer, Row { first, length, is_written }) in rows {
            let described = &self.program.buffers[buffer.index()];
            let is_short = length.as_constant().is_some_and(|length| length <= SHORT_ROW);
            if is_short
                || described.lanes
                || described.levels
                || self.sums.contains_key(&buffer)
                || self.rows.contains_key(&buffer)
            {
                continue;
            }
            let (place, local) = (self.buffer(buffer), self.names.fresh(&format!("{}_row", described.name)));
            let length = self.places.dim(&length);
            let is_plain = first.offset == Dim::ZERO && first.strides.len() == 1;
            let row = match (is_plain, is_written) {
                (true, false) => Expr::call("Parts::row", [place, axis.get(), length]),
                (true, true) => Expr::call("Parts::row_mut", [place, axis.get(), length]),
                (false, _) => {
                    let row = place.from(self.places.index(&first, None)).up_to(length);
                    if is_written { row.by_mut() } else { row.by_ref() }
                }
            };
            body.push(local.is(row));
            self.buffers.insert(buffer, local.get());
            self.rows.insert(buffer, first);
        }
    }

    /// How many turns a loop makes, as a `usize`.
    fn extent(&self, inner: &Loop) -> Expr {
        match &inner.extent {
            Extent::Dim(dim) => self.places.dim(dim),
            Extent::Value(turns) => {
                Expr::call("::core::cmp::Ord::max", [self.get(*turns), Expr::Integer(0)]).cast("usize")
            }
        }
    }

    /// A local for the loop's axis, in the scope that is open.
    fn axis(&mut self, inner: &Loop) -> Local {
        let axis = self.names.first_free(&["i", "j", "k", "l", "m"]);
        self.places.set_axis(inner.axis, axis.get());
        axis
    }

    /// A sweep over packs, or over single rows where something is reduced over rows.
    fn sweep(&mut self, inner: &Loop, out: &mut Vec<Line>) {
        let lanes = if inner.vector { "V" } else { "T" };
        let extent = self.extent(inner);
        let accumulators = self.accumulators(inner, lanes, out);
        let is_outermost = self.names.depth() == 0;
        self.names.open();
        let splats = if inner.vector { self.splats(inner) } else { Vec::new() };
        let call = self.sweep_call(inner, sweep_of(inner), extent, lanes, &accumulators);
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
    fn accumulators<'l>(
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
        for value in outer_values_of(inner) {
            let scalar = self.get(value);
            let local = self.splat_local(value, &scalar);
            splats.push(local.is(expr::splat(self.elem(value), scalar)));
            self.packs.insert(value, Value::leaf(local.get()));
        }
        splats
    }

    /// The local of a pack: called like that of the scalar, which it hides, or `half`, `one`, … of a constant.
    fn splat_local(&mut self, value: ValueId, scalar: &Expr) -> Local {
        if let Some(local) = scalar.as_local() {
            return self.names.called(local.name.clone());
        }
        match constant_name(scalar) {
            Some(name) => self.names.fresh(name),
            None => self.local(value),
        }
    }

    /// `sweep::<T, V, 1>(self.n, #[inline(always)] |at| { …; [x] })`
    fn sweep_call(
        &mut self,
        inner: &Loop,
        sweep: &'static str,
        extent: Expr,
        lanes: &'static str,
        accumulators: &[(Local, &Reduction)],
    ) -> Expr {
        self.names.open();
        let mut body = Vec::new();
        let at = self.names.called(ident("at"));
        let outer = (self.at.replace(at.clone()), self.rows_at.clone());
        if inner.vector {
            self.vector = Some(inner.axis);
            if loops(&inner.body).any(|inside| inside.by_rows) {
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
        if inner.vector {
            self.vector = None;
            self.packs.clear();
        }
        (self.at, self.rows_at) = outer;
        self.names.close();
        over_packs(sweep, lanes, sums.len(), extent, Expr::inlined(&at, Block::of(body, Expr::Array(sums))))
    }

    /// The values of one turn.
    fn values_of<'l>(&self, reductions: impl Iterator<Item = &'l Reduction>) -> Vec<Expr> {
        reductions.map(|reduction| self.get(reduction.value)).collect()
    }

    /// A loop inside of a vector loop: one turn at a time, with packs for values.
    ///
    /// ```text
    /// let mut largest = V::splat(T::NEG_INFINITY);
    /// let [total] = turns::<T, V, 1>(self.k, #[inline(always)] |j| { …; largest = largest.max(x); [x] });
    /// ```
    fn turns(&mut self, inner: &Loop, out: &mut Vec<Line>) {
        let extent = self.extent(inner);
        let mut totals = Vec::new();
        for reduction in inner.reductions.iter().filter(|reduction| !is_sum(reduction)) {
            let ReductionKind::Reduce(kind) = reduction.kind else { continue };
            let local = self.local(reduction.result);
            out.push(local.starts_as(self.start(kind.elem(), kind.identity())));
            totals.push((local, kind, reduction));
        }
        let sums: Vec<&Reduction> = inner.reductions.iter().filter(|reduction| is_sum(reduction)).collect();
        let results: Vec<Local> = sums.iter().map(|reduction| self.local(reduction.result)).collect();
        self.names.open();
        let axis = self.axis(inner);
        let mut body = Vec::new();
        self.turn(inner, &mut body);
        for (local, kind, reduction) in &totals {
            body.push(self.joined(local, *kind, reduction.value));
        }
        let values = self.values_of(sums.iter().copied());
        self.names.close();
        let turn = Expr::inlined(&axis, Block::of(body, Expr::Array(values)));
        out.push(unpacked(&results, over_packs("turns", "V", sums.len(), extent, turn)));
        for (local, _, reduction) in totals {
            self.set_local(reduction.result, &local);
        }
        for (local, reduction) in results.into_iter().zip(sums) {
            self.set_local(reduction.result, &local);
        }
    }

    /// `total = total.max(x);`
    fn joined(&self, total: &Local, kind: ReduceKind, value: ValueId) -> Line {
        let new = join(kind, Value::leaf(total.get()), self.value(value), self.level());
        total.becomes(new.expr)
    }

    /// A loop along the rows of a block. With reductions, one row after the other; sums of all rows are added up at once:
    ///
    /// ```text
    /// let [logit] = row_sums::<T, V, 1>(block, #[inline(always)] |row| {
    ///     let i = block.start + row;
    ///     lane_sums::<T, V, 1>(self.d, #[inline(always)] |at| { … })
    /// });
    /// let [largest] = rows::<T, V, 1>(block, #[inline(always)] |row| {
    ///     let i = block.start + row;
    ///     let mut largest = Max::<T, V>::new();
    ///     sweep::<T, V, 0>(self.d, #[inline(always)] |at| { …; largest.push(x, at); [] });
    ///     [largest.finish()]
    /// });
    /// ```
    ///
    /// Without, one pack of columns after the other, and what is accumulated stays in registers:
    ///
    /// ```text
    /// sweep::<T, V, 0>(self.d, #[inline(always)] |at| {
    ///     let mut sum = V::splat(T::ZERO);
    ///     for row in 0..block.live { let i = block.start + row; …; sum = residual.mul_add(x, sum); }
    ///     (V::load(row, 0, at) + sum).store(row, 0, at);
    ///     []
    /// });
    /// ```
    fn rows(&mut self, inner: &Loop, out: &mut Vec<Line>) {
        let Some(outer) = self.vector else { return };
        let block = self.rows_at.as_ref().map_or_else(|| Expr::Missing("the block of rows".to_owned()), Local::get);
        let packs = self.packs.clone();
        self.names.open();
        let row = self.names.fresh("row");
        let axis = self.names.first_free(&["i", "j", "k", "l", "m"]);
        self.places.set_axis(outer, axis.get());
        let mut body = vec![axis.is(block.clone().field("start") + row.get())];
        for value in outer_values_of(inner) {
            if self.values.contains_key(&value) {
                continue;
            }
            let pack = self.get(value);
            let local = self.splat_local(value, &pack);
            body.push(local.is(expr::splat(Elem::Real, pack.method("lane", [row.get()]))));
            self.packs.insert(value, Value::leaf(local.get()));
        }
        self.vector = None;
        let call = if inner.reductions.is_empty() {
            self.rows_inside(inner, &row, &block, body)
        } else {
            self.rows_outside(inner, &row, block, body)
        };
        self.names.close();
        self.vector = Some(outer);
        self.packs = packs;
        self.places.forget_axis(outer);
        let locals: Vec<Local> = inner.reductions.iter().map(|reduction| self.local(reduction.result)).collect();
        out.push(unpacked(&locals, call));
        for (reduction, local) in inner.reductions.iter().zip(&locals) {
            self.set_local(reduction.result, local);
        }
    }

    /// Rows outside, columns inside; the call gives what is reduced.
    fn rows_outside(&mut self, inner: &Loop, row: &Local, block: Expr, mut body: Vec<Line>) -> Expr {
        let extent = self.extent(inner);
        let packs = self.packs.clone();
        let inside = Loop { vector: true, ..inner.clone() };
        if inner.reductions.iter().all(is_sum) && !is_long(inner) {
            let call = self.sweep_call(&inside, "lane_sums", extent, "V", &[]);
            self.packs = packs;
            let turn = Expr::inlined(row, Block::of(body, call));
            return over_packs("row_sums", "V", inner.reductions.len(), block, turn);
        }
        let accumulators = self.accumulators(inner, "V", &mut body);
        let call = self.sweep_call(&inside, sweep_of(inner), extent, "V", &accumulators);
        self.packs = packs;
        let sums = inner.reductions.iter().filter(|reduction| is_sum(reduction));
        let sums: Vec<(ValueId, Local)> =
            sums.map(|reduction| (reduction.result, self.local(reduction.result))).collect();
        let locals: Vec<Local> = sums.iter().map(|(_, local)| local.clone()).collect();
        body.push(unpacked(&locals, call));
        let others = accumulators.iter().map(|(local, reduction)| (reduction.result, local.get().method("finish", [])));
        let found: BTreeMap<ValueId, Expr> =
            sums.iter().map(|(value, local)| (*value, local.get())).chain(others).collect();
        let values: Vec<Expr> = inner.reductions.iter().map(|reduction| found[&reduction.result].clone()).collect();
        let count = values.len();
        over_packs("rows", "V", count, block, Expr::inlined(row, Block::of(body, Expr::Array(values))))
    }

    /// Columns outside, rows inside.
    fn rows_inside(&mut self, inner: &Loop, row: &Local, block: &Expr, mut body: Vec<Line>) -> Expr {
        let extent = self.extent(inner);
        self.vector = Some(inner.axis);
        let at = self.names.called(ident("at"));
        let outer = self.at.replace(at.clone());
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for stmt in &inner.body {
            let Stmt::Accumulate { buffer, index, kind, value } = stmt else {
                self.stmt(stmt, &mut body);
                continue;
            };
            let sum = self.names.fresh("sum");
            let (buffer, index) = self.place(*buffer, index);
            let old = self.load(buffer, &index);
            before.push(sum.starts_as(self.start(Elem::Real, 0.0)));
            body.push(self.joined(&sum, *kind, *value));
            let total = join(*kind, old, Value::leaf(sum.get()), self.level());
            after.push(self.store(buffer, &index, total.expr));
        }
        self.at = outer;
        let rows = Expr::range(Expr::Integer(0), block.clone().field("live"));
        let columns = before.into_iter().chain([Line::For(rows, row.def(), Block::run(body))]).chain(after);
        let turn = Block::of(columns.collect(), Expr::Array(Vec::new()));
        over_packs("sweep", "V", 0, extent, Expr::inlined(&at, turn))
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

    /// A loop that hands values along from turn to turn:
    /// `let mut h = T::ZERO; for i in 0..n { …; h = next; }`
    fn sequential_loop(&mut self, inner: &Loop, out: &mut Vec<Line>) {
        let extent = self.extent(inner);
        let mut carried = Vec::new();
        for carry in &inner.carries {
            let local = self.local(carry.value);
            out.push(local.starts_as(self.get(carry.initial)));
            self.set_local(carry.value, &local);
            carried.push(local);
        }
        let totals = self.totals(inner, out);
        self.names.open();
        let axis = self.axis(inner);
        let mut body = Vec::new();
        self.turn(inner, &mut body);
        for (local, reduction) in &totals {
            if let ReductionKind::Reduce(kind) = reduction.kind {
                body.push(self.joined(local, kind, reduction.value));
            }
        }
        let next: Vec<Expr> = inner.carries.iter().map(|carry| self.get(carry.next)).collect();
        body.push(Line::Assign(Expr::tuple(carried.iter().map(Local::get).collect()), Expr::tuple(next)));
        self.names.close();
        let range = Expr::range(Expr::Integer(0), extent);
        let range = if inner.reverse { Expr::call("Iterator::rev", [range]) } else { range };
        out.push(Line::For(range, axis.def(), Block::run(body)));
    }

    /// What an accumulator starts as: a number, or a pack of them in a vector loop.
    fn start(&self, elem: Elem, value: f64) -> Expr {
        let start = element(elem, value);
        if self.vector.is_some() { expr::splat(elem, start) } else { start }
    }

    /// What is reduced in a sequential loop: `let mut total = T::ZERO;`
    fn totals<'l>(&mut self, inner: &'l Loop, out: &mut Vec<Line>) -> Vec<(Local, &'l Reduction)> {
        let mut totals = Vec::new();
        for reduction in &inner.reductions {
            let ReductionKind::Reduce(kind) = reduction.kind else { continue };
            let local = self.local(reduction.result);
            out.push(local.starts_as(self.start(kind.elem(), kind.identity())));
            self.set_local(reduction.result, &local);
            totals.push((local, reduction));
        }
        totals
    }
}

/// `sweep::<T, V, 1>(n, |at| …)`
fn over_packs(function: &'static str, lanes: &'static str, count: usize, extent: Expr, turn: Expr) -> Expr {
    Expr::call(Path::of(function, [Type::scalar(), lanes.into(), Type::Count(count)]), [extent, turn])
}

/// `let [x, y] = …;`, or the call alone.
fn unpacked(locals: &[Local], call: Expr) -> Line {
    if locals.is_empty() { Line::Run(call) } else { Pattern::array(locals).is(call) }
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
fn sweep_of(inner: &Loop) -> &'static str {
    if is_long(inner) { "long_sweep" } else { "sweep" }
}

fn is_long(inner: &Loop) -> bool {
    length(&inner.body) > LONG_BODY
}

/// How many statements there are, those of loops inside counted.
fn length(stmts: &[Stmt]) -> usize {
    let mut length = 0;
    visit(stmts, &mut |_| length += 1);
    length
}

fn is_sum(reduction: &Reduction) -> bool {
    matches!(reduction.kind, ReductionKind::Reduce(ReduceKind::Sum))
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
