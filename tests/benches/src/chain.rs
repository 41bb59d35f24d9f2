//! (f) A chain of ten elementwise functions over ten million elements: the sum and its gradient.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]

use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::model;
use autograd_core::simd::{Kernel, Lanes};
use ndarray::Array1;

use crate::{Entry, Workload, data, lanes};

model! {
    /// Ten functions, one after the other.
    pub Chain<N> {
        param x: [N];
        loss = sum(softplus(sigmoid(cos(tanh(sqrt(log1p(atan(exp(sin(x)))))))))^2);
    }
}

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry {
        name: "f/f32",
        about: "ten elementwise functions over 10 000 000",
        size: 10_000_000,
        small: 5003,
        tolerance: 2e-5,
        gradient_bar: Some(2.0),
        make: |n| Box::new(Both::<f32>::new(n)),
    }]
}

struct Both<T> {
    model: Chain<T>,
    workspace: chain::Workspace<T>,
    loss: T,
    grad: chain::Grad<T>,
    slopes: Array1<T>,
    by_hand: T,
}

impl<T: Float> Both<T> {
    fn new(n: usize) -> Self {
        let model = Chain { x: data::centred(8, n, 3.0) };
        Self {
            workspace: chain::Workspace::default(),
            loss: T::ZERO,
            grad: chain::Grad::zeros(&model),
            model,
            slopes: Array1::from_elem(n, T::ZERO),
            by_hand: T::ZERO,
        }
    }
}

impl<T: Float> Workload for Both<T> {
    fn model(&mut self) {
        let inputs = chain::Inputs {};
        let loss = self.model.loss_and_grad_into(&inputs, &mut self.workspace, &mut self.grad);
        self.loss = loss.expect("there is nothing to disagree");
    }

    fn hand(&mut self) {
        self.by_hand = T::dispatch(LossAndGradient {
            x: self.model.x.as_slice().expect("contiguous"),
            slopes: self.slopes.as_slice_mut().expect("contiguous"),
        });
    }

    fn value(&mut self) {
        let inputs = chain::Inputs {};
        std::hint::black_box(self.model.loss_into(&inputs, &mut self.workspace).expect("nothing can disagree"));
    }

    fn results(&self) -> [Vec<Vec<f64>>; 2] {
        [
            vec![data::doubles([&self.loss]), data::doubles(&self.grad.x)],
            vec![data::doubles([&self.by_hand]), data::doubles(&self.slopes)],
        ]
    }

    fn workspace_bytes(&self) -> usize {
        self.workspace.bytes()
    }

    fn data_bytes(&self) -> usize {
        size_of::<T>() * 2 * self.slopes.len()
    }
}

struct LossAndGradient<'a, T> {
    x: &'a [T],
    slopes: &'a mut [T],
}

impl<T: Float> Kernel<T> for LossAndGradient<'_, T> {
    type Output = T;
    const WIDE: bool = true;

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> T {
        let (zero, one) = (V::splat(T::ZERO), V::splat(T::ONE));
        let (half, two) = (V::splat(T::from_f64(0.5)), V::splat(T::from_f64(2.0)));
        let [sum] = lanes::sums::<T, V, 1>(
            self.x.len(),
            #[inline(always)]
            |at| {
                let x = V::load(self.x, 0, at);
                let e = x.sin().exp();
                let a = e.atan();
                let root = a.log1p().sqrt();
                let t = root.tanh();
                let c = t.cos();
                let s = c.sigmoid();
                let p = s.softplus();
                // The derivative of softplus at s > 0 is 1 / (1 + e⁻ˢ); of sigmoid, s(1 - s); and so back to x, with
                // all that divides in one division.
                let above = two * p * s.sigmoid() * s * (one - s) * (zero - t.sin()) * (one - t * t) * e * x.cos();
                let below = root * (one + a) * e.mul_add(e, one);
                (half * above / below).store(self.slopes, 0, at);
                [p * p]
            },
        );
        sum
    }
}
