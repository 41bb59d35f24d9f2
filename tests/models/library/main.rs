//! The functions that are written in the language, and what is sugar for reads, against PyTorch in 64 bits: values and
//! gradients to 1e-12 at two points with sizes of their own. The calls are those of `tests/reference/library_table.py`;
//! `random` is by hand.

mod attention;
mod convolutions;
mod grids;
mod normalisation;
mod places;
mod pools;
mod random;

use std::sync::OnceLock;

pub(crate) use autograd_core::model;
use autograd_tests::reference::{Point, Reference};

/// The points of a model.
fn points(model: &str) -> &'static [Point] {
    static REFERENCE: OnceLock<Reference> = OnceLock::new();
    let reference = REFERENCE.get_or_init(|| Reference::parse(include_str!("../../data/library.csv"), 1e-12));
    reference.points(model)
}
