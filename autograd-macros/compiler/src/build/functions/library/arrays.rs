//! Arrays out of numbers and arrays, as `NumPy` has them.

use super::super::Family::{Construction, Product};
use super::super::Row;
use super::library;

pub(super) const ROWS: &[Row] = &[
    library(
        ["linspace", "a, b, n", "n numbers at equal distances from a to b", "linspace(0, 1, N)"],
        Construction,
        "fn linspace(a: [], b: [], n = 2) { a + (b - a)*(iota(n)/max(n - 1, 1)) }",
    ),
    library(
        [
            "kron",
            "a, b",
            "all of b times each element of a, in its place: of vectors `[N]` and `[M]` it is `[N*M]`, of matrices `[N, M]` \
             and `[P, Q]` it is `[N*P, M*Q]`",
            "kron(b, b)",
        ],
        Product,
        "fn kron(a: [N], b: [M]) {
            let y[i, k] = a[i]*b[k];
            reshape(y, [N*M])
        }
        fn kron(a: [N, M], b: [P, Q]) {
            let y[i, k, j, l] = a[i, j]*b[k, l];
            reshape(y, [N*P, M*Q])
        }",
    ),
];
