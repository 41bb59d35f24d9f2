//! Sufficient statistics at run time: how far a loss that is computed from them may be off, and a count of those that
//! were too far.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::float::Float;

/// The unit roundoff of `f64`.
const ROUNDOFF: f64 = f64::EPSILON / 2.0;

/// A bound of the rounding error of a loss from statistics, in units of the sum of the magnitudes of its products.
///
/// `summed` has how many products each statistic sums, `kept` how many elements it has. See `bind_statistics` of any
/// model for the analysis.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "a bound need not be exact")]
pub fn rounding(summed: &[usize], kept: &[usize], terms: usize) -> f64 {
    let longest = summed.iter().copied().max().unwrap_or(1) as f64;
    let largest = kept.iter().copied().max().unwrap_or(1) as f64;
    ROUNDOFF * (8.0 * longest.sqrt() + largest + terms as f64 + 64.0)
}

/// The bound for a loss whose data jump, where they may do so elsewhere in `f32` than in `f64`, in which they are computed:
/// there is none for `f32`.
#[must_use]
pub fn unless_single<T: Float>(rounding: f64) -> f64 {
    if T::EPSILON.to_f64() > f64::EPSILON { f64::INFINITY } else { rounding }
}

/// Whether a loss that is computed in `f64` from terms of a magnitude is close enough.
#[must_use]
pub fn is_close<T: Float>(loss: f64, magnitude: f64, rounding: f64) -> bool {
    let tolerance = T::EPSILON.to_f64().max(f64::EPSILON.sqrt());
    loss.is_finite() && magnitude.is_finite() && rounding * magnitude <= tolerance * loss.abs()
}

/// Whether a gradient is close enough, of which terms that may cancel are `lost` times as large.
#[must_use]
pub fn is_kept(lost: f64, rounding: f64) -> bool {
    lost.is_finite() && rounding * lost <= LOST
}

/// The part of a gradient that may be lost: 2⁻²⁰.
const LOST: f64 = 1.0 / 1_048_576.0;

/// A value that is made when it is first needed.
#[derive(Clone, Debug)]
pub struct OnDemand<V>(Option<Box<V>>);

impl<V> OnDemand<V> {
    /// The value, made if there is none.
    pub fn get_or_make(&mut self, make: impl FnOnce() -> V) -> &mut V {
        self.0.get_or_insert_with(|| Box::new(make()))
    }

    /// The value, if it has been made.
    #[must_use]
    pub fn get(&self) -> Option<&V> {
        self.0.as_deref()
    }
}

impl<V> Default for OnDemand<V> {
    fn default() -> Self {
        Self(None)
    }
}

/// Counts calls, from any thread.
#[derive(Debug, Default)]
pub struct Counter(AtomicUsize);

impl Counter {
    /// One more.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How many there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Clone for Counter {
    fn clone(&self) -> Self {
        Self(AtomicUsize::new(self.count()))
    }
}

#[cfg(test)]
mod tests {
    use super::{is_close, is_kept, rounding, unless_single};

    #[test]
    fn the_bound_grows_like_the_root() {
        let (few, many) = (rounding(&[10], &[1], 6), rounding(&[1, 10_000_000], &[1], 6));
        assert!(few < 1.2e-14 && (2e-12..4e-12).contains(&many), "{few} {many}");
    }

    #[test]
    fn data_that_jump_are_not_close_in_single_precision() {
        assert!(is_close::<f64>(1.0, 1.0, unless_single::<f64>(1e-14)));
        assert!(!is_close::<f32>(1.0, 1.0, unless_single::<f32>(1e-14)));
        assert!(!is_close::<f32>(0.0, 0.0, unless_single::<f32>(1e-14)));
    }

    #[test]
    fn gradients_that_cancel_are_lost() {
        assert!(is_kept(0.0, 1e-14) && is_kept(1e7, 1e-14) && !is_kept(1e9, 1e-14));
        assert!(!is_kept(f64::NAN, 1e-14) && !is_kept(f64::INFINITY, 1e-14));
    }

    #[test]
    fn terms_that_cancel_are_not_close() {
        assert!(is_close::<f64>(1.0, 1e5, 1e-14) && !is_close::<f64>(1.0, 1e7, 1e-14));
        assert!(is_close::<f32>(1.0, 1e6, 1e-13) && !is_close::<f32>(1.0, 1e7, 1e-13));
        assert!(is_close::<f64>(0.0, 0.0, 1e-14) && !is_close::<f64>(0.0, 1.0, 1e-14));
        assert!(!is_close::<f64>(f64::NAN, 1.0, 1e-14) && !is_close::<f64>(f64::INFINITY, f64::INFINITY, 1e-14));
    }
}
