//! Tensor constructors: tensors out of nothing, and matrices out of diagonals.

use super::super::{Builder, Built, text};
use super::Family::Construction;
use super::arguments::Call;
use super::losses::one_hot;
use super::{Row, rule};
use crate::diagnostics::Problem;
use crate::graph::{Dim, Elem, NodeId, Shape, ShapeText};
use crate::ops::Integer;

pub(super) const ROWS: &[Row] = &[
    rule(["zeros", "shape", "zeros", "zeros([N, D])"], Construction, |builder, call| filled(builder, call, 0.0)),
    rule(["ones", "shape", "ones", "ones([N])"], Construction, |builder, call| filled(builder, call, 1.0)),
    rule(["full", "shape, value", "one number everywhere", "full([N, D], 0.5)"], Construction, full),
    rule(["iota", "n", "the indices 0, 1, … n-1", "iota(N)"], Construction, |builder, call| {
        let extent = builder.extent_of(call.get("n"))?;
        Ok(builder.region.iota(&extent))
    }),
    rule(
        [
            "arange",
            "start, stop?, step = 1",
            "the integers from start to the last below stop, every `step` of them; from 0 to below start if that is all there is",
            "arange(1, N, 2)",
        ],
        Construction,
        arange,
    ),
    rule(["eye", "n, m?", "the identity matrix, `[n, n]` or `[n, m]`", "eye(D)"], Construction, eye),
    rule(
        [
            "one_hot",
            "label, classes",
            "1 at the class of each label, 0 elsewhere; a new last axis",
            "one_hot(label, K)",
        ],
        Construction,
        one_hot_rows,
    ),
    rule(
        ["diag", "x", "the matrix with a vector on its diagonal, or the diagonal of a square matrix", "diag(v)"],
        Construction,
        diag,
    ),
];

fn filled(builder: &mut Builder, call: &Call, value: f64) -> Built {
    let shape = builder.shape_argument(call.get("shape"))?;
    Ok(builder.region.full(value, &shape))
}

fn full(builder: &mut Builder, call: &Call) -> Built {
    let (shape, value) = (builder.shape_argument(call.get("shape")), builder.real_argument(call, "value"));
    let (shape, value) = (shape?, value?);
    builder.fit(call.get("value").span, "the value of `full`", value, &shape)
}

fn arange(builder: &mut Builder, call: &Call) -> Built {
    let (start, stop) = (builder.dim(call.get("start")), call.find("stop").map(|stop| builder.dim(stop)).transpose());
    let step = call.find("step").map_or(Ok(Dim::ONE), |step| builder.dim(step));
    let (start, stop, step) = (start?, stop?, step?);
    let (start, stop) = stop.map_or((Dim::ZERO, start.clone()), |stop| (start, stop));
    if step.as_constant().is_none_or(|step| step < 1) {
        let problem = Problem::NotSupported { what: "an `arange` whose step is no number of 1 or more".into() };
        let help = "`linspace(a, b, n)` has other steps, and `flip(arange(…))` goes down";
        return Err(builder.error_with_help(call.get("step").span, problem, help));
    }
    let extent = (stop.sub(&start))
        .and_then(|length| length.add(&step)?.sub(&Dim::ONE)?.floor_div(&step))
        .ok_or_else(|| builder.error(call.expr.span, Problem::DimensionOverflow))?;
    builder.check_extent(call.expr.span, &extent)?;
    let shape: Shape = [extent.clone()].into();
    let (place, step, start) =
        (builder.region.iota(&extent), builder.integer_node(&step), builder.integer_node(&start));
    let (step, start) = (builder.region.fill(step, &shape), builder.region.fill(start, &shape));
    let place = builder.region.integer(Integer::Mul, place, step);
    Ok(builder.region.integer(Integer::Add, place, start))
}

fn eye(builder: &mut Builder, call: &Call) -> Built {
    let rows = builder.extent_of(call.get("n"));
    let columns = call.find("m").map_or(rows.clone(), |columns| builder.extent_of(columns));
    let shape: Shape = [rows?, columns?].into();
    let mask = diagonal_mask(builder, &shape);
    Ok(builder.region.cast(mask, Elem::Real))
}

/// True where the last two subscripts are equal.
fn diagonal_mask(builder: &mut Builder, shape: &Shape) -> NodeId {
    let rank = shape.len();
    let sides = [rank - 2, rank - 1].map(|axis| {
        let position = builder.region.iota(&shape[axis]);
        builder.region.broadcast(position, shape, &[axis])
    });
    builder.region.equal(sides[0], sides[1])
}

fn one_hot_rows(builder: &mut Builder, call: &Call) -> Built {
    let (label, classes) = (builder.argument(call, "label"), builder.extent_of(call.get("classes")));
    let (label, classes) = (label?, classes?);
    if builder.elem(label) == Elem::Real {
        let problem = Problem::WrongKind {
            what: "the label of `one_hot`".into(),
            expected: "class indices",
            found: text::describe(builder.region.ty(label)),
        };
        let help = text::short(call.get("label")).map(|name| {
            let rows = ShapeText(&builder.shape(label)).to_string();
            format!("`input {name}: {rows} in {classes};` declares class indices")
        });
        return Err(builder.error_maybe_help(call.get("label").span, problem, help));
    }
    let label = builder.region.cast(label, Elem::Index);
    let shape: Shape = builder.shape(label).iter().cloned().chain([classes]).collect();
    let mask = one_hot(builder, label, &shape);
    Ok(builder.region.cast(mask, Elem::Real))
}

fn diag(builder: &mut Builder, call: &Call) -> Built {
    let x = builder.real_argument(call, "x")?;
    let shape = builder.shape(x);
    if let [extent] = &shape[..] {
        let square: Shape = [extent.clone(), extent.clone()].into();
        let spread = builder.region.broadcast(x, &square, &[1]);
        let (mask, zeros) = (diagonal_mask(builder, &square), builder.region.zeros(&square));
        return Ok(builder.region.select(mask, spread, zeros));
    }
    let diagonal = on_diagonal(builder, call, x)?;
    Ok(builder.region.sum(diagonal, &[shape.len() - 2]))
}

/// The square matrix with zeros beside its diagonal.
pub(super) fn on_diagonal(builder: &mut Builder, call: &Call, x: NodeId) -> Built {
    let shape = builder.shape(x);
    match &shape[..] {
        [.., rows, columns] if rows == columns => {}
        _ => {
            let problem = Problem::WrongRank {
                what: format!("`{}`", call.function),
                expected: "a square matrix".into(),
                found: ShapeText(&shape).to_string(),
            };
            return Err(builder.error(call.get("x").span, problem));
        }
    }
    let (mask, zeros) = (diagonal_mask(builder, &shape), builder.region.zeros(&shape));
    Ok(builder.region.select(mask, x, zeros))
}
