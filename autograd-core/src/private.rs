//! What emitted code needs beside the public items: the one hidden path to the runtime. No part of it is stable.

pub use std::borrow::Cow;
use std::slice;
pub use std::vec::Vec;

pub use autograd_macros::compile;
pub use ndarray;
use ndarray::{Array, Dimension};
pub use rand;

pub use crate::binding::{
    Exact, check_class, check_classes, check_dimension, check_extent, check_nonempty, constant, exact, grow, in_order,
    no_tensor, shaped,
};
pub use crate::contract::{Contraction, Scratch, Strided, Update, contract};
pub use crate::error::{Error, Origin};
pub use crate::float::Float;
pub use crate::init;
pub use crate::math::Elementary;
pub use crate::model::{Model, Objective, Parameters, Workspace};
pub use crate::simd::{
    All, Any, ArgMax, ArgMin, Block, ColumnSums, IndexLanes, Kernel, Lanes, Mask, Max, Min, Parts, Product, Spare,
    Split, add_lanes, added, live_sum, rows, sweep, turns,
};

/// A parameter's tensor, whatever its rank: a scalar `T` or an owned array of them.
pub trait Tensor<T: Float>: Sized {
    /// The shape; `[]` for a scalar.
    fn shape(&self) -> &[usize];
    /// The values in row-major order, borrowed if they lie so.
    fn values(&self) -> Cow<'_, [T]>;
    /// The values in row-major order, after laying them out so if they are not.
    fn values_mut(&mut self) -> &mut [T];
    /// Zeros in the same shape.
    #[must_use]
    fn zeros(&self) -> Self;
}

impl<T: Float> Tensor<T> for T {
    fn shape(&self) -> &[usize] {
        &[]
    }
    fn values(&self) -> Cow<'_, [T]> {
        Cow::Borrowed(slice::from_ref(self))
    }
    fn values_mut(&mut self) -> &mut [T] {
        slice::from_mut(self)
    }
    fn zeros(&self) -> Self {
        T::ZERO
    }
}

impl<T: Float, D: Dimension> Tensor<T> for Array<T, D> {
    fn shape(&self) -> &[usize] {
        self.shape()
    }
    fn values(&self) -> Cow<'_, [T]> {
        self.as_slice().map_or_else(|| Cow::Owned(self.iter().copied().collect()), Cow::Borrowed)
    }
    fn values_mut(&mut self) -> &mut [T] {
        if !self.is_standard_layout() {
            *self = self.as_standard_layout().into_owned();
        }
        self.as_slice_mut().expect("the array has just been laid out in row-major order")
    }
    fn zeros(&self) -> Self {
        Self::from_elem(self.raw_dim(), T::ZERO)
    }
}

/// Checks that `grad` has the shape of the parameter it belongs to.
///
/// # Errors
/// [`Error::ParameterShape`] if it has not.
#[inline]
pub fn check_gradient<T: Float, P: Tensor<T>>(parameter: &'static str, value: &P, grad: &P) -> Result<(), Error> {
    Error::check_shape(parameter, "gradient", value.shape(), grad.shape())
}
