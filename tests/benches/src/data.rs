//! Numbers to compute with: the same on every machine, and in `peers.py`.
//!
//! Number `i` of stream `s` is a hash of `(s, i)` (`SplitMix64`), so `NumPy` makes a whole array of them at once.

use autograd_core::float::Float;
use ndarray::{Array1, Array2};

/// Number `index` of a stream, evenly from 0 to 1.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "53 bits are kept, which a double has")]
fn unit(stream: u64, index: u64) -> f64 {
    let mut z = (stream << 40).wrapping_add(index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// `[n]`: numbers from 0 to 1.
#[must_use]
pub fn units(stream: u64, n: usize) -> Array1<f64> {
    (0..n as u64).map(|index| unit(stream, index)).collect()
}

/// `[n]`: numbers of mean 0 and variance `scale²`, evenly from an interval.
#[must_use]
pub fn centred<T: Float>(stream: u64, n: usize, scale: f64) -> Array1<T> {
    let half_width = scale * 3_f64.sqrt();
    units(stream, n).map(|u| T::from_f64((2.0 * u - 1.0) * half_width))
}

/// `[rows, columns]`: like [`centred`].
///
/// # Panics
/// If there is not enough memory.
#[must_use]
pub fn matrix<T: Float>(stream: u64, rows: usize, columns: usize, scale: f64) -> Array2<T> {
    centred(stream, rows * columns, scale).into_shape_with_order((rows, columns)).expect("as many numbers as places")
}

/// As `f64`, to compare with.
pub fn doubles<'a, T: Float>(values: impl IntoIterator<Item = &'a T>) -> Vec<f64> {
    values.into_iter().map(|value| value.to_f64()).collect()
}
