//! The error bag: every stage adds to it, the borders between stages read it.
//!
//! One kind of mistake is one variant of [`Problem`]; `tests/ui` holds one file for each, and a test checks that.

mod help;
mod problem;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use tests::mended;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

pub use help::{Edit, Help, Place};
pub use problem::Problem;

/// The first and the last token of what an error points at. (Stable Rust cannot join spans, two ends can be given.)
#[derive(Clone, Copy, Debug)]
pub struct SpanRange {
    /// The first token.
    pub first: Span,
    /// The last token.
    pub last: Span,
}

impl SpanRange {
    /// From the first token of `self` to the last of `other`.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { first: self.first, last: other.last }
    }
}

impl From<Span> for SpanRange {
    fn from(span: Span) -> Self {
        Self { first: span, last: span }
    }
}

/// One mistake: where, what, and what would mend it.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// What to underline.
    pub span: SpanRange,
    /// What is wrong.
    pub problem: Problem,
    /// What would mend it, if that can be said.
    pub help: Option<Help>,
}

/// The bag of errors that is handed through all stages.
#[derive(Debug, Default)]
pub struct Diagnostics {
    errors: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds an error without a remedy.
    pub fn error(&mut self, span: impl Into<SpanRange>, problem: Problem) {
        self.errors.push(Diagnostic { span: span.into(), problem, help: None });
    }

    /// Adds an error with something to type.
    pub fn error_with_help(&mut self, span: impl Into<SpanRange>, problem: Problem, help: impl Into<Help>) {
        self.errors.push(Diagnostic { span: span.into(), problem, help: Some(help.into()) });
    }

    /// Whether anything went wrong so far.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// All errors, in the order in which they were found.
    #[must_use]
    pub fn errors(&self) -> &[Diagnostic] {
        &self.errors
    }

    /// Forgets the errors after the first `count`: of a part that is refused as a whole, and was read for its meaning only.
    pub fn forget_after(&mut self, count: usize) {
        self.errors.truncate(count);
    }

    /// The errors as `compile_error!` invocations at their places.
    #[must_use]
    pub fn into_tokens(self) -> TokenStream {
        self.errors.iter().map(compile_error).collect()
    }
}

/// Prints `::core::compile_error! { "message" }`, spanned from the first to the last token.
fn compile_error(error: &Diagnostic) -> TokenStream {
    let mut text = error.problem.message();
    if let Some(help) = &error.help {
        text.push_str("\nhelp: ");
        text.push_str(&help.text);
    }
    let SpanRange { first, last } = error.span;
    let head = quote_spanned!(first=> ::core::compile_error!);
    let body = quote_spanned!(last=> { #text });
    quote::quote!(#head #body)
}
