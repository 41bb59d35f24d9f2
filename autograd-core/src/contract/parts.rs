//! Parallel products: large ones are cut on several threads, into blocks of rows, or of whole matrices of a batch.
//!
//! No element of the result knows of the others: however it is cut, the bits are the same. So there are no more parts
//! than threads, each part copying the right operand to panels of its own.

use super::{Checked, Contraction, Panels, Product};
use crate::float::Float;
use crate::parallel::{self, join};
use crate::simd::Level;

/// Parts begin at a multiple of so many rows: the height of a tile, or about that.
const ROWS: usize = 8;
/// The least rows of a part: with fewer, the copies of the right operand take too much of its time.
const LEAST_ROWS: usize = 32;

/// How many parts a product is cut into.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn number<T: Float>(shape: &Contraction) -> usize {
    let Contraction { batch, rows, columns, depth } = *shape;
    let work = shared_product::<T>([batch, rows, columns, depth], 1);
    if work == 0 { 1 } else { (work / parallel::PART).min(cuts(batch, rows)).min(parallel::threads()) }
}

/// How much work there is in so many products of these extents, if several threads may share it: none otherwise.
#[cfg_attr(not(debug_assertions), inline(always))]
#[must_use]
pub fn shared_product<T: Float>([batch, rows, columns, depth]: [usize; 4], products: usize) -> usize {
    let work = parallel::work::<T>(&[&[batch, rows, columns, depth]]);
    if work >= 2 * parallel::PART && cuts(batch, rows) > 1 { work.saturating_mul(products) } else { 0 }
}

/// Into how many parts a product can be cut.
#[cfg_attr(not(debug_assertions), inline(always))]
fn cuts(batch: usize, rows: usize) -> usize {
    if batch > 1 { batch } else { rows / LEAST_ROWS }
}

/// Runs a product, one part for each of the panels.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn run<T: Float>(level: Level, product: &Product<T>, out: &mut [T], panels: &mut [Panels<T>]) {
    if let [panels] = panels {
        T::contract_part(level, Checked { product, out, panels });
    } else {
        halve(level, product, out, panels);
    }
}

/// Runs the halves of a product side by side.
fn halve<T: Float>(level: Level, product: &Product<T>, out: &mut [T], panels: &mut [Panels<T>]) {
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
    join(|| run(level, &first, out, panels), || run(level, &second, other, others));
}

impl<T: Float> Product<'_, T> {
    /// Some of the matrices of the batch.
    fn matrices(&self, from: usize, to: usize) -> Self {
        let mut part = *self;
        part.left.offset += steps(from, self.left.batch);
        part.right.offset += steps(from, self.right.batch);
        part.shape.batch = to - from;
        part
    }

    /// Some of the rows.
    fn rows(&self, from: usize, to: usize) -> Self {
        let mut part = *self;
        part.left.offset += steps(from, self.left.row);
        part.shape.rows = to - from;
        part
    }
}

/// Within the data, where places fit in an `isize`.
fn steps(count: usize, stride: isize) -> isize {
    isize::try_from(count).expect("an extent within the data") * stride
}
