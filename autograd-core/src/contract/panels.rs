//! Packing: blocks of the operands are copied to panels.

use super::View;
use crate::float::Float;
use crate::simd::{self, Block, Lanes};

/// How high (or wide) the panels are that `extent` is cut into: `main`, and `small` where that is enough for the rest.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn panel(remaining: usize, main: usize, small: usize) -> usize {
    if remaining > small { main } else { small }
}

/// How many elements `extent` takes when cut into panels.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn padded(extent: usize, main: usize, small: usize) -> usize {
    let rest = extent % main;
    extent - rest + if rest == 0 { 0 } else { panel(rest, main, small) }
}

/// Copies `rows` rows of the left operand to panels of `R` and at the end perhaps `H` rows: step by step of the depth
/// a column of the panel, zeros where there are no rows.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn pack_left<T: Float, const R: usize, const H: usize>(
    from: View<T>,
    rows: usize,
    depth: usize,
    to: &mut [T],
) {
    let mut done = 0;
    while done < rows {
        let (part, to) = (from.part(done, 0), &mut to[done * depth..]);
        if panel(rows - done, R, H) == R {
            pack_rows::<T, R>(part, rows - done, depth, to);
            done += R;
        } else {
            pack_rows::<T, H>(part, rows - done, depth, to);
            done += H;
        }
    }
}

/// Copies one panel: `R` rows, or as many as there are and zeros.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn pack_rows<T: Float, const R: usize>(from: View<T>, rows: usize, depth: usize, to: &mut [T]) {
    let (to, _) = to[..R * depth].as_chunks_mut::<R>();
    if from.column == 1 && rows >= R {
        let mut source = [from.data; R];
        for (i, row) in source.iter_mut().enumerate() {
            *row = &from.part(i, 0).slice()[..depth];
        }
        for (k, to) in to.iter_mut().enumerate() {
            for i in 0..R {
                to[i] = source[i][k];
            }
        }
    } else if from.row == 1 && rows >= R {
        for (k, to) in to.iter_mut().enumerate() {
            *to = *from.part(0, k).slice().first_chunk().expect("there are R rows");
        }
    } else {
        for (k, to) in to.iter_mut().enumerate() {
            for (i, to) in to.iter_mut().enumerate() {
                *to = if i < rows { from.at(i, k) } else { T::ZERO };
            }
        }
    }
}

/// Copies `columns` columns of the right operand to panels of `wide` and at the end perhaps `V::COUNT` columns: step by
/// step of the depth a row of the panel, zeros where there are no columns.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn pack_right<T: Float, V: Lanes<T>>(
    from: View<T>,
    columns: usize,
    depth: usize,
    wide: usize,
    to: &mut [T],
) {
    let mut done = 0;
    while done < columns {
        let width = panel(columns - done, wide, V::COUNT);
        let to = &mut to[done * depth..][..width * depth];
        pack_columns::<T, V>(from.part(0, done), (columns - done).min(width), width, depth, to);
        done += width;
    }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn pack_columns<T: Float, V: Lanes<T>>(from: View<T>, live: usize, width: usize, depth: usize, to: &mut [T]) {
    if from.column == 1 {
        for (k, to) in to.chunks_exact_mut(width).enumerate() {
            let from = from.part(k, 0).slice();
            for start in (0..width).step_by(V::COUNT) {
                let live = live.saturating_sub(start).min(V::COUNT);
                let full = Block { start, live: V::COUNT };
                if live == 0 {
                    V::splat(T::ZERO).store(to, 0, full);
                } else {
                    V::load(from, 0, Block { start, live }).store(to, 0, full);
                }
            }
        }
        return;
    }
    if from.row == 1 {
        return transpose::<T, V>(from, live, width, depth, to);
    }
    for j in 0..width {
        let from = from.part(0, j);
        if j >= live {
            to.iter_mut().skip(j).step_by(width).for_each(|to| *to = T::ZERO);
        } else {
            for (k, to) in to.chunks_exact_mut(width).enumerate() {
                to[j] = from.at(k, 0);
            }
        }
    }
}

/// Copies `live` columns that lie one after the other to rows that are `width` wide, a square of packs at a time.
#[cfg_attr(not(debug_assertions), inline(always))]
fn transpose<T: Float, V: Lanes<T>>(from: View<T>, live: usize, width: usize, depth: usize, to: &mut [T]) {
    for start in (0..width).step_by(V::COUNT) {
        let columns = live.saturating_sub(start).min(V::COUNT);
        for k in (0..depth).step_by(V::COUNT) {
            let rows = (depth - k).min(V::COUNT);
            let at = Block { start: 0, live: rows };
            simd::transpose::<T, V>(
                #[cfg_attr(not(debug_assertions), inline(always))]
                |j| {
                    if j < columns { V::load(from.part(k, start + j).slice(), 0, at) } else { V::splat(T::ZERO) }
                },
                #[cfg_attr(not(debug_assertions), inline(always))]
                |i, row| {
                    if i < rows {
                        row.store(to, (k + i) * width, Block { start, live: V::COUNT });
                    }
                },
            );
        }
    }
}
