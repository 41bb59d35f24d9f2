//! Cascade summation in memory: sums along an outer axis, or lane by lane. Every turn of a loop adds to what is in
//! memory.

use super::{Block, Kernel, Lanes};
use crate::float::Float;

/// How many turns are added one after the other before their sum moves up.
const RUN: usize = 32;

/// Turns that add to one place one after the other anyway: two runs.
const FEW: usize = 2 * RUN;

/// How many rows of sums there are: the lowest takes in the turns, the last one all that comes after 2⁴ runs. A loop of
/// more turns is run in [parts](super::Parts).
pub const LEVELS: usize = 6;

/// The sums of the columns of a matrix that comes row by row, with rounding errors that grow with the logarithm of
/// the number of rows.
///
/// It works on a buffer of [`LEVELS`] rows: the lowest level takes in 32 rows, then moves up, and the levels above are
/// the digits of a binary counter, like the sums of a [`sweep`](super::sweep).
///
/// ```
/// use autograd_core::simd::{ColumnSums, LEVELS};
///
/// let (mut levels, mut out) = ([0.0; 2 * LEVELS], [0.0, 100.0]);
/// let mut sums = ColumnSums::new(&mut levels, &mut out, 2, 3);
/// for row in [[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]] {
///     for (sum, value) in sums.row().iter_mut().zip(row) {
///         *sum += value; // packs at a time, in vector code
///     }
///     sums.end_turn();
/// }
/// sums.finish();
/// assert_eq!(out, [6.0, 160.0]);
/// ```
#[derive(Debug)]
pub struct ColumnSums<'a, T> {
    levels: &'a mut [T],
    columns: usize,
    turns: usize,
    /// What the levels are added to in the end; `None` if the turns add to it themselves.
    to: Option<&'a mut [T]>,
}

impl<'a, T: Float> ColumnSums<'a, T> {
    /// Adds to the first `columns` numbers of `to`, in so many turns. Of a few turns each adds there itself; otherwise they
    /// add to a buffer of `LEVELS * columns` numbers, whatever these are.
    ///
    /// # Panics
    /// If either is shorter.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn new(levels: &'a mut [T], to: &'a mut [T], columns: usize, turns: usize) -> Self {
        if turns <= FEW {
            return Self { levels: &mut to[..columns], columns, turns: 0, to: None };
        }
        let levels = &mut levels[..LEVELS * columns];
        levels[..columns].fill(T::ZERO);
        Self { levels, columns, turns: 0, to: Some(to) }
    }

    /// Makes room for so many sums of packs, each in as many columns as a register has lanes, which are added to the first of
    /// `to`.
    ///
    /// # Panics
    /// If either is shorter.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn of_packs<V: Lanes<T>>(levels: &'a mut [T], to: &'a mut [T], sums: usize) -> Self {
        let columns = V::Folded::COUNT * sums;
        let levels = &mut levels[..LEVELS * columns];
        levels[..columns].fill(T::ZERO);
        Self { levels, columns, turns: 0, to: Some(to) }
    }

    /// What this turn adds to.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn row(&mut self) -> &mut [T] {
        &mut self.levels[..self.columns]
    }

    /// Ends a turn: from time to time, moves sums up.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn end_turn(&mut self) {
        if let Some(carry) = self.next() {
            T::carry(carry);
        }
    }

    /// [`end_turn`](Self::end_turn) in a loop over packs, where a call would cost: all that the loop has in registers would leave them.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn end_turn_of_packs<V: Lanes<T>>(&mut self) {
        if let Some(carry) = self.next() {
            carry.run::<V>();
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn next(&mut self) -> Option<Carry<'_, T>> {
        self.turns += 1;
        let (columns, runs) = (self.columns, self.turns / RUN);
        (self.to.is_some() && self.turns.is_multiple_of(RUN)).then_some(Carry {
            levels: &mut *self.levels,
            columns,
            runs,
        })
    }

    /// All levels in the lowest one.
    #[inline(never)]
    fn total(&mut self) -> &[T] {
        let runs = self.turns / RUN;
        let (run, levels) = self.levels.split_at_mut(self.columns);
        for level in 0..=LAST {
            let in_use = if level < LAST { runs >> level & 1 != 0 } else { runs >> LAST != 0 };
            if in_use {
                add(run, &levels[level * self.columns..][..self.columns]);
            }
        }
        run
    }

    /// Adds the sums to what they are of.
    ///
    /// # Panics
    /// If there are fewer numbers than columns.
    #[inline(never)]
    pub fn finish(mut self) {
        if let Some(to) = self.to.take() {
            add(&mut to[..self.columns], self.total());
        }
    }

    /// Adds each of the sums [of packs](Self::of_packs) to a number.
    ///
    /// # Panics
    /// If there are fewer numbers than sums.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn finish_lanes<V: Lanes<T>>(mut self) {
        let Some(to) = self.to.take() else { return };
        let total = self.total();
        let (lanes, pack) = (V::Folded::COUNT, Block::pack::<T, V::Folded>());
        for (place, to) in to[..total.len() / lanes].iter_mut().enumerate() {
            *to = *to + V::Folded::load(total, lanes * place, pack).sum();
        }
    }
}

/// Moves sums up: the lowest level goes to the first free one, and those on the way with it. It is rare, so loops call
/// what is compiled once.
#[doc(hidden)]
#[derive(Debug)]
pub struct Carry<'a, T> {
    levels: &'a mut [T],
    columns: usize,
    runs: usize,
}

/// A scalar type whose sums are moved up by what is compiled once, in this crate.
#[doc(hidden)]
pub trait Carries: Sized {
    /// Moves sums of columns up.
    fn carry(carry: Carry<Self>);
}

macro_rules! carries {
    ($($scalar:ident)*) => {$(
        impl Carries for $scalar {
            #[cold]
            fn carry(carry: Carry<Self>) {
                Self::dispatch(carry);
            }
        }
    )*};
}

carries! { f32 f64 }

impl<T: Float> Kernel<T> for Carry<'_, T> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<V: Lanes<T>>(self) {
        let Self { levels, columns, runs } = self;
        let (run, levels) = levels.split_at_mut(columns);
        let free = (runs.trailing_zeros() as usize).min(LAST);
        let is_taken = free == LAST && runs > 1 << LAST;
        for level in 0..free + usize::from(is_taken) {
            let level = &levels[level * columns..][..columns];
            super::sweep::<T, V, 0>(
                columns,
                #[cfg_attr(not(debug_assertions), inline(always))]
                |at| {
                    (V::load(run, 0, at) + V::load(level, 0, at)).store(run, 0, at);
                    []
                },
            );
        }
        levels[free * columns..][..columns].copy_from_slice(run);
        run.fill(T::ZERO);
    }
}

/// The last of the levels above the lowest.
const LAST: usize = LEVELS - 2;

/// `to += from`, of the same length: at the end of a loop, compiled once.
fn add<T: Float>(to: &mut [T], from: &[T]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *to + *from;
    }
}

#[cfg(test)]
#[allow(clippy::cast_precision_loss, clippy::float_cmp, reason = "small numbers are cast, exact ones compared")]
mod tests {
    use super::*;
    use crate::simd::{Level, dispatch_at, tests::random};

    /// The data, the number of columns, and whether sums move up where the loop stands.
    struct Columns<'a>(&'a [f32], usize, bool);

    impl Kernel<f32> for Columns<'_> {
        type Output = Vec<f32>;
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn run<V: Lanes<f32>>(self) -> Vec<f32> {
            let Self(data, columns, here) = self;
            let rows = data.len() / columns;
            let mut levels = vec![f32::NAN; columns * LEVELS];
            let mut out = vec![0.0; columns];
            let mut sums = ColumnSums::new(&mut levels, &mut out, columns, rows);
            for row in 0..rows {
                add(sums.row(), &data[row * columns..][..columns]);
                if here {
                    sums.end_turn_of_packs::<V>();
                } else {
                    sums.end_turn();
                }
            }
            sums.finish();
            out
        }
    }

    #[test]
    fn columns_are_summed_pairwise() {
        for (rows, columns) in [(1, 1), (3, 7), (15, 16), (16, 17), (17, 33), (32, 5), (47, 3), (1000, 9), (70_001, 2)]
        {
            let data: Vec<f32> = random::<f32>(rows * columns, 9).iter().map(|x| x + 0.9).collect();
            for level in Level::available() {
                let sums = dispatch_at(level, Columns(&data, columns, true));
                assert_eq!(sums, dispatch_at(level, Columns(&data, columns, false)), "{level:?}");
                for (column, sum) in sums.into_iter().enumerate() {
                    let of = || data[column..].iter().step_by(columns).map(|&x| f64::from(x));
                    let (exact, size): (f64, f64) = (of().sum(), of().map(f64::abs).sum());
                    let additions = 32.0 + (rows as f64).log2();
                    let error = (f64::from(sum) - exact).abs();
                    assert!(error <= 0.5 * f64::from(f32::EPSILON) * additions * size, "{level:?} {rows}: {error}");
                }
            }
        }
    }
}
