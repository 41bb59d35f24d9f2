//! The runtime of `model!`.

pub mod float;
pub mod math;
pub mod simd;
