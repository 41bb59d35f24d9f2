//! Logic and selection: truth values and choices.

use super::super::{Builder, Built};
use super::Family::Selection;
use super::arguments::Call;
use super::{Row, model, rule};

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
    model(["is_nan", "x", "whether x is not a number", "is_nan(x)"], Selection, "x != x"),
    model(["is_finite", "x", "whether x is neither infinite nor NaN", "is_finite(x)"], Selection, "abs(x) < inf"),
];

fn choose(builder: &mut Builder, call: &Call) -> Built {
    let condition = builder.argument(call, "condition");
    let condition = condition.and_then(|c| builder.truth(c, call.get("condition"), "the condition of `where`"));
    let (yes, no) = (builder.argument(call, "yes"), builder.argument(call, "no"));
    let sides = [(condition?, call.get("condition")), (yes?, call.get("yes")), (no?, call.get("no"))];
    builder.select(call.expr, sides, "the values of `where`")
}
