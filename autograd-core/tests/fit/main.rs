//! Fits, and what they stand on: the flat view, the free form, products with the Hessian.

#![allow(clippy::disallowed_methods, reason = "tests compare with the system's functions")]
#![allow(clippy::cast_possible_truncation, reason = "numbers are made narrow")]
#![allow(clippy::float_cmp, reason = "what is exact is compared exactly")]

#[path = "../common/mod.rs"]
mod common;

mod certainty;
mod demands;
mod dual;
mod flat;
mod hessian;
mod minimizers;
mod nist;
