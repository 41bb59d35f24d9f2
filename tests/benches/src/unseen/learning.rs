//! What is learnt of tables: a factorization machine, steps of a recurrent network, similarities of pairs, factors of a matrix.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]

use autograd_core::float::Float;
use autograd_core::model;
use autograd_core::simd::{Kernel, Lanes};
use ndarray::{Array1, Array2};

use super::frame::{Gradient, Problem, Question, Value, ask, problem, roundings};
use crate::{Case, Scale, data, lanes};

model! {
    /// A factorization machine: all pairs of features, through a few factors each.
    pub Machine<N, D, K> {
        param b: [], w: [D], v: [D, K];
        input x: [N, D], y: [N];
        let pairs = 0.5*sum((x @ v)^2 - x^2 @ v^2, K);
        loss = mean(bce_with_logits(b + x @ w + pairs, y));
    }
}

model! {
    /// Three steps of a recurrent network.
    pub Recurrent<N, D, H> {
        param win: [D, H], wh: [H, H], b: [H], out: [H];
        input x0: [N, D], x1: [N, D], x2: [N, D], y: [N];
        let h0 = tanh(x0 @ win + b);
        let h1 = tanh(x1 @ win + h0 @ wh + b);
        let h2 = tanh(x2 @ win + h1 @ wh + b);
        loss = mean((h2 @ out - y)^2);
    }
}

model! {
    /// How unlike the rows of two tables are.
    pub Cosine<N, D> {
        param a: [N, D];
        input b: [N, D];
        loss = mean(1 - sum(a*b, D)/(norm(a, axis = D)*norm(b, axis = D)));
    }
}

model! {
    /// Non-negative factors of a matrix.
    pub Factors<N, M, R> {
        param log_w: [N, R], log_h: [R, M];
        input x: [N, M];
        loss = mean((exp(log_w) @ exp(log_h) - x)^2);
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    add_of::<f32>(cases);
    add_of::<f64>(cases);
}

/// Sums over a row of 32 and over rows in runs of 4096; a slope is the difference of two of its size.
fn add_of<T: Float>(cases: &mut Vec<Case>) {
    let (questions, tolerance) = ([Value, Gradient], roundings::<T>(200.0));
    ask(cases, "machine", "factorization machine, 20 000 x 100, 8 factors", &questions, tolerance, Machines::<T>::new);
    ask(cases, "recurrent", "3 recurrent steps, 256 x 64, 64 cells", &questions, tolerance, Steps::<T>::new);
    ask(cases, "cosine", "cosines of 100 000 pairs of 32 numbers", &questions, tolerance, Pairs::<T>::new);
    ask(cases, "factors", "factors of 2000 x 500, rank 16", &questions, tolerance, Parts::<T>::new);
}

problem!(
    Machines: machine::Machine,
    |scale| { b: T::from_f64(0.1), w: data::centred(100, 100, 0.1), v: data::matrix(101, 100, 8, 0.1) },
    {
        x: Array2<T> = data::matrix(102, scale.pick(20_000, 77), 100, 1.0),
        y: Array1<T> =
            data::units(103, scale.pick(20_000, 77)).mapv(|u| T::from_f64(f64::from(u8::from(u < 0.5))))
    }
);
problem!(
    Steps: recurrent::Recurrent,
    |scale| {
        win: data::matrix(104, 64, 64, 0.125), wh: data::matrix(105, 64, 64, 0.125),
        b: data::centred(106, 64, 0.1), out: data::centred(107, 64, 0.125)
    },
    {
        x0: Array2<T> = data::matrix(108, scale.pick(256, 21), 64, 1.0),
        x1: Array2<T> = data::matrix(109, scale.pick(256, 21), 64, 1.0),
        x2: Array2<T> = data::matrix(110, scale.pick(256, 21), 64, 1.0),
        y: Array1<T> = data::centred(111, scale.pick(256, 21), 1.0)
    }
);
problem!(
    Pairs: cosine::Cosine,
    |scale| { a: data::matrix(112, scale.pick(100_000, 203), WIDTH, 1.0) },
    { b: Array2<T> = data::matrix(113, scale.pick(100_000, 203), WIDTH, 1.0) },
    pairs_by_hand
);
problem!(
    Parts: factors::Factors,
    |scale| { log_w: data::matrix(114, scale.pick(2000, 37), 16, 0.5), log_h: data::matrix(115, 16, scale.pick(500, 21), 0.5) },
    {
        x: Array2<T> = data::units(116, scale.pick(2000, 37) * scale.pick(500, 21))
            .mapv(|u| T::from_f64(20.0 * u))
            .into_shape_with_order((scale.pick(2000, 37), scale.pick(500, 21)))
            .expect("as many numbers as places")
    }
);

const WIDTH: usize = 32;

fn pairs_by_hand<T: Float>(it: &mut Pairs<T>, question: Question, _: &[T], out: &mut [T]) -> T {
    let (a, b) = (it.model.a.as_slice().expect("contiguous"), it.b.as_slice().expect("contiguous"));
    T::dispatch(Cosines { a, b, out, has_slopes: question == Gradient })
}

/// Row by row, each of which stays in registers.
struct Cosines<'a, T> {
    a: &'a [T],
    b: &'a [T],
    out: &'a mut [T],
    has_slopes: bool,
}

impl<T: Float> Kernel<T> for Cosines<'_, T> {
    type Output = T;

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> T {
        let scale = T::ONE / T::from_usize(self.a.len() / WIDTH);
        let mut loss = T::ZERO;
        for first in (0..self.a.len()).step_by(4096 * WIDTH) {
            let mut some = T::ZERO;
            for start in (first..self.a.len().min(first + 4096 * WIDTH)).step_by(WIDTH) {
                let mut sums = [V::splat(T::ZERO); 3];
                lanes::packs::<T, V>(
                    WIDTH,
                    #[inline(always)]
                    |at| {
                        let (a, b) = (V::load(self.a, start, at), V::load(self.b, start, at));
                        sums = [a.mul_add(b, sums[0]), a.mul_add(a, sums[1]), b.mul_add(b, sums[2])];
                    },
                );
                let (dot, a_square, b_square) = (sums[0].sum(), sums[1].sum(), sums[2].sum());
                let inverse = T::ONE / (a_square * b_square).sqrt();
                let cosine = dot * inverse;
                some = some + (T::ONE - cosine);
                if self.has_slopes {
                    let (by_b, by_a) = (V::splat(-scale * inverse), V::splat(scale * cosine / a_square));
                    lanes::packs::<T, V>(
                        WIDTH,
                        #[inline(always)]
                        |at| {
                            let (a, b) = (V::load(self.a, start, at), V::load(self.b, start, at));
                            by_a.mul_add(a, by_b * b).store(self.out, start, at);
                        },
                    );
                }
            }
            loss = loss + some;
        }
        loss * scale
    }
}
