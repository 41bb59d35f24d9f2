//! Models in, graphs or messages out; the files beside this one go through the language part by part.

mod choices;
mod densities;
mod graphs;
mod habits;
mod indices;
mod interface;
mod library;
mod magnitudes;
mod mistakes;
mod people;
mod random_indices;
mod robust;
mod values;
mod zeros;

use std::fmt::Write;

use proc_macro2::TokenStream;

use crate::diagnostics::{Diagnostics, Help};
use crate::graph::model::Model;
use crate::graph::print;
use crate::testing::models::read;

/// Builds a model from its text; the messages, if something is wrong with it.
pub(in crate::build) fn build(source: &str) -> Result<Model, String> {
    source.parse::<TokenStream>().map_err(|error| error.to_string())?;
    let (tree, mut diagnostics) = read(source);
    let model = match &tree {
        Some(tree) if !diagnostics.has_errors() => super::build(tree, &mut diagnostics),
        _ => None,
    };
    let text = messages(&diagnostics);
    model.filter(|_| text.is_empty()).ok_or(text)
}

/// The errors as text, one a line, help below, with what each points at.
fn messages(diagnostics: &Diagnostics) -> String {
    let mut text = String::new();
    for error in diagnostics.errors() {
        let start = error.span.first.start();
        let end = error.span.last.end();
        let _ = writeln!(text, "{}:{}-{}: {}", start.line, start.column, end.column, error.problem.message());
        if let Some(Help { text: help, .. }) = &error.help {
            let _ = writeln!(text, "    help: {help}");
        }
    }
    text
}

/// The graph of a model, or its messages.
pub(super) fn text(source: &str) -> String {
    match build(source) {
        Ok(model) => {
            let mut results: Vec<(String, _)> =
                model.outputs.iter().map(|output| (output.name.to_string(), output.node)).collect();
            for step in &model.steps {
                results.extend(step.assignments.iter().map(|(name, node)| (format!("{}.{name}", step.name), *node)));
                results.extend(step.results.iter().map(|(name, node)| (format!("{} -> {name}", step.name), *node)));
            }
            let results: Vec<(&str, _)> = results.iter().map(|(name, node)| (name.as_str(), *node)).collect();
            print::print(&model.region, &results)
        }
        Err(messages) => messages,
    }
}
