//! A loop nest at the top level as a kernel: a struct of what it needs, and a `run` that is generic over the lanes. (One
//! that can be cut implements `Split` instead: see there.)
//!
//! ```text
//! struct LossAndGrad1<'a, T> { x: &'a [T], y: &'a [T], w: T, n: usize }
//! impl<T: Float> Kernel<T> for LossAndGrad1<'_, T> {
//!     type Output = (T, T);
//!     fn run<V: Lanes<T>>(self) -> (T, T) { … }
//! }
//! ```
//!
//! and where the computation comes to it: `let (loss, g) = T::dispatch(kernels::LossAndGrad1 { x, y, w, n });`

pub(crate) mod body;
mod call;
pub(crate) mod dedup;
pub(crate) mod dims;
pub(crate) mod expr;
pub(crate) mod loops;
pub(crate) mod parts;
mod rows;
pub(crate) mod split;
mod sweeps;
#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests;
pub(crate) mod uses;

use crate::emit::entry::workspace;
use crate::emit::rust::names::{Names, snake_case};
use crate::emit::rust::tree::{self, Block, Expr, Infix, Kernel, KernelField, Local, Own, Pattern, Type};
use crate::graph::{Dim, Elem, ShapeText};
use crate::loops::program::{AxisId, BufferId, Cell, Depth, Stmt, Storage, ValueId, Width};
use crate::loops::visit::loops as loops_of;
use crate::schedule::analysis::split::{self as analysis, Share, Split, is_tiny, is_wide};
use body::Body;
use dedup::Kernels;
use dims::PartOf;
use expr::{Value, array_elem, scalar_type};
use split::{Cut, OwnArrays, PartFields};
use uses::Captures;

/// The fields of a kernel, as they are collected.
#[derive(Default)]
pub(crate) struct Fields {
    all: Vec<KernelField>,
    /// What each of them is in the entry point.
    places: Vec<Expr>,
    pub(crate) slices: Vec<Slice>,
    /// Whether any of them is a reference, so that there is a lifetime.
    borrows: bool,
    /// Whether any of them speaks of the scalar type.
    has_reals: bool,
}

/// A field that is an array.
pub(crate) struct Slice {
    pub(crate) buffer: BufferId,
    pub(crate) field: Local,
    pub(crate) is_written: bool,
}

impl Fields {
    fn add(&mut self, field: &Local, ty: Type, place: Expr) {
        self.all.push(KernelField { field: Own(field.clone()), ty });
        self.places.push(place);
    }

    /// A number, a truth value or an integer.
    fn add_number(&mut self, field: &Local, elem: Elem, ty: Type, place: Expr) {
        self.has_reals |= elem == Elem::Real;
        self.add(field, ty, place);
    }

    /// `x: &'a [T]`
    fn add_ref(&mut self, field: &Local, elem: Elem, is_mutable: bool, ty: Type, place: Expr) {
        self.borrows = true;
        self.add_number(field, elem, Type::Ref(Some("a"), is_mutable, Box::new(ty)), place);
    }
}

/// What kernels and the memory that they are given are added to.
pub(crate) struct Shared<'a> {
    pub(crate) kernels: &'a mut Kernels,
    pub(crate) workspace: &'a mut workspace::Fields,
    /// What the workspace is called in the entry point.
    pub(crate) place: Expr,
}

impl Body<'_> {
    /// Makes a kernel of top-level statements and gives its call, `let (loss, g) = T::dispatch(kernels::Loss1 { … });`, with
    /// the locals that it defines: the results, which are known here from then on.
    pub(crate) fn kernel(
        &mut self,
        mut shared: Shared,
        name: &str,
        stmts: &[Stmt],
        results: &[ValueId],
    ) -> (tree::Stmt, Vec<Local>) {
        let only = if let [stmt] = stmts { stmt.as_loop() } else { None };
        let mut split = only.and_then(|outer| analysis::split(self.program, outer));
        let mut run = self.kernel_run(&mut shared, name, stmts, results, split.as_ref());
        if let Some(short) = only.and_then(|nest| nest.short.as_ref()) {
            // Both are cut at the same turns.
            let form = short.form.first().and_then(Stmt::as_loop);
            let work = split.take().map(|split| split.work);
            let other = form.and_then(|form| analysis::split(self.program, form));
            let other = other.zip(work).map(|(other, work)| Split { work, ..other });
            self.is_instead = true;
            let form = self.kernel_run(&mut shared, &format!("{name}Short"), &short.form, results, other.as_ref());
            self.is_instead = false;
            let is_short =
                self.places.dim(&short.size).infix(Infix::AtMost, Expr::Integer(short.at_most.unsigned_abs()));
            run = Expr::choose(is_short, form, run);
        }
        let locals: Vec<Local> = results.iter().map(|&value| self.local(value)).collect();
        for (&value, local) in results.iter().zip(&locals) {
            self.set_local(value, local);
        }
        let call = if locals.is_empty() { tree::Stmt::Run(run) } else { Pattern::tuple(&locals).is(run) };
        (call, locals)
    }

    /// Makes a kernel of one form of a nest and gives its call.
    fn kernel_run(
        &mut self,
        shared: &mut Shared,
        name: &str,
        stmts: &[Stmt],
        results: &[ValueId],
        split: Option<&Split>,
    ) -> Expr {
        let outer = split.and_then(|_| stmts.first()?.as_loop());
        let captures = Captures::of_block(stmts, outer.map(|outer| outer.axis));
        let mut inner = Body::new(self.program, self.uses, Names::taken(crate::emit::KERNEL_NAMES));
        let mut fields = Fields::default();
        let mut names = Names::default();
        let own = self.buffer_fields(&captures, split, &mut inner, &mut names, &mut fields);
        self.value_fields(&captures, &mut inner, &mut names, &mut fields);
        let part = outer.zip(split).map(|(outer, split)| {
            (outer, split, self.part_fields(outer.axis, split, &mut inner, &mut names, &mut fields))
        });
        self.size_fields(&captures, &mut inner, &mut names, &mut fields);
        let has_reals = fields.has_reals;
        if !fields.borrows && !has_reals {
            let marker = "::core::marker::PhantomData";
            let ty = tree::Path::of(marker, [Type::scalar()]);
            fields.add(&names.fresh("marker"), ty.into(), Expr::path(marker));
        }
        let cut = part.map(|(outer, split, part)| Cut { outer, split, own, part });

        let mut body = vectors(&mut inner, split, &captures);
        inner.block(stmts, &mut body);
        let values: Vec<Expr> = results.iter().map(|&value| inner.get(value)).collect();
        let value = (!values.is_empty()).then(|| Box::new(Expr::tuple(values)));
        let kernel = Kernel {
            is_wide: is_wide(stmts, split.is_some()),
            cut: cut.as_ref().map(|cut| cut.tree(&mut inner, &fields, results)),
            fields: fields.all,
            output: Type::tuple(results.iter().map(|&value| scalar_type(self.elem(value))).collect()),
            body: Block { stmts: body, value },
        };
        let doc = self.describe(stmts, results, &captures);
        let instance = shared.kernels.instance(kernel, fields.places, name, doc);
        match cut {
            Some(cut) => cut.call(self, has_reals, instance, (shared.workspace, shared.place.clone())),
            None if is_tiny(stmts) => Expr::call("T::here", [instance]),
            None => Expr::call("T::dispatch", [instance]),
        }
    }

    /// In a kernel that can be cut, how many turns it makes and which is the first become fields.
    fn part_fields(
        &self,
        axis: AxisId,
        split: &Split,
        inner: &mut Body,
        names: &mut Names,
        fields: &mut Fields,
    ) -> PartFields {
        let mut field = |name: &str, place: Expr| {
            let field = names.fresh(name);
            fields.add(&field, "usize".into(), place);
            field
        };
        let first = split.counts.then(|| field("first", Expr::Integer(0)));
        let turns = field("turns", self.places.dim(&split.turns));
        let own = |field: &Local| Expr::Own(Own(field.clone()));
        inner.places.set_part(PartOf { axis, turns: own(&turns), first: first.as_ref().map(own) });
        PartFields { turns, first }
    }

    /// Sizes become fields.
    fn size_fields(&self, captures: &Captures, inner: &mut Body, names: &mut Names, fields: &mut Fields) {
        for dim in &captures.dims {
            let field = names.fresh(&snake_case(dim));
            inner.places.set_dim(dim, Expr::Own(Own(field.clone())));
            fields.add(&field, "usize".into(), self.places.dim(&Dim::name(dim)));
        }
    }

    /// Arrays become fields, but for those that parts have for themselves.
    fn buffer_fields(
        &self,
        captures: &Captures,
        split: Option<&Split>,
        inner: &mut Body,
        names: &mut Names,
        fields: &mut Fields,
    ) -> OwnArrays {
        let mut own = OwnArrays::default();
        let read = captures.read.iter().map(|&buffer| (buffer, false));
        let written = captures.written.iter().map(|&buffer| (buffer, true));
        for (buffer, is_written) in read.chain(written).filter(|&(buffer, _)| !self.is_number(buffer)) {
            match split.map(|split| &split.shares[&buffer]) {
                Some(share @ (Share::Sums | Share::Scratch)) => {
                    let local = inner.names.fresh(&self.program.buffers[buffer.index()].name);
                    inner.buffers.insert(buffer, local.get());
                    own.add(share, local, self.buffer(buffer));
                }
                Some(Share::Whole | Share::Piece(_)) | None => {
                    self.slice_field(buffer, is_written, inner, names, fields);
                }
            }
        }
        own
    }

    fn slice_field(
        &self,
        buffer: BufferId,
        is_written: bool,
        inner: &mut Body,
        names: &mut Names,
        fields: &mut Fields,
    ) {
        let described = &self.program.buffers[buffer.index()];
        let field = names.fresh(&described.name);
        let place = self.buffer(buffer);
        let is_leaf = matches!(described.storage, Storage::Leaf(_));
        let place = if is_leaf && !is_written { place } else { by_reference(place, is_written) };
        let ty = Type::Slice(Box::new(array_elem(described.elem)));
        fields.add_ref(&field, described.elem, is_written, ty, place);
        inner.buffers.insert(buffer, Expr::Own(Own(field.clone())));
        fields.slices.push(Slice { buffer, field, is_written });
    }

    /// Scalars from outside become fields, but for constants.
    fn value_fields(&self, captures: &Captures, inner: &mut Body, names: &mut Names, fields: &mut Fields) {
        for &value in &captures.values {
            let outside = self.value(value);
            if self.literals.contains(&value) {
                inner.set(value, outside);
                inner.literals.insert(value);
                continue;
            }
            let wanted = match (&self.program.values[value.index()].name, outside.expr.as_local()) {
                (Some(name), _) => name.to_string(),
                (None, Some(local)) => local.name.to_string(),
                (None, None) => "scalar".to_owned(),
            };
            let field = names.fresh(&wanted);
            let (elem, inside) = (self.elem(value), Expr::Own(Own(field.clone())));
            let ty = scalar_type(elem);
            // A leaf is read where it is: a copy would put one more trip to memory into the way of every step.
            if self.numbers.contains(&value) && elem == Elem::Real {
                inner.set(value, Value::step(inside.deref()));
                fields.add_ref(&field, elem, false, ty, outside.expr.by_ref());
                continue;
            }
            inner.set(value, Value::leaf(inside));
            fields.add_number(&field, elem, ty, outside.expr);
        }
        // Scalar leaves that are read inside, where the scheduler has not moved the read out.
        for &buffer in captures.read.iter().filter(|&&buffer| self.is_number(buffer)) {
            let described = &self.program.buffers[buffer.index()];
            let field = names.fresh(&described.name);
            inner.buffers.insert(buffer, Expr::Own(Own(field.clone())));
            fields.add_number(&field, described.elem, array_elem(described.elem), self.buffer(buffer));
        }
    }

    /// ``One pass over `[N, K]`: `loss`, `grad_b`.``
    fn describe(&self, stmts: &[Stmt], results: &[ValueId], captures: &Captures) -> String {
        let mut extents = Vec::new();
        let mut body = stmts;
        while let Some(inner) = loops_of(body).next() {
            extents.extend(inner.extent.dim().cloned());
            body = &inner.body;
        }
        let results = results.iter().filter_map(|value| self.program.values[value.index()].name.as_deref());
        let written = captures.written.iter().map(|buffer| &*self.program.buffers[buffer.index()].name);
        let mut made: Vec<String> = results.chain(written).map(|name| format!("`{name}`")).collect();
        made.dedup();
        let made = if made.is_empty() { String::new() } else { format!(": {}", made.join(", ")) };
        if extents.is_empty() {
            " A part of the computation on numbers.".to_owned()
        } else {
            format!(" One pass over `{}`{made}.", ShapeText(&extents))
        }
    }
}

/// `let mus = &self.mu[..self.k];` for what is read as a whole along one axis, and the same for packs of known number:
/// rustc sees that loops stay inside.
fn vectors(inner: &mut Body, split: Option<&Split>, captures: &Captures) -> Vec<tree::Stmt> {
    let mut stmts = Vec::new();
    for &buffer in captures.read.iter().chain(&captures.written) {
        let described = &inner.program.buffers[buffer.index()];
        let (shape, name) = (&described.shape, &described.name);
        if described.cell == (Cell { width: Width::Pack, depth: Depth::Single })
            && shape.iter().all(|extent| extent.as_constant().is_some())
        {
            let (all, length) = (inner.names.fresh(&format!("{name}s")), inner.places.volume(shape));
            let place = inner.buffer(buffer).up_to(Expr::path("V::COUNT") * length);
            stmts.push(all.is(place.by_mut()));
            inner.buffers.insert(buffer, all.get());
            continue;
        }
        let is_read = captures.read.contains(&buffer);
        let stays = split.is_none_or(|split| split.shares[&buffer] == Share::Whole);
        let mut extents = shape.iter().filter(|extent| !extent.is_one());
        let (Some(extent), None) = (extents.next(), extents.next()) else { continue };
        let mut is_known = true;
        extent.for_each_name(&mut |name| is_known &= captures.dims.contains(&**name));
        if stays && is_known && is_read {
            let (all, length) = (inner.names.fresh(&format!("{name}s")), inner.places.dim(extent));
            stmts.push(all.is(inner.buffer(buffer).up_to(length).by_ref()));
            inner.buffers.insert(buffer, all.get());
        }
    }
    stmts
}

/// A slice in a local, or a part of one, by reference: `&*t`, `&mut numbers_1[..n]`.
pub(crate) fn by_reference(place: Expr, is_mutable: bool) -> Expr {
    let place = if place.as_local().is_some() { place.deref() } else { place };
    if is_mutable { place.by_mut() } else { place.by_ref() }
}
