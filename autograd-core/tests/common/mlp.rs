//! Two layers: `loss = mean(sum((s(x @ w1 + b1) @ w2 + b2 - y)^2, K))` with `s(z) = z / sqrt(1 + z^2)`.

use autograd_core::__private::check_gradient;
use autograd_core::init::{kaiming_uniform, stream, xavier_uniform};
use autograd_core::{Error, Float, Model, Objective, Origin};
use ndarray::{Array1, Array2, ArrayView2};

#[derive(Clone, Debug, PartialEq)]
pub struct Mlp<T> {
    pub w1: Array2<T>,
    pub b1: Array1<T>,
    pub w2: Array2<T>,
    pub b2: Array1<T>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Grad<T> {
    pub w1: Array2<T>,
    pub b1: Array1<T>,
    pub w2: Array2<T>,
    pub b2: Array1<T>,
}

super::parameters!(Mlp: 0 w1, 1 b1, 2 w2, 3 b2);
super::parameters!(Grad: 0 w1, 1 b1, 2 w2, 3 b2);

#[derive(Clone, Copy)]
pub struct Inputs<'a, T> {
    pub x: ArrayView2<'a, T>,
    pub y: ArrayView2<'a, T>,
}

/// What the forward pass keeps.
#[derive(Clone, Debug, Default)]
pub struct Workspace<T> {
    /// `s(z)`, and its derivative, [N, H].
    hidden: Vec<T>,
    slope: Vec<T>,
    /// The residuals, [N, K].
    residual: Vec<T>,
}

impl<T: Float> autograd_core::Workspace for Workspace<T> {
    fn bytes(&self) -> usize {
        (self.hidden.capacity() + self.slope.capacity() + self.residual.capacity()) * size_of::<T>()
    }
}

impl<T: Float> Mlp<T> {
    pub fn new(d: usize, h: usize, k: usize, seed: u64) -> Self {
        Self {
            w1: kaiming_uniform().array([d, h], &mut stream(seed, "w1")),
            b1: autograd_core::init::normal(0.0, 0.1).array([h], &mut stream(seed, "b1")),
            w2: xavier_uniform().array([h, k], &mut stream(seed, "w2")),
            b2: autograd_core::init::zeros().array([k], &mut stream(seed, "b2")),
        }
    }

    fn forward(&self, inputs: &Inputs<'_, T>, ws: &mut Workspace<T>) -> Result<T, Error> {
        let (n, d) = inputs.x.dim();
        let (h, k) = self.w2.dim();
        if inputs.y.nrows() != n {
            let (first, second) = ((Origin::Input("x"), n), (Origin::Input("y"), inputs.y.nrows()));
            return Err(Error::Dimension { dimension: "N", first, second });
        }
        ws.hidden.resize(n * h, T::ZERO);
        ws.slope.resize(n * h, T::ZERO);
        ws.residual.resize(n * k, T::ZERO);
        let mut loss = T::ZERO;
        for i in 0..n {
            for j in 0..h {
                let z = (0..d).fold(self.b1[j], |z, l| z + inputs.x[[i, l]] * self.w1[[l, j]]);
                let root = T::sqrt(T::ONE + z * z);
                ws.hidden[i * h + j] = z / root;
                ws.slope[i * h + j] = T::ONE / (root * root * root);
            }
            for c in 0..k {
                let out = (0..h).fold(self.b2[c], |o, j| o + ws.hidden[i * h + j] * self.w2[[j, c]]);
                let e = out - inputs.y[[i, c]];
                ws.residual[i * k + c] = e;
                loss = loss + e * e;
            }
        }
        Ok(loss / T::from_usize(n))
    }
}

impl<T: Float> Model for Mlp<T> {
    type Inputs<'a> = Inputs<'a, T>;
    type Outputs = Array2<T>;
    type Workspace = Workspace<T>;

    fn outputs_into(
        &self,
        inputs: &Inputs<'_, T>,
        workspace: &mut Workspace<T>,
        outputs: &mut Array2<T>,
    ) -> Result<(), Error> {
        self.forward(inputs, workspace)?;
        if outputs.dim() != inputs.y.dim() {
            *outputs = Array2::from_elem(inputs.y.dim(), T::ZERO);
        }
        for ((out, &y), &e) in outputs.iter_mut().zip(&inputs.y).zip(&workspace.residual) {
            *out = y + e;
        }
        Ok(())
    }
}

impl<T: Float> Objective for Mlp<T> {
    type Grad = Grad<T>;

    fn zero_grad(&self) -> Grad<T> {
        use autograd_core::__private::Tensor;
        Grad {
            w1: Tensor::zeros(&self.w1),
            b1: Tensor::zeros(&self.b1),
            w2: Tensor::zeros(&self.w2),
            b2: Tensor::zeros(&self.b2),
        }
    }

    fn loss_into(&self, inputs: &Inputs<'_, T>, workspace: &mut Workspace<T>) -> Result<T, Error> {
        self.forward(inputs, workspace)
    }

    fn grad_into(&self, inputs: &Inputs<'_, T>, workspace: &mut Workspace<T>, grad: &mut Grad<T>) -> Result<(), Error> {
        self.loss_and_grad_into(inputs, workspace, grad).map(|_| ())
    }

    fn loss_and_grad_into(
        &self,
        inputs: &Inputs<'_, T>,
        ws: &mut Workspace<T>,
        grad: &mut Grad<T>,
    ) -> Result<T, Error> {
        check_gradient(self, grad)?;
        let loss = self.forward(inputs, ws)?;
        let (n, d) = inputs.x.dim();
        let (h, k) = self.w2.dim();
        let scale = T::from_f64(2.0) / T::from_usize(n);
        grad.w1.fill(T::ZERO);
        grad.b1.fill(T::ZERO);
        grad.w2.fill(T::ZERO);
        grad.b2.fill(T::ZERO);
        for i in 0..n {
            for c in 0..k {
                let g = scale * ws.residual[i * k + c];
                grad.b2[c] = grad.b2[c] + g;
                for j in 0..h {
                    grad.w2[[j, c]] = grad.w2[[j, c]] + g * ws.hidden[i * h + j];
                }
            }
            for j in 0..h {
                let g = (0..k).fold(T::ZERO, |g, c| g + scale * ws.residual[i * k + c] * self.w2[[j, c]]);
                let g = g * ws.slope[i * h + j];
                grad.b1[j] = grad.b1[j] + g;
                for l in 0..d {
                    grad.w1[[l, j]] = grad.w1[[l, j]] + g * inputs.x[[i, l]];
                }
            }
        }
        Ok(loss)
    }
}
