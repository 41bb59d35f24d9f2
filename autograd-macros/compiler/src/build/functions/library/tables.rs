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
            let i = to_index(if x > 0 { min(x, H) } else { 0 });
            let j = to_index(if y > 0 { min(y, W) } else { 0 });
            let s = clamp(x - i, 0, 1);
            let t = clamp(y - j, 0, 1);
            let above = table[max(min(i, H - 1), 0)];
            let below = table[max(min(i + 1, H - 1), 0)];
            (above[max(min(j, W - 1), 0)]*(1 - t) + above[max(min(j + 1, W - 1), 0)]*t)*(1 - s)
                + (below[max(min(j, W - 1), 0)]*(1 - t) + below[max(min(j + 1, W - 1), 0)]*t)*s
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
            let at = to_index(if x >= low && x < high { (x - low)/(high - low)*bins } else { bins });
            let is_in = if x >= low && x <= high { 1 } else { 0 };
            scatter_add(zeros([bins]), max(min(at, bins - 1), 0), is_in)
        }",
    ),
];
