//! Mini-batches: which rows of a data set come next.

use rand::Rng;

use crate::data::shuffle;
use crate::init::below;

/// Batches of row numbers of a data set, in random order and without end.
///
/// Without replacement (`new`) every row comes once before any comes again; the last batch of such an epoch is smaller
/// if the size does not divide the rows. With replacement every row is as likely as any other every time. The order
/// follows from the generator alone, so a seeded one gives the same batches again.
///
/// ```
/// use autograd_core::Batches;
/// use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};
/// let mut batches = Batches::new(10, 4, Xoshiro256PlusPlus::seed_from_u64(1));
/// let sizes = [0; 4].map(|_| batches.next_batch().len());
/// assert_eq!(sizes, [4, 4, 2, 4]);
/// ```
#[derive(Clone, Debug)]
pub struct Batches<R> {
    rng: R,
    size: usize,
    draw: Draw,
    /// The rows in the order of this epoch, or, with replacement, the last batch.
    rows: Vec<usize>,
    /// Where the next batch starts.
    next: usize,
}

#[derive(Clone, Copy, Debug)]
enum Draw {
    /// Every row once an epoch.
    Permuted,
    /// Any of so many rows.
    Replaced(usize),
}

impl<R: Rng> Batches<R> {
    /// Batches of `size` of `rows` rows, each row once an epoch.
    ///
    /// # Panics
    /// If `size` is 0.
    #[must_use]
    pub fn new(rows: usize, size: usize, rng: R) -> Self {
        assert!(size > 0, "a batch has at least one row");
        let rows: Vec<usize> = (0..rows).collect();
        Self { rng, size, draw: Draw::Permuted, next: rows.len(), rows }
    }

    /// Batches of `size` of `rows` rows, each drawn from all.
    ///
    /// # Panics
    /// If `size` or `rows` is 0.
    #[must_use]
    pub fn with_replacement(rows: usize, size: usize, rng: R) -> Self {
        assert!(size > 0, "a batch has at least one row");
        assert!(rows > 0, "there is nothing to draw from");
        Self { rng, size, draw: Draw::Replaced(rows), next: 0, rows: vec![0; size] }
    }

    /// The rows of the next batch; none only if the data set has none. Allocates nothing.
    pub fn next_batch(&mut self) -> &[usize] {
        if let Draw::Replaced(rows) = self.draw {
            for row in &mut self.rows {
                *row = below(rows, &mut self.rng);
            }
            return &self.rows;
        }
        if self.next == self.rows.len() {
            self.shuffle();
            self.next = 0;
        }
        let start = self.next;
        self.next = self.rows.len().min(start.saturating_add(self.size));
        &self.rows[start..self.next]
    }

    /// Whether the next batch is the first of an epoch: all rows have come equally often.
    #[must_use]
    pub fn is_epoch_start(&self) -> bool {
        matches!(self.draw, Draw::Permuted) && self.next == self.rows.len()
    }

    /// Fisher and Yates's shuffle.
    fn shuffle(&mut self) {
        shuffle(&mut self.rows, &mut self.rng);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::stream;

    #[test]
    fn an_epoch_holds_every_row_once() {
        let mut batches = Batches::new(103, 10, stream(1, "rows"));
        let mut orders = Vec::new();
        for _ in 0..3 {
            assert!(batches.is_epoch_start());
            let mut rows: Vec<usize> = (0..11).flat_map(|_| batches.next_batch().to_vec()).collect();
            orders.push(rows.clone());
            rows.sort_unstable();
            assert_eq!(rows, (0..103).collect::<Vec<_>>());
        }
        assert!(orders[0] != orders[1] && orders[1] != orders[2]);
    }

    #[test]
    fn replacement_draws_evenly() {
        let mut batches = Batches::with_replacement(5, 100, stream(1, "rows"));
        let mut counts = [0_u32; 5];
        for _ in 0..100 {
            batches.next_batch().iter().for_each(|&row| counts[row] += 1);
        }
        // 2000 ± 5 * sqrt(10000 * 0.2 * 0.8)
        assert!(counts.iter().all(|count| count.abs_diff(2000) < 200), "{counts:?}");
    }

    #[test]
    fn no_rows_are_no_batches() {
        let mut batches = Batches::new(0, 4, stream(1, "rows"));
        assert!(batches.next_batch().is_empty() && batches.next_batch().is_empty());
    }
}
