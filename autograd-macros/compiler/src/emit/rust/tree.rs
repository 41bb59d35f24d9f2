//! The abstract syntax tree of what is emitted: types, expressions, statements, functions and kernels.
//!
//! Locals are told apart by number, not by name, so no two are ever confused, and a part of a function can be moved to
//! another one. All types of the tree are made by one macro, which also makes the walk through their parts: nothing that
//! is printed can be forgotten by what looks at a tree.

use proc_macro2::Ident;

use super::walk::tree;

/// A local or an argument of a function. What it is called makes no difference to what it is.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    pub(crate) id: u32,
    pub(crate) name: Ident,
}

/// A local where it is defined.
#[derive(Clone, Debug)]
pub(crate) struct New(pub(crate) Local);

/// A field of the kernel that the code stands in: `self.x`. It has a name and a number like a local.
#[derive(Clone, Debug)]
pub(crate) struct Own(pub(crate) Local);

/// Words of Rust, with `::` between them: what every model has, or a name of this one.
#[derive(Clone, Debug)]
pub(crate) enum Word {
    /// `runtime::Origin::Input`
    Known(&'static str),
    /// A field or a type that is called so.
    Given(Ident),
    /// `kernels::Loss1`
    In(&'static str, Ident),
}

tree! {
    /// `sweep::<T, V, 1>`, `runtime::Tensor::<T>::values_mut`
    struct Path {
        root: Word,
        generics: Vec<Type>,
        leaf: Option<&'static str>,
    }

    /// A type, or what else stands between `<` and `>`.
    enum Type {
        /// `T`, `runtime::Slots<3>`
        Path(path: Path),
        /// `3`
        Count(count: usize),
        /// `'_`
        Lifetime(name: &'static str),
        /// `&'a mut [T]`
        Ref(lifetime: Option<&'static str>, is_mutable: bool, of: Box<Type>),
        /// `[T]`
        Slice(of: Box<Type>),
        /// `(T, T)`
        Tuple(parts: Vec<Type>),
    }

    /// What stands before an operand.
    signs Prefix {
        Minus "-",
        Not "!",
        Deref "*",
        Ref "&",
        RefMut "&mut",
    }

    /// What stands between two operands.
    signs Infix {
        Plus "+",
        Minus "-",
        Times "*",
        Over "/",
        And "&",
        Or "|",
        Less "<",
        AtMost "<=",
        Equal "==",
        Unequal "!=",
    }

    /// An expression.
    enum Expr {
        /// `x`
        Local(local: Local),
        /// `self.x`
        Own(field: Own),
        /// `V::COUNT`
        Path(path: Path),
        /// `3`
        Integer(value: u64),
        /// `0.5`, by its bits; not negative.
        Real(bits: u64),
        /// `true`
        Truth(value: bool),
        /// `"x"`
        Text(text: String),
        /// `inputs.x`
        Field(of: Box<Expr>, field: Word),
        /// `x[i]`
        Index(of: Box<Expr>, at: Box<Expr>),
        /// `a..b`
        Range(from: Option<Box<Expr>>, to: Option<Box<Expr>>),
        /// `-x`
        Prefix(sign: Prefix, of: Box<Expr>),
        /// `a + b`
        Infix(sign: Infix, left: Box<Expr>, right: Box<Expr>),
        /// `n as isize`
        Cast(of: Box<Expr>, to: &'static str),
        /// `f(x)`
        Call(function: Path, arguments: Vec<Expr>),
        /// `x.f(y)`
        Method(of: Box<Expr>, name: Path, arguments: Vec<Expr>),
        /// `x?`
        Try(of: Box<Expr>),
        /// `if c { a } else { b }`
        If(condition: Box<Expr>, yes: Box<Expr>, no: Box<Expr>),
        /// `[a, b]`
        Array(parts: Vec<Expr>),
        /// `(a, b)`
        Tuple(parts: Vec<Expr>),
        /// `kernels::Loss1 { x, n }`
        Struct(name: Path, fields: Vec<Field>),
        /// `#[inline(always)] |at| { … }`
        Closure(is_inline: bool, parameters: Vec<New>, body: Block),
        /// `{ …; x }`
        Block(body: Block),
        /// `<Array1<T> as Default>::default()`
        Default(of: Type),
        /// What was asked for and is not there: a mistake of ours, which the verifier reports.
        Missing(what: String),
    }

    /// `x: 1`
    struct Field {
        name: Word,
        value: Expr,
    }

    /// What a `let` binds.
    enum Pattern {
        /// `x`, `mut x`
        One(is_mutable: bool, local: New),
        /// `[x, y]`
        Array(locals: Vec<New>),
        /// `(x, y)`
        Tuple(locals: Vec<New>),
    }

    /// A statement.
    enum Stmt {
        /// `let x: T = 1;`; the value stands first, since it does not see the locals.
        Let(value: Expr, pattern: Pattern, ty: Option<Type>),
        /// `x = 1;`
        Assign(to: Expr, value: Expr),
        /// `f(x);`
        Run(of: Expr),
        /// `for i in 0..n { … }`
        For(range: Expr, axis: New, body: Block),
        /// `if c { … }`
        When(condition: Expr, body: Block),
        /// `if c { return x; }`
        ReturnIf(condition: Expr, value: Expr),
    }

    /// Statements, and the value of all.
    struct Block {
        stmts: Vec<Stmt>,
        value: Option<Box<Expr>>,
    }

    /// `mut x: &mut T`
    struct Parameter {
        local: New,
        is_mutable: bool,
        ty: Type,
    }

    /// A function of its own, generic over `T`.
    struct Function {
        parameters: Vec<Parameter>,
        returns: Option<Type>,
        body: Block,
    }

    /// A struct that implements the runtime's `Kernel`, or `Split` if it can be cut.
    struct Kernel {
        is_wide: bool,
        fields: Vec<KernelField>,
        cut: Option<Cut>,
        output: Type,
        body: Block,
    }

    /// `pub x: &'a [T]`
    struct KernelField {
        field: Own,
        ty: Type,
    }

    /// What a kernel has that can be cut.
    struct Cut {
        /// The arrays that every part has for itself: those that parts add to, and those that they compute in.
        sums: Vec<New>,
        scratch: Vec<New>,
        /// Where the rest begins.
        at: New,
        /// What is other in the rest that is split off.
        rest: Vec<RestField>,
        /// The field with the number of turns.
        turns: Own,
        join: Option<Join>,
    }

    /// `x: at.rest(self.x, self.d)`
    struct RestField {
        field: Own,
        value: Expr,
    }

    /// `fn join(left: T, right: T) -> T { left + right }`
    struct Join {
        left: Vec<New>,
        right: Vec<New>,
        value: Expr,
    }
}
