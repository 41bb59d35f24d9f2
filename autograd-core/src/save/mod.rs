//! Serialisation: what a model has learnt, as named tensors in memory and in files.

mod source;

pub use source::{FromTensors, TensorSource};
