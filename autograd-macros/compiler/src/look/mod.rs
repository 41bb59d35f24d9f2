//! What the compiler shows to readers: a model as formulas, the tables of the language reference, and the stages of the
//! page on the loop program.

pub mod formula;
pub mod pages;
mod reading;
pub mod reference;
#[cfg(test)]
mod stages;
mod structure;
