//! Cases of `rows::exponents`.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("product_of_exponentials", "exp(u) * exp(v)", "exp(u + v)"),
        row("product_of_exponentials", "3 * exp(u) * exp(v) * square(exp(u))", "3 * exp(u + v + 2 * u)"),
        row("product_of_exponentials", "exp2(u) * exp2(v)", "exp2(u + v)"),
        row("product_of_exponentials", "u * exp(u) * exp(v)", "p = exp(0.5 * (u + v)); u * p * p"),
        row("product_of_exponentials", "exp(u) * (2 * (v * exp(v)))", "p = exp(0.5 * (u + v)); 2 * v * p * p"),
        row("quotient_of_exponentials", "exp(u) / exp(v)", "exp(u - v)"),
        row("quotient_of_exponentials", "exp(u) / (2 * exp(v))", "0.5 * exp(u - v)"),
        row("quotient_of_exponentials", "u * exp(u) / exp(v)", "p = exp(0.5 * (u - v)); u * p * p"),
        row("number_by_exp", "u / exp(v)", "u * exp(-v)"),
        row("value_by_one_plus_exp", "u / (exp(v) + 1)", "u * sigmoid(-v)"),
        row(
            "weighted_share",
            "p = 2 * (u * exp(v)); p / (u + p)",
            "c = v < 0; e = exp(select(c, v, -v)); p = select(c, 2 * u * e, 2 * u); p / (select(c, u, u * e) + p)",
        ),
        row(
            "weighted_share",
            "exp(v) / (u + exp(v))",
            "c = v < 0; e = exp(select(c, v, -v)); p = select(c, 1 * e, 1); p / (select(c, u, u * e) + p)",
        ),
        row("pow_of_exp", "pow(exp(u), 0.3)", "exp(0.3 * u)"),
        row("cbrt_of_exp", "cbrt(exp(u))", "exp(u / 3)"),
    ]
}
