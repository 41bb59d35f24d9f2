//! Cases of `rows::stabilise` on logarithms.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("product_with_logarithms", "p = log(u) - log(v); u * p", "mul_unless_zero(u, p)"),
        row("product_with_logarithms", "p = reduce logsumexp [0](z); x * (z - p)", "mul_unless_zero(x, z - p)"),
        row("log_of_exp", "log(exp(u))", "u"),
        row(
            "log_of_softplus",
            "log(softplus(u))",
            "p = u < -40; log(select(p, 1 - 0.5 * exp(u), softplus(u))) + select(p, u, 0)",
        ),
        row("log_of_sigmoid", "log(sigmoid(u))", "log_sigmoid(u)"),
        row("log_of_sum_of_exp", "log(reduce sum [0](exp(x)))", "reduce logsumexp [0](x)"),
        row(
            "log_of_mean_of_exp",
            "p = cast real(extent N()); log(reduce sum [0](exp(x)) / p)",
            "reduce logsumexp [0](x) - log(p)",
        ),
        row("log_of_two_exp", "log(exp(u) + exp(v))", "logaddexp(u, v)"),
        row("log_of_one_plus", "log(u + 1)", "log1p(u)"),
        row("log_of_one_minus", "log(1 - u)", "log1p(-u)"),
        row("log1p_of_exp", "log1p(exp(u))", "softplus(u)"),
        row("log_of_softmax", "p = reduce sum [0](exp(x)); log(exp(x) / p)", "q = reduce logsumexp [0](x); x - q"),
        row(
            "log_of_softmax",
            "p = reduce max_number [0](x); q = reduce sum [0](exp(x - p)); log(exp(x - p) / q)",
            "r = reduce logsumexp [0](x); x - r",
        ),
        row("xlogy", "u * log(v)", "xlogy(u, v)"),
    ]
}
