//! The error bag: every stage adds to it, the borders between stages read it.
//!
//! One kind of mistake is one variant of [`Problem`]; `tests/ui` holds one file for each.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

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
    /// Something to type, if there is something.
    pub help: Option<String>,
}

/// The kinds of mistakes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The compiler broke one of its own rules; never the user's fault.
    Internal {
        /// The pass after which the rule was found broken.
        pass: &'static str,
        /// The rule.
        message: String,
    },
    /// Something else should stand here.
    UnexpectedToken {
        /// What should.
        expected: String,
        /// What does.
        found: String,
    },
    /// A model without a name.
    MissingModelName,
    /// Braces with nothing in them.
    EmptyBody {
        /// What they belong to.
        owner: String,
    },
    /// The header names a dimension twice.
    DuplicateDimension {
        /// The dimension.
        name: String,
    },
    /// An item does not end.
    MissingSemicolon,
    /// A name is given no value.
    MissingValue {
        /// The name.
        name: String,
    },
    /// A word of Rust stands where a name should.
    ReservedWord {
        /// The word.
        word: String,
    },
    /// An output or a step has a name that every model uses for something else.
    ReservedName {
        /// The name.
        name: String,
    },
    /// `w·x`, which Rust reads as one name.
    InterpunctInName {
        /// The name.
        name: String,
    },
    /// `2x`, which Rust reads as one number.
    NumberSuffix {
        /// The number.
        literal: String,
        /// Its suffix.
        suffix: String,
    },
    /// A hexadecimal, octal or binary number.
    NumberRadix {
        /// The number.
        literal: String,
    },
    /// A number beyond the range of f64.
    NumberTooLarge {
        /// The number.
        literal: String,
    },
    /// A string, a character or a lifetime.
    NotANumber {
        /// What it is.
        literal: String,
    },
    /// An operator that the language does not have.
    UnknownOperator {
        /// The operator.
        operator: String,
    },
    /// A sign `+` before an operand.
    UnaryPlus,
    /// `=` inside an expression.
    EqualsInExpression,
    /// `0 <= x < 1`.
    ComparisonChain,
    /// Two operands with nothing between them.
    MissingOperator {
        /// The second.
        before: String,
    },
    /// An `if` without an `else`.
    MissingElse,
    /// A point followed by a name that is neither `T` nor called.
    NoSuchField {
        /// The name.
        name: String,
    },
    /// `x[]`.
    EmptyBrackets,
    /// An expression that is nested too deeply.
    TooDeep {
        /// The deepest that is allowed.
        limit: usize,
    },
    /// `c[i, j] = …`, which is not built yet.
    IndexedOutput {
        /// The output.
        name: String,
        /// Its indices.
        indices: String,
    },
    /// `w := …;` outside of a step.
    AssignOutsideStep {
        /// What is assigned to.
        name: String,
    },
    /// `w = …;` inside a step.
    EqualsInStep {
        /// What is assigned to.
        name: String,
    },
    /// An attribute inside of the model.
    AttributeOnItem,
    /// A part of a declaration that belongs to another kind of item.
    MisplacedClause {
        /// The part.
        clause: String,
        /// The item that has it.
        item: String,
    },
    /// A word that begins no item.
    UnknownItem {
        /// The word.
        word: String,
    },
    /// A function has two arguments of one name.
    DuplicateArgument {
        /// The name.
        name: String,
    },
}

impl Problem {
    /// The name of the kind: that of its file in `tests/ui`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Internal { .. } => "internal",
            Self::UnexpectedToken { .. } => "unexpected_token",
            Self::MissingModelName => "missing_model_name",
            Self::EmptyBody { .. } => "empty_body",
            Self::DuplicateDimension { .. } => "duplicate_dimension",
            Self::MissingSemicolon => "missing_semicolon",
            Self::MissingValue { .. } => "missing_value",
            Self::ReservedWord { .. } => "reserved_word",
            Self::ReservedName { .. } => "reserved_name",
            Self::InterpunctInName { .. } => "interpunct_in_name",
            Self::NumberSuffix { .. } => "number_suffix",
            Self::NumberRadix { .. } => "number_radix",
            Self::NumberTooLarge { .. } => "number_too_large",
            Self::NotANumber { .. } => "not_a_number",
            Self::UnknownOperator { .. } => "unknown_operator",
            Self::UnaryPlus => "unary_plus",
            Self::EqualsInExpression => "equals_in_expression",
            Self::ComparisonChain => "comparison_chain",
            Self::MissingOperator { .. } => "missing_operator",
            Self::MissingElse => "missing_else",
            Self::NoSuchField { .. } => "no_such_field",
            Self::EmptyBrackets => "empty_brackets",
            Self::TooDeep { .. } => "too_deep",
            Self::IndexedOutput { .. } => "indexed_output",
            Self::AssignOutsideStep { .. } => "assign_outside_step",
            Self::EqualsInStep { .. } => "equals_in_step",
            Self::AttributeOnItem => "attribute_on_item",
            Self::MisplacedClause { .. } => "misplaced_clause",
            Self::UnknownItem { .. } => "unknown_item",
            Self::DuplicateArgument { .. } => "duplicate_argument",
        }
    }

    /// The message: lower case, no full stop, code in backticks.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::UnexpectedToken { expected, found } => format!("expected {expected}, found {found}"),
            Self::MissingModelName => "the model has no name".to_owned(),
            Self::EmptyBody { owner } => format!("the body of {owner} is empty"),
            Self::DuplicateDimension { name } => format!("the dimension `{name}` is declared twice"),
            Self::MissingSemicolon => "there is no `;` at the end of this item".to_owned(),
            Self::MissingValue { name } => format!("`{name}` is given no value"),
            Self::ReservedWord { word } => format!("`{word}` is a word of Rust, and cannot be a name"),
            Self::ReservedName { name } => format!("`{name}` already means something in every model"),
            Self::InterpunctInName { name } => format!("`{name}` is a single name: the dot does not multiply"),
            Self::NumberSuffix { literal, suffix } => format!("`{literal}` is a single number with the suffix `{suffix}`"),
            Self::NumberRadix { literal } => format!("`{literal}`: numbers are written in decimal digits"),
            Self::NumberTooLarge { literal } => format!("`{literal}` is too large for a number"),
            Self::NotANumber { literal } => format!("`{literal}` is not a number: models compute with numbers and truth values"),
            Self::UnknownOperator { operator } => format!("there is no operator `{operator}` here"),
            Self::UnaryPlus => "`+` stands between two values, not before one".to_owned(),
            Self::EqualsInExpression => "`=` cannot stand inside an expression".to_owned(),
            Self::ComparisonChain => "comparisons do not chain".to_owned(),
            Self::MissingOperator { before } => format!("there is no operator before {before}"),
            Self::MissingElse => "this `if` has no `else`, and so no value where the condition is false".to_owned(),
            Self::NoSuchField { name } => format!("a value has no field `.{name}`"),
            Self::EmptyBrackets => "there is nothing between these brackets".to_owned(),
            Self::TooDeep { limit } => format!("this expression is more than {limit} operations deep"),
            Self::IndexedOutput { name, indices } => format!("index notation is not supported yet: `{name}[{indices}] = …`"),
            Self::AssignOutsideStep { name } => format!("`:=` assigns to `{name}` outside of a `step`"),
            Self::EqualsInStep { name } => format!("`=` does not assign to `{name}` in a step"),
            Self::AttributeOnItem => "an item takes no attributes".to_owned(),
            Self::MisplacedClause { clause, item } => format!("`{clause}` does not belong to `{item}`"),
            Self::UnknownItem { word } => format!("no item begins with `{word}`"),
            Self::DuplicateArgument { name } => format!("the argument `{name}` is declared twice"),
            Self::Internal { pass, message } => {
                format!("internal error in model!, pass `{pass}`: {message}")
            }
        }
    }
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
    pub fn error_with_help(&mut self, span: impl Into<SpanRange>, problem: Problem, help: impl Into<String>) {
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
        text.push_str(help);
    }
    let SpanRange { first, last } = error.span;
    let head = quote_spanned!(first=> ::core::compile_error!);
    let body = quote_spanned!(last=> { #text });
    quote::quote!(#head #body)
}
