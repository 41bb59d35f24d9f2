//! What the compiler shows to readers: a model as formulas, and the tables of the language reference.

pub mod formula;
pub mod pages;
pub mod reference;
mod structure;
