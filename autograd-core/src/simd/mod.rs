//! Vector kernels with run-time dispatch: the one place of the workspace that holds `unsafe`.
//!
//! A kernel is written once, generic over `V: Lanes<T>`, every function of it `#[inline(always)]`;
//! [`Float::dispatch`](crate::float::Float::dispatch) runs it inside a function compiled for the processor at hand.
//! `V` is `Pack` over registers of the processor (`avx512.rs`, `avx2.rs`), over those that every
//! processor of the target has (`sse2.rs`, `neon.rs`; elsewhere plain numbers, `scalar.rs`), or a plain number.
//!
//! A build with debug assertions runs all kernels at the portable level, whose instructions every function may use. There
//! the operations of packs are functions like any other, compiled once: inlined without being optimised, they would make
//! a model take several times as long to compile.
//!
//! Invariant: no vector type can be named outside this module, so a value of one exists only inside a function that
//! the dispatcher called after it had asked the processor.

#![allow(clippy::inline_always, reason = "kernels are compiled for the processor through inlining alone")]
#![allow(clippy::return_self_not_must_use, reason = "they are operators")]

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
mod avx2;
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
mod avx512;
mod columns;
mod dispatch;
#[cfg_attr(not(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64")), allow(unused))]
mod intrinsics;
mod lanes;
#[cfg(all(target_arch = "aarch64", target_endian = "little", target_feature = "neon"))]
mod neon;
mod pack;
mod parts;
mod prefetch;
mod reduce;
mod register;
mod scalar;
mod square;
#[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
mod sse2;
mod sweep;
#[cfg(test)]
pub(crate) mod tests;

pub use columns::{Carries, ColumnSums, LEVELS};
pub use dispatch::{Kernel, Level, dispatch_at, level, limit_level};
pub(crate) use dispatch::{dispatch_f32, dispatch_f64, here_f32, here_f64, widest_f32, widest_f64};
pub use lanes::{Bits, Block, IndexLanes, Lanes, Mask};
pub(crate) use lanes::{floor_div, floor_rem, hash, to_i64};
#[cfg(debug_assertions)]
pub(crate) use parts::instances;
pub use parts::{Own, Parts, Split, Turn, cut_from};
pub use prefetch::prefetch;
pub use reduce::{All, Any, ArgMax, ArgMin, Max, MaxNumber, Min, Product};
pub(crate) use square::transpose;
pub use sweep::{add_lanes, add_products, lane_sums, live_sum, long_sweep, row_sums, rows, sweep, turns};
