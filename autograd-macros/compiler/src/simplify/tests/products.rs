//! Cases of `rows::products`.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("mul_one", "1 * x", "x"),
        row("mul_minus_one", "-1 * x", "-x"),
        row("mul_of_neg", "x * -y", "-(y * x)"),
        row("product_at_zero", "at_zero(x, y)", "mul_unless_zero(x, y)"),
        row("skip_of_zero", "mul_unless_zero(0, u)", "0"),
        row("order_factors", "x * 2", "2 * x"),
        row("group_factors", "x * (2 * y)", "2 * (x * y)"),
        row("group_factors", "3 * (2 * x)", "broadcast [N] [](3) * broadcast [N] [](2) * x"),
        row(
            "group_repeated",
            "p = exp(a - broadcast [N, D] [0](reduce max [1](a)));
             q = broadcast [N, D] [0](recip(reduce sum [1](p))); r = broadcast [N, D] [0](y); p * q * r",
            "q * r * p",
        ),
        row("mul_of_recip", "x * recip(y)", "x / y"),
        row("mul_of_quotient", "x * (2 / y)", "2 * (x / y)"),
        row("div_one", "x / 1", "x"),
        row("one_div", "1 / x", "recip(x)"),
        row("div_of_neg", "x / -y", "-(x / y)"),
        row("div_by_literal", "x / -4", "-0.25 * x"),
        row("div_of_scaled", "3 * x / y", "3 * (x / y)"),
        row("div_by_scaled", "x / (4 * y)", "0.25 * (x / y)"),
        row("recip_of_neg", "recip(-x)", "-recip(x)"),
        row("recip_of_quotient", "recip(x / y)", "y / x"),
        row("skip_of_nonzero", "p = recip(cast real(extent N())); mul_unless_zero(p, x)", "p * x"),
        row("skip_by_finite", "mul_unless_zero(x, 2)", "x * 2"),
    ]
}
