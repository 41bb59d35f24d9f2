//! Loops of a loop program: row loops, sweeps, and loops that hand values along.
//!
//! ```text
//! let [loss] = sweep::<T, V, 1>(self.n, #[inline(always)] |at| {
//!     …
//!     [residual * residual]
//! });
//! ```

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};

use super::body::{Body, element, join};
use super::expr::{self, Printed};
use super::uses::{Row, outer_values_of, rows};
use crate::emit::rust::names::code;
use crate::graph::{Dim, Elem};
use crate::loops::program::{Index, Loop, Reduction, ReductionKind, Stmt, ValueId};
use crate::loops::visit::{loops, visit};
use crate::ops::{Extreme, ReduceKind};
use crate::schedule::analysis::split::LONG;

/// A row of so many known numbers is a few packs: a slice of it would cost as much as the checks that it saves.
const FEW: i64 = 64;

/// The first element of a buffer.
const ORIGIN: Index = Index { offset: Dim::ZERO, strides: Vec::new() };

impl Body<'_> {
    /// A loop, with what its sums in memory need before and after it.
    pub(crate) fn enter(&mut self, inner: &Loop, out: &mut Vec<TokenStream>) {
        let mut after = Vec::new();
        for sums in &inner.sums {
            let described = &self.program.buffers[sums.levels.index()];
            let (place, columns) = (self.buffer(sums.levels), self.places.dim(&described.shape[0]));
            let name = self.names.fresh(&described.name);
            let (new, method) = if described.lanes {
                (code!(of_packs::<V>), code!(add_lanes_to::<V>))
            } else {
                (code!(new), code!(add_to))
            };
            out.push(code!(let mut #name = ColumnSums::#new(&mut *#place, #columns);));
            self.levels.insert(sums.levels, name.clone());
            self.sums.insert(sums.buffer, sums.clone());
            let (to, first) = (self.buffer(sums.buffer), self.places.index(&sums.first, None));
            let first = (sums.first != ORIGIN).then_some(first);
            after.push((sums.levels, place, code!(#name.#method(&mut #to[#first..]);)));
        }
        self.loop_itself(inner, out);
        for (sums, (levels, place, add)) in inner.sums.iter().zip(after) {
            out.push(add);
            self.buffers.insert(levels, place);
            self.sums.remove(&sums.buffer);
        }
    }

    /// The body of a loop: `let row = sums.row(); …; sums.end_turn();`
    fn turn(&mut self, inner: &Loop, body: &mut Vec<TokenStream>) {
        for sums in &inner.sums {
            let (name, row) = (self.levels[&sums.levels].clone(), self.names.fresh("row"));
            body.push(code!(let #row = #name.row();));
            self.buffers.insert(sums.levels, code!(#row));
        }
        self.block(&inner.body, body);
        for sums in &inner.sums {
            let name = &self.levels[&sums.levels];
            let end = if self.vector.is_some() { code!(end_turn_of_packs::<V>) } else { code!(end_turn) };
            body.push(code!(#name.#end();));
        }
    }

    fn loop_itself(&mut self, inner: &Loop, out: &mut Vec<TokenStream>) {
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
    fn row_loop(&mut self, inner: &Loop, out: &mut Vec<TokenStream>) {
        let extent = self.places.dim(&inner.extent);
        let (buffers, outer_rows) = (self.buffers.clone(), self.rows.clone());
        self.names.open();
        let axis = self.axis(inner);
        let mut body = Vec::new();
        self.take_rows(inner, &axis, &mut body);
        self.turn(inner, &mut body);
        self.names.close();
        (self.buffers, self.rows) = (buffers, outer_rows);
        out.push(code!(for #axis in 0..#extent { #(#body)* }));
    }

    /// One slice for each row that a turn goes along, unless it is short: rustc sees that loops over it stay inside.
    fn take_rows(&mut self, inner: &Loop, axis: &Ident, body: &mut Vec<TokenStream>) {
        for (buffer, Row { first, length, is_written }) in rows(inner) {
            let described = &self.program.buffers[buffer.index()];
            let is_short = length.as_constant().is_some_and(|length| length <= FEW);
            if is_short
                || described.lanes
                || described.levels
                || self.sums.contains_key(&buffer)
                || self.rows.contains_key(&buffer)
            {
                continue;
            }
            let (place, name) = (self.buffer(buffer), self.names.fresh(&format!("{}_row", described.name)));
            let length = self.places.dim(&length);
            let is_plain = first.offset == Dim::ZERO && first.strides.len() == 1;
            let row = match (is_plain, is_written) {
                (true, false) => code!(Parts::row(#place, #axis, #length)),
                (true, true) => code!(Parts::row_mut(#place, #axis, #length)),
                (false, _) => {
                    let (start, sign) =
                        (self.places.index(&first, None), if is_written { code!(&mut) } else { code!(&) });
                    code!(#sign #place[#start..][..#length])
                }
            };
            body.push(code!(let #name = #row;));
            self.buffers.insert(buffer, code!(#name));
            self.rows.insert(buffer, first);
        }
    }

    /// A name for the loop's axis, in the scope that is open.
    fn axis(&mut self, inner: &Loop) -> Ident {
        let axis = self.names.first_free(&["i", "j", "k", "l", "m"]);
        self.places.set_axis(inner.axis, code!(#axis));
        axis
    }

    /// A sweep over packs, or over single rows where something is reduced over rows.
    fn sweep(&mut self, inner: &Loop, out: &mut Vec<TokenStream>) {
        let lanes = if inner.vector { code!(V) } else { code!(T) };
        let extent = self.places.dim(&inner.extent);
        let accumulators = self.accumulators(inner, &lanes, out);
        let is_outermost = self.names.depth() == 0;
        self.names.open();
        let splats = if inner.vector { self.splats(inner) } else { Vec::new() };
        let call = self.sweep_call(inner, &sweep_of(inner), &extent, &lanes, &accumulators);
        self.names.close();

        let sums = inner.reductions.iter().filter(|reduction| is_sum(reduction));
        let results: Vec<(ValueId, Ident)> =
            sums.map(|reduction| (reduction.result, self.local(reduction.result))).collect();
        let names: Vec<_> = results.iter().map(|(_, name)| name).collect();
        let call = if splats.is_empty() || is_outermost {
            out.extend(splats);
            call
        } else {
            code!({ #(#splats)* #call })
        };
        out.push(if names.is_empty() { code!(#call;) } else { code!(let [#(#names),*] = #call;) });
        for (name, _) in &accumulators {
            out.push(code!(let #name = #name.finish();));
        }
        let finished = accumulators.into_iter().map(|(name, reduction)| (reduction.result, name));
        for (value, name) in results.into_iter().chain(finished) {
            self.set(value, Printed::atom(code!(#name)));
        }
    }

    /// `let mut largest = Max::<T, V>::new();`
    fn accumulators<'l>(
        &mut self,
        inner: &'l Loop,
        lanes: &TokenStream,
        out: &mut Vec<TokenStream>,
    ) -> Vec<(Ident, &'l Reduction)> {
        let mut accumulators = Vec::new();
        for reduction in inner.reductions.iter().filter(|reduction| !is_sum(reduction)) {
            let name = match &self.program.values[reduction.result.index()].name {
                Some(name) => self.names.fresh(name),
                None => self.names.fresh(plain_name(reduction.kind)),
            };
            let new = accumulator(reduction.kind, lanes);
            out.push(code!(let mut #name = #new;));
            accumulators.push((name, reduction));
        }
        accumulators
    }

    /// Values from outside, the same in all lanes: `let w = V::splat(self.w);`
    fn splats(&mut self, inner: &Loop) -> Vec<TokenStream> {
        let mut splats = Vec::new();
        for value in outer_values_of(inner) {
            let scalar = self.value(value);
            let name = self.splat_name(value, &scalar);
            let pack = expr::splat(self.elem(value), &scalar.tokens);
            splats.push(code!(let #name = #pack;));
            self.packs.insert(value, Printed::atom(code!(#name)));
        }
        splats
    }

    /// The name of a pack: that of the scalar, which it hides, or `half`, `one`, … of a constant.
    fn splat_name(&mut self, value: ValueId, scalar: &Printed) -> Ident {
        if let Some(name) = local_name(&scalar.tokens) {
            return name;
        }
        if let Some(name) = constant_name(&scalar.tokens.to_string()) {
            return self.names.fresh(name);
        }
        self.local(value)
    }

    /// `sweep::<T, V, 1>(self.n, #[inline(always)] |at| { …; [x] })`
    fn sweep_call(
        &mut self,
        inner: &Loop,
        sweep: &TokenStream,
        extent: &TokenStream,
        lanes: &TokenStream,
        accumulators: &[(Ident, &Reduction)],
    ) -> TokenStream {
        self.names.open();
        let mut body = Vec::new();
        if inner.vector {
            self.vector = Some(inner.axis);
            if loops(&inner.body).any(|inside| inside.by_rows) {
                body.push(code!(let block = at;));
            }
        } else {
            let axis = self.axis(inner);
            body.push(code!(let #axis = at.start;));
        }
        body.extend(inner.ahead.iter().map(|(buffer, index)| self.ask(*buffer, index)));
        self.turn(inner, &mut body);
        body.extend(accumulators.iter().map(|(name, reduction)| self.push(name, reduction)));
        let sums = inner.reductions.iter().filter(|reduction| is_sum(reduction));
        let sums: Vec<_> = sums.map(|reduction| self.value(reduction.value).tokens).collect();
        if inner.vector {
            self.vector = None;
            self.packs.clear();
        }
        self.names.close();
        let count = Literal::usize_unsuffixed(sums.len());
        code!(#sweep::<T, #lanes, #count>(#extent, #[inline(always)] |at| { #(#body)* [#(#sums),*] }))
    }

    /// A loop inside of a vector loop: one turn at a time, with packs for values.
    ///
    /// ```text
    /// let mut largest = V::splat(T::NEG_INFINITY);
    /// let [total] = turns::<T, V, 1>(self.k, #[inline(always)] |j| { …; largest = largest.max(x); [x] });
    /// ```
    fn turns(&mut self, inner: &Loop, out: &mut Vec<TokenStream>) {
        let extent = self.places.dim(&inner.extent);
        let mut totals = Vec::new();
        for reduction in inner.reductions.iter().filter(|reduction| !is_sum(reduction)) {
            let ReductionKind::Reduce(kind) = reduction.kind else { continue };
            let name = self.local(reduction.result);
            let start = self.start(kind.elem(), kind.identity());
            out.push(code!(let mut #name = #start;));
            totals.push((name, kind, reduction));
        }
        let sums: Vec<&Reduction> = inner.reductions.iter().filter(|reduction| is_sum(reduction)).collect();
        let results: Vec<Ident> = sums.iter().map(|reduction| self.local(reduction.result)).collect();
        self.names.open();
        let axis = self.axis(inner);
        let mut body = Vec::new();
        self.turn(inner, &mut body);
        for (name, kind, reduction) in &totals {
            let total = join(*kind, Printed::atom(code!(#name)), self.value(reduction.value), self.level()).tokens;
            body.push(code!(#name = #total;));
        }
        let values: Vec<_> = sums.iter().map(|reduction| self.value(reduction.value).tokens).collect();
        self.names.close();
        let count = Literal::usize_unsuffixed(sums.len());
        let call = code!(turns::<T, V, #count>(#extent, #[inline(always)] |#axis| { #(#body)* [#(#values),*] }));
        out.push(if results.is_empty() { code!(#call;) } else { code!(let [#(#results),*] = #call;) });
        for (name, _, reduction) in totals {
            self.set(reduction.result, Printed::atom(code!(#name)));
        }
        for (name, reduction) in results.into_iter().zip(sums) {
            self.set(reduction.result, Printed::atom(code!(#name)));
        }
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
    fn rows(&mut self, inner: &Loop, out: &mut Vec<TokenStream>) {
        let Some(outer) = self.vector else { return };
        let packs = self.packs.clone();
        self.names.open();
        let row = self.names.fresh("row");
        let axis = self.names.first_free(&["i", "j", "k", "l", "m"]);
        self.places.set_axis(outer, code!(#axis));
        let mut body = vec![code!(let #axis = block.start + #row;)];
        for value in outer_values_of(inner) {
            if self.values.contains_key(&value) {
                continue;
            }
            let pack = self.value(value);
            let name = self.splat_name(value, &pack);
            let lane = pack.operand();
            body.push(code!(let #name = V::splat(#lane.lane(#row));));
            self.packs.insert(value, Printed::atom(code!(#name)));
        }
        self.vector = None;
        let results = if inner.reductions.is_empty() {
            self.rows_inside(inner, &row, body, out);
            Vec::new()
        } else {
            self.rows_outside(inner, &row, body, out)
        };
        self.names.close();
        self.vector = Some(outer);
        self.packs = packs;
        self.places.set_axis(outer, TokenStream::new());
        let names: Vec<Ident> = results.iter().map(|&result| self.local(result)).collect();
        if let Some(call) = out.pop() {
            out.push(if names.is_empty() { call } else { code!(let [#(#names),*] = #call;) });
        }
        for (result, name) in results.into_iter().zip(names) {
            self.set(result, Printed::atom(code!(#name)));
        }
    }

    /// Rows outside, columns inside; gives back what is reduced.
    fn rows_outside(
        &mut self,
        inner: &Loop,
        row: &Ident,
        mut body: Vec<TokenStream>,
        out: &mut Vec<TokenStream>,
    ) -> Vec<ValueId> {
        let extent = self.places.dim(&inner.extent);
        let packs = self.packs.clone();
        let lanes = code!(V);
        let inside = Loop { vector: true, ..inner.clone() };
        let results = inner.reductions.iter().map(|reduction| reduction.result).collect();
        if inner.reductions.iter().all(is_sum) && !is_long(inner) {
            let call = self.sweep_call(&inside, &code!(lane_sums), &extent, &lanes, &[]);
            self.packs = packs;
            let count = Literal::usize_unsuffixed(inner.reductions.len());
            out.push(code!(row_sums::<T, V, #count>(block, #[inline(always)] |#row| { #(#body)* #call })));
            return results;
        }
        let accumulators = self.accumulators(inner, &lanes, &mut body);
        let call = self.sweep_call(&inside, &sweep_of(inner), &extent, &lanes, &accumulators);
        self.packs = packs;
        let is_summed: Vec<bool> = inner.reductions.iter().map(is_sum).collect();
        let sums = inner.reductions.iter().filter(|reduction| is_sum(reduction));
        let names: Vec<Ident> = sums.map(|reduction| self.local(reduction.result)).collect();
        body.push(if names.is_empty() { code!(#call;) } else { code!(let [#(#names),*] = #call;) });
        let (mut names, mut others) = (names.iter(), accumulators.iter().map(|(name, _)| name));
        let values: Vec<_> = (is_summed.into_iter())
            .map(|is_summed| {
                if is_summed {
                    let name = names.next();
                    code!(#name)
                } else {
                    let name = others.next();
                    code!(#name.finish())
                }
            })
            .collect();
        let count = Literal::usize_unsuffixed(values.len());
        out.push(code!(rows::<T, V, #count>(block, #[inline(always)] |#row| { #(#body)* [#(#values),*] })));
        results
    }

    /// Columns outside, rows inside.
    fn rows_inside(&mut self, inner: &Loop, row: &Ident, mut body: Vec<TokenStream>, out: &mut Vec<TokenStream>) {
        let extent = self.places.dim(&inner.extent);
        self.vector = Some(inner.axis);
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for stmt in &inner.body {
            let Stmt::Accumulate { buffer, index, kind, value } = stmt else {
                self.stmt(stmt, &mut body);
                continue;
            };
            let sum = self.names.fresh("sum");
            let (buffer, index) = self.place(*buffer, index);
            let (old, zero) = (self.load(buffer, &index), self.start(Elem::Real, 0.0));
            before.push(code!(let mut #sum = #zero;));
            let new = join(*kind, Printed::atom(code!(#sum)), self.value(*value), self.level()).tokens;
            body.push(code!(#sum = #new;));
            let total = join(*kind, old, Printed::atom(code!(#sum)), self.level());
            after.push(self.store(buffer, &index, &total));
        }
        out.push(code! {
            sweep::<T, V, 0>(#extent, #[inline(always)] |at| {
                #(#before)*
                for #row in 0..block.live { #(#body)* }
                #(#after)*
                []
            });
        });
    }

    /// `largest.push(x, at);`
    fn push(&self, name: &Ident, reduction: &Reduction) -> TokenStream {
        let value = self.value(reduction.value).tokens;
        match (reduction.kind, self.vector.is_some()) {
            (ReductionKind::Position(_), true) => code!(#name.push(#value, V::Index::iota(at), at);),
            (ReductionKind::Position(_), false) => code!(#name.push(#value, T::Index::iota(at), at);),
            (ReductionKind::Reduce(ReduceKind::Any | ReduceKind::All), false) => {
                code!(#name.push(T::Mask::splat(#value), at);)
            }
            (ReductionKind::Reduce(_), _) => code!(#name.push(#value, at);),
        }
    }

    /// A loop that hands values along from turn to turn:
    /// `let mut h = T::ZERO; for i in 0..n { …; h = next; }`
    fn sequential_loop(&mut self, inner: &Loop, out: &mut Vec<TokenStream>) {
        let extent = self.places.dim(&inner.extent);
        let mut carried = Vec::new();
        for carry in &inner.carries {
            let (name, initial) = (self.local(carry.value), self.start(Elem::Real, carry.initial));
            out.push(code!(let mut #name = #initial;));
            self.set(carry.value, Printed::atom(code!(#name)));
            carried.push(name);
        }
        let totals = self.totals(inner, out);
        self.names.open();
        let axis = self.axis(inner);
        let mut body = Vec::new();
        self.turn(inner, &mut body);
        for (name, reduction) in &totals {
            if let ReductionKind::Reduce(kind) = reduction.kind {
                let total = join(kind, Printed::atom(code!(#name)), self.value(reduction.value), self.level()).tokens;
                body.push(code!(#name = #total;));
            }
        }
        let next: Vec<_> = inner.carries.iter().map(|carry| self.value(carry.next).tokens).collect();
        match (carried.as_slice(), next.as_slice()) {
            ([name], [next]) => body.push(code!(#name = #next;)),
            (names, next) => body.push(code!((#(#names),*) = (#(#next),*);)),
        }
        self.names.close();
        let range = if inner.reverse { code!(Iterator::rev(0..#extent)) } else { code!(0..#extent) };
        out.push(code!(for #axis in #range { #(#body)* }));
    }

    /// What an accumulator starts as: a number, or a pack of them in a vector loop.
    fn start(&self, elem: Elem, value: f64) -> TokenStream {
        let start = element(elem, value);
        if self.vector.is_some() { expr::splat(elem, &start) } else { start }
    }

    /// What is reduced in a sequential loop: `let mut total = T::ZERO;`
    fn totals<'l>(&mut self, inner: &'l Loop, out: &mut Vec<TokenStream>) -> Vec<(Ident, &'l Reduction)> {
        let mut totals = Vec::new();
        for reduction in &inner.reductions {
            let ReductionKind::Reduce(kind) = reduction.kind else { continue };
            let (name, start) = (self.local(reduction.result), self.start(kind.elem(), kind.identity()));
            out.push(code!(let mut #name = #start;));
            self.set(reduction.result, Printed::atom(code!(#name)));
            totals.push((name, reduction));
        }
        totals
    }
}

/// The name, if the tokens are one local variable.
pub(crate) fn local_name(tokens: &TokenStream) -> Option<Ident> {
    let mut tokens = tokens.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(name)), None) if name != "true" && name != "false" => Some(name),
        _ => None,
    }
}

/// What frequent constants are called.
fn constant_name(tokens: &str) -> Option<&'static str> {
    Some(match tokens {
        "T :: ZERO" => "zero",
        "T :: ONE" => "one",
        "T :: from_f64 (2.0)" => "two",
        "T :: from_f64 (0.5)" => "half",
        "T :: from_f64 (- 1.0)" => "minus_one",
        _ if tokens.starts_with("T ::") => "c",
        _ => return None,
    })
}

/// `sweep`, or `long_sweep` for a long body.
fn sweep_of(inner: &Loop) -> TokenStream {
    if is_long(inner) { code!(long_sweep) } else { code!(sweep) }
}

fn is_long(inner: &Loop) -> bool {
    length(&inner.body) > LONG
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
fn accumulator(kind: ReductionKind, lanes: &TokenStream) -> TokenStream {
    let name = match kind {
        ReductionKind::Reduce(ReduceKind::Any) => return code!(Any::<#lanes::Mask>::new()),
        ReductionKind::Reduce(ReduceKind::All) => return code!(All::<#lanes::Mask>::new()),
        ReductionKind::Reduce(ReduceKind::Sum | ReduceKind::Product) => code!(Product),
        ReductionKind::Reduce(ReduceKind::Max) => code!(Max),
        ReductionKind::Reduce(ReduceKind::MaxNumber) => code!(MaxNumber),
        ReductionKind::Reduce(ReduceKind::Min) => code!(Min),
        ReductionKind::Reduce(ReduceKind::LogSumExp) => code!(LogSumExp),
        ReductionKind::Reduce(ReduceKind::Norm) => code!(Norm),
        ReductionKind::Position(Extreme::Max) => code!(ArgMax),
        ReductionKind::Position(Extreme::Min) => code!(ArgMin),
    };
    code!(#name::<T, #lanes>::new())
}
