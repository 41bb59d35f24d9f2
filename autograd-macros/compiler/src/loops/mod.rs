//! The loop program as data: what it is, what a legal one is, its text form, and what it means.

pub(crate) mod dependence;
pub mod index;
#[cfg(test)]
pub(crate) mod parse;
pub mod print;
pub mod program;
pub mod routine;
#[cfg(test)]
#[allow(clippy::cast_precision_loss, clippy::float_cmp, reason = "small numbers are cast, and meant exactly")]
pub(crate) mod simulate;
pub mod stmt;
pub mod verify;
pub mod visit;
