//! Likelihoods with the gamma function, 100 000 rows of 4 numbers: negative binomial and zero-inflated Poisson counts, beta
//! proportions.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]
#![allow(clippy::needless_range_loop, reason = "loops of known length, over several arrays at once")]

use core::marker::PhantomData;

use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::model;
use autograd_core::simd::{Kernel, Lanes};
use ndarray::{Array1, Array2};

use super::frame::{Gradient, Problem, Question, Value, ask, roundings};
use super::gamma::gamma_pair;
use crate::lanes::{self, live_only};
use crate::{Case, Scale, data};

model! {
    /// Counts with a negative binomial distribution.
    pub NegativeBinomial<N, D> {
        param w: [D], shape;
        input x: [N, D], y: [N];
        loss = -mean(neg_binomial_2_log_lpmf(y, x @ w, exp(shape)));
    }
}

model! {
    /// Proportions with a beta distribution.
    pub Beta<N, D> {
        param w: [D], shape;
        input x: [N, D], y: [N];
        loss = -mean(beta_proportion_lpdf(y, sigmoid(x @ w), exp(shape)));
    }
}

model! {
    /// Poisson counts of which some are 0 whatever their rate.
    pub ZeroInflated<N, D> {
        param w: [D], shape;
        input x: [N, D], y: [N];
        let rate = x @ w;
        let none = logaddexp(log_sigmoid(shape), log_sigmoid(-shape) - exp(rate));
        let some = log_sigmoid(-shape) + poisson_log_lpmf(y, rate);
        loss = -mean(if y == 0 { none } else { some });
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    add_of::<f32>(cases);
    add_of::<f64>(cases);
}

/// A term is a difference of logarithms up to 40 with the error of their roundings; its slopes are a tenth of digammas of 3.
fn add_of<T: Float>(cases: &mut Vec<Case>) {
    let (questions, tolerance) = ([Value, Gradient], roundings::<T>(1000.0));
    let about = "negative binomial regression, 100 000 x 4";
    ask(cases, "negative-binomial", about, &questions, tolerance, Spread::<T>::new);
    ask(cases, "beta", "beta regression, 100 000 x 4", &questions, tolerance, Shares::<T>::new);
    let about = "zero-inflated Poisson regression, 100 000 x 4";
    ask(cases, "zero-inflated", about, &questions, tolerance, Inflated::<T>::new);
}

const D: usize = 4;

macro_rules! problem {
    ($name:ident, $module:ident, $model:ident, $target:expr, $family:ty) => {
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
                    model: $model { w: data::centred(50, D, 0.3), shape: T::from_f64(0.7) },
                    x: data::matrix(51, n, D, 1.0),
                    y: data::units(52, n).mapv(|u| T::from_f64(target(u))),
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
            fn hand(&mut self, question: Question, _: &[T], out: &mut [T]) -> T {
                let [x, y, w] = [self.x.as_slice(), self.y.as_slice(), self.model.w.as_slice()];
                let (x, y, w) = (x.expect("contiguous"), y.expect("contiguous"), w.expect("contiguous"));
                let (shape, family) = (self.model.shape, PhantomData::<$family>);
                if question == Value {
                    T::dispatch(Likelihood::<T, _, false> { x, y, w, shape, out, family })
                } else {
                    T::dispatch(Likelihood::<T, _, true> { x, y, w, shape, out, family })
                }
            }
            fn input_size(&self) -> usize {
                self.x.len() + self.y.len()
            }
        }
    };
}

problem!(Spread, negative_binomial, NegativeBinomial, |u| (12.0 * u * u).floor(), Binomial);
problem!(Shares, beta, Beta, |u| 0.05 + 0.9 * u * u, Proportion);
problem!(Inflated, zero_inflated, ZeroInflated, |u| (6.0 * u * u).floor(), Zeros);

/// A distribution whose place goes with a linear form, and which has one parameter more.
trait Family<T: Float> {
    /// What goes with that parameter alone: computed once.
    fn constants(shape: T) -> [T; 4];
    /// The logarithm of the density, its slopes by the form and by the parameter (0 if they are not wanted).
    fn at<V: Lanes<T>, const SLOPES: bool>(form: V, y: V, constants: [V; 4]) -> [V; 3];
}

struct Binomial;
struct Proportion;
struct Zeros;

impl<T: Float> Family<T> for Binomial {
    fn constants(shape: T) -> [T; 4] {
        let phi = shape.exp();
        let [log, slope] = gamma_pair::<T, T, true>(phi);
        [phi, phi * shape - log, shape + T::ONE - slope, T::ZERO]
    }

    #[inline(always)]
    fn at<V: Lanes<T>, const SLOPES: bool>(form: V, y: V, [phi, log, slope, _]: [V; 4]) -> [V; 3] {
        let mean = form.exp();
        let (sum, spread) = (y + phi, mean + phi);
        let [log_top, slope_top] = gamma_pair::<T, V, SLOPES>(sum);
        let [log_factorial, _] = gamma_pair::<T, V, false>(y + V::splat(T::ONE));
        let log_spread = spread.log();
        let value = log_top + log - log_factorial - sum * log_spread + y * form;
        let ratio = sum / spread;
        [value, y - ratio * mean, phi * (slope_top + slope - log_spread - ratio)]
    }
}

impl<T: Float> Family<T> for Proportion {
    fn constants(shape: T) -> [T; 4] {
        let kappa = shape.exp();
        let [log, slope] = gamma_pair::<T, T, true>(kappa);
        [kappa, log, slope, T::ZERO]
    }

    #[inline(always)]
    fn at<V: Lanes<T>, const SLOPES: bool>(form: V, y: V, [kappa, log, slope, _]: [V; 4]) -> [V; 3] {
        let one = V::splat(T::ONE);
        let small = (-form.abs()).exp();
        let share = one / (one + small);
        let is_low = form.lt(V::splat(T::ZERO));
        let (mean, rest) = (V::select(is_low, small * share, share), V::select(is_low, share, small * share));
        let (a, b) = (mean * kappa, rest * kappa);
        let ([log_a, slope_a], [log_b, slope_b]) = (gamma_pair::<T, V, SLOPES>(a), gamma_pair::<T, V, SLOPES>(b));
        let (log_y, log_rest) = (y.log(), (-y).log1p());
        let value = log - log_a - log_b + (a - one) * log_y + (b - one) * log_rest;
        let (by_a, by_b) = (log_y - slope_a, log_rest - slope_b);
        [value, kappa * (by_a - by_b) * mean * rest, kappa * (slope + mean * by_a + rest * by_b)]
    }
}

impl<T: Float> Family<T> for Zeros {
    fn constants(shape: T) -> [T; 4] {
        [shape.log_sigmoid(), (-shape).log_sigmoid(), shape.sigmoid(), T::ZERO]
    }

    #[inline(always)]
    fn at<V: Lanes<T>, const SLOPES: bool>(form: V, y: V, [log_none, log_some, none, _]: [V; 4]) -> [V; 3] {
        let (zero, one) = (V::splat(T::ZERO), V::splat(T::ONE));
        let mean = form.exp();
        // The log-odds of a 0 that is a count.
        let odds = log_some - mean - log_none;
        let small = (-odds.abs()).exp();
        let share = one / (one + small);
        let count = V::select(odds.lt(zero), small * share, share);
        let none_value = log_none + odds.max(zero) + small.log1p();
        let [log_factorial, _] = gamma_pair::<T, V, false>(y + one);
        let some_value = log_some + y * form - mean - log_factorial;
        let is_zero = y.eq(zero);
        [
            V::select(is_zero, none_value, some_value),
            V::select(is_zero, -(count * mean), y - mean),
            V::select(is_zero, one - count - none, -none),
        ]
    }
}

/// Minus the mean of the logarithms, and its gradient.
struct Likelihood<'a, T, F, const SLOPES: bool> {
    x: &'a [T],
    y: &'a [T],
    w: &'a [T],
    shape: T,
    out: &'a mut [T],
    family: PhantomData<F>,
}

/// So many rows are laid out as columns at once.
const ROWS: usize = 64;

impl<T: Float, F: Family<T>, const SLOPES: bool> Kernel<T> for Likelihood<'_, T, F, SLOPES> {
    type Output = T;
    const WIDE: bool = true;

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> T {
        let zero = V::splat(T::ZERO);
        let constants = F::constants(self.shape).map(V::splat);
        let mut w = [zero; D];
        for k in 0..D {
            w[k] = V::splat(self.w[k]);
        }
        let (mut loss, mut slopes) = (T::ZERO, [T::ZERO; D + 1]);
        let mut columns = [[T::ZERO; ROWS]; D];
        for (x, y) in self.x.chunks(1024 * D).zip(self.y.chunks(1024)) {
            let (mut some_loss, mut some_slopes) = (zero, [zero; D + 1]);
            for (x, y) in x.chunks(ROWS * D).zip(y.chunks(ROWS)) {
                for (i, x) in x.chunks_exact(D).enumerate() {
                    for k in 0..D {
                        columns[k][i] = x[k];
                    }
                }
                lanes::packs::<T, V>(
                    y.len(),
                    #[inline(always)]
                    |at| {
                        let mut form = zero;
                        for k in 0..D {
                            form = V::load(&columns[k], 0, at).mul_add(w[k], form);
                        }
                        let [value, by_form, by_shape] = F::at::<V, SLOPES>(form, V::load(y, 0, at), constants);
                        some_loss = some_loss + live_only::<T, V>(value, at);
                        if SLOPES {
                            let by_form = live_only::<T, V>(by_form, at);
                            for k in 0..D {
                                some_slopes[k] = V::load(&columns[k], 0, at).mul_add(by_form, some_slopes[k]);
                            }
                            some_slopes[D] = some_slopes[D] + live_only::<T, V>(by_shape, at);
                        }
                    },
                );
            }
            loss = loss + some_loss.sum();
            for k in 0..=D {
                slopes[k] = slopes[k] + some_slopes[k].sum();
            }
        }
        let scale = -T::ONE / T::from_usize(self.y.len());
        if SLOPES {
            for k in 0..=D {
                self.out[k] = slopes[k] * scale;
            }
        }
        loss * scale
    }
}
