//! Early stopping: the best model so far, and how long ago that was.

use crate::model::Parameters;

/// What is looked at to tell which epoch is the best.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Monitor {
    /// A metric; the loss if there is none: that of the validation set, or else that of training.
    pub(super) metric: Option<String>,
    /// Whether larger is better.
    pub(super) largest: bool,
    /// By how much it must be better to count.
    pub(super) least: f64,
}

impl Monitor {
    /// Whether a value is better than another. What is NaN is never better.
    pub(super) fn is_better(&self, value: f64, than: Option<f64>) -> bool {
        let Some(than) = than else { return !value.is_nan() };
        if self.largest { value > than + self.least } else { value < than - self.least }
    }
}

/// The best model so far.
#[derive(Clone, Debug)]
pub(crate) struct Best<M> {
    pub(crate) value: f64,
    /// Its epoch, from 1.
    pub(crate) epoch: usize,
    pub(crate) model: M,
}

/// Makes the parameters and states of `to` those of `from`, which has the same shapes. Allocates nothing.
pub(crate) fn copy<M: Parameters>(from: &M, to: &mut M) {
    for index in 0..M::NAMES.len() {
        to.values_mut(index).copy_from_slice(&from.values(index));
    }
    for index in 0..M::STATES.len() {
        to.state_mut(index).copy_from_slice(&from.state(index));
    }
}
