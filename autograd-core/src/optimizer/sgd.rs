//! Gradient descent as it is.

use super::descent::Descent;
use super::rule::{Rule, SLOTS, check_size, decayed, number};
use crate::float::Float;
use crate::model::Objective;
use crate::simd::Lanes;

/// Gradient descent: `x -= rate * g`. With inputs drawn at random, stochastic gradient descent.
///
/// ```
/// # use autograd_core::optimizer::{Descent, SgdRule};
/// use autograd_core::Sgd;
/// # fn of<M: autograd_core::Objective>() -> Descent<M, SgdRule> {
/// let optimizer = Sgd::new(0.1);
/// # optimizer
/// # }
/// ```
pub type Sgd<M> = Descent<M, SgdRule>;

/// The rule of [`Sgd`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SgdRule {
    weight_decay: f64,
}

impl<M: Objective> Sgd<M> {
    /// Gradient descent with a learning rate.
    #[must_use]
    #[track_caller]
    pub fn new(rate: f64) -> Self {
        Self::by(SgdRule::default(), rate)
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

impl Rule for SgdRule {
    /// The learning rate and the weight decay.
    type Step = (f64, f64);

    fn slots(&self) -> usize {
        0
    }

    fn prepare(&self, rate: f64, _updates: u64) -> Self::Step {
        (rate, self.weight_decay)
    }

    #[inline(always)]
    fn update<T: Float, V: Lanes<T>>(&(rate, decay): &Self::Step, x: V, g: V, _slots: &mut [V; SLOTS]) -> V {
        let g = decayed::<T, V>(decay, x, g);
        x - number::<T, V>(rate) * g
    }
}
