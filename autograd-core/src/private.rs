//! What emitted code needs beside the public items: the one hidden path to the runtime. No part of it is stable.

pub use std::borrow::Cow;
use std::slice;
pub use std::vec::Vec;

#[cfg(not(feature = "look"))]
pub use autograd_macros::compile;
#[cfg(feature = "look")]
pub use autograd_macros::compile_to_look_at as compile;
pub use ndarray;
use ndarray::{Array, ArrayD, Dimension};
pub use rand;

pub use crate::binding::{
    Exact, Slots, check_class, check_classes, check_copy, check_dimension, check_extent, check_integer, check_nonempty,
    check_room, check_subscript, constant, exact, grow, no_tensor, shaped, slots,
};
pub use crate::contract::{
    Contraction, Scratch, Strided, Update, contract, contract_known, multiply, multiply_left_transposed,
    multiply_right_transposed, shared_product,
};
pub use crate::copies::{Copies, in_order};
pub use crate::data::{Batch, Data, Failure};
pub use crate::error::{Error, Origin};
pub use crate::float::Float;
pub use crate::init;
pub use crate::init::drawn;
#[cfg(debug_assertions)]
pub use crate::instances::instances;
#[cfg(feature = "look")]
pub use crate::look::{Given, Look};
pub use crate::math::Elementary;
use crate::model::check_shapes;
pub use crate::model::{Model, Objective, Parameters, Visit, Workspace};
pub use crate::parallel::{in_pool, wants_pool};
pub use crate::residuals::{LeastSquares, Residuals};
pub use crate::save::{FromTensors, TensorSource};
pub use crate::simd::{
    All, Any, ArgMax, ArgMin, Block, ColumnSums, IndexLanes, Kernel, LEVELS, Lanes, Mask, Max, MaxNumber, Min, Own,
    Parts, Product, Split, Turn, add_lanes, add_products, lane_sums, live_sum, long_sweep, prefetch, row_sums, rows,
    sweep, turns,
};
pub use crate::space::{Direction, Scaled, add, subtract};
pub use crate::statistics::{Counter, OnDemand, is_close, is_kept, rounding, unless_single};
pub use crate::support::Support;
pub use crate::view::IntoView;

/// How many lanes a pack of numbers has at most, on every processor.
#[must_use]
#[cfg_attr(not(debug_assertions), inline)]
pub const fn lanes<T: Float>() -> usize {
    128 / size_of::<T>()
}

/// How many numbers the levels of so many sums take, of packs or of columns: the lowest level of one array and that of the
/// next, both of which each turn of a loop adds to, are not a multiple of a page apart. (A load waits for a store whose
/// address differs by one.)
#[must_use]
#[cfg_attr(not(debug_assertions), inline)]
pub fn levels<T: Float>(sums: usize, of_packs: bool) -> usize {
    const PAGE: usize = 4096;
    let columns = if of_packs { sums * 64 / size_of::<T>() } else { sums };
    let above = (LEVELS - 1) * columns;
    let page = PAGE / size_of::<T>();
    columns + if above < page / 2 { above } else { above.next_multiple_of(page) }
}

/// What a loss would have to be for `bind_statistics`. Models whose loss is one have the method without this bound.
#[diagnostic::on_unimplemented(
    message = "the loss of `{Self}` has no sufficient statistics",
    label = "it is not a polynomial in the parameters",
    note = "the documentation of `bind_statistics` of this model says what stands in the way",
    note = "`bind` binds any model to its inputs, without statistics"
)]
pub trait PolynomialLoss {}

/// A parameter's tensor, whatever its rank: a scalar `T` or an owned array of them.
pub trait Tensor<T: Float>: Sized {
    /// The shape; `[]` for a scalar.
    fn shape(&self) -> &[usize];
    /// The values in row-major order, borrowed if they lie so.
    fn values(&self) -> Cow<'_, [T]>;
    /// The values in row-major order, after laying them out so if they are not.
    fn values_mut(&mut self) -> &mut [T];
    /// How many axes it has; 7 and more are not known here.
    const AXES: usize;
    /// The tensor of a shape, if it has as many axes and these are as many values.
    fn of_parts(shape: &[usize], values: Vec<T>) -> Option<Self>;
    /// Zeros in the same shape.
    #[must_use]
    fn zeros(&self) -> Self;
    /// A tensor like this one, of `f64`.
    type Wide: Tensor<f64>;
    /// The same numbers as `f64`.
    fn wide(&self) -> Self::Wide;
    /// Makes `wide` the same numbers; nothing is allocated if it has the shape.
    fn widen_into(&self, wide: &mut Self::Wide);
    /// The nearest numbers of a tensor of this shape.
    fn narrow_from(&mut self, wide: &Self::Wide);
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
    const AXES: usize = 0;
    fn of_parts(shape: &[usize], values: Vec<T>) -> Option<Self> {
        if shape.is_empty() && values.len() == 1 { values.first().copied() } else { None }
    }
    fn zeros(&self) -> Self {
        T::ZERO
    }
    type Wide = f64;
    fn wide(&self) -> f64 {
        self.to_f64()
    }
    fn widen_into(&self, wide: &mut f64) {
        *wide = self.to_f64();
    }
    fn narrow_from(&mut self, wide: &f64) {
        *self = T::from_f64(*wide);
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
    const AXES: usize = match D::NDIM {
        Some(axes) => axes,
        None => 7,
    };
    fn of_parts(shape: &[usize], values: Vec<T>) -> Option<Self> {
        ArrayD::from_shape_vec(shape, values).ok()?.into_dimensionality().ok()
    }
    fn zeros(&self) -> Self {
        Self::from_elem(self.raw_dim(), T::ZERO)
    }
    type Wide = Array<f64, D>;
    fn wide(&self) -> Self::Wide {
        self.mapv(T::to_f64)
    }
    fn widen_into(&self, wide: &mut Self::Wide) {
        if wide.raw_dim() == self.raw_dim() {
            wide.zip_mut_with(self, |wide, number| *wide = number.to_f64());
        } else {
            *wide = self.wide();
        }
    }
    fn narrow_from(&mut self, wide: &Self::Wide) {
        self.zip_mut_with(wide, |number, wide| *number = T::from_f64(*wide));
    }
}

/// Shows one output to a visitor.
pub fn visit<T: Float, X: Tensor<T>>(name: &'static str, output: &X, visit: Visit<'_, T>) {
    visit(name, output.shape(), &output.values());
}

/// Whether two sets of tensors with the same names have the same shapes.
#[must_use]
pub fn have_same_shapes<P: Parameters>(a: &P, b: &impl Parameters) -> bool {
    (0..P::NAMES.len()).all(|index| a.shape(index).iter().eq(b.shape(index)))
}

/// Checks that every tensor of a gradient has the shape of the parameter it belongs to.
///
/// # Errors
/// [`Error::ParameterShape`] for the first that has not.
#[cfg_attr(not(debug_assertions), inline)]
pub fn check_gradient<P: Parameters>(parameters: &P, grad: &impl Parameters) -> Result<(), Error> {
    check_shapes("gradient", parameters, grad)
}

/// Checks that every tensor of a direction has the shape of the parameter it belongs to.
///
/// # Errors
/// [`Error::ParameterShape`] for the first that has not.
#[cfg_attr(not(debug_assertions), inline)]
pub fn check_direction<P: Parameters>(parameters: &P, along: &impl Parameters) -> Result<(), Error> {
    check_shapes("direction", parameters, along)
}
