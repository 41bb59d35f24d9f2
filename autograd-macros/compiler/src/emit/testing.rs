//! What is emitted, as formatted text, for tests.

use proc_macro2::TokenStream;
use quote::quote;

use super::entry;
use super::interface::Interface;
use super::rust::tree::Kernel;
use super::shared;
use super::{Shown, emit, emit_cut};
use crate::look::formula;
use crate::loops::parse::parse;
use crate::machine::ENTRY_LENGTH;
use crate::schedule::optimise;
use crate::testing::models::compiled;

/// The module of a model, formatted.
pub(crate) fn expand(text: &str) -> String {
    expand_cut(text, ENTRY_LENGTH)
}

/// The module of a model, formatted; entry points that have more than `longest` statements are cut.
pub(crate) fn expand_cut(text: &str, longest: usize) -> String {
    let (model, programs) = compiled(text);
    let tokens = emit_cut(
        &model,
        &programs,
        Shown { formulas: formula::section(&model), source: None },
        &quote!(::autograd_core),
        longest,
    );
    formatted(tokens.expect("what is emitted is right"))
}

/// The module of a model with one output, that output computed by another program.
pub(crate) fn expand_program(model: &str, program: &str) -> String {
    let (model, mut programs) = compiled(model);
    let mut program = parse(program).expect("it is a program");
    optimise(&mut program, &mut |_, _| {});
    programs.entries[0].program = program;
    formatted(emit(&model, &programs, Shown::default(), &quote!(::autograd_core)).expect("what is emitted is right"))
}

/// The kernels of a model.
pub(crate) fn kernels(text: &str) -> Vec<Kernel> {
    let (model, programs) = compiled(text);
    let interface = Interface::of_model(&model);
    let (mut shared, _) = shared(&model, &interface, ENTRY_LENGTH);
    for entry in &programs.entries {
        entry::body(&mut shared, entry);
    }
    shared.kernels.trees()
}

pub(crate) fn formatted(tokens: TokenStream) -> String {
    let file = syn::parse2(tokens).expect("what is emitted is Rust");
    prettyplease::unparse(&file)
}

/// The text from the line that contains `first` to the line that closes what it opens.
pub(crate) fn part(text: &str, first: &str) -> String {
    let at = text.find(first).unwrap_or_else(|| panic!("no `{first}` in\n{text}"));
    let from = text[..at].rfind('\n').map_or(0, |place| place + 1);
    let indent = text[from..].len() - text[from..].trim_start().len();
    let end = format!("\n{}}}\n", " ".repeat(indent));
    let to = text[at..].find(&end).map_or(text.len(), |place| at + place + end.len());
    let lines = text[from..to].lines().map(|line| line.get(indent..).unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n") + "\n"
}
