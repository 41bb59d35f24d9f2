//! Axes by name or number: `sum(x, N)`, `axis = 1`, `axis = -1`, `axis = (N, K)`.

use super::{Builder, Built, Reported, text};
use crate::diagnostics::{Help, Place, Problem};
use crate::graph::{Shape, ShapeText};
use crate::syntax::tree::{Expr, ExprKind};

impl Builder<'_> {
    /// The axes that an argument names, sorted; every axis, if there is no argument.
    pub(super) fn axes(&mut self, expr: Option<&Expr>, shape: &Shape) -> Built<Vec<usize>> {
        let Some(expr) = expr else { return Ok((0..shape.len()).collect()) };
        let mut axes = self.axis_list(expr, shape)?;
        axes.sort_unstable();
        Ok(axes)
    }

    /// The axes that an argument names, in its order, each once.
    pub(super) fn axis_list(&mut self, expr: &Expr, shape: &Shape) -> Built<Vec<usize>> {
        let items = match &expr.kind {
            ExprKind::Tuple(items) | ExprKind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(expr),
        };
        let found: Vec<Built<usize>> = items.iter().map(|item| self.axis(item, shape)).collect();
        let axes = found.into_iter().collect::<Built<Vec<usize>>>()?;
        for (place, axis) in axes.iter().enumerate() {
            if axes[..place].contains(axis) {
                let problem = Problem::RepeatedAxis { axis: text::quoted(&items[place], "this") };
                return Err(self.error(items[place].span, problem));
            }
        }
        Ok(axes)
    }

    /// One axis.
    pub(super) fn axis(&mut self, expr: &Expr, shape: &Shape) -> Built<usize> {
        if let ExprKind::Name(name) = &expr.kind
            && !self.means_something(&name.to_string())
            && self.is_whole()
        {
            let axis = format!("`{name}`");
            return Err(self.no_such_axis(expr, axis, shape));
        }
        let dim = self.dim(expr)?;
        if let Some(number) = dim.as_constant() {
            return self.axis_number(expr, number, shape);
        }
        let places: Vec<usize> = (0..shape.len()).filter(|&axis| shape[axis] == dim).collect();
        match places.as_slice() {
            [axis] => Ok(*axis),
            [] => Err(self.no_such_axis(expr, dim.to_string(), shape)),
            several => {
                let problem = Problem::AmbiguousAxis { axis: dim.to_string(), shape: ShapeText(shape).to_string() };
                let numbers: Vec<String> = several.iter().map(|axis| format!("`axis = {axis}`")).collect();
                let help = Help::write(numbers.join(" or "), expr.span, several[0].to_string());
                Err(self.error_with_help(expr.span, problem, help))
            }
        }
    }

    fn no_such_axis(&mut self, expr: &Expr, axis: String, shape: &Shape) -> Reported {
        let problem = Problem::NoSuchAxis { axis, shape: ShapeText(shape).to_string() };
        let names: Vec<String> = shape.iter().map(|dim| format!("`{dim}`")).collect();
        let help = match names.as_slice() {
            [] => "a scalar has no axes".to_owned(),
            [only] => format!("its only axis is {only}"),
            several => format!("its axes are {}", several.join(", ")),
        };
        self.error_with_help(expr.span, problem, help)
    }

    fn axis_number(&mut self, expr: &Expr, number: i64, shape: &Shape) -> Built<usize> {
        let rank = i64::try_from(shape.len()).unwrap_or(i64::MAX);
        let axis = if number < 0 { number + rank } else { number };
        if (0..rank).contains(&axis) {
            return usize::try_from(axis).map_err(|_| Reported);
        }
        let problem = Problem::NoSuchAxis { axis: number.to_string(), shape: ShapeText(shape).to_string() };
        let help = match rank {
            0 => "a scalar has no axes".to_owned(),
            1 => "its only axis is 0".to_owned(),
            2 => "its axes are 0 and 1, or -2 and -1".to_owned(),
            _ => format!("its axes are 0 to {}, or -{rank} to -1", rank - 1),
        };
        Err(self.error_with_help(expr.span, problem, help))
    }

    /// One axis, which need not be said of a vector.
    pub(super) fn single_axis(
        &mut self,
        call: &Expr,
        function: &str,
        axis: Option<&Expr>,
        shape: &Shape,
    ) -> Built<usize> {
        match (axis, shape.len()) {
            (Some(axis), _) => self.axis(axis, shape),
            (None, 1) => Ok(0),
            (None, 0) => {
                let what = format!("`{function}`");
                let problem = Problem::WrongRank { what, expected: "at least one axis".into(), found: "[]".into() };
                Err(self.error(call.span, problem))
            }
            (None, _) => {
                let shape_text = ShapeText(shape).to_string();
                let last = &shape[shape.len() - 1];
                let unique = shape.iter().filter(|dim| *dim == last).count() == 1 && last.as_constant().is_none();
                let code = if unique { format!("axis = {last}") } else { "axis = -1".into() };
                let help = Help::from(format!("`{code}`"));
                let help = help.and(call.span.last, Place::Before, format!(", {code}"));
                let problem = Problem::AxisNeeded { function: function.to_owned(), shape: shape_text };
                Err(self.error_with_help(call.span, problem, help))
            }
        }
    }
}
