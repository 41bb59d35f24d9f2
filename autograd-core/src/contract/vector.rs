//! Matrix times vector (GEMV): the matrix is read once in the order in which it lies.

use super::{Out, Panels, Update, View};
use crate::binding::aligned;
use crate::float::Float;
use crate::simd::{Block, Lanes, sweep};

/// How many rows are worked on at a time.
const ROWS: usize = 4;

/// `out[i] = Σ_k matrix[i, k] · vector[k, 0]`, `out` being the next `rows` elements of the result.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn product<T: Float, V: Lanes<T>>(
    matrix: View<T>,
    vector: View<T>,
    rows: usize,
    depth: usize,
    out: &mut Out<T>,
    panels: &mut Panels<T>,
) {
    let Update { scale, add } = out.update;
    let out = &mut out.data[out.row * out.columns..][..rows];
    let vector = if vector.row == 1 {
        &vector.slice()[..depth]
    } else {
        let copy = aligned(&mut panels.left, depth);
        for (k, copy) in copy.iter_mut().enumerate() {
            *copy = vector.at(k, 0);
        }
        copy
    };
    if !add {
        out.fill(T::ZERO);
    }
    if matrix.column != 1 && matrix.row == 1 {
        add_columns::<T, V>(matrix, vector, scale, out);
    } else {
        add_rows::<T, V>(matrix, vector, scale, out);
    }
}

/// Each row times the vector, a few rows at a time.
#[cfg_attr(not(debug_assertions), inline(always))]
fn add_rows<T: Float, V: Lanes<T>>(matrix: View<T>, vector: &[T], scale: T, out: &mut [T]) {
    let mut row = 0;
    while row + ROWS <= out.len() {
        let sums = dots::<T, V, ROWS>(matrix.part(row, 0), vector);
        for (out, sum) in out[row..].iter_mut().zip(sums) {
            *out = *out + scale * sum;
        }
        row += ROWS;
    }
    while row < out.len() {
        let [sum] = dots::<T, V, 1>(matrix.part(row, 0), vector);
        out[row] = out[row] + scale * sum;
        row += 1;
    }
}

/// `R` rows times the vector.
#[cfg_attr(not(debug_assertions), inline(always))]
fn dots<T: Float, V: Lanes<T>, const R: usize>(matrix: View<T>, vector: &[T]) -> [T; R] {
    let mut sums = [V::splat(T::ZERO); R];
    let mut rows = [vector; R];
    if matrix.column == 1 {
        for (i, row) in rows.iter_mut().enumerate() {
            *row = &matrix.part(i, 0).slice()[..vector.len()];
        }
    }
    sweep::<T, V, 0>(
        vector.len(),
        #[cfg_attr(not(debug_assertions), inline(always))]
        |at| {
            let factor = V::load(vector, 0, at);
            for i in 0..R {
                let row = if matrix.column == 1 {
                    V::load(rows[i], 0, at)
                } else {
                    V::load_strided(matrix.data, matrix.part(i, 0).first, matrix.column, at)
                };
                sums[i] = row.mul_add(factor, sums[i]);
            }
            []
        },
    );
    let mut totals = [T::ZERO; R];
    for i in 0..R {
        totals[i] = sums[i].sum();
    }
    totals
}

/// The columns of the matrix, each times its element of the vector, several in each pass over the result.
#[cfg_attr(not(debug_assertions), inline(always))]
fn add_columns<T: Float, V: Lanes<T>>(matrix: View<T>, vector: &[T], scale: T, out: &mut [T]) {
    const COLUMNS: usize = 8;
    let mut k = 0;
    while k + COLUMNS <= vector.len() {
        add_some::<T, V, COLUMNS>(matrix.part(0, k), &vector[k..], scale, out);
        k += COLUMNS;
    }
    while k < vector.len() {
        add_some::<T, V, 1>(matrix.part(0, k), &vector[k..], scale, out);
        k += 1;
    }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn add_some<T: Float, V: Lanes<T>, const C: usize>(matrix: View<T>, vector: &[T], scale: T, out: &mut [T]) {
    let mut columns = [vector; C];
    let mut factors = [V::splat(T::ZERO); C];
    for k in 0..C {
        columns[k] = &matrix.part(0, k).slice()[..out.len()];
        factors[k] = V::splat(vector[k]);
    }
    sweep::<T, V, 0>(
        out.len(),
        #[cfg_attr(not(debug_assertions), inline(always))]
        |at: Block| {
            let mut sum = factors[0] * V::load(columns[0], 0, at);
            for k in 1..C {
                sum = factors[k].mul_add(V::load(columns[k], 0, at), sum);
            }
            sum.mul_add(V::splat(scale), V::load(out, 0, at)).store(out, 0, at);
            []
        },
    );
}
