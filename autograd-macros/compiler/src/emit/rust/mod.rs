//! What all printing of Rust needs.

pub(crate) mod names;
