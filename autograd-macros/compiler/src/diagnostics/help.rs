//! Suggestions: words to read about what would mend a mistake, and where it can be said exactly, the edits that do it.
//!
//! ```text
//! Help::write("`sigmoid(x)`", call, "sigmoid(x)")    // help: `sigmoid(x)`; the call becomes that
//! Help::from("name a part of it: `let part = …;`")   // words alone
//! ```
//!
//! A test makes the edits in every model of `tests/ui`, and compiles what comes out.

use super::SpanRange;

/// What would mend a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// What is read after `help: `.
    pub text: String,
    /// What to change in the model; nothing, if only its author can know.
    pub edits: Vec<Edit>,
}

/// A change of the model's text.
#[derive(Clone, Debug)]
pub struct Edit {
    /// What is changed.
    pub span: SpanRange,
    /// Where the text goes.
    pub place: Place,
    /// The text.
    pub text: String,
}

/// Where the text of an edit goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Before what is there.
    Before,
    /// Instead of it.
    Instead,
    /// After it.
    After,
}

impl Help {
    /// `` `code` ``, which stands instead of what is there.
    #[must_use]
    pub fn code(span: impl Into<SpanRange>, code: impl Into<String>) -> Self {
        let code = code.into();
        Self::write(format!("`{code}`"), span, code)
    }

    /// Words, and what stands instead of what is there.
    #[must_use]
    pub fn write(text: impl Into<String>, span: impl Into<SpanRange>, code: impl Into<String>) -> Self {
        Self { text: text.into(), edits: Vec::new() }.and(span, Place::Instead, code)
    }

    /// Words, and that what is there goes.
    #[must_use]
    pub fn remove(text: impl Into<String>, span: impl Into<SpanRange>) -> Self {
        Self::write(text, span, "")
    }

    /// One more edit.
    #[must_use]
    pub fn and(mut self, span: impl Into<SpanRange>, place: Place, code: impl Into<String>) -> Self {
        self.edits.push(Edit { span: span.into(), place, text: code.into() });
        self
    }
}

impl PartialEq for Edit {
    fn eq(&self, other: &Self) -> bool {
        (self.place, &self.text) == (other.place, &other.text)
    }
}

impl Eq for Edit {}

impl From<String> for Help {
    fn from(text: String) -> Self {
        Self { text, edits: Vec::new() }
    }
}

impl From<&String> for Help {
    fn from(text: &String) -> Self {
        Self::from(text.clone())
    }
}

impl From<&str> for Help {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}
