//! Expression trees of formulas, and their text: what text, `LaTeX` and `MathML` are all made from.
//!
//! A tree has no parentheses. Each notation puts them where its own rules of precedence need them: a fraction needs none
//! that a quotient on one line does.

use std::fmt::Write;
use std::rc::Rc;

use crate::graph::Dim;

/// A formula, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// A variable, or a value with a name.
    Name(Rc<str>),
    /// `∂loss/∂w`
    Derivative(Rc<str>, Rc<str>),
    /// A number, as the language writes it.
    Number(Rc<str>),
    /// A dimension as a number.
    Size(Dim),
    /// Notation that has no meaning of its own: a shape, an order of axes.
    Words(Rc<str>),
    /// `-x`, `!x`
    Prefix(&'static str, Rc<Form>),
    /// `a + b`, `a @ b`, `a <= b`, `a && b`
    Infix(Rc<Form>, &'static str, Rc<Form>),
    /// `x^n`
    Power(Rc<Form>, Rc<Form>),
    /// `if c { a } else { b }`
    Choice(Rc<Form>, Rc<Form>, Rc<Form>),
    /// `exp(x)`, `sum(x, N)`
    Call(Rc<str>, Vec<Rc<Form>>, Option<Axes>),
    /// `[a, b]`
    List(Vec<Rc<Form>>),
    /// `x[1.., 0]`; whole axes at the end are silent.
    Part(Rc<Form>, Vec<String>),
    /// `x.T`
    Transposed(Rc<Form>),
}

/// The axes that a function goes along.
#[derive(Clone, Debug, PartialEq)]
pub struct Axes {
    /// `N`, `(N, 2)`
    pub text: String,
    /// Whether the language wants `axis = ` before them.
    pub keyword: bool,
}

/// How tightly a formula holds together, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Choice,
    Or,
    And,
    Compare,
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

/// How tightly an infix operator holds its sides: as a whole, and what it needs of the left and of the right.
pub(super) fn infix(sign: &str) -> [Level; 3] {
    match sign {
        "||" => [Level::Or, Level::Or, Level::And],
        "&&" => [Level::And, Level::And, Level::Compare],
        "+" | "-" => [Level::Sum, Level::Sum, Level::Product],
        "*" | "/" | "@" => [Level::Product, Level::Product, Level::Sign],
        _ => [Level::Compare, Level::Sum, Level::Sum],
    }
}

impl Form {
    /// A name.
    #[must_use]
    pub fn name(name: &str) -> Rc<Self> {
        Rc::new(Self::Name(name.into()))
    }

    /// A number.
    #[must_use]
    pub fn number(text: &str) -> Rc<Self> {
        Rc::new(Self::Number(text.into()))
    }

    /// Notation.
    #[must_use]
    pub fn words(text: &str) -> Rc<Self> {
        Rc::new(Self::Words(text.into()))
    }

    /// A call without axes.
    #[must_use]
    pub fn call(function: &str, arguments: Vec<Rc<Self>>) -> Self {
        Self::Call(function.into(), arguments, None)
    }

    /// A part, if there is anything to say about where it lies.
    pub(super) fn part(whole: Rc<Self>, places: Vec<String>) -> Rc<Self> {
        if places.is_empty() { whole } else { Rc::new(Self::Part(whole, places)) }
    }

    /// How tightly its text holds together.
    pub(super) fn level(&self) -> Level {
        match self {
            Self::Number(text) if text.starts_with('-') && &**text != "-0" => Level::Sign,
            Self::Size(dim) if dim.as_name().is_none() && dim.as_constant().is_none() => Level::Sum,
            Self::Prefix(..) => Level::Sign,
            Self::Infix(_, sign, _) => infix(sign)[0],
            Self::Power(..) => Level::Power,
            Self::Choice(..) => Level::Choice,
            Self::Name(_)
            | Self::Derivative(..)
            | Self::Number(_)
            | Self::Size(_)
            | Self::Words(_)
            | Self::Call(..)
            | Self::List(_)
            | Self::Part(..)
            | Self::Transposed(_) => Level::Atom,
        }
    }

    /// As the language writes it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    /// In parentheses if it holds together less tightly than its place needs.
    fn within(&self, level: Level, text: &mut String) {
        if self.level() >= level {
            return self.write(text);
        }
        text.push('(');
        self.write(text);
        text.push(')');
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Name(name) | Self::Number(name) | Self::Words(name) => text.push_str(name),
            Self::Derivative(of, by) => {
                let _ = write!(text, "∂{of}/∂{by}");
            }
            Self::Size(dim) => {
                let _ = write!(text, "{dim}");
            }
            Self::Prefix(sign, x) => {
                text.push_str(sign);
                x.within(Level::Power, text);
            }
            Self::Infix(a, sign, b) => {
                let [_, left, right] = infix(sign);
                a.within(left, text);
                let _ = write!(text, " {sign} ");
                b.within(right, text);
            }
            Self::Power(x, n) => {
                x.within(Level::Atom, text);
                text.push('^');
                n.within(Level::Power, text);
            }
            Self::Choice(condition, yes, no) => {
                text.push_str("if ");
                condition.write(text);
                text.push_str(" { ");
                yes.write(text);
                text.push_str(" } else { ");
                no.write(text);
                text.push_str(" }");
            }
            Self::Call(function, arguments, axes) => {
                let _ = write!(text, "{function}(");
                list(arguments, text);
                if let Some(Axes { text: axes, keyword }) = axes {
                    let _ = write!(text, ", {}{axes}", if *keyword { "axis = " } else { "" });
                }
                text.push(')');
            }
            Self::List(parts) => {
                text.push('[');
                list(parts, text);
                text.push(']');
            }
            Self::Part(whole, places) => {
                whole.within(Level::Atom, text);
                let _ = write!(text, "[{}]", places.join(", "));
            }
            Self::Transposed(x) => {
                x.within(Level::Atom, text);
                text.push_str(".T");
            }
        }
    }
}

fn list(parts: &[Rc<Form>], text: &mut String) {
    for (place, part) in parts.iter().enumerate() {
        text.push_str(if place > 0 { ", " } else { "" });
        part.write(text);
    }
}
