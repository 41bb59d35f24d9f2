//! Householder's QR with column pivoting, and the damped least squares that Levenberg–Marquardt solves with it.

use super::vector::{Matrix, dot, norm, number};

/// `A P = Q R`, with `R` in the upper triangle of `a`.
#[derive(Clone, Debug, Default)]
pub(super) struct Qr {
    /// At least as many rows as columns.
    pub(super) a: Matrix,
    /// Column `k` of `A P` is this column of `A`.
    pub(super) order: Vec<usize>,
    /// The norms of the columns of `A`, in its order.
    pub(super) norms: Vec<f64>,
    rest: Vec<f64>,
}

impl Qr {
    /// Factors `a`, and overwrites `b` with `Qᵀ b`.
    pub(super) fn factor(&mut self, b: &mut [f64]) {
        let n = self.a.columns();
        self.order.clear();
        self.order.extend(0..n);
        self.norms.clear();
        self.norms.extend((0..n).map(|column| norm(self.a.column(column))));
        self.rest.clone_from(&self.norms);
        for k in 0..n {
            let pivot = (k..n).fold(k, |best, other| if self.rest[other] > self.rest[best] { other } else { best });
            if pivot != k {
                self.a.swap_columns(k, pivot);
                self.order.swap(k, pivot);
                self.rest.swap(k, pivot);
            }
            self.reflect(k, b);
        }
    }

    /// Reflects the rest of column `k` to one number, and all that is behind with it.
    fn reflect(&mut self, k: usize, b: &mut [f64]) {
        let column = &mut self.a.column_mut(k)[k..];
        let length = norm(column);
        if length == 0.0 {
            return;
        }
        let length = if column[0] < 0.0 { -length } else { length };
        for x in column.iter_mut() {
            *x /= length;
        }
        column[0] += 1.0;
        let apply = |v: &[f64], x: &mut [f64]| {
            let factor = dot(v, x) / v[0];
            for (x, v) in x.iter_mut().zip(v) {
                *x -= factor * v;
            }
        };
        for other in k + 1..self.a.columns() {
            let (v, x) = self.a.two_columns(k, other);
            apply(&v[k..], &mut x[k..]);
            // Anew and not by subtraction, which loses all digits of what is nearly 0.
            self.rest[other] = norm(&x[k + 1..]);
        }
        apply(&self.a.column(k)[k..], &mut b[k..]);
        self.a[(k, k)] = -length;
    }

    /// How many columns are independent to within rounding: their rests are not less than this share of the columns.
    pub(super) fn rank(&self, share: f64) -> usize {
        let enough = |&k: &usize| self.a[(k, k)].abs() > share * self.norms[self.order[k]];
        (0..self.a.columns()).take_while(enough).count()
    }

    /// `R Pᵀ x`
    pub(super) fn times(&self, x: &[f64], out: &mut Vec<f64>) {
        let n = self.a.columns();
        out.clear();
        out.extend((0..n).map(|row| (row..n).map(|k| self.a[(row, k)] * x[self.order[k]]).sum::<f64>()));
    }

    /// `(AᵀA)⁻¹`, in the order of `A`; `None` if the columns are dependent to within rounding.
    pub(super) fn inverse_of_square(&self) -> Option<Matrix> {
        let n = self.a.columns();
        if self.rank(number(self.a.rows().max(n)) * f64::EPSILON) < n {
            return None;
        }
        let mut inverse = Matrix::zeros(n, n);
        for column in 0..n {
            for row in (0..=column).rev() {
                let unit = if row == column { 1.0 } else { 0.0 };
                let known: f64 = (row + 1..=column).map(|k| self.a[(row, k)] * inverse[(k, column)]).sum();
                inverse[(row, column)] = (unit - known) / self.a[(row, row)];
            }
        }
        let mut square = Matrix::zeros(n, n);
        for i in 0..n {
            for j in 0..n {
                let sum = (i.max(j)..n).map(|k| inverse[(i, k)] * inverse[(j, k)]).sum();
                square[(self.order[i], self.order[j])] = sum;
            }
        }
        Some(square)
    }
}

/// Solves `min ‖A x − b‖² + ‖D x‖²` from the factors of `A`.
#[derive(Clone, Debug, Default)]
pub(super) struct Damped {
    /// The lower triangle of `Sᵀ`, where `SᵀS = Pᵀ(AᵀA + D²)P`.
    pub(super) s: Matrix,
    row: Vec<f64>,
    right: Vec<f64>,
}

impl Damped {
    /// The solution is written to `x`; `b` is `Qᵀ b`.
    pub(super) fn solve(&mut self, qr: &Qr, d: &[f64], b: &[f64], x: &mut [f64]) {
        let n = x.len();
        self.s.reset(n, n);
        for j in 0..n {
            for i in 0..=j {
                self.s[(j, i)] = qr.a[(i, j)];
            }
        }
        self.right.clear();
        self.right.extend_from_slice(&b[..n]);
        self.row.resize(n, 0.0);
        for j in 0..n {
            self.row[j..].fill(0.0);
            self.row[j] = d[qr.order[j]];
            self.rotate_in(j);
        }
        // Singular where damping is 0 and columns depend on each other: what is left of those is not moved.
        let regular = (0..n).take_while(|&k| self.s[(k, k)] != 0.0).count();
        self.right[regular..].fill(0.0);
        for j in (0..regular).rev() {
            let known = dot(&self.s.column(j)[j + 1..regular], &self.right[j + 1..regular]);
            self.right[j] = (self.right[j] - known) / self.s[(j, j)];
        }
        for (k, &place) in qr.order.iter().enumerate() {
            x[place] = self.right[k];
        }
    }

    /// Rotates a row of the diagonal into the triangle, number by number (Givens).
    fn rotate_in(&mut self, j: usize) {
        let n = self.right.len();
        let mut right = 0.0;
        for k in j..n {
            if self.row[k] == 0.0 {
                continue;
            }
            let length = norm(&[self.s[(k, k)], self.row[k]]);
            let (cos, sin) = (self.s[(k, k)] / length, self.row[k] / length);
            (self.right[k], right) = (cos * self.right[k] + sin * right, cos * right - sin * self.right[k]);
            self.s[(k, k)] = length;
            for i in k + 1..n {
                let below = self.s[(i, k)];
                self.s[(i, k)] = cos * below + sin * self.row[i];
                self.row[i] = cos * self.row[i] - sin * below;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: usize, columns: usize) -> Matrix {
        let mut a = Matrix::zeros(rows, columns);
        for i in 0..rows {
            for j in 0..columns {
                a[(i, j)] = number((i + 1) * (i + 2) * (j + 3)).sin() * 10.0_f64.powi(i32::try_from(j).expect("small"));
            }
        }
        a
    }

    /// The normal equations of the damped problem hold.
    #[test]
    fn damped_solutions_are_stationary() {
        let (m, n) = (8, 4);
        let a = matrix(m, n);
        let b: Vec<f64> = (0..m).map(|k| number(k) - 2.0).collect();
        let mut qr = Qr { a: a.clone(), ..Qr::default() };
        let mut qb = b.clone();
        qr.factor(&mut qb);
        assert!((norm(&qb) - norm(&b)).abs() < 1e-13);
        for d in [[0.0; 4], [1.0, 2.0, 3.0, 1e3]] {
            let mut x = vec![0.0; n];
            Damped::default().solve(&qr, &d, &qb, &mut x);
            let residual: Vec<f64> = (0..m).map(|i| (0..n).map(|j| a[(i, j)] * x[j]).sum::<f64>() - b[i]).collect();
            for j in 0..n {
                let slope = dot(a.column(j), &residual) + d[j] * d[j] * x[j];
                assert!(slope.abs() < 1e-12 * norm(a.column(j)) * norm(&b), "{slope} by {j}");
            }
        }
    }

    #[test]
    fn the_inverse_of_the_square_is_found_unless_columns_depend() {
        let (m, n) = (8, 4);
        let a = matrix(m, n);
        let mut qr = Qr { a: a.clone(), ..Qr::default() };
        qr.factor(&mut vec![0.0; m]);
        let inverse = qr.inverse_of_square().expect("the columns are independent");
        for i in 0..n {
            for j in 0..n {
                let entry: f64 = (0..n).map(|k| dot(a.column(i), a.column(k)) * inverse[(k, j)]).sum();
                let unit = if i == j { 1.0 } else { 0.0 };
                assert!((entry - unit).abs() < 1e-11 * norm(a.column(i)) / norm(a.column(j)), "{entry}");
            }
        }
        let mut dependent = a;
        for i in 0..m {
            dependent[(i, 3)] = dependent[(i, 0)] - 3.0 * dependent[(i, 1)];
        }
        let mut qr = Qr { a: dependent, ..Qr::default() };
        qr.factor(&mut vec![0.0; m]);
        assert!(qr.inverse_of_square().is_none());
    }
}
