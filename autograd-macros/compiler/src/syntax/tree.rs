//! The syntax tree of a model: what the user wrote, with the place of every piece.

use proc_macro2::{Ident, TokenStream};

use crate::diagnostics::SpanRange;

/// A whole `model! { … }`.
#[derive(Clone, Debug)]
pub struct Model {
    /// Doc comments and other attributes, as tokens.
    pub attributes: TokenStream,
    /// The text of the doc comments, joined by newlines.
    pub docs: String,
    /// `pub`, `pub(crate)`, or nothing.
    pub visibility: TokenStream,
    /// `LinearRegression`
    pub name: Ident,
    /// `N, D` of the header.
    pub dims: Vec<Ident>,
    /// `as net`: another name for the module.
    pub module: Option<Ident>,
    /// The body, in order.
    pub items: Vec<Item>,
    /// What could not be read.
    pub damage: Damage,
    /// Whether `loss` is a multiple of the sum of the squares of `residual`, in the user's words or added for want of them.
    pub least_squares: bool,
}

impl Model {
    /// Whether the item at a place is what the user wrote.
    #[must_use]
    pub fn is_read(&self, place: usize) -> bool {
        match &self.damage {
            Damage::None => true,
            Damage::Items(places) => !places.contains(&place),
            Damage::Header => false,
        }
    }

    /// The items that are what the user wrote.
    pub fn read_items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().enumerate().filter(|(place, _)| self.is_read(*place)).map(|(_, item)| item)
    }
}

/// What of a model could not be read, and so is not what the user wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Damage {
    /// Nothing: the tree is the model.
    #[default]
    None,
    /// Some items, which may be there in part, or not at all: the places of the former.
    Items(Vec<usize>),
    /// The header, or the body as a whole.
    Header,
}

/// One item of a model's body.
#[derive(Clone, Debug)]
pub enum Item {
    /// `param w: [D] = normal(0, 0.1);` (one for each name of `param w, b;`)
    Param(Declaration),
    /// `input x: [N, D];`
    Input(Declaration),
    /// `state m: [D];`
    State(Declaration),
    /// `const K = 3;`
    Const(Binding),
    /// `let hidden = …;`
    Let(Binding),
    /// `loss = …;`
    Output(Binding),
    /// `fn f(a, b) = …;` or `fn f(a, b) { let …; … }`
    Function(Function),
    /// `step train(lr) -> loss { w := …; }`
    Step(Step),
    /// `derive hvp;`
    Derive(Ident),
}

/// A declared tensor.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// The text of its doc comments.
    pub docs: String,
    /// Its name.
    pub name: Ident,
    /// Its shape as written; empty for a scalar.
    pub shape: Vec<Expr>,
    /// Where the shape stands (the name, if there is none).
    pub shape_span: SpanRange,
    /// `in K`: class indices below K.
    pub classes: Option<Expr>,
    /// `in 0..`, `in simplex`: where a parameter lies.
    pub support: Option<Support>,
    /// `= kaiming_uniform()`: how it starts (parameters and states).
    pub initial: Option<Expr>,
    /// `unused`: the user knows that no gradient reaches it.
    pub unused: bool,
    /// Whether its shape cannot be told: a name without one beside names that have one, which is refused.
    pub half_shaped: bool,
    /// The whole declaration.
    pub span: SpanRange,
}

/// Where a parameter lies.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "declarations are few")]
pub enum Support {
    /// `0..`, `..1`, `-1..1`: an open interval.
    Interval {
        /// The lower bound.
        low: Option<Expr>,
        /// The upper bound.
        high: Option<Expr>,
        /// Where it stands.
        span: SpanRange,
    },
    /// `simplex`: positive numbers with the sum 1 along the last axis.
    Simplex(SpanRange),
}

/// A name and its value.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The text of its doc comments.
    pub docs: String,
    /// The name.
    pub name: Ident,
    /// `let (a, b) = …;`: the names of the values after the first.
    pub others: Vec<Ident>,
    /// `[i, j in 0..N]`: the indices that the definition binds, if it has any.
    pub indices: Option<Vec<BoundIndex>>,
    /// The value.
    pub value: Expr,
}

impl Binding {
    /// The names, in order: several of `let (a, b) = …;`.
    pub fn names(&self) -> impl Iterator<Item = &Ident> {
        std::iter::once(&self.name).chain(&self.others)
    }
}

/// A function of the model: inlined wherever it is called.
#[derive(Clone, Debug)]
pub struct Function {
    /// The text of its doc comments.
    pub docs: String,
    /// The name.
    pub name: Ident,
    /// Its arguments.
    pub arguments: Vec<Parameter>,
    /// The body.
    pub body: Block,
}

impl Function {
    /// The names of its arguments.
    pub fn names(&self) -> impl Iterator<Item = &Ident> {
        self.arguments.iter().map(|argument| &argument.name)
    }
}

/// An argument of a function as it is declared: `x`, `x: [N, D]`, `stride = 1`.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Ident,
    /// The shape that it must have; names that stand for no size yet are those of its extents.
    pub shape: Option<Vec<Expr>>,
    /// What it is where a call does not say: then it is a number that the compiler knows.
    pub default: Option<Expr>,
}

/// `{ let a = …; let b = …; value }`
#[derive(Clone, Debug)]
pub struct Block {
    /// The bindings, in order.
    pub lets: Vec<Binding>,
    /// The value.
    pub value: Box<Expr>,
}

/// `step train(lr, x: [N]) -> loss, w { w := …; }`
#[derive(Clone, Debug)]
pub struct Step {
    /// The text of its doc comments.
    pub docs: String,
    /// The name.
    pub name: Ident,
    /// Inputs of its own.
    pub inputs: Vec<Declaration>,
    /// The names of the values that it returns.
    pub results: Vec<Ident>,
    /// Intermediate values and assignments, in order.
    pub body: Vec<StepStatement>,
}

/// One statement of a step.
#[derive(Clone, Debug)]
pub enum StepStatement {
    /// `let g = …;`
    Let(Binding),
    /// `w := …;`
    Assign {
        /// What is assigned to: a parameter or a state.
        target: Ident,
        /// The new value, of the values from before the step.
        value: Expr,
    },
}

/// An expression and its place.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// From its first to its last token.
    pub span: SpanRange,
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `0.5`, `1e-3`, `2`: always a real number; `integer` says how it was written, for dimensions.
    Number {
        /// Its value.
        value: f64,
        /// The integer, if it was written as one.
        integer: Option<i64>,
    },
    /// `true`, `false`
    Bool(bool),
    /// `"sum"`, where an argument stands: refused, with what the call is here.
    Text(String),
    /// `x`
    Name(Ident),
    /// `-x`, `!c`
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `f(x, axis = K)`, `x.f()`; with `binder` it is `sum[k](…)`, `sum[i in 0..N if i < n](…)`
    Call {
        /// The function.
        function: Ident,
        /// What stands between brackets, if there are any.
        binder: Option<Box<Binder>>,
        /// What it is applied to.
        arguments: Vec<Argument>,
        /// `x.f()`: other libraries may mean something else by the order of the arguments then.
        is_method: bool,
    },
    /// `x[1.., ..-1, i, new]`
    Subscript(Box<Expr>, Vec<Subscript>),
    /// `x.T`
    Transpose(Box<Expr>),
    /// `if c { a } else { b }`
    If(Box<Expr>, Block, Block),
    /// `[a, b, c]`: a shape where one is expected, a vector (or stacked tensors) elsewhere
    List(Vec<Expr>),
    /// `(N, K)`: several axes
    Tuple(Vec<Expr>),
    /// `{ let a = …; a + 1 }`
    Block(Box<Block>),
    /// `crate::my_fn(x)`
    ForeignCall(TokenStream, Vec<Argument>),
}

/// `-x`, `!c`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Neg,
    /// `!`
    Not,
}

/// The binary operators, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is named after its sign")]
pub enum BinaryOp {
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Add,
    Sub,
    Mul,
    Div,
    MatMul,
    Pow,
}

/// An argument, maybe with its name: `axis = K`.
#[derive(Clone, Debug)]
pub struct Argument {
    /// `axis`
    pub name: Option<Ident>,
    /// `K`
    pub value: Expr,
}

/// `[i, j in 0..N if i < j]`
#[derive(Clone, Debug)]
pub struct Binder {
    /// The indices, in order.
    pub indices: Vec<BoundIndex>,
    /// What must hold of them; what does not is left out.
    pub condition: Option<Expr>,
}

/// `i` or `i in 0..N`
#[derive(Clone, Debug)]
pub struct BoundIndex {
    /// The index.
    pub name: Ident,
    /// Its range, half open.
    pub range: Option<(Expr, Expr)>,
}

/// One place between the brackets of `x[…]`.
#[derive(Clone, Debug)]
pub enum Subscript {
    /// `i`
    Index(Expr),
    /// `a..b`, `a..`, `..b`, `..`; a bound that starts with a minus counts from the end
    Range {
        /// The first index; 0 if missing.
        start: Option<Expr>,
        /// One past the last index; the extent if missing.
        end: Option<Expr>,
        /// Where it stands.
        span: SpanRange,
    },
    /// `new`: a new axis of extent 1
    New(SpanRange),
}
