//! Cases of `rows::algebra`.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("neg_neg", "--x", "x"),
        row("neg_of_scaled", "-(3 * x)", "-3 * x"),
        row("neg_of_sub", "-(x - y)", "y - x"),
        row("even_of_neg", "cos(-x)", "cos(x)"),
        row("abs_of_positive", "abs(square(x))", "square(x)"),
        row("square_of_abs", "square(abs(x))", "square(x)"),
        row("add_minus_zero", "x + -0", "x"),
        row("add_zero", "x + 0", "x"),
        row("add_of_neg", "-x + y", "y - x"),
        row("add_same", "x + x", "2 * x"),
        row("order_terms", "x: [N]; y + x", "x + y"),
        row("sub_zero", "x - 0", "x"),
        row("sub_zero", "-0 - x", "-x"),
        row("zero_sub", "0 - x", "-x"),
        row("sub_of_neg", "x - -y", "x + y"),
        row("neg_sub", "-x - y", "-(x + y)"),
        row("add_literals", "3 - x + 5", "8 - x"),
        row("sub_literals", "5 - (3 - x)", "2 + x"),
    ]
}
