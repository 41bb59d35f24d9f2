//! What the compiler shows to readers: a model as formulas, as a graph, as a page; where a value stops being a number; the
//! tables of the language reference, and the stages of the page on the loop program.
//!
//! Formulas are part of every model's documentation. The rest is for those who ask, by the feature `look`: nobody else's
//! build has to compile it.

#[cfg(any(test, feature = "look"))]
pub mod blame;
#[cfg(test)]
mod browser;
#[cfg(any(test, feature = "look"))]
pub mod cost;
#[cfg(any(test, feature = "look"))]
pub mod diagram;
#[cfg(any(test, feature = "look"))]
pub mod dot;
pub mod form;
pub mod formula;
#[cfg(any(test, feature = "look"))]
pub mod latex;
#[cfg(any(test, feature = "look"))]
mod layout;
#[cfg(any(test, feature = "look"))]
pub mod mathml;
#[cfg(any(test, feature = "look"))]
pub mod page;
pub mod pages;
mod reading;
pub mod reference;
#[cfg(test)]
mod stages;
mod structure;
#[cfg(any(test, feature = "look"))]
pub mod subject;
#[cfg(any(test, feature = "look"))]
pub mod svg;
#[cfg(any(test, feature = "look"))]
pub mod trace;
#[cfg(any(test, feature = "look"))]
mod typeset;

#[cfg(any(test, feature = "look"))]
pub use subject::{Stage, Subject};
