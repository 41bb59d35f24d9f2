//! Serialisation: what a model has learnt, as named tensors in memory and in files.
//!
//! A [`Snapshot`] holds tensors by name. Every model gives its parameters and states to one and takes them from it; with the
//! feature `safetensors` it is a file, and [`Saved`] has the short form: `model.save("net.safetensors")?`, `Net::load("net.safetensors")?`.
//! With the feature `serde` a snapshot is written in any other format: `serde_json::to_string(&Snapshot::of(&model))`.

mod error;
mod replace;
#[cfg(feature = "safetensors")]
mod safetensors;
mod snapshot;
mod source;
mod state;

pub use error::SaveError;
pub(crate) use replace::read_file;
pub use replace::replace;
#[cfg(feature = "safetensors")]
pub use safetensors::Saved;
pub use snapshot::{Snapshot, Stored, Values};
pub use source::{FromTensors, TensorSource};
pub use state::Resume;
