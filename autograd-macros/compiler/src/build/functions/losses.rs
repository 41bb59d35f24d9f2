//! Loss functions: what networks are trained with.

use super::super::{Builder, Built, text};
use super::Family::Loss;
use super::arguments::Call;
use super::{Row, model, rule};
use crate::diagnostics::Problem;
use crate::graph::{Elem, NodeId, Shape, ShapeText};
use crate::ops::ReduceKind;

pub(super) const ROWS: &[Row] = &[
    rule(
        [
            "cross_entropy",
            "logits, label",
            "a value per row: `logsumexp(z) - z[label]` for class indices, `-sum(p*log_softmax(z))` for rows of probabilities",
            "mean(cross_entropy(logits, label))",
        ],
        Loss,
        cross_entropy,
    ),
    rule(
        [
            "bce_with_logits",
            "logit, target",
            "binary cross-entropy, element by element: `-target*log_sigmoid(logit) - (1 - target)*log_sigmoid(-logit)`",
            "mean(bce_with_logits(x @ w, y))",
        ],
        Loss,
        bce_with_logits,
    ),
    model(
        ["mse", "prediction, target", "the mean of the squared differences, a scalar", "mse(x @ w, y)"],
        Loss,
        "mean((prediction - target)^2)",
    ),
    model(
        ["mae", "prediction, target", "the mean of the absolute differences, a scalar", "mae(x @ w, y)"],
        Loss,
        "mean(abs(prediction - target))",
    ),
    model(
        [
            "huber",
            "prediction, target, delta = 1",
            "`r^2/2` for residuals up to `delta`, linear beyond; element by element",
            "mean(huber(x @ w, y))",
        ],
        Loss,
        "let r = abs(prediction - target); if r <= delta { 0.5 * r^2 } else { delta * (r - 0.5 * delta) }",
    ),
];

/// `softplus(-|z|) + z·(1 - t)` for z that are not negative and `softplus(-|z|) - z·t` for others: `softplus(z) - z·t` cancels where
/// the logit is large and right. Both forms and all their derivatives agree where they meet.
fn bce_with_logits(builder: &mut Builder, call: &Call) -> Built {
    let (z, t) = (builder.real_argument(call, "logit"), builder.real_argument(call, "target"));
    let sides = [builder.side(z?, call.get("logit")), builder.side(t?, call.get("target"))];
    builder.refuse_stretched_loss(call.expr.span, call.function, &sides)?;
    let values = builder.align_all(call.function, call.expr.span, &sides)?;
    let (z, t) = (values[0], values[1]);
    let region = &mut builder.region;
    let zero = region.zeros_like(z);
    let below = region.less(z, zero);
    let (minus_z, minus_t, rest) = (region.neg(z), region.neg(t), region.minus_from(1.0, t));
    let size = region.select(below, z, minus_z);
    let weight = region.select(below, minus_t, rest);
    let certain = region.softplus(size);
    // At infinite logits on the right side it is 0.
    let wrong = region.mul_unless_zero(weight, z);
    Ok(region.plus(certain, wrong))
}

pub(super) fn cross_entropy(builder: &mut Builder, call: &Call) -> Built {
    let (logits, label) = (builder.real_argument(call, "logits"), builder.argument(call, "label"));
    let (logits, label) = (logits?, label?);
    let shape = builder.shape(logits);
    let Some((classes, rows)) = shape.split_last() else {
        let problem = Problem::WrongRank {
            what: "`cross_entropy`".into(),
            expected: "at least one axis of logits".into(),
            found: "[]".into(),
        };
        return Err(builder.error(call.get("logits").span, problem));
    };
    if builder.elem(label) == Elem::Real {
        return soft(builder, call, logits, label);
    }
    if builder.elem(label) == Elem::Index
        && let Some(counted) = builder.classes.get(&label).cloned()
        && counted != *classes
    {
        let problem = Problem::ClassesDiffer {
            label: text::quoted(call.get("label"), "the label"),
            classes: counted.to_string(),
            logits: classes.to_string(),
        };
        let help = format!("declare the classes as `in {classes}`");
        return Err(builder.error_with_help(call.get("label").span, problem, help));
    }
    let label = builder.region.cast(label, Elem::Index);
    let rows: Shape = rows.into();
    let label = whole(builder, call, label, &rows)?;
    let mask = one_hot(builder, label, &shape);
    let zeros = builder.region.zeros(&shape);
    let chosen = builder.region.select(mask, logits, zeros);
    let last = shape.len() - 1;
    let chosen = builder.region.sum(chosen, &[last]);
    let total = builder.region.reduce(ReduceKind::LogSumExp, logits, &[last]);
    Ok(builder.region.minus(total, chosen))
}

/// Labels of the right shape: a loss stretches nothing but a number that is written out.
fn whole(builder: &mut Builder, call: &Call, label: NodeId, shape: &Shape) -> Built {
    let found = builder.shape(label);
    if found == *shape || (found.is_empty() && builder.region.literal_value(label).is_some()) {
        return Ok(builder.stretch(label, shape));
    }
    let problem = Problem::WrongShape {
        what: "the label of `cross_entropy`".into(),
        expected: ShapeText(shape).to_string(),
        found: ShapeText(&found).to_string(),
    };
    Err(builder.error(call.get("label").span, problem))
}

/// Rows of probabilities. A class without mass adds nothing, even where its logit is minus infinity.
fn soft(builder: &mut Builder, call: &Call, logits: NodeId, target: NodeId) -> Built {
    let shape = builder.shape(logits);
    if builder.shape(target).len() + 1 == shape.len() && builder.shape(target)[..] == shape[..shape.len() - 1] {
        let problem = Problem::WrongKind {
            what: "the label of `cross_entropy`".into(),
            expected: "class indices or rows of probabilities",
            found: text::describe(builder.region.ty(target)),
        };
        let help = text::short(call.get("label")).map(|name| {
            let (last, rows) = (&shape[shape.len() - 1], ShapeText(&shape[..shape.len() - 1]).to_string());
            format!("declare the classes: `input {name}: {rows} in {last};`")
        });
        return Err(builder.error_maybe_help(call.get("label").span, problem, help));
    }
    let target = whole(builder, call, target, &shape)?;
    let last = shape.len() - 1;
    let total = builder.reduce(ReduceKind::LogSumExp, logits, &[last], true);
    let total = builder.stretch(total, &shape);
    let log = builder.region.minus(logits, total);
    let zeros = builder.region.zeros(&shape);
    let infinite = builder.region.full(f64::NEG_INFINITY, &shape);
    let massless = builder.region.equal(target, zeros);
    let impossible = builder.region.equal(log, infinite);
    let skipped = builder.region.and(massless, impossible);
    let log = builder.region.select(skipped, zeros, log);
    let products = builder.region.times(target, log);
    let sum = builder.region.sum(products, &[last]);
    Ok(builder.region.neg(sum))
}

/// True where the position along the last axis is the index.
pub(super) fn one_hot(builder: &mut Builder, label: NodeId, shape: &Shape) -> NodeId {
    let last = shape.len() - 1;
    let position = builder.region.iota(&shape[last]);
    let position = builder.region.broadcast(position, shape, &[last]);
    let rows: Vec<usize> = (0..last).collect();
    let label = builder.region.broadcast(label, shape, &rows);
    builder.region.equal(position, label)
}
