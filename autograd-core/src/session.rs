//! `PyTorch`'s way: `forward`, `backward`, and a gradient that adds up until it is cleared.

use crate::error::Error;
use crate::float::Float;
use crate::model::{Objective, Parameters, Workspace, check_shapes};

/// A model with a gradient that accumulates, and the buffers for both.
///
/// [`forward`](Self::forward) computes the loss and its gradient in one sweep and keeps no borrow of the inputs;
/// [`backward`](Self::backward) adds that gradient to [`grad`](Self::grad). Between the two, and at any other time,
/// `model` and `grad` may be read and written as they are.
///
/// Once the buffers have grown to what the inputs need, nothing here allocates.
///
/// ```
/// # use autograd_core::{Error, Objective, Session};
/// # fn example<M: Objective>(
/// #     model: M,
/// #     inputs: M::Inputs<'_>,
/// #     descend: fn(&mut M, &M::Grad),
/// # ) -> Result<(), Error> {
/// let mut session = Session::new(model);
/// for _ in 0..100 {
///     session.zero_grad();
///     let loss = session.forward(&inputs)?;
///     session.backward()?;
///     descend(&mut session.model, &session.grad); // session.model.w -= lr * session.grad.w;
/// }
/// # Ok(())
/// # }
/// ```
pub struct Session<M: Objective> {
    /// The model.
    pub model: M,
    /// The sum of the gradients since [`zero_grad`](Self::zero_grad), in the model's shapes.
    pub grad: M::Grad,
    pending: M::Grad,
    waits: bool,
    workspace: M::Workspace,
}

impl<M: Objective> Session<M> {
    /// A session with a gradient of zeros.
    pub fn new(model: M) -> Self {
        let grad = model.zero_grad();
        let pending = grad.clone();
        Self { model, grad, pending, waits: false, workspace: M::Workspace::default() }
    }

    /// The loss; its gradient waits for [`backward`](Self::backward). One that waited before is dropped.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together. No gradient waits then.
    pub fn forward(&mut self, inputs: &M::Inputs<'_>) -> Result<M::Scalar, Error> {
        self.waits = false;
        let loss = self.model.loss_and_grad_into(inputs, &mut self.workspace, &mut self.pending)?;
        self.waits = true;
        Ok(loss)
    }

    /// Adds the gradient that waits to [`grad`](Self::grad).
    ///
    /// # Errors
    /// [`Error::NoPendingGradient`] if none waits: `forward` was not called, failed, or its gradient has been added
    /// already. [`Error::ParameterShape`] if `grad` has been given another shape. `grad` is unchanged then.
    pub fn backward(&mut self) -> Result<(), Error> {
        if !self.waits {
            return Err(Error::NoPendingGradient);
        }
        check_shapes("gradient", &self.pending, &self.grad)?;
        self.waits = false;
        for index in 0..M::NAMES.len() {
            let pending = self.pending.values(index);
            for (sum, &term) in self.grad.values_mut(index).iter_mut().zip(pending.iter()) {
                *sum = *sum + term;
            }
        }
        Ok(())
    }

    /// Sets [`grad`](Self::grad) to zeros, in the shapes that it has. A gradient that waits keeps waiting.
    pub fn zero_grad(&mut self) {
        for index in 0..M::NAMES.len() {
            self.grad.values_mut(index).fill(M::Scalar::ZERO);
        }
    }

    /// The loss alone. A gradient that waits keeps waiting.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together.
    pub fn loss(&mut self, inputs: &M::Inputs<'_>) -> Result<M::Scalar, Error> {
        self.model.loss_into(inputs, &mut self.workspace)
    }

    /// Computes the outputs into `outputs`, whose arrays are replaced where they have not the right shape.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together.
    pub fn outputs_into(&mut self, inputs: &M::Inputs<'_>, outputs: &mut M::Outputs) -> Result<(), Error> {
        self.model.outputs_into(inputs, &mut self.workspace, outputs)
    }

    /// The memory that the buffers of the model's computation hold, in bytes.
    pub fn workspace_bytes(&self) -> usize {
        self.workspace.bytes()
    }

    /// The model, without the rest.
    pub fn into_model(self) -> M {
        self.model
    }
}
