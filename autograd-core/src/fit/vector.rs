//! Vectors and small dense matrices of `f64`: what the methods compute with, whatever the numbers of the model are.

/// The inner product.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The Euclidean norm, without overflow.
pub(super) fn norm(a: &[f64]) -> f64 {
    let plain = dot(a, a);
    if plain.is_normal() || plain.is_nan() {
        return plain.sqrt();
    }
    let largest = max_abs(a);
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * a.iter().map(|a| (a / largest) * (a / largest)).sum::<f64>().sqrt()
}

/// The largest number in absolute value; NaN if there is one.
pub(super) fn max_abs(a: &[f64]) -> f64 {
    a.iter().map(|a| a.abs()).fold(0.0, |max, a| if a > max || a.is_nan() { a } else { max })
}

/// `y += factor * x`
pub(super) fn add_scaled(y: &mut [f64], factor: f64, x: &[f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += factor * x;
    }
}

pub(super) fn is_finite(a: &[f64]) -> bool {
    a.iter().all(|a| a.is_finite())
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn number(count: usize) -> f64 {
    count as f64
}

/// A matrix, column after column.
#[derive(Clone, Debug, Default)]
pub(super) struct Matrix {
    rows: usize,
    columns: usize,
    numbers: Vec<f64>,
}

impl Matrix {
    pub(super) fn zeros(rows: usize, columns: usize) -> Self {
        Self { rows, columns, numbers: vec![0.0; rows * columns] }
    }

    /// Makes it a matrix of zeros of another size, without allocating if it fits.
    pub(super) fn reset(&mut self, rows: usize, columns: usize) {
        (self.rows, self.columns) = (rows, columns);
        self.numbers.clear();
        self.numbers.resize(rows * columns, 0.0);
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    pub(super) fn column(&self, column: usize) -> &[f64] {
        &self.numbers[column * self.rows..][..self.rows]
    }

    pub(super) fn column_mut(&mut self, column: usize) -> &mut [f64] {
        &mut self.numbers[column * self.rows..][..self.rows]
    }

    /// A column, and one behind it.
    pub(super) fn two_columns(&mut self, first: usize, second: usize) -> (&[f64], &mut [f64]) {
        let (before, after) = self.numbers.split_at_mut(second * self.rows);
        (&before[first * self.rows..][..self.rows], &mut after[..self.rows])
    }

    pub(super) fn swap_columns(&mut self, a: usize, b: usize) {
        for row in 0..self.rows {
            self.numbers.swap(a * self.rows + row, b * self.rows + row);
        }
    }

    /// Multiplies all numbers.
    pub(super) fn scale(&mut self, factor: f64) {
        self.numbers.iter_mut().for_each(|number| *number *= factor);
    }

    pub(super) fn is_finite(&self) -> bool {
        is_finite(&self.numbers)
    }
}

impl std::ops::Index<(usize, usize)> for Matrix {
    type Output = f64;
    fn index(&self, (row, column): (usize, usize)) -> &f64 {
        &self.numbers[column * self.rows + row]
    }
}

impl std::ops::IndexMut<(usize, usize)> for Matrix {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut f64 {
        &mut self.numbers[column * self.rows + row]
    }
}

/// Solves `a x = b` in place by elimination with partial pivoting; `None` if a pivot is 0 or not finite.
pub(super) fn solve(mut a: Matrix, b: &mut [f64]) -> Option<()> {
    let n = b.len();
    for k in 0..n {
        let pivot = (k..n).max_by(|&i, &j| a[(i, k)].abs().total_cmp(&a[(j, k)].abs()))?;
        if a[(pivot, k)] == 0.0 || !a[(pivot, k)].is_finite() {
            return None;
        }
        b.swap(k, pivot);
        for column in k..n {
            let (upper, lower) = (a[(k, column)], a[(pivot, column)]);
            a[(k, column)] = lower;
            a[(pivot, column)] = upper;
        }
        for row in k + 1..n {
            let factor = a[(row, k)] / a[(k, k)];
            for column in k + 1..n {
                a[(row, column)] -= factor * a[(k, column)];
            }
            b[row] -= factor * b[k];
        }
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|column| a[(row, column)] * b[column]).sum();
        b[row] = (b[row] - known) / a[(row, row)];
    }
    Some(())
}

/// The inverse of a symmetric positive definite matrix by Cholesky's factors, of which the lower triangle is read. `None` if
/// it is not positive definite to within rounding.
pub(super) fn inverse_of_positive(a: &Matrix) -> Option<Matrix> {
    let n = a.columns();
    // Scaled to a diagonal of ones, so that parameters in other units have the same verdict.
    let scale: Vec<f64> = (0..n).map(|k| a[(k, k)].sqrt()).collect();
    if !scale.iter().all(|scale| scale.is_normal()) {
        return None;
    }
    let mut l = Matrix::zeros(n, n);
    for j in 0..n {
        for i in j..n {
            let known: f64 = (0..j).map(|k| l[(i, k)] * l[(j, k)]).sum();
            let rest = a[(i, j)] / (scale[i] * scale[j]) - known;
            if i == j && (rest.is_nan() || rest <= number(n) * 4.0 * f64::EPSILON) {
                return None;
            }
            l[(i, j)] = if i == j { rest.sqrt() } else { rest / l[(j, j)] };
        }
    }
    // The inverse of the factor, and its product with itself.
    let mut inverse = Matrix::zeros(n, n);
    for column in 0..n {
        for row in column..n {
            let unit = if row == column { 1.0 } else { 0.0 };
            let known: f64 = (column..row).map(|k| l[(row, k)] * inverse[(k, column)]).sum();
            inverse[(row, column)] = (unit - known) / l[(row, row)];
        }
    }
    let mut product = Matrix::zeros(n, n);
    for i in 0..n {
        for j in 0..n {
            let sum = dot(&inverse.column(i)[i.max(j)..], &inverse.column(j)[i.max(j)..]);
            product[(i, j)] = sum / (scale[i] * scale[j]);
        }
    }
    Some(product)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_do_not_overflow() {
        assert!((norm(&[3e200, 4e200]) / 5e200 - 1.0).abs() < 1e-15);
        assert!((norm(&[3e-200, 4e-200]) / 5e-200 - 1.0).abs() < 1e-15);
        assert!(norm(&[f64::INFINITY, 1.0]).is_infinite() && norm(&[f64::NAN]).is_nan());
        assert!(norm(&[]) == 0.0 && (max_abs(&[-2.0, 1.0]) - 2.0).abs() < 1e-15);
    }

    #[test]
    fn systems_are_solved() {
        let mut a = Matrix::zeros(3, 3);
        for (k, number) in [0.0, 2.0, 1.0, 1.0, 1.0, 4.0, 3.0, 0.0, 2.0].into_iter().enumerate() {
            a[(k / 3, k % 3)] = number;
        }
        let mut x = [1.0, 2.0, 3.0];
        let b: Vec<f64> = (0..3).map(|row| (0..3).map(|k| a[(row, k)] * x[k]).sum()).collect();
        let mut found = b.clone();
        solve(a, &mut found).expect("the matrix is regular");
        found.iter().zip(&x).for_each(|(found, x)| assert!((found - x).abs() < 1e-14, "{found} is not {x}"));
        assert!(solve(Matrix::zeros(3, 3), &mut x).is_none());
    }

    #[test]
    fn inverses_are_inverse() {
        let mut a = Matrix::zeros(3, 3);
        for (k, number) in [4e6, 1e3, 0.5, 1e3, 2.0, 1e-3, 0.5, 1e-3, 1e-5].into_iter().enumerate() {
            a[(k / 3, k % 3)] = number;
        }
        let inverse = inverse_of_positive(&a).expect("the matrix is positive definite");
        for i in 0..3 {
            for j in 0..3 {
                let entry: f64 = (0..3).map(|k| a[(i, k)] * inverse[(k, j)]).sum();
                let unit = if i == j { 1.0 } else { 0.0 };
                let size = (a[(i, i)] / a[(j, j)]).sqrt();
                assert!((entry - unit).abs() < 1e-14 * size, "{entry} at {i}, {j}");
            }
        }
        a[(2, 1)] = 1.0;
        assert!(inverse_of_positive(&a).is_none());
    }
}
