//! Products of two matrices as emitted code calls them: operands that lie in row-major order, as they are or transposed, and
//! nothing but the product in the result.

use super::{Contraction, Scratch, Strided, Update, contract};
use crate::float::Float;

/// Sets `out` `[rows, columns]` to the product of `left` `[rows, depth]` and `right` `[depth, columns]`.
///
/// # Panics
/// If one of them has not its size.
pub fn multiply<T: Float>(
    [rows, columns, depth]: [usize; 3],
    left: &[T],
    right: &[T],
    out: &mut [T],
    scratch: &mut Scratch<T>,
) {
    let (left, right) = (Strided::contiguous(left, rows, depth), Strided::contiguous(right, depth, columns));
    set([rows, columns, depth], left, right, out, scratch);
}

/// `out = leftᵀ · right`: `left` lies as `[depth, rows]`.
///
/// # Panics
/// If one of them has not its size.
pub fn multiply_left_transposed<T: Float>(
    [rows, columns, depth]: [usize; 3],
    left: &[T],
    right: &[T],
    out: &mut [T],
    scratch: &mut Scratch<T>,
) {
    let left = Strided::contiguous(left, depth, rows).transposed();
    set([rows, columns, depth], left, Strided::contiguous(right, depth, columns), out, scratch);
}

/// `out = left · rightᵀ`: `right` lies as `[columns, depth]`.
///
/// # Panics
/// If one of them has not its size.
pub fn multiply_right_transposed<T: Float>(
    [rows, columns, depth]: [usize; 3],
    left: &[T],
    right: &[T],
    out: &mut [T],
    scratch: &mut Scratch<T>,
) {
    let right = Strided::contiguous(right, columns, depth).transposed();
    set([rows, columns, depth], Strided::contiguous(left, rows, depth), right, out, scratch);
}

fn set<T: Float>(
    [rows, columns, depth]: [usize; 3],
    left: Strided<T>,
    right: Strided<T>,
    out: &mut [T],
    scratch: &mut Scratch<T>,
) {
    contract(Contraction { batch: 1, rows, columns, depth }, left, right, out, Update::set(), scratch);
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "exact numbers")]
mod tests {
    use super::*;

    #[test]
    fn each_operand_may_lie_transposed() {
        let (left, right) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, 0.0, 2.0, -1.0, 0.5, 3.0]);
        let (across, down) = ([1.0, 4.0, 2.0, 5.0, 3.0, 6.0], [1.0, 2.0, 0.5, 0.0, -1.0, 3.0]);
        let (mut out, mut scratch) = ([[0.0; 4]; 3], Scratch::new());
        multiply([2, 2, 3], &left, &right, &mut out[0], &mut scratch);
        multiply_left_transposed([2, 2, 3], &across, &right, &mut out[1], &mut scratch);
        multiply_right_transposed([2, 2, 3], &left, &down, &mut out[2], &mut scratch);
        assert_eq!(out, [[6.5, 7.0, 17.0, 13.0]; 3]);
    }
}
