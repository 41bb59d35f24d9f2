//! `PyTorch`'s way: `forward`, `backward`, and a gradient that adds up until it is cleared.

use core::fmt;

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
/// use autograd_core::{Error, Session, model};
/// use ndarray::array;
///
/// model! {
///     pub Plane<N, D> {
///         param w: [D], b;
///         input x: [N, D], y: [N];
///         loss = mean((x @ w + b - y)^2);
///     }
/// }
///
/// fn main() -> Result<(), Error> {
///     let (x, y) = (array![[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], array![1.0, 3.0, 4.0]);
///     let inputs = plane::Inputs::new(&x, &y);
///     let mut session = Session::new(Plane::<f64> { w: array![0.0, 0.0], b: 0.0 });
///     for _ in 0..500 {
///         session.zero_grad();
///         let _loss = session.forward(&inputs)?;
///         session.backward()?;
///         session.model -= 0.2 * &session.grad;     // all parameters, numbers and arrays
///     }
///     // One by one, an array and a number:
///     session.model.w.scaled_add(-0.2, &session.grad.w);
///     session.model.b -= 0.2 * session.grad.b;
///     let model = session.into_model();
///     assert!((&model.w - &array![3.0, 1.0]).iter().all(|error| error.abs() < 1e-3) && model.b.abs() < 1e-3);
///     Ok(())
/// }
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
    #[must_use]
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
        self.grad.fill(M::Scalar::ZERO);
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
    #[must_use]
    pub fn workspace_bytes(&self) -> usize {
        self.workspace.bytes()
    }

    /// The model, without the rest.
    #[must_use]
    pub fn into_model(self) -> M {
        self.model
    }
}

impl<M: Objective> Clone for Session<M> {
    /// The same session, with buffers of its own that grow anew.
    fn clone(&self) -> Self {
        let (model, grad, pending) = (self.model.clone(), self.grad.clone(), self.pending.clone());
        Self { model, grad, pending, waits: self.waits, workspace: M::Workspace::default() }
    }
}

impl<M: Objective + fmt::Debug> fmt::Debug for Session<M>
where
    M::Grad: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waits = self.waits.then_some(&self.pending);
        let fields = &mut f.debug_struct("Session");
        fields.field("model", &self.model).field("grad", &self.grad).field("pending", &waits).finish_non_exhaustive()
    }
}
