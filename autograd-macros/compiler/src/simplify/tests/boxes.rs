//! Cases of `rows::slices`.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("product_of_pad", "g: [2]; x: [5]; pad [5] [1..:2](g) * x", "pad [5] [1..:2](g * slice [1..+2:2](x))"),
        row("product_of_pad", "x: [5]; g: [2]; x * pad [5] [1..:2](g)", "pad [5] [1..:2](slice [1..+2:2](x) * g)"),
        row(
            "contract_of_pad",
            "x: [5, 3]; g: [2, 4]; contract [0]x[0](x, pad [5, 4] [1.., 0..](g))",
            "contract [0]x[0](slice [1..+2, 0..+3](x), g)",
        ),
        row("slice_identity", "slice [0..+N](x)", "x"),
        row("slice_slice", "x: [9]; slice [1..+3](slice [1..+4:2](x))", "slice [3..+3:2](x)"),
        row(
            "slice_of_broadcast",
            "x: [5]; slice [1..+2:2, 2..+2](broadcast [4, 5] [1](x))",
            "broadcast [2, 2] [1](slice [2..+2](x))",
        ),
        row("slice_of_pad", "slice [2..+N:2](pad [9] [2..:2](x))", "slice [0..+N](x)"),
        row("slice_of_pad", "x: [4]; slice [3..+2](pad [9] [2..](x))", "slice [1..+2](x)"),
        row("slice_beside_pad", "x: [4]; slice [6..+2](pad [9] [2..](x))", "broadcast [2] [](0)"),
        row("slice_of_concat", "x: [4]; y: [5]; slice [4..+3:2](concat 0(x, y))", "slice [0..+3:2](y)"),
        row("pad_identity", "pad [N] [0..](x)", "x"),
        row("pad_pad", "x: [2]; pad [9] [1..:2](pad [4] [1..:2](x))", "pad [9] [3..:4](x)"),
        row("pad_of_zero", "pad [4] [1..:2](broadcast [2] [](0))", "broadcast [4] [](0)"),
        row("concat_of_one", "concat 0(x)", "x"),
        row(
            "concat_of_same_value",
            "concat 1(broadcast [N, 2] [0](x), broadcast [N, 3] [0](x))",
            "broadcast [N, 5] [0](x)",
        ),
    ]
}
