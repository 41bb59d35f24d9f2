//! The compiler behind `model!`: tokens → syntax → graph → derivative → simplified graph → loops → Rust tokens.

pub mod build;
pub(crate) mod cost;
pub mod diagnostics;
pub mod differentiate;
pub mod emit;
pub mod entries;
pub mod graph;
pub mod habits;
pub mod interpret;
pub mod look;
pub mod loops;
pub(crate) mod machine;
pub mod ops;
pub mod pass;
pub mod pipeline;
pub mod reads;
pub mod schedule;
pub mod separate;
pub mod simplify;
pub mod statistics;
pub mod steady;
pub mod syntax;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "small numbers are meant exactly")]
pub(crate) mod testing;
pub mod verify;
