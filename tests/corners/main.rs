//! Where nobody had looked: masks with NaN behind them, seams and ties, magnitudes of physics, spellings, sizes 0 to 3.
//!
//! One file for each kind. What needs no real macro is tested in the compiler, by its interpreter and its simulator.

#![allow(clippy::float_cmp, reason = "these values are meant exactly")]

mod arrays;
mod calls;
mod densities;
mod magnitudes;
mod masks;
mod names;
mod products;
mod seams;
mod special;
mod statistics;
