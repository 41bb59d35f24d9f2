//! The traits that every `model!` implements: what owns tensors, what has outputs, what has a loss.
//!
//! Sessions, optimisers and the gradient check are written against these alone, so they work for every model and for
//! one written by hand. The `_into` forms write to the caller's buffers and, once those have grown to size, allocate
//! nothing; the others allocate what they return.

use std::borrow::Cow;

use crate::error::Error;
use crate::float::Float;

/// Tensors with names: the parameters of a model, or a gradient with respect to them.
///
/// A tensor is reached by its index in [`NAMES`](Self::NAMES).
pub trait Parameters: Clone {
    /// The type of the numbers.
    type Scalar: Float;
    /// The names, in order of declaration.
    const NAMES: &'static [&'static str];

    /// The shape of a tensor; `[]` for a scalar.
    ///
    /// # Panics
    /// If `index` is not below `NAMES.len()`; so do the other methods.
    fn shape(&self, index: usize) -> &[usize];
    /// The values of a tensor in row-major order: borrowed if that is how they lie in memory, else a copy.
    fn values(&self, index: usize) -> Cow<'_, [Self::Scalar]>;
    /// The values of a tensor in row-major order, after laying them out so if they are not.
    fn values_mut(&mut self, index: usize) -> &mut [Self::Scalar];
}

/// The buffers that a model computes in. They grow to what a call needs and stay for the next.
pub trait Workspace: Default {
    /// The memory that the buffers hold, in bytes: what the largest calls so far have needed, beside the caller's arrays.
    fn bytes(&self) -> usize;
}

impl Workspace for () {
    fn bytes(&self) -> usize {
        0
    }
}

/// A model: parameters, and outputs that follow from them and from inputs.
pub trait Model: Parameters {
    /// The inputs of a call, by name: views and numbers.
    type Inputs<'a>;
    /// The outputs, by name, owned. The default value is a buffer without size.
    type Outputs: Default;
    /// Every buffer that a call needs.
    type Workspace: Workspace;

    /// Computes the outputs into `outputs`, whose arrays are replaced where they have not the right shape.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together. The contents of `outputs` are then unspecified.
    fn outputs_into(
        &self,
        inputs: &Self::Inputs<'_>,
        workspace: &mut Self::Workspace,
        outputs: &mut Self::Outputs,
    ) -> Result<(), Error>;

    /// Computes the outputs.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together.
    fn outputs(&self, inputs: &Self::Inputs<'_>) -> Result<Self::Outputs, Error> {
        let mut outputs = Self::Outputs::default();
        self.outputs_into(inputs, &mut Self::Workspace::default(), &mut outputs)?;
        Ok(outputs)
    }
}

/// A model with a scalar output `loss` that is to be made small.
pub trait Objective: Model {
    /// A gradient: tensors with the names and shapes of the parameters, in the same order.
    type Grad: Parameters<Scalar = Self::Scalar>;

    /// A gradient of zeros, in the shapes of this model.
    fn zero_grad(&self) -> Self::Grad;

    /// The loss.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together.
    fn loss_into(&self, inputs: &Self::Inputs<'_>, workspace: &mut Self::Workspace) -> Result<Self::Scalar, Error>;

    /// Overwrites `grad` with the gradient of the loss; without the loss, where that saves work.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together, or `grad` was made for other shapes
    /// ([`Error::ParameterShape`]). The contents of `grad` are then unspecified.
    fn grad_into(
        &self,
        inputs: &Self::Inputs<'_>,
        workspace: &mut Self::Workspace,
        grad: &mut Self::Grad,
    ) -> Result<(), Error>;

    /// Overwrites `grad` with the gradient of the loss, and returns the loss.
    ///
    /// # Errors
    /// Those of [`grad_into`](Self::grad_into).
    fn loss_and_grad_into(
        &self,
        inputs: &Self::Inputs<'_>,
        workspace: &mut Self::Workspace,
        grad: &mut Self::Grad,
    ) -> Result<Self::Scalar, Error>;

    /// The loss.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together.
    fn loss(&self, inputs: &Self::Inputs<'_>) -> Result<Self::Scalar, Error> {
        self.loss_into(inputs, &mut Self::Workspace::default())
    }

    /// The gradient of the loss with respect to every parameter.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together.
    fn grad(&self, inputs: &Self::Inputs<'_>) -> Result<Self::Grad, Error> {
        let mut grad = self.zero_grad();
        self.grad_into(inputs, &mut Self::Workspace::default(), &mut grad)?;
        Ok(grad)
    }

    /// The loss and its gradient, in one sweep.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together.
    fn loss_and_grad(&self, inputs: &Self::Inputs<'_>) -> Result<(Self::Scalar, Self::Grad), Error> {
        let mut grad = self.zero_grad();
        let loss = self.loss_and_grad_into(inputs, &mut Self::Workspace::default(), &mut grad)?;
        Ok((loss, grad))
    }
}

/// Checks that the tensors of `found`, called `what`, have the shapes of those of `expected`.
pub(crate) fn check_shapes<P: Parameters>(
    what: &'static str,
    expected: &P,
    found: &impl Parameters,
) -> Result<(), Error> {
    for (index, name) in P::NAMES.iter().enumerate() {
        Error::check_shape(name, what, expected.shape(index), found.shape(index))?;
    }
    Ok(())
}
