//! Cases of `rows::reductions`.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("reduce_no_axes", "reduce norm [](x)", "abs(x)"),
        row("reduce_unit_axes", "a: [N, 1]; reduce sum [1](a)", "reshape [N](a)"),
        row("reduce_unit_axes", "a: [N, 1]; reduce norm [1](a)", "abs(reshape [N](a))"),
        row("reduce_reduce", "t: [N, D, K]; reduce sum [1](reduce sum [1](t))", "reduce sum [1, 2](t)"),
        row(
            "reduce_reduce",
            "t: [N, D, K]; reduce logsumexp [0](reduce logsumexp [0](t))",
            "reduce logsumexp [0, 1](t)",
        ),
        row(
            "reduce_of_permute",
            "t: [N, D, K]; reduce sum [1](permute [2, 0, 1](t))",
            "permute [1, 0](reduce sum [0](t))",
        ),
        row("reduce_of_reverse", "reduce sum [1](reverse [0, 1](a))", "reduce sum [1](reverse [0](a))"),
        row("reduce_of_unit_reshape", "reduce sum [1, 2](reshape [N, 1, D](a))", "reduce sum [1](a)"),
        row(
            "sum_of_broadcast",
            "reduce sum [1, 2](broadcast [N, K, D] [0, 2](a))",
            "p = cast real(extent K()); p * reduce sum [1](broadcast [N, D] [0, 1](a))",
        ),
        row(
            "sum_of_broadcast",
            "p = cast real(extent N()); reduce sum [0](broadcast [N] [](u / p))",
            "p = cast real(extent N()); mul_unless_zero(p, reduce sum [](broadcast [] [](u / p)))",
        ),
        row(
            "extreme_of_broadcast",
            "reduce max [0, 1](broadcast [5, N] [1](x))",
            "reduce max [0](broadcast [N] [0](x))",
        ),
        row(
            "reduce_beside_broadcast",
            "reduce sum [2](broadcast [N, K, D] [0, 2](a))",
            "broadcast [N, K] [0](reduce sum [1](a))",
        ),
        row("sum_of_pad", "reduce sum [0](pad [9, 7] [1.., 2..:2](a))", "pad [7] [2..:2](reduce sum [0](a))"),
        row("square_of_norm", "square(reduce norm [0](x))", "reduce sum [0](square(x))"),
    ]
}
