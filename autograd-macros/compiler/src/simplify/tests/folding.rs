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
        row("fold_extent", "extent 7()", "index[] 7"),
        row("iota_of_one", "iota 1()", "broadcast [1] [](index[] 0)"),
    ]
}
