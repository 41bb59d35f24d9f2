//! `llsq`: the least squares of a polynomial through the signs of equidistant points.

use autograd_core::model;
use serde_json::Value;

use super::{Prepare, boxed, json, number, vector};

model! {
    /// The squares of what a polynomial is off the sign function.
    pub Llsq<M, N> {
        param x: [M];
        let t[i in 0..N] = -1 + 2*i/(N - 1);
        loss = 0.5*sum[i]((sign(t[i]) - sum[j](x[j]*t[i]^j))^2);
    }
}

/// The model, how many points there are, and its buffers.
pub struct State {
    /// The model.
    pub model: Llsq<f64>,
    /// The number of points.
    pub n: usize,
    /// Its buffers.
    pub workspace: llsq::Workspace<f64>,
    /// The last value.
    pub value: f64,
    /// The last gradient.
    pub grad: llsq::Grad<f64>,
}

impl State {
    /// Of these coefficients.
    #[must_use]
    pub fn new(x: ndarray::Array1<f64>, n: usize) -> Self {
        let model = Llsq { x };
        let grad = llsq::Grad::zeros(&model);
        Self { model, n, workspace: llsq::Workspace::default(), value: 0.0, grad }
    }

    /// The value.
    ///
    /// # Errors
    /// If the number of points is no size.
    pub fn primal(&mut self) -> Result<(), autograd_core::Error> {
        self.value = self.model.loss_into(&llsq::Inputs { n: self.n }, &mut self.workspace)?;
        Ok(())
    }

    /// The gradient.
    ///
    /// # Errors
    /// As those of [`primal`](Self::primal).
    pub fn gradient(&mut self) -> Result<(), autograd_core::Error> {
        self.model.grad_into(&llsq::Inputs { n: self.n }, &mut self.workspace, &mut self.grad)
    }
}

/// `primal` and `gradient`, of `x` and `n`.
pub const FUNCTIONS: [(&str, Prepare); 2] = [
    ("primal", |input| Ok(boxed(read(input)?, State::primal, |state| state.value.into()))),
    ("gradient", |input| Ok(boxed(read(input)?, State::gradient, |state| json(state.grad.x.view())))),
];

fn read(input: &Value) -> Result<State, String> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size")]
    let n = number(input, "n")? as usize;
    Ok(State::new(vector(input, "x")?, n))
}
