//! What the tests of models share: reference values and how closely they have to be met.

pub mod reference;

/// The programs of the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
