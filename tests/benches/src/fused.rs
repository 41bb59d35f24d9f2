//! (e) A loss that a framework has to fuse: `sum(log1p(exp(-y*(w*x + b))) + 0.01*tanh(x)^2)` over a million elements,
//! value and gradient by x, w and b.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]

use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::model;
use autograd_core::simd::{Kernel, Lanes};
use ndarray::Array1;

use crate::{Entry, Workload, data, lanes};

model! {
    /// A regularised logistic loss of many examples of one number each.
    pub Fused<N> {
        param x: [N];
        param w, b;
        input y: [N];
        loss = sum(log1p(exp(-y * (w*x + b))) + 0.01 * tanh(x)^2);
    }
}

pub(crate) fn entries() -> Vec<Entry> {
    let entry = |name, tolerance, make| Entry {
        name,
        about: "sum(log1p(exp(-y*(w*x+b))) + 0.01*tanh(x)^2) over 1 000 000",
        size: 1_000_000,
        small: 5003,
        tolerance,
        gradient_bar: Some(2.0),
        make,
    };
    vec![
        entry("e/f32", 2e-5, |n| Box::new(Both::<f32>::new(n))),
        entry("e/f64", 1e-12, |n| Box::new(Both::<f64>::new(n))),
    ]
}

struct Both<T> {
    y: Array1<T>,
    model: Fused<T>,
    workspace: fused::Workspace<T>,
    loss: T,
    grad: fused::Grad<T>,
    slopes: Array1<T>,
    /// Loss, gradient by w, gradient by b.
    by_hand: [T; 3],
}

impl<T: Float> Both<T> {
    fn new(n: usize) -> Self {
        let model = Fused { x: data::centred(6, n, 2.0), w: T::from_f64(1.5), b: T::from_f64(0.3) };
        Self {
            y: data::units(7, n).map(|&u| T::from_f64(if u < 0.5 { -1.0 } else { 1.0 })),
            workspace: fused::Workspace::default(),
            loss: T::ZERO,
            grad: fused::Grad::zeros(&model),
            model,
            slopes: Array1::from_elem(n, T::ZERO),
            by_hand: [T::ZERO; 3],
        }
    }
}

impl<T: Float> Workload for Both<T> {
    fn model(&mut self) {
        let inputs = fused::Inputs { y: self.y.view() };
        let loss = self.model.loss_and_grad_into(&inputs, &mut self.workspace, &mut self.grad);
        self.loss = loss.expect("the sizes agree");
    }

    fn hand(&mut self) {
        self.by_hand = T::dispatch(LossAndGradient {
            x: self.model.x.as_slice().expect("contiguous"),
            y: self.y.as_slice().expect("contiguous"),
            w: self.model.w,
            b: self.model.b,
            slopes: self.slopes.as_slice_mut().expect("contiguous"),
        });
    }

    fn value(&mut self) {
        let inputs = fused::Inputs { y: self.y.view() };
        std::hint::black_box(self.model.loss_into(&inputs, &mut self.workspace).expect("the sizes agree"));
    }

    fn results(&self) -> [Vec<Vec<f64>>; 2] {
        let model = [self.loss, self.grad.w, self.grad.b].map(|number| vec![number.to_f64()]);
        let hand = self.by_hand.map(|number| vec![number.to_f64()]);
        let with = |numbers: [Vec<f64>; 3], slopes| numbers.into_iter().chain([data::doubles(slopes)]).collect();
        [with(model, &self.grad.x), with(hand, &self.slopes)]
    }

    fn workspace_bytes(&self) -> usize {
        self.workspace.bytes()
    }

    fn data_bytes(&self) -> usize {
        size_of::<T>() * (3 * self.y.len() + 4)
    }
}

struct LossAndGradient<'a, T> {
    x: &'a [T],
    y: &'a [T],
    w: T,
    b: T,
    slopes: &'a mut [T],
}

impl<T: Float> Kernel<T> for LossAndGradient<'_, T> {
    type Output = [T; 3];
    const WIDE: bool = true;

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> [T; 3] {
        let (w, b) = (V::splat(self.w), V::splat(self.b));
        let (zero, one) = (V::splat(T::ZERO), V::splat(T::ONE));
        let (weight, twice) = (V::splat(T::from_f64(0.01)), V::splat(T::from_f64(0.02)));
        lanes::sums::<T, V, 3>(
            self.x.len(),
            #[inline(always)]
            |at| {
                let (x, y) = (V::load(self.x, 0, at), V::load(self.y, 0, at));
                // log1p(exp(u)) and its derivative, sigmoid(u), from one exponential that cannot overflow.
                let u = -(y * x.mul_add(w, b));
                let small = (-u.abs()).exp();
                let share = one / (one + small);
                let sigmoid = V::select(u.lt(zero), small * share, share);
                let tanh = x.tanh();
                let squared = tanh * tanh;
                let slope = -(y * sigmoid);
                slope.mul_add(w, twice * tanh * (one - squared)).store(self.slopes, 0, at);
                [weight.mul_add(squared, u.max(zero) + small.log1p()), slope * x, slope]
            },
        )
    }
}
