//! Values: element kinds, broadcasting, and the few node patterns that many parts of the language share.

use std::rc::Rc;

use super::stretch::Side;
use super::{Builder, Built, Reported, shapes, text};
use crate::diagnostics::{Help, Problem, SpanRange};
use crate::graph::{Dim, Elem, NodeId, Shape, ShapeText, Type};
use crate::ops::ReduceKind;
use crate::syntax::print;
use crate::syntax::tree::{BinaryOp, Expr, ExprKind};

impl Builder<'_> {
    /// The shape of a value.
    pub(super) fn shape(&self, x: NodeId) -> Shape {
        self.region.shape(x)
    }

    /// The element kind of a value.
    pub(super) fn elem(&self, x: NodeId) -> Elem {
        self.region.ty(x).elem
    }

    /// The type of a value.
    pub(super) fn ty(&self, x: NodeId) -> Type {
        self.region.ty(x).clone()
    }

    /// The value as numbers: a truth value is 0 or 1, an index its number.
    pub(super) fn real(&mut self, x: NodeId) -> NodeId {
        if self.elem(x) == Elem::Index
            && let Some(value) = self.region.literal_value(x)
            && self.shape(x).is_empty()
        {
            return self.region.literal(value);
        }
        self.region.cast(x, Elem::Real)
    }

    /// An extent as a number.
    #[allow(clippy::cast_precision_loss, reason = "extents lie far below 2^53")]
    pub(super) fn extent(&mut self, dim: &Dim) -> NodeId {
        if let Some(value) = dim.as_constant() {
            return self.region.literal(value as f64);
        }
        let extent = self.region.extent(dim);
        self.region.cast(extent, Elem::Real)
    }

    /// Stretches a value to a shape that it broadcasts to.
    pub(super) fn stretch(&mut self, x: NodeId, shape: &Shape) -> NodeId {
        let from = self.shape(x);
        if from == *shape {
            return x;
        }
        let missing = shape.len() - from.len();
        let kept: Vec<usize> = (0..from.len()).filter(|&axis| from[axis] == shape[axis + missing]).collect();
        let squeezed: Shape = kept.iter().map(|&axis| from[axis].clone()).collect();
        let x = self.region.reshape(x, &squeezed);
        let axes: Vec<usize> = kept.iter().map(|axis| axis + missing).collect();
        self.region.broadcast(x, shape, &axes)
    }

    /// Stretches two operands of an operator to their common shape.
    pub(super) fn align(&mut self, op: BinaryOp, expr: &Expr, sides: [(NodeId, &Expr); 2]) -> Built<[NodeId; 2]> {
        let [(a, left), (b, right)] = sides;
        let (x, y) = (self.shape(a), self.shape(b));
        match shapes::broadcast(&x, &y) {
            Ok(shape) => {
                let sides = [self.side(a, left), self.side(b, right)];
                self.refuse_both(expr.span, &format!("`{}`", op.sign()), &sides, &shape)?;
                Ok([self.stretch(a, &shape), self.stretch(b, &shape)])
            }
            Err(clash) => {
                let cannot = text::cannot(op, self.region.ty(a), self.region.ty(b));
                let problem = Problem::ShapesDiffer { cannot, reason: clash.reason(&x, &y) };
                let sides = [self.side(a, left), self.side(b, right)];
                let help = super::stretch::column([(&sides[0], &x), (&sides[1], &y)]);
                Err(self.error_maybe_help(expr.span, problem, help))
            }
        }
    }

    /// Stretches the arguments of a function to their common shape.
    pub(super) fn align_all(&mut self, function: &str, span: SpanRange, sides: &[Side]) -> Built<Vec<NodeId>> {
        let values: Vec<NodeId> = sides.iter().map(|side| side.node).collect();
        let shape = self.common_shape(function, span, sides)?;
        self.refuse_both(span, &format!("`{function}`"), sides, &shape)?;
        Ok(values.iter().map(|&value| self.stretch(value, &shape)).collect())
    }

    /// Values with the expressions that they come from.
    pub(super) fn sides<'e>(&self, values: &[NodeId], exprs: impl IntoIterator<Item = &'e Expr>) -> Vec<Side> {
        values.iter().zip(exprs).map(|(&value, expr)| self.side(value, expr)).collect()
    }

    /// An operand as the user wrote it, and where; inside of the language's own functions, the argument of the call.
    pub(super) fn written(&self, expr: &Expr) -> Option<(String, SpanRange)> {
        match self.frames.last() {
            Some(frame) if frame.sealed => match &expr.kind {
                ExprKind::Name(name) => frame.written.get(&name.to_string()).cloned(),
                _ => None,
            },
            _ => Some((print::short_operand(expr, print::OPERAND)?, expr.span)),
        }
    }

    /// The shape that the arguments of a function broadcast to.
    fn common_shape(&mut self, function: &str, span: SpanRange, sides: &[Side]) -> Built<Shape> {
        let mut shape: Shape = [].into();
        for (place, side) in sides.iter().enumerate() {
            let next = self.shape(side.node);
            shape = match shapes::broadcast(&shape, &next) {
                Ok(shape) => shape,
                Err(clash) => {
                    let (left, right) = (ShapeText(&shape), ShapeText(&next));
                    let cannot = format!("`{function}` cannot combine {left} and {right}");
                    let reason = clash.reason(&shape, &next);
                    let before = sides[..place].iter().find(|side| self.shape(side.node) == shape);
                    let help = before.and_then(|before| super::stretch::column([(before, &shape), (side, &next)]));
                    return Err(self.error_maybe_help(span, Problem::ShapesDiffer { cannot, reason }, help));
                }
            };
        }
        Ok(shape)
    }

    /// Stretches a value to a given shape, or says why `what` cannot have it.
    pub(super) fn fit(&mut self, span: SpanRange, what: &str, x: NodeId, shape: &Shape) -> Built {
        let from = self.shape(x);
        if shapes::broadcast(&from, shape).is_ok_and(|common| common == *shape) {
            return Ok(self.stretch(x, shape));
        }
        let problem = Problem::WrongShape {
            what: what.to_owned(),
            expected: ShapeText(shape).to_string(),
            found: ShapeText(&from).to_string(),
        };
        Err(self.error(span, problem))
    }

    /// Reduces axes, which stay with extent 1 if `keep` says so.
    pub(super) fn reduce(&mut self, kind: ReduceKind, x: NodeId, axes: &[usize], keep: bool) -> NodeId {
        let shape = self.shape(x);
        let reduced = self.region.reduce(kind, x, axes);
        if keep { self.keep(reduced, &shape, axes) } else { reduced }
    }

    /// Gives a reduced value its axes back, with extent 1.
    pub(super) fn keep(&mut self, reduced: NodeId, shape: &Shape, axes: &[usize]) -> NodeId {
        let place = |(axis, dim): (usize, &Dim)| if axes.contains(&axis) { Dim::ONE } else { dim.clone() };
        let kept: Shape = shape.iter().enumerate().map(place).collect();
        self.region.reshape(reduced, &kept)
    }

    /// How many elements are reduced, as a number.
    pub(super) fn count(&mut self, span: SpanRange, shape: &Shape, axes: &[usize]) -> Built {
        let dims: Vec<Dim> = axes.iter().map(|&axis| shape[axis].clone()).collect();
        let count = shapes::count(&dims).ok_or_else(|| self.error(span, Problem::DimensionOverflow))?;
        Ok(self.extent(&count))
    }

    /// A number in the shape of a value.
    pub(super) fn filled(&mut self, scalar: NodeId, like: NodeId) -> NodeId {
        let shape = self.shape(like);
        self.stretch(scalar, &shape)
    }

    /// The truth values of a condition, or an error for numbers.
    pub(super) fn truth(&mut self, x: NodeId, expr: &Expr, whose: &str) -> Built {
        if self.elem(x) == Elem::Bool {
            return Ok(x);
        }
        let problem = Problem::WrongKind {
            what: whose.to_owned(),
            expected: "a truth value",
            found: text::describe(self.region.ty(x)),
        };
        let help = self
            .written(expr)
            .map(|(text, span)| Help::write(format!("`{text} != 0`"), span, format!("({text} != 0)")));
        Err(self.error_maybe_help(expr.span, problem, help))
    }

    /// An error with help, where there is some.
    pub(super) fn error_maybe_help(
        &mut self,
        span: SpanRange,
        problem: Problem,
        help: Option<impl Into<Help>>,
    ) -> Reported {
        match help {
            Some(help) => self.error_with_help(span, problem, help),
            None => self.error(span, problem),
        }
    }
}

/// The shape with one more axis.
pub(super) fn insert_axis(shape: &[Dim], axis: usize, dim: Dim) -> Shape {
    let mut dims = shape.to_vec();
    dims.insert(axis, dim);
    Rc::from(dims)
}
