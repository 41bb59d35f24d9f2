//! The root of the mean squared error.

use super::{errors, mean};
use crate::float::Float;

/// The root of the mean squared error, in the unit of what is predicted.
///
/// ```
/// use autograd_core::train::metrics::rmse;
/// assert_eq!(rmse(&[1.0, 2.0], &[4.0, 6.0]), 12.5_f64.sqrt());
/// ```
///
/// # Panics
/// If there are not as many of each.
#[must_use]
#[track_caller]
pub fn rmse<'a, T: Float>(
    predicted: impl IntoIterator<Item = &'a T>,
    observed: impl IntoIterator<Item = &'a T>,
) -> f64 {
    mean(errors(predicted, observed).into_iter().map(|error| error * error)).sqrt()
}
