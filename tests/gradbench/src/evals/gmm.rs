//! `gmm`: the logarithm of a posterior of mixtures of normal distributions.

use autograd_core::model;
use ndarray::{Array1, Array2};
use serde_json::{Value, json};

use super::{Prepare, boxed, json as list, matrix, number, vector};

model! {
    /// The logarithm of a posterior of mixtures of normal distributions: precisions are `q q.T` of triangular `q`, the
    /// diagonal as logarithms, what is below column by column.
    pub Gmm<N, K, D> {
        param alpha: [K], mu: [K, D], q: [K, D], l: [K, D*(D - 1)/2];
        input x: [N, D], gamma, m;
        let low[k, i in 0..D, j in 0..D] =
            if j < i { l[k, j*(2*D - j - 1)/2 + i - j - 1] } else if i == j { exp(q[k, i]) } else { 0 };
        let beta[n, k] =
            alpha[k] + sum[j](q[k, j]) - 0.5*sum[i](sum[j](low[k, i, j]*(x[n, j] - mu[k, j]))^2);
        let nu = D + m + 1;
        let lgd = D*(D - 1)/4*log(pi) + sum[j in 0..D](lgamma((nu - j)/2));
        loss = -N*(D/2*log(2*pi) + logsumexp(alpha)) + sum[n](logsumexp[k](beta[n, k]))
            + K*(nu*D*log(gamma/sqrt(2)) - lgd) - gamma^2/2*sum(low^2) + m*sum(q);
    }
}

/// The model, its points and its buffers.
pub struct State {
    /// The model.
    pub model: Gmm<f64>,
    /// The points.
    pub x: Array2<f64>,
    /// The numbers of the prior.
    pub gamma: f64,
    /// The numbers of the prior.
    pub m: f64,
    /// Its buffers.
    pub workspace: gmm::Workspace<f64>,
    /// The last value.
    pub value: f64,
    /// The last gradient.
    pub grad: gmm::Grad<f64>,
}

impl State {
    /// Of this model, these points and the prior `gamma`, `m`.
    #[must_use]
    pub fn new(model: Gmm<f64>, x: Array2<f64>, gamma: f64, m: f64) -> Self {
        let grad = gmm::Grad::zeros(&model);
        Self { model, x, gamma, m, workspace: gmm::Workspace::default(), value: 0.0, grad }
    }

    /// The value.
    ///
    /// # Errors
    /// If the sizes do not fit.
    pub fn objective(&mut self) -> Result<(), autograd_core::Error> {
        let inputs = gmm::Inputs { x: self.x.view(), gamma: self.gamma, m: self.m };
        self.value = self.model.loss_into(&inputs, &mut self.workspace)?;
        Ok(())
    }

    /// The gradient.
    ///
    /// # Errors
    /// As those of [`objective`](Self::objective).
    pub fn jacobian(&mut self) -> Result<(), autograd_core::Error> {
        let inputs = gmm::Inputs { x: self.x.view(), gamma: self.gamma, m: self.m };
        self.model.grad_into(&inputs, &mut self.workspace, &mut self.grad)
    }
}

/// `objective` and `jacobian`.
pub const FUNCTIONS: [(&str, Prepare); 2] = [
    ("objective", |input| Ok(boxed(read(input)?, State::objective, |state| state.value.into()))),
    ("jacobian", |input| Ok(boxed(read(input)?, State::jacobian, |state| gradient(&state.grad)))),
];

fn gradient(grad: &gmm::Grad<f64>) -> Value {
    json!({
        "alpha": list(grad.alpha.view()),
        "mu": list(grad.mu.view()),
        "q": list(grad.q.view()),
        "l": list(grad.l.view()),
    })
}

fn read(input: &Value) -> Result<State, String> {
    let alpha: Array1<f64> = vector(input, "alpha")?;
    let x = matrix(input, "x", None)?;
    let d = x.ncols();
    let below = d * d.saturating_sub(1) / 2;
    let (mu, q) = (matrix(input, "mu", Some(d))?, matrix(input, "q", Some(d))?);
    let model = Gmm { alpha, mu, q, l: matrix(input, "l", Some(below))? };
    Ok(State::new(model, x, number(input, "gamma")?, number(input, "m")?))
}
