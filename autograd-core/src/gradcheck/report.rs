//! The report of a gradient check.

use core::fmt;

/// Where a derivative was compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Along a random direction through all parameters: the how-manieth.
    Direction(usize),
    /// One number of a parameter.
    Entry {
        /// The parameter.
        parameter: &'static str,
        /// Its subscripts; empty for a scalar.
        index: Vec<usize>,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direction(number) => write!(f, "random direction {number}"),
            Self::Entry { parameter, index } if index.is_empty() => write!(f, "`{parameter}`"),
            Self::Entry { parameter, index } => write!(f, "`{parameter}` at {index:?}"),
        }
    }
}

/// One derivative, both ways.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Where.
    pub place: Place,
    /// What the model says.
    pub analytic: f64,
    /// What finite differences say; NaN if the loss is finite on neither side.
    pub numeric: f64,
    /// The estimated error of that.
    pub error: f64,
    /// How far the two may be apart.
    pub tolerance: f64,
}

impl Check {
    /// How far the two are apart, in tolerances: at most 1 if they agree, infinite if either is not finite.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        let distance = (self.analytic - self.numeric).abs();
        if distance == 0.0 {
            return 0.0;
        }
        let ratio = distance / self.tolerance;
        if ratio.is_nan() { f64::INFINITY } else { ratio }
    }

    /// Whether the finite differences are so vague that agreement says little: their error is more than a hundredth of
    /// the derivatives, and of those at other places.
    fn is_vague(&self, scale: f64) -> bool {
        let size = self.analytic.abs().max(self.numeric.abs()).max(scale);
        self.error.is_nan() || self.error > 0.01 * size
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, analytic, numeric, error, .. } = self;
        write!(f, "{place}: {analytic:e}, by finite differences {numeric:e} ± {error:.0e}")?;
        write!(f, " ({:.2} of the tolerance)", self.ratio())
    }
}

/// What [`gradcheck`](super::gradcheck()) found. Prints as a line for the verdict and one for the worst place of each
/// parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Every comparison: directions first, then parameter by parameter.
    pub checks: Vec<Check>,
}

impl Report {
    pub(super) fn new() -> Self {
        Self { checks: Vec::new() }
    }

    pub(super) fn add(&mut self, check: Check) {
        self.checks.push(check);
    }

    /// Whether all comparisons agree, and at least half of them are sharp enough to say so. If nothing was compared, because
    /// no place was asked for or the model has no numbers, nothing has passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        !self.checks.is_empty() && self.failed() == 0 && 2 * self.vague() <= self.checks.len()
    }

    /// How many comparisons disagree.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.checks.iter().filter(|check| check.ratio() > 1.0).count()
    }

    /// In how many comparisons the finite differences were too vague to tell.
    #[must_use]
    pub fn vague(&self) -> usize {
        let scale = self.checks.iter().map(|check| check.analytic.abs()).sum::<f64>();
        #[expect(clippy::cast_precision_loss, reason = "a rough mean")]
        let mean = scale / self.checks.len() as f64;
        self.checks.iter().filter(|check| check.is_vague(mean)).count()
    }

    /// The comparison that is furthest off for its tolerance; `None` if nothing was compared.
    #[must_use]
    pub fn worst(&self) -> Option<&Check> {
        self.checks.iter().max_by(|a, b| a.ratio().total_cmp(&b.ratio()))
    }

    /// The worst comparison of each parameter, and of the directions.
    pub fn worst_of_each(&self) -> impl Iterator<Item = &Check> {
        let same = |a: &Check, b: &Check| match (&a.place, &b.place) {
            (Place::Direction(_), Place::Direction(_)) => true,
            (Place::Entry { parameter: a, .. }, Place::Entry { parameter: b, .. }) => a == b,
            _ => false,
        };
        self.checks.chunk_by(same).filter_map(|checks| checks.iter().max_by(|a, b| a.ratio().total_cmp(&b.ratio())))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (all, failed, vague) = (self.checks.len(), self.failed(), self.vague());
        match failed {
            _ if all == 0 => return write!(f, "nothing was compared"),
            0 => write!(f, "the gradient agrees with finite differences in {all} places")?,
            _ => write!(f, "the gradient is wrong in {failed} of {all} places")?,
        }
        if vague > 0 {
            write!(f, ", {vague} of them too vague to tell")?;
        }
        for check in self.worst_of_each() {
            write!(f, "\n  {check}")?;
        }
        Ok(())
    }
}
