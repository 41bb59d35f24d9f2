//! Trees are built with expressions that look like what they build: `local + 1`, `x.method("exp", [])`.

use std::ops;

use proc_macro2::Ident;

use super::tree::{Block, Expr, Field, Infix, Local, New, Path, Pattern, Prefix, Stmt, Type, Word};

impl Local {
    /// Where it is defined.
    pub(crate) fn def(&self) -> New {
        New(self.clone())
    }

    /// Where it is used.
    pub(crate) fn get(&self) -> Expr {
        Expr::Local(self.clone())
    }

    /// `let x = …;`
    pub(crate) fn is(&self, value: Expr) -> Stmt {
        Stmt::Let(value, Pattern::One(false, self.def()), None)
    }

    /// `let mut x = …;`
    pub(crate) fn starts_as(&self, value: Expr) -> Stmt {
        Stmt::Let(value, Pattern::One(true, self.def()), None)
    }

    /// `x = …;`
    pub(crate) fn becomes(&self, value: Expr) -> Stmt {
        Stmt::Assign(self.get(), value)
    }
}

impl Pattern {
    /// `x`, `(x, y)`
    pub(crate) fn tuple(locals: &[Local]) -> Self {
        match locals {
            [one] => Self::One(false, one.def()),
            locals => Self::Tuple(locals.iter().map(Local::def).collect()),
        }
    }

    /// `[x, y]`
    pub(crate) fn array(locals: &[Local]) -> Self {
        Self::Array(locals.iter().map(Local::def).collect())
    }

    /// `let [x, y] = …;`
    pub(crate) fn is(self, value: Expr) -> Stmt {
        Stmt::Let(value, self, None)
    }
}

impl From<&'static str> for Word {
    fn from(words: &'static str) -> Self {
        Self::Known(words)
    }
}

impl From<Ident> for Word {
    fn from(name: Ident) -> Self {
        Self::Given(name)
    }
}

impl From<&Ident> for Word {
    fn from(name: &Ident) -> Self {
        Self::Given(name.clone())
    }
}

impl<W: Into<Word>> From<W> for Path {
    fn from(words: W) -> Self {
        Self { root: words.into(), generics: Vec::new(), leaf: None }
    }
}

impl Path {
    /// `sweep::<T, V, 1>`
    pub(crate) fn of(words: impl Into<Word>, generics: impl Into<Vec<Type>>) -> Self {
        Self { root: words.into(), generics: generics.into(), leaf: None }
    }

    /// `Max::<T, V>::new`
    pub(crate) fn then(self, leaf: &'static str) -> Self {
        Self { leaf: Some(leaf), ..self }
    }
}

impl<P: Into<Path>> From<P> for Type {
    fn from(path: P) -> Self {
        Self::Path(path.into())
    }
}

impl Type {
    /// The scalar type of the model.
    pub(crate) fn scalar() -> Self {
        "T".into()
    }

    /// `&T`
    pub(crate) fn by_ref(self) -> Self {
        Self::Ref(None, false, Box::new(self))
    }

    /// `&mut T`
    pub(crate) fn by_mut(self) -> Self {
        Self::Ref(None, true, Box::new(self))
    }

    /// `()`, `T`, `(T, T)`
    pub(crate) fn tuple(mut parts: Vec<Self>) -> Self {
        if parts.len() == 1 { parts.swap_remove(0) } else { Self::Tuple(parts) }
    }

    /// Whether it is `()`.
    pub(crate) fn is_unit(&self) -> bool {
        matches!(self, Self::Tuple(parts) if parts.is_empty())
    }
}

impl From<Expr> for Block {
    fn from(value: Expr) -> Self {
        Self { stmts: Vec::new(), value: Some(Box::new(value)) }
    }
}

impl Block {
    /// `…; value`
    pub(crate) fn of(stmts: Vec<Stmt>, value: Expr) -> Self {
        Self { stmts, value: Some(Box::new(value)) }
    }

    /// `…;`
    pub(crate) fn run(stmts: Vec<Stmt>) -> Self {
        Self { stmts, value: None }
    }
}

impl Expr {
    /// `V::COUNT`
    pub(crate) fn path(path: impl Into<Path>) -> Self {
        Self::Path(path.into())
    }

    /// `3`
    pub(crate) fn size(value: usize) -> Self {
        Self::Integer(u64::try_from(value).expect("a usize has at most 64 bits"))
    }

    /// `-3`
    pub(crate) fn signed(value: i64) -> Self {
        let size = Self::Integer(value.unsigned_abs());
        if value < 0 { -size } else { size }
    }

    /// `0.5`, `-0.5`: a finite number.
    pub(crate) fn number(value: f64) -> Self {
        let size = Self::Real(value.abs().to_bits());
        if value.is_sign_negative() { -size } else { size }
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// `f(x)`
    pub(crate) fn call(function: impl Into<Path>, arguments: impl Into<Vec<Expr>>) -> Self {
        Self::Call(function.into(), arguments.into())
    }

    /// `x.f(y)`
    pub(crate) fn method(self, name: impl Into<Path>, arguments: impl Into<Vec<Expr>>) -> Self {
        Self::Method(Box::new(self), name.into(), arguments.into())
    }

    /// `inputs.x`
    pub(crate) fn field(self, field: impl Into<Word>) -> Self {
        Self::Field(Box::new(self), field.into())
    }

    /// `x[i]`
    pub(crate) fn index(self, at: Expr) -> Self {
        Self::Index(Box::new(self), Box::new(at))
    }

    /// `a..b`
    pub(crate) fn range(from: Expr, to: Expr) -> Self {
        Self::Range(Some(Box::new(from)), Some(Box::new(to)))
    }

    /// `x[start..]`
    pub(crate) fn from(self, start: Expr) -> Self {
        self.index(Self::Range(Some(Box::new(start)), None))
    }

    /// `x[..end]`
    pub(crate) fn up_to(self, end: Expr) -> Self {
        self.index(Self::Range(None, Some(Box::new(end))))
    }

    /// `&x`
    pub(crate) fn by_ref(self) -> Self {
        self.prefix(Prefix::Ref)
    }

    /// `&mut x`
    pub(crate) fn by_mut(self) -> Self {
        self.prefix(Prefix::RefMut)
    }

    /// `*x`
    pub(crate) fn deref(self) -> Self {
        self.prefix(Prefix::Deref)
    }

    /// `x?`
    pub(crate) fn or_fail(self) -> Self {
        Self::Try(Box::new(self))
    }

    /// `n as isize`
    pub(crate) fn cast(self, to: &'static str) -> Self {
        let of = match self {
            // A number as it is written has the type that it is cast to, and `-1` is no `usize`.
            Self::Integer(_) if to == "usize" => return self,
            Self::Prefix(..) if to == "usize" => self.cast("isize"),
            of => of,
        };
        Self::Cast(Box::new(of), to)
    }

    /// `if c { a } else { b }`
    pub(crate) fn choose(condition: Expr, yes: Expr, no: Expr) -> Self {
        Self::If(Box::new(condition), Box::new(yes), Box::new(no))
    }

    /// `a < b`
    pub(crate) fn infix(self, sign: Infix, right: Expr) -> Self {
        Self::Infix(sign, Box::new(self), Box::new(right))
    }

    /// `#[inline(always)] |at| { … }`
    pub(crate) fn inlined(parameter: &Local, body: Block) -> Self {
        Self::Closure(true, vec![parameter.def()], body)
    }

    /// `()`, `x`, `(x, y)`
    pub(crate) fn tuple(mut parts: Vec<Expr>) -> Self {
        if parts.len() == 1 { parts.swap_remove(0) } else { Self::Tuple(parts) }
    }

    /// `Ok(x)`
    pub(crate) fn ok(self) -> Self {
        Self::call("::core::result::Result::Ok", [self])
    }

    /// `kernels::Loss1 { x, n }`
    pub(crate) fn structure(name: impl Into<Path>, fields: impl IntoIterator<Item = (Word, Expr)>) -> Self {
        let fields = fields.into_iter().map(|(name, value)| Field { name, value });
        Self::Struct(name.into(), fields.collect())
    }

    /// The local, if it is one.
    pub(crate) fn as_local(&self) -> Option<&Local> {
        if let Self::Local(local) = self { Some(local) } else { None }
    }

    /// The number, if it is a literal of one.
    pub(crate) fn as_number(&self) -> Option<f64> {
        match self {
            Self::Real(bits) => Some(f64::from_bits(*bits)),
            Self::Prefix(Prefix::Minus, of) => of.as_number().map(|size| -size),
            _ => None,
        }
    }

    fn prefix(self, sign: Prefix) -> Self {
        Self::Prefix(sign, Box::new(self))
    }
}

macro_rules! operators {
    ($($operator:ident $method:ident $sign:ident;)*) => {$(
        impl ops::$operator for Expr {
            type Output = Self;
            fn $method(self, right: Self) -> Self {
                self.infix(Infix::$sign, right)
            }
        }
    )*};
}

operators! {
    Add add Plus;
    Sub sub Minus;
    Mul mul Times;
    Div div Over;
    BitAnd bitand And;
    BitOr bitor Or;
}

impl ops::Neg for Expr {
    type Output = Self;
    fn neg(self) -> Self {
        self.prefix(Prefix::Minus)
    }
}

impl ops::Not for Expr {
    type Output = Self;
    fn not(self) -> Self {
        self.prefix(Prefix::Not)
    }
}
