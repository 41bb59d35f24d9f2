//! Calculus for Rust, done by the compiler: the runtime of `model!`.
//!
//! A model is a type that implements [`Model`] and, where it has a `loss`, [`Objective`]. Everything here is written
//! against these two, so it serves a model of `model!` and one written by hand alike:
//!
//! - [`Session`]: `forward`, `backward`, and a gradient that adds up (`PyTorch`'s way);
//! - [`Optimizer`]: `compute_gradients`, `apply_gradients`, `minimize` (TensorFlow's way) for [`Sgd`], [`Momentum`],
//!   [`Nesterov`], [`Adagrad`], [`RmsProp`], [`Adam`] and [`AdamW`], with [schedules](schedule) and [clipping](Clip);
//! - [`init`]: what parameters start from, the same bits for a seed on every machine;
//! - [`Batches`]: which rows of a data set come next; [`Random`]: data made up;
//! - [`gradcheck()`]: a gradient against finite differences;
//! - [`Error`]: what can go wrong, in the names of the model.
//!
//! What [`model!`] understands is told in [`language`], what it makes of it and what that costs in [`loops`].
//!
//! A call whose loops and matrix products take more than about 200 µs runs on several threads (feature `rayon`, on by
//! default): the caller's and some of the library's own, as many as rayon's pool has that the caller runs in, by
//! `rayon::ThreadPool::install`, or the global one, whose size `RAYON_NUM_THREADS` or
//! `rayon::ThreadPoolBuilder::build_global` set. Smaller calls never start a thread. Results have the same bits on any
//! number of threads, and without the feature. A call runs nothing but itself: it takes up no other task of rayon's while
//! it waits, so a thread-local workspace may be borrowed, and a mutex held, around it.
//!
//! Sessions, `minimize`, `apply_gradients` and every method whose name ends in `_into` allocate nothing once their
//! buffers have grown to size. Nothing here writes to the terminal, and nothing depends on the time of day.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare with the system's functions"))]

pub mod contract;
pub mod float;
pub mod math;
pub mod simd;

mod batches;
mod binding;
mod clip;
mod copies;
mod error;
pub mod gradcheck;
pub mod init;
#[cfg(debug_assertions)]
mod instances;
#[doc = include_str!("../LANGUAGE.md")]
pub mod language {}
#[doc = include_str!("../LOOPS.md")]
pub mod loops {}
mod model;
pub mod optimizer;
mod parallel;
mod random;
pub mod schedule;
mod session;
mod statistics;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use batches::Batches;
pub use clip::{Clip, global_norm};
pub use error::{Error, Origin};
pub use float::Float;
pub use gradcheck::gradcheck;
pub use model::{Model, Objective, Parameters, Workspace};
pub use optimizer::{Adagrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Sgd};
pub use random::Random;
pub use session::Session;

/// Compiles mathematics on scalars, vectors, matrices and tensors to plain Rust, with exact derivatives.
#[macro_export]
macro_rules! model {
    ($($tokens:tt)*) => {
        $crate::__private::compile! { [$crate] $($tokens)* }
    };
}
