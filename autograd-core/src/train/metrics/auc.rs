//! The area under the receiver operating characteristic.

use super::pairs;
use crate::float::Float;

/// The area under the ROC curve: how likely it is that one with class 1 has a higher score than one with class 0, where
/// equal scores count a half (Hanley and `McNeil` 1982). Counted exactly, rounded once.
///
/// Every class but 0 counts as 1. NaN where there is only one class, or a score is NaN.
///
/// ```
/// use autograd_core::train::metrics::auc;
/// // Pairs of a 1 and a 0: 0.8 > 0.4, 0.8 > 0.1, 0.4 = 0.4, 0.4 > 0.1
/// assert_eq!(auc(&[0.8, 0.4, 0.4, 0.1], &[1, 1, 0, 0]), 3.5 / 4.0);
/// ```
///
/// # Panics
/// If there are not as many of each.
#[must_use]
#[track_caller]
pub fn auc<'a, T: Float>(score: impl IntoIterator<Item = &'a T>, label: impl IntoIterator<Item = &'a usize>) -> f64 {
    let mut sorted: Vec<(f64, bool)> =
        pairs(score, label).into_iter().map(|(score, &label)| (score.to_f64(), label != 0)).collect();
    if sorted.iter().any(|(score, _)| score.is_nan()) {
        return f64::NAN;
    }
    sorted.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
    // Twice the number of pairs in the right order.
    let (mut below, mut positive, mut twice) = (0_u128, 0_u128, 0_u128);
    // By value, as -0 equals 0; none is NaN.
    for tied in sorted.chunk_by(|(a, _), (b, _)| a >= b) {
        let ones = tied.iter().filter(|(_, is_one)| *is_one).count() as u128;
        let zeros = tied.len() as u128 - ones;
        twice += ones * (2 * below + zeros);
        (below, positive) = (below + zeros, positive + ones);
    }
    #[expect(clippy::cast_precision_loss, reason = "this is the one rounding")]
    let area = twice as f64 / (2 * below * positive) as f64;
    area
}
