//! The kinds of mistakes: one table, a row each. To add a kind is to add a row, and its file in `tests/ui`.
//!
//! ```text
//! /// A name that means nothing.
//! UnknownName {
//!     /// The name.
//!     name: String,
//! } unknown_name: "unknown name `{name}`";
//! ```
//!
//! The word before the message is the name of the file. Messages are lower case, without a full stop, code in
//! backticks.

use crate::machine::DIMENSION_TERMS;

/// Makes the enum and what is known about its variants.
macro_rules! problems {
    ($(
        $(#[$doc:meta])*
        $variant:ident $({ $($(#[$about:meta])* $field:ident: $type:ty,)* })?
            $code:ident: $message:literal $(, $argument:expr)*;
    )*) => {
        /// The kinds of mistakes.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Problem {
            $($(#[$doc])* $variant $({ $($(#[$about])* $field: $type,)* })?,)*
        }

        impl Problem {
            /// The names of all kinds.
            pub const CODES: &'static [&'static str] = &[$(stringify!($code),)*];

            /// The name of the kind: that of its file in `tests/ui`.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => stringify!($code),)*
                }
            }

            /// The message: lower case, no full stop, code in backticks.
            #[must_use]
            pub fn message(&self) -> String {
                match self {
                    $(Self::$variant $({ $($field,)* })? => format!($message $(, $argument)*),)*
                }
            }
        }
    };
}

problems! {
    /// The compiler broke one of its own rules; never the user's fault.
    Internal {
        /// The pass after which the rule was found broken.
        pass: &'static str,
        /// The rule.
        message: String,
    } internal: "internal error in model!, pass `{pass}`: {message}";
    /// Something else should stand here.
    UnexpectedToken {
        /// What should.
        expected: String,
        /// What does.
        found: String,
    } unexpected_token: "expected {expected}, found {found}";
    /// A model without a name.
    MissingModelName missing_model_name: "the model has no name";
    /// Braces with nothing in them.
    EmptyBody {
        /// What they belong to.
        owner: String,
    } empty_body: "the body of {owner} is empty";
    /// The header names a dimension twice.
    DuplicateDimension {
        /// The dimension.
        name: String,
    } duplicate_dimension: "the dimension `{name}` is declared twice";
    /// An item does not end.
    MissingSemicolon missing_semicolon: "there is no `;` at the end of this item";
    /// A name is given no value.
    MissingValue {
        /// The name.
        name: String,
    } missing_value: "`{name}` is given no value";
    /// A word of Rust stands where a name should.
    ReservedWord {
        /// The word.
        word: String,
    } reserved_word: "`{word}` is a word of Rust, and cannot be a name";
    /// An output or a step has a name that every model uses for something else.
    ReservedName {
        /// The name.
        name: String,
    } reserved_name: "`{name}` already means something in every model";
    /// `w·x`, which Rust reads as one name.
    InterpunctInName {
        /// The name.
        name: String,
    } interpunct_in_name: "`{name}` is a single name: the dot does not multiply";
    /// `2x`, which Rust reads as one number.
    NumberSuffix {
        /// The number.
        literal: String,
        /// Its suffix.
        suffix: String,
    } number_suffix: "`{literal}` is a single number with the suffix `{suffix}`";
    /// A hexadecimal, octal or binary number.
    NumberRadix {
        /// The number.
        literal: String,
    } number_radix: "`{literal}`: numbers are written in decimal digits";
    /// A number beyond the range of f64.
    NumberTooLarge {
        /// The number.
        literal: String,
    } number_too_large: "`{literal}` is too large for a number";
    /// A string, a character or a lifetime.
    NotANumber {
        /// What it is.
        literal: String,
    } not_a_number: "`{literal}` is not a number: models compute with numbers and truth values";
    /// An operator that the language does not have.
    UnknownOperator {
        /// The operator.
        operator: String,
    } unknown_operator: "there is no operator `{operator}` here";
    /// A sign `+` before an operand.
    UnaryPlus unary_plus: "`+` stands between two values, not before one";
    /// `=` inside an expression.
    EqualsInExpression equals_in_expression: "`=` cannot stand inside an expression";
    /// `0 <= x < 1`.
    ComparisonChain comparison_chain: "comparisons do not chain";
    /// `x == nan`.
    ComparedWithNan {
        /// The comparison.
        sign: &'static str,
        /// What it always is.
        answer: bool,
    } compared_with_nan: "`{sign}` with `nan` is {answer} of every value, also of NaN";
    /// `|r| r*r`, `lambda r: r*r`.
    Closure closure: "there are no closures here";
    /// `println!(…)`, `vec![…]`.
    MacroCall {
        /// The macro.
        name: String,
    } macro_call: "`{name}!` is a macro of Rust, and none can be called here";
    /// `for i in 0..N { … }`.
    NoLoop {
        /// The word that begins it.
        word: String,
    } no_loop: "`{word}` is not a word of this language";
    /// `N as f64`.
    NoCast {
        /// The type.
        to: String,
    } no_cast: "there is no cast `as {to}`: every number is real, and every dimension a number";
    /// Two operands with nothing between them.
    MissingOperator {
        /// The second.
        before: String,
    } missing_operator: "there is no operator before {before}";
    /// An `if` without an `else`.
    MissingElse missing_else: "this `if` has no `else`, and so no value where the condition is false";
    /// A point followed by a name that is neither `T` nor called.
    NoSuchField {
        /// The name.
        name: String,
    } no_such_field: "a value has no field `.{name}`";
    /// `x[]`.
    EmptyBrackets empty_brackets: "there is nothing between these brackets";
    /// An expression that is nested too deeply.
    TooDeep {
        /// The deepest that is allowed.
        limit: usize,
    } too_deep: "this expression is more than {limit} operations deep";
    /// `c[i + 1] = …`.
    IndexOnLeft {
        /// What stands there.
        found: String,
    } index_on_left: "the left side binds plain indices, not `{found}`";
    /// `c[i, i] = …`, `sum[i, i](…)`.
    IndexTwice {
        /// The index.
        name: String,
    } index_twice: "the index `{name}` is bound twice";
    /// `c[N] = …`, where N is a dimension.
    IndexIsDimension {
        /// The name.
        name: String,
    } index_is_dimension: "`{name}` is a dimension, and cannot be an index";
    /// An index whose range is neither given nor follows from an axis that it runs along.
    RangeUnknown {
        /// The index.
        name: String,
        /// The reads in which it stands with more, if there are any.
        seen: Option<String>,
    } range_unknown: "nothing says how far `{name}` runs{}", only_in(seen.as_deref());
    /// An index along axes of different extents.
    RangesDiffer {
        /// The index.
        name: String,
        /// The extent of the axis that it runs along in one place, and the place.
        first: [String; 2],
        /// The extent of the axis that it runs along in another place, and the place.
        second: [String; 2],
    } ranges_differ: "`{name}` runs over {} in `{}` but over {} in `{}`", first[0], first[1], second[0], second[1];
    /// A range whose bounds depend on other indices, where no reduction leaves the rest out.
    RaggedRange {
        /// The index.
        name: String,
    } ragged_range: "the range of `{name}` depends on another index, so that this would be no box";
    /// An index that no part of its expression depends on.
    IndexUnused {
        /// The index.
        name: String,
        /// The function that binds it.
        function: String,
    } index_unused: "`{name}` is bound by `{function}[…]` but never used";
    /// An index outside of what binds it.
    IndexEscapes {
        /// The index.
        name: String,
        /// What binds it.
        binder: String,
    } index_escapes: "`{name}` is bound by `{binder}` and means nothing outside";
    /// `exp[i](…)`.
    BareIndexCall {
        /// The function.
        function: String,
    } bare_index_call: "`{function}[…](…)`: `{function}` does not reduce";
    /// A subscript that surely lies outside of its axis.
    SubscriptOutside {
        /// What is read.
        read: String,
        /// The position.
        position: String,
        /// The extent of the axis.
        extent: String,
        /// The values of its indices there: ` where i = N - 1`.
        at: String,
    } subscript_outside: "`{read}` reads place {position} of an axis of {extent}{at}";
    /// A subscript that is no integer.
    SubscriptNotInteger {
        /// The subscript.
        subscript: String,
        /// What it is instead.
        found: String,
    } subscript_not_integer: "a subscript is an integer, but `{subscript}` is {found}";
    /// A subscript that is an array.
    SubscriptRank {
        /// The subscript.
        subscript: String,
        /// Its type.
        found: String,
    } subscript_rank: "a subscript is one integer, but `{subscript}` is {found}";
    /// `x[-i]`.
    SubscriptFromEnd {
        /// What is read.
        read: String,
    } subscript_from_end: "`{read}` would count from the end";
    /// A division in a subscript that may leave a remainder.
    SubscriptDivision {
        /// The quotient.
        quotient: String,
    } subscript_division: "`{quotient}` may leave a remainder";
    /// An argument whose shape does not fit the function's pattern.
    PatternDiffers {
        /// The argument.
        argument: String,
        /// The function.
        function: String,
        /// What differs.
        reason: String,
    } pattern_differs: "the argument `{argument}` of `{function}` does not fit: {reason}";
    /// A function that gives several values where one stands, or the other way round.
    TupleSize {
        /// How many names there are.
        names: usize,
        /// How many values there are.
        values: usize,
    } tuple_size: "{} for {}", counted(*names, "name"), counted(*values, "value");
    /// `w := …;` outside of a step.
    AssignOutsideStep {
        /// What is assigned to.
        name: String,
    } assign_outside_step: "`:=` assigns to `{name}` outside of a `step`";
    /// `w = …;` inside a step.
    EqualsInStep {
        /// What is assigned to.
        name: String,
    } equals_in_step: "`=` does not assign to `{name}` in a step";
    /// An attribute inside of the model.
    AttributeOnItem attribute_on_item: "an item takes no attributes";
    /// A part of a declaration that belongs to another kind of item.
    MisplacedClause {
        /// The part.
        clause: String,
        /// The item that has it.
        item: String,
    } misplaced_clause: "`{clause}` does not belong to `{item}`";
    /// A word that begins no item.
    UnknownItem {
        /// The word.
        word: String,
    } unknown_item: "no item begins with `{word}`";
    /// A function has two arguments of one name.
    DuplicateArgument {
        /// The name.
        name: String,
    } duplicate_argument: "the argument `{name}` is declared twice";
    /// `param a, b: [K];`
    HalfShaped {
        /// The names without a shape.
        bare: String,
        /// The name with one.
        shaped: String,
        /// Its shape.
        shape: String,
    } half_shaped: "{bare} no shape here: only `{shaped}` is {shape}";
    /// `let loss = …;` at the top.
    HiddenLoss hidden_loss: "`let loss` is a value inside of the model, and no output: nothing could minimise it";
    /// A model that nothing can be asked of.
    NoOutput {
        /// The model.
        name: String,
    } no_output: "`{name}` computes nothing: it has no output and no step";
    /// A name that is taken.
    DuplicateName {
        /// The name.
        name: String,
        /// What took it.
        kind: &'static str,
    } duplicate_name: "there is already {} {kind} `{name}`", article(kind);
    /// A name that means nothing.
    UnknownName {
        /// The name.
        name: String,
    } unknown_name: "unknown name `{name}`";
    /// A value that is defined further below.
    UsedTooEarly {
        /// The name.
        name: String,
    } used_too_early: "`{name}` is used before it is defined";
    /// A value that is defined by itself.
    SelfReference {
        /// The name.
        name: String,
    } self_reference: "`{name}` is used in its own definition";
    /// A function that does not exist.
    UnknownFunction {
        /// Its name.
        name: String,
    } unknown_function: "unknown function `{name}`";
    /// A function that calls itself.
    RecursiveFunction {
        /// Its name.
        name: String,
    } recursive_function: "`{name}` calls itself";
    /// Too many or too few arguments.
    WrongArgumentCount {
        /// The function.
        function: String,
        /// How many it takes.
        expected: String,
        /// How many there are.
        given: usize,
    } wrong_argument_count: "`{function}` takes {expected}, but is given {given}";
    /// A named argument that the function does not have.
    UnknownArgument {
        /// The argument.
        name: String,
        /// The function.
        function: String,
    } unknown_argument: "`{function}` has no argument `{name}`";
    /// An argument that is given twice.
    RepeatedArgument {
        /// The argument.
        name: String,
        /// The function.
        function: String,
    } repeated_argument: "the argument `{name}` of `{function}` is given twice";
    /// A part of the language that is still missing.
    NotSupported {
        /// The part.
        what: String,
    } not_supported: "{what} is not supported yet";
    /// An expression that is no value.
    NotAValue {
        /// The expression.
        expr: String,
    } not_a_value: "{expr} is not a value";
    /// A dimension that the header lacks.
    UnknownDimension {
        /// Its name.
        name: String,
    } unknown_dimension: "unknown dimension `{name}`";
    /// An expression that is no dimension.
    NotADimension {
        /// The expression.
        expr: String,
    } not_a_dimension: "{expr} is not a dimension";
    /// A quotient of dimensions that is never whole.
    InexactDivision {
        /// What is divided.
        dividend: String,
        /// By what.
        divisor: String,
    } inexact_division: "{dividend} is not divisible by {divisor}";
    /// An extent below zero.
    NegativeExtent {
        /// The extent.
        value: i64,
    } negative_extent: "an extent cannot be negative, but this is {value}";
    /// A dimension, or a number of elements, beyond 64 bits, or of too many terms.
    DimensionOverflow dimension_overflow: "this size does not fit into 64 bits, or has more than {DIMENSION_TERMS} terms";
    /// Arrays that leave dimensions open.
    UnsolvableDimension {
        /// The shape of the array.
        shape: String,
        /// What it leaves open, with the verb: "`A` and `B` are".
        names: String,
        /// `it` or `them`.
        them: &'static str,
    } unsolvable_dimension: "nothing says what {names}: {shape} cannot be solved for {them}";
    /// Shapes that do not broadcast.
    ShapesDiffer {
        /// What cannot be done.
        cannot: String,
        /// Why.
        reason: String,
    } shapes_differ: "{cannot}: {reason}";
    /// Both operands are stretched, and neither by a `new` axis.
    BothStretched {
        /// The operator or function, with its verb.
        whose: String,
        /// The shapes of its operands.
        shapes: String,
        /// The shape that both would have.
        common: String,
    } both_stretched: "{whose} would stretch both {shapes} to {common}";
    /// A loss of two shapes.
    LossStretched {
        /// The loss.
        function: String,
        /// The shape of the prediction.
        left: String,
        /// The shape of the target.
        right: String,
    } loss_stretched: "`{function}` compares values of one shape, but is given {left} and {right}";
    /// A broadcast that would shrink.
    CannotBroadcast {
        /// The shape before.
        from: String,
        /// The shape after.
        to: String,
    } cannot_broadcast: "cannot broadcast {from} to {to}: axes only grow";
    /// A value that does not fit where it goes.
    WrongShape {
        /// The value.
        what: String,
        /// The shape it should have.
        expected: String,
        /// The shape it has.
        found: String,
    } wrong_shape: "{what} has to be {expected}, but is {found}";
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
    } arms_differ: "{whose} are {left} and {right}: {reason}";
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
    } inner_dimensions: "{expr} multiplies {left} by {right}: the inner dimensions {} and {} differ", dims.0, dims.1;
    /// A value with too few axes, or too many.
    WrongRank {
        /// What takes it.
        what: String,
        /// What it takes.
        expected: String,
        /// What it is given.
        found: String,
    } wrong_rank: "{what} takes {expected}, but is given {found}";
    /// A number where a truth value belongs, or the like.
    WrongKind {
        /// What takes it.
        what: String,
        /// What it takes.
        expected: &'static str,
        /// What it is given.
        found: String,
    } wrong_kind: "{what} takes {expected}, but is given {found}";
    /// An axis that the value lacks.
    NoSuchAxis {
        /// The axis.
        axis: String,
        /// The shape.
        shape: String,
    } no_such_axis: "there is no axis {axis} in {shape}";
    /// An axis whose name occurs twice.
    AmbiguousAxis {
        /// The axis.
        axis: String,
        /// The shape.
        shape: String,
    } ambiguous_axis: "{axis} occurs more than once in {shape}: the axis needs a number";
    /// An axis that is named twice.
    RepeatedAxis {
        /// The axis.
        axis: String,
    } repeated_axis: "the axis {axis} is named twice";
    /// A function that has to be told its axis.
    AxisNeeded {
        /// The function.
        function: String,
        /// The shape.
        shape: String,
    } axis_needed: "`{function}` of {shape} needs to know the axis";
    /// An axis for what is element by element.
    AxisOfElementwise {
        /// The function.
        function: String,
        /// How many arguments there are.
        given: usize,
    } axis_of_elementwise: "`{function}` of {given} values has no axis";
    /// A dimension beside a tensor in a function that is element by element there, and looks as if it were along an axis.
    BareDimension {
        /// The function.
        function: String,
        /// The dimension.
        dimension: String,
    } bare_dimension: "`{function}` of several values is element by element: {dimension} is a number here, not an axis";
    /// A reshape that changes the number of elements.
    BadReshape {
        /// The shape before.
        from: String,
        /// The shape after.
        to: String,
        /// How many elements these have.
        counts: (String, String),
    } bad_reshape: "cannot reshape {from} to {to}: they have {} and {} elements", counts.0, counts.1;
    /// An order of axes that is not complete.
    BadOrder {
        /// How many axes are named.
        given: usize,
        /// The shape.
        shape: String,
    } bad_order: "an order of the axes of {shape} names each of them, but this names {given}";
    /// More subscripts than axes.
    TooManySubscripts {
        /// How many there are.
        given: usize,
        /// The shape.
        shape: String,
    } too_many_subscripts: "there are {given} subscripts, but the shape is {shape}";
    /// A subscript beyond the extent.
    OutOfRange {
        /// The subscript.
        subscript: String,
        /// The extent.
        extent: String,
    } out_of_range: "the subscript {subscript} lies outside of an axis of extent {extent}";
    /// A range that ends before it starts.
    BackwardRange {
        /// Its start.
        from: String,
        /// Its end.
        to: String,
    } backward_range: "the range from {from} to {to} ends before it starts";
    /// A mean over an axis without elements.
    MeanOfNothing {
        /// The function.
        function: String,
    } mean_of_nothing: "`{function}` over an axis of extent 0 has no value";
    /// Labels of other classes than the logits.
    ClassesDiffer {
        /// The labels.
        label: String,
        /// How many classes they count.
        classes: String,
        /// How many the logits have.
        logits: String,
    } classes_differ: "{label} counts {classes} classes, but the logits have {logits}";
    /// Something that the compiler should know and does not.
    NotConstant {
        /// What should be known.
        whose: String,
        /// What is not.
        name: String,
    } not_constant: "{whose} has to be known when the model is compiled, but `{name}` is not";
    /// A tensor where one number belongs.
    NotANumberConstant {
        /// What should be a number.
        whose: String,
        /// Its shape.
        found: String,
    } not_a_number_constant: "{whose} is one number, but this is {found}";
    /// An initialiser that does not exist.
    UnknownInitialiser {
        /// Its name.
        name: String,
    } unknown_initialiser: "unknown initialiser `{name}`";
    /// An initialiser whose distribution does not exist.
    CannotDraw {
        /// The initialiser.
        name: String,
        /// From what it should draw.
        reason: String,
    } cannot_draw: "`{name}` cannot draw {reason}";
    /// Bounds with nothing between them.
    EmptySupport {
        /// The parameter.
        name: String,
        /// The lower bound.
        low: String,
        /// The upper bound.
        high: String,
    } empty_support: "no number lies between the bounds of `{name}`, {low} and {high}";
    /// A parameter that starts where it cannot be.
    OutsideSupport {
        /// The parameter.
        name: String,
        /// Where it lies.
        support: String,
    } outside_support: "`{name}` would not start inside of `{support}`";
    /// A derivative of a model that has nothing to differentiate.
    NothingToDerive {
        /// `hvp`
        what: String,
    } nothing_to_derive: "`{what}` is a derivative of `loss` by the parameters, and there is none";
    /// The gradient of what is not a scalar.
    GradientOfTensor {
        /// What is differentiated.
        expr: String,
        /// Its shape.
        shape: String,
    } gradient_of_tensor: "`grad` is of a scalar, but {expr} is {shape}";
    /// A derivative by something without a name.
    NotAVariable {
        /// What it is by.
        expr: String,
        /// The derivative.
        function: String,
    } not_a_variable: "`{function}` is by a named value, but {expr} is not one";
    /// A derivative of or by truth values or indices.
    NotDifferentiable {
        /// What it is of or by.
        expr: String,
        /// What that is.
        found: String,
    } not_differentiable: "only numbers have derivatives, but {expr} is {found}";
    /// A derivative that does not exist within the language.
    DerivativeRefused {
        /// Why.
        reason: String,
    } derivative_refused: "{reason}";
    /// A parameter without a gradient.
    UnreachedParameter {
        /// The parameter.
        name: String,
        /// Why nothing flows, if it is used at all.
        reason: Option<String>,
    } unreached_parameter: "no gradient reaches parameter `{name}`{}", because(reason.as_deref());
    /// A loss that is not one number.
    LossNotScalar {
        /// Its shape, or what else it is.
        found: String,
    } loss_not_scalar: "`loss` must be a scalar to be minimised, but it is {found}";
    /// An assignment to what no model owns.
    NotAssignable {
        /// What it is.
        kind: &'static str,
        /// Its name.
        name: String,
    } not_assignable: "cannot assign to the {kind} `{name}`";
    /// Two assignments to one target.
    AssignedTwice {
        /// The target.
        name: String,
    } assigned_twice: "`{name}` is assigned twice in one step";
}

/// `a` or `an`, before a word.
fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// Where alone something stands, if it is known.
fn only_in(seen: Option<&str>) -> String {
    seen.map_or_else(String::new, |seen| format!(": it only stands in {seen}, never by itself"))
}

/// The reason after a colon, if there is one.
fn because(reason: Option<&str>) -> String {
    reason.map_or_else(String::new, |reason| format!(": {reason}"))
}

/// How many of something: `1 name`, `3 names`.
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
