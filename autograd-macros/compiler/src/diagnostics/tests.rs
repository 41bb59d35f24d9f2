//! Every kind of mistake has a file in `tests/ui`, and that file makes this mistake.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use proc_macro2::{Group, TokenStream, TokenTree};

use super::{Diagnostics, Problem};
use crate::{pipeline, syntax};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/ui")
}

/// The names of the files directly in `tests/ui`.
fn files(extension: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder()).expect("the folder of the workspace");
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    let files = paths.filter(|path| path.extension().is_some_and(|found| found == extension));
    files.map(|path| path.file_stem().expect("a file has a name").to_string_lossy().into_owned()).collect()
}

/// All kinds, but for the compiler's own faults: no model shows those.
fn codes() -> BTreeSet<String> {
    Problem::CODES.iter().filter(|&&code| code != "internal").map(ToString::to_string).collect()
}

/// The tokens between the braces of every `model! { … }`.
fn models(tokens: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let inside =
        |group: &Group| if after_model(&tokens, group) { vec![group.stream()] } else { models(group.stream()) };
    let groups = tokens.iter().filter_map(|token| match token {
        TokenTree::Group(group) => Some(group),
        _ => None,
    });
    groups.flat_map(inside).collect()
}

/// Whether `model!` stands right before the group.
fn after_model(tokens: &[TokenTree], group: &Group) -> bool {
    tokens.windows(3).any(|window| match window {
        [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Group(found)] => {
            name == "model" && found.span_open().byte_range() == group.span_open().byte_range()
        }
        _ => false,
    })
}

/// The kinds of the mistakes in a model.
fn mistakes(model: TokenStream) -> Vec<&'static str> {
    let mut diagnostics = Diagnostics::default();
    if let Some(tree) = syntax::parse(model, &mut diagnostics) {
        pipeline::translate(&tree, &mut diagnostics);
    }
    diagnostics.errors().iter().map(|error| error.problem.code()).collect()
}

#[test]
fn every_kind_has_a_file_and_every_file_a_kind() {
    assert_eq!(files("rs"), codes());
    assert_eq!(files("stderr"), codes());
}

#[test]
fn every_file_makes_its_mistake_and_no_other() {
    let wrong: Vec<_> =
        codes().into_iter().map(|code| (found(&code), code)).filter(|(found, code)| !only(found, code)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The kinds of the mistakes in a file.
fn found(code: &str) -> Vec<&'static str> {
    let text = fs::read_to_string(folder().join(format!("{code}.rs"))).expect("each kind has a file");
    models(text.parse().expect("a file of Rust")).into_iter().flat_map(mistakes).collect()
}

fn only(found: &[&str], code: &str) -> bool {
    !found.is_empty() && found.iter().all(|&found| found == code)
}
