//! Shape manipulation: axes added, dropped, moved, cut and joined.

use super::super::values::insert_axis;
use super::super::{Builder, Built, shapes, text};
use super::Family::Shape as Shaping;
use super::arguments::Call;
use super::{Row, rule};
use crate::diagnostics::Problem;
use crate::graph::dim::Atom;
use crate::graph::{Dim, NodeId, Shape, ShapeText};
use crate::syntax::tree::{Expr, ExprKind, UnaryOp};

pub(super) const ROWS: &[Row] = &[
    rule(
        [
            "reshape",
            "x, shape",
            "the same elements in row-major order; one extent may be -1",
            "reshape(x, [N, 2, D/2])",
        ],
        Shaping,
        reshape,
    ),
    rule(
        ["transpose", "x, order?", "the last two axes exchanged, or all axes in a new order", "transpose(x)"],
        Shaping,
        transpose,
    ),
    rule(["permute", "x, order", "the axes in a new order", "permute(x, (1, 0))"], Shaping, permute),
    rule(["broadcast", "x, shape", "x stretched to a shape", "broadcast(b, [N, D])"], Shaping, broadcast),
    rule(
        ["concat", "list, axis = 0", "tensors one after the other along an axis", "concat([x, z], axis = 1)"],
        Shaping,
        concat,
    ),
    rule(
        ["stack", "list, axis = 0", "tensors of one shape side by side along a new axis", "stack([u, v])"],
        Shaping,
        stack,
    ),
    rule(["flip", "x, axis?", "read backwards along the axes, all if none is said", "flip(x, N)"], Shaping, flip),
    rule(
        [
            "pad",
            "x, before, after, axis?, *, value = 0",
            "more elements before and after an axis",
            "pad(x, 1, 1, axis = N)",
        ],
        Shaping,
        pad,
    ),
];

fn reshape(builder: &mut Builder, call: &Call) -> Built {
    let x = builder.argument(call, "x");
    let target = call.get("shape");
    let (hole, dims) = hole(target);
    let shape = match (&hole, dims) {
        (Some(_), Some(dims)) => {
            let fixed: Vec<Expr> = dims.iter().filter(|dim| !is_hole(dim)).cloned().collect();
            builder.shape_of(&fixed)
        }
        _ => builder.shape_argument(target),
    };
    let (x, shape) = (x?, shape?);
    let from = builder.shape(x);
    let shape = match hole {
        None => shape,
        Some(place) => match rest(&from, &shape) {
            Some(rest) => insert_axis(&shape, place, rest),
            None => return Err(bad_reshape(builder, call, &from, &shape)),
        },
    };
    if !same_count(&from, &shape) {
        return Err(bad_reshape(builder, call, &from, &shape));
    }
    Ok(builder.region.reshape(x, &shape))
}

/// What the other extents leave of the number of elements.
fn rest(from: &Shape, others: &Shape) -> Option<Dim> {
    others.iter().try_fold(shapes::count(from)?, |rest, dim| rest.div(dim))
}

/// Whether the numbers of elements are equal. Those that hold quotients are compared at run time.
fn same_count(from: &Shape, to: &Shape) -> bool {
    let is_quotient = |atom: &Atom| matches!(atom, Atom::Quotient(_) | Atom::Floor(_));
    match (shapes::count(from), shapes::count(to)) {
        (Some(a), Some(b)) => {
            a == b || a.terms().iter().chain(&b.terms()).any(|term| term.atoms.iter().any(is_quotient))
        }
        _ => false,
    }
}

/// The place of the extent that is to be found, `-1`.
fn hole(target: &Expr) -> (Option<usize>, Option<&[Expr]>) {
    match &target.kind {
        ExprKind::List(dims) => (dims.iter().position(is_hole), Some(dims)),
        _ => (None, None),
    }
}

fn is_hole(dim: &Expr) -> bool {
    matches!(&dim.kind, ExprKind::Unary(UnaryOp::Neg, one) if matches!(one.kind, ExprKind::Number { integer: Some(1), .. }))
}

fn bad_reshape(builder: &mut Builder, call: &Call, from: &Shape, to: &Shape) -> super::super::Reported {
    let count = |shape: &Shape| shapes::count(shape).map_or_else(|| "too many".to_owned(), |count| count.to_string());
    let problem = Problem::BadReshape {
        from: ShapeText(from).to_string(),
        to: ShapeText(to).to_string(),
        counts: (count(from), count(to)),
    };
    builder.error(call.expr.span, problem)
}

fn transpose(builder: &mut Builder, call: &Call) -> Built {
    if call.find("order").is_some() {
        return permute(builder, call);
    }
    let x = builder.argument(call, "x")?;
    builder.swap_last_two(call.expr.span, "transpose", x)
}

fn permute(builder: &mut Builder, call: &Call) -> Built {
    let x = builder.argument(call, "x")?;
    let shape = builder.shape(x);
    let order = builder.axis_list(call.get("order"), &shape)?;
    if order.len() != shape.len() {
        let problem = Problem::BadOrder { given: order.len(), shape: ShapeText(&shape).to_string() };
        let reversed: Vec<String> = (0..shape.len()).rev().map(|axis| axis.to_string()).collect();
        let help = format!("`({})` reverses them", reversed.join(", "));
        return Err(builder.error_with_help(call.get("order").span, problem, help));
    }
    Ok(builder.region.permute(x, &order))
}

fn broadcast(builder: &mut Builder, call: &Call) -> Built {
    let (x, shape) = (builder.argument(call, "x"), builder.shape_argument(call.get("shape")));
    let (x, shape) = (x?, shape?);
    let from = builder.shape(x);
    match shapes::broadcast(&from, &shape) {
        Ok(common) if common == shape => Ok(builder.stretch(x, &shape)),
        Ok(_) => {
            let problem =
                Problem::CannotBroadcast { from: ShapeText(&from).to_string(), to: ShapeText(&shape).to_string() };
            Err(builder.error(call.expr.span, problem))
        }
        Err(clash) => {
            let cannot = format!("cannot broadcast {} to {}", ShapeText(&from), ShapeText(&shape));
            let reason = clash.reason(&from, &shape).replace("on the left", "before").replace("on the right", "after");
            Err(builder.error(call.expr.span, Problem::ShapesDiffer { cannot, reason }))
        }
    }
}

/// The tensors of a list, as numbers.
fn pieces(builder: &mut Builder, call: &Call) -> Built<Vec<NodeId>> {
    let list = call.get("list");
    match &list.kind {
        ExprKind::List(items) if !items.is_empty() => {
            let values = builder.exprs(items)?;
            Ok(values.into_iter().map(|value| builder.real(value)).collect())
        }
        _ => {
            let problem = Problem::WrongKind {
                what: format!("`{}`", call.function),
                expected: "a list of tensors",
                found: text::quoted(list, "an expression"),
            };
            Err(builder.error_with_help(list.span, problem, format!("`{}([a, b])`", call.function)))
        }
    }
}

fn concat(builder: &mut Builder, call: &Call) -> Built {
    let values = pieces(builder, call)?;
    let first = builder.shape(values[0]);
    let axis = match call.find("axis") {
        Some(axis) => builder.axis(axis, &first)?,
        None if first.is_empty() => return builder.stack_or_report(call, &values),
        None => 0,
    };
    for &value in &values[1..] {
        let shape = builder.shape(value);
        let fits = shape.len() == first.len() && (0..shape.len()).all(|i| i == axis || shape[i] == first[i]);
        if !fits {
            let cannot = format!("cannot concatenate {} and {}", ShapeText(&first), ShapeText(&shape));
            let reason = if shape.len() == first.len() {
                format!("all axes but axis {axis} have to be equal")
            } else {
                "they differ in how many axes they have".to_owned()
            };
            return Err(builder.error(call.expr.span, Problem::ShapesDiffer { cannot, reason }));
        }
    }
    Ok(if values.len() == 1 { values[0] } else { builder.region.concat(&values, axis) })
}

fn stack(builder: &mut Builder, call: &Call) -> Built {
    let values = pieces(builder, call)?;
    let items = match &call.get("list").kind {
        ExprKind::List(items) => items.as_slice(),
        _ => &[],
    };
    let sides = builder.sides(&values, items);
    let values = builder.align_all("stack", call.expr.span, &sides)?;
    let shape = builder.shape(values[0]);
    let axis = match call.find("axis") {
        None => 0,
        Some(axis) => {
            let longer = insert_axis(&shape, shape.len(), Dim::ONE);
            builder.axis(axis, &longer)?
        }
    };
    Ok(builder.stack(&values, axis))
}

impl Builder<'_> {
    /// Values of one shape along a new axis.
    pub(in super::super) fn stack(&mut self, values: &[NodeId], axis: usize) -> NodeId {
        let shape = insert_axis(&self.shape(values[0]), axis, Dim::ONE);
        let rows: Vec<NodeId> = values.iter().map(|&value| self.region.reshape(value, &shape)).collect();
        if rows.len() == 1 { rows[0] } else { self.region.concat(&rows, axis) }
    }

    /// Numbers have no axis to follow one another along.
    fn stack_or_report(&mut self, call: &Call, values: &[NodeId]) -> Built {
        if values.iter().all(|&value| self.shape(value).is_empty()) {
            return Ok(self.stack(values, 0));
        }
        let problem =
            Problem::WrongRank { what: "`concat`".into(), expected: "at least one axis".into(), found: "[]".into() };
        Err(self.error(call.expr.span, problem))
    }
}

fn flip(builder: &mut Builder, call: &Call) -> Built {
    let x = builder.argument(call, "x")?;
    let shape = builder.shape(x);
    let axes = builder.axes(call.find("axis"), &shape)?;
    Ok(if axes.is_empty() { x } else { builder.region.reverse(x, &axes) })
}

fn pad(builder: &mut Builder, call: &Call) -> Built {
    let x = builder.real_argument(call, "x");
    let (before, after) = (builder.extent_of(call.get("before")), builder.extent_of(call.get("after")));
    let value = call.find("value").map(|_| builder.real_argument(call, "value")).transpose();
    let (x, before, after, value) = (x?, before?, after?, value?);
    let shape = builder.shape(x);
    let axis = builder.single_axis(call.expr, "pad", call.find("axis"), &shape)?;
    if let Some(value) = value {
        let sides = [before, after].map(|extent| {
            let mut dims = shape.to_vec();
            dims[axis] = extent;
            builder.fit(call.get("value").span, "the value of `pad`", value, &dims.into())
        });
        let [before, after] = sides;
        return Ok(builder.region.concat(&[before?, x, after?], axis));
    }
    let mut dims = shape.to_vec();
    let total = before.add(&shape[axis]).and_then(|sum| sum.add(&after));
    dims[axis] = total.ok_or_else(|| builder.error(call.expr.span, Problem::DimensionOverflow))?;
    let mut starts = vec![Dim::ZERO; dims.len()];
    starts[axis] = before;
    let steps = vec![1; dims.len()];
    Ok(builder.region.pad(x, &dims.into(), &starts, &steps))
}
