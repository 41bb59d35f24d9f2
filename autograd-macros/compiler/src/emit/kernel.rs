//! A loop nest at the top level as a kernel: a struct of what it needs, and a `run` that is generic over the lanes.
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

use proc_macro2::{Ident, TokenStream};

use super::body::Body;
use super::expr::{Printed, array_elem, scalar_type};
use super::loops::local_name;
use super::names::{Names, code, ident, snake_case};
use super::uses::Captures;
use crate::graph::{Dim, Elem, ShapeText};
use crate::schedule::program::{BufferId, Stmt, Storage, ValueId};

/// A printed kernel.
pub(super) struct Kernel {
    /// The struct and its implementation, for the module of kernels.
    pub(super) item: TokenStream,
    /// `let (loss, g) = T::dispatch(kernels::LossAndGrad1 { … });`
    pub(super) call: TokenStream,
}

/// The fields of a kernel, as they are collected.
#[derive(Default)]
struct Fields {
    declarations: Vec<TokenStream>,
    initialisers: Vec<TokenStream>,
    has_slices: bool,
    has_reals: bool,
}

impl Body<'_> {
    /// Prints top-level statements as a kernel; of the values that they define, the results are known here from then
    /// on.
    pub(super) fn kernel(&mut self, name: &str, stmts: &[Stmt], results: &[ValueId]) -> Kernel {
        let captures = Captures::of_block(stmts);
        let mut inner = Body::new(self.program, self.uses, Names::taken(&["at"]));
        let mut fields = Fields::default();
        let mut names = Names::default();
        self.buffer_fields(&captures, &mut inner, &mut names, &mut fields);
        self.value_fields(&captures, &mut inner, &mut names, &mut fields);
        for dim in &captures.dims {
            let field = names.fresh(&snake_case(dim));
            let place = self.places.dim(&Dim::name(dim));
            fields.declarations.push(code!(pub #field: usize));
            fields.initialisers.push(initialiser(&field, &place));
            inner.places.set_dim(dim, code!(self.#field));
        }

        let mut body = Vec::new();
        inner.block(stmts, &mut body);
        let types: Vec<_> = results.iter().map(|&value| scalar_type(self.elem(value))).collect();
        let values: Vec<_> = results.iter().map(|&value| inner.value(value).tokens).collect();
        let locals: Vec<_> = results.iter().map(|&value| self.local(value)).collect();
        for (&value, local) in results.iter().zip(&locals) {
            self.set(value, Printed::atom(code!(#local)));
        }

        let kernel = ident(name);
        let doc = self.describe(stmts, results, &captures);
        let item = item(&kernel, &doc, &fields, &types, &body, &values);
        let Fields { initialisers, has_slices, has_reals, .. } = &fields;
        let marker = (!has_slices && !has_reals).then(|| code!(marker: ::core::marker::PhantomData,));
        let pattern = tuple(&locals.iter().map(|local| code!(#local)).collect::<Vec<_>>());
        let run = code!(T::dispatch(kernels::#kernel { #(#initialisers,)* #marker }));
        let call = if locals.is_empty() { code!(#run;) } else { code!(let #pattern = #run;) };
        Kernel { item, call }
    }

    fn buffer_fields(&self, captures: &Captures, inner: &mut Body, names: &mut Names, fields: &mut Fields) {
        let read = captures.read.iter().map(|&buffer| (buffer, false));
        let written = captures.written.iter().map(|&buffer| (buffer, true));
        for (buffer, is_written) in read.chain(written) {
            if !self.is_number(buffer) {
                self.slice_field(buffer, is_written, inner, names, fields);
            }
        }
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
        fields.has_slices = true;
        fields.has_reals |= described.elem == Elem::Real;
        if is_written {
            fields.declarations.push(code!(pub #field: &'a mut [#elem]));
            let place = by_reference(place, true);
            fields.initialisers.push(code!(#field: #place));
        } else {
            fields.declarations.push(code!(pub #field: &'a [#elem]));
            let is_leaf = matches!(described.storage, Storage::Leaf(_));
            let place = if is_leaf { place.clone() } else { by_reference(place, false) };
            fields.initialisers.push(initialiser(&field, &place));
        }
        inner.buffers.insert(buffer, code!(self.#field));
    }

    /// Scalars from outside become fields, but for constants.
    fn value_fields(&self, captures: &Captures, inner: &mut Body, names: &mut Names, fields: &mut Fields) {
        for &value in &captures.values {
            let outside = self.value(value);
            if self.literals.contains(&value) {
                inner.set(value, outside);
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
                fields.has_slices = true;
                fields.declarations.push(code!(pub #field: &'a #ty));
                fields.initialisers.push(code!(#field: &#place));
                inner.set(value, Printed::loose(code!(*self.#field)));
                continue;
            }
            fields.declarations.push(code!(pub #field: #ty));
            fields.initialisers.push(initialiser(&field, &outside.tokens));
            inner.set(value, Printed::atom(code!(self.#field)));
        }
        // Scalar leaves that are read inside, where the scheduler has not moved the read out.
        for &buffer in captures.read.iter().filter(|&&buffer| self.is_number(buffer)) {
            let described = &self.program.buffers[buffer.index()];
            let field = names.fresh(&described.name);
            let ty = array_elem(described.elem);
            fields.has_reals |= described.elem == Elem::Real;
            fields.declarations.push(code!(pub #field: #ty));
            fields.initialisers.push(initialiser(&field, &self.buffers[&buffer]));
            inner.buffers.insert(buffer, code!(self.#field));
        }
    }

    /// ``One pass over `[N, K]`: `loss`, `grad_b`.``
    fn describe(&self, stmts: &[Stmt], results: &[ValueId], captures: &Captures) -> String {
        let mut extents = Vec::new();
        let mut body = stmts;
        while let Some(inner) =
            body.iter().find_map(|stmt| if let Stmt::Loop(inner) = stmt { Some(inner) } else { None })
        {
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

/// A slice in a local, or a part of one, by reference: `&*t`, `&mut numbers_1[..n]`.
pub(super) fn by_reference(place: &TokenStream, mutable: bool) -> TokenStream {
    let sign = if mutable { code!(&mut) } else { code!(&) };
    let is_local = place.clone().into_iter().nth(1).is_none();
    if is_local { code!(#sign *#place) } else { code!(#sign #place) }
}

/// `x`, or `w: self.w`
fn initialiser(field: &Ident, place: &TokenStream) -> TokenStream {
    // The place itself, not the field: an argument of a step has the hygiene of the user.
    if *field == place.to_string() { place.clone() } else { code!(#field: #place) }
}

/// `()`, `T`, `(T, T)`
fn tuple(parts: &[TokenStream]) -> TokenStream {
    match parts {
        [one] => one.clone(),
        parts => code!((#(#parts),*)),
    }
}

/// Prints the struct and its implementation of `Kernel`.
fn item(
    name: &Ident,
    doc: &str,
    fields: &Fields,
    types: &[TokenStream],
    stmts: &[TokenStream],
    values: &[TokenStream],
) -> TokenStream {
    let Fields { declarations, has_slices, has_reals, .. } = fields;
    let (parameters, arguments) = match (has_slices, has_reals) {
        (true, true) => (code!('a, T), code!('_, T)),
        (true, false) => (code!('a), code!('_)),
        (false, _) => (code!(T), code!(T)),
    };
    let marker = (!has_slices && !has_reals).then(|| code!(pub marker: ::core::marker::PhantomData<T>,));
    let output = tuple(types);
    let returns = (!types.is_empty()).then(|| code!(-> #output));
    let value = (!types.is_empty()).then(|| tuple(values));
    code! {
        #[doc = #doc]
        pub struct #name<#parameters> {
            #(#declarations,)*
            #marker
        }

        impl<T: Float> Kernel<T> for #name<#arguments> {
            type Output = #output;

            #[inline(always)]
            fn run<V: Lanes<T>>(self) #returns {
                #(#stmts)*
                #value
            }
        }
    }
}
