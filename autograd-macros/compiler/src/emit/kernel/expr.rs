//! Values as Rust expressions, at two levels: plain scalars (`T`, `bool`, `i64`) and packs of lanes (`V`, `V::Mask`,
//! `V::Index`).
//!
//! | | scalar | pack |
//! |---|---|---|
//! | `Map(Exp, [x])` | `x.exp()` | `x.exp()` |
//! | `Compare(Lt, a, b)` | `a < b` | `a.lt(b)` |
//! | `Select(c, a, b)` | `if c { a } else { b }` | `V::select(c, a, b)` |
//! | `Cast(Real, i)` | `T::from_f64(i as f64)` | `V::from_index(i)` |

use proc_macro2::{Literal as Token, Span, TokenStream};

use crate::emit::rust::names::{code, ident};
use crate::graph::Elem;
use crate::ops::elementary::Kernel;
use crate::ops::{Compare, Function, Literal, Logic};

/// What values are at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// One number.
    Scalar,
    /// A pack of lanes.
    Vector,
}

/// How tightly an expression holds together, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Binding {
    /// `a < b`, `if c { a } else { b }`, `n as i64`: in parentheses wherever it is an operand.
    Loose,
    /// `a + b`
    Sum,
    /// `a * b`
    Product,
    /// `-a`
    Unary,
    /// `a`, `self.a`, `f(a)`, `a.f()`
    Atom,
}

/// An expression, ready to be put into another.
#[derive(Clone, Debug)]
pub(crate) struct Printed {
    pub(crate) tokens: TokenStream,
    pub(crate) binding: Binding,
    /// How many operations it holds.
    pub(crate) weight: usize,
    /// The factors, if it is a product that stands nowhere else: with an addend it is one instruction.
    factors: Option<Box<[Printed; 2]>>,
    /// Whether it is a product, or less one, or a local that is: what was rounded already.
    is_product: bool,
    /// `a.ne(b)`, if it is `a.eq(b)` of numbers.
    opposite: Option<Box<Printed>>,
}

impl Printed {
    pub(crate) fn atom(tokens: TokenStream) -> Self {
        Self::new(tokens, Binding::Atom, 0)
    }

    pub(crate) fn loose(tokens: TokenStream) -> Self {
        Self::new(tokens, Binding::Loose, 1)
    }

    /// As the receiver of a method, or anything else that needs one piece.
    pub(crate) fn operand(&self) -> TokenStream {
        self.within(Binding::Atom)
    }

    /// The factors, if it is a product of packs that stands nowhere else.
    pub(crate) fn factors(&self) -> Option<&[Printed; 2]> {
        self.factors.as_deref()
    }

    /// The same by another name: a local, or an element of an array.
    pub(crate) fn kept(&self, tokens: TokenStream) -> Self {
        Self { is_product: self.is_product, ..Self::atom(tokens) }
    }

    /// What is true where this is not, if that is as simple.
    pub(crate) fn opposite(&self) -> Option<&Printed> {
        self.opposite.as_deref()
    }

    fn new(tokens: TokenStream, binding: Binding, weight: usize) -> Self {
        Self { tokens, binding, weight, factors: None, is_product: false, opposite: None }
    }

    /// As an operand of something that holds together so tightly.
    fn within(&self, binding: Binding) -> TokenStream {
        let tokens = &self.tokens;
        if self.binding >= binding { tokens.clone() } else { code!((#tokens)) }
    }
}

fn weight(operands: &[Printed]) -> usize {
    operands.iter().map(|operand| operand.weight).sum::<usize>() + 1
}

/// A constant as a scalar.
pub(crate) fn literal(literal: &Literal) -> Printed {
    let value = literal.value();
    match literal.elem {
        Elem::Real => Printed::atom(real(value)),
        Elem::Bool if value == 0.0 => Printed::atom(code!(false)),
        Elem::Bool => Printed::atom(code!(true)),
        Elem::Index => {
            #[allow(clippy::cast_possible_truncation, reason = "an integer was made of an i64 below 2^53")]
            let value = value as i64;
            let binding = if value < 0 { Binding::Unary } else { Binding::Atom };
            let mut size = Token::u64_unsuffixed(value.unsigned_abs());
            size.set_span(Span::mixed_site());
            let sign = (value < 0).then(|| code!(-));
            Printed::new(code!(#sign #size), binding, 0)
        }
    }
}

/// `T::ZERO`, `T::from_f64(0.5)`
pub(crate) fn real(value: f64) -> TokenStream {
    if value.is_nan() {
        return code!(T::NAN);
    }
    if value.is_infinite() {
        return if value > 0.0 { code!(T::INFINITY) } else { code!(T::NEG_INFINITY) };
    }
    if value.to_bits() == 0 {
        return code!(T::ZERO);
    }
    if value.to_bits() == 1.0_f64.to_bits() {
        return code!(T::ONE);
    }
    let number = number(value);
    code!(T::from_f64(#number))
}

/// A finite number as a literal, with its sign.
pub(crate) fn number(value: f64) -> TokenStream {
    let mut size: Token = format!("{:?}", value.abs()).parse().expect("Debug of a finite f64 is a Rust literal");
    size.set_span(Span::mixed_site());
    let sign = value.is_sign_negative().then(|| code!(-));
    code!(#sign #size)
}

/// `a + b`, `-a`, `x.exp()`; of packs also `a.mul_add(b, c)`
pub(crate) fn map(function: Function, operands: &[Printed], level: Level) -> Printed {
    let weight = weight(operands);
    if level == Level::Vector
        && let Some(tokens) = fused(function, operands)
    {
        return Printed::new(tokens, Binding::Atom, weight);
    }
    match (function.kernel(), operands) {
        (Kernel::Operator(_), [x]) => {
            let of = x.within(Binding::Atom);
            Printed { is_product: x.is_product, ..Printed::new(code!(-#of), Binding::Unary, weight) }
        }
        (Kernel::Operator(sign), [a, b]) => {
            let binding = if matches!(sign, "+" | "-") { Binding::Sum } else { Binding::Product };
            let tighter = if binding == Binding::Sum { Binding::Product } else { Binding::Unary };
            let factors = (function == Function::Mul).then(|| Box::new([a.clone(), b.clone()]));
            let (a, b) = (a.within(binding), b.within(tighter));
            let sign = punct(sign);
            Printed { is_product: factors.is_some(), factors, ..Printed::new(code!(#a #sign #b), binding, weight) }
        }
        (Kernel::Operator(_) | Kernel::Method(_), []) => Printed::atom(TokenStream::new()),
        (Kernel::Operator(name) | Kernel::Method(name), [x, rest @ ..]) => {
            let x = x.within(Binding::Atom);
            let rest = rest.iter().map(|operand| &operand.tokens);
            let name = ident(name);
            let is_product = function == Function::Square;
            Printed { is_product, ..Printed::new(code!(#x.#name(#(#rest),*)), Binding::Atom, weight) }
        }
    }
}

/// A sum or a difference with a product in it, rounded once where the processor can: `a.mul_add(b, c)` is a·b + c.
///
/// Not of two products: with one of them rounded and the other not, a·b − b·a would not be 0, nor the vector product of
/// parallel vectors.
fn fused(function: Function, operands: &[Printed]) -> Option<TokenStream> {
    let [left, right] = operands else { return None };
    if left.is_product && right.is_product {
        return None;
    }
    let (is_negated, [a, b], c) = match (function, left.factors.as_deref(), right.factors.as_deref()) {
        (Function::Add, Some(product), _) => (false, product, right.tokens.clone()),
        (Function::Add, None, Some(product)) => (false, product, left.tokens.clone()),
        (Function::Sub, Some(product), _) => {
            let c = right.within(Binding::Atom);
            (false, product, code!(-#c))
        }
        (Function::Sub, None, Some(product)) => (true, product, left.tokens.clone()),
        _ => return None,
    };
    let (a, b) = (a.within(Binding::Atom), &b.tokens);
    Some(if is_negated { code!((-#a).mul_add(#b, #c)) } else { code!(#a.mul_add(#b, #c)) })
}

fn punct(sign: &str) -> TokenStream {
    match sign {
        "+" => code!(+),
        "-" => code!(-),
        "*" => code!(*),
        _ => code!(/),
    }
}

/// `a < b`, `a.lt(b)`
pub(crate) fn compare(compare: Compare, a: &Printed, b: &Printed, level: Level) -> Printed {
    let weight = a.weight + b.weight + 1;
    if level == Level::Scalar {
        let (a, b) = (a.within(Binding::Sum), b.within(Binding::Sum));
        let sign = match compare {
            Compare::Lt => code!(<),
            Compare::Le => code!(<=),
            Compare::Eq => code!(==),
            Compare::Ne => code!(!=),
        };
        return Printed::new(code!(#a #sign #b), Binding::Loose, weight);
    }
    let (left, right) = (a.within(Binding::Atom), &b.tokens);
    match compare {
        Compare::Lt => Printed::new(code!(#left.lt(#right)), Binding::Atom, weight),
        Compare::Le => Printed::new(code!(#left.le(#right)), Binding::Atom, weight),
        Compare::Eq => {
            let opposite = Printed::new(code!(#left.ne(#right)), Binding::Atom, weight);
            Printed {
                opposite: Some(Box::new(opposite)),
                ..Printed::new(code!(#left.eq(#right)), Binding::Atom, weight)
            }
        }
        Compare::Ne => Printed::new(code!(#left.ne(#right)), Binding::Atom, weight),
    }
}

/// The same of indices, whose packs have `lt` and `eq` alone: `!b.lt(a)`.
pub(crate) fn compare_indices(kind: Compare, a: &Printed, b: &Printed, level: Level) -> Printed {
    let not = |compared: Printed| {
        let tokens = compared.tokens;
        Printed::new(code!(!#tokens), Binding::Unary, compared.weight)
    };
    match kind {
        Compare::Le if level == Level::Vector => not(compare(Compare::Lt, b, a, level)),
        Compare::Ne if level == Level::Vector => not(compare(Compare::Eq, a, b, level)),
        _ => Printed { opposite: None, ..compare(kind, a, b, level) },
    }
}

/// `a.name(b)`, for what is no function of the language.
pub(crate) fn method(name: &str, a: &Printed, b: &Printed) -> Printed {
    let weight = weight(&[a.clone(), b.clone()]);
    let (name, receiver, b) = (ident(name), a.within(Binding::Atom), &b.tokens);
    Printed::new(code!(#receiver.#name(#b)), Binding::Atom, weight)
}

/// `a & b`, `a | b`, `!a`
pub(crate) fn logic(logic: Logic, operands: &[Printed]) -> Printed {
    let weight = weight(operands);
    match (logic, operands) {
        (Logic::And, [a, b]) => {
            let (a, b) = (a.within(Binding::Unary), b.within(Binding::Unary));
            Printed::new(code!(#a & #b), Binding::Loose, weight)
        }
        (Logic::Or, [a, b]) => {
            let (a, b) = (a.within(Binding::Unary), b.within(Binding::Unary));
            Printed::new(code!(#a | #b), Binding::Loose, weight)
        }
        (Logic::Not | Logic::And | Logic::Or, operands) => {
            let operand = operands.first().map(|a| a.within(Binding::Unary));
            Printed::new(code!(!#operand), Binding::Unary, weight)
        }
    }
}

/// `if c { a } else { b }`, `V::select(c, a, b)`
pub(crate) fn select(elem: Elem, c: &Printed, yes: &Printed, no: &Printed, level: Level) -> Printed {
    let weight = c.weight + yes.weight + no.weight + 1;
    let (condition, a, b) = (&c.tokens, &yes.tokens, &no.tokens);
    match (level, elem) {
        (Level::Scalar, _) => Printed::new(code!(if #condition { #a } else { #b }), Binding::Loose, weight),
        (Level::Vector, Elem::Real) => Printed::new(code!(V::select(#condition, #a, #b)), Binding::Atom, weight),
        (Level::Vector, Elem::Index) => {
            Printed::new(code!(V::Index::select(#condition, #a, #b)), Binding::Atom, weight)
        }
        (Level::Vector, Elem::Bool) => {
            let condition = c.within(Binding::Unary);
            let (a, b) = (yes.within(Binding::Unary), no.within(Binding::Unary));
            Printed::new(code!((#condition & #a) | (!#condition & #b)), Binding::Loose, weight)
        }
    }
}

/// The same value as another kind of element.
pub(crate) fn cast(to: Elem, from: Elem, x: &Printed, level: Level) -> Printed {
    let weight = x.weight + 1;
    let tokens = &x.tokens;
    match (level, from, to) {
        (Level::Scalar, Elem::Bool, Elem::Real) => {
            Printed::new(code!(if #tokens { T::ONE } else { T::ZERO }), Binding::Loose, weight)
        }
        (Level::Scalar, Elem::Bool, Elem::Index) => {
            Printed::new(code!(if #tokens { 1 } else { 0 }), Binding::Loose, weight)
        }
        (Level::Scalar, Elem::Index, Elem::Real) => {
            let x = x.within(Binding::Atom);
            Printed::new(code!(T::from_f64(#x as f64)), Binding::Atom, weight)
        }
        (Level::Vector, Elem::Bool, Elem::Real) => {
            Printed::new(code!(V::select(#tokens, V::splat(T::ONE), V::splat(T::ZERO))), Binding::Atom, weight)
        }
        (Level::Vector, Elem::Bool, Elem::Index) => {
            let select = code!(V::Index::select(#tokens, V::Index::splat(1), V::Index::splat(0)));
            Printed::new(select, Binding::Atom, weight)
        }
        (Level::Vector, Elem::Index, Elem::Real) => Printed::new(code!(V::from_index(#tokens)), Binding::Atom, weight),
        _ => x.clone(),
    }
}

/// The same value in all lanes.
pub(crate) fn splat(elem: Elem, scalar: &TokenStream) -> TokenStream {
    match elem {
        Elem::Real => code!(V::splat(#scalar)),
        Elem::Bool => code!(V::Mask::splat(#scalar)),
        Elem::Index => code!(V::Index::splat(#scalar)),
    }
}

/// The type of one element at the scalar level.
pub(crate) fn scalar_type(elem: Elem) -> TokenStream {
    match elem {
        Elem::Real => code!(T),
        Elem::Bool => code!(bool),
        Elem::Index => code!(i64),
    }
}

/// The type of the elements of arrays.
pub(crate) fn array_elem(elem: Elem) -> TokenStream {
    match elem {
        Elem::Real => code!(T),
        Elem::Bool => code!(bool),
        Elem::Index => code!(usize),
    }
}
