//! Data sets: observations that training takes in batches, and what is done to them before.
//!
//! [`Data`] is what a trainer asks for observations. The inputs of a model implement it where the model says what an
//! observation is: a dimension that is the first axis of inputs and that no parameter has. Other models are trained on
//! [`Whole`] inputs, on a list of them ([`Sets`]), or on a type of your own.
//!
//! Arrays come from `NumPy`'s files and go there ([`read_npy`], [`write_npy`], with the feature `npz` archives too) and, with the feature `csv`, from tables of
//! numbers and labels. [`Split`] chooses what to train on and what to test by, [`Standardizer`] brings features to one scale.

mod batch;
#[cfg(feature = "csv")]
mod csv;
mod error;
mod npy;
#[cfg(feature = "npz")]
mod npz;
mod split;
mod standardize;
mod whole;

use std::error::Error as StdError;

pub use batch::{Batch, Buffers, Suspect};
#[cfg(feature = "train")]
pub(crate) use batch::{is_finite, place};
#[cfg(feature = "csv")]
pub use csv::{Csv, Table};
pub use error::DataError;
pub use npy::{Element, read_npy, write_npy};
#[cfg(feature = "npz")]
pub use npz::{Npz, NpzWriter};
pub use split::Split;
#[cfg(feature = "train")]
pub(crate) use split::share_of;
pub(crate) use split::shuffle;
pub use standardize::Standardizer;
pub use whole::{Sets, Whole};

use crate::model::Model;

/// What can go wrong with data: any error.
pub type Failure = Box<dyn StdError + Send + Sync>;

/// Observations for a model `M`, of which any can be chosen.
///
/// The inputs of a model of `model!` implement it if it has a loss and if it is known what an observation is: the first
/// dimension of the header that is the first axis of some inputs and stands nowhere else, neither in another axis nor in a
/// parameter, a state or `in K`. Inputs that have it are chosen from row by row; all others are given whole.
///
/// A type of your own says how many observations there are and makes the inputs of a batch. What is read from a disk or
/// made up goes through [`Batch::fill`], whose memory is used again:
///
/// ```
/// use autograd_core::data::{Batch, Data, Failure};
/// use autograd_core::model;
///
/// model! { pub Line<N> { param w, b; input x: [N], y: [N]; loss = mean((w*x + b - y)^2); } }
///
/// /// Points of y = 3x + 1 that nobody keeps.
/// struct Points(usize);
///
/// impl Data<Line> for Points {
///     fn rows(&self) -> usize {
///         self.0
///     }
///     fn with<R>(&self, mut batch: Batch<'_, f64>, see: impl FnOnce(&line::Inputs<'_>) -> R) -> Result<R, Failure> {
///         let x = batch.fill([], |row, x| Ok(x[0] = row as f64))?;
///         let y = batch.fill([], |row, y| Ok(y[0] = 3.0 * row as f64 + 1.0))?;
///         Ok(see(&line::Inputs { x, y }))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no observations that batches of `{M}` could be made of",
    label = "no data set for this model",
    note = "inputs are one if a dimension is their first axis and stands nowhere else, in no parameter either",
    note = "give the inputs as they are with `data::Whole::new(inputs)`, several with `data::Sets::new(list)`, or \
            implement `autograd_core::data::Data`"
)]
pub trait Data<M: Model> {
    /// How many observations there are.
    fn rows(&self) -> usize;

    /// Calls a function with the inputs that hold the observations of `batch`, and returns what it returns.
    ///
    /// # Errors
    /// If the data do not fit together, or cannot be had.
    fn with<R>(&self, batch: Batch<'_, M::Scalar>, see: impl FnOnce(&M::Inputs<'_>) -> R) -> Result<R, Failure>;

    /// How many observations a batch may have.
    fn largest_batch(&self) -> usize {
        usize::MAX
    }
}
