//! Metrics: how well predictions fit, as functions of arrays.
//!
//! They take arrays, views, slices and vectors by reference, of numbers in `f32` or `f64` or of class indices, and compute
//! in `f64`. All are NaN where there is nothing to measure, and panic where the two have different lengths.

mod accuracy;
mod auc;
mod confusion;
mod mae;
mod r2;
mod rmse;

pub use accuracy::{accuracy, argmax};
pub use auc::auc;
pub use confusion::Confusion;
pub use mae::mae;
pub use r2::r2;
pub use rmse::rmse;

use crate::float::Float;

/// Pairs of numbers.
///
/// # Panics
/// If one has more than the other.
#[track_caller]
fn pairs<A, B>(a: impl IntoIterator<Item = A>, b: impl IntoIterator<Item = B>) -> Vec<(A, B)> {
    let (mut a, mut b) = (a.into_iter(), b.into_iter());
    let mut pairs = Vec::new();
    loop {
        match (a.next(), b.next()) {
            (Some(a), Some(b)) => pairs.push((a, b)),
            (None, None) => return pairs,
            (Some(_), None) | (None, Some(_)) => panic!("there are not as many predictions as observations"),
        }
    }
}

/// The errors of predictions.
#[track_caller]
fn errors<'a, T: Float>(
    predicted: impl IntoIterator<Item = &'a T>,
    observed: impl IntoIterator<Item = &'a T>,
) -> Vec<f64> {
    pairs(predicted, observed)
        .into_iter()
        .map(|(&predicted, &observed)| predicted.to_f64() - observed.to_f64())
        .collect()
}

/// The mean; NaN of nothing.
#[expect(clippy::cast_precision_loss, reason = "no one has 2^53 observations")]
fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}
