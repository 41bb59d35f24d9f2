//! Calculus for Rust, done by the compiler.
//!
//! [`model!`] takes mathematics on numbers, vectors, matrices and tensors. While your crate compiles it checks the
//! shapes, differentiates, and writes plain Rust for the value and the derivative. This is a whole program:
//!
//! ```
//! use autograd_core::{Adam, Error, Optimizer, model};
//! use ndarray::{Array1, Array2, array};
//!
//! model! {
//!     /// A plane through points, by least squares.
//!     pub Plane<N, D> {
//!         param w: [D], b;                     // what is learnt: an array and a number, from 0
//!         input x: [N, D], y: [N];             // what every call is given
//!         prediction = x @ w + b;              // an output
//!         loss = mean((prediction - y)^2);     // the output that is made small
//!     }
//! }
//!
//! fn main() -> Result<(), Error> {
//!     let number = |(row, column)| ((3 * row + 5 * column) % 7) as f64;
//!     let x: Array2<f64> = Array2::from_shape_fn((20, 2), number);
//!     let y: Array1<f64> = x.dot(&array![2.0, -1.0]) + 0.5;
//!     let inputs = plane::Inputs::new(&x, &y);
//!
//!     let mut model = Plane::from_dims(plane::Dims { d: 2 });
//!     let (loss, grad) = model.loss_and_grad(&inputs)?;      // in one pass over the data
//!     model -= 0.01 * &grad;                                 // a step by hand,
//!     let mut optimizer = Adam::new(0.05);
//!     for _ in 0..2000 {
//!         optimizer.minimize(&mut model, &inputs)?;          // or many by an optimiser
//!     }
//!     assert!(model.loss(&inputs)? < 1e-6 * loss);
//!     assert!((model.w[0] - 2.0).abs() < 1e-3 && (model.b - 0.5).abs() < 1e-3);
//!     let prediction = model.prediction(&inputs)?;           // an owned array
//!     assert_eq!(prediction.len(), 20);
//!     Ok(())
//! }
//! ```
//!
//! | you want to | look at |
//! |---|---|
//! | begin | [the guide](guide), with pages for those who come from elsewhere |
//! | learn the language | [`model!`] on one page, [`language`] for all of it |
//! | know what a model has | [`Model`], [`Objective`], [`Parameters`]; [the emitted items](language#what-is-emitted) |
//! | train as in `PyTorch` | [`Session`]: `forward`, `backward`, a gradient that adds up |
//! | train as in TensorFlow | [`Optimizer`]: `minimize`, or `compute_gradients` and `apply_gradients`; [`Sgd`], [`Momentum`], [`Nesterov`], [`Adagrad`], [`RmsProp`], [`Adam`], [`AdamW`], with [schedules](schedule) and [clipping](Clip) |
//! | fit a model to data, with standard errors | [`fit()`]: Levenberg–Marquardt, L-BFGS with bounds, Newton; [what there is](mod@fit) |
//! | see all parameters as one vector | [`Parameters`]: `flatten`, `unflatten`; with a [`Support`], the free form |
//! | give a model to solvers or samplers of other crates | [`adapters`] |
//! | update by hand | `model -= rate * &grad`, and the methods of [`Parameters`] |
//! | train in one call, with validation | [`train::Trainer`], [`train::metrics`], [`data`] |
//! | save and load | [`save`] |
//! | read data | [`data`]: [`Split`](data::Split), [`Standardizer`](data::Standardizer), [`read_npy`](data::read_npy), CSV and npz |
//! | draw batches, or make data up | [`Batches`], [`Random`] |
//! | be sure of a gradient | [`gradcheck()`](gradcheck::gradcheck()) |
//! | know what went wrong | [`Error`] |
//! | see formulas, the graph, where a NaN comes from | [`look`](look/index.html), with the feature `look` |
//! | draw fits, losses, confusion matrices | [`plot`](plot/index.html), with the feature `plot` |
//! | know what it costs | [`loops`]; what lies below is in [`internals`] |
//!
//! Models, sessions and optimisers are written against the traits, so a model written by hand will do as well.
//! `autograd_core::ndarray` and `autograd_core::rand` are those crates in the versions that models use.
//!
//! # Builds without optimisation
//!
//! `cargo build` without `--release` does not optimise, and numerics suffer most. Two lines in your `Cargo.toml` make the
//! loops of a debug build six times as fast, and what you build again after a change takes no longer:
//!
//! ```toml
//! [profile.dev]
//! opt-level = 1
//! ```
//!
//! Where your own code is to stay without any optimisation, `[profile.dev.package.autograd-core]` with `opt-level = 3`
//! still gives a factor of two.
//!
//! # Threads
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

#[doc(hidden)]
pub mod contract;
#[doc(hidden)]
pub mod float;
#[doc(hidden)]
pub mod math;
#[doc(hidden)]
pub mod simd;

/// What emitted code and optimisers are made of: nothing that a program has to know.
///
/// An [optimiser's rule](crate::optimizer::Rule) of your own is written for [`simd::Lanes`].
pub mod internals {
    #[doc(inline)]
    pub use crate::{contract, math, simd};
}

#[doc = include_str!("../ADAPTERS.md")]
pub mod adapters {
    #[cfg(feature = "argmin")]
    pub mod argmin;
}
mod batches;
mod binding;
mod clip;
mod copies;
pub mod data;
mod error;
#[cfg(feature = "fit")]
pub mod fit;
mod flat;
pub mod gradcheck;
pub mod guide;
mod hessian;
pub mod init;
#[cfg(debug_assertions)]
mod instances;
#[doc = include_str!("../LANGUAGE.md")]
pub mod language {}
#[doc = include_str!("../LOOPS.md")]
pub mod loops {}
#[cfg(feature = "look")]
pub mod look;
mod model;
pub mod optimizer;
mod parallel;
#[cfg(feature = "plot")]
pub mod plot;
mod random;
#[cfg_attr(not(feature = "fit"), allow(dead_code, reason = "fits read residuals"))]
mod residuals;
pub mod save;
pub mod schedule;
mod session;
mod space;
mod statistics;
mod support;
#[cfg(feature = "train")]
pub mod train;
mod view;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use batches::Batches;
pub use clip::{Clip, global_norm};
pub use error::{Error, Origin};
#[cfg(feature = "fit")]
#[doc(inline)]
pub use fit::fit;
pub use float::Float;
#[doc(inline)]
pub use gradcheck::gradcheck;
pub use model::{Model, Objective, Parameters, Visit, Workspace};
/// The arrays of models, in the version that models use.
pub use ndarray;
#[doc(inline)]
pub use optimizer::{Adagrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Sgd};
/// The generators that models start from, in the version that models use.
pub use rand;
pub use random::Random;
pub use residuals::Residuals;
#[cfg(feature = "safetensors")]
#[doc(inline)]
pub use save::Saved;
pub use session::Session;
pub use space::{Direction, Scaled};
pub use support::Support;
pub use view::IntoView;

/// Compiles mathematics on scalars, vectors, matrices and tensors to plain Rust, with exact derivatives.
///
/// This page is the language in brief; [`language`] is the reference, with all functions and conventions.
///
/// ```
/// use autograd_core::{Adam, Error, Optimizer, model};
/// use ndarray::{Array1, Array2};
/// use rand::{SeedableRng, rngs::SmallRng};
///
/// model! {
///     /// A small network for three classes.
///     pub Mlp<N, D, H, K> {                        // a name, and the dimensions
///         param w1: [D, H] = kaiming_uniform();    // learnt, drawn when the model is made
///         param b1: [H];                           // learnt, from 0
///         param w2: [H, K] = xavier_uniform();
///         param b2: [K];
///         input x: [N, D];                         // given with every call
///         input label: [N] in K;                   // class indices: 0 <= label < K
///         let hidden = relu(x @ w1 + b1);          // `@` is the matrix product
///         logits = hidden @ w2 + b2;               // an output: `mlp.logits(&inputs)`
///         accuracy = mean(argmax(logits, K) == label);
///         loss = mean(cross_entropy(logits, label));    // what optimisers make small
///     }
/// }
///
/// # fn main() -> Result<(), Error> {
/// let (dims, mut rng) = (mlp::Dims { d: 2, h: 8, k: 3 }, SmallRng::seed_from_u64(7));
/// let mut mlp = Mlp::<f32>::new(dims, &mut rng);
/// let x = Array2::from_shape_fn((6, 2), |(i, j)| if i % 3 == j { 1.0 } else { 0.0 });
/// let label = Array1::from_iter((0..6).map(|i| i % 3));
/// let inputs = mlp::Inputs { x: x.view(), label: label.view() };
/// let inputs = mlp::Inputs::new(&x, &label);    // the same, in the order of the declarations
/// let mut adam = Adam::new(0.05);
/// for _ in 0..200 {
///     adam.minimize(&mut mlp, &inputs)?;
/// }
/// assert_eq!(mlp.accuracy(&inputs)?, 1.0);
/// let (loss, grad) = mlp.loss_and_grad(&inputs)?;
/// assert_eq!(grad.w1.shape(), [2, 8]);
/// # Ok(())
/// # }
/// ```
///
/// The model becomes the struct `Mlp<T>`, whose public fields are the parameters, and the module `mlp` (the name in small
/// letters) with `Dims`, `Inputs`, `Outputs`, `Grad` and `Workspace`. Its arrays are those of [`ndarray`], its numbers `f64` or `f32`.
///
/// | items | |
/// |---|---|
/// | `param w: [D, H] = normal(0, 0.1);` `param a, b;` | parameters: arrays, numbers |
/// | `param s in 0.. = 1;` `param p: [K] in simplex;` | parameters that lie somewhere |
/// | `input x: [N, D], y: [N];` `input label: [N] in K;` | what every call is given |
/// | `state m: [D];` | what the model owns beside parameters, and a step changes |
/// | `let h = …;` `const K = 3;` `fn f(a, b) = …;` | a value, a number, a function of values |
/// | `name = …;` | an output; `loss` is the one that is differentiated by the parameters |
/// | `step train(rate) -> loss { w := w - rate * grad(loss, w); }` | a method that assigns |
/// | `derive hvp;` | a method: the Hessian of the loss times a direction |
///
/// | expressions | |
/// |---|---|
/// | `a + b`, `a - b`, `a * b`, `a / b`, `-a`, `a^2` | element by element, shapes aligned at the last axes |
/// | `a @ b`, `x.T` | matrix product, transpose |
/// | `x[1.., 0]`, `y[.., new]` | parts of an array; a new axis |
/// | `if x > 0 { log(x) } else { 0 }` | a choice, element by element |
/// | `exp(x)`, `sum(x^2, N)`, `softmax(z, K)`, `norm(x)` | [functions](language#functions); axes by name |
/// | `grad(y, x)`, `jvp(y, x, v)`, `vjp(y, x, u)` | derivatives are expressions, and nest |
///
/// A mistake in the model is an error of the compiler at its own tokens; sizes that do not fit are an [`Error`] of the call.
///
/// # A derivative as an output
///
/// ```
/// use autograd_core::model;
/// use ndarray::array;
///
/// model! {
///     /// Masses in a row, and the springs between them.
///     pub Chain<N> {
///         param x: [N];
///         loss = sum((x[1..] - x[..-1] - 1)^2);
///         force = -grad(loss, x);
///         /// What a question needs beside the inputs are its own arguments.
///         step stiffness(v: [N]) -> along {
///             let along = jvp(grad(loss, x), x, v);
///         }
///     }
/// }
///
/// # fn main() -> Result<(), autograd_core::Error> {
/// let chain = Chain { x: array![0.0, 1.0, 3.0] };
/// let (inputs, v) = (chain::Inputs {}, array![0.0, 0.0, 1.0]);
/// assert_eq!(chain.force(&inputs)?, array![0.0, 2.0, -2.0]);
/// assert_eq!(chain.stiffness(&inputs, v.view())?, array![0.0, -2.0, 2.0]);
/// # Ok(())
/// # }
/// ```
///
/// # If something does not compile
///
/// - `Mlp::Inputs` is written `mlp::Inputs`: it belongs to the module, not to the type.
/// - A model `Mlp` makes a module `mlp`. Where there is one already (rustc says that the name `mlp` is defined multiple
///   times), name it otherwise: `pub Mlp<N, D, H, K> as net { … }` has `net::Inputs`.
/// - Inputs are views: `x: x.view()`, not `x: &x` or `x: x`. `mlp::Inputs::new(&x, &label)` takes references, and says
///   what it expects where something else is given.
/// - Class indices are `usize`: of `u8` make them by `label.mapv(usize::from)`, of other integers by
///   `label.mapv(|label| label as usize)`.
/// - "ambiguous numeric type `{float}`" asks which numbers: `let model: Line = …` is `Line<f64>`.
#[macro_export]
macro_rules! model {
    ($($tokens:tt)*) => {
        $crate::__private::compile! { [$crate] $($tokens)* }
    };
}
