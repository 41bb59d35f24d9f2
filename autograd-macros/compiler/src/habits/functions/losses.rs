//! Losses under the names of other libraries, with the reductions that they have there.

use super::Meaning::{Make, Same, Write};
use super::{Given, Row};

pub(super) const ROWS: &[Row] = &[
    (&["mse_loss", "mean_squared_error"], Same("mse")),
    (&["l1_loss", "mean_absolute_error"], Same("mae")),
    (&["smooth_l1_loss"], Make(smooth_l1, "`mean(huber(x, y))`")),
    (&["huber_loss"], Write("x|input, y|target, delta?", "mean(huber({x}, {y}⟨, delta = {delta}⟩))")),
    (&["cross_entropy_loss"], Write("z|input, label|target", "mean(cross_entropy({z}, {label}))")),
    (&["binary_cross_entropy_with_logits"], Write("z|input, y|target", "mean(bce_with_logits({z}, {y}))")),
    (&["sigmoid_binary_cross_entropy"], Write("logits, labels", "bce_with_logits({logits}, {labels})")),
    (
        &["softmax_cross_entropy", "softmax_cross_entropy_with_integer_labels"],
        Write("logits, labels", "cross_entropy({logits}, {labels})"),
    ),
    (&["sigmoid_cross_entropy_with_logits"], Write("labels, logits", "bce_with_logits({logits}, {labels})")),
    (
        &["softmax_cross_entropy_with_logits", "sparse_softmax_cross_entropy_with_logits"],
        Write("labels, logits", "cross_entropy({logits}, {labels})"),
    ),
    (
        &["binary_cross_entropy", "bce"],
        Write("p|input, y|target", "-mean(xlogy({y}, {p}) + xlogy(1 - {y!}, 1 - {p!}))"),
    ),
    (&["categorical_crossentropy"], Write("y, p", "-sum(xlogy({y}, {p}), axis = -1)")),
    (&["sparse_categorical_crossentropy"], Make(sparse, "`-log(sum(one_hot(label, K)*p, axis = -1))`")),
    (&["nll_loss"], Make(nll, "`-mean(sum(one_hot(label, K)*logp, axis = -1))`")),
    (&["kl_div"], Write("log_q|input, p|target", "mean(xlogy({p}, {p}) - {p!}*{log_q!})")),
    (&["kl_divergence"], Write("p, q", "sum(xlogy({p}, {p}) - xlogy({p}, {q}))")),
    (&["gaussian_nll_loss"], Write("x|input, y|target, v|var", "mean(0.5*(log({v}) + ({x!} - {y!})^2/{v!}))")),
    (&["poisson_nll_loss"], Write("x|input, y|target", "mean(exp({x}) - {y!}*{x!})")),
    (&["hinge_loss"], Write("x, y", "mean(relu(1 - {x!}*{y!}))")),
];

/// `smooth_l1_loss(x, y, beta)`
fn smooth_l1(given: &Given) -> Option<String> {
    let (plain, scaled) = ("mean(huber({x}, {y}))", "mean(huber({x}, {y}, delta = {beta}))/{beta!}");
    given.fill("x|input, y|target", plain).or_else(|| given.fill("x|input, y|target, beta", scaled))
}

/// `nll_loss(logp, label)`
fn nll(given: &Given) -> Option<String> {
    let classes = given.shape(0)?.last()?;
    given.fill("p|input, label|target", &format!("-mean(sum(one_hot({{label}}, {classes})*{{p!}}, axis = -1))"))
}

/// `sparse_categorical_crossentropy(label, p)`
fn sparse(given: &Given) -> Option<String> {
    let classes = given.shape(1)?.last()?;
    given.fill("label, p", &format!("-log(sum(one_hot({{label}}, {classes})*{{p!}}, axis = -1))"))
}
