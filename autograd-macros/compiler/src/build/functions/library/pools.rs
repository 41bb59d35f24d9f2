//! Pools: the largest or the mean of each window.

use super::super::Family::Network;
use super::super::Row;
use super::library;

const PARAMETERS: &str = "x, size, stride?, pad = 0";

pub(super) const ROWS: &[Row] = &[
    library(
        [
            "max_pool1d",
            PARAMETERS,
            "the largest of `size` values of x `[N, C, H]`, every `stride` (that is `size` if it is not said) of them: \
             `[N, C, floor_div(H + 2*pad - size, stride) + 1]`",
            "max_pool1d(signal, 2)",
        ],
        Network,
        "fn max_pool1d(x: [N, C, H], size = 1, stride = size, pad = 0) {
            let y[n, c, i in 0..floor_div(H + 2*pad - size, stride) + 1] = max[r in 0..size](if pad == 0 {
                x[n, c, stride*i + r]
            } else {
                let a = stride*i + r - pad;
                if a >= 0 && a < H { x[n, c, a] } else { -inf }
            });
            y
        }",
    ),
    library(
        [
            "max_pool2d",
            PARAMETERS,
            "the largest of `size` times `size` values of x `[N, C, H, W]`, each extent as in `max_pool1d`",
            "max_pool2d(image, 3, stride = 2, pad = 1)",
        ],
        Network,
        "fn max_pool2d(x: [N, C, H, W], size = 1, stride = size, pad = 0) {
            let y[n, c, i in 0..floor_div(H + 2*pad - size, stride) + 1,
                  j in 0..floor_div(W + 2*pad - size, stride) + 1] = max[r in 0..size, s in 0..size](if pad == 0 {
                x[n, c, stride*i + r, stride*j + s]
            } else {
                let a = stride*i + r - pad;
                let b = stride*j + s - pad;
                if a >= 0 && a < H && b >= 0 && b < W { x[n, c, a, b] } else { -inf }
            });
            y
        }",
    ),
    library(
        [
            "avg_pool1d",
            PARAMETERS,
            "the mean of `size` values of x `[N, C, H]`, every `stride` of them; outside of x stands 0, which counts",
            "avg_pool1d(signal, 2)",
        ],
        Network,
        "fn avg_pool1d(x: [N, C, H], size = 1, stride = size, pad = 0) {
            let y[n, c, i in 0..floor_div(H + 2*pad - size, stride) + 1] = sum[r in 0..size](if pad == 0 {
                x[n, c, stride*i + r]
            } else {
                let a = stride*i + r - pad;
                if a >= 0 && a < H { x[n, c, a] } else { 0 }
            });
            y/size
        }",
    ),
    library(
        [
            "avg_pool2d",
            PARAMETERS,
            "the mean of `size` times `size` values of x `[N, C, H, W]`; outside of x stands 0, which counts",
            "avg_pool2d(image, 2)",
        ],
        Network,
        "fn avg_pool2d(x: [N, C, H, W], size = 1, stride = size, pad = 0) {
            let y[n, c, i in 0..floor_div(H + 2*pad - size, stride) + 1,
                  j in 0..floor_div(W + 2*pad - size, stride) + 1] = sum[r in 0..size, s in 0..size](if pad == 0 {
                x[n, c, stride*i + r, stride*j + s]
            } else {
                let a = stride*i + r - pad;
                let b = stride*j + s - pad;
                if a >= 0 && a < H && b >= 0 && b < W { x[n, c, a, b] } else { 0 }
            });
            y/(size*size)
        }",
    ),
    library(
        [
            "adaptive_avg_pool1d",
            "x, size",
            "the means of x `[N, C, H]` in `size` windows of about the same length that cover it: `[N, C, size]`",
            "adaptive_avg_pool1d(signal, 2)",
        ],
        Network,
        "fn adaptive_avg_pool1d(x: [N, C, H], size = 1) {
            let y[n, c, i in 0..size] = {
                let start = floor_div(i*H, size);
                let end = floor_div((i + 1)*H + size - 1, size);
                sum[r in 0..floor_div(H - 1, size) + 2](if start + r < end && start + r < H { x[n, c, start + r] } else { 0 })
                    /(end - start)
            };
            y
        }",
    ),
    library(
        [
            "adaptive_avg_pool2d",
            "x, size",
            "the means of x `[N, C, H, W]` in `size` times `size` windows that cover it: `[N, C, size, size]`",
            "adaptive_avg_pool2d(image, 2)",
        ],
        Network,
        "fn adaptive_avg_pool2d(x: [N, C, H, W], size = 1) {
            let rows = adaptive_avg_pool1d(reshape(permute(x, (0, 1, 3, 2)), [N, C*W, H]), size);
            let columns = reshape(permute(reshape(rows, [N, C, W, size]), (0, 1, 3, 2)), [N, C*size, W]);
            reshape(adaptive_avg_pool1d(columns, size), [N, C, size, size])
        }",
    ),
    library(
        [
            "adaptive_max_pool1d",
            "x, size",
            "the largest of x `[N, C, H]` in each of `size` windows that cover it: `[N, C, size]`",
            "adaptive_max_pool1d(signal, 2)",
        ],
        Network,
        "fn adaptive_max_pool1d(x: [N, C, H], size = 1) {
            let y[n, c, i in 0..size] = {
                let start = floor_div(i*H, size);
                let end = floor_div((i + 1)*H + size - 1, size);
                max[r in 0..floor_div(H - 1, size) + 2](
                    if start + r < end && start + r < H { x[n, c, start + r] } else { -inf })
            };
            y
        }",
    ),
    library(
        [
            "adaptive_max_pool2d",
            "x, size",
            "the largest of x `[N, C, H, W]` in each of `size` times `size` windows that cover it: `[N, C, size, size]`",
            "adaptive_max_pool2d(image, 2)",
        ],
        Network,
        "fn adaptive_max_pool2d(x: [N, C, H, W], size = 1) {
            let rows = adaptive_max_pool1d(reshape(permute(x, (0, 1, 3, 2)), [N, C*W, H]), size);
            let columns = reshape(permute(reshape(rows, [N, C, W, size]), (0, 1, 3, 2)), [N, C*size, W]);
            reshape(adaptive_max_pool1d(columns, size), [N, C, size, size])
        }",
    ),
];
