//! Expressions read as dimensions: integers, names of the header, constants, and `+ - * / ^` of them.
//!
//! `/` is exact integer division here. `2*H - 1` is a dimension, `0.5*H` is an error.

use crate::build::text::quoted;
use crate::build::{Builder, Built, Meaning, Reported, suggest};
use crate::diagnostics::{Help, Place, Problem, SpanRange};
use crate::graph::{Dim, Shape, ShapeText};
use crate::syntax::tree::{BinaryOp, Expr, ExprKind, UnaryOp};

/// The most axes of an array.
const MOST_AXES: usize = 32;

impl Builder<'_> {
    /// The dimension that an expression says.
    pub(super) fn dim(&mut self, expr: &Expr) -> Built<Dim> {
        match &expr.kind {
            ExprKind::Number { integer: Some(value), .. } => Ok(Dim::constant(*value)),
            ExprKind::Name(name) => match self.dim_of_name(&name.to_string()) {
                Some(dim) => Ok(dim),
                None => Err(self.unknown_dim(expr, &name.to_string())),
            },
            ExprKind::Unary(UnaryOp::Neg, x) => {
                let x = self.dim(x)?;
                x.neg().ok_or_else(|| self.dim_overflow(expr))
            }
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (self.dim(a), self.dim(b));
                self.dim_binary(expr, *op, &a?, &b?)
            }
            ExprKind::Call { function, binder: None, arguments, .. } if function == "floor_div" => {
                let [a, b] = arguments.as_slice() else { return Err(self.not_a_dim(expr)) };
                let (a, b) = (self.dim(&a.value), self.dim(&b.value));
                a?.floor_div(&b?).ok_or_else(|| self.not_a_dim(expr))
            }
            _ => Err(self.not_a_dim(expr)),
        }
    }

    /// Reads a dimension without complaints: `None` if the expression is none.
    pub(super) fn try_dim(&self, expr: &Expr) -> Option<Dim> {
        match &expr.kind {
            ExprKind::Number { integer: Some(value), .. } => Some(Dim::constant(*value)),
            ExprKind::Name(name) if self.is_local(&name.to_string()) => self.size_here(&name.to_string()).cloned(),
            ExprKind::Name(name) => self.dim_of_name(&name.to_string()),
            ExprKind::Unary(UnaryOp::Neg, x) => self.try_dim(x)?.neg(),
            ExprKind::Binary(op, a, b) => combine(*op, &self.try_dim(a)?, &self.try_dim(b)?),
            ExprKind::Call { function, binder: None, arguments, .. } if function == "floor_div" => match &arguments[..]
            {
                [a, b] => self.try_dim(&a.value)?.floor_div(&self.try_dim(&b.value)?),
                _ => None,
            },
            _ => None,
        }
    }

    /// The shape that a list of dimensions says. Every mistake in it is reported.
    pub(super) fn shape_of(&mut self, dims: &[Expr]) -> Built<Shape> {
        let extents: Vec<Built<Dim>> = dims.iter().map(|expr| self.extent_of(expr)).collect();
        let shape: Shape = extents.into_iter().collect::<Built<_>>()?;
        if let [first, .., last] | [first @ last] = dims {
            self.check_size(first.span.to(last.span), &shape)?;
        }
        Ok(shape)
    }

    /// A dimension that is an extent: not a negative number.
    pub(super) fn extent_of(&mut self, expr: &Expr) -> Built<Dim> {
        let dim = self.dim(expr)?;
        self.check_extent(expr.span, &dim)?;
        Ok(dim)
    }

    /// Refuses negative numbers.
    pub(super) fn check_extent(&mut self, span: SpanRange, dim: &Dim) -> Built<()> {
        match dim.as_constant() {
            Some(value) if value < 0 => {
                let help = "an extent that follows from the data has a name, declared before the braces: `M<N>`, `[N]`";
                Err(self.error_with_help(span, Problem::NegativeExtent { value }, help))
            }
            _ => Ok(()),
        }
    }

    /// Refuses shapes that no array has, or whose number of elements cannot be written.
    pub(super) fn check_size(&mut self, span: SpanRange, shape: &[Dim]) -> Built<()> {
        if shape.len() > MOST_AXES {
            let what = format!("an array of more than {MOST_AXES} axes");
            return Err(self.error(span, Problem::NotSupported { what }));
        }
        if Dim::can_multiply(shape) { Ok(()) } else { Err(self.dim_overflow_at(span)) }
    }

    /// The list of dimensions that is the argument of `reshape`, `zeros` and their like; a single one needs no
    /// brackets.
    pub(super) fn shape_argument(&mut self, expr: &Expr) -> Built<Shape> {
        match &expr.kind {
            ExprKind::List(dims) => self.shape_of(dims),
            ExprKind::Tuple(_) => {
                let found = quoted(expr, "this");
                let help = "a shape is written `[N, D]`";
                Err(self.error_with_help(expr.span, Problem::NotADimension { expr: found }, help))
            }
            _ => Ok([self.extent_of(expr)?].into()),
        }
    }

    fn dim_of_name(&self, name: &str) -> Option<Dim> {
        if let Some(size) = self.size_here(name) {
            return Some(size.clone());
        }
        match self.globals.get(name).filter(|_| !self.in_language()).map(|global| &global.meaning) {
            Some(Meaning::Number(value)) => whole(*value).map(Dim::constant),
            Some(_) => None,
            None => self.is_dim(name).then(|| Dim::name(name)),
        }
    }

    fn dim_binary(&mut self, expr: &Expr, op: BinaryOp, a: &Dim, b: &Dim) -> Built<Dim> {
        let dim = combine(op, a, b);
        match (dim, op) {
            (Some(dim), _) => Ok(dim),
            (None, BinaryOp::Div) => Err(self.inexact(expr, a, b)),
            (None, BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul) => Err(self.dim_overflow(expr)),
            (None, BinaryOp::Pow) if power(b).is_some() => Err(self.dim_overflow(expr)),
            _ => Err(self.not_a_dim(expr)),
        }
    }

    fn inexact(&mut self, expr: &Expr, a: &Dim, b: &Dim) -> Reported {
        let problem = Problem::InexactDivision { dividend: a.to_string(), divisor: b.to_string() };
        self.error_with_help(expr.span, problem, "in dimensions `/` is exact integer division")
    }

    fn dim_overflow(&mut self, expr: &Expr) -> Reported {
        self.dim_overflow_at(expr.span)
    }

    fn dim_overflow_at(&mut self, span: SpanRange) -> Reported {
        self.error(span, Problem::DimensionOverflow)
    }

    fn not_a_dim(&mut self, expr: &Expr) -> Reported {
        let problem = Problem::NotADimension { expr: quoted(expr, "this") };
        let help = "a dimension is made of names of the header, integers, and `+ - * /`";
        self.error_with_help(expr.span, problem, help)
    }

    fn unknown_dim(&mut self, expr: &Expr, name: &str) -> Reported {
        if let Some(global) = self.globals.get(name) {
            if matches!(global.meaning, Meaning::Value(Err(Reported))) {
                return Reported;
            }
            let problem = Problem::NotADimension { expr: quoted(expr, "this") };
            let help = match global.meaning {
                Meaning::Number(_) => format!("`{name}` is not a whole number"),
                _ => {
                    format!("`{name}` is a value; a dimension is declared in the header: `{}`", self.header(Some(name)))
                }
            };
            return self.error_with_help(expr.span, problem, help);
        }
        let in_other_case = self.dims.iter().find(|dim| dim.eq_ignore_ascii_case(name)).map(String::as_str);
        let near = in_other_case.or_else(|| suggest::nearest(name, self.dims.iter().map(String::as_str)));
        let help = if let Some(near) = near {
            Help::write(format!("did you mean `{near}`?"), expr.span, near)
        } else {
            let help = Help::from(format!("declare it: `{}`", self.header(Some(name))));
            match self.tree.dims.last() {
                Some(last) => help.and(last.span(), Place::After, format!(", {name}")),
                None => help.and(self.tree.name.span(), Place::After, format!("<{name}>")),
            }
        };
        self.error_with_help(expr.span, Problem::UnknownDimension { name: name.to_owned() }, help)
    }

    /// The model's header with one more dimension: `Mlp<N, D>`.
    fn header(&self, extra: Option<&str>) -> String {
        let mut dims: Vec<String> = self.tree.dims.iter().map(ToString::to_string).collect();
        dims.extend(extra.map(str::to_owned));
        format!("{}<{}>", self.tree.name, dims.join(", "))
    }

    /// Whether a local of the innermost function has this name.
    pub(super) fn is_local(&self, name: &str) -> bool {
        self.frames.last().is_some_and(|frame| frame.places.get(name).is_some_and(|places| !places.is_empty()))
    }

    /// Refuses an array none of whose axes can be solved for a dimension that nothing else gives.
    pub(super) fn unsolvable(&mut self, span: SpanRange, shape: &[Dim], names: &[String]) -> Reported {
        let (is, it) = if names.len() == 1 { ("is", "it") } else { ("are", "them") };
        let names_text = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
        let problem = Problem::UnsolvableDimension {
            shape: ShapeText(shape).to_string(),
            names: format!("{names_text} {is}"),
            them: it,
        };
        let name = names.first().map_or("N", String::as_str);
        self.error_with_help(span, problem, format!("a parameter or an input of shape [{name}] would give `{name}`"))
    }
}

fn combine(op: BinaryOp, a: &Dim, b: &Dim) -> Option<Dim> {
    match op {
        BinaryOp::Add => a.add(b),
        BinaryOp::Sub => a.sub(b),
        BinaryOp::Mul => a.mul(b),
        BinaryOp::Div => a.div(b),
        BinaryOp::Pow => (0..power(b)?).try_fold(Dim::ONE, |product, _| product.mul(a)),
        _ => None,
    }
}

/// An exponent that a dimension may have.
fn power(exponent: &Dim) -> Option<i64> {
    exponent.as_constant().filter(|value| (0..=62).contains(value))
}

/// The integer that a constant is.
pub(super) fn whole(value: f64) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "checked to be a whole number far inside the range")]
    (value.fract() == 0.0 && value.abs() < 9e15).then_some(value as i64)
}
