//! Tables that are read between their places, and counts.

use super::super::Family::Grid;
use super::super::Row;
use super::library;

pub(super) const ROWS: &[Row] = &[
    library(
        [
            "interp",
            "x, xp, fp",
            "the straight lines between the points (xp, fp) `[K]` at x (a number, `[N]` or `[N, M]`); xp rises, and beyond \
             its ends stand those of fp, with derivative 0",
            "interp(y, b, b^2)",
        ],
        Grid,
        "fn interp(x: [], xp: [K], fp: [K]) {
            let j = argmax[k in 0..K - 1](if xp[k] <= x { k } else { -1 });
            let t = clamp((x - xp[j])/(xp[j + 1] - xp[j]), 0, 1);
            fp[j]*(1 - t) + fp[j + 1]*t
        }
        fn interp(x: [N], xp: [K], fp: [K]) {
            let y[n] = interp(x[n], xp, fp);
            y
        }
        fn interp(x: [N, M], xp: [K], fp: [K]) {
            let y[n, m] = interp(x[n, m], xp, fp);
            y
        }",
    ),
    library(
        [
            "bilinear",
            "table, x, y",
            "the table `[H, W]` between its places, at row x in 0 to H - 1 and column y in 0 to W - 1 (numbers, or `[N]`); \
             beyond its edges stands what is there, with derivative 0",
            "bilinear(a, y, y)",
        ],
        Grid,
        "fn bilinear(table: [H, W], x: [], y: []) {
            let i = argmax[k in 0..H - 1](if k <= x { k } else { -1 });
            let j = argmax[k in 0..W - 1](if k <= y { k } else { -1 });
            let s = clamp(x - i, 0, 1);
            let t = clamp(y - j, 0, 1);
            (table[i, j]*(1 - t) + table[i, j + 1]*t)*(1 - s) + (table[i + 1, j]*(1 - t) + table[i + 1, j + 1]*t)*s
        }
        fn bilinear(table: [H, W], x: [N], y: [N]) {
            let z[n] = bilinear(table, x[n], y[n]);
            z
        }",
    ),
    library(
        [
            "histogram",
            "x, bins, low, high",
            "how many of x `[N]` lie in each of `bins` intervals of equal length from `low` to `high`, which belongs to the \
             last: `[bins]`; the derivative is 0",
            "histogram(y, 10, 0, 1)",
        ],
        Grid,
        "fn histogram(x: [N], bins = 1, low: [], high: []) {
            let y[k in 0..bins] = sum[n]({
                let at = floor((x[n] - low)/(high - low)*bins);
                if at == k || k == bins - 1 && x[n] == high { 1 } else { 0 }
            });
            y
        }",
    ),
];
