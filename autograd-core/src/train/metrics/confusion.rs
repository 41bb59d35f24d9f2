//! The confusion matrix: which classes are taken for which.

use std::fmt;

use ndarray::Array2;

use super::pairs;

/// How often each class was taken for each: a row for each class that it is, a column for each that was predicted.
///
/// It prints as a table, with the names of the classes if it has been given them.
///
/// ```
/// use autograd_core::train::metrics::Confusion;
/// use ndarray::array;
/// let confusion = Confusion::of(&[0, 1, 1, 1], &[0, 0, 1, 1], 2).names(["cat", "dog"]);
/// assert_eq!(confusion.counts, array![[1, 1], [0, 2]]);
/// assert_eq!((confusion.accuracy(), confusion.recall(0), confusion.precision(1)), (0.75, 0.5, 2.0 / 3.0));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    /// `[K, K]`
    pub counts: Array2<usize>,
    /// The names of the classes; their numbers where there are none.
    pub names: Vec<String>,
}

impl Confusion {
    /// Counts predictions of `classes` classes.
    ///
    /// # Panics
    /// If there are not as many predictions as labels, or one of either is not below `classes`.
    #[must_use]
    #[track_caller]
    pub fn of<'a>(
        predicted: impl IntoIterator<Item = &'a usize>,
        label: impl IntoIterator<Item = &'a usize>,
        classes: usize,
    ) -> Self {
        let mut counts = Array2::zeros((classes, classes));
        for (&predicted, &label) in pairs(predicted, label) {
            assert!(predicted < classes && label < classes, "class {predicted} or {label} is not below {classes}");
            counts[[label, predicted]] += 1;
        }
        Self { counts, names: Vec::new() }
    }

    /// The names of the classes.
    #[must_use]
    pub fn names<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.names = names.into_iter().map(Into::into).collect();
        self
    }

    /// The share of predictions that are right.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        ratio(self.counts.diag().sum(), self.counts.sum())
    }

    /// Of those predicted to be of a class, the share that is. NaN if there are none.
    ///
    /// # Panics
    /// If there is no such class.
    #[must_use]
    #[track_caller]
    pub fn precision(&self, class: usize) -> f64 {
        ratio(self.counts[[class, class]], self.counts.column(class).sum())
    }

    /// Of those of a class, the share that was predicted. NaN if there are none.
    ///
    /// # Panics
    /// If there is no such class.
    #[must_use]
    #[track_caller]
    pub fn recall(&self, class: usize) -> f64 {
        ratio(self.counts[[class, class]], self.counts.row(class).sum())
    }

    /// The harmonic mean of precision and recall. NaN if the class neither is there nor is predicted.
    ///
    /// # Panics
    /// If there is no such class.
    #[must_use]
    #[track_caller]
    pub fn f1(&self, class: usize) -> f64 {
        let both = self.counts.row(class).sum() + self.counts.column(class).sum();
        ratio(2 * self.counts[[class, class]], both)
    }
}

#[expect(clippy::cast_precision_loss, reason = "no one has 2^53 observations")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

impl fmt::Display for Confusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |class: usize| self.names.get(class).cloned().unwrap_or_else(|| class.to_string());
        let names: Vec<String> = (0..self.counts.nrows()).map(name).collect();
        let counts = self.counts.iter().map(|count| count.to_string().len());
        let width = names.iter().map(|name| name.chars().count()).chain(counts).max().unwrap_or(0);
        write!(f, "{:width$}", "")?;
        names.iter().try_for_each(|name| write!(f, "  {name:>width$}"))?;
        for (name, row) in names.iter().zip(self.counts.rows()) {
            write!(f, "\n{name:>width$}")?;
            row.iter().try_for_each(|count| write!(f, "  {count:>width$}"))?;
        }
        Ok(())
    }
}
