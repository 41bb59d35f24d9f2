//! Every kind of mistake has a file in `tests/ui`, and that file makes this mistake.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use proc_macro2::{Group, TokenStream, TokenTree};

use super::{Diagnostic, Diagnostics, Place, Problem};
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
    errors(model).iter().map(|error| error.problem.code()).collect()
}

/// The mistakes in a model.
fn errors(model: TokenStream) -> Vec<Diagnostic> {
    let mut diagnostics = Diagnostics::default();
    if let Some(tree) = syntax::parse(model, &mut diagnostics) {
        pipeline::translate(&tree, &mut diagnostics);
    }
    diagnostics.errors().to_vec()
}

/// A text with the edits made that the help of its errors has; nothing, if there are none. Of two that overlap, the
/// larger is made: it says the smaller too.
pub(crate) fn mended(text: &str, errors: &[Diagnostic]) -> Option<String> {
    let all = errors.iter().filter_map(|error| error.help.as_ref()).flat_map(|help| &help.edits);
    let mut all: Vec<(usize, usize, &str)> = all
        .map(|edit| {
            let (start, end) = (edit.span.first.byte_range().start, edit.span.last.byte_range().end);
            match edit.place {
                Place::Before => (start, start, edit.text.as_str()),
                Place::Instead => (start, end, edit.text.as_str()),
                Place::After => (end, end, edit.text.as_str()),
            }
        })
        .collect();
    all.sort_by_key(|(start, end, _)| usize::MAX - (end - start));
    let mut edits: Vec<(usize, usize, &str)> = Vec::new();
    for (start, end, code) in all {
        if edits.iter().all(|(from, to, _)| end <= *from || *to <= start) {
            edits.push((start, end, code));
        }
    }
    edits.sort_by_key(|edit| (edit.0, edit.1));
    let mut made = String::new();
    let mut last = 0;
    for (start, end, code) in &edits {
        made.push_str(text.get(last..*start)?);
        made.push_str(code);
        last = *end;
    }
    made.push_str(text.get(last..)?);
    (!edits.is_empty()).then_some(made)
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

/// Kinds some of whose mistakes in `tests/ui` have words for help: only the model's author can know what is meant.
const WORDS: &[&str] = &[
    "arms_differ",
    "assigned_twice",
    "axis_of_elementwise",
    "backward_range",
    "bad_order",
    "bad_reshape",
    "cannot_broadcast",
    "cannot_draw",
    "classes_differ",
    "derivative_refused",
    "dimension_overflow",
    "duplicate_argument",
    "duplicate_dimension",
    "duplicate_name",
    "empty_body",
    "empty_brackets",
    "empty_support",
    "index_escapes",
    "index_on_left",
    "index_twice",
    "inexact_division",
    "inner_dimensions",
    "mean_of_nothing",
    "missing_model_name",
    "missing_value",
    "negative_extent",
    "no_loop",
    "no_output",
    "no_such_axis",
    "not_a_dimension",
    "not_a_number",
    "not_a_number_constant",
    "not_a_value",
    "not_a_variable",
    "not_assignable",
    "not_constant",
    "not_differentiable",
    "not_supported",
    "nothing_to_derive",
    "out_of_range",
    "outside_support",
    "pattern_differs",
    "recursive_function",
    "repeated_argument",
    "repeated_axis",
    "reserved_word",
    "self_reference",
    "shapes_differ",
    "too_deep",
    "too_many_subscripts",
    "tuple_size",
    "unexpected_token",
    "unknown_function",
    "unknown_name",
    "unsolvable_dimension",
    "used_too_early",
    "wrong_argument_count",
    "wrong_kind",
    "wrong_rank",
    "wrong_shape",
];

#[test]
fn following_help_compiles() {
    let (mut wrong, mut words) = (Vec::new(), Vec::new());
    for code in codes() {
        let text = fs::read_to_string(folder().join(format!("{code}.rs"))).expect("each kind has a file");
        let errors: Vec<Diagnostic> =
            models(text.parse().expect("a file of Rust")).into_iter().flat_map(errors).collect();
        let has_edits = |error: &&Diagnostic| error.help.as_ref().is_some_and(|help| !help.edits.is_empty());
        let told = errors.iter().filter(|error| !has_edits(error)).count();
        if told > 0 {
            words.push(code.clone());
        }
        let Some(mended) = mended(&text, &errors) else { continue };
        let left: Vec<&str> = models(mended.parse().expect("a file of Rust")).into_iter().flat_map(mistakes).collect();
        if left.len() > told || (told == 0 && !left.is_empty()) {
            wrong.push(format!("{code}: {left:?}\n{mended}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(words, WORDS);
}

fn only(found: &[&str], code: &str) -> bool {
    !found.is_empty() && found.iter().all(|&found| found == code)
}
