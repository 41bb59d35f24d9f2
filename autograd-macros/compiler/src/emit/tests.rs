//! Snapshots of what is emitted.

use std::str::FromStr;

use proc_macro2::TokenStream;
use quote::quote;

use super::emit;
use crate::diagnostics::Diagnostics;
use crate::{pipeline, syntax};

/// The module of a model, formatted.
fn expand(text: &str) -> String {
    let mut diagnostics = Diagnostics::default();
    let tokens = TokenStream::from_str(text).expect("the model is made of tokens");
    let tree = syntax::parse(tokens, &mut diagnostics).expect("the model has a name");
    let translated = pipeline::translate(&tree, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{:?}", diagnostics.errors());
    let (model, entries) = translated.expect("a model without mistakes is translated");
    let tokens = emit(&model, &entries, &quote!(::autograd_core));
    let file = syn::parse2(tokens).expect("what is emitted is Rust");
    prettyplease::unparse(&file)
}

#[test]
fn linear_regression() {
    let text = expand(
        "/// y = w·x + b by least squares.
        pub LinearRegression<N> {
            param w, b;
            input x: [N], y: [N];
            loss = mean((0.5 * (w*x + b - y))^2);
        }",
    );
    println!("{text}");
}
