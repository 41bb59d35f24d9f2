//! Reductions over whole axes: sums, extremes, moments, softmax, running sums.

use super::super::{Builder, Built};
use super::Family::Reduction;
use super::arguments::Call;
use super::{Row, rule};
use crate::diagnostics::{Help, Problem};
use crate::graph::{Dim, NodeId, Shape};
use crate::ops::{Extreme, Function, Integer, ReduceKind};
use crate::syntax::tree::{Expr, ExprKind};

pub(super) const ROWS: &[Row] = &[
    rule(["sum", AXES, "the sum; 0 over nothing", "sum(x, N)"], Reduction, |b, c| simple(b, c, ReduceKind::Sum)),
    rule(["prod", AXES, "the product; 1 over nothing", "prod(x)"], Reduction, |b, c| simple(b, c, ReduceKind::Product)),
    rule(["mean", AXES, "the mean; NaN over nothing", "mean(x^2)"], Reduction, mean),
    rule(
        [
            "max",
            "xs.., *, axis?, keep = false",
            "the largest of an axis or, of several arguments, element by element",
            "max(z, axis = K)",
        ],
        Reduction,
        |b, c| extreme(b, c, ReduceKind::Max, Function::Max),
    ),
    rule(
        [
            "min",
            "xs.., *, axis?, keep = false",
            "the smallest of an axis or, of several arguments, element by element",
            "min(x, 0)",
        ],
        Reduction,
        |b, c| extreme(b, c, ReduceKind::Min, Function::Min),
    ),
    rule(["norm", AXES, "the Euclidean norm; derivative 0 at 0", "norm(x, axis = D)"], Reduction, |b, c| {
        simple(b, c, ReduceKind::Norm)
    }),
    rule(["logsumexp", AXES, "`log(sum(exp(x)))` without overflow", "logsumexp(z, K)"], Reduction, |b, c| {
        simple(b, c, ReduceKind::LogSumExp)
    }),
    rule(["any", AXES, "whether one is true", "any(x > 0)"], Reduction, |b, c| truths(b, c, ReduceKind::Any)),
    rule(["all", AXES, "whether all are true", "all(x > 0, N)"], Reduction, |b, c| truths(b, c, ReduceKind::All)),
    rule(
        ["argmax", AXIS, "the index of the largest along an axis, the first of equals", "argmax(logits, K)"],
        Reduction,
        |b, c| arg(b, c, Extreme::Max),
    ),
    rule(
        ["argmin", AXIS, "the index of the smallest along an axis, the first of equals", "argmin(y)"],
        Reduction,
        |b, c| arg(b, c, Extreme::Min),
    ),
    rule(["var", MOMENT, "the variance, divided by n - ddof", "var(x, N, ddof = 1)"], Reduction, var),
    rule(["std", MOMENT, "the standard deviation, with derivative 0 at variance 0", "std(x)"], Reduction, std),
    rule(
        ["softmax", "x, axis?", "`exp(x)/sum(exp(x))` along an axis, without overflow", "softmax(z, K)"],
        Reduction,
        softmax,
    ),
    rule(["log_softmax", "x, axis?", "`x - logsumexp(x)` along an axis", "log_softmax(z, K)"], Reduction, log_softmax),
    rule(["cumsum", "x, axis?", "running sums along an axis", "cumsum(y)"], Reduction, cumsum),
    rule(
        ["logcumsumexp", "x, axis?", "`log(cumsum(exp(x)))` along an axis, without overflow", "logcumsumexp(y)"],
        Reduction,
        logcumsumexp,
    ),
    rule(["cumprod", "x, axis?", "running products along an axis", "cumprod(y)"], Reduction, cumprod),
    rule(
        [
            "layer_norm",
            "x, axis?, *, eps = 0.00001",
            "mean 0 and variance 1 along an axis, the last if none is said",
            "layer_norm(x) * gain + bias",
        ],
        Reduction,
        layer_norm,
    ),
];

const AXES: &str = "x, axis?, *, keep = false";
const AXIS: &str = "x, axis?, *, keep = false";
const MOMENT: &str = "x, axis?, *, keep = false, ddof = 0";

/// What a reduction is of: the value, its axes, and whether they stay.
struct Operand {
    x: NodeId,
    axes: Vec<usize>,
    keep: bool,
}

fn operand(builder: &mut Builder, call: &Call) -> Built<Operand> {
    let x = builder.real_argument(call, "x");
    let keep = builder.flag(call, "keep");
    let x = x?;
    let shape = builder.shape(x);
    let axes = builder.axes(call.find("axis"), &shape);
    Ok(Operand { x, axes: axes?, keep: keep? })
}

fn simple(builder: &mut Builder, call: &Call, kind: ReduceKind) -> Built {
    let Operand { x, axes, keep } = operand(builder, call)?;
    Ok(builder.reduce(kind, x, &axes, keep))
}

fn mean(builder: &mut Builder, call: &Call) -> Built {
    let operand = operand(builder, call)?;
    mean_of(builder, call, &operand)
}

fn mean_of(builder: &mut Builder, call: &Call, operand: &Operand) -> Built {
    let Operand { x, axes, keep } = operand;
    let shape = builder.shape(*x);
    if axes.iter().any(|&axis| shape[axis].as_constant() == Some(0)) {
        return Err(builder.error(call.expr.span, Problem::MeanOfNothing { function: call.function.to_owned() }));
    }
    if axes.is_empty() {
        return Ok(*x);
    }
    let sum = builder.reduce(ReduceKind::Sum, *x, axes, *keep);
    let count = builder.count(call.expr.span, &shape, axes)?;
    let count = builder.filled(count, sum);
    Ok(builder.region.over(sum, count))
}

/// Whoever writes `max(x, N)` beside `sum(x, N)` means the axis: the number N beside a tensor is to be seen to be one.
fn refuse_bare_dimension(builder: &mut Builder, call: &Call, values: &[NodeId]) -> Built<()> {
    let bare = |builder: &Builder, expr: &Expr| match &expr.kind {
        ExprKind::Name(name) => Some(name.to_string()).filter(|name| builder.is_dim(name) && !builder.is_local(name)),
        _ => None,
    };
    let Some(&x) = values.iter().find(|&&value| builder.region.ty(value).rank() > 0) else { return Ok(()) };
    let found = call.all("xs").enumerate().find_map(|(place, expr)| Some((place, expr, bare(builder, expr)?)));
    let Some((place, expr, name)) = found else { return Ok(()) };
    let axis = Dim::name(&name);
    let axes = builder.shape(x).iter().filter(|&dim| *dim == axis).count();
    let number = format!("`{name} + 0` is the number");
    let help = if (axes, place, values.len()) == (1, 1, 2) {
        let along = format!("`axis = {name}` reduces along that axis, {number}");
        Help::write(along, expr.span, format!("axis = {name}"))
    } else {
        Help::write(number, expr.span, format!("{name} + 0"))
    };
    let problem = Problem::BareDimension { function: call.function.to_owned(), dimension: name };
    Err(builder.error_with_help(expr.span, problem, help))
}

/// With several arguments element by element, with one along axes.
fn extreme(builder: &mut Builder, call: &Call, kind: ReduceKind, function: Function) -> Built {
    let values = builder.exprs(call.all("xs"))?;
    let given: Vec<&Expr> = call.all("xs").collect();
    if let ([a, b], [left, right]) = (values.as_slice(), given.as_slice())
        && let Some((a, b)) = builder.integers([(*a, left), (*b, right)])
    {
        let op = if kind == ReduceKind::Max { Integer::Max } else { Integer::Min };
        return Ok(builder.region.integer(op, a, b));
    }
    let values: Vec<NodeId> = values.into_iter().map(|value| builder.real(value)).collect();
    if let [x] = values[..] {
        let keep = builder.flag(call, "keep")?;
        let shape = builder.shape(x);
        let axes = builder.axes(call.find("axis"), &shape)?;
        return Ok(builder.reduce(kind, x, &axes, keep));
    }
    if let Some(axis) = call.find("axis").or(call.find("keep")) {
        let problem = Problem::AxisOfElementwise { function: call.function.to_owned(), given: values.len() };
        let help =
            format!("`{0}(…)` of several arguments is element by element; along an axis it takes one", call.function);
        return Err(builder.error_with_help(axis.span, problem, help));
    }
    refuse_bare_dimension(builder, call, &values)?;
    let sides = builder.sides(&values, call.all("xs"));
    let values = builder.align_all(call.function, call.expr.span, &sides)?;
    // A tie of several values is shared evenly, which a tree of pairs would not do.
    let is_number = |value: &&NodeId| builder.region.literal_value(**value).is_some();
    let (numbers, others): (Vec<&NodeId>, Vec<&NodeId>) = values.iter().partition(is_number);
    if others.len() < 3 {
        let rest = values.iter().skip(1);
        return Ok(rest.fold(values[0], |most, &next| builder.region.map(function, &[most, next])));
    }
    let others: Vec<NodeId> = others.into_iter().copied().collect();
    let numbers: Vec<NodeId> = numbers.into_iter().copied().collect();
    let list = builder.stack(&others, 0);
    let most = builder.reduce(kind, list, &[0], false);
    Ok(numbers.into_iter().fold(most, |most, next| builder.region.map(function, &[most, next])))
}

fn truths(builder: &mut Builder, call: &Call, kind: ReduceKind) -> Built {
    let x = builder.argument(call, "x")?;
    let x = builder.truth(x, call.get("x"), &format!("`{}`", call.function))?;
    let keep = builder.flag(call, "keep")?;
    let shape = builder.shape(x);
    let axes = builder.axes(call.find("axis"), &shape)?;
    Ok(builder.reduce(kind, x, &axes, keep))
}

fn arg(builder: &mut Builder, call: &Call, extreme: Extreme) -> Built {
    let (x, keep) = (builder.real_argument(call, "x"), builder.flag(call, "keep"));
    let (x, keep) = (x?, keep?);
    let shape = builder.shape(x);
    let axis = builder.single_axis(call.expr, call.function, call.find("axis"), &shape)?;
    let found = builder.region.arg_reduce(extreme, x, axis);
    Ok(if keep { builder.keep(found, &shape, &[axis]) } else { found })
}

/// The distances from the mean along the axes.
fn centred(builder: &mut Builder, call: &Call, operand: &Operand) -> Built {
    let kept = Operand { x: operand.x, axes: operand.axes.clone(), keep: true };
    let mean = mean_of(builder, call, &kept)?;
    let mean = builder.filled(mean, operand.x);
    Ok(builder.region.minus(operand.x, mean))
}

/// n - ddof, at least 0, in the shape of a reduced value.
fn freedom(builder: &mut Builder, call: &Call, operand: &Operand, like: NodeId) -> Built {
    let shape = builder.shape(operand.x);
    let mut count = builder.count(call.expr.span, &shape, &operand.axes)?;
    if let Some(ddof) = call.find("ddof") {
        let value = builder.expr(ddof)?;
        let value = builder.real(value);
        let value = builder.fit(ddof.span, "`ddof`", value, &[].into())?;
        // Of fewer values than that there is no variance: 0/0.
        let (left, zero) = (builder.region.minus(count, value), builder.region.literal(0.0));
        count = if builder.region.literal_value(left).is_some_and(|left| left >= 0.0) {
            left
        } else {
            builder.region.maximum(left, zero)
        };
    }
    Ok(builder.filled(count, like))
}

fn var(builder: &mut Builder, call: &Call) -> Built {
    let operand = operand(builder, call)?;
    let centred = centred(builder, call, &operand)?;
    let two = builder.region.full_like(2.0, centred);
    let squares = builder.region.power(centred, two);
    let sum = builder.reduce(ReduceKind::Sum, squares, &operand.axes, operand.keep);
    let freedom = freedom(builder, call, &operand, sum)?;
    Ok(builder.region.over(sum, freedom))
}

/// The norm of the centred values over `sqrt(n)`: the norm's derivative at 0 is 0.
fn std(builder: &mut Builder, call: &Call) -> Built {
    let operand = operand(builder, call)?;
    let centred = centred(builder, call, &operand)?;
    let norm = builder.reduce(ReduceKind::Norm, centred, &operand.axes, operand.keep);
    let freedom = freedom(builder, call, &operand, norm)?;
    let root = builder.region.sqrt(freedom);
    Ok(builder.region.over(norm, root))
}

/// A value and its one axis.
fn along(builder: &mut Builder, call: &Call) -> Built<(NodeId, usize, Shape)> {
    let x = builder.real_argument(call, "x")?;
    let shape = builder.shape(x);
    let axis = builder.single_axis(call.expr, call.function, call.find("axis"), &shape)?;
    Ok((x, axis, shape))
}

/// The maximum is subtracted, which changes nothing but the range; a row of minus infinities keeps its zeros.
fn softmax(builder: &mut Builder, call: &Call) -> Built {
    let (x, axis, shape) = along(builder, call)?;
    let most = builder.reduce(ReduceKind::MaxNumber, x, &[axis], true);
    let most = builder.region.stop_gradient(most);
    let (zeros, least) = (builder.region.zeros_like(most), builder.region.full_like(f64::NEG_INFINITY, most));
    let empty = builder.region.equal(most, least);
    let most = builder.region.select(empty, zeros, most);
    let most = builder.stretch(most, &shape);
    let shifted = builder.region.minus(x, most);
    let exp = builder.region.exp(shifted);
    let sum = builder.reduce(ReduceKind::Sum, exp, &[axis], true);
    let sum = builder.stretch(sum, &shape);
    Ok(builder.region.over(exp, sum))
}

fn log_softmax(builder: &mut Builder, call: &Call) -> Built {
    let (x, axis, shape) = along(builder, call)?;
    let total = builder.reduce(ReduceKind::LogSumExp, x, &[axis], true);
    let total = builder.stretch(total, &shape);
    Ok(builder.region.minus(x, total))
}

fn cumsum(builder: &mut Builder, call: &Call) -> Built {
    let (x, axis, _) = along(builder, call)?;
    let ones = builder.region.ones_like(x);
    Ok(builder.region.recurrence(ones, x, axis, false))
}

fn logcumsumexp(builder: &mut Builder, call: &Call) -> Built {
    let (x, axis, _) = along(builder, call)?;
    let zeros = builder.region.zeros_like(x);
    Ok(builder.region.log_recurrence(zeros, x, axis, false))
}

/// `h[i] = x[i]·h[i-1]`, begun by adding `x[0]` to nothing.
fn cumprod(builder: &mut Builder, call: &Call) -> Built {
    let (x, axis, shape) = along(builder, call)?;
    let position = builder.region.iota(&shape[axis]);
    let position = builder.region.broadcast(position, &shape, &[axis]);
    let zero = builder.region.index(0);
    let zero = builder.filled(zero, x);
    let first = builder.region.equal(position, zero);
    let zeros = builder.region.zeros_like(x);
    let start = builder.region.select(first, x, zeros);
    Ok(builder.region.recurrence(x, start, axis, false))
}

/// Up to which size of a row its squares are safe from the ends of the range as they are, multiplied by the first number,
/// and so on; the third and the fourth are beyond `f32`. Powers of two, so that nothing is rounded.
const UNITS: [(f64, i32); 4] = [(1e15, 0), (1e45, 96), (1e150, 330), (f64::INFINITY, 680)];

/// What the values along the axes are multiplied by before they are squared, and `eps` with them: 1 but for very large and
/// very small ones. The result does not depend on it, so that a derivative may regard it as constant.
fn unit(builder: &mut Builder, operand: &Operand, eps: NodeId) -> NodeId {
    let size = builder.region.abs(operand.x);
    let size = builder.reduce(ReduceKind::MaxNumber, size, &operand.axes, true);
    let root = builder.region.sqrt(eps);
    let size = builder.region.maximum(size, root);
    let unit = |builder: &mut Builder, power: i32| builder.region.full_like(2.0_f64.powi(power), size);
    let (mut large, mut small) = (unit(builder, -UNITS[3].1), unit(builder, UNITS[3].1));
    for (most, power) in UNITS[..3].iter().rev() {
        let (most, least) = (builder.region.full_like(*most, size), builder.region.full_like(1.0 / most, size));
        let (fits, other) = (builder.region.less(size, most), unit(builder, -power));
        large = builder.region.select(fits, other, large);
        let (fits, other) = (builder.region.less(least, size), unit(builder, *power));
        small = builder.region.select(fits, other, small);
    }
    let one = builder.region.ones_like(size);
    let is_large = builder.region.less(one, size);
    let unit = builder.region.select(is_large, large, small);
    builder.region.stop_gradient(unit)
}

fn layer_norm(builder: &mut Builder, call: &Call) -> Built {
    let (x, eps) = (builder.real_argument(call, "x"), builder.real_argument_or(call, "eps", 1e-5));
    let (x, eps) = (x?, eps?);
    let shape = builder.shape(x);
    let axes = match call.find("axis") {
        Some(axis) => builder.axes(Some(axis), &shape)?,
        None => vec![builder.last_axis(call, &shape)?],
    };
    let operand = Operand { x, axes, keep: true };
    let mean = mean_of(builder, call, &operand)?;
    let kept = builder.shape(mean);
    let eps = builder.fit(call.expr.span, "`eps`", eps, &kept)?;
    let unit = unit(builder, &operand, eps);
    let (eps, mean) = (builder.region.times(eps, unit), builder.region.times(mean, unit));
    let eps = builder.region.times(eps, unit);
    let (unit, mean) = (builder.stretch(unit, &shape), builder.stretch(mean, &shape));
    let scaled = builder.region.times(x, unit);
    let centred = builder.region.minus(scaled, mean);
    let squares = builder.region.square(centred);
    let sum = builder.reduce(ReduceKind::Sum, squares, &operand.axes, true);
    let count = freedom(builder, call, &operand, sum)?;
    let variance = builder.region.over(sum, count);
    let guarded = builder.region.plus(variance, eps);
    let factor = builder.region.rsqrt(guarded);
    let factor = builder.stretch(factor, &shape);
    Ok(builder.region.times(centred, factor))
}

impl Builder<'_> {
    /// The last axis, which a scalar lacks.
    fn last_axis(&mut self, call: &Call, shape: &Shape) -> Built<usize> {
        shape.len().checked_sub(1).ok_or_else(|| {
            let what = format!("`{}`", call.function);
            let problem = Problem::WrongRank { what, expected: "at least one axis".into(), found: "[]".into() };
            self.error(call.expr.span, problem)
        })
    }
}
