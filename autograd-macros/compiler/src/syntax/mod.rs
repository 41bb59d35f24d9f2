//! Tokens → syntax tree: a parser for the language of `model!`.
//!
//! [`parse`] reports every mistake that it can find and returns what it understood, so that the model's items can still
//! be emitted as stubs. It never panics, whatever the tokens, and the tree is never deeper than the later stages can
//! recurse. After an error an expression that could not be read is the number NaN; without errors there is none.
//!
//! `a + b^2` is read as `(a + (b ^ 2))`, `-x^2` as `(-(x ^ 2))`.

use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;
pub use names::module_name;
use parser::Parser;
pub use repair::repair;
use tokens::Cursor;

mod block;
mod expr;
#[cfg(test)]
mod fuzz;
mod header;
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
mod step;
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
