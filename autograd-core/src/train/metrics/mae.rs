//! The mean absolute error.

use super::{errors, mean};
use crate::float::Float;

/// The mean absolute error, in the unit of what is predicted.
///
/// # Panics
/// If there are not as many of each.
#[must_use]
#[track_caller]
pub fn mae<'a, T: Float>(predicted: impl IntoIterator<Item = &'a T>, observed: impl IntoIterator<Item = &'a T>) -> f64 {
    mean(errors(predicted, observed).into_iter().map(f64::abs))
}
