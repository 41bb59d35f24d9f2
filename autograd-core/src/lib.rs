//! The runtime of `model!`.

pub mod float;
pub mod simd;
