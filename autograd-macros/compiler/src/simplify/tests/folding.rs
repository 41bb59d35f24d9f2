//! Cases of `rows::fold`.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("strip_named", "named a(x)", "x"),
        row("strip_stop_gradient", "stop_gradient(x)", "x"),
        row("elementwise_of_broadcasts", "u + broadcast [K, N, D] [1](x)", "broadcast [K, N, D] [1](u + x)"),
        row("fold_map", "2 * 3", "6"),
        row("fold_compare", "2 < 3", "true"),
        row("fold_cast", "cast real(true)", "1"),
        row("fold_cast", "cast index(3)", "index[] 3"),
        row("fold_integer", "int_rem(index[] -7, index[] 4)", "index[] 1"),
        row("integer_identity", "int_add(iota N(), broadcast [N] [](index[] 0))", "iota N()"),
        row("integer_identity", "int_mul(broadcast [N] [](index[] 1), iota N())", "iota N()"),
        row("fold_extent", "extent 7()", "index[] 7"),
        row("iota_of_one", "iota 1()", "broadcast [1] [](index[] 0)"),
    ]
}
