//! Cases of `rows::select`.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("strip_choice", "choose(x < y, x, y)", "select(x < y, x, y)"),
        row("select_of_literal", "select(false, x, y)", "y"),
        row("select_equal_arms", "select(x < y, x, x)", "x"),
        row("select_of_not", "select(!(x < y), x, y)", "select(x < y, y, x)"),
        row("select_same_condition", "select(x < y, select(x < y, x, z), y)", "select(x < y, x, y)"),
        row("select_within_arm", "p = y < z && x < y; select(p, select(x < y, x, 0) * z, 0)", "select(p, x * z, 0)"),
        row(
            "select_within_arm",
            "p = broadcast [N, D] [0](x < y); m: [N, D];
             select(p, mul_unless_zero(broadcast [N, D] [0](select(x < y, x, 0)), m), 0)",
            "select(p, mul_unless_zero(broadcast [N, D] [0](x), m), 0)",
        ),
        row(
            "map_of_choices",
            "select(x < y, x, 0) + select(x < y, z, 0)",
            "p = broadcast [N] [](0); select(x < y, x + z, p + p)",
        ),
        row("logic_of_literal", "u < v || false", "u < v"),
        row("logic_of_literal", "false && u < v", "false"),
        row("logic_of_literal", "!false", "true"),
        row("logic_of_same", "u < v && u < v", "u < v"),
        row("not_not", "!!(u < v)", "u < v"),
        row("not_of_equality", "!(u == v)", "u != v"),
    ]
}
