//! Loops that make one turn after the other: row loops, loops inside of vector loops, and loops that hand values along.
//!
//! ```text
//! for i in 0..self.n {
//!     let x_row = Parts::row(self.x, i, self.d);
//!     …
//! }
//! ```

use super::body::{Body, element, join};
use super::expr::{self, Level, Value};
use super::uses::{Row, rows};
use crate::emit::rust::tree::{Block, Expr, Infix, Local, Path, Pattern, Stmt as Line, Type};
use crate::graph::{Dim, Elem};
use crate::loops::program::{BufferId, Direction, Extent, Index, Loop, Reduction, ReductionKind, ValueId};
use crate::machine::SHORT_ROW;
use crate::ops::ReduceKind;

/// The first element of a buffer.
const ORIGIN: Index = Index::constant(Dim::ZERO);

impl Body<'_> {
    /// A loop, with what its sums in memory need before and after it.
    pub(crate) fn enter(&mut self, inner: &Loop, out: &mut Vec<Line>) {
        let Some(factor) = inner.unless_zero else { return self.enter_always(inner, out) };
        let is_there = match self.level() {
            Level::Scalar => self.get(factor).infix(Infix::Unequal, element(Elem::Real, 0.0)),
            Level::Vector => {
                let zero = expr::splat(Elem::Real, element(Elem::Real, 0.0));
                self.get(factor).method("ne", [zero]).method("any", [])
            }
        };
        self.names.open();
        let mut turns = Vec::new();
        self.enter_always(inner, &mut turns);
        self.names.close();
        out.push(Line::When(is_there, Block::run(turns)));
    }

    fn enter_always(&mut self, inner: &Loop, out: &mut Vec<Line>) {
        let mut after = Vec::new();
        for sums in &inner.sums {
            let described = &self.program.buffers[sums.levels.index()];
            let (place, columns) = (self.buffer(sums.levels), self.places.dim(&described.shape[0]));
            let local = self.names.fresh(&described.name);
            let whole = self.buffer(sums.buffer);
            let from = (sums.first != ORIGIN).then(|| Box::new(self.places.index(&sums.first, None)));
            let to = whole.index(Expr::Range(from, None)).by_mut();
            let mut arguments = vec![place.clone().deref().by_mut(), to, columns];
            let (new, finish) = if described.cell.is_pack() {
                (Path::of("ColumnSums::of_packs", ["V".into()]), Path::of("finish_lanes", ["V".into()]))
            } else {
                arguments.push(self.extent(inner));
                ("ColumnSums::new".into(), "finish".into())
            };
            out.push(local.starts_as(Expr::call(new, arguments)));
            self.levels.insert(sums.levels, local.clone());
            self.sums.insert(sums.buffer, sums.clone());
            after.push((sums.levels, place, Line::Run(local.get().method(finish, []))));
        }
        self.loop_itself(inner, out);
        for (sums, (levels, place, add)) in inner.sums.iter().zip(after) {
            out.push(add);
            self.buffers.insert(levels, place);
            self.sums.remove(&sums.buffer);
        }
    }

    /// The body of a loop: `let row = sums.row(); …; sums.end_turn();`
    pub(super) fn turn(&mut self, inner: &Loop, body: &mut Vec<Line>) {
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
        if inner.is_by_rows() {
            self.rows(inner, out);
        } else if self.vector.is_some() && inner.carries.is_empty() {
            self.turns(inner, out);
        } else if !inner.carries.is_empty() {
            self.sequential_loop(inner, out);
        } else if inner.is_vector() || !inner.reductions.is_empty() {
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
                || !described.cell.is_plain()
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
    pub(super) fn extent(&self, inner: &Loop) -> Expr {
        if let Some(turns) = self.places.turns_of_part(inner.axis) {
            return turns;
        }
        match &inner.extent {
            Extent::Dim(dim) => self.places.dim(dim),
            Extent::Value(turns) => {
                Expr::call("::core::cmp::Ord::max", [self.get(*turns), Expr::Integer(0)]).cast("usize")
            }
        }
    }

    /// A local for the loop's axis, in the scope that is open.
    pub(super) fn axis(&mut self, inner: &Loop) -> Local {
        let axis = self.names.first_free(&["i", "j", "k", "l", "m"]);
        self.places.set_axis(inner.axis, axis.get());
        axis
    }

    /// The values of one turn.
    pub(super) fn values_of<'l>(&self, reductions: impl Iterator<Item = &'l Reduction>) -> Vec<Expr> {
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
    pub(super) fn joined(&self, total: &Local, kind: ReduceKind, value: ValueId) -> Line {
        let new = join(kind, Value::leaf(total.get()), self.value(value), self.level());
        total.becomes(new.expr)
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
        let range = match inner.direction {
            Direction::Forwards => range,
            Direction::Backwards => Expr::call("Iterator::rev", [range]),
        };
        out.push(Line::For(range, axis.def(), Block::run(body)));
    }

    /// What an accumulator starts as: a number, or a pack of them in a vector loop.
    pub(super) fn start(&self, elem: Elem, value: f64) -> Expr {
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
pub(super) fn over_packs(function: &'static str, lanes: &'static str, count: usize, extent: Expr, turn: Expr) -> Expr {
    Expr::call(Path::of(function, [Type::scalar(), lanes.into(), Type::Count(count)]), [extent, turn])
}

/// `let [x, y] = …;`, or the call alone.
pub(super) fn unpacked(locals: &[Local], call: Expr) -> Line {
    if locals.is_empty() { Line::Run(call) } else { Pattern::array(locals).is(call) }
}

pub(super) fn is_sum(reduction: &Reduction) -> bool {
    matches!(reduction.kind, ReductionKind::Reduce(ReduceKind::Sum))
}
