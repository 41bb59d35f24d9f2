//! Models against JAX in 64 bits: values and gradients to 1e-12, at three points with sizes of their own, the arrays of
//! one of them in column-major order. The expressions are those of `tests/reference/oracle_table.py`.

mod derivatives;
mod elementary;
mod operators;
mod probabilities;
mod products;
mod reductions;
mod shapes;

use std::sync::OnceLock;

pub(crate) use autograd_core::model;
use autograd_tests::reference::{Point, Reference};

/// The points of a model.
fn points(model: &str) -> &'static [Point] {
    static REFERENCE: OnceLock<Reference> = OnceLock::new();
    let reference = REFERENCE.get_or_init(|| Reference::parse(include_str!("../../data/oracle.csv"), 1e-12));
    reference.points(model)
}
