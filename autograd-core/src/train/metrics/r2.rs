//! The coefficient of determination.

use super::{mean, pairs};
use crate::float::Float;

/// The coefficient of determination, R²: 1 less the squared errors over the squared deviations of what was observed from
/// its mean. 1 is perfect, 0 is as good as the mean, and it may be negative.
///
/// Where all observations are equal it is 1 if all predictions are right, else -∞ (scikit-learn says 0).
///
/// # Panics
/// If there are not as many of each.
#[must_use]
#[track_caller]
pub fn r2<'a, T: Float>(predicted: impl IntoIterator<Item = &'a T>, observed: impl IntoIterator<Item = &'a T>) -> f64 {
    let pairs: Vec<(f64, f64)> = pairs(predicted, observed)
        .into_iter()
        .map(|(&predicted, &observed)| (predicted.to_f64(), observed.to_f64()))
        .collect();
    if pairs.is_empty() {
        return f64::NAN;
    }
    let centre = mean(pairs.iter().map(|(_, observed)| *observed));
    let square = |x: f64| x * x;
    let residual: f64 = pairs.iter().map(|(predicted, observed)| square(observed - predicted)).sum();
    let total: f64 = pairs.iter().map(|(_, observed)| square(observed - centre)).sum();
    if residual == 0.0 { 1.0 } else { 1.0 - residual / total }
}
