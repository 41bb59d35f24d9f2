//! Cases of `rows::powers`.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("mul_same", "x * x", "square(x)"),
        row("pow_zero", "pow(x, 0)", "broadcast [N] [](1)"),
        row("pow_one", "pow(x, 1)", "x"),
        row("pow_small", "pow(x, 7)", "x * square(x * square(x))"),
        row("pow_small_below_one", "pow(x, -2)", "recip(square(x))"),
        row("pow_half", "pow(x, 0.5)", "sqrt(x)"),
        row("pow_half", "pow(x, -0.5)", "rsqrt(x)"),
        row("pow_whole_and_half", "pow(x, 2.5)", "square(x) * sqrt(x)"),
        row("pow_of_e", "pow(2.718281828459045, x)", "exp(x)"),
        row(
            "power_of_index",
            "n = broadcast [N, D] [1](cast real(iota D())); pow(broadcast [N, D] [0](x), n)",
            "n = broadcast [N, D] [1](cast real(iota D())); one = broadcast [N, D] [](1); \
             recurrence 1(broadcast [N, D] [0](x), select(n < one, one, broadcast [N, D] [](0)))",
        ),
        row("square_of_scaled", "square(3 * x)", "9 * square(x)"),
        row("sqrt_of_scaled", "sqrt(4 * x)", "2 * sqrt(x)"),
        row("recip_of_sqrt", "recip(sqrt(x))", "rsqrt(x)"),
    ]
}
