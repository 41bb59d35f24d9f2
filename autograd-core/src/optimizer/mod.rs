//! Optimisers: TensorFlow's three methods, one engine, and an update rule for each optimiser.
//!
//! An optimiser is a [`Descent`] by a [`Rule`]; [`Sgd`], [`Adam`] and the others are names for `Descent` by the rule in
//! the file of that name. A rule says what an update does to one number; the engine owns the learning rate with its
//! schedule, clipping, the state of every number, and the buffers.
//!
//! Where `PyTorch` and TensorFlow differ, `new` is `PyTorch`, and there is a method for the other: each rule's page says
//! which. The trajectories of both libraries are part of the tests.

#![allow(clippy::inline_always, reason = "rules are parts of kernels, compiled for each kind of processor")]

mod adagrad;
mod adam;
mod descent;
mod free;
mod momentum;
mod rmsprop;
mod rule;
mod sgd;

pub use adagrad::{Adagrad, AdagradRule};
pub use adam::{Adam, AdamRule, AdamW};
pub use descent::{Descent, Optimizer};
pub use momentum::{Momentum, MomentumRule, Nesterov};
pub use rmsprop::{RmsProp, RmsPropRule};
pub use rule::{Epsilon, Rule, SLOTS};
pub use sgd::{Sgd, SgdRule};
