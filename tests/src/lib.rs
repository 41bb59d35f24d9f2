//! What the tests of models share: reference values and how closely they have to be met.

pub mod reference;
