//! Mathematical typesetting: a formula's tree → a layout of fractions, indices and brackets, which `LaTeX` and `MathML` print.
//!
//! What both have in common is decided here, once: what becomes a fraction, where parentheses stay, which names are Greek,
//! which digits are an index.

use super::form::{Axes, Form, Level, infix};
use crate::graph::Dim;
use crate::graph::dim::{Atom, Term};

/// A piece of a typeset formula.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Math {
    /// A variable of one letter.
    Letter(char),
    /// A name of several letters.
    Upright(String),
    /// The name of a function.
    Function(String),
    /// A number, and what power of ten it is times.
    Number(String, Option<String>),
    /// An operator or a relation.
    Sign(&'static str),
    /// A sign that stands before what it belongs to.
    Prefix(&'static str),
    /// Notation, letter by letter.
    Words(String),
    /// One after the other.
    Row(Vec<Math>),
    /// A fraction.
    Over(Box<Math>, Box<Math>),
    /// A square root.
    Root(Box<Math>),
    /// An index.
    Sub(Box<Math>, Box<Math>),
    /// A power.
    Super(Box<Math>, Box<Math>),
    /// Between two brackets that grow.
    Fence(&'static str, Box<Math>, &'static str),
    /// What it is, when, and what else.
    Cases(Box<[Math; 3]>),
}

impl Math {
    /// Whether it is higher than a line, so that brackets around it grow.
    pub(super) fn is_tall(&self) -> bool {
        match self {
            Self::Over(..) | Self::Cases(_) | Self::Root(_) => true,
            Self::Letter(_)
            | Self::Upright(_)
            | Self::Function(_)
            | Self::Number(..)
            | Self::Sign(_)
            | Self::Prefix(_)
            | Self::Words(_) => false,
            Self::Row(parts) => parts.iter().any(Self::is_tall),
            Self::Sub(base, index) => matches!(**base, Self::Sign(_)) || base.is_tall() || index.is_tall(),
            Self::Super(base, power) => base.is_tall() || power.is_tall(),
            Self::Fence(_, inner, _) => inner.is_tall(),
        }
    }
}

/// What stands between factors that need no sign.
pub(super) const THIN: &str = "\u{2009}";

/// A line: `head = form`.
pub(super) fn form(form: &Form) -> Math {
    set(form).0
}

fn row(parts: impl IntoIterator<Item = Math>) -> Math {
    Math::Row(parts.into_iter().collect())
}

fn fence(open: &'static str, inner: Math, close: &'static str) -> Math {
    Math::Fence(open, Box::new(inner), close)
}

fn within(form: &Form, level: Level) -> Math {
    let (math, own) = set(form);
    if own >= level { math } else { fence("(", math, ")") }
}

/// A formula, and how tightly it holds together where it is typeset.
fn set(form: &Form) -> (Math, Level) {
    let math = match form {
        Form::Name(text) => name(text),
        Form::Words(text) => Math::Words(text.to_string()),
        Form::Number(text) => number(text),
        Form::Derivative(of, by) => {
            let part = |text: &str| Box::new(row([Math::Prefix("∂"), name(text)]));
            return (Math::Over(part(of), part(by)), Level::Power);
        }
        Form::Size(dim) => size(dim),
        Form::Prefix(sign, x) => row([Math::Prefix(if *sign == "!" { "¬" } else { "−" }), within(x, Level::Power)]),
        Form::Infix(a, "/", b) => return (Math::Over(Box::new(set(a).0), Box::new(set(b).0)), Level::Power),
        Form::Infix(a, sign, b) => {
            let [_, left, right] = infix(sign);
            // `a · (−b)`
            let right = if right == Level::Sign { Level::Power } else { right };
            row([within(a, left), Math::Sign(between(a, sign, b)), within(b, right)])
        }
        Form::Power(x, n) => Math::Super(Box::new(within(x, Level::Atom)), Box::new(set(n).0)),
        Form::Choice(condition, yes, no) => Math::Cases(Box::new([set(yes).0, set(condition).0, set(no).0])),
        Form::Call(function, arguments, axes) => call(function, arguments.iter().map(|x| set(x).0), axes.as_ref()),
        Form::List(parts) => fence("[", list(parts.iter().map(|part| set(part).0)), "]"),
        Form::Part(whole, places) => row([within(whole, Level::Atom), fence("[", Math::Words(places.join(", ")), "]")]),
        Form::Transposed(x) => Math::Super(Box::new(within(x, Level::Atom)), Box::new(Math::Sign("⊤"))),
    };
    (math, form.level())
}

/// The sign between two sides. A number needs none before what it is multiplied by, nor do matrices.
fn between(a: &Form, sign: &str, b: &Form) -> &'static str {
    match sign {
        "+" => "+",
        "-" => "−",
        "@" => THIN,
        "*" if matches!(a, Form::Number(_)) && !matches!(b, Form::Number(_)) => THIN,
        "*" => "·",
        "<=" => "≤",
        "<" => "<",
        "==" => "=",
        "!=" => "≠",
        "&&" => "∧",
        "||" => "∨",
        _ => "?",
    }
}

fn list(parts: impl Iterator<Item = Math>) -> Math {
    let mut row = Vec::new();
    for part in parts {
        if !row.is_empty() {
            row.push(Math::Sign(","));
        }
        row.push(part);
    }
    Math::Row(row)
}

fn call(function: &str, arguments: impl Iterator<Item = Math>, axes: Option<&Axes>) -> Math {
    let indexed = |math: Math| match axes {
        Some(Axes { text, .. }) => Math::Sub(Box::new(math), Box::new(axis(text))),
        None => math,
    };
    let inner = list(arguments);
    match function {
        "sqrt" => Math::Root(Box::new(inner)),
        "abs" => fence("|", inner, "|"),
        "norm" => indexed(fence("‖", inner, "‖")),
        "floor" => fence("⌊", inner, "⌋"),
        "ceil" => fence("⌈", inner, "⌉"),
        // What the language has no notation for: the name, and its attributes as in the text form of graphs.
        _ if function.contains('_') && function.contains('[') => {
            let (name, attributes) = function.split_once('_').unwrap_or((function, ""));
            let attributes = Math::Words(attributes.replace('_', " "));
            let name = Math::Sub(Box::new(Math::Function(name.to_owned())), Box::new(attributes));
            row([name, fence("(", inner, ")")])
        }
        "sum" => row([indexed(Math::Sign("∑")), fence("(", inner, ")")]),
        "prod" => row([indexed(Math::Sign("∏")), fence("(", inner, ")")]),
        _ => row([indexed(Math::Function(function.to_owned())), fence("(", inner, ")")]),
    }
}

/// `N`, `2`, `(N, 2)`
fn axis(text: &str) -> Math {
    if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        return list(inner.split(", ").map(axis));
    }
    if text.chars().all(|letter| letter.is_ascii_digit()) {
        return Math::Number(text.to_owned(), None);
    }
    let is_name = text.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if is_name { name(text) } else { Math::Words(text.to_owned()) }
}

/// `2 N D − 1`
fn size(dim: &Dim) -> Math {
    let mut row = Vec::new();
    for Term { atoms, coefficient } in dim.terms() {
        match (coefficient < 0, row.is_empty()) {
            (true, true) => row.push(Math::Prefix("−")),
            (true, false) => row.push(Math::Sign("−")),
            (false, true) => {}
            (false, false) => row.push(Math::Sign("+")),
        }
        if coefficient.abs() != 1 || atoms.is_empty() {
            row.push(Math::Number(coefficient.unsigned_abs().to_string(), None));
        }
        for (place, atom) in atoms.iter().enumerate() {
            if place > 0 || coefficient.abs() != 1 {
                row.push(Math::Sign(THIN));
            }
            row.push(match atom {
                Atom::Name(text) => name(text),
                Atom::Quotient(pair) => Math::Over(Box::new(size(&pair.0)), Box::new(size(&pair.1))),
                Atom::Floor(pair) => Math::Row(vec![
                    Math::Sign("⌊"),
                    Math::Over(Box::new(size(&pair.0)), Box::new(size(&pair.1))),
                    Math::Sign("⌋"),
                ]),
            });
        }
    }
    if row.is_empty() { Math::Number("0".to_owned(), None) } else { Math::Row(row) }
}

/// `2.5`, `1e-30`, `inf`
fn number(text: &str) -> Math {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("−", digits));
    let digits = match digits {
        "inf" => "∞",
        _ => digits,
    };
    match digits.split_once('e') {
        Some((mantissa, exponent)) => Math::Number(format!("{sign}{mantissa}"), Some(exponent.replace('-', "−"))),
        None => Math::Number(format!("{sign}{digits}"), None),
    }
}

/// `w1` is w with the index 1, `sigma_x` is σ with the index x.
fn name(text: &str) -> Math {
    let text = text.strip_prefix("r#").unwrap_or(text);
    let (head, index) = match text.char_indices().skip(1).find(|&(_, letter)| letter == '_') {
        Some((at, _)) if at + 1 < text.len() && !text[at + 1..].starts_with('_') => (&text[..at], &text[at + 1..]),
        _ => (text, ""),
    };
    let digits = head.len() - head.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
    let (head, number) = head.split_at(head.len() - digits);
    let index = match (number, index) {
        ("", index) => index.to_owned(),
        (number, "") => number.to_owned(),
        (number, index) => format!("{number}, {index}"),
    };
    if head.is_empty() {
        return Math::Upright(text.to_owned());
    }
    let base = base(head);
    if index.is_empty() {
        return base;
    }
    let index = list(index.split([',', '_']).map(|part| axis(part.trim())));
    Math::Sub(Box::new(base), Box::new(index))
}

fn base(head: &str) -> Math {
    let mut letters = head.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Math::Letter(letter),
        _ => match GREEK.iter().find(|(_, name)| *name == head) {
            Some((letter, _)) => Math::Letter(*letter),
            None => Math::Upright(head.to_owned()),
        },
    }
}

/// The Greek letters that are not also Latin ones, and what they are called.
pub(super) const GREEK: &[(char, &str)] = &[
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('φ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
    ('Γ', "Gamma"),
    ('Δ', "Delta"),
    ('Θ', "Theta"),
    ('Λ', "Lambda"),
    ('Ξ', "Xi"),
    ('Π', "Pi"),
    ('Σ', "Sigma"),
    ('Φ', "Phi"),
    ('Ψ', "Psi"),
    ('Ω', "Omega"),
];
