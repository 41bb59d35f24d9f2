//! The buffers of a model: what all entry points together need.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};

use crate::emit::interface::Field;
use crate::emit::interface::docs;
use crate::emit::kernel::expr::array_elem;
use crate::emit::rust::names::{code, ident};
use crate::emit::rust::tree::Type;
use crate::graph::Elem;

/// The fields of `Workspace`, as entry points ask for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    vectors: Vec<(Ident, Elem)>,
    arrays: Vec<(Ident, Type)>,
    copies: Vec<(Ident, Type)>,
    known: BTreeSet<String>,
    has_scratch: bool,
    has_wide: bool,
}

impl Fields {
    fn vector(&mut self, name: &str, elem: Elem) -> Ident {
        let field = ident(name);
        if self.known.insert(name.to_owned()) {
            self.vectors.push((field.clone(), elem));
        }
        field
    }

    /// The memory of temporaries: every entry point divides it among its own.
    pub(crate) fn memory(&mut self, elem: Elem) -> Ident {
        let kind = match elem {
            Elem::Real => "numbers",
            Elem::Bool => "truths",
            Elem::Index => "indices",
        };
        self.vector(kind, elem)
    }

    /// What the parts of a loop need beside what the whole loop does.
    pub(crate) fn spare(&mut self) -> Ident {
        self.vector("spare", Elem::Real)
    }

    /// The copies of arrays that are not in row-major order.
    pub(crate) fn copies(&mut self, elem: Elem) -> Ident {
        let name = match elem {
            Elem::Real => "copies",
            Elem::Bool => "truth_copies",
            Elem::Index => "index_copies",
        };
        let (field, elem) = (ident(name), array_elem(elem));
        if self.known.insert(name.to_owned()) {
            self.copies.push((field.clone(), elem));
        }
        field
    }

    /// The array that a step computes the new value of a tensor in.
    pub(crate) fn next(&mut self, target: &Field) -> Ident {
        let name = format!("next_{}", crate::emit::rust::names::text(&target.name));
        let field = ident(&name);
        if self.known.insert(name) {
            self.arrays.push((field.clone(), target.owned_type()));
        }
        field
    }

    /// The buffers of matrix products: the field `scratch`.
    pub(crate) fn scratch(&mut self) {
        self.has_scratch = true;
    }

    /// What a loss from statistics is computed in.
    pub(crate) fn wide(&mut self) {
        self.has_wide = true;
    }

    /// `pub struct Workspace<T> { … }` and its traits.
    pub(crate) fn items(&self, model: &Ident) -> TokenStream {
        let vectors = self.vectors.iter().map(|(name, elem)| {
            let elem = array_elem(*elem);
            code!(#name: runtime::Vec<#elem>,)
        });
        let arrays = self.arrays.iter().map(|(name, ty)| code!(#name: #ty,));
        let copies = self.copies.iter().map(|(name, elem)| code!(#name: runtime::Copies<#elem>,));
        let scratch = self.has_scratch.then(|| code!(scratch: runtime::Scratch<T>,));
        let wide = self.has_wide.then(|| code!(wide: runtime::OnDemand<Wide>,));
        let has_reals = self.has_scratch
            || !self.arrays.is_empty()
            || self.known.contains("copies")
            || self.vectors.iter().any(|(_, elem)| *elem == Elem::Real);
        let marker = (!has_reals).then(|| code!(marker: ::core::marker::PhantomData<T>,));
        let doc = docs::doc(&format!(
            "The buffers that a [`{model}`] computes in. They grow to what a call needs and stay for the next."
        ));
        let mut bytes = Vec::new();
        for (name, elem) in &self.vectors {
            let elem = array_elem(*elem);
            bytes.push(code!(self.#name.capacity() * ::core::mem::size_of::<#elem>()));
        }
        bytes.extend(self.arrays.iter().map(|(name, _)| code!(self.#name.len() * ::core::mem::size_of::<T>())));
        bytes.extend(self.copies.iter().map(|(name, _)| code!(self.#name.bytes())));
        bytes.extend(self.has_scratch.then(|| code!(self.scratch.bytes())));
        bytes.extend(self.has_wide.then(|| code!(self.wide.get().map_or(0, Wide::bytes))));
        let mut bytes = bytes.into_iter();
        let first = bytes.next().unwrap_or_else(|| code!(0));
        let bytes = code!(#first #(+ #bytes)*);
        code! {
            #doc
            #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::default::Default)]
            pub struct Workspace<T = f64> {
                #(#copies)*
                #(#vectors)*
                #(#arrays)*
                #scratch
                #wide
                #marker
            }

            impl<T: runtime::Float> Workspace<T> {
                /// The memory that the buffers hold, in bytes: what the largest calls so far have needed, beside the
                /// caller's arrays. Large loops and products need more of it on more threads.
                #[must_use]
                pub fn bytes(&self) -> usize {
                    #bytes
                }
            }

            impl<T: runtime::Float> runtime::Workspace for Workspace<T> {
                fn bytes(&self) -> usize {
                    Workspace::bytes(self)
                }
            }
        }
    }
}
