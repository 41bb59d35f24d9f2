//! Convolutions as networks have them, without a reversal of the filter, and what is transposed to them.

use super::super::Family::Network;
use super::super::Row;
use super::library;

const PARAMETERS: &str = "x, w, stride = 1, pad = 0, dilation = 1, groups = 1";

pub(super) const ROWS: &[Row] = &[
    library(
        [
            "conv1d",
            PARAMETERS,
            "x `[N, C, H]` with filters w `[O, C/groups, R]`: `[N, O, J]`, where `J` is \
             `floor_div(H + 2*pad - dilation*(R - 1) - 1, stride) + 1`; outside of x stands 0",
            "conv1d(signal, filter1, pad = 1)",
        ],
        Network,
        "fn conv1d(x: [N, C, H], w: [O, C/groups, R], stride = 1, pad = 0, dilation = 1, groups = 1) {
            let p = if pad == 0 { x } else {
                let p[n, c, i in 0..H + 2*pad] = if i >= pad && i < H + pad { x[n, c, i - pad] } else { 0 };
                p
            };
            if groups == 1 {
                let y[n, o, i in 0..floor_div(H + 2*pad - dilation*(R - 1) - 1, stride) + 1] =
                    sum[c, r](p[n, c, stride*i + dilation*r]*w[o, c, r]);
                y
            } else {
                let u = reshape(p, [N, groups, C/groups, H + 2*pad]);
                let v = reshape(w, [groups, O/groups, C/groups, R]);
                let y[n, g, o, i in 0..floor_div(H + 2*pad - dilation*(R - 1) - 1, stride) + 1] =
                    sum[c, r](u[n, g, c, stride*i + dilation*r]*v[g, o, c, r]);
                reshape(y, [N, O, floor_div(H + 2*pad - dilation*(R - 1) - 1, stride) + 1])
            }
        }",
    ),
    library(
        [
            "conv2d",
            PARAMETERS,
            "x `[N, C, H, W]` with filters w `[O, C/groups, R, S]`: `[N, O, J, K]`, each of `J` and `K` as in `conv1d`",
            "conv2d(image, filter2, stride = 2, pad = 1)",
        ],
        Network,
        "fn conv2d(x: [N, C, H, W], w: [O, C/groups, R, S], stride = 1, pad = 0, dilation = 1, groups = 1) {
            let p = if pad == 0 { x } else {
                let p[n, c, i in 0..H + 2*pad, j in 0..W + 2*pad] =
                    if i >= pad && i < H + pad && j >= pad && j < W + pad { x[n, c, i - pad, j - pad] } else { 0 };
                p
            };
            if groups == 1 {
                let y[n, o, i in 0..floor_div(H + 2*pad - dilation*(R - 1) - 1, stride) + 1,
                      j in 0..floor_div(W + 2*pad - dilation*(S - 1) - 1, stride) + 1] =
                    sum[c, r, s](p[n, c, stride*i + dilation*r, stride*j + dilation*s]*w[o, c, r, s]);
                y
            } else {
                let u = reshape(p, [N, groups, C/groups, H + 2*pad, W + 2*pad]);
                let v = reshape(w, [groups, O/groups, C/groups, R, S]);
                let y[n, g, o, i in 0..floor_div(H + 2*pad - dilation*(R - 1) - 1, stride) + 1,
                      j in 0..floor_div(W + 2*pad - dilation*(S - 1) - 1, stride) + 1] =
                    sum[c, r, s](u[n, g, c, stride*i + dilation*r, stride*j + dilation*s]*v[g, o, c, r, s]);
                reshape(y, [N, O, floor_div(H + 2*pad - dilation*(R - 1) - 1, stride) + 1,
                    floor_div(W + 2*pad - dilation*(S - 1) - 1, stride) + 1])
            }
        }",
    ),
    library(
        [
            "conv3d",
            PARAMETERS,
            "x `[N, C, H, W, D]` with filters w `[O, C/groups, R, S, T]`, each extent of the result as in `conv1d`",
            "conv3d(volume, filter3)",
        ],
        Network,
        "fn conv3d(x: [N, C, H, W, D], w: [O, C/groups, R, S, T], stride = 1, pad = 0, dilation = 1, groups = 1) {
            let p = if pad == 0 { x } else {
                let p[n, c, i in 0..H + 2*pad, j in 0..W + 2*pad, k in 0..D + 2*pad] =
                    if i >= pad && i < H + pad && j >= pad && j < W + pad && k >= pad && k < D + pad {
                        x[n, c, i - pad, j - pad, k - pad]
                    } else { 0 };
                p
            };
            if groups == 1 {
                let y[n, o, i in 0..floor_div(H + 2*pad - dilation*(R - 1) - 1, stride) + 1,
                      j in 0..floor_div(W + 2*pad - dilation*(S - 1) - 1, stride) + 1,
                      k in 0..floor_div(D + 2*pad - dilation*(T - 1) - 1, stride) + 1] =
                    sum[c, r, s, t](p[n, c, stride*i + dilation*r, stride*j + dilation*s, stride*k + dilation*t]
                        *w[o, c, r, s, t]);
                y
            } else {
                let u = reshape(p, [N, groups, C/groups, H + 2*pad, W + 2*pad, D + 2*pad]);
                let v = reshape(w, [groups, O/groups, C/groups, R, S, T]);
                let y[n, g, o, i in 0..floor_div(H + 2*pad - dilation*(R - 1) - 1, stride) + 1,
                      j in 0..floor_div(W + 2*pad - dilation*(S - 1) - 1, stride) + 1,
                      k in 0..floor_div(D + 2*pad - dilation*(T - 1) - 1, stride) + 1] =
                    sum[c, r, s, t](u[n, g, c, stride*i + dilation*r, stride*j + dilation*s, stride*k + dilation*t]
                        *v[g, o, c, r, s, t]);
                reshape(y, [N, O, floor_div(H + 2*pad - dilation*(R - 1) - 1, stride) + 1,
                    floor_div(W + 2*pad - dilation*(S - 1) - 1, stride) + 1,
                    floor_div(D + 2*pad - dilation*(T - 1) - 1, stride) + 1])
            }
        }",
    ),
    library(
        [
            "conv_transpose1d",
            "x, w, stride = 1, pad = 0",
            "the transposed of `conv1d`: x `[N, C, H]` with filters w `[C, O, R]`: `[N, O, (H - 1)*stride + R - 2*pad]`",
            "conv_transpose1d(signal, permute(filter1, (1, 0, 2)), stride = 2)",
        ],
        Network,
        "fn conv_transpose1d(x: [N, C, H], w: [C, O, R], stride = 1, pad = 0) {
            let y[n, o, i in 0..(H - 1)*stride + R - 2*pad] = sum[c, r]({
                let at = floor_div(i + pad - r, stride);
                if rem(i + pad - r, stride) == 0 && at >= 0 && at < H { x[n, c, at]*w[c, o, r] } else { 0 }
            });
            y
        }",
    ),
    library(
        [
            "conv_transpose2d",
            "x, w, stride = 1, pad = 0",
            "the transposed of `conv2d`: x `[N, C, H, W]` with filters w `[C, O, R, S]`, each extent of the result as in \
             `conv_transpose1d`",
            "conv_transpose2d(image, permute(filter2, (1, 0, 2, 3)), stride = 2)",
        ],
        Network,
        "fn conv_transpose2d(x: [N, C, H, W], w: [C, O, R, S], stride = 1, pad = 0) {
            let y[n, o, i in 0..(H - 1)*stride + R - 2*pad, j in 0..(W - 1)*stride + S - 2*pad] = sum[c, r, s]({
                let a = floor_div(i + pad - r, stride);
                let b = floor_div(j + pad - s, stride);
                if rem(i + pad - r, stride) == 0 && rem(j + pad - s, stride) == 0
                    && a >= 0 && a < H && b >= 0 && b < W {
                    x[n, c, a, b]*w[c, o, r, s]
                } else { 0 }
            });
            y
        }",
    ),
];
