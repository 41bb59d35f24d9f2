//! Attention: means of values, weighed by how well their keys fit a query.

use super::super::Family::Network;
use super::super::Row;
use super::library;

pub(super) const ROWS: &[Row] = &[
    library(
        [
            "attention",
            "q, k, v, mask?",
            "`softmax(q @ k.T/sqrt(D) + mask) @ v` of queries `[T, D]`, keys `[U, D]` and values `[U, E]`, or of `[B, T, D]` \
             and `[B, H, T, D]` with batches and heads in front; mask `[T, U]` is 0 where a key counts, `-inf` where it does not",
            "attention(a, a, a)",
        ],
        Network,
        "fn attention(q: [T, D], k: [U, D], v: [U, E]) { softmax(q @ k.T/sqrt(D), axis = -1) @ v }
        fn attention(q: [T, D], k: [U, D], v: [U, E], mask: [T, U]) { softmax(q @ k.T/sqrt(D) + mask, axis = -1) @ v }
        fn attention(q: [B, T, D], k: [B, U, D], v: [B, U, E]) { softmax(q @ k.T/sqrt(D), axis = -1) @ v }
        fn attention(q: [B, T, D], k: [B, U, D], v: [B, U, E], mask: [T, U]) {
            softmax(q @ k.T/sqrt(D) + mask, axis = -1) @ v
        }
        fn attention(q: [B, H, T, D], k: [B, H, U, D], v: [B, H, U, E]) { softmax(q @ k.T/sqrt(D), axis = -1) @ v }
        fn attention(q: [B, H, T, D], k: [B, H, U, D], v: [B, H, U, E], mask: [T, U]) {
            softmax(q @ k.T/sqrt(D) + mask, axis = -1) @ v
        }",
    ),
    library(
        [
            "multi_head_attention",
            "q, k, v, heads, mask?",
            "`attention` of `heads` parts of the last axis of q `[B, T, D]`, k `[B, U, D]` and v `[B, U, E]`, side by side: \
             `[B, T, E]`",
            "multi_head_attention(signal, signal, signal, 1)",
        ],
        Network,
        "fn multi_head_attention(q: [B, T, D], k: [B, U, D], v: [B, U, E], heads = 1) {
            multi_head_attention(q, k, v, heads, zeros([T, U]))
        }
        fn multi_head_attention(q: [B, T, D], k: [B, U, D], v: [B, U, E], heads = 1, mask: [T, U]) {
            let a = permute(reshape(q, [B, T, heads, D/heads]), (0, 2, 1, 3));
            let b = permute(reshape(k, [B, U, heads, D/heads]), (0, 2, 1, 3));
            let c = permute(reshape(v, [B, U, heads, E/heads]), (0, 2, 1, 3));
            reshape(permute(attention(a, b, c, mask), (0, 2, 1, 3)), [B, T, E])
        }",
    ),
    library(
        [
            "causal_mask",
            "n",
            "the mask of `attention` that lets each place see itself and those before: `[n, n]`",
            "causal_mask(N)",
        ],
        Network,
        "fn causal_mask(n = 1) {
            let y[i in 0..n, j in 0..n] = if j <= i { 0 } else { -inf };
            y
        }",
    ),
];
