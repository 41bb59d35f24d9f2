//! What people write in other languages, each in a model of its own: what is said, and the model that follows from it,
//! which has to compile.

#![allow(clippy::too_many_lines, reason = "lists of what people write")]

mod arguments;
mod arrays;
mod items;
mod others;
mod python;
mod rust;
mod stan;
mod words;

use std::fmt::Write;

use expect_test::Expect;

use crate::diagnostics::{Diagnostic, mended};
use crate::testing::models::attempted;

/// The errors of a model.
fn errors(text: &str) -> Vec<Diagnostic> {
    attempted(text).1.errors().to_vec()
}

/// Checks what is said of each of these items; where it can be followed, the model has no mistake after that.
fn check(items: &[&str], expected: &Expect) {
    let mut text = String::new();
    for item in items {
        let head =
            "M<N, D> { param w: [D] unused, b unused; input x: [N, D], y: [N], z: [N, 1]; const k = 2; state m: [D]; ";
        let model = format!("{head}{item} }}");
        let errors = errors(&model);
        let _ = writeln!(text, "{item}");
        if errors.is_empty() {
            let _ = writeln!(text, "    !! accepted");
        }
        for error in &errors {
            let _ = writeln!(text, "    {}", error.problem.message());
            let help = error.help.as_ref().map_or("!! there is none", |help| help.text.as_str());
            let _ = writeln!(text, "    help: {help}");
        }
        if let Some(mended) = mended(&model, &errors) {
            let _ = writeln!(text, "    => {}", mended.strip_prefix(head).unwrap_or(&mended).trim_end_matches(" }"));
            let left = self::errors(&mended);
            let can_all = errors.iter().all(|error| error.help.as_ref().is_some_and(|help| !help.edits.is_empty()));
            if can_all && let Some(error) = left.first() {
                let _ = writeln!(text, "    !! {}", error.problem.message());
            }
        }
    }
    expected.assert_eq(&text);
    assert!(!text.contains("!!"), "help is missing, or does not help");
}
