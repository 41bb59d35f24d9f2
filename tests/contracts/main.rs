//! What the emitted code promises beside the right numbers: which arrays it takes, what it refuses and in what words,
//! how models start, what a step changes, and what sessions and buffers do.

#![allow(clippy::float_cmp, reason = "the numbers are exact")]

mod arrays;
mod bound;
mod buffers;
mod integers;
mod large;
mod mismatches;
mod sessions;
mod special_values;
mod start;
mod statistics;
mod steps;

pub(crate) use autograd_core::model;
use ndarray::Array1;

model! {
    /// A line through weighted columns.
    pub(crate) Linear<N, D> {
        param w: [D], b;
        input x: [N, D], y: [N];
        prediction = x @ w + b;
        loss = mean((prediction - y)^2);
    }
}

/// Some numbers between -1 and 1.
pub(crate) fn numbers(count: u32) -> Array1<f64> {
    (0..count).map(|i| (f64::from(i) * 0.7 + 0.1).sin()).collect()
}

/// That two numbers agree but for rounding.
#[track_caller]
pub(crate) fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-14 * expected.abs().max(1.0), "{found} is not {expected}");
}
