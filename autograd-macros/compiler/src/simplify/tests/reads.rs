//! Cases of the rows on reads where integers say.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("gather_affine", "gather [0] inside(x, int_add(iota N - 1(), index[] 1))", "slice [1..+N - 1](x)"),
        row(
            "gather_affine",
            "gather [0](x, int_sub(iota N + 2(), index[] 1))",
            "window [N + 2] [a0 + (-1)] if a0 + (-1) < (N)(x)",
        ),
        row(
            "gather_affine",
            "s: [7]; w: [3]; i = broadcast [3, 3] [0](iota 3()); j = broadcast [3, 3] [1](iota 3()); \
             gather [0](s, int_add(int_mul(i, index[] 2), j))",
            "s: [7]; w: [3]; window [3, 3] [(2)*a0 + a1](s)",
        ),
        row("gather_affine", "gather [1] inside(a, iota D())", "permute [1, 0](a)"),
        row(
            "gather_along_axis",
            "i = broadcast [N, D] [0](argmax 1(a)); gather [0, 1](b, i, broadcast [N, D] [1](iota D()))",
            "gather [0](b, argmax 1(a))",
        ),
        row(
            "gather_along_axis",
            "i = broadcast [D, N] [1](argmax 1(a)); gather [0, 1] inside(b, i, broadcast [D, N] [0](iota D()))",
            "permute [1, 0](gather [0] inside(b, argmax 1(a)))",
        ),
        row(
            "window_of_view",
            "t: [D, N]; window [N - 1, D] [a0 + (1), a1](permute [1, 0](t))",
            "t: [D, N]; permute [1, 0](slice [0..+D, 1..+N - 1](t))",
        ),
        row(
            "window_of_view",
            "s: [7]; window [3, 3] [(2)*a0 + a1](reverse [0](s))",
            "s: [7]; window [3, 3] [(-2)*a0 + (-1)*a1 + (6)](s)",
        ),
        row(
            "window_of_view",
            "window [N] [a0 + (-1)] if a0 + (-1) < (N + 2)(window [N + 2] [a0 + (-2)] if a0 + (-2) < (N)(x))",
            "window [N] [a0 + (-3)] if a0 + (-1) < (N + 2) if a0 + (-3) < (N)(x)",
        ),
        row(
            "window_of_scaled",
            "window [N] [a0 + (-1)] if a0 + (-1) < (N)(2 * x)",
            "2 * (window [N] [a0 + (-1)] if a0 + (-1) < (N)(x))",
        ),
        row(
            "window_of_cheap",
            "window [N] [a0 + (-1)] if a0 + (-1) < (N)(x * y)",
            "(window [N] [a0 + (-1)] if a0 + (-1) < (N)(x)) * (window [N] [a0 + (-1)] if a0 + (-1) < (N)(y))",
        ),
        row(
            "permute_of_window",
            "s: [5]; permute [1, 0](window [2, 3] [(2)*a0 + a1](s))",
            "s: [5]; window [3, 2] [a0 + (2)*a1](s)",
        ),
        row(
            "window_of_turned_product",
            "s: [7, 3]; t: [3, 4]; window [4, 5] [a1 + (1), a0](contract [1]x[0](s, t))",
            "s: [7, 3]; t: [3, 4]; slice [0..+4, 1..+5](contract [0]x[1](t, s))",
        ),
        row("pad_as_window", "pad [N + 1] [1..](x)", "window [N + 1] [a0 + (-1)] if a0 + (-1) < (N)(x)"),
        row("window_identity", "window [N, D] [a0, a1](a)", "a"),
        row(
            "real_of_integer",
            "cast real(int_add(iota N(), index[] 1))",
            "cast real(iota N()) + cast real(broadcast [N] [](index[] 1))",
        ),
        row(
            "real_of_integer",
            "cast real(int_sub(iota N(), index[] 2))",
            "cast real(iota N()) - cast real(broadcast [N] [](index[] 2))",
        ),
        row(
            "real_of_integer",
            "cast real(int_mul(iota N(), argmax 1(a)))",
            "cast real(iota N()) * cast real(argmax 1(a))",
        ),
        row(
            "choice_of_guarded_read",
            "select(index[] 0 < iota N(), window [N] [a0 + (-1)] if a0 + (-1) < (N)(x), broadcast [N] [](0))",
            "window [N] [a0 + (-1)] if a0 + (-1) < (N)(x)",
        ),
        row(
            "contract_of_product",
            "b: [D, K]; reduce sum [1](broadcast [N, D, K] [0, 1](a) * broadcast [N, D, K] [1, 2](b))",
            "b: [D, K]; contract [1]x[0](a, b)",
        ),
        row(
            "contract_of_product",
            "s: [N, D, 3]; t: [N, K, D]; \
             reduce sum [3](broadcast [K, N, 3, D] [1, 2, 3](permute [0, 2, 1](s)) * broadcast [K, N, 3, D] [0, 1, 3](permute [1, 0, 2](t)))",
            "s: [N, D, 3]; t: [N, K, D]; permute [2, 0, 1](contract [2]x[2] batch [0]x[1](permute [0, 2, 1](s), permute [1, 0, 2](t)))",
        ),
    ]
}
