//! Regressions of 100 000 rows of 100 numbers: linear, Poisson, Huber, logistic; value, gradient, Hessian-vector product.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]

use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::model;
use autograd_core::simd::Lanes;
use ndarray::{Array1, Array2};

use super::frame::{Gradient, Problem, Product, Question, Value, ask, roundings};
use super::linear::{Link, Square, SquareProduct, rows};
use crate::{Case, Scale, data};

model! {
    /// Linear regression.
    pub Linear<N, D> {
        param w: [D];
        input x: [N, D], y: [N];
        loss = mean((x @ w - y)^2);
        derive hvp;
    }
}

model! {
    /// Poisson regression, without what does not depend on `w`.
    pub Poisson<N, D> {
        param w: [D];
        input x: [N, D], y: [N];
        let z = x @ w;
        loss = mean(exp(z) - y*z);
        derive hvp;
    }
}

model! {
    /// Huber's robust regression.
    pub Robust<N, D> {
        param w: [D];
        input x: [N, D], y: [N];
        loss = mean(huber(x @ w, y));
    }
}

model! {
    /// Logistic regression.
    pub Logistic<N, D> {
        param w: [D];
        input x: [N, D], y: [N];
        loss = mean(bce_with_logits(x @ w, y));
        derive hvp;
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    add_of::<f32>(cases);
    add_of::<f64>(cases);
}

/// A slope is a mean of terms of both signs, the size of which is up to 300 times its own.
fn add_of<T: Float>(cases: &mut Vec<Case>) {
    let (all, tolerance) = ([Value, Gradient, Product], roundings::<T>(1000.0));
    ask(cases, "linear", "linear regression, 100 000 x 100", &all, tolerance, Lines::<T>::new);
    ask(cases, "poisson", "Poisson regression, 100 000 x 100", &all, tolerance, Rates::<T>::new);
    ask(cases, "huber", "Huber regression, 100 000 x 100", &all[..2], tolerance, Bounds::<T>::new);
    ask(cases, "logistic", "logistic regression, 100 000 x 100", &all, tolerance, Classes::<T>::new);
}

/// The problem of a model: the loss with its gradient by one link, the product by another.
macro_rules! problem {
    ($name:ident, $module:ident, $model:ident, $target:expr, $link:ty, $product:ty) => {
        struct $name<T> {
            model: $model<T>,
            x: Array2<T>,
            y: Array1<T>,
        }

        impl<T: Float> $name<T> {
            fn new(scale: Scale) -> Self {
                let n = scale.pick(100_000, 203);
                let target: fn(f64) -> f64 = $target;
                Self {
                    model: $model { w: data::centred(5, 100, 0.1) },
                    x: data::matrix(3, n, 100, 1.0),
                    y: data::units(4, n).mapv(|u| T::from_f64(target(u))),
                }
            }
        }

        impl<T: Float> Problem<T> for $name<T> {
            type Model = $model<T>;

            fn model(&self) -> &$model<T> {
                &self.model
            }
            fn inputs(&self) -> $module::Inputs<'_, T> {
                $module::Inputs { x: self.x.view(), y: self.y.view() }
            }
            fn hand(&mut self, question: Question, along: &[T], out: &mut [T]) -> T {
                let [x, y, w] = [self.x.as_slice(), self.y.as_slice(), self.model.w.as_slice()];
                let (x, y, w) = (x.expect("contiguous"), y.expect("contiguous"), w.expect("contiguous"));
                match question {
                    Product if <$product as Link<T>>::VECTORS == 1 => {
                        rows::<T, $product>([x, y, along, along], false, out)
                    }
                    Product => rows::<T, $product>([x, y, w, along], false, out),
                    _ => rows::<T, $link>([x, y, w, along], question == Value, out),
                }
            }
            fn input_size(&self) -> usize {
                self.x.len() + self.y.len()
            }
        }
    };
}

problem!(Lines, linear, Linear, |u| 2.0 * u, Square, SquareProduct);
problem!(Rates, poisson, Poisson, |u| (5.0 * u).floor(), Exponential, ExponentialProduct);
problem!(Bounds, robust, Robust, |u| 6.0 * u - 3.0, Huber, Huber);
problem!(Classes, logistic, Logistic, |u| if u < 0.5 { 1.0 } else { 0.0 }, Logit, LogitProduct);

/// `eᶻ - y·z`
struct Exponential;
struct ExponentialProduct;
/// `r²/2`, beyond 1 `|r| - 1/2`.
struct Huber;
/// `softplus(z) - y·z`
struct Logit;
struct LogitProduct;

impl<T: Float> Link<T> for Exponential {
    const VECTORS: usize = 1;

    #[inline(always)]
    fn at<V: Lanes<T>>([z, _]: [V; 2], y: V) -> (V, V) {
        let mean = z.exp();
        (mean - y * z, mean - y)
    }
}

impl<T: Float> Link<T> for ExponentialProduct {
    const VECTORS: usize = 2;

    #[inline(always)]
    fn at<V: Lanes<T>>([z, along]: [V; 2], _: V) -> (V, V) {
        (V::splat(T::ZERO), z.exp() * along)
    }
}

impl<T: Float> Link<T> for Huber {
    const VECTORS: usize = 1;

    #[inline(always)]
    fn at<V: Lanes<T>>([z, _]: [V; 2], y: V) -> (V, V) {
        let (rest, one, half) = (z - y, V::splat(T::ONE), V::splat(T::from_f64(0.5)));
        let slope = rest.at_most(one).at_least(-one);
        (slope * (rest - half * slope), slope)
    }
}

impl<T: Float> Link<T> for Logit {
    const VECTORS: usize = 1;

    #[inline(always)]
    fn at<V: Lanes<T>>([z, _]: [V; 2], y: V) -> (V, V) {
        let (zero, one) = (V::splat(T::ZERO), V::splat(T::ONE));
        let small = (-z.abs()).exp();
        let value = z.max(zero) + small.log1p() - y * z;
        let share = one / (one + small);
        (value, V::select(z.lt(zero), small * share, share) - y)
    }
}

impl<T: Float> Link<T> for LogitProduct {
    const VECTORS: usize = 2;

    #[inline(always)]
    fn at<V: Lanes<T>>([z, along]: [V; 2], _: V) -> (V, V) {
        let one = V::splat(T::ONE);
        let small = (-z.abs()).exp();
        let share = one / (one + small);
        (V::splat(T::ZERO), small * share * share * along)
    }
}
