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
pub(crate) mod split;
pub(crate) mod uses;

use proc_macro2::{Ident, TokenStream};

use crate::emit::entry::workspace;
use crate::emit::rust::names::{Names, code, snake_case};
use crate::graph::{Dim, Elem, ShapeText};
use crate::loops::program::{BufferId, Stmt, Storage, ValueId};
use crate::loops::visit::loops as loops_of;
use crate::schedule::analysis::split::{FIRST, Share, Split, TURNS, is_tiny, is_wide, split};
use body::Body;
use dedup::{Kernels, Key};
use expr::{Printed, array_elem, scalar_type};
use loops::local_name;
use split::{Cut, Own};
use uses::Captures;

/// The fields of a kernel, as they are collected.
#[derive(Default)]
pub(crate) struct Fields {
    pub(crate) declarations: Vec<TokenStream>,
    pub(crate) names: Vec<Ident>,
    /// What each of them is in the entry point.
    pub(crate) places: Vec<TokenStream>,
    pub(crate) slices: Vec<Slice>,
    /// Whether any of them is a reference, so that there is a lifetime.
    pub(crate) borrows: bool,
    /// Whether any of them speaks of the scalar type.
    pub(crate) has_reals: bool,
    /// Whether the kernel that has them runs in packs of two registers.
    pub(crate) is_wide: bool,
}

/// A field that is an array.
pub(crate) struct Slice {
    pub(crate) buffer: BufferId,
    pub(crate) name: Ident,
    pub(crate) is_written: bool,
}

impl Fields {
    fn add(&mut self, name: &Ident, ty: &TokenStream, place: TokenStream) {
        self.declarations.push(code!(pub #name: #ty));
        self.names.push(name.clone());
        self.places.push(place);
    }
}

impl Body<'_> {
    /// Prints top-level statements as a kernel and gives its call, `let (loss, g) = T::dispatch(kernels::Loss1 { … });`; of
    /// the values that they define, the results are known here from then on.
    pub(crate) fn kernel(
        &mut self,
        (kernels, workspace): (&mut Kernels, &mut workspace::Fields),
        name: &str,
        stmts: &[Stmt],
        results: &[ValueId],
    ) -> TokenStream {
        let only = if let [stmt] = stmts { stmt.as_loop() } else { None };
        let split = only.and_then(|outer| split(self.program, outer));
        let part = split.as_ref().map(|split| [Stmt::Loop(split.part.clone())]);
        let inside = part.as_ref().map_or(stmts, |part| part.as_slice());
        let captures = Captures::of_block(inside);
        let mut inner = Body::new(self.program, self.uses, Names::taken(crate::emit::KERNEL_NAMES));
        let mut fields = Fields::default();
        let mut names = Names::default();
        let own = self.buffer_fields(&captures, split.as_ref(), &mut inner, &mut names, &mut fields);
        self.value_fields(&captures, &mut inner, &mut names, &mut fields);
        let (mut turns, mut first) = (None, None);
        for dim in &captures.dims {
            let field = names.fresh(&snake_case(dim.trim_start_matches('#')));
            let place = match (dim.as_str(), only) {
                (TURNS, Some(outer)) => {
                    turns = Some((field.clone(), outer.extent.clone()));
                    self.places.dim(&outer.extent)
                }
                (FIRST, _) => {
                    first = Some(field.clone());
                    code!(0)
                }
                _ => self.places.dim(&Dim::name(dim)),
            };
            inner.places.set_dim(dim, code!(self.#field));
            fields.add(&field, &code!(usize), place);
        }
        if !fields.borrows && !fields.has_reals {
            let (field, marker) = (names.fresh("marker"), code!(::core::marker::PhantomData));
            fields.add(&field, &code!(#marker<T>), marker);
        }
        let cut = split.as_ref().zip(turns).map(|(split, turns)| Cut { split, own, turns, first });

        fields.is_wide = is_wide(stmts, split.is_some());
        let key = Key::of(self, inside, split.as_ref(), fields.is_wide, &captures, results);
        let kernel = kernels.instance(key, &fields, name, |name| {
            let mut body = vectors(&mut inner, split.as_ref(), &captures);
            inner.block(inside, &mut body);
            let types: Vec<_> = results.iter().map(|&value| scalar_type(self.elem(value))).collect();
            let values: Vec<_> = results.iter().map(|&value| inner.value(value).tokens).collect();
            let (output, value) = (tuple(&types), (!values.is_empty()).then(|| tuple(&values)));
            let methods = cut.as_ref().map(|cut| cut.methods(&inner, &fields, &output, results));
            let doc = self.describe(stmts, results, &captures);
            let body = code!(#(#body)* #value);
            item(name, &doc, &fields, cut.as_ref(), &output, &body, methods.as_ref())
        });
        let mut locals = Vec::new();
        for &value in results {
            let local = self.local(value);
            self.set(value, Printed::atom(code!(#local)));
            locals.push(code!(#local));
        }

        let run = match &cut {
            Some(cut) => cut.call(self, &fields, &kernel, workspace),
            None if is_tiny(stmts) => code!(T::here(#kernel)),
            None => code!(T::dispatch(#kernel)),
        };
        let pattern = tuple(&locals);
        if results.is_empty() { code!(#run;) } else { code!(let #pattern = #run;) }
    }

    /// Arrays become fields, but for those that parts have for themselves.
    fn buffer_fields(
        &self,
        captures: &Captures,
        split: Option<&Split>,
        inner: &mut Body,
        names: &mut Names,
        fields: &mut Fields,
    ) -> Own {
        let mut own = Own::default();
        let read = captures.read.iter().map(|&buffer| (buffer, false));
        let written = captures.written.iter().map(|&buffer| (buffer, true));
        for (buffer, is_written) in read.chain(written).filter(|&(buffer, _)| !self.is_number(buffer)) {
            match split.map(|split| &split.shares[&buffer]) {
                Some(share @ (Share::Sums | Share::Scratch)) => {
                    let name = inner.names.fresh(&self.program.buffers[buffer.index()].name);
                    inner.buffers.insert(buffer, code!(#name));
                    own.add(share, name, &self.buffers[&buffer]);
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
        let elem = array_elem(described.elem);
        let place = &self.buffers[&buffer];
        fields.borrows = true;
        fields.has_reals |= described.elem == Elem::Real;
        if is_written {
            fields.add(&field, &code!(&'a mut [#elem]), by_reference(place, true));
        } else {
            let is_leaf = matches!(described.storage, Storage::Leaf(_));
            let place = if is_leaf { place.clone() } else { by_reference(place, false) };
            fields.add(&field, &code!(&'a [#elem]), place);
        }
        inner.buffers.insert(buffer, code!(self.#field));
        fields.slices.push(Slice { buffer, name: field, is_written });
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
            let wanted = match (&self.program.values[value.index()].name, local_name(&outside.tokens)) {
                (Some(name), _) => name.to_string(),
                (None, Some(local)) => local.to_string(),
                (None, None) => "scalar".to_owned(),
            };
            let field = names.fresh(&wanted);
            let elem = self.elem(value);
            let ty = scalar_type(elem);
            fields.has_reals |= elem == Elem::Real;
            // A leaf is read where it is: a copy would put one more trip to memory into the way of every step.
            if self.numbers.contains(&value) && elem == Elem::Real {
                let place = &outside.tokens;
                inner.set(value, Printed::loose(code!(*self.#field)));
                fields.borrows = true;
                fields.add(&field, &code!(&'a #ty), code!(&#place));
                continue;
            }
            inner.set(value, Printed::atom(code!(self.#field)));
            fields.add(&field, &ty, outside.tokens);
        }
        // Scalar leaves that are read inside, where the scheduler has not moved the read out.
        for &buffer in captures.read.iter().filter(|&&buffer| self.is_number(buffer)) {
            let described = &self.program.buffers[buffer.index()];
            let field = names.fresh(&described.name);
            let ty = array_elem(described.elem);
            fields.has_reals |= described.elem == Elem::Real;
            inner.buffers.insert(buffer, code!(self.#field));
            fields.add(&field, &ty, self.buffers[&buffer].clone());
        }
    }

    /// ``One pass over `[N, K]`: `loss`, `grad_b`.``
    fn describe(&self, stmts: &[Stmt], results: &[ValueId], captures: &Captures) -> String {
        let mut extents = Vec::new();
        let mut body = stmts;
        while let Some(inner) = loops_of(body).next() {
            extents.push(inner.extent.clone());
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
fn vectors(inner: &mut Body, split: Option<&Split>, captures: &Captures) -> Vec<TokenStream> {
    let mut stmts = Vec::new();
    for &buffer in captures.read.iter().chain(&captures.written) {
        let described = &inner.program.buffers[buffer.index()];
        let (shape, name, place) = (&described.shape, &described.name, inner.buffer(buffer));
        if described.lanes && !described.levels && shape.iter().all(|extent| extent.as_constant().is_some()) {
            let (all, length) = (inner.names.fresh(&format!("{name}s")), inner.places.volume(shape));
            stmts.push(code!(let #all = &mut #place[..V::COUNT * #length];));
            inner.buffers.insert(buffer, code!(#all));
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
            stmts.push(code!(let #all = &#place[..#length];));
            inner.buffers.insert(buffer, code!(#all));
        }
    }
    stmts
}

/// A slice in a local, or a part of one, by reference: `&*t`, `&mut numbers_1[..n]`.
pub(crate) fn by_reference(place: &TokenStream, mutable: bool) -> TokenStream {
    let sign = if mutable { code!(&mut) } else { code!(&) };
    let is_local = place.clone().into_iter().nth(1).is_none();
    if is_local { code!(#sign *#place) } else { code!(#sign #place) }
}

/// `()`, `T`, `(T, T)`
pub(crate) fn tuple(parts: &[TokenStream]) -> TokenStream {
    match parts {
        [one] => one.clone(),
        parts => code!((#(#parts),*)),
    }
}

/// Prints the struct and its implementation of `Kernel`, or of `Split` if it can be cut.
fn item(
    name: &Ident,
    doc: &str,
    fields: &Fields,
    cut: Option<&Cut>,
    output: &TokenStream,
    body: &TokenStream,
    methods: Option<&TokenStream>,
) -> TokenStream {
    let Fields { declarations, borrows, has_reals, .. } = fields;
    let returns = (output.to_string() != "()").then(|| code!(-> #output));
    let (parameters, subject) = match (borrows, has_reals) {
        (true, true) => (code!('a, T), code!(#name<'_, T>)),
        (true, false) => (code!('a), code!(#name<'_>)),
        (false, _) => (code!(T), code!(#name<T>)),
    };
    let implemented = cut.map_or(code!(Kernel<T>), Cut::implemented);
    let wide = fields.is_wide.then(|| {
        code!(
            const WIDE: bool = true;
        )
    });
    let own = cut.map(Cut::parameter).map(|parameter| code!(, #parameter));
    code! {
        #[doc = #doc]
        pub struct #name<#parameters> {
            #(#declarations,)*
        }

        impl<T: Float> #implemented for #subject {
            type Output = #output;
            #wide

            #[inline(always)]
            fn run<V: Lanes<T>>(self #own) #returns {
                #body
            }

            #methods
        }
    }
}
