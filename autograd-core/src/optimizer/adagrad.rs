//! Adagrad: a learning rate for each number, by the squares that its gradient has summed up.

use super::descent::Descent;
use super::rule::{Epsilon, Rule, SLOTS, check_size, decayed, number};
use crate::float::Float;
use crate::model::Objective;
use crate::simd::Lanes;

/// Adagrad (Duchi, Hazan and Singer 2011): `s += g^2; x -= rate * g / (sqrt(s) + epsilon)`.
///
/// | | `new` (`PyTorch`) | Keras | TensorFlow 1 |
/// |---|---|---|---|
/// | `s` at first | 0 | `initial(0.1)` | `initial(0.1)` |
/// | epsilon | `epsilon(1e-10)` | `epsilon_in_root(1e-7)` | `epsilon_in_root(0.0)` |
///
/// `PyTorch`'s `lr_decay` is the schedule [`InverseTime`](crate::schedule::InverseTime) with `every: 1.0`.
pub type Adagrad<M> = Descent<M, AdagradRule>;

/// The rule of [`Adagrad`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdagradRule {
    epsilon: Epsilon,
    initial: f64,
    weight_decay: f64,
}

impl<M: Objective> Adagrad<M> {
    /// Adagrad with a learning rate.
    #[must_use]
    #[track_caller]
    pub fn new(rate: f64) -> Self {
        let rule = AdagradRule { epsilon: Epsilon::AfterRoot(1e-10), initial: 0.0, weight_decay: 0.0 };
        Self::by(rule, rate)
    }

    /// Adds `epsilon` to the root. 1e-10 at first.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[must_use]
    #[track_caller]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.rule.epsilon = Epsilon::AfterRoot(check_size("epsilon", epsilon));
        self
    }

    /// Adds `epsilon` to `s` under the root instead.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[must_use]
    #[track_caller]
    pub fn epsilon_in_root(mut self, epsilon: f64) -> Self {
        self.rule.epsilon = Epsilon::InRoot(check_size("epsilon_in_root", epsilon));
        self
    }

    /// The sum of squares before the first step, at least 0. 0 at first.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[must_use]
    #[track_caller]
    pub fn initial(mut self, sum: f64) -> Self {
        self.rule.initial = check_size("initial", sum);
        self
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

impl Rule for AdagradRule {
    /// The rule and the learning rate.
    type Step = (Self, f64);

    fn slots(&self) -> usize {
        1
    }

    fn initial(&self, _slot: usize) -> f64 {
        self.initial
    }

    fn prepare(&self, rate: f64, _updates: u64) -> Self::Step {
        (*self, rate)
    }

    #[inline(always)]
    fn update<T: Float, V: Lanes<T>>((rule, rate): &Self::Step, x: V, g: V, slots: &mut [V; SLOTS]) -> V {
        let g = decayed::<T, V>(rule.weight_decay, x, g);
        let sum = slots[0] + g * g;
        slots[0] = sum;
        x - number::<T, V>(*rate) * g / rule.epsilon.guard(sum)
    }
}
