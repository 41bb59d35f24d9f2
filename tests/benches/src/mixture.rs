//! (g) The log-likelihood of a mixture of ten normal distributions, 100 000 points.
//!
//! Once with the number of components in the model's text, once with a number that is known only when it runs.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]
#![allow(clippy::needless_range_loop, reason = "loops of known length, over several arrays at once")]

use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::model;
use autograd_core::simd::{Kernel, Lanes};
use ndarray::Array1;

use crate::{Entry, Workload, data, lanes};

model! {
    /// A mixture of normal distributions.
    pub Mixture<N, K> {
        param mu: [K], log_sigma: [K], logits: [K];
        input x: [N];
        let z = (x[.., new] - mu) * exp(-log_sigma);
        loss = -mean(logsumexp(log_softmax(logits) - log_sigma - 0.5 * z^2 - 0.5 * log(2*pi), K));
    }
}

model! {
    /// A mixture of ten normal distributions.
    pub Mixture10<N> {
        param mu: [10], log_sigma: [10], logits: [10];
        input x: [N];
        let z = (x[.., new] - mu) * exp(-log_sigma);
        loss = -mean(logsumexp(log_softmax(logits) - log_sigma - 0.5 * z^2 - 0.5 * log(2*pi), axis = 1));
    }
}

const COMPONENTS: usize = 10;

pub(crate) fn entries() -> Vec<Entry> {
    let entry = |name, about, make| Entry {
        name,
        about,
        size: 100_000,
        small: 5003,
        tolerance: 1e-11,
        gradient_bar: Some(2.0),
        make,
    };
    vec![
        entry("g/f64", "mixture of K = 10 normal distributions, 100 000 points", |n| {
            Box::new(Both::<Mixture<f64>>::new(n))
        }),
        entry("g/f64-10", "the same with the 10 in the model's text", |n| Box::new(Both::<Mixture10<f64>>::new(n))),
    ]
}

/// One of the two models.
trait Components {
    type Workspace: Default;
    type Grad;
    fn start(mu: Array1<f64>, log_sigma: Array1<f64>, logits: Array1<f64>) -> Self;
    fn params(&self) -> [&[f64]; 3];
    fn zeros(&self) -> Self::Grad;
    fn gradients(grad: &Self::Grad) -> [&Array1<f64>; 3];
    fn loss(&self, x: &Array1<f64>, workspace: &mut Self::Workspace) -> f64;
    fn both(&self, x: &Array1<f64>, workspace: &mut Self::Workspace, grad: &mut Self::Grad) -> f64;
    fn bytes(workspace: &Self::Workspace) -> usize;
}

macro_rules! components {
    ($model:ident, $module:ident) => {
        impl Components for $model<f64> {
            type Workspace = $module::Workspace<f64>;
            type Grad = $module::Grad<f64>;

            fn start(mu: Array1<f64>, log_sigma: Array1<f64>, logits: Array1<f64>) -> Self {
                Self { mu, log_sigma, logits }
            }
            fn params(&self) -> [&[f64]; 3] {
                [&self.mu, &self.log_sigma, &self.logits].map(|param| param.as_slice().expect("contiguous"))
            }
            fn zeros(&self) -> Self::Grad {
                $module::Grad::zeros(self)
            }
            fn gradients(grad: &Self::Grad) -> [&Array1<f64>; 3] {
                [&grad.mu, &grad.log_sigma, &grad.logits]
            }
            fn loss(&self, x: &Array1<f64>, workspace: &mut Self::Workspace) -> f64 {
                self.loss_into(&$module::Inputs { x: x.view() }, workspace).expect("the sizes agree")
            }
            fn both(&self, x: &Array1<f64>, workspace: &mut Self::Workspace, grad: &mut Self::Grad) -> f64 {
                let inputs = $module::Inputs { x: x.view() };
                self.loss_and_grad_into(&inputs, workspace, grad).expect("the sizes agree")
            }
            fn bytes(workspace: &Self::Workspace) -> usize {
                workspace.bytes()
            }
        }
    };
}

components!(Mixture, mixture);
components!(Mixture10, mixture10);

struct Both<M: Components> {
    x: Array1<f64>,
    model: M,
    workspace: M::Workspace,
    loss: f64,
    grad: M::Grad,
    by_hand: LossAndSlopes<f64>,
}

impl<M: Components> Both<M> {
    #[expect(clippy::cast_precision_loss, reason = "there are ten")]
    fn new(n: usize) -> Self {
        let by_component = |f: fn(f64) -> f64| (0..COMPONENTS).map(|k| f(k as f64)).collect();
        let model = M::start(
            by_component(|k| -3.0 + k * 6.0 / 9.0),
            by_component(|k| -0.2 + 0.05 * k),
            by_component(|k| 0.1 * k),
        );
        Self {
            x: data::centred(9, n, 3.0),
            workspace: M::Workspace::default(),
            loss: 0.0,
            grad: model.zeros(),
            model,
            by_hand: (0.0, [[0.0; COMPONENTS]; 3]),
        }
    }
}

impl<M: Components> Workload for Both<M> {
    fn model(&mut self) {
        self.loss = self.model.both(&self.x, &mut self.workspace, &mut self.grad);
    }

    fn hand(&mut self) {
        let [mu, log_sigma, logits] = self.model.params();
        let x = self.x.as_slice().expect("contiguous");
        self.by_hand = f64::dispatch(LossAndGradient { x, mu, log_sigma, logits });
    }

    fn value(&mut self) {
        std::hint::black_box(self.model.loss(&self.x, &mut self.workspace));
    }

    fn results(&self) -> [Vec<Vec<f64>>; 2] {
        let model = M::gradients(&self.grad).map(|slopes| slopes.to_vec());
        let (loss, hand) = &self.by_hand;
        let with = |loss, slopes: [Vec<f64>; 3]| std::iter::once(vec![loss]).chain(slopes).collect();
        [with(self.loss, model), with(*loss, hand.map(|slopes| slopes.to_vec()))]
    }

    fn workspace_bytes(&self) -> usize {
        M::bytes(&self.workspace)
    }

    fn data_bytes(&self) -> usize {
        size_of::<f64>() * (self.x.len() + 6 * COMPONENTS)
    }
}

struct LossAndGradient<'a, T> {
    x: &'a [T],
    mu: &'a [T],
    log_sigma: &'a [T],
    logits: &'a [T],
}

/// The loss; its gradient by mu, log sigma and the logits.
type LossAndSlopes<T> = (T, [[T; COMPONENTS]; 3]);

impl<T: Float> Kernel<T> for LossAndGradient<'_, T> {
    type Output = LossAndSlopes<T>;
    const WIDE: bool = true;

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> LossAndSlopes<T> {
        let n = T::from_usize(self.x.len());
        let inverse: [T; COMPONENTS] = std::array::from_fn(|k| T::exp(-self.log_sigma[k]));
        let largest = self.logits.iter().fold(T::NEG_INFINITY, |a, &b| if a < b { b } else { a });
        let total = self.logits.iter().fold(T::ZERO, |sum, &logit| sum + T::exp(logit - largest));
        let weight: [T; COMPONENTS] = std::array::from_fn(|k| T::exp(self.logits[k] - largest) / total);
        let constant = T::from_f64(0.5 * (2.0 * std::f64::consts::PI).ln());
        let shift: [T; COMPONENTS] =
            std::array::from_fn(|k| self.logits[k] - largest - T::log(total) - self.log_sigma[k] - constant);

        // Of each component: Σ r, Σ r·z, Σ r·z², for its share r of a point.
        let (mut loss, mut moments) = (T::ZERO, [[T::ZERO; COMPONENTS]; 3]);
        for x in self.x.chunks(4096) {
            let mut some = [[V::splat(T::ZERO); COMPONENTS]; 3];
            let mut some_loss = V::splat(T::ZERO);
            lanes::packs::<T, V>(
                x.len(),
                #[inline(always)]
                |at| {
                    let x = V::load(x, 0, at);
                    let (mut z, mut density) = ([x; COMPONENTS], [x; COMPONENTS]);
                    let mut most = V::splat(T::NEG_INFINITY);
                    for k in 0..COMPONENTS {
                        z[k] = (x - V::splat(self.mu[k])) * V::splat(inverse[k]);
                        density[k] = (z[k] * V::splat(T::from_f64(-0.5))).mul_add(z[k], V::splat(shift[k]));
                        most = most.at_least(density[k]);
                    }
                    let mut sum = V::splat(T::ZERO);
                    for k in 0..COMPONENTS {
                        density[k] = (density[k] - most).exp();
                        sum = sum + density[k];
                    }
                    some_loss = some_loss + lanes::live_only::<T, V>(most + sum.log(), at);
                    let share = lanes::live_only::<T, V>(V::splat(T::ONE) / sum, at);
                    for k in 0..COMPONENTS {
                        let r = density[k] * share;
                        let rz = r * z[k];
                        some[0][k] = some[0][k] + r;
                        some[1][k] = some[1][k] + rz;
                        some[2][k] = rz.mul_add(z[k], some[2][k]);
                    }
                },
            );
            loss = loss + some_loss.sum();
            for which in 0..3 {
                for k in 0..COMPONENTS {
                    moments[which][k] = moments[which][k] + some[which][k].sum();
                }
            }
        }

        let mut slopes = [[T::ZERO; COMPONENTS]; 3];
        for k in 0..COMPONENTS {
            let [shares, first, second] = [moments[0][k], moments[1][k], moments[2][k]];
            slopes[0][k] = -(first * inverse[k] / n);
            slopes[1][k] = (shares - second) / n;
            slopes[2][k] = weight[k] - shares / n;
        }
        (-(loss / n), slopes)
    }
}
