//! Finite differences on grids of equal spacing. What stands beyond an edge is in the function's name: nothing (0), the
//! value at the edge (no flux), or the other end.

use super::super::Family::Grid;
use super::super::Row;
use super::library;

pub(super) const ROWS: &[Row] = &[
    library(
        [
            "central_diff",
            "x",
            "the slopes of x `[N]`, `(x[i + 1] - x[i - 1])/2`, one-sided at both ends; of `[N, M]` and \
             `[N, M, K]` a tuple, one for each axis",
            "central_diff(y)",
        ],
        Grid,
        "fn central_diff(x: [N]) {
            let y[i in 0..N] =
                if i > 0 { if i < N - 1 { (x[i + 1] - x[i - 1])/2 } else { (x[i] - x[i - 1]) } }
                else if i < N - 1 { (x[i + 1] - x[i]) } else { 0 };
            y
        }
        fn central_diff(x: [N, M]) {
            let a[i in 0..N, j] =
                if i > 0 { if i < N - 1 { (x[i + 1, j] - x[i - 1, j])/2 } else { (x[i, j] - x[i - 1, j]) } }
                else if i < N - 1 { (x[i + 1, j] - x[i, j]) } else { 0 };
            let b[i, j in 0..M] =
                if j > 0 { if j < M - 1 { (x[i, j + 1] - x[i, j - 1])/2 } else { (x[i, j] - x[i, j - 1]) } }
                else if j < M - 1 { (x[i, j + 1] - x[i, j]) } else { 0 };
            (a, b)
        }
        fn central_diff(x: [N, M, K]) {
            let (a, b) = central_diff(reshape(x, [N, M*K]));
            let (c, d) = central_diff(reshape(x, [N*M, K]));
            let m[i, j in 0..M, k] =
                if j > 0 { if j < M - 1 { (x[i, j + 1, k] - x[i, j - 1, k])/2 } else { (x[i, j, k] - x[i, j - 1, k]) } }
                else if j < M - 1 { (x[i, j + 1, k] - x[i, j, k]) } else { 0 };
            (reshape(a, [N, M, K]), m, reshape(d, [N, M, K]))
        }",
    ),
    library(
        [
            "central_diff_periodic",
            "x",
            "as `central_diff`, where the other end stands beyond an edge",
            "central_diff_periodic(y)",
        ],
        Grid,
        "fn central_diff_periodic(x: [N]) {
            let y[i in 0..N] = (if i < N - 1 { x[i + 1] } else { x[i + 1 - N] }) - (if i > 0 { x[i - 1] } else { x[i + N - 1] });
            y/2
        }
        fn central_diff_periodic(x: [N, M]) {
            let a[i in 0..N, j] = (if i < N - 1 { x[i + 1, j] } else { x[i + 1 - N, j] })
                - (if i > 0 { x[i - 1, j] } else { x[i + N - 1, j] });
            let b[i, j in 0..M] = (if j < M - 1 { x[i, j + 1] } else { x[i, j + 1 - M] })
                - (if j > 0 { x[i, j - 1] } else { x[i, j + M - 1] });
            (a/2, b/2)
        }
        fn central_diff_periodic(x: [N, M, K]) {
            let (a, b) = central_diff_periodic(reshape(x, [N, M*K]));
            let (c, d) = central_diff_periodic(reshape(x, [N*M, K]));
            let m[i, j in 0..M, k] = (if j < M - 1 { x[i, j + 1, k] } else { x[i, j + 1 - M, k] })
                - (if j > 0 { x[i, j - 1, k] } else { x[i, j + M - 1, k] });
            (reshape(a, [N, M, K]), m/2, reshape(d, [N, M, K]))
        }",
    ),
    library(
        [
            "laplacian",
            "x",
            "the sum of the second differences of x `[N]`, `[N, M]` or `[N, M, K]` along its axes; beyond the edges \
             stands 0",
            "laplacian(x)/0.1^2",
        ],
        Grid,
        "fn laplacian(x: [N]) {
            let y[i in 0..N] = (if i > 0 { x[i - 1] } else { 0 }) + (if i < N - 1 { x[i + 1] } else { 0 }) - 2*x[i];
            y
        }
        fn laplacian(x: [N, M]) {
            let y[i in 0..N, j in 0..M] =
                (if i > 0 { x[i - 1, j] } else { 0 }) + (if i < N - 1 { x[i + 1, j] } else { 0 })
                + (if j > 0 { x[i, j - 1] } else { 0 }) + (if j < M - 1 { x[i, j + 1] } else { 0 }) - 4*x[i, j];
            y
        }
        fn laplacian(x: [N, M, K]) {
            let y[i in 0..N, j in 0..M, k in 0..K] =
                (if i > 0 { x[i - 1, j, k] } else { 0 }) + (if i < N - 1 { x[i + 1, j, k] } else { 0 })
                + (if j > 0 { x[i, j - 1, k] } else { 0 }) + (if j < M - 1 { x[i, j + 1, k] } else { 0 })
                + (if k > 0 { x[i, j, k - 1] } else { 0 }) + (if k < K - 1 { x[i, j, k + 1] } else { 0 }) - 6*x[i, j, k];
            y
        }",
    ),
    library(
        [
            "laplacian_edge",
            "x",
            "as `laplacian`, where the value at the edge stands beyond it: nothing flows out",
            "laplacian_edge(x)",
        ],
        Grid,
        "fn laplacian_edge(x: [N]) {
            let y[i in 0..N] = (if i > 0 { x[i - 1] - x[i] } else { 0 }) + (if i < N - 1 { x[i + 1] - x[i] } else { 0 });
            y
        }
        fn laplacian_edge(x: [N, M]) {
            let y[i in 0..N, j in 0..M] =
                (if i > 0 { x[i - 1, j] - x[i, j] } else { 0 }) + (if i < N - 1 { x[i + 1, j] - x[i, j] } else { 0 })
                + (if j > 0 { x[i, j - 1] - x[i, j] } else { 0 }) + (if j < M - 1 { x[i, j + 1] - x[i, j] } else { 0 });
            y
        }
        fn laplacian_edge(x: [N, M, K]) {
            let y[i in 0..N, j in 0..M, k in 0..K] =
                (if i > 0 { x[i - 1, j, k] - x[i, j, k] } else { 0 }) + (if i < N - 1 { x[i + 1, j, k] - x[i, j, k] } else { 0 })
                + (if j > 0 { x[i, j - 1, k] - x[i, j, k] } else { 0 }) + (if j < M - 1 { x[i, j + 1, k] - x[i, j, k] } else { 0 })
                + (if k > 0 { x[i, j, k - 1] - x[i, j, k] } else { 0 }) + (if k < K - 1 { x[i, j, k + 1] - x[i, j, k] } else { 0 });
            y
        }",
    ),
    library(
        [
            "laplacian_periodic",
            "x",
            "as `laplacian`, where the other end stands beyond an edge",
            "laplacian_periodic(x)",
        ],
        Grid,
        "fn laplacian_periodic(x: [N]) {
            let y[i in 0..N] = (if i > 0 { x[i - 1] } else { x[i + N - 1] })
                + (if i < N - 1 { x[i + 1] } else { x[i + 1 - N] }) - 2*x[i];
            y
        }
        fn laplacian_periodic(x: [N, M]) {
            let y[i in 0..N, j in 0..M] = (if i > 0 { x[i - 1, j] } else { x[i + N - 1, j] })
                + (if i < N - 1 { x[i + 1, j] } else { x[i + 1 - N, j] })
                + (if j > 0 { x[i, j - 1] } else { x[i, j + M - 1] })
                + (if j < M - 1 { x[i, j + 1] } else { x[i, j + 1 - M] }) - 4*x[i, j];
            y
        }
        fn laplacian_periodic(x: [N, M, K]) {
            let y[i in 0..N, j in 0..M, k in 0..K] = (if i > 0 { x[i - 1, j, k] } else { x[i + N - 1, j, k] })
                + (if i < N - 1 { x[i + 1, j, k] } else { x[i + 1 - N, j, k] })
                + (if j > 0 { x[i, j - 1, k] } else { x[i, j + M - 1, k] })
                + (if j < M - 1 { x[i, j + 1, k] } else { x[i, j + 1 - M, k] })
                + (if k > 0 { x[i, j, k - 1] } else { x[i, j, k + K - 1] })
                + (if k < K - 1 { x[i, j, k + 1] } else { x[i, j, k + 1 - K] }) - 6*x[i, j, k];
            y
        }",
    ),
];
