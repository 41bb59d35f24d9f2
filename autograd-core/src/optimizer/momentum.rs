//! Gradient descent with momentum: Polyak's heavy ball, and Nesterov's look ahead.

use super::descent::Descent;
use super::rule::{Rule, SLOTS, check_size, decayed, number};
use crate::float::Float;
use crate::model::Objective;
use crate::simd::Lanes;

/// Gradient descent with momentum (Polyak 1964): `v = momentum * v + (1 - dampening) * g; x -= rate * v`.
///
/// At the first step `v = g`. `PyTorch`'s `SGD(momentum=…)` and TensorFlow 1's `MomentumOptimizer`. Keras has the
/// learning rate inside `v`; that is the same as long as the learning rate does not change.
///
/// ```
/// # use autograd_core::optimizer::{Descent, MomentumRule};
/// use autograd_core::Momentum;
/// # fn of<M: autograd_core::Objective>() -> Descent<M, MomentumRule<false>> {
/// let optimizer = Momentum::new(0.1, 0.9).weight_decay(1e-4);
/// # optimizer
/// # }
/// ```
pub type Momentum<M> = Descent<M, MomentumRule<false>>;

/// Gradient descent with Nesterov's momentum: `v = momentum * v + g; x -= rate * (g + momentum * v)`.
///
/// The form of Sutskever et al. (2013), in which the parameters are those looked ahead to; `PyTorch`'s
/// `SGD(nesterov=True)` and TensorFlow 1's `MomentumOptimizer(use_nesterov=True)` agree on it. Keras as for
/// [`Momentum`].
pub type Nesterov<M> = Descent<M, MomentumRule<true>>;

/// The rule of [`Momentum`] and, where it looks ahead, of [`Nesterov`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MomentumRule<const AHEAD: bool> {
    momentum: f64,
    dampening: f64,
    weight_decay: f64,
}

impl<M: Objective, const AHEAD: bool> Descent<M, MomentumRule<AHEAD>> {
    /// Gradient descent with a learning rate and a momentum, usually 0.9.
    ///
    /// # Panics
    /// If `momentum` is outside `0..1`.
    #[must_use]
    #[track_caller]
    pub fn new(rate: f64, momentum: f64) -> Self {
        assert!((0.0..1.0).contains(&momentum), "`momentum` is {momentum}, outside 0..1");
        Self::by(MomentumRule { momentum, dampening: 0.0, weight_decay: 0.0 }, rate)
    }

    /// Adds `decay * x` to the gradient: the gradient of `decay/2 * |x|^2`. 0 at first.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[must_use]
    #[track_caller]
    pub fn weight_decay(mut self, decay: f64) -> Self {
        self.rule.weight_decay = check_size("weight_decay", decay);
        self
    }
}

impl<M: Objective> Momentum<M> {
    /// The share of the gradient that does not enter `v`, from the second step on. 0 at first; `PyTorch` alone has it.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[must_use]
    #[track_caller]
    pub fn dampening(mut self, dampening: f64) -> Self {
        self.rule.dampening = check_size("dampening", dampening);
        self
    }
}

/// The coefficients of a step of [`MomentumRule`].
#[derive(Clone, Copy, Debug)]
pub struct MomentumStep {
    rate: f64,
    momentum: f64,
    /// The share of the gradient that enters the momentum.
    intake: f64,
    weight_decay: f64,
}

impl<const AHEAD: bool> Rule for MomentumRule<AHEAD> {
    type Step = MomentumStep;

    fn slots(&self) -> usize {
        1
    }

    fn prepare(&self, rate: f64, updates: u64) -> Self::Step {
        MomentumStep {
            rate,
            momentum: self.momentum,
            intake: if updates == 0 { 1.0 } else { 1.0 - self.dampening },
            weight_decay: self.weight_decay,
        }
    }

    #[inline(always)]
    fn update<T: Float, V: Lanes<T>>(step: &Self::Step, x: V, g: V, slots: &mut [V; SLOTS]) -> V {
        let momentum = number::<T, V>(step.momentum);
        let g = decayed::<T, V>(step.weight_decay, x, g);
        let v = momentum * slots[0] + number::<T, V>(step.intake) * g;
        slots[0] = v;
        let direction = if AHEAD { g + momentum * v } else { v };
        x - number::<T, V>(step.rate) * direction
    }
}
