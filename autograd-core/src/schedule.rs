//! Learning-rate schedules: what the learning rate of an optimiser is multiplied with at each update.
//!
//! A schedule is a function from the number of updates made so far (0 at the first) to a factor, so that one schedule
//! serves any learning rate. Epochs are the user's: a schedule by epochs is one with the updates of an epoch in its
//! numbers. A closure is a schedule.

use core::f64::consts::PI;

use crate::math::Elementary;

/// A factor for the learning rate as a function of the updates made so far.
///
/// ```
/// use autograd_core::schedule::{Exponential, Schedule};
/// let halving = Exponential { rate: 0.5, every: 10.0 };
/// assert_eq!(halving.factor(20), 0.25);
/// let own = |step: u64| if step < 100 { 1.0 } else { 0.1 };
/// assert_eq!(own.factor(100), 0.1);
/// ```
pub trait Schedule: Send + Sync {
    /// The factor for the update after `step` others.
    fn factor(&self, step: u64) -> f64;
}

impl<F: Fn(u64) -> f64 + Send + Sync> Schedule for F {
    fn factor(&self, step: u64) -> f64 {
        self(step)
    }
}

/// The learning rate as it is: the factor 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Constant;

impl Schedule for Constant {
    fn factor(&self, _step: u64) -> f64 {
        1.0
    }
}

/// Stairs: `rate^floor(step / every)`. `PyTorch`'s `StepLR`, TensorFlow's `ExponentialDecay` with `staircase`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepDecay {
    /// The factor from one stair to the next.
    pub rate: f64,
    /// The updates on one stair; 0 counts as 1.
    pub every: u64,
}

impl Schedule for StepDecay {
    fn factor(&self, step: u64) -> f64 {
        Elementary::pow(self.rate, as_f64(step / self.every.max(1)))
    }
}

/// Exponential decay: `rate^(step / every)`. Panics if `rate` is negative or `every` not above 0.
///
///  TensorFlow's `ExponentialDecay`; `PyTorch`'s `ExponentialLR` has
/// `every = 1.0`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    /// The factor that `every` updates come to.
    pub rate: f64,
    /// The updates in which the factor falls by `rate`, above 0.
    pub every: f64,
}

impl Schedule for Exponential {
    fn factor(&self, step: u64) -> f64 {
        check(self.rate, self.every);
        Elementary::pow(self.rate, as_f64(step) / self.every)
    }
}

/// Inverse-time decay: `1 / (1 + rate * step / every)`. Panics if `rate` is negative or `every` not above 0.
///
/// TensorFlow's `InverseTimeDecay`; with `every = 1.0` the
/// `lr_decay` of `PyTorch`'s `Adagrad`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InverseTime {
    /// How fast it decays; 0 is constant.
    pub rate: f64,
    /// The updates that count as one unit of time, above 0.
    pub every: f64,
}

impl Schedule for InverseTime {
    fn factor(&self, step: u64) -> f64 {
        check(self.rate, self.every);
        1.0 / (1.0 + self.rate * as_f64(step) / self.every)
    }
}

/// Cosine annealing after a linear warm-up, without restarts.
///
/// The factor climbs in a line from 0 at step 0 to 1 at step `warmup`, then falls along half a cosine to `floor` at
/// step `warmup + steps`, and stays there. TensorFlow's `CosineDecay`; without warm-up also `PyTorch`'s
/// `CosineAnnealingLR` with `eta_min = floor * lr`, up to step `steps` (`PyTorch` climbs again after it). The formula is
/// equation 5 of Loshchilov and Hutter, *SGDR* (2017).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cosine {
    /// The updates of the fall.
    pub steps: u64,
    /// The updates of the climb; 0 for none.
    pub warmup: u64,
    /// The factor at the end, in 0..=1.
    pub floor: f64,
}

impl Schedule for Cosine {
    fn factor(&self, step: u64) -> f64 {
        if step < self.warmup {
            return as_f64(step) / as_f64(self.warmup);
        }
        let step = (step - self.warmup).min(self.steps);
        let done = if self.steps == 0 { 1.0 } else { as_f64(step) / as_f64(self.steps) };
        let cosine = 0.5 * (1.0 + Elementary::cos(PI * done));
        (1.0 - self.floor) * cosine + self.floor
    }
}

/// Piecewise constant: the factor of the last boundary that has been reached, 1 before the first.
///
/// TensorFlow's `PiecewiseConstantDecay`, but a boundary is the first step with the new factor; `PyTorch`'s
/// `MultiStepLR` with factors `gamma`, `gamma^2`, ….
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Piecewise {
    /// Steps and the factors from there on.
    pub boundaries: Vec<(u64, f64)>,
}

impl Schedule for Piecewise {
    fn factor(&self, step: u64) -> f64 {
        let reached = self.boundaries.iter().filter(|(from, _)| *from <= step);
        reached.max_by_key(|(from, _)| *from).map_or(1.0, |&(_, factor)| factor)
    }
}

/// Checks what a decay is made of.
fn check(rate: f64, every: f64) {
    assert!(rate >= 0.0, "the `rate` of a schedule is {rate}, not a number from 0 on");
    assert!(every > 0.0, "the `every` of a schedule is {every}, not above 0");
}

#[expect(clippy::cast_precision_loss, reason = "no one makes 2^53 updates")]
fn as_f64(step: u64) -> f64 {
    step as f64
}
