//! Loops over blocks of rows: what a vector loop over rows does along each row of a block.

use std::collections::BTreeMap;

use super::body::{Body, join};
use super::expr::{self, Value};
use super::loops::{is_sum, over_packs, unpacked};
use super::sweeps::{is_long, sweep_of};
use super::uses::outer_values_of;
use crate::emit::rust::names::ident;
use crate::emit::rust::tree::{Block, Expr, Local, Stmt as Line};
use crate::graph::Elem;
use crate::loops::program::{Loop, Run, Stmt, ValueId};

impl Body<'_> {
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
    pub(super) fn rows(&mut self, inner: &Loop, out: &mut Vec<Line>) {
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
        let inside = Loop { run: Run::Lanes, ..inner.clone() };
        if inner.reductions.iter().all(is_sum) && !is_long(inner) {
            let call = self.sweep_call(&inside, "lane_sums", extent, "V", &[], None);
            self.packs = packs;
            let turn = Expr::inlined(row, Block::of(body, call));
            return over_packs("row_sums", "V", inner.reductions.len(), block, turn);
        }
        let accumulators = self.accumulators(inner, "V", &mut body);
        let call = self.sweep_call(&inside, sweep_of(inner), extent, "V", &accumulators, None);
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
            let Stmt::Accumulate { buffer, index, kind, value, .. } = stmt else {
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
}
