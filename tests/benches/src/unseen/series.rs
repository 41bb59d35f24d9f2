//! Series and fields: an autoregression, a proportional hazards model (a running log-sum-exp), the energy of a wave in an
//! uneven medium, the total variation of an image.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]

use autograd_core::float::Float;
use autograd_core::model;
use autograd_core::simd::{Kernel, Lanes};
use ndarray::{Array1, Array2};

use super::frame::{Gradient, Problem, Question, Value, ask, problem, roundings};
use crate::{Case, Scale, data, lanes};

model! {
    /// An autoregression of order 3 with normal noise.
    pub Autoregression<N> {
        param a, b, c, log_sigma;
        input y: [N];
        let noise = y[3..] - a*y[2..-1] - b*y[1..-2] - c*y[..-3];
        loss = -mean(normal_lpdf(noise, 0, exp(log_sigma)));
    }
}

model! {
    /// Cox's proportional hazards: the times fall, so that those at risk are those before.
    pub Cox<N, D> {
        param w: [D];
        input x: [N, D], event: [N];
        let z = x @ w;
        loss = -sum(event*(z - logcumsumexp(z)))/N;
    }
}

model! {
    /// The energy of a wave at all times: kinetic, and elastic with a stiffness that varies.
    pub Wave<T, N> {
        param u: [T, N];
        input stiffness: [N - 1];
        loss = sum((u[1..] - u[..-1])^2) + sum(stiffness*(u[.., 1..] - u[.., ..-1])^2);
    }
}

model! {
    /// The total variation of an image, smooth, beside how far it is from another.
    pub Variation<N, M> {
        param u: [N, M];
        input f: [N, M];
        let (down, right) = (u[1.., ..-1] - u[..-1, ..-1], u[..-1, 1..] - u[..-1, ..-1]);
        loss = 0.5*sum((u - f)^2) + sum(sqrt(down^2 + right^2 + 0.01));
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    add_of::<f32>(cases);
    add_of::<f64>(cases);
}

/// Sums of a million terms, pairwise or in runs of 4096, in units of their mean size.
fn add_of<T: Float>(cases: &mut Vec<Case>) {
    let (questions, tolerance) = ([Value, Gradient], roundings::<T>(1000.0));
    ask(cases, "autoregression", "autoregression of order 3, 1 000 000", &questions, tolerance, Past::<T>::new);
    ask(cases, "cox", "proportional hazards, 100 000 x 10", &questions, tolerance, Hazards::<T>::new);
    ask(cases, "wave", "energy of a wave, 1000 x 1000", &questions, tolerance, Waves::<T>::new);
    ask(cases, "variation", "total variation, 1000 x 1000", &questions, tolerance, Images::<T>::new);
}

problem!(
    Past: autoregression::Autoregression,
    |scale| {
        a: T::from_f64(0.5), b: T::from_f64(-0.2), c: T::from_f64(0.1), log_sigma: T::from_f64(0.1)
    },
    { y: Array1<T> = data::centred(60, scale.pick(1_000_000, 5003), 1.0) },
    past_by_hand
);
problem!(
    Hazards: cox::Cox,
    |scale| { w: data::centred(61, 10, 0.3) },
    {
        x: Array2<T> = data::matrix(62, scale.pick(100_000, 203), 10, 1.0),
        event: Array1<T> = data::units(63, scale.pick(100_000, 203)).mapv(|u| T::from_f64(f64::from(u8::from(u < 0.7))))
    }
);
problem!(
    Waves: wave::Wave,
    |scale| { u: data::matrix(64, scale.pick(1000, 37), scale.pick(1000, 37), 1.0) },
    { stiffness: Array1<T> = data::units(65, scale.pick(1000, 37) - 1).mapv(T::from_f64) }
);
problem!(
    Images: variation::Variation,
    |scale| { u: data::matrix(66, scale.pick(1000, 37), scale.pick(1000, 37), 1.0) },
    { f: Array2<T> = data::matrix(67, scale.pick(1000, 37), scale.pick(1000, 37), 1.0) }
);

fn past_by_hand<T: Float>(it: &mut Past<T>, _: Question, _: &[T], out: &mut [T]) -> T {
    let (y, model) = (it.y.as_slice().expect("contiguous"), &it.model);
    let [square, last, second, third] = T::dispatch(Noise { y, factors: [model.a, model.b, model.c] });
    let count = T::from_usize(y.len() - 3);
    let precision = T::from_f64((-2.0 * model.log_sigma.to_f64()).exp());
    for (out, sum) in out.iter_mut().zip([last, second, third]) {
        *out = -precision * sum / count;
    }
    let mean = precision * square / count;
    out[3] = T::ONE - mean;
    T::from_f64(0.5) * mean + model.log_sigma + T::from_f64(0.5 * (2.0 * core::f64::consts::PI).ln())
}

/// The sums of the squares of the noise, and of the noise times each of the three numbers before.
struct Noise<'a, T> {
    y: &'a [T],
    factors: [T; 3],
}

impl<T: Float> Kernel<T> for Noise<'_, T> {
    type Output = [T; 4];

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> [T; 4] {
        let factors = self.factors.map(|factor| V::splat(-factor));
        lanes::sums::<T, V, 4>(
            self.y.len() - 3,
            #[inline(always)]
            |at| {
                let (first, second) = (V::load(self.y, 2, at), V::load(self.y, 1, at));
                let (third, now) = (V::load(self.y, 0, at), V::load(self.y, 3, at));
                let noise = first.mul_add(factors[0], second.mul_add(factors[1], third.mul_add(factors[2], now)));
                [noise * noise, noise * first, noise * second, noise * third]
            },
        )
    }
}
