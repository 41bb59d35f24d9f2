//! Cases of `rows::shapes`.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("broadcast_identity", "broadcast [N] [0](x)", "x"),
        row("broadcast_broadcast", "broadcast [N, K, D] [0, 2](broadcast [N, D] [0](x))", "broadcast [N, K, D] [0](x)"),
        row("broadcast_of_unit_reshape", "broadcast [1, D, N] [0, 2](reshape [1, N](x))", "broadcast [1, D, N] [2](x)"),
        row("permute_identity", "permute [0, 1](a)", "a"),
        row("permute_permute", "t: [N, D, K]; permute [1, 0, 2](permute [1, 2, 0](t))", "permute [2, 1, 0](t)"),
        row(
            "permute_of_broadcast",
            "permute [1, 2, 0](broadcast [N, K, D] [0, 2](a))",
            "broadcast [K, D, N] [1, 2](permute [1, 0](a))",
        ),
        row("reshape_identity", "reshape [N, D](a)", "a"),
        row("reshape_reshape", "reshape [N, 1, D](reshape [D, N](a))", "reshape [N, 1, D](a)"),
        row("reshape_of_broadcast", "reshape [N, 1, D](broadcast [1, N, D] [1](x))", "broadcast [N, 1, D] [0](x)"),
        row("reshape_of_broadcast", "reshape [D, N](broadcast [N, D] [](u))", "broadcast [D, N] [](u)"),
        row("reverse_nothing", "a: [N, 1]; reverse [1](a)", "a"),
        row("reverse_reverse", "reverse [0](reverse [0, 1](a))", "reverse [1](a)"),
        row("reverse_of_broadcast", "reverse [0, 1](broadcast [D, N] [1](x))", "broadcast [D, N] [1](reverse [0](x))"),
    ]
}
