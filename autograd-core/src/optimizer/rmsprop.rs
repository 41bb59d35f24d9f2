//! `RMSProp`: a learning rate for each number, by a running average of its gradient's squares.

use super::descent::Descent;
use super::rule::{Epsilon, Rule, SLOTS, average, check_rate, check_size, decayed, number};
use crate::float::Float;
use crate::model::Objective;
use crate::simd::Lanes;

/// `RMSProp` (Hinton's lecture 6e, 2012): `s = decay * s + (1 - decay) * g^2; x -= rate * g / (sqrt(s) + epsilon)`.
///
/// Centred (Graves 2013), `s` is lessened by the square of the gradient's own running average. With momentum,
/// `v = momentum * v + g / (sqrt(s) + epsilon); x -= rate * v`.
///
/// | | `new` (`PyTorch`) | Keras | TensorFlow 1 |
/// |---|---|---|---|
/// | decay | `decay(0.99)` | `decay(0.9)` | `decay(0.9)` |
/// | epsilon | `epsilon(1e-8)` | `epsilon_in_root(1e-7)` | `epsilon_in_root(1e-10)` |
/// | `s` at first | 0 | 0 | `initial(1.0)` |
/// | rate in `v` | outside | inside | inside |
///
/// The last row makes no difference as long as the learning rate does not change.
pub type RmsProp<M> = Descent<M, RmsPropRule>;

/// The rule of [`RmsProp`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsPropRule {
    decay: f64,
    epsilon: Epsilon,
    momentum: f64,
    centered: bool,
    initial: f64,
    weight_decay: f64,
}

/// The running average of the squares, that of the gradient, and the momentum.
const SQUARES: usize = 0;
const MOMENTUM: usize = 1;
const MEAN: usize = 2;

impl<M: Objective> RmsProp<M> {
    /// `RMSProp` with a learning rate.
    #[must_use]
    #[track_caller]
    pub fn new(rate: f64) -> Self {
        let rule = RmsPropRule {
            decay: 0.99,
            epsilon: Epsilon::AfterRoot(1e-8),
            momentum: 0.0,
            centered: false,
            initial: 0.0,
            weight_decay: 0.0,
        };
        Self::by(rule, rate)
    }

    /// What is left of the running averages after a step, in `0..1`. 0.99 at first.
    ///
    /// # Panics
    /// If `decay` is outside `0..1`.
    #[must_use]
    pub fn decay(mut self, decay: f64) -> Self {
        self.rule.decay = check_rate("decay", decay);
        self
    }

    /// Adds `epsilon` to the root. 1e-8 at first.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[must_use]
    #[track_caller]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.rule.epsilon = Epsilon::AfterRoot(check_size("epsilon", epsilon));
        self
    }

    /// Adds `epsilon` under the root instead.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[must_use]
    #[track_caller]
    pub fn epsilon_in_root(mut self, epsilon: f64) -> Self {
        self.rule.epsilon = Epsilon::InRoot(check_size("epsilon_in_root", epsilon));
        self
    }

    /// Momentum, in `0..1`. 0 at first.
    ///
    /// # Panics
    /// If `momentum` is outside `0..1`.
    #[must_use]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.rule.momentum = check_rate("momentum", momentum);
        self
    }

    /// Divides by the deviation of the gradient from its own average instead of by its size.
    #[must_use]
    pub fn centered(mut self) -> Self {
        self.rule.centered = true;
        self
    }

    /// The average of squares before the first step, at least 0. 0 at first.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[must_use]
    #[track_caller]
    pub fn initial(mut self, squares: f64) -> Self {
        self.rule.initial = check_size("initial", squares);
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

impl Rule for RmsPropRule {
    /// The rule and the learning rate.
    type Step = (Self, f64);

    fn slots(&self) -> usize {
        match (self.centered, self.momentum > 0.0) {
            (true, _) => 3,
            (false, true) => 2,
            (false, false) => 1,
        }
    }

    fn initial(&self, slot: usize) -> f64 {
        if slot == SQUARES { self.initial } else { 0.0 }
    }

    fn prepare(&self, rate: f64, _updates: u64) -> Self::Step {
        (*self, rate)
    }

    #[inline(always)]
    fn update<T: Float, V: Lanes<T>>((rule, rate): &Self::Step, x: V, g: V, slots: &mut [V; SLOTS]) -> V {
        let g = decayed::<T, V>(rule.weight_decay, x, g);
        slots[SQUARES] = average::<T, V>(rule.decay, slots[SQUARES], g * g);
        let mut variance = slots[SQUARES];
        if rule.centered {
            slots[MEAN] = average::<T, V>(rule.decay, slots[MEAN], g);
            // Rounding may leave less than nothing of it.
            variance = (variance - slots[MEAN] * slots[MEAN]).max(number(0.0));
        }
        let direction = g / rule.epsilon.guard(variance);
        slots[MOMENTUM] = number::<T, V>(rule.momentum) * slots[MOMENTUM] + direction;
        x - number::<T, V>(*rate) * slots[MOMENTUM]
    }
}
