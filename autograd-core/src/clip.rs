//! Gradient clipping: what an optimiser does to a gradient before it uses it.

use core::ops::Range;

use crate::float::Float;
use crate::model::Parameters;
use crate::simd::Lanes;

/// How a gradient is clipped. Limits are above 0; with any other there is no clipping, but a panic.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Clip {
    /// Every value to `-limit..=limit`. Keras's `clipvalue`, `PyTorch`'s `clip_grad_value_`.
    Value(f64),
    /// The gradient of each parameter to a Euclidean norm of at most this. Keras's `clipnorm`.
    Norm(f64),
    /// The whole gradient to a Euclidean norm of at most this, so that its direction stays. TensorFlow's
    /// `clip_by_global_norm`; `PyTorch`'s `clip_grad_norm_` adds 1e-6 to the norm before it divides, which is not done
    /// here.
    GlobalNorm(f64),
}

/// What clipping comes to for one parameter: every value is multiplied with `scale`, then limited to `±limit`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clipping {
    pub(crate) scale: f64,
    pub(crate) limit: f64,
}

impl Clipping {
    /// Leaves everything as it is.
    pub(crate) const NONE: Self = Self { scale: 1.0, limit: f64::INFINITY };

    /// Brings a norm down to `limit`. A norm that is not finite makes the gradient NaN, as in TensorFlow, rather than
    /// hide that it was not.
    fn to_norm(norm: f64, limit: f64) -> Self {
        let scale = if norm <= limit {
            1.0
        } else if norm.is_finite() {
            limit / norm
        } else {
            f64::NAN
        };
        Self { scale, ..Self::NONE }
    }

    /// The clipped values of a pack. NaN stays NaN.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of kernels")]
    pub(crate) fn apply<T: Float, V: Lanes<T>>(self, values: V) -> V {
        let limit = V::splat(T::from_f64(self.limit));
        (values * V::splat(T::from_f64(self.scale))).min(limit).max(-limit)
    }
}

impl Clip {
    /// This clip, if its limit is above 0.
    ///
    /// # Panics
    /// If it is not.
    #[track_caller]
    pub(crate) fn checked(self) -> Self {
        let (Self::Value(limit) | Self::Norm(limit) | Self::GlobalNorm(limit)) = self;
        assert!(limit > 0.0, "the limit of a clip is above 0, not {limit}");
        self
    }

    /// The clipping of each parameter's gradient, in order. The global norm is taken once, on the call.
    pub(crate) fn of<P: Parameters>(self, grad: &P) -> impl Fn(usize) -> Clipping + '_ {
        let all = self.together(grad);
        move |index| all.unwrap_or_else(|limit| Clipping::to_norm(norm(grad, index..index + 1), limit))
    }

    /// The clipping of all parameters, where it is the same for all; else the norm that each may have.
    fn together<P: Parameters>(self, grad: &P) -> Result<Clipping, f64> {
        match self {
            Self::Value(limit) => Ok(Clipping { limit, ..Clipping::NONE }),
            Self::GlobalNorm(limit) => Ok(Clipping::to_norm(norm(grad, 0..P::NAMES.len()), limit)),
            Self::Norm(limit) => Err(limit),
        }
    }

    /// Clips `grad` in place, as an optimiser with this option does before it uses a gradient.
    ///
    /// NaN stays NaN; a norm that is not finite makes everything it stands for NaN.
    ///
    /// ```
    /// use autograd_core::{Clip, model};
    /// model! { pub Bowl { param a, b; loss = a^2 + b^2; } }
    /// # fn main() -> Result<(), autograd_core::Error> {
    /// let mut grad = Bowl { a: 3.0, b: -4.0 }.grad(&bowl::Inputs {})?;
    /// Clip::GlobalNorm(5.0).apply(&mut grad);
    /// assert_eq!((grad.a, grad.b), (3.0, -4.0));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// If the limit is not above 0.
    #[track_caller]
    pub fn apply<P: Parameters>(self, grad: &mut P) {
        let all = self.checked().together(grad);
        for index in 0..P::NAMES.len() {
            let clipping = all.unwrap_or_else(|limit| Clipping::to_norm(norm(grad, index..index + 1), limit));
            for value in grad.values_mut(index) {
                *value = clipping.apply::<P::Scalar, P::Scalar>(*value);
            }
        }
    }
}

/// The Euclidean norm of all parameters together, in `f64`, free of overflow and underflow.
///
/// The [`norm`](Parameters::norm) of [`Parameters`] is this in the type of their numbers.
///
/// ```
/// use autograd_core::{global_norm, model};
/// model! { pub Bowl { param a, b; loss = a^2 + b^2; } }
/// assert_eq!(global_norm(&Bowl { a: 3.0, b: -4.0 }), 5.0);
/// ```
#[must_use]
pub fn global_norm<P: Parameters>(tensors: &P) -> f64 {
    norm(tensors, 0..P::NAMES.len())
}

/// The norm of the tensors in a range. The plain sum of squares is right unless it leaves the range of `f64`; only
/// then are the values scaled.
fn norm<P: Parameters>(tensors: &P, range: Range<usize>) -> f64 {
    let sum_of_squares =
        |scale: f64| -> f64 { range.clone().map(|index| sum_of_squares(&tensors.values(index), scale)).sum() };
    let plain = sum_of_squares(1.0);
    if plain.is_nan() || (1e-280..=f64::MAX).contains(&plain) {
        return plain.sqrt();
    }
    let largest = range
        .clone()
        .filter_map(|index| tensors.values(index).iter().map(|x| x.to_f64().abs()).reduce(f64::max))
        .fold(0.0, f64::max);
    if largest == 0.0 || largest.is_infinite() {
        return largest;
    }
    // A power of two near 1/largest: scaling with it is exact.
    let scale = f64::from_bits((2046 - (largest.to_bits() >> 52).clamp(1, 2045)) << 52);
    sum_of_squares(scale).sqrt() / scale
}

/// The sum of `(scale * x)^2`, in eight accumulators.
fn sum_of_squares<T: Float>(values: &[T], scale: f64) -> f64 {
    let mut sums = [0.0; 8];
    for chunk in values.chunks(8) {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            let scaled = value.to_f64() * scale;
            *sum += scaled * scaled;
        }
    }
    sums.iter().sum()
}
