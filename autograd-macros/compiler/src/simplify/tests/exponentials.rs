//! Cases of `rows::stabilise` on exponentials.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("recip_of_exp", "recip(exp(u))", "exp(-u)"),
        row("sqrt_of_exp", "sqrt(exp(u))", "exp(0.5 * u)"),
        row("rsqrt_of_exp", "rsqrt(exp(u))", "exp(-0.5 * u)"),
        row("exp_minus_one", "exp(u) - 1", "expm1(u)"),
        row("one_minus_exp", "1 - exp(u)", "-expm1(u)"),
        row("minus_one_plus_exp", "exp(u) + -1", "expm1(u)"),
        row("sigmoids_less_one", "2 * sigmoid(u) - 1", "tanh(0.5 * u)"),
        row("sigmoids_less_one", "1 - 2 * sigmoid(u)", "tanh(-0.5 * u)"),
        row("one_minus_sigmoid", "1 - sigmoid(u)", "sigmoid(-u)"),
        row("recip_of_one_plus_exp", "recip(exp(u) + 1)", "sigmoid(-u)"),
        row("number_by_one_plus_exp", "2 / (exp(u) + 1)", "2 * sigmoid(-u)"),
        row("exp_by_one_plus_exp", "exp(u) / (exp(u) + 1)", "sigmoid(u)"),
        row(
            "softmax",
            "p = reduce sum [0](exp(x)); exp(x) / p",
            "q = stop_gradient(reduce max_number [0](x)); r = select(q == -inf, 0, q);
             s = reduce sum [0](exp(x - r)); exp(x - r) / s",
        ),
        row("tanh_of_exps", "(exp(u) - exp(-u)) / (exp(u) + exp(-u))", "tanh(u)"),
        row("tanh_of_expm1", "expm1(u) / (exp(u) + 1)", "tanh(0.5 * u)"),
        row("sinh_of_exps", "0.5 * (exp(u) - exp(-u))", "sinh(u)"),
        row("cosh_of_exps", "0.5 * (exp(u) + exp(-u))", "cosh(u)"),
    ]
}
