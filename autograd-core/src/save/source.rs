//! Models made from named tensors.

use crate::__private::Tensor;
use crate::float::Float;
use crate::model::Parameters;

/// Something that has tensors by name, such as a file.
pub trait TensorSource<T: Float> {
    /// Why a tensor cannot be had.
    type Error;

    /// The parameter or state of this name: a number, or an array with as many axes as its type has.
    ///
    /// # Errors
    /// If there is none, or it is another.
    fn tensor<X: Tensor<T>>(&mut self, name: &'static str) -> Result<X, Self::Error>;
}

/// Made from its tensors alone: what `model!` emits for every model that owns something.
pub trait FromTensors: Parameters {
    /// Takes parameters and states from a source. Whether their sizes go together shows at the first call.
    ///
    /// # Errors
    /// If one cannot be had.
    fn from_tensors<R: TensorSource<Self::Scalar>>(source: &mut R) -> Result<Self, R::Error>;
}
