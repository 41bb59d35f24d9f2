//! Values as Rust expressions, at two levels: plain scalars (`T`, `bool`, `i64`) and packs of lanes (`V`, `V::Mask`,
//! `V::Index`).
//!
//! | | scalar | pack |
//! |---|---|---|
//! | `Map(Exp, [x])` | `x.exp()` | `x.exp()` |
//! | `Compare(Lt, a, b)` | `a < b` | `a.lt(b)` |
//! | `Select(c, a, b)` | `if c { a } else { b }` | `V::select(c, a, b)` |
//! | `Cast(Real, i)` | `T::from_f64(i as f64)` | `V::from_index(i)` |
//! | `Cast(Index, x)` | `T::to_i64(x)` | `V::to_index(x)` |

use crate::emit::rust::tree::{Expr, Infix, Path, Type};
use crate::graph::Elem;
use crate::ops::elementary::Kernel;
use crate::ops::{Compare, Function, Integer, Literal, Logic};

/// What values are at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// One number.
    Scalar,
    /// A pack of lanes.
    Vector,
}

/// A value as it is written at one place.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) expr: Expr,
    /// How many operations it holds.
    pub(crate) weight: usize,
    /// Whether it is a product, or less one, or a local that is: what was rounded already.
    is_product: bool,
    /// Whether it is `a.eq(b)` of numbers, whose opposite is as simple.
    is_equality: bool,
}

impl Value {
    /// What takes no operation.
    pub(crate) fn leaf(expr: Expr) -> Self {
        Self::new(expr, 0)
    }

    /// What takes one.
    pub(crate) fn step(expr: Expr) -> Self {
        Self::new(expr, 1)
    }

    fn new(expr: Expr, weight: usize) -> Self {
        Self { expr, weight, is_product: false, is_equality: false }
    }

    /// The factors, if it is a product that stands nowhere else: with an addend it is one instruction.
    pub(crate) fn factors(&self) -> Option<(&Expr, &Expr)> {
        match &self.expr {
            Expr::Infix(Infix::Times, a, b) if self.is_product => Some((a, b)),
            _ => None,
        }
    }

    /// This value where it is kept: in a local, or in an element of an array.
    pub(crate) fn kept(&self, expr: Expr) -> Self {
        Self { is_product: self.is_product, ..Self::leaf(expr) }
    }

    /// What is true where this is not, if that is as simple.
    pub(crate) fn opposite(&self) -> Option<Self> {
        match &self.expr {
            Expr::Method(a, _, b) if self.is_equality => {
                Some(Self::new(Expr::Method(a.clone(), "ne".into(), b.clone()), self.weight))
            }
            _ => None,
        }
    }
}

fn weight(operands: &[Value]) -> usize {
    operands.iter().map(|operand| operand.weight).sum::<usize>() + 1
}

/// A constant as a scalar.
pub(crate) fn literal(literal: &Literal) -> Value {
    let value = literal.value();
    Value::leaf(match literal.elem {
        Elem::Real => real(value),
        Elem::Bool => Expr::Truth(value != 0.0),
        Elem::Index => {
            #[allow(clippy::cast_possible_truncation, reason = "an integer was made of an i64 below 2^53")]
            let value = value as i64;
            Expr::signed(value)
        }
    })
}

/// `T::ZERO`, `T::from_f64(0.5)`
pub(crate) fn real(value: f64) -> Expr {
    if value.is_nan() {
        return Expr::path("T::NAN");
    }
    if value.is_infinite() {
        return Expr::path(if value > 0.0 { "T::INFINITY" } else { "T::NEG_INFINITY" });
    }
    if value.to_bits() == 0 {
        return Expr::path("T::ZERO");
    }
    if value.to_bits() == 1.0_f64.to_bits() {
        return Expr::path("T::ONE");
    }
    Expr::call("T::from_f64", [Expr::number(value)])
}

/// `a + b`, `-a`, `x.exp()`; of packs also `a.mul_add(b, c)`
pub(crate) fn map(function: Function, operands: &[Value], level: Level) -> Value {
    let weight = weight(operands);
    if level == Level::Vector
        && let Some(expr) = fused(function, operands)
    {
        return Value::new(expr, weight);
    }
    match (function.kernel(), operands) {
        (Kernel::Operator(_), [x]) => Value { is_product: x.is_product, ..Value::new(-x.expr.clone(), weight) },
        (Kernel::Operator(sign), [a, b]) => {
            let is_product = function == Function::Mul;
            Value { is_product, ..Value::new(a.expr.clone().infix(infix(sign), b.expr.clone()), weight) }
        }
        (Kernel::Operator(name) | Kernel::Method(name), []) => {
            Value::leaf(Expr::Missing(format!("the operand of `{name}`")))
        }
        (Kernel::Operator(name) | Kernel::Method(name), [x, rest @ ..]) => {
            let rest: Vec<Expr> = rest.iter().map(|operand| operand.expr.clone()).collect();
            let is_product = function == Function::Square;
            Value { is_product, ..Value::new(x.expr.clone().method(name, rest), weight) }
        }
    }
}

/// A sum or a difference with a product in it, rounded once where the processor can: `a.mul_add(b, c)` is a·b + c.
///
/// Not of two products: with one of them rounded and the other not, a·b − b·a would not be 0, nor the vector product of
/// parallel vectors.
fn fused(function: Function, operands: &[Value]) -> Option<Expr> {
    let [left, right] = operands else { return None };
    if left.is_product && right.is_product {
        return None;
    }
    let (is_negated, (a, b), c) = match (function, left.factors(), right.factors()) {
        (Function::Add, Some(product), _) => (false, product, right.expr.clone()),
        (Function::Add, None, Some(product)) => (false, product, left.expr.clone()),
        (Function::Sub, Some(product), _) => (false, product, -right.expr.clone()),
        (Function::Sub, None, Some(product)) => (true, product, left.expr.clone()),
        _ => return None,
    };
    let a = if is_negated { -a.clone() } else { a.clone() };
    Some(a.method("mul_add", [b.clone(), c]))
}

fn infix(sign: &str) -> Infix {
    match sign {
        "+" => Infix::Plus,
        "-" => Infix::Minus,
        "*" => Infix::Times,
        _ => Infix::Over,
    }
}

/// `a < b`, `a.lt(b)`
pub(crate) fn compare(compare: Compare, a: &Value, b: &Value, level: Level) -> Value {
    let weight = a.weight + b.weight + 1;
    let (left, right) = (a.expr.clone(), b.expr.clone());
    if level == Level::Scalar {
        let sign = match compare {
            Compare::Lt => Infix::Less,
            Compare::Le => Infix::AtMost,
            Compare::Eq => Infix::Equal,
            Compare::Ne => Infix::Unequal,
        };
        return Value::new(left.infix(sign, right), weight);
    }
    let name = match compare {
        Compare::Lt => "lt",
        Compare::Le => "le",
        Compare::Eq => "eq",
        Compare::Ne => "ne",
    };
    Value { is_equality: compare == Compare::Eq, ..Value::new(left.method(name, [right]), weight) }
}

/// An operation on integers: `a + b`, `T::floor_div(a, b)`, `V::Index::max(a, b)`.
pub(crate) fn integer(op: Integer, a: &Value, b: &Value, level: Level) -> Value {
    let weight = a.weight + b.weight + 1;
    let (left, right) = (a.expr.clone(), b.expr.clone());
    let method = |name: &'static str| {
        let of = match (level, op) {
            (Level::Vector, _) => "V::Index",
            (Level::Scalar, Integer::Min | Integer::Max) => "::core::cmp::Ord",
            (Level::Scalar, _) => "T",
        };
        Expr::call(Path::from(of).then(name), [left.clone(), right.clone()])
    };
    let expr = match op {
        Integer::Add => left.infix(Infix::Plus, right),
        Integer::Sub => left.infix(Infix::Minus, right),
        Integer::Mul => left.infix(Infix::Times, right),
        Integer::FloorDiv => method("floor_div"),
        Integer::Rem => method("floor_rem"),
        Integer::Min => method("min"),
        Integer::Max => method("max"),
        Integer::Hash => method("hash"),
    };
    Value::new(expr, weight)
}

/// A comparison of indices, whose packs have `lt` and `eq` alone: `!b.lt(a)`.
pub(crate) fn compare_indices(kind: Compare, a: &Value, b: &Value, level: Level) -> Value {
    let not = |compared: Value| Value::new(!compared.expr, compared.weight);
    match kind {
        Compare::Le if level == Level::Vector => not(compare(Compare::Lt, b, a, level)),
        Compare::Ne if level == Level::Vector => not(compare(Compare::Eq, a, b, level)),
        _ => Value { is_equality: false, ..compare(kind, a, b, level) },
    }
}

/// `a.name(b)`, for what is no function of the language.
pub(crate) fn method(name: &'static str, a: &Value, b: &Value) -> Value {
    let weight = a.weight + b.weight + 1;
    Value::new(a.expr.clone().method(name, [b.expr.clone()]), weight)
}

/// `a & b`, `a | b`, `!a`
pub(crate) fn logic(logic: Logic, operands: &[Value]) -> Value {
    let exprs = operands.iter().map(|operand| operand.expr.clone());
    let expr = match logic {
        Logic::And => exprs.reduce(|a, b| a & b),
        Logic::Or => exprs.reduce(|a, b| a | b),
        Logic::Not => exprs.reduce(|a, _| a).map(|a| !a),
    };
    let missing = || Expr::Missing(format!("the operand of {logic:?}"));
    Value::new(expr.unwrap_or_else(missing), weight(operands))
}

/// `if c { a } else { b }`, `V::select(c, a, b)`
pub(crate) fn select(elem: Elem, c: &Value, yes: &Value, no: &Value, level: Level) -> Value {
    let weight = c.weight + yes.weight + no.weight + 1;
    let [condition, a, b] = [c, yes, no].map(|operand| operand.expr.clone());
    let expr = match (level, elem) {
        (Level::Scalar, _) => Expr::choose(condition, a, b),
        (Level::Vector, Elem::Real) => Expr::call("V::select", [condition, a, b]),
        (Level::Vector, Elem::Index) => Expr::call("V::Index::select", [condition, a, b]),
        (Level::Vector, Elem::Bool) => (condition.clone() & a) | (!condition & b),
    };
    Value::new(expr, weight)
}

/// A value converted to another kind of element.
pub(crate) fn cast(to: Elem, from: Elem, x: &Value, level: Level) -> Value {
    let operand = x.expr.clone();
    let expr = match (level, from, to) {
        (Level::Scalar, Elem::Bool, Elem::Real) => Expr::choose(operand, Expr::path("T::ONE"), Expr::path("T::ZERO")),
        (Level::Scalar, Elem::Bool, Elem::Index) => Expr::choose(operand, Expr::Integer(1), Expr::Integer(0)),
        (Level::Scalar, Elem::Index, Elem::Real) => Expr::call("T::from_f64", [operand.cast("f64")]),
        (Level::Vector, Elem::Bool, Elem::Real) => {
            let [one, zero] = ["T::ONE", "T::ZERO"].map(|number| splat(Elem::Real, Expr::path(number)));
            Expr::call("V::select", [operand, one, zero])
        }
        (Level::Vector, Elem::Bool, Elem::Index) => {
            let [one, zero] = [1, 0].map(|number| splat(Elem::Index, Expr::Integer(number)));
            Expr::call("V::Index::select", [operand, one, zero])
        }
        (Level::Vector, Elem::Index, Elem::Real) => Expr::call("V::from_index", [operand]),
        (Level::Scalar, Elem::Real, Elem::Index) => Expr::call("T::to_i64", [operand]),
        (Level::Vector, Elem::Real, Elem::Index) => Expr::call("V::to_index", [operand]),
        (_, Elem::Real | Elem::Index | Elem::Bool, Elem::Real | Elem::Index | Elem::Bool) => return x.clone(),
    };
    Value::new(expr, x.weight + 1)
}

/// A pack with this value in all lanes.
pub(crate) fn splat(elem: Elem, scalar: Expr) -> Expr {
    let function = match elem {
        Elem::Real => "V::splat",
        Elem::Bool => "V::Mask::splat",
        Elem::Index => "V::Index::splat",
    };
    Expr::call(function, [scalar])
}

/// The type of one element at the scalar level.
pub(crate) fn scalar_type(elem: Elem) -> Type {
    match elem {
        Elem::Real => Type::scalar(),
        Elem::Bool => "bool".into(),
        Elem::Index => "i64".into(),
    }
}

/// The type of the elements of arrays.
pub(crate) fn array_elem(elem: Elem) -> Type {
    match elem {
        Elem::Real => Type::scalar(),
        Elem::Bool => "bool".into(),
        Elem::Index => "usize".into(),
    }
}
