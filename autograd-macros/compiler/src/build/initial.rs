//! Initialisers of parameters and states: calls of the runtime's initialisers, checked here.

use proc_macro2::Ident;

use super::functions::{Bound, bind};
use super::{Builder, Built, suggest};
use crate::diagnostics::{Help, Problem};
use crate::graph::model::Initial;
use crate::graph::{Dim, ShapeText};
use crate::habits::names;
use crate::syntax::print::source;
use crate::syntax::tree::{Argument, BinaryOp, Expr, ExprKind, UnaryOp};

/// The initialisers: name, parameters, and what they do.
pub const INITIALISERS: &[(&str, &str, &str)] = &[
    ("zeros", "", "0 everywhere; also what a parameter without an initialiser starts from"),
    ("ones", "", "1 everywhere"),
    ("constant", "value", "one number everywhere; a plain number says the same"),
    ("full", "value", "one number everywhere"),
    ("uniform", "low, high", "evenly from an interval"),
    ("normal", "mean, std", "from the normal distribution"),
    ("truncated_normal", "mean, std", "normal, drawn again beyond two standard deviations"),
    ("xavier_uniform", "", "variance 2 / (fan-in + fan-out), evenly"),
    ("xavier_normal", "", "variance 2 / (fan-in + fan-out), normal"),
    ("glorot_uniform", "", "the same as `xavier_uniform`"),
    ("glorot_normal", "", "the same as `xavier_normal`"),
    ("kaiming_uniform", "", "variance 2 / fan-in, evenly: before a `relu`"),
    ("kaiming_normal", "", "variance 2 / fan-in, normal: before a `relu`"),
    ("he_uniform", "", "the same as `kaiming_uniform`"),
    ("he_normal", "", "the same as `kaiming_normal`"),
    ("lecun_uniform", "", "variance 1 / fan-in, evenly"),
    ("lecun_normal", "", "variance 1 / fan-in, normal"),
    ("orthogonal", "", "a random matrix with orthonormal rows or columns"),
    ("eye", "", "the identity matrix"),
    ("identity", "", "the identity matrix"),
];

impl Builder<'_> {
    /// The initialiser that an expression says, for a tensor of a shape.
    pub(super) fn initial(&mut self, expr: &Expr, shape: &[Dim]) -> Built<Initial> {
        if let ExprKind::Call { function, binder: None, arguments, .. } = &expr.kind {
            if let Some(code) = usual(&function.to_string()).filter(|_| self.is_module(arguments)) {
                // `nn.init.xavier_uniform()`, with or without what it fills or how large that is.
                let module = &arguments[0].value;
                let code = numbers_of(&function.to_string(), &arguments[1..]).unwrap_or(code);
                let problem = Problem::UnknownName { name: source(module) };
                return Err(self.error_with_help(module.span, problem, Help::code(expr.span, code)));
            }
            if self.is_initialiser(function) {
                return self.initial_call(expr, function, arguments, shape);
            }
        }
        if let ExprKind::Name(name) = &expr.kind
            && !self.means_something(&name.to_string())
            && let Some(code) = usual(&name.to_string())
        {
            let help = Help::write(format!("an initialiser is called: `{code}`"), expr.span, code);
            return Err(self.error_with_help(expr.span, Problem::NotAValue { expr: format!("`{name}`") }, help));
        }
        if let ExprKind::List(items) = &expr.kind {
            let problem = Problem::NotANumberConstant {
                whose: "an initialiser".into(),
                found: format!("a list of {}", items.len()),
            };
            let help = "values are set after the model is made: `model.name = array![…];`; what never changes is a `let` or \
                        an `input`";
            return Err(self.error_with_help(expr.span, problem, help));
        }
        if let Some(code) = scaled(expr) {
            let problem = Problem::NotSupported { what: "a multiple of an initialiser".into() };
            return Err(self.error_with_help(expr.span, problem, Help::code(expr.span, code)));
        }
        Ok(Initial::Constant(self.number(expr, "an initialiser")?))
    }

    /// A call is an initialiser's unless it is that of a function, which makes a number.
    fn is_initialiser(&self, function: &Ident) -> bool {
        let name = function.to_string();
        find(&name).is_some() || !self.is_function(&name)
    }

    fn initial_call(&mut self, expr: &Expr, function: &Ident, arguments: &[Argument], shape: &[Dim]) -> Built<Initial> {
        let name = function.to_string();
        let Some(&(known, parameters, _)) = find(&name) else {
            let habit = names::INITIALISERS.iter().find(|(other, _)| *other == name);
            let near = suggest::nearest(&name, INITIALISERS.iter().map(|row| row.0));
            let help = match (habit, near) {
                (Some((_, code)), _) => Help::code(expr.span, *code),
                (None, Some(near)) => Help::write(format!("did you mean `{near}`?"), function.span(), near),
                (None, None) => "a number, or `normal(0, 0.1)`; LANGUAGE.md lists all initialisers".into(),
            };
            return Err(self.error_with_help(function.span(), Problem::UnknownInitialiser { name }, help));
        };
        if let Some(code) = numbers_of(known, arguments) {
            // The shape is that of the parameter.
            let (positional, takes) = (arguments.len(), parameters.split(',').filter(|name| !name.is_empty()).count());
            let expected = super::functions::counts(takes, takes);
            let problem = Problem::WrongArgumentCount { function: name, expected, given: positional };
            let help = Help::write(format!("`{code}`: the shape is that of the declaration"), expr.span, code);
            return Err(self.error_with_help(expr.span, problem, help));
        }
        let bound = bind(self, expr.span, known, parameters, arguments)?;
        let values = self.initial_values(&bound).and_then(|values| {
            self.check_drawn(expr, known, &values)?;
            Ok(values)
        });
        if matches!(known, "orthogonal" | "eye" | "identity") && shape.len() < 2 {
            let problem = Problem::WrongRank {
                what: format!("`{known}`"),
                expected: "a matrix".into(),
                found: ShapeText(shape).to_string(),
            };
            return Err(self.error(function.span(), problem));
        }
        Ok(initial(known, &values?))
    }

    fn initial_values(&mut self, bound: &Bound) -> Built<Vec<f64>> {
        let values: Vec<Built<f64>> =
            bound.values().map(|value| self.number(value, "an argument of an initialiser")).collect();
        values.into_iter().collect()
    }
}

impl Builder<'_> {
    /// Numbers are drawn from an interval of finite length, and with a finite deviation that is not negative.
    fn check_drawn(&mut self, expr: &Expr, name: &str, values: &[f64]) -> Built<()> {
        let (reason, help) = match (name, values) {
            ("uniform", [low, high]) if !(high - low).is_finite() => {
                (format!("from {low} to {high}"), "the bounds and their difference are finite numbers")
            }
            ("uniform", [low, high]) if low > high => {
                (format!("from {low} to {high}"), "the smaller bound comes first: `uniform(low, high)`")
            }
            ("normal" | "truncated_normal", [mean, std]) if !mean.is_finite() || !std.is_finite() => {
                (format!("with mean {mean} and deviation {std}"), "both are finite numbers")
            }
            ("normal" | "truncated_normal", [mean, std]) if *std < 0.0 => {
                (format!("with mean {mean} and deviation {std}"), "a standard deviation is not negative")
            }
            _ => return Ok(()),
        };
        let problem = Problem::CannotDraw { name: name.to_owned(), reason };
        Err(self.error_with_help(expr.span, problem, help))
    }
}

/// An initialiser as one would call it: `normal(0, 1)`. Nothing for what is none, here or elsewhere.
fn usual(name: &str) -> Option<String> {
    let name = name.trim_end_matches('_');
    let habit = names::INITIALISERS.iter().find(|(other, _)| *other == name).map(|(_, code)| (*code).to_owned());
    let own = || {
        let &(known, parameters, _) = find(name)?;
        Some(match parameters {
            "" => format!("{known}()"),
            "value" => format!("{known}(0)"),
            _ => format!("{known}(0, 1)"),
        })
    };
    habit.or_else(own)
}

/// A call with as many numbers as the initialiser takes, of one that is given others: a shape after them or before,
/// or a deviation alone.
fn numbers_of(name: &str, arguments: &[Argument]) -> Option<String> {
    let code = usual(name)?;
    let known = code.split('(').next().unwrap_or(&code).to_owned();
    let &(_, parameters, _) = find(&known)?;
    let takes = parameters.split(',').filter(|name| !name.is_empty()).count();
    if arguments.iter().any(|argument| argument.name.is_some()) || (takes == arguments.len()) {
        return None;
    }
    let is_number = |argument: &&Argument| {
        let value = match &argument.value.kind {
            ExprKind::Unary(UnaryOp::Neg, value) => value,
            _ => &argument.value,
        };
        matches!(value.kind, ExprKind::Number { .. })
    };
    let numbers: Vec<String> = arguments.iter().filter(is_number).map(|argument| source(&argument.value)).collect();
    match (takes, numbers.as_slice()) {
        (0, _) => Some(format!("{known}()")),
        (2, []) => Some(code),
        (2, [one]) if known == "uniform" => Some(format!("uniform(-{one}, {one})")).filter(|_| !one.starts_with('-')),
        (2, [one]) if one == "0" => None,
        (2, [one]) => Some(format!("{known}(0, {one})")),
        (2, [first, second]) => Some(format!("{known}({first}, {second})")),
        _ => None,
    }
}

/// `0.1*randn()`: with the factor inside.
fn scaled(expr: &Expr) -> Option<String> {
    let ExprKind::Binary(BinaryOp::Mul, a, b) = &expr.kind else { return None };
    let (ExprKind::Number { .. }, ExprKind::Call { function, arguments, binder: None, .. }) = (&a.kind, &b.kind) else {
        return None;
    };
    let name = function.to_string();
    let code = match arguments.as_slice() {
        [mean, _] if find(&name).is_some_and(|row| row.1.contains(',')) && source(&mean.value) == "0" => source(b),
        _ => usual(&name)?,
    };
    let (known, one) = code.strip_suffix(')')?.split_once("(0, ")?;
    let (factor, one) = (source(a).parse::<f64>().ok()?, one.parse::<f64>().ok()?);
    Some(format!("{known}(0, {:?})", factor * one))
}

fn initial(name: &str, values: &[f64]) -> Initial {
    match (name, values) {
        ("zeros", _) => Initial::Constant(0.0),
        ("ones", _) => Initial::Constant(1.0),
        ("constant" | "full", [value]) => Initial::Constant(*value),
        _ => Initial::Call { name: name.to_owned(), arguments: values.to_vec() },
    }
}

fn find(name: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    INITIALISERS.iter().find(|row| row.0 == name)
}
