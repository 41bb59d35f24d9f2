//! A small tree of the Rust that is emitted, and its printer, which comes last: what is emitted is cut, compared and
//! checked as a tree, and nothing reads it once it is tokens.

pub(crate) mod build;
pub(crate) mod items;
pub(crate) mod names;
pub(crate) mod print;
pub(crate) mod tree;
pub(crate) mod uses;
pub(crate) mod verify;
pub(crate) mod walk;
