//! What the compiler shows to readers: a model as formulas, as a graph, as a page; where a value stops being a number; the
//! tables of the language reference, and the stages of the page on the loop program.

pub mod blame;
#[cfg(test)]
mod browser;
pub mod cost;
pub mod diagram;
pub mod dot;
pub mod form;
pub mod formula;
pub mod latex;
mod layout;
pub mod mathml;
pub mod page;
pub mod pages;
mod reading;
pub mod reference;
#[cfg(test)]
mod stages;
mod structure;
pub mod subject;
pub mod svg;
pub mod trace;
mod typeset;

pub use subject::{Stage, Subject};
