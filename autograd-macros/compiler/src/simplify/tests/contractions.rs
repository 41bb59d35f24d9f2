//! Cases of the rows on products of tensors.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("contract_of_permute", "b: [N, K]; contract [1]x[0](permute [1, 0](a), b)", "contract [0]x[0](a, b)"),
        row(
            "contract_of_permute",
            "t: [K, D, N]; contract [0]x[0](a, permute [2, 1, 0](t))",
            "permute [0, 2, 1](contract [0]x[2](a, t))",
        ),
        row(
            "contract_of_permute",
            "s: [2, 3, 4, 5]; t: [3, 5]; contract [0]x[1] batch [2]x[0](permute [3, 2, 1, 0](s), t)",
            "permute [0, 2, 1](contract [3]x[1] batch [1]x[0](s, t))",
        ),
        row(
            "contract_of_permuted_values",
            "b: [N, K]; contract [1]x[0](tanh(permute [1, 0](a)), b)",
            "b: [N, K]; contract [1]x[0](permute [1, 0](tanh(a)), b)",
        ),
        row("permute_of_contract", "b: [D, K]; permute [1, 0](contract [1]x[0](a, b))", "contract [0]x[1](b, a)"),
        row("contract_without_free_axes", "contract [0]x[0](x, y)", "reduce sum [0](x * y)"),
        row(
            "contract_without_free_axes",
            "b: [D, N]; contract [1]x[0] batch [0]x[1](a, b)",
            "reduce sum [1](a * permute [1, 0](b))",
        ),
        row(
            "outer_product",
            "a: [D, N]; b: [N, K]; contract []x[] batch [1]x[0](a, b)",
            "broadcast [N, D, K] [0, 1](permute [1, 0](a)) * broadcast [N, D, K] [0, 2](b)",
        ),
        row("contract_of_repeated", "contract [1]x[0](a, broadcast [D] [](1))", "contract []x[](reduce sum [1](a), 1)"),
        row(
            "contract_of_repeated",
            "t: [N, D, K]; a: [K, N]; contract [1, 2]x[1, 0](tanh(t), broadcast [K, D, N] [0, 2](a))",
            "contract [1]x[0](reduce sum [1](tanh(t)), a)",
        ),
        row(
            "contract_of_repeated",
            "t: [N, D, K]; a: [K]; p = broadcast [K, D] [0](a); contract [1, 2]x[1, 0](t, p)",
            "reduce sum [1, 2](t * broadcast [N, D, K] [1, 2](permute [1, 0](p)))",
        ),
        row(
            "contract_of_spread",
            "x: [D]; contract [1]x[0](a, broadcast [D, K] [0](x))",
            "broadcast [N, K] [0](contract [1]x[0](a, x))",
        ),
        row(
            "contract_of_spread",
            "t: [K, N, D]; a: [D, N]; contract [4]x[0] batch [2]x[1](broadcast [4, K, N, 5, D] [1, 2, 4](t), a)",
            "broadcast [N, 4, K, 5] [0, 2](contract [2]x[0] batch [1]x[1](t, a))",
        ),
        row("contract_of_scaled", "contract [0]x[0](a, 0.5 * x)", "0.5 * contract [0]x[0](a, x)"),
    ]
}
