//! The micro-kernel: a tile of the result that stays in registers while the depth runs.

use super::View;
use crate::float::Float;
use crate::simd::{Block, Lanes};

/// A column of `R` elements of the left operand, for each step of the depth.
pub(super) trait Columns<T, const R: usize> {
    fn column(&mut self, k: usize) -> [T; R];
}

/// Consecutive elements that are `stride` elements apart from step to step.
#[derive(Clone, Copy)]
pub(super) struct Panel<'a, T> {
    pub data: &'a [T],
    pub stride: usize,
}

impl<T: Float, const R: usize> Columns<T, R> for Panel<'_, T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn column(&mut self, k: usize) -> [T; R] {
        *self.data[k * self.stride..].first_chunk().expect("a panel holds all steps of the depth")
    }
}

/// `R` rows with their elements side by side.
pub(super) struct Rows<'a, T, const R: usize>([&'a [T]; R]);

impl<'a, T: Float, const R: usize> Rows<'a, T, R> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn of(view: View<'a, T>, depth: usize) -> Self {
        let mut rows = [view.data; R];
        for (i, row) in rows.iter_mut().enumerate() {
            *row = &view.part(i, 0).slice()[..depth];
        }
        Self(rows)
    }
}

impl<T: Float, const R: usize> Columns<T, R> for Rows<'_, T, R> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn column(&mut self, k: usize) -> [T; R] {
        let mut column = [T::ZERO; R];
        for i in 0..R {
            column[i] = self.0[i][k];
        }
        column
    }
}

/// Columns that go, one after the other, to a panel as they are read.
pub(super) struct Copied<'a, T, L> {
    pub from: L,
    pub to: &'a mut [T],
}

impl<T: Float, L: Columns<T, R>, const R: usize> Columns<T, R> for Copied<'_, T, L> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn column(&mut self, k: usize) -> [T; R] {
        let column = self.from.column(k);
        *self.to[k * R..].first_chunk_mut().expect("a panel holds all steps of the depth") = column;
        column
    }
}

/// Repeats a body for `0 .. $n`, at most 8, with a constant in place of a variable: the sums of a tile are in registers
/// only if no place of theirs depends on a variable, and the compiler's own unrolling has a limit.
macro_rules! unrolled {
    ($i:ident < $n:expr, $body:block) => {
        unrolled!(@ $i $n, $body, 0 1 2 3 4 5 6 7)
    };
    (@ $i:ident $n:expr, $body:block, $($at:literal)*) => {{
        const { assert!($n <= 8) };
        $(if $at < $n {
            let $i: usize = $at;
            $body
        })*
    }};
}
pub(super) use unrolled;

/// The sums over `depth` steps of column times row, for `R` rows and `P` packs of columns, `live` elements of the
/// last pack. With `COPY` the rows go, one after the other, to `copy`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn tile<T: Float, V: Lanes<T>, L: Columns<T, R>, const R: usize, const P: usize, const COPY: bool>(
    mut left: L,
    right: Panel<T>,
    live: usize,
    depth: usize,
    copy: &mut [T],
) -> [[V; P]; R] {
    let mut sums = [[V::splat(T::ZERO); P]; R];
    for k in 0..depth {
        let from = &right.data[k * right.stride..][..(P - 1) * V::COUNT + live];
        let mut row = [V::splat(T::ZERO); P];
        for p in 0..P {
            let live = if p == P - 1 { live } else { V::COUNT };
            row[p] = V::load(from, p * V::COUNT, Block { start: 0, live });
            if COPY {
                row[p].store(copy, (k * P + p) * V::COUNT, Block { start: 0, live });
            }
        }
        let column = left.column(k);
        unrolled!(i < R, {
            let factor = V::splat(column[i]);
            for p in 0..P {
                sums[i][p] = factor.mul_add(row[p], sums[i][p]);
            }
        });
    }
    sums
}
