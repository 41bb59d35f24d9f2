//! Logic and selection: truth values and choices.

use super::super::{Builder, Built, Reported, text};
use super::Family::Selection;
use super::arguments::Call;
use super::{Row, model, rule};
use crate::diagnostics::{Help, Problem};
use crate::graph::Elem;
use crate::ops::{Function, Integer};
use crate::syntax::print::{operand, source};
use crate::syntax::tree::{BinaryOp, ExprKind};

pub(super) const ROWS: &[Row] = &[
    rule(
        [
            "where",
            "condition, yes, no",
            "`yes` where the condition is true, else `no`; no derivative passes the other",
            "where(x > 0, log(x), 0)",
        ],
        Selection,
        choose,
    ),
    model(
        ["safe_div", "a, b, fallback = 0", "`a/b`, and `fallback` with derivative 0 where b is 0", "safe_div(1, y)"],
        Selection,
        "if b == 0 { fallback } else { a / (if b == 0 { 1 } else { b }) }",
    ),
    rule(
        ["floor_div", "a, b", "the quotient, rounded down; of integers, an integer", "floor_div(x, 2)"],
        Selection,
        floor_div,
    ),
    model(["is_nan", "x", "whether x is not a number", "is_nan(x)"], Selection, "x != x"),
    model(["is_finite", "x", "whether x is neither infinite nor NaN", "is_finite(x)"], Selection, "abs(x) < inf"),
];

/// `x.where(c, y)` of other libraries: x where c is true, else y.
fn kept_where(builder: &mut Builder, call: &Call, condition: Built) -> Option<Reported> {
    let is_method = matches!(&call.expr.kind, ExprKind::Call { is_method: true, .. });
    let x = condition.ok().filter(|x| is_method && builder.elem(*x) != Elem::Bool)?;
    let mask = builder.argument(call, "yes").ok();
    let mask = if mask.is_some_and(|mask| builder.elem(mask) == Elem::Bool) {
        source(call.get("yes"))
    } else {
        format!("{} != 0", operand(call.get("yes"), BinaryOp::Add.level()))
    };
    let code = format!("where({mask}, {}, {})", source(call.get("condition")), source(call.get("no")));
    let problem = Problem::WrongKind {
        what: "the condition of `where`".into(),
        expected: "a truth value",
        found: text::describe(builder.region.ty(x)),
    };
    Some(builder.error_with_help(call.get("condition").span, problem, Help::code(call.expr.span, code)))
}

fn floor_div(builder: &mut Builder, call: &Call) -> Built {
    let (a, b) = (builder.argument(call, "a"), builder.argument(call, "b"));
    let (a, b, left, right) = (a?, b?, call.get("a"), call.get("b"));
    if let Some((a, b)) = builder.integers([(a, left), (b, right)]) {
        return Ok(builder.region.integer(Integer::FloorDiv, a, b));
    }
    let (a, b) = (builder.real(a), builder.real(b));
    let sides = builder.sides(&[a, b], [left, right]);
    let values = builder.align_all(call.function, call.expr.span, &sides)?;
    let quotient = builder.region.map(Function::Div, &values);
    Ok(builder.region.map(Function::Floor, &[quotient]))
}

fn choose(builder: &mut Builder, call: &Call) -> Built {
    let condition = builder.argument(call, "condition");
    if let Some(reported) = kept_where(builder, call, condition) {
        return Err(reported);
    }
    let condition = condition.and_then(|c| builder.truth(c, call.get("condition"), "the condition of `where`"));
    let (yes, no) = (builder.argument(call, "yes"), builder.argument(call, "no"));
    let sides = [(condition?, call.get("condition")), (yes?, call.get("yes")), (no?, call.get("no"))];
    builder.select(call.expr, sides, "the values of `where`")
}
