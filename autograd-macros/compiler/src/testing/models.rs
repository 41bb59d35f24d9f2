//! Models as text: what each stage makes of them.

use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;
use crate::entries::Programs;
use crate::graph::model::Model;
use crate::syntax::tree::{self, Damage};
use crate::{build, pipeline, syntax};

/// The tokens of a text.
pub(crate) fn tokens(text: &str) -> TokenStream {
    text.parse().expect("it is made of tokens")
}

/// What a text is read as, and the mistakes in it.
pub(crate) fn read(text: &str) -> (Option<tree::Model>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let tree = syntax::parse(tokens(text), &mut diagnostics);
    (tree, diagnostics)
}

/// What a text is built as, and the mistakes in it.
pub(crate) fn attempted(text: &str) -> (Option<Model>, Diagnostics) {
    let (tree, mut diagnostics) = read(text);
    let tree = tree.filter(|tree| tree.damage != Damage::Header);
    let model = tree.and_then(|tree| build::build(&tree, &mut diagnostics));
    (model, diagnostics)
}

/// The syntax tree of a model without mistakes.
pub(crate) fn parsed(text: &str) -> tree::Model {
    let (tree, diagnostics) = read(text);
    expect_none(text, &diagnostics);
    tree.expect("the model has a name")
}

/// The graph of a model without mistakes, as it is built.
pub(crate) fn built(text: &str) -> Model {
    let (model, diagnostics) = attempted(text);
    expect_none(text, &diagnostics);
    model.expect("a model without mistakes is built")
}

/// The final graph of a model without mistakes, and the programs of its entry points.
pub(crate) fn compiled(text: &str) -> (Model, Programs) {
    let (tree, mut diagnostics) = read(text);
    let compiled = tree.and_then(|tree| pipeline::translate(&tree, &mut diagnostics));
    expect_none(text, &diagnostics);
    compiled.expect("a model without mistakes is translated")
}

#[track_caller]
fn expect_none(text: &str, diagnostics: &Diagnostics) {
    assert!(!diagnostics.has_errors(), "{text}\n{:?}", diagnostics.errors());
}
