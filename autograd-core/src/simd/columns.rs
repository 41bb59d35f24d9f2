//! Sums along an outer axis: the loop over the kept axis is the inner one, and every row is added to what is there.

use super::{Block, Lanes};
use crate::float::Float;

/// How many rows are added one after the other before their sum moves up.
const RUN: usize = 16;

/// `to[base + at.start ..] += value`
#[inline(always)]
pub fn accumulate<T: Float, V: Lanes<T>>(to: &mut [T], base: usize, at: Block, value: V) {
    (V::load(to, base, at) + value).store(to, base, at);
}

/// The sums of the columns of a matrix that comes row by row, with rounding errors that grow with the logarithm of
/// the number of rows.
///
/// It works on a buffer of levels, one row each: level 0 takes in 16 rows, then moves up, and the levels above are
/// the digits of a binary counter, like the sums of a [`sweep`](super::sweep).
///
/// ```
/// use autograd_core::simd::{Block, ColumnSums};
///
/// let rows = [[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]];
/// let mut levels = [0.0; 2 * ColumnSums::levels(3)];
/// let mut sums = ColumnSums::new(&mut levels, 2);
/// for row in rows {
///     for (column, value) in row.into_iter().enumerate() {
///         sums.add::<f64>(0, Block { start: column, live: 1 }, value); // a sweep, in vector code
///     }
///     sums.end_row::<f64>();
/// }
/// let mut out = [0.0; 2];
/// sums.finish::<f64>(&mut out);
/// assert_eq!(out, [6.0, 60.0]);
/// ```
#[derive(Debug)]
pub struct ColumnSums<'a, T> {
    levels: &'a mut [T],
    columns: usize,
    rows: usize,
}

impl ColumnSums<'_, ()> {
    /// How many levels a matrix of so many rows needs: the buffer holds `columns` times as many numbers.
    #[must_use]
    pub const fn levels(rows: usize) -> usize {
        let runs = rows / RUN;
        1 + (usize::BITS - runs.leading_zeros()) as usize
    }
}

impl<'a, T: Float> ColumnSums<'a, T> {
    /// Starts with sums of 0 in a buffer of `levels(rows) * columns` numbers, whatever they are.
    ///
    /// # Panics
    /// If the buffer is shorter than one level.
    #[inline(always)]
    pub fn new(levels: &'a mut [T], columns: usize) -> Self {
        levels[..columns].fill(T::ZERO);
        Self { levels, columns, rows: 0 }
    }

    /// Adds to columns `base + at.start ..` of the current row.
    #[inline(always)]
    pub fn add<V: Lanes<T>>(&mut self, base: usize, at: Block, value: V) {
        accumulate(&mut self.levels[..self.columns], base, at, value);
    }

    /// Ends a row: from time to time, moves sums up.
    #[inline(always)]
    pub fn end_row<V: Lanes<T>>(&mut self) {
        self.rows += 1;
        if self.rows.is_multiple_of(RUN) {
            self.carry::<V>();
        }
    }

    /// Level 0 goes to the first free level, and those on the way with it.
    #[inline(always)]
    fn carry<V: Lanes<T>>(&mut self) {
        let (run, levels) = self.levels.split_at_mut(self.columns);
        let taken = (self.rows / RUN).trailing_zeros() as usize;
        for level in 0..taken {
            let from = &levels[level * self.columns..][..self.columns];
            each_block::<T, V>(
                self.columns,
                #[inline(always)]
                |at| accumulate(run, 0, at, V::load(from, 0, at)),
            );
        }
        levels[taken * self.columns..][..self.columns].copy_from_slice(run);
        run.fill(T::ZERO);
    }

    /// Writes the sums to `out`, of `columns` numbers.
    ///
    /// # Panics
    /// If `out` is shorter.
    #[inline(always)]
    pub fn finish<V: Lanes<T>>(self, out: &mut [T]) {
        let (run, levels) = self.levels.split_at(self.columns);
        let runs = self.rows / RUN;
        out[..self.columns].copy_from_slice(run);
        for level in (0..usize::BITS as usize).filter(|level| runs >> level & 1 != 0) {
            let from = &levels[level * self.columns..][..self.columns];
            each_block::<T, V>(
                self.columns,
                #[inline(always)]
                |at| accumulate(out, 0, at, V::load(from, 0, at)),
            );
        }
    }
}

/// Full blocks, then the rest.
#[inline(always)]
fn each_block<T: Float, V: Lanes<T>>(extent: usize, mut body: impl FnMut(Block)) {
    super::sweep::<T, V, 0>(
        extent,
        #[inline(always)]
        |at| {
            body(at);
            []
        },
    );
}

#[cfg(test)]
#[allow(clippy::cast_precision_loss, clippy::float_cmp, reason = "small numbers are cast, exact ones compared")]
mod tests {
    use super::*;
    use crate::simd::{Kernel, Level, dispatch_at, tests::random};

    struct Columns<'a>(&'a [f32], usize);

    impl Kernel<f32> for Columns<'_> {
        type Output = Vec<f32>;
        #[inline(always)]
        fn run<V: Lanes<f32>>(self) -> Vec<f32> {
            let Self(data, columns) = self;
            let rows = data.len() / columns;
            let mut levels = vec![f32::NAN; columns * ColumnSums::levels(rows)];
            let mut sums = ColumnSums::new(&mut levels, columns);
            for row in 0..rows {
                each_block::<f32, V>(columns, |at| sums.add(0, at, V::load(data, row * columns, at)));
                sums.end_row::<V>();
            }
            let mut out = vec![f32::NAN; columns];
            sums.finish::<V>(&mut out);
            out
        }
    }

    #[test]
    fn columns_are_summed_pairwise() {
        for (rows, columns) in [(1, 1), (3, 7), (15, 16), (16, 17), (17, 33), (32, 5), (47, 3), (1000, 9), (70_001, 2)]
        {
            let data: Vec<f32> = random::<f32>(rows * columns, 9).iter().map(|x| x + 0.9).collect();
            for level in Level::available() {
                let sums = dispatch_at(level, Columns(&data, columns));
                for (column, sum) in sums.into_iter().enumerate() {
                    let of = || data[column..].iter().step_by(columns).map(|&x| f64::from(x));
                    let (exact, size): (f64, f64) = (of().sum(), of().map(f64::abs).sum());
                    let additions = 16.0 + (rows as f64).log2() * 2.0;
                    let error = (f64::from(sum) - exact).abs();
                    assert!(error <= 0.5 * f64::from(f32::EPSILON) * additions * size, "{level:?} {rows}: {error}");
                }
            }
        }
    }
}
