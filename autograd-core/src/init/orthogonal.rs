//! Random orthogonal matrices.

use rand::Rng;

use crate::Random;

/// A matrix with orthonormal rows or columns, whichever are fewer, times `gain`, in row-major order.
///
/// Gram and Schmidt's process, twice over (which is enough for full accuracy), on normal vectors. Their distribution
/// has no preferred direction, so the result is evenly distributed (Stewart 1980).
pub(super) fn draw(shape: &[usize], gain: f64, rng: &mut impl Rng) -> Vec<f64> {
    let (columns, rows) = match shape {
        [] => (1, 1),
        [rows @ .., columns] => (*columns, rows.iter().product()),
    };
    let (count, len) = (rows.min(columns), rows.max(columns));
    let mut vectors: Vec<Vec<f64>> = Vec::with_capacity(count);
    let mut random = Random::<f64, _>::new(rng);
    while vectors.len() < count {
        let mut vector: Vec<f64> = (0..len).map(|_| random.next_normal()).collect();
        for _ in 0..2 {
            for other in &vectors {
                let along = dot(&vector, other);
                vector.iter_mut().zip(other).for_each(|(x, y)| *x -= along * y);
            }
            let norm = dot(&vector, &vector).sqrt();
            for x in &mut vector {
                *x /= norm;
            }
        }
        if vector.iter().all(|x| x.is_finite()) {
            vectors.push(vector);
        }
    }
    let value = |row: usize, column: usize| {
        if rows <= columns { vectors[row][column] } else { vectors[column][row] }
    };
    (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))).map(|(r, c)| gain * value(r, c)).collect()
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}
