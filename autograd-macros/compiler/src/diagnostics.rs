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
    /// A name that is taken.
    DuplicateName {
        /// The name.
        name: String,
        /// What took it.
        kind: &'static str,
    },
    /// A name that means nothing.
    UnknownName {
        /// The name.
        name: String,
    },
    /// A value that is defined further below.
    UsedTooEarly {
        /// The name.
        name: String,
    },
    /// A value that is defined by itself.
    SelfReference {
        /// The name.
        name: String,
    },
    /// A function that does not exist.
    UnknownFunction {
        /// Its name.
        name: String,
    },
    /// A function that calls itself.
    RecursiveFunction {
        /// Its name.
        name: String,
    },
    /// Too many or too few arguments.
    WrongArgumentCount {
        /// The function.
        function: String,
        /// How many it takes.
        expected: String,
        /// How many there are.
        given: usize,
    },
    /// A named argument that the function does not have.
    UnknownArgument {
        /// The argument.
        name: String,
        /// The function.
        function: String,
    },
    /// An argument that is given twice.
    RepeatedArgument {
        /// The argument.
        name: String,
        /// The function.
        function: String,
    },
    /// A part of the language that is still missing.
    NotSupported {
        /// The part.
        what: String,
    },
    /// An expression that is no value.
    NotAValue {
        /// The expression.
        expr: String,
    },
    /// A dimension that the header lacks.
    UnknownDimension {
        /// Its name.
        name: String,
    },
    /// An expression that is no dimension.
    NotADimension {
        /// The expression.
        expr: String,
    },
    /// A quotient of dimensions that is never whole.
    InexactDivision {
        /// What is divided.
        dividend: String,
        /// By what.
        divisor: String,
    },
    /// An extent below zero.
    NegativeExtent {
        /// The extent.
        value: i64,
    },
    /// A dimension beyond 64 bits.
    DimensionOverflow,
    /// Inputs that leave dimensions open.
    UnsolvableDimension {
        /// The shape of the input.
        shape: String,
        /// What it leaves open.
        names: String,
    },
    /// Shapes that do not broadcast.
    ShapesDiffer {
        /// What cannot be done.
        cannot: String,
        /// Why.
        reason: String,
    },
    /// A broadcast that would shrink.
    CannotBroadcast {
        /// The shape before.
        from: String,
        /// The shape after.
        to: String,
    },
    /// A value that does not fit where it goes.
    WrongShape {
        /// The value.
        what: String,
        /// The shape it should have.
        expected: String,
        /// The shape it has.
        found: String,
    },
    /// A choice between shapes.
    ArmsDiffer {
        /// What chooses.
        whose: String,
        /// The first shape.
        left: String,
        /// The second.
        right: String,
        /// Where they differ.
        reason: String,
    },
    /// A matrix product whose inner dimensions differ.
    InnerDimensions {
        /// The product.
        expr: String,
        /// The left shape.
        left: String,
        /// The right.
        right: String,
        /// The inner dimensions.
        dims: (String, String),
    },
    /// A value with too few axes, or too many.
    WrongRank {
        /// What takes it.
        what: String,
        /// What it takes.
        expected: String,
        /// What it is given.
        found: String,
    },
    /// A number where a truth value belongs, or the like.
    WrongKind {
        /// What takes it.
        what: String,
        /// What it takes.
        expected: &'static str,
        /// What it is given.
        found: String,
    },
    /// An axis that the value lacks.
    NoSuchAxis {
        /// The axis.
        axis: String,
        /// The shape.
        shape: String,
    },
    /// An axis whose name occurs twice.
    AmbiguousAxis {
        /// The axis.
        axis: String,
        /// The shape.
        shape: String,
    },
    /// An axis that is named twice.
    RepeatedAxis {
        /// The axis.
        axis: String,
    },
    /// A function that has to be told its axis.
    AxisNeeded {
        /// The function.
        function: String,
        /// The shape.
        shape: String,
    },
    /// An axis for what is element by element.
    AxisOfElementwise {
        /// The function.
        function: String,
        /// How many arguments there are.
        given: usize,
    },
    /// A reshape that changes the number of elements.
    BadReshape {
        /// The shape before.
        from: String,
        /// The shape after.
        to: String,
        /// How many elements these have.
        counts: (String, String),
    },
    /// An order of axes that is not complete.
    BadOrder {
        /// How many axes are named.
        given: usize,
        /// The shape.
        shape: String,
    },
    /// More subscripts than axes.
    TooManySubscripts {
        /// How many there are.
        given: usize,
        /// The shape.
        shape: String,
    },
    /// A subscript beyond the extent.
    OutOfRange {
        /// The subscript.
        subscript: String,
        /// The extent.
        extent: String,
    },
    /// A range that ends before it starts.
    BackwardRange {
        /// Its start.
        from: String,
        /// Its end.
        to: String,
    },
    /// A mean over an axis without elements.
    MeanOfNothing {
        /// The function.
        function: String,
    },
    /// Labels of other classes than the logits.
    ClassesDiffer {
        /// The labels.
        label: String,
        /// How many classes they count.
        classes: String,
        /// How many the logits have.
        logits: String,
    },
    /// Something that the compiler should know and does not.
    NotConstant {
        /// What should be known.
        whose: String,
        /// What is not.
        name: String,
    },
    /// A tensor where one number belongs.
    NotANumberConstant {
        /// What should be a number.
        whose: String,
        /// Its shape.
        found: String,
    },
    /// An initialiser that does not exist.
    UnknownInitialiser {
        /// Its name.
        name: String,
    },
    /// The gradient of what is not a scalar.
    GradientOfTensor {
        /// What is differentiated.
        expr: String,
        /// Its shape.
        shape: String,
    },
    /// A derivative by something without a name.
    NotAVariable {
        /// What it is by.
        expr: String,
        /// The derivative.
        function: String,
    },
    /// A derivative of or by truth values or indices.
    NotDifferentiable {
        /// What it is of or by.
        expr: String,
        /// What that is.
        found: String,
    },
    /// A derivative that is zero because nothing depends on anything.
    NoDerivative {
        /// What is differentiated.
        of: String,
        /// By what.
        by: String,
        /// Why nothing flows.
        reason: String,
    },
    /// A derivative that does not exist within the language.
    DerivativeRefused {
        /// Why.
        reason: String,
    },
    /// A parameter without a gradient.
    UnreachedParameter {
        /// The parameter.
        name: String,
        /// Why nothing flows, if it is used at all.
        reason: Option<String>,
    },
    /// A loss that is not one number.
    LossNotScalar {
        /// Its shape, or what else it is.
        found: String,
    },
    /// An assignment to what no model owns.
    NotAssignable {
        /// What it is.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// Two assignments to one target.
    AssignedTwice {
        /// The target.
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
            Self::DuplicateName { .. } => "duplicate_name",
            Self::UnknownName { .. } => "unknown_name",
            Self::UsedTooEarly { .. } => "used_too_early",
            Self::SelfReference { .. } => "self_reference",
            Self::UnknownFunction { .. } => "unknown_function",
            Self::RecursiveFunction { .. } => "recursive_function",
            Self::WrongArgumentCount { .. } => "wrong_argument_count",
            Self::UnknownArgument { .. } => "unknown_argument",
            Self::RepeatedArgument { .. } => "repeated_argument",
            Self::NotSupported { .. } => "not_supported",
            Self::NotAValue { .. } => "not_a_value",
            Self::UnknownDimension { .. } => "unknown_dimension",
            Self::NotADimension { .. } => "not_a_dimension",
            Self::InexactDivision { .. } => "inexact_division",
            Self::NegativeExtent { .. } => "negative_extent",
            Self::DimensionOverflow => "dimension_overflow",
            Self::UnsolvableDimension { .. } => "unsolvable_dimension",
            Self::ShapesDiffer { .. } => "shapes_differ",
            Self::CannotBroadcast { .. } => "cannot_broadcast",
            Self::WrongShape { .. } => "wrong_shape",
            Self::ArmsDiffer { .. } => "arms_differ",
            Self::InnerDimensions { .. } => "inner_dimensions",
            Self::WrongRank { .. } => "wrong_rank",
            Self::WrongKind { .. } => "wrong_kind",
            Self::NoSuchAxis { .. } => "no_such_axis",
            Self::AmbiguousAxis { .. } => "ambiguous_axis",
            Self::RepeatedAxis { .. } => "repeated_axis",
            Self::AxisNeeded { .. } => "axis_needed",
            Self::AxisOfElementwise { .. } => "axis_of_elementwise",
            Self::BadReshape { .. } => "bad_reshape",
            Self::BadOrder { .. } => "bad_order",
            Self::TooManySubscripts { .. } => "too_many_subscripts",
            Self::OutOfRange { .. } => "out_of_range",
            Self::BackwardRange { .. } => "backward_range",
            Self::MeanOfNothing { .. } => "mean_of_nothing",
            Self::ClassesDiffer { .. } => "classes_differ",
            Self::NotConstant { .. } => "not_constant",
            Self::NotANumberConstant { .. } => "not_a_number_constant",
            Self::UnknownInitialiser { .. } => "unknown_initialiser",
            Self::GradientOfTensor { .. } => "gradient_of_tensor",
            Self::NotAVariable { .. } => "not_a_variable",
            Self::NotDifferentiable { .. } => "not_differentiable",
            Self::NoDerivative { .. } => "no_derivative",
            Self::DerivativeRefused { .. } => "derivative_refused",
            Self::UnreachedParameter { .. } => "unreached_parameter",
            Self::LossNotScalar { .. } => "loss_not_scalar",
            Self::NotAssignable { .. } => "not_assignable",
            Self::AssignedTwice { .. } => "assigned_twice",
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
            Self::DuplicateName { name, kind } => format!("there is already {} {kind} `{name}`", article(kind)),
            Self::UnknownName { name } => format!("unknown name `{name}`"),
            Self::UsedTooEarly { name } => format!("`{name}` is used before it is defined"),
            Self::SelfReference { name } => format!("`{name}` is used in its own definition"),
            Self::UnknownFunction { name } => format!("unknown function `{name}`"),
            Self::RecursiveFunction { name } => format!("`{name}` calls itself"),
            Self::WrongArgumentCount { function, expected, given } => format!("`{function}` takes {expected}, but is given {given}"),
            Self::UnknownArgument { name, function } => format!("`{function}` has no argument `{name}`"),
            Self::RepeatedArgument { name, function } => format!("the argument `{name}` of `{function}` is given twice"),
            Self::NotSupported { what } => format!("{what} is not supported yet"),
            Self::NotAValue { expr } => format!("{expr} is not a value"),
            Self::UnknownDimension { name } => format!("unknown dimension `{name}`"),
            Self::NotADimension { expr } => format!("{expr} is not a dimension"),
            Self::InexactDivision { dividend, divisor } => format!("{dividend} is not divisible by {divisor}"),
            Self::NegativeExtent { value } => format!("an extent cannot be negative, but this is {value}"),
            Self::DimensionOverflow => "this dimension is too large".to_owned(),
            Self::UnsolvableDimension { shape, names } => format!("no input says what {names} is: {shape} cannot be solved for it"),
            Self::ShapesDiffer { cannot, reason } => format!("{cannot}: {reason}"),
            Self::CannotBroadcast { from, to } => format!("cannot broadcast {from} to {to}: axes only grow"),
            Self::WrongShape { what, expected, found } => format!("{what} has to be {expected}, but is {found}"),
            Self::ArmsDiffer { whose, left, right, reason } => format!("{whose} are {left} and {right}: {reason}"),
            Self::InnerDimensions { expr, left, right, dims } => {
                format!("{expr} multiplies {left} by {right}: the inner dimensions {} and {} differ", dims.0, dims.1)
            }
            Self::WrongRank { what, expected, found } => format!("{what} takes {expected}, but is given {found}"),
            Self::WrongKind { what, expected, found } => format!("{what} takes {expected}, but is given {found}"),
            Self::NoSuchAxis { axis, shape } => format!("there is no axis {axis} in {shape}"),
            Self::AmbiguousAxis { axis, shape } => format!("{axis} occurs more than once in {shape}: the axis needs a number"),
            Self::RepeatedAxis { axis } => format!("the axis {axis} is named twice"),
            Self::AxisNeeded { function, shape } => format!("`{function}` of {shape} needs to know the axis"),
            Self::AxisOfElementwise { function, given } => format!("`{function}` of {given} values has no axis"),
            Self::BadReshape { from, to, counts } => {
                format!("cannot reshape {from} to {to}: they have {} and {} elements", counts.0, counts.1)
            }
            Self::BadOrder { given, shape } => format!("an order of the axes of {shape} names each of them, but this names {given}"),
            Self::TooManySubscripts { given, shape } => format!("there are {given} subscripts, but the shape is {shape}"),
            Self::OutOfRange { subscript, extent } => format!("the subscript {subscript} lies outside of an axis of extent {extent}"),
            Self::BackwardRange { from, to } => format!("the range from {from} to {to} ends before it starts"),
            Self::MeanOfNothing { function } => format!("`{function}` over an axis of extent 0 has no value"),
            Self::ClassesDiffer { label, classes, logits } => format!("{label} counts {classes} classes, but the logits have {logits}"),
            Self::NotConstant { whose, name } => format!("{whose} has to be known when the model is compiled, but `{name}` is not"),
            Self::NotANumberConstant { whose, found } => format!("{whose} is one number, but this is {found}"),
            Self::UnknownInitialiser { name } => format!("unknown initialiser `{name}`"),
            Self::GradientOfTensor { expr, shape } => format!("`grad` is of a scalar, but {expr} is {shape}"),
            Self::NotAVariable { expr, function } => format!("`{function}` is by a named value, but {expr} is not one"),
            Self::NotDifferentiable { expr, found } => format!("only numbers have derivatives, but {expr} is {found}"),
            Self::NoDerivative { of, by, reason } => format!("the derivative of {of} by {by} is zero: {reason}"),
            Self::DerivativeRefused { reason } => reason.clone(),
            Self::UnreachedParameter { name, reason: None } => format!("no gradient reaches parameter `{name}`"),
            Self::UnreachedParameter { name, reason: Some(reason) } => {
                format!("no gradient reaches parameter `{name}`: {reason}")
            }
            Self::LossNotScalar { found } => format!("`loss` must be a scalar to be minimised, but it is {found}"),
            Self::NotAssignable { kind, name } => format!("cannot assign to the {kind} `{name}`"),
            Self::AssignedTwice { name } => format!("`{name}` is assigned twice in one step"),
            Self::Internal { pass, message } => {
                format!("internal error in model!, pass `{pass}`: {message}")
            }
        }
    }
}

/// `a` or `an`, before a word.
fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
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
