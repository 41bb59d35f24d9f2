//! The scalar types that models compute with: `f32` and `f64`, through the sealed trait [`Float`].

use ndarray::{ArrayView, CowArray, Dimension};

use crate::contract::Products;
use crate::math::Math;
use crate::random::FromBits;
use crate::simd::{self, Carries, Kernel, Lanes, Level};
use crate::simd::{floor_div, floor_rem, hash, to_i64};

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A scalar type of a model: `f32` or `f64`.
///
/// It is itself [`Lanes`] with one lane, so emitted scalar code reads like vector code, and a number to `ndarray`:
/// code that is generic in it has `Array::zeros`, `ones`, `sum` and `dot`, and `&array * number`.
///
/// ```
/// use autograd_core::Float;
/// use autograd_core::ndarray::{Array1, Array2};
///
/// fn total<T: Float>(x: &Array2<T>, scale: T) -> T {
///     let start: Array1<T> = Array1::zeros(x.ncols());
///     let w = start + T::from_f64(0.5);
///     (&x.dot(&w) * scale).sum()
/// }
/// assert_eq!(total(&Array2::<f32>::ones((2, 3)), 2.0), 6.0);
/// ```
pub trait Float:
    sealed::Sealed
    + Lanes<Self>
    + Carries
    + Math
    + Products
    + FromBits
    + ndarray::LinalgScalar
    + ndarray::ScalarOperand
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
    /// The distance from 1 to the next number.
    const EPSILON: Self;
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
    /// `⌊a/b⌋` of integers that stand beside the numbers; 0 where `b` is.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    fn floor_div(a: i64, b: i64) -> i64 {
        floor_div(a, b)
    }
    /// `a - b·⌊a/b⌋` of integers that stand beside the numbers; 0 where `b` is.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    fn floor_rem(a: i64, b: i64) -> i64 {
        floor_rem(a, b)
    }
    /// The integer that a whole number is, in -2⁵³ ..= 2⁵³; the lowest for NaN.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    fn to_i64(self) -> i64 {
        to_i64(self.to_f64())
    }
    /// 23 bits that look random, of a seed and a position.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    fn hash(seed: i64, position: i64) -> i64 {
        hash(seed, position)
    }
    /// The same numbers as `f64`, in place if they are.
    #[doc(hidden)]
    fn widen<D: Dimension>(view: ArrayView<'_, Self, D>) -> CowArray<'_, f64, D>;
    /// Runs a kernel with the widest lanes this processor has.
    fn dispatch<K: Kernel<Self>>(kernel: K) -> K::Output;
    /// Runs a kernel where it is called, with what every processor has: for so little work that a call would cost more.
    #[doc(hidden)]
    fn here<K: Kernel<Self>>(kernel: K) -> K::Output;
    /// Runs a kernel at a level, which the processor must have.
    #[doc(hidden)]
    fn dispatch_at<K: Kernel<Self>>(level: Level, kernel: K) -> K::Output;
}

macro_rules! float {
    ($t:ident, $widest:path, $dispatch:path, $here:path, |$view:ident| $wide:expr) => {
        impl Float for $t {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const EPSILON: Self = Self::EPSILON;
            const NAN: Self = Self::NAN;
            const INFINITY: Self = Self::INFINITY;
            const NEG_INFINITY: Self = Self::NEG_INFINITY;

            #[cfg_attr(not(debug_assertions), inline(always))]
            #[allow(clippy::cast_possible_truncation, reason = "rounds to the nearest")]
            fn from_f64(value: f64) -> Self {
                value as $t
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            #[allow(clippy::cast_precision_loss, reason = "rounds to the nearest")]
            fn from_usize(value: usize) -> Self {
                value as $t
            }
            fn widen<D: Dimension>($view: ArrayView<'_, Self, D>) -> CowArray<'_, f64, D> {
                $wide
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn dispatch<K: Kernel<Self>>(kernel: K) -> K::Output {
                $widest(kernel)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn here<K: Kernel<Self>>(kernel: K) -> K::Output {
                $here(kernel)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn dispatch_at<K: Kernel<Self>>(level: Level, kernel: K) -> K::Output {
                $dispatch(level, kernel)
            }
        }
    };
}

float!(f32, simd::widest_f32, simd::dispatch_f32, simd::here_f32, |view| view.mapv(f64::from).into());
float!(f64, simd::widest_f64, simd::dispatch_f64, simd::here_f64, |view| view.into());
