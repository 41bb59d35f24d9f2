//! The scalar types that models compute with: `f32` and `f64`, through the sealed trait [`Float`].

use crate::simd::{Kernel, Lanes};

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A scalar type of a model: `f32` or `f64`.
///
/// It is itself [`Lanes`] with one lane, so emitted scalar code reads like vector code.
pub trait Float:
    sealed::Sealed
    + Lanes<Self>
    + Default
    + PartialEq
    + PartialOrd
    + core::fmt::Debug
    + core::fmt::Display
    + Send
    + Sync
    + 'static
{
    /// 0
    const ZERO: Self;
    /// 1
    const ONE: Self;
    /// NaN
    const NAN: Self;
    /// +∞
    const INFINITY: Self;
    /// −∞
    const NEG_INFINITY: Self;

    /// The nearest value.
    fn from_f64(value: f64) -> Self;
    /// The same value, exactly.
    fn to_f64(self) -> f64;
    /// The nearest value.
    fn from_usize(value: usize) -> Self;
    /// Runs a kernel with the widest lanes this processor has.
    fn dispatch<K: Kernel<Self>>(kernel: K) -> K::Output;
}
