//! Training, data sets, and what is saved: the parts of the runtime around a model, with models of `model!`.

#![allow(clippy::float_cmp, clippy::cast_precision_loss, reason = "the same bits are meant, of few rows")]

mod data;
mod files;
mod interrupted;
mod programs;
mod resumed;
mod saved;
mod trainer;
