//! What an optimiser does to one number: the [`Rule`] trait, and what rules share.

use crate::float::Float;
use crate::simd::Lanes;

/// The most numbers that a rule keeps for each number of a parameter.
pub const SLOTS: usize = 3;

/// An update rule: what one step of an optimiser does to one number of a parameter.
///
/// The engine calls [`prepare`](Self::prepare) once a step and [`update`](Self::update) for all numbers, a pack at a
/// time. With a rule of your own, [`Descent::by`](super::Descent::by) is an optimiser:
///
/// ```
/// use autograd_core::optimizer::{Rule, SLOTS};
/// use autograd_core::{Float, simd::Lanes};
///
/// /// Moves by the learning rate against the sign of the gradient.
/// struct SignDescent;
///
/// impl Rule for SignDescent {
///     type Step = f64;
///     fn slots(&self) -> usize {
///         0
///     }
///     fn prepare(&self, rate: f64, _updates: u64) -> f64 {
///         rate
///     }
///     fn update<T: Float, V: Lanes<T>>(step: &f64, x: V, g: V, _slots: &mut [V; SLOTS]) -> V {
///         x - V::splat(T::from_f64(*step)).copysign(g)
///     }
/// }
/// ```
pub trait Rule {
    /// What is the same for all numbers in one step: the coefficients.
    type Step;

    /// How many numbers are kept for each number of a parameter, at most [`SLOTS`].
    fn slots(&self) -> usize;

    /// What the numbers of a slot are at first.
    fn initial(&self, _slot: usize) -> f64 {
        0.0
    }

    /// The coefficients of a step with learning rate `rate` after `updates` others.
    fn prepare(&self, rate: f64, updates: u64) -> Self::Step;

    /// The new values of `x`, whose gradient is `g`. Slots that the rule has no use for are zeros and are not stored.
    ///
    /// Mark it `#[inline(always)]`: it is compiled for each kind of processor.
    fn update<T: Float, V: Lanes<T>>(step: &Self::Step, x: V, g: V, slots: &mut [V; SLOTS]) -> V;
}

/// Where the small number stands that keeps a division by a root from failing.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Epsilon {
    /// `1 / (sqrt(v) + epsilon)`: `PyTorch`.
    AfterRoot(f64),
    /// `1 / sqrt(v + epsilon)`: TensorFlow.
    InRoot(f64),
}

impl Epsilon {
    /// The root of `v`, guarded.
    #[inline(always)]
    pub(crate) fn guard<T: Float, V: Lanes<T>>(self, v: V) -> V {
        match self {
            Self::AfterRoot(epsilon) => v.sqrt() + number(epsilon),
            Self::InRoot(epsilon) => (v + number(epsilon)).sqrt(),
        }
    }
}

/// A coefficient in all lanes.
#[inline(always)]
pub(crate) fn number<T: Float, V: Lanes<T>>(value: f64) -> V {
    V::splat(T::from_f64(value))
}

/// `beta * average + (1 - beta) * x`: a running average.
#[inline(always)]
pub(crate) fn average<T: Float, V: Lanes<T>>(beta: f64, average: V, x: V) -> V {
    number::<T, V>(beta) * average + number::<T, V>(1.0 - beta) * x
}

/// The gradient `g` with that of `decay/2 * x^2` added to it; exactly `g` if `decay` is 0.
#[inline(always)]
pub(crate) fn decayed<T: Float, V: Lanes<T>>(decay: f64, x: V, g: V) -> V {
    if decay == 0.0 { g } else { g + number::<T, V>(decay) * x }
}

/// Checks that a rate, a decay or an epsilon is a number that is not negative.
///
/// # Panics
/// If it is not.
#[track_caller]
pub(crate) fn check_size(name: &str, size: f64) -> f64 {
    assert!(size >= 0.0 && size.is_finite(), "`{name}` is {size}, not a number from 0 on");
    size
}

/// Checks that a decay rate of an average is in `0.0..1.0`.
///
/// # Panics
/// If it is not.
#[track_caller]
pub(crate) fn check_rate(name: &str, rate: f64) -> f64 {
    assert!((0.0..1.0).contains(&rate), "`{name}` is {rate}, outside 0..1");
    rate
}
