//! Accuracy: the share of class indices that are right.

use ndarray::{Array1, ArrayBase, Data, Ix2};

use super::{mean, pairs};
use crate::float::Float;

/// The share of class indices that are right.
///
/// ```
/// use autograd_core::train::metrics::accuracy;
/// assert_eq!(accuracy(&[0, 2, 1, 1], &[0, 2, 2, 1]), 0.75);
/// ```
///
/// # Panics
/// If there are not as many of each.
#[must_use]
#[track_caller]
pub fn accuracy<'a>(predicted: impl IntoIterator<Item = &'a usize>, label: impl IntoIterator<Item = &'a usize>) -> f64 {
    mean(pairs(predicted, label).into_iter().map(|(predicted, label)| f64::from(u8::from(predicted == label))))
}

/// The class with the largest score of each row of `[N, K]`; the first of several. NaN is never the largest.
#[must_use]
pub fn argmax<T: Float>(scores: &ArrayBase<impl Data<Elem = T>, Ix2>) -> Array1<usize> {
    let largest = |row: ndarray::ArrayView1<'_, T>| {
        let better = |best: Option<(usize, T)>, (class, &score): (usize, &T)| match best {
            Some((_, most)) if score <= most => best,
            _ => {
                if score.to_f64().is_nan() {
                    best
                } else {
                    Some((class, score))
                }
            }
        };
        row.iter().enumerate().fold(None, better).map_or(0, |(class, _)| class)
    };
    scores.rows().into_iter().map(largest).collect()
}
