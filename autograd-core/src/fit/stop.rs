//! When fits end and why: tolerances, reasons, and what a callback is told.

use core::fmt;
use core::ops::ControlFlow;

use super::method::Method;

/// How exact a fit is to be. A number stands for all three: `.tolerance(1e-6)`.
///
/// Without one a fit is as exact as rounding lets it be: the root of ε for the gradient, in units of the gradient at the start
/// where that is less than 1 (a small loss has small gradients), and 8 ε for the loss.
///
/// ```
/// use autograd_core::fit::Tolerance;
/// let loose = Tolerance::from(1e-4);
/// let by_gradient = Tolerance { gradient: 1e-5, loss: 0.0, step: 0.0 };
/// assert_eq!(loose.step, 1e-4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// Ends where no number of the gradient is larger, bounds considered. Levenberg–Marquardt: the cosine of the angle
    /// between the residuals and any column of the Jacobian.
    pub gradient: f64,
    /// Ends where a step makes the loss smaller by less than this share of it.
    pub loss: f64,
    /// Ends where steps are this share of the parameters (Levenberg–Marquardt).
    pub step: f64,
}

impl Tolerance {
    /// What is used unless something else is asked for, for numbers with this distance from 1 to the next: as exact as the
    /// loss can be told from its rounding.
    pub(super) fn of(epsilon: f64, method: Method) -> Self {
        match method {
            // What a linear model says of the loss is exact far below the rounding of the loss.
            Method::LevenbergMarquardt => {
                Self { gradient: 64.0 * epsilon, loss: epsilon * epsilon.sqrt(), step: 8.0 * epsilon }
            }
            Method::Lbfgs | Method::ConjugateGradient | Method::TruncatedNewton => {
                Self { gradient: epsilon.sqrt(), loss: 8.0 * epsilon, step: 8.0 * epsilon }
            }
        }
    }
}

impl From<f64> for Tolerance {
    fn from(all: f64) -> Self {
        Self { gradient: all, loss: all, step: all }
    }
}

/// Why a fit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// The gradient is within its tolerance of 0.
    Gradient,
    /// The loss does not get smaller by more than its tolerance.
    Loss,
    /// Steps are within their tolerance of 0.
    Step,
    /// All that could be gained is less than the rounding of the loss.
    Precision,
    /// The loss no longer depends on some of the parameters, those of [`Status::Flat`](super::Status::Flat): a step led to a
    /// plateau, where a gradient of 0 says nothing. Another start, or bounds, keep away from it.
    Plateau,
    /// No smaller loss was found, although the gradient says that there is one.
    NoProgress,
    /// The limit of iterations was reached.
    MaxIterations,
    /// The callback said so.
    Callback,
}

impl Stop {
    /// Whether a minimum was found, to within the tolerances or rounding.
    #[must_use]
    pub fn converged(self) -> bool {
        match self {
            Self::Gradient | Self::Loss | Self::Step | Self::Precision => true,
            Self::Plateau | Self::NoProgress | Self::MaxIterations | Self::Callback => false,
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gradient => "the gradient is within its tolerance",
            Self::Loss => "the loss no longer falls by more than its tolerance",
            Self::Step => "steps are within their tolerance",
            Self::Precision => "the loss is at its rounding",
            Self::Plateau => "the gradient vanished where the loss no longer depends on some parameters: a plateau",
            Self::NoProgress => "no smaller loss was found, though the gradient is not 0",
            Self::MaxIterations => "the limit of iterations was reached",
            Self::Callback => "the callback ended it",
        })
    }
}

/// Where a fit is: what a callback is told after each iteration.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// How many iterations are done.
    pub iteration: usize,
    /// The loss; of Levenberg–Marquardt the sum of the squares of the residuals.
    pub loss: f64,
    /// The largest number of the gradient, without what bounds hold back.
    pub gradient: f64,
}

/// A function that is called after each iteration.
pub(super) type Callback<'c> = Box<dyn FnMut(&Progress) -> ControlFlow<()> + 'c>;

/// What every method obeys.
pub(super) struct Control<'c> {
    pub(super) tolerance: Tolerance,
    /// Whether the gradient's tolerance is in units of the gradient at the start, where that is small.
    pub(super) in_units: bool,
    pub(super) max_iterations: usize,
    /// The distance from 1 to the next number of the model's type.
    pub(super) epsilon: f64,
    pub(super) callback: Option<Callback<'c>>,
    pub(super) iterations: usize,
    /// The numbers that the loss no longer depends on at the end.
    pub(super) flat: Vec<usize>,
}

impl Control<'_> {
    /// What ends a method that minimises a loss before its first iteration, and the threshold of the gradient.
    pub(super) fn start(&self, gradient: f64) -> (f64, Option<Stop>) {
        let unit = if self.in_units { gradient.min(1.0) } else { 1.0 };
        let threshold = self.tolerance.gradient * unit;
        (threshold, self.ended(gradient <= threshold, Stop::Gradient))
    }

    fn ended(&self, when: bool, stop: Stop) -> Option<Stop> {
        match when {
            true => Some(stop),
            false if self.iterations >= self.max_iterations => Some(Stop::MaxIterations),
            false => None,
        }
    }

    /// Counts an iteration, tells the callback, and says whether it was the last.
    pub(super) fn after(&mut self, threshold: f64, before: f64, loss: f64, gradient: f64) -> Option<Stop> {
        if let Some(stop) = self.tell(loss, gradient) {
            return Some(stop);
        }
        if gradient <= threshold {
            return Some(Stop::Gradient);
        }
        let fall = before - loss;
        self.ended(fall <= self.tolerance.loss * before.abs().max(loss.abs()), Stop::Loss)
    }

    /// Counts an iteration and tells the callback, which may end the fit.
    pub(super) fn tell(&mut self, loss: f64, gradient: f64) -> Option<Stop> {
        self.iterations += 1;
        let progress = Progress { iteration: self.iterations, loss, gradient };
        let callback = self.callback.as_mut()?;
        callback(&progress).is_break().then_some(Stop::Callback)
    }

    /// Why there is no better point along a direction: what it promises is less than the loss's rounding, or something is
    /// wrong with the gradient.
    pub(super) fn stuck(&self, loss: f64, promised: f64) -> Stop {
        if promised.abs() <= 64.0 * self.epsilon * loss.abs() { Stop::Precision } else { Stop::NoProgress }
    }
}
