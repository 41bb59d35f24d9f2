//! Train, validation and test sets: observations chosen by a seed.

use rand::Rng;

use crate::init::{below, stream};

/// The numbers of the observations to train on, to validate with and to test by. Each is in increasing order.
///
/// ```
/// use autograd_core::data::Split;
/// use ndarray::{Array2, Axis};
///
/// let split = Split::new(100, 7).validation(0.2).test(0.1);
/// assert_eq!((split.train.len(), split.validation.len(), split.test.len()), (70, 20, 10));
/// let x = Array2::<f64>::zeros((100, 3));
/// assert_eq!(x.select(Axis(0), &split.test).nrows(), 10);
///
/// let label = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1];                   // every class is split alike
/// let split = Split::stratified(&label, 7).test(0.5);
/// assert_eq!(split.test.iter().filter(|&&row| label[row] == 1).count(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Split {
    /// To train on: all that is neither of the others.
    pub train: Vec<usize>,
    /// To validate with.
    pub validation: Vec<usize>,
    /// To test by.
    pub test: Vec<usize>,
    /// All observations, group by group, in the order in which they are taken.
    order: Vec<Vec<usize>>,
    shares: (f64, f64),
}

impl Split {
    /// Observations in an order that follows from the seed, all of them to train on.
    #[must_use]
    pub fn new(rows: usize, seed: u64) -> Self {
        Self::of(vec![(0..rows).collect()], seed)
    }

    /// The same, class by class: every set has its share of every class.
    #[must_use]
    pub fn stratified<'l>(labels: impl IntoIterator<Item = &'l usize>, seed: u64) -> Self {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut classes = std::collections::BTreeMap::new();
        for (row, &label) in labels.into_iter().enumerate() {
            let place = *classes.entry(label).or_insert(groups.len());
            if place == groups.len() {
                groups.push(Vec::new());
            }
            groups[place].push(row);
        }
        Self::of(groups, seed)
    }

    fn of(mut order: Vec<Vec<usize>>, seed: u64) -> Self {
        let mut rng = stream(seed, "split");
        for group in &mut order {
            shuffle(group, &mut rng);
        }
        Self { order, ..Self::default() }.dealt()
    }

    /// Keeps this share for validation, rounded to whole observations.
    ///
    /// # Panics
    /// If the shares are negative, or more than 1 together.
    #[must_use]
    #[track_caller]
    pub fn validation(mut self, share: f64) -> Self {
        self.shares.0 = share;
        self.dealt()
    }

    /// Keeps this share for tests, rounded to whole observations.
    ///
    /// # Panics
    /// If the shares are negative, or more than 1 together.
    #[must_use]
    #[track_caller]
    pub fn test(mut self, share: f64) -> Self {
        self.shares.1 = share;
        self.dealt()
    }

    #[track_caller]
    fn dealt(mut self) -> Self {
        let (validation, test) = self.shares;
        let fits = validation >= 0.0 && test >= 0.0 && validation + test <= 1.0;
        assert!(fits, "shares of {validation} for validation and {test} for tests are not parts of a whole");
        let sets = [&mut self.test, &mut self.validation, &mut self.train];
        for set in sets {
            set.clear();
        }
        for group in &self.order {
            let held = share_of(group.len(), test);
            let seen = held + share_of(group.len(), validation).min(group.len() - held);
            self.test.extend(&group[..held]);
            self.validation.extend(&group[held..seen]);
            self.train.extend(&group[seen..]);
        }
        for set in [&mut self.test, &mut self.validation, &mut self.train] {
            set.sort_unstable();
        }
        self
    }
}

/// A share of so many observations, to the nearest whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "it is between 0 and the number of observations"
)]
pub(crate) fn share_of(rows: usize, share: f64) -> usize {
    ((rows as f64 * share).round() as usize).min(rows)
}

/// Fisher and Yates's shuffle.
pub(crate) fn shuffle(rows: &mut [usize], rng: &mut impl Rng) {
    for last in (1..rows.len()).rev() {
        rows.swap(last, below(last + 1, rng));
    }
}
