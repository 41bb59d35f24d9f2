//! Cases of `rows::factoring`.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("sum_of_neg", "reduce sum [0](-x)", "-reduce sum [0](x)"),
        row("skipped_product_of_scaled", "a: [N]; mul_unless_zero(-0.5 * a, x)", "-0.5 * mul_unless_zero(a, x)"),
        row("skipped_product_of_scaled", "a: [N]; mul_unless_zero(a, 2 * x)", "2 * mul_unless_zero(a, x)"),
        row("skipped_product_of_neg", "a: [N]; mul_unless_zero(-a, x)", "-mul_unless_zero(a, x)"),
        row("skipped_product_of_neg", "a: [N]; mul_unless_zero(a, -x)", "-mul_unless_zero(a, x)"),
        row(
            "skipped_product_of_power",
            "y = 1/u; mul_unless_zero(mul_unless_zero(y, y), exp(v))",
            "y = 1/u; mul_unless_zero(mul_unless_zero(y, exp(v)), y)",
        ),
        row(
            "sum_of_skipped_product",
            "reduce sum [1](mul_unless_zero(tanh(a), broadcast [N, D] [0](x)))",
            "mul_unless_zero(reduce sum [1](tanh(a)), x)",
        ),
        row("sum_of_product", "reduce sum [1](-3 * a)", "-3 * reduce sum [1](a)"),
        row("sum_of_product", "reduce sum [1](sigmoid(a) * broadcast [N, D] [0](x))", "x * reduce sum [1](sigmoid(a))"),
        row("sum_of_quotient", "reduce sum [1](a / 3)", "reduce sum [1](a) / 3"),
        row("sum_of_quotient", "reduce sum [1](3 / a)", "3 * reduce sum [1](recip(a))"),
        row("add_common_factor", "x * tanh(y) + x * sigmoid(z)", "(tanh(y) + sigmoid(z)) * x"),
        row("add_common_factor", "2 * x + x", "3 * x"),
        row("sub_common_factor", "x - 3 * x", "-2 * x"),
    ]
}
