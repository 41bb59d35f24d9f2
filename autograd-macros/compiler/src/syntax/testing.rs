//! The one helper through which the tests call the parser.

use expect_test::Expect;

use super::print;
use super::tree::{Expr, Item, Model};
use crate::diagnostics::{Diagnostic, Diagnostics};
pub(crate) use crate::testing::models::read;

/// Compares the model that is read, or if there are errors, what is left of the model and the errors.
pub fn check(text: &str, expected: &Expect) {
    let (model, diagnostics) = read(text);
    let tree = model.map_or_else(|| "no model\n".to_owned(), |model| print::model(&model));
    expected.assert_eq(&(tree + &errors(text, &diagnostics)));
}

/// Compares the errors in these items alone.
pub fn check_errors(items: &str, expected: &Expect) {
    let text = format!("M {{ {items} }}");
    let (_, diagnostics) = read(&text);
    expected.assert_eq(errors(&text, &diagnostics).trim_end());
}

/// Compares an expression, or the errors in it.
pub fn check_expr(expression: &str, expected: &Expect) {
    let text = format!("M {{ y = {expression}; }}");
    let (model, diagnostics) = read(&text);
    let value = model.and_then(only_value).filter(|_| !diagnostics.has_errors());
    let answer = value.map_or_else(|| errors(&text, &diagnostics), |value| print::parenthesised(&value));
    expected.assert_eq(answer.trim_end());
}

/// The value of the only output.
pub fn only_value(model: Model) -> Option<Expr> {
    match model.items.into_iter().next()? {
        Item::Output(binding) => Some(binding.value),
        _ => None,
    }
}

fn errors(text: &str, diagnostics: &Diagnostics) -> String {
    diagnostics.errors().iter().map(|error| one(text, error)).collect()
}

/// `what is underlined | message` and the help below it.
fn one(text: &str, error: &Diagnostic) -> String {
    let (first, last) = (error.span.first.byte_range(), error.span.last.byte_range());
    let place = text.get(first.start..last.end).unwrap_or("?");
    let help = error.help.as_ref().map(|help| format!("    help: {}\n", help.text)).unwrap_or_default();
    format!("{place} | {}\n{help}", error.problem.message())
}
