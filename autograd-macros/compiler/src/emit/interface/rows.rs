//! Mini-batches: which dimension counts the observations, and how some of them are chosen from the inputs.
//!
//! ```text
//! impl<'i, T: Float> Data<Mlp<T>> for Inputs<'i, T> {
//!     fn rows(&self) -> usize { self.x.shape()[0] }
//!     fn with<R>(&self, mut batch: Batch<'_, T>, see: impl FnOnce(&Inputs<'_, T>) -> R) -> Result<R, Failure> {
//!         let inputs = Inputs { x: batch.rows("x", &self.x), label: batch.classes("label", &self.label) };
//!         batch.finish("N")?;
//!         Ok(see(&inputs))
//!     }
//! }
//! ```
//!
//! It is all in the generic functions of the runtime: a model that nobody trains in batches makes no machine code of it.

use proc_macro2::TokenStream;

use super::docs;
use super::{Field, Interface};
use crate::emit::rust::names::{code, ours, text};
use crate::graph::Elem;

/// The dimension that counts the observations: the first of the header that is the first axis of an input, and stands
/// nowhere else in what the model owns or is given.
pub(super) fn dimension(interface: &Interface, header: &[String]) -> Option<String> {
    let stands_elsewhere = |name: &str| {
        let owned = interface.owned().flat_map(extents);
        let later = interface.inputs.iter().flat_map(|input| extents(input).skip(usize::from(counts(input, name))));
        let classes = interface.inputs.iter().filter_map(|input| input.classes.as_deref());
        owned.chain(later).chain(classes).any(|extent| mentions(extent, name))
    };
    let counted = |name: &&String| interface.inputs.iter().any(|input| counts(input, name));
    header.iter().filter(counted).find(|name| !stands_elsewhere(name)).cloned()
}

/// The extents of a shape, as text: `N`, `2*H`.
fn extents(field: &Field) -> impl Iterator<Item = &str> {
    field.text.trim_matches(['[', ']']).split(',').map(str::trim).filter(|extent| !extent.is_empty())
}

/// Whether a dimension is the first axis.
fn counts(input: &Field, name: &str) -> bool {
    extents(input).next() == Some(name)
}

/// Whether an extent has a name in it.
fn mentions(extent: &str, name: &str) -> bool {
    extent.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == name)
}

/// `impl Data<Mlp<T>> for Inputs<'_, T>`, where observations can be told and there is a loss to train by.
pub(super) fn data(interface: &Interface) -> TokenStream {
    let Some(rows) = interface.rows.as_deref().filter(|_| interface.is_objective()) else {
        return TokenStream::new();
    };
    let name = ours(&interface.name);
    let lifetime = interface.has_views().then(|| code!('i,));
    let (of, any) =
        (interface.inputs_generics(&code!('i), &code!(T)), interface.inputs_generics(&code!('_), &code!(T)));
    let first = interface.inputs.iter().find(|input| counts(input, rows)).map(|input| ours(&input.name));
    let fields = interface.inputs.iter().map(|input| {
        let (field, called) = (ours(&input.name), text(&input.name));
        match (counts(input, rows), input.elem == Elem::Real, input.rank) {
            (true, true, _) => code!(#field: batch.rows(#called, &self.#field),),
            (true, false, _) => code!(#field: batch.classes(#called, &self.#field),),
            (false, true, 0) => code!(#field: batch.number(#called, self.#field),),
            (false, true, _) => code!(#field: batch.whole(#called, &self.#field),),
            (false, false, 0) => code!(#field: self.#field,),
            (false, false, _) => code!(#field: self.#field.view(),),
        }
    });
    let dims = interface.field_dims.iter().map(|dim| {
        let field = &dim.field;
        code!(#field: self.#field,)
    });
    let doc =
        docs::doc(&format!("The observations are the rows along `{rows}`; what has no such axis is given whole."));
    code! {
        #doc
        impl<#lifetime T: runtime::Float> runtime::Data<#name<T>> for Inputs #of {
            fn rows(&self) -> usize {
                self.#first.shape()[0]
            }

            fn with<R>(
                &self,
                mut batch: runtime::Batch<'_, T>,
                see: impl ::core::ops::FnOnce(&Inputs #any) -> R,
            ) -> ::core::result::Result<R, runtime::Failure> {
                let inputs = Inputs { #(#fields)* #(#dims)* };
                batch.finish(#rows)?;
                ::core::result::Result::Ok(see(&inputs))
            }
        }
    }
}
