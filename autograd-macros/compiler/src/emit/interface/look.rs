//! What those need who look at a model: its text, and its inputs by name.
//!
//! ```text
//! impl<T: Float> Look for Mlp<T> {
//!     const SOURCE: &'static str = "pub Mlp<N, D, H, K> { … }";
//!     fn given(inputs: &Inputs<'_, T>) -> Given { … given.array("x", &inputs.x); … }
//! }
//! ```
//!
//! It is there with the runtime's feature `look` alone.

use proc_macro2::TokenStream;

use super::Interface;
use crate::emit::rust::names::{code, ours, text};
use crate::graph::Elem;

/// `impl Look for Mlp<T>`, if somebody looks.
pub(super) fn look(interface: &Interface) -> TokenStream {
    let Some(source) = &interface.source else { return TokenStream::new() };
    let name = ours(&interface.name);
    let inputs = interface.inputs_generics(&code!('_), &code!(T));
    let arrays = interface.inputs.iter().map(|input| {
        let (field, called) = (ours(&input.name), text(&input.name));
        match (input.elem == Elem::Real, input.rank) {
            (true, 0) => code!(given.number(#called, inputs.#field);),
            (true, _) => code!(given.array(#called, &inputs.#field);),
            (false, 0) => code!(given.index(#called, inputs.#field);),
            (false, _) => code!(given.indices(#called, &inputs.#field);),
        }
    });
    let sizes = interface.field_dims.iter().map(|dim| {
        let (field, called) = (&dim.field, &dim.name);
        code!(given.size(#called, inputs.#field);)
    });
    code! {
        impl<T: runtime::Float> runtime::Look for #name<T> {
            const SOURCE: &'static str = #source;

            fn given(inputs: &Inputs #inputs) -> runtime::Given {
                let mut given = runtime::Given::default();
                #(#arrays)*
                #(#sizes)*
                given
            }
        }
    }
}
