//! Training: epochs of batches, validation, early stopping, metrics, and a history as data.
//!
//! A [`Trainer`] brings together a model, an [`Optimizer`](crate::Optimizer) and a [data set](crate::data::Data). This is the ordinary case:
//!
//! ```
//! use autograd_core::train::Trainer;
//! use autograd_core::{Adam, model};
//! use ndarray::Array1;
//!
//! model! { pub Line<N> { param w, b; input x: [N], y: [N]; let error = w*x + b - y; mse = mean(error^2); loss = mse; } }
//!
//! # fn main() -> Result<(), autograd_core::train::TrainError> {
//! let x = Array1::linspace(-1.0, 1.0, 100);
//! let y = 2.0 * &x + 1.0;
//! let mut model: Line = Line { w: 0.0, b: 0.0 };
//! let mut trainer = Trainer::new(Adam::new(0.02)).epochs(200).batch(16).seed(7).validate(0.2).patience(20).metric("mse");
//! let history = trainer.fit(&mut model, &line::Inputs::new(&x, &y))?;
//! assert!((model.w - 2.0).abs() < 1e-2 && history.loss[0] > 1.0);
//! println!("{history}");
//! # Ok(())
//! # }
//! ```
//!
//! With the feature `progress` `.progress()` shows a line while it goes, and Ctrl-C ends it after a batch. With the feature
//! `safetensors` a [checkpoint](Trainer::snapshot) is a file, from which training goes on with the same bits.
//!
//! Nothing follows from anything but the model, the data and the seed. Every part can be used alone: [`metrics`] are
//! functions of arrays, [`Data`](crate::data::Data) gives batches, [`History`] is a plain struct.

mod best;
mod checkpoint;
mod error;
mod finite;
mod history;
pub mod metrics;
#[cfg(feature = "progress")]
mod progress;
mod run;
mod trainer;

pub use error::{NotFinite, TrainError};
pub use history::{History, Stop};
pub use trainer::{Epoch, Trainer};
