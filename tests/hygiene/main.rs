//! Emitted code in unfriendly places: names like ours, types that hide those of the language, function bodies, nested
//! modules, macros of the user's, and all warnings denied.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]
#![warn(clippy::pedantic)]
#![allow(clippy::float_cmp, reason = "the numbers are exact")]

mod macros;
mod names;
mod places;
mod shadowed;
