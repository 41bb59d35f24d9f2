//! Special functions that are others of another argument, in the model language.

use super::Family::Special;
use super::{Row, model};

pub(super) const ROWS: &[Row] = &[
    model(
        ["erfcinv", "x", "the inverse of `erfc`, accurate where x is small", "erfcinv(0.5)"],
        Special,
        "-0.7071067811865476 * norm_ppf(0.5 * x)",
    ),
    model(
        ["lchoose", "n, k", "the logarithm of the binomial coefficient, without cancellation", "lchoose(10, 3)"],
        Special,
        "log_rising_factorial(n - k + 1, k) - lgamma(k + 1)",
    ),
    model(
        ["lfactorial", "n", "`lgamma(n + 1)`, the logarithm of the factorial", "lfactorial(10)"],
        Special,
        "lgamma(n + 1)",
    ),
    model(
        [
            "log1mexp",
            "x",
            "`log(1 - exp(-|x|))`: of a positive x as R, JAX and TensorFlow mean it, of a negative one as `log1m_exp`",
            "log1mexp(x)",
        ],
        Special,
        "log1m_exp(-abs(x))",
    ),
    model(["log_norm_pdf", "x", "`log(norm_pdf(x))`", "log_norm_pdf(x)"], Special, "-0.5 * x^2 - 0.9189385332046728"),
    model(["logit", "p", "`log(p/(1 - p))`, the inverse of `sigmoid`", "logit(0.3)"], Special, "log(p) - log1p(-p)"),
    model(
        ["softplus_inverse", "y", "`log(exp(y) - 1)`, the inverse of `softplus`", "softplus_inverse(x^2)"],
        Special,
        "y + log1m_exp(-y)",
    ),
];
