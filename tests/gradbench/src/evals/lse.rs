//! `lse`: the logarithm of a sum of exponentials, of primitives.

use autograd_core::model;
use serde_json::Value;

use super::{Prepare, boxed, json, vector};

model! {
    /// The logarithm of a sum of exponentials.
    pub Lse<N> {
        param x: [N];
        let most = max[i](x[i]);
        loss = most + log(sum[i](exp(x[i] - most)));
    }
}

/// The model and its buffers.
pub struct State {
    /// The model.
    pub model: Lse<f64>,
    /// Its buffers.
    pub workspace: lse::Workspace<f64>,
    /// The last value.
    pub value: f64,
    /// The last gradient.
    pub grad: lse::Grad<f64>,
}

impl State {
    /// Of these numbers.
    #[must_use]
    pub fn new(x: ndarray::Array1<f64>) -> Self {
        let model = Lse { x };
        let grad = lse::Grad::zeros(&model);
        Self { model, workspace: lse::Workspace::default(), value: 0.0, grad }
    }

    /// The value.
    ///
    /// # Errors
    /// None.
    pub fn primal(&mut self) -> Result<(), autograd_core::Error> {
        self.value = self.model.loss_into(&lse::Inputs {}, &mut self.workspace)?;
        Ok(())
    }

    /// The gradient.
    ///
    /// # Errors
    /// None.
    pub fn gradient(&mut self) -> Result<(), autograd_core::Error> {
        self.model.grad_into(&lse::Inputs {}, &mut self.workspace, &mut self.grad)
    }
}

/// `primal` and `gradient`, of `x`.
pub const FUNCTIONS: [(&str, Prepare); 2] = [
    ("primal", |input| Ok(boxed(read(input)?, State::primal, |state| state.value.into()))),
    ("gradient", |input| Ok(boxed(read(input)?, State::gradient, |state| json(state.grad.x.view())))),
];

fn read(input: &Value) -> Result<State, String> {
    Ok(State::new(vector(input, "x")?))
}
