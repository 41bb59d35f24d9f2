//! Tokens → syntax tree: a parser for the language of `model!`.
//!
//! [`parse`] reports every mistake that it can find and returns what it understood, so that the model's items can still
//! be emitted as stubs. It never panics, whatever the tokens, and the tree is never deeper than the later stages can
//! recurse. After an error an expression that could not be read is the number NaN; without errors there is none.
//!
//! `a + b^2` is read as `(a + (b ^ 2))`, `-x^2` as `(-(x ^ 2))`.

use std::str::FromStr;

use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;
pub use names::module_name;
use parser::Parser;
pub use repair::repair;
use tokens::Cursor;

pub mod attributes;
mod binders;
mod block;
mod chosen;
mod declarations;
mod expr;
mod foreign;
#[cfg(test)]
mod fuzz;
mod header;
mod headless;
mod items;
#[cfg(test)]
mod mistakes;
mod names;
mod number;
mod parser;
mod postfix;
mod primary;
pub mod print;
mod repair;
mod residual;
pub mod rewrite;
mod step;
mod support;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tokens;
pub mod tree;

/// Reads a model; `None` if it has no name. After an error, what is returned serves for finding further mistakes in the
/// items that could be read, and for stubs.
pub fn parse(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Option<tree::Model> {
    Parser::new(Cursor::new(tokens), diagnostics).model()
}

/// The text of an expression, with parentheses if something beside it could tear it apart.
#[must_use]
pub fn as_operand(code: &str) -> String {
    if expression(code).is_some_and(|value| print::is_operand(&value)) { code.to_owned() } else { format!("({code})") }
}

/// The expression that a text is, if it is one.
#[must_use]
pub fn expression(code: &str) -> Option<tree::Expr> {
    let tokens = TokenStream::from_str(&format!("Language {{ y = {code}; }}")).ok()?;
    let mut diagnostics = Diagnostics::default();
    let tree = parse(tokens, &mut diagnostics)?;
    match tree.items.into_iter().next()? {
        tree::Item::Output(binding) if !diagnostics.has_errors() => Some(binding.value),
        _ => None,
    }
}
