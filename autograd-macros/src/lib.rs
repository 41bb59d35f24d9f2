//! The procedural macro behind `autograd_core::model!`: a few lines around [`autograd_compiler`].

use proc_macro::TokenStream;

/// Compiles `[$crate] model`. Not for use by hand: `autograd_core::model!` calls it.
#[proc_macro]
pub fn compile(tokens: TokenStream) -> TokenStream {
    autograd_compiler::pipeline::compile(tokens.into()).into()
}

/// [`compile`](macro@compile) for the runtime's feature `look`: the model has its own text too.
#[proc_macro]
pub fn compile_to_look_at(tokens: TokenStream) -> TokenStream {
    autograd_compiler::pipeline::compile_to_look_at(tokens.into()).into()
}
