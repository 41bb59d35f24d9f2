//! What `model!` emits against the compiler's interpreter: random models, made while this package builds (`build.rs`), at
//! ragged sizes, with empty axes and in both layouts.
//!
//! The interpreter evaluates the graph as it was built, and its derivative, without any rewriting; so this closes the
//! loop around everything after: the rewrites, the loops, the emitted Rust and the runtime. Every loop that may be cut
//! into parts for threads is cut, down to single turns.

use std::sync::OnceLock;

use autograd_core::model;
use autograd_core::simd::cut_from;
use autograd_tests::reference::{Point, Reference};

/// The points of a model.
fn points(model: &str) -> &'static [Point] {
    static REFERENCE: OnceLock<Reference> = OnceLock::new();
    cut_from(1);
    let text = include_str!(concat!(env!("OUT_DIR"), "/random_models.csv"));
    REFERENCE.get_or_init(|| Reference::parse(text, 1e-10)).points(model)
}

include!(concat!(env!("OUT_DIR"), "/random_models.rs"));
