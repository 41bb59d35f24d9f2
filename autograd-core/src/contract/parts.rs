//! Large products on several threads: cut into blocks of rows, or of whole matrices of a batch.
//!
//! No element of the result knows of the others: however it is cut, the bits are the same. So there are no more parts
//! than threads, each part copying the right operand to panels of its own.

use super::{Checked, Contraction, Panels, Product};
use crate::float::Float;
use crate::parallel::{self, join};
use crate::simd::Level;

/// How many bytes of products of two numbers are summed in a nanosecond, or more.
const BYTES: usize = 128;
/// Parts begin at a multiple of so many rows: the heights of all tiles divide it.
const ROWS: usize = 24;

/// How many parts a product is cut into.
pub(super) fn number<T: Float>(shape: &Contraction) -> usize {
    let Contraction { batch, rows, columns, depth } = *shape;
    let products = batch.saturating_mul(rows).saturating_mul(columns).saturating_mul(depth);
    let nanoseconds = products / (BYTES / size_of::<T>());
    if !parallel::is_worth(nanoseconds) {
        return 1;
    }
    let cuts = if batch > 1 { batch } else { rows.div_ceil(ROWS) };
    (nanoseconds / parallel::PART).min(cuts).min(parallel::threads())
}

/// Runs a product, one part for each of the panels.
pub(super) fn run<T: Float>(level: Level, product: Product<T>, out: &mut [T], panels: &mut [Panels<T>]) {
    if let [panels] = panels {
        T::contract(level, Checked { product, out, panels });
        return;
    }
    let Contraction { batch, rows, columns, .. } = product.shape;
    if out.is_empty() {
        return;
    }
    let middle = panels.len() / 2;
    let (first, second, cut) = if batch > 1 {
        let cut = batch * middle / panels.len();
        (product.matrices(0, cut), product.matrices(cut, batch), cut * rows * columns)
    } else {
        let cut = (rows * middle / panels.len()).next_multiple_of(ROWS).min(rows);
        (product.rows(0, cut), product.rows(cut, rows), cut * columns)
    };
    let ((out, other), (panels, others)) = (out.split_at_mut(cut), panels.split_at_mut(middle));
    join(|| run(level, first, out, panels), || run(level, second, other, others));
}

impl<T> Product<'_, T> {
    /// Some of the matrices of the batch.
    fn matrices(mut self, from: usize, to: usize) -> Self {
        self.left.offset += steps(from, self.left.batch);
        self.right.offset += steps(from, self.right.batch);
        self.shape.batch = to - from;
        self
    }

    /// Some of the rows.
    fn rows(mut self, from: usize, to: usize) -> Self {
        self.left.offset += steps(from, self.left.row);
        self.shape.rows = to - from;
        self
    }
}

/// Within the data, where places fit in an `isize`.
fn steps(count: usize, stride: isize) -> isize {
    isize::try_from(count).expect("an extent within the data") * stride
}
