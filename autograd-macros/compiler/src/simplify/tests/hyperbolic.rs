//! Cases of `rows::hyperbolic` and `rows::angles`.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("recip_of_cosh", "recip(cosh(u))", "sech(u)"),
        row("recip_of_cosh", "recip(0.5 * (exp(u) + exp(-u)))", "sech(u)"),
        row("number_by_cosh", "u / cosh(v)", "u * sech(v)"),
        row("number_by_cosh", "4 / square(exp(u) + exp(-u))", "tanh_slope(u)"),
        row("exp_by_cosh", "exp(-u) / cosh(u)", "2 * sigmoid(2 * -u)"),
        row("sinh_by_cosh", "sinh(u) / cosh(u)", "tanh(u)"),
        row("sinh_by_cosh", "(exp(u) - exp(-u)) / (2 * cosh(u))", "tanh(u)"),
        row("cosh_by_sinh", "cosh(u) / sinh(u)", "1 / tanh(u)"),
        row("log_as_asinh", "log(u + sqrt(square(u) + 1))", "asinh(u)"),
        row("log_as_asinh", "log(hypot(1, u) + u)", "asinh(u)"),
        row("log_as_acosh", "log(u + sqrt(square(u) - 1))", "acosh(u)"),
        row("log_as_acosh", "log(sqrt((u - 1) * (1 + u)) + u)", "acosh(u)"),
        row("log_as_acosh", "log(u + sqrt(u - 1) * sqrt(u + 1))", "acosh(u)"),
        row("log_as_atanh", "log((1 + u) / (1 - u))", "2 * atanh(u)"),
        row("atan_of_quotient", "atan(u / v)", "p = v < 0; atan2(select(p, -u, u), select(p, -v, v))"),
        row("atan_of_quotient", "atan(recip(v))", "p = v < 0; atan2(select(p, neg(1), 1), select(p, -v, v))"),
    ]
}
