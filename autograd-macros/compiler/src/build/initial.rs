//! How parameters and states start: calls of the runtime's initialisers, checked here.

use proc_macro2::Ident;

use super::functions::{Bound, bind};
use super::{Builder, Built, suggest};
use crate::diagnostics::{Help, Problem};
use crate::graph::model::Initial;
use crate::graph::{Dim, ShapeText};
use crate::habits::names;
use crate::syntax::tree::{Argument, Expr, ExprKind};

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
        if let ExprKind::Call { function, indices: None, arguments } = &expr.kind
            && self.is_initialiser(function)
        {
            return self.initial_call(expr, function, arguments, shape);
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
