//! Adam and `AdamW`: momentum and `RMSProp` in one, corrected for their start from zero.

use super::descent::Descent;
use super::rule::{Rule, SLOTS, average, check_rate, check_size, decayed, number};
use crate::float::Float;
use crate::math::Elementary;
use crate::model::Objective;
use crate::simd::Lanes;

/// Adam (Kingma and Ba 2015, algorithm 1).
///
/// `m` and `v` are running averages of `g` and `g^2` with rates beta1 = 0.9 and beta2 = 0.999; `m' = m / (1 - beta1^t)`
/// and `v' = v / (1 - beta2^t)` in step t = 1, 2, …; then `x -= rate * m' / (sqrt(v') + epsilon)` with epsilon 1e-8:
/// `PyTorch`. TensorFlow adds epsilon to `sqrt(v)` before the correction (the paper's "epsilon hat"), 1e-7 in Keras and
/// 1e-8 in TensorFlow 1: [`epsilon_hat`](Self::epsilon_hat).
///
/// ```
/// # use autograd_core::optimizer::{AdamRule, Descent};
/// use autograd_core::{Adam, Clip, schedule::Cosine};
/// # fn of<M: autograd_core::Objective>() -> Descent<M, AdamRule<false>> {
/// let optimizer = Adam::new(1e-3)
///     .schedule(Cosine { steps: 10_000, warmup: 500, floor: 0.01 })
///     .clip(Clip::GlobalNorm(1.0));
/// # optimizer
/// # }
/// ```
pub type Adam<M> = Descent<M, AdamRule<false>>;

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019): first `x *= 1 - rate * decay`, then [`Adam`].
///
/// The decay is 0.01 at first, as in `PyTorch` (0.004 in Keras), and follows the schedule with the learning rate.
pub type AdamW<M> = Descent<M, AdamRule<true>>;

/// The rule of [`Adam`] and, with decoupled weight decay, of [`AdamW`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamRule<const DECOUPLED: bool> {
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    /// Whether epsilon is added before the correction.
    hat: bool,
    amsgrad: bool,
    weight_decay: f64,
}

/// The running averages of the gradient and of its squares, and the largest of the latter.
const MEAN: usize = 0;
const SQUARES: usize = 1;
const LARGEST: usize = 2;

impl<M: Objective, const DECOUPLED: bool> Descent<M, AdamRule<DECOUPLED>> {
    /// Adam with a learning rate, usually 1e-3.
    #[must_use]
    #[track_caller]
    pub fn new(rate: f64) -> Self {
        let rule = AdamRule {
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            hat: false,
            amsgrad: false,
            weight_decay: if DECOUPLED { 0.01 } else { 0.0 },
        };
        Self::by(rule, rate)
    }

    /// What is left of the averages of the gradient and of its squares after a step. 0.9 and 0.999 at first.
    ///
    /// # Panics
    /// If either is outside `0..1`.
    #[must_use]
    pub fn betas(mut self, beta1: f64, beta2: f64) -> Self {
        self.rule.beta1 = check_rate("beta1", beta1);
        self.rule.beta2 = check_rate("beta2", beta2);
        self
    }

    /// Adds `epsilon` to the root of the corrected average. 1e-8 at first.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[must_use]
    #[track_caller]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.rule.epsilon = check_size("epsilon", epsilon);
        self.rule.hat = false;
        self
    }

    /// Adds `epsilon` to the root of the average before it is corrected: TensorFlow's convention.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[must_use]
    #[track_caller]
    pub fn epsilon_hat(mut self, epsilon: f64) -> Self {
        self.rule.epsilon = check_size("epsilon_hat", epsilon);
        self.rule.hat = true;
        self
    }

    /// Divides by the largest average of squares so far (Reddi, Kale and Kumar 2018).
    #[must_use]
    pub fn amsgrad(mut self) -> Self {
        self.rule.amsgrad = true;
        self
    }

    /// The weight decay: for [`Adam`] `decay * x` is added to the gradient, for [`AdamW`] the parameters shrink by
    /// `rate * decay` in each step.
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

/// The coefficients of a step of [`AdamRule`].
#[derive(Clone, Copy, Debug)]
pub struct AdamStep {
    beta1: f64,
    beta2: f64,
    amsgrad: bool,
    /// What is added to the gradient for each unit of `x`.
    coupled: f64,
    /// What is left of `x` before the step.
    left: f64,
    /// `x -= rate * m / (root * sqrt(v) + epsilon)`
    rate: f64,
    root: f64,
    epsilon: f64,
}

impl<const DECOUPLED: bool> Rule for AdamRule<DECOUPLED> {
    type Step = AdamStep;

    fn slots(&self) -> usize {
        if self.amsgrad { 3 } else { 2 }
    }

    fn prepare(&self, rate: f64, updates: u64) -> Self::Step {
        let step = i32::try_from(updates).map_or(i32::MAX, |updates| updates.saturating_add(1));
        let correction1 = 1.0 - Elementary::powi(self.beta1, step);
        let correction2 = (1.0 - Elementary::powi(self.beta2, step)).sqrt();
        let (coupled, left) = if DECOUPLED { (0.0, 1.0 - rate * self.weight_decay) } else { (self.weight_decay, 1.0) };
        AdamStep {
            beta1: self.beta1,
            beta2: self.beta2,
            amsgrad: self.amsgrad,
            coupled,
            left,
            rate: rate / correction1,
            root: 1.0 / correction2,
            epsilon: if self.hat { self.epsilon / correction2 } else { self.epsilon },
        }
    }

    #[inline(always)]
    fn update<T: Float, V: Lanes<T>>(step: &Self::Step, x: V, g: V, slots: &mut [V; SLOTS]) -> V {
        let g = decayed::<T, V>(step.coupled, x, g);
        let mean = average::<T, V>(step.beta1, slots[MEAN], g);
        let mut squares = average::<T, V>(step.beta2, slots[SQUARES], g * g);
        slots[MEAN] = mean;
        slots[SQUARES] = squares;
        if step.amsgrad {
            squares = squares.max(slots[LARGEST]);
            slots[LARGEST] = squares;
        }
        let root = number::<T, V>(step.root) * squares.sqrt() + number::<T, V>(step.epsilon);
        number::<T, V>(step.left) * x - number::<T, V>(step.rate) * mean / root
    }
}
