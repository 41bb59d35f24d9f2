//! The data files: numbers between commas, a line with the columns' names, comments behind `#`.

use std::fs;
use std::path::Path;

use autograd_core::Float;
use ndarray::{Array1, Array2, Axis};
use rand::Rng;
use rand::seq::SliceRandom;

use crate::Outcome;

/// The numbers of a file in `examples/data`, `[lines, columns]`.
///
/// # Errors
/// If the file cannot be read, or holds something else.
pub fn table(name: &str) -> Outcome<Array2<f64>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let columns = lines.next().map_or(0, |names| names.split(',').count());
    let numbers = lines.flat_map(|line| line.split(',')).map(str::parse).collect::<Result<Vec<f64>, _>>()?;
    Ok(Array2::from_shape_vec((numbers.len() / columns, columns), numbers)?)
}

/// Observations, each with the class it belongs to.
#[derive(Clone, Debug)]
pub struct Labelled<T> {
    /// The features, `[N, D]`.
    pub x: Array2<T>,
    /// The classes, `[N]`.
    pub label: Array1<usize>,
}

impl<T: Float> Labelled<T> {
    /// Reads a file whose last column is the class.
    ///
    /// # Errors
    /// If the file cannot be read, or holds something else.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "classes are small counts")]
    pub fn read(name: &str) -> Outcome<Self> {
        let table = table(name)?;
        let (features, class) = table.view().split_at(Axis(1), table.ncols() - 1);
        Ok(Self { x: features.mapv(T::from_f64), label: class.column(0).mapv(|class| class as usize) })
    }

    /// Splits the observations at random: first those to learn from, then `held_out` others to judge by.
    #[must_use]
    pub fn split(&self, held_out: usize, rng: &mut impl Rng) -> (Self, Self) {
        let mut order: Vec<usize> = (0..self.label.len()).collect();
        order.shuffle(rng);
        let (judge, learn) = order.split_at(held_out);
        (self.select(learn), self.select(judge))
    }

    /// The observations at these places.
    #[must_use]
    pub fn select(&self, places: &[usize]) -> Self {
        Self { x: self.x.select(Axis(0), places), label: self.label.select(Axis(0), places) }
    }
}
