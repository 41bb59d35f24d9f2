//! A network of radial basis functions: 2000 points, 200 centres, 10 numbers each.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]
#![allow(clippy::needless_range_loop, reason = "loops of known length, over several arrays at once")]

use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::model;
use autograd_core::simd::{Block, Kernel, Lanes};
use ndarray::{Array1, Array2};

use super::frame::{Gradient, Problem, Question, Value, ask, roundings};
use crate::{Case, Scale, data, lanes};

model! {
    /// A network of radial basis functions.
    pub Rbf<N, K, D> {
        param c: [K, D], w: [K], log_scale;
        input x: [N, D], y: [N];
        let square[i, k] = sum[d]((x[i, d] - c[k, d])^2);
        let bump = exp(-0.5*exp(-2*log_scale)*square);
        loss = mean((bump @ w - y)^2);
    }
}

model! {
    /// The same, with the squares by a product.
    pub Expanded<N, K, D> {
        param c: [K, D], w: [K], log_scale;
        input x: [N, D], y: [N];
        let square = sum(x^2, D)[.., new] + sum(c^2, D)[new, ..] - 2*(x @ c.T);
        let bump = exp(-0.5*exp(-2*log_scale)*square);
        loss = mean((bump @ w - y)^2);
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    add_of::<f32>(cases);
    add_of::<f64>(cases);
}

/// Sums of 2000 terms of both signs, one after the other by hand: the errors add up like the root of their number. By the
/// product, squares lose tenfold.
fn add_of<T: Float>(cases: &mut Vec<Case>) {
    let about = "radial basis functions, 2000 x 200 x 10";
    ask(cases, "rbf/differences", about, &[Value, Gradient], roundings::<T>(1000.0), Network::<T>::new);
    let about = "radial basis functions by a product, 2000 x 200 x 10";
    ask(cases, "rbf/product", about, &[Value, Gradient], roundings::<T>(3000.0), Other::<T>::new);
}

const D: usize = 10;
/// So many points at a time.
const POINTS: usize = 4;

struct Network<T> {
    model: Rbf<T>,
    x: Array2<T>,
    y: Array1<T>,
    buffers: Buffers<T>,
}

/// Centres axis by axis; bumps and squares of some points; the sums of weighted bumps and of these times the points.
struct Buffers<T> {
    centres: Vec<T>,
    bumps: Vec<T>,
    squares: Vec<T>,
    sums: Vec<T>,
}

impl<T: Float> Network<T> {
    fn new(scale: Scale) -> Self {
        let (n, k) = (scale.pick(2000, 77), scale.pick(200, 21));
        let zeros = |n: usize| vec![T::ZERO; n];
        Self {
            model: Rbf { c: data::matrix(40, k, D, 1.0), w: data::centred(41, k, 1.0), log_scale: T::from_f64(0.5) },
            x: data::matrix(42, n, D, 1.0),
            y: data::centred(43, n, 1.0),
            buffers: Buffers {
                centres: zeros(D * k),
                bumps: zeros(POINTS * k),
                squares: zeros(POINTS * k),
                sums: zeros((D + 1) * k),
            },
        }
    }
}

impl<T: Float> Problem<T> for Network<T> {
    type Model = Rbf<T>;

    fn model(&self) -> &Rbf<T> {
        &self.model
    }
    fn inputs(&self) -> rbf::Inputs<'_, T> {
        rbf::Inputs { x: self.x.view(), y: self.y.view() }
    }
    fn hand(&mut self, question: Question, _: &[T], out: &mut [T]) -> T {
        let Rbf { c, w, log_scale } = &self.model;
        by_hand([c, &self.x], [w, &self.y], *log_scale, &mut self.buffers, question, out)
    }
    fn input_size(&self) -> usize {
        self.x.len() + self.y.len()
    }
}

struct Other<T> {
    model: Expanded<T>,
    network: Network<T>,
}

impl<T: Float> Other<T> {
    fn new(scale: Scale) -> Self {
        let network = Network::new(scale);
        let Rbf { c, w, log_scale } = network.model.clone();
        Self { model: Expanded { c, w, log_scale }, network }
    }
}

impl<T: Float> Problem<T> for Other<T> {
    type Model = Expanded<T>;

    fn model(&self) -> &Expanded<T> {
        &self.model
    }
    fn inputs(&self) -> expanded::Inputs<'_, T> {
        expanded::Inputs { x: self.network.x.view(), y: self.network.y.view() }
    }
    fn hand(&mut self, question: Question, along: &[T], out: &mut [T]) -> T {
        self.network.hand(question, along, out)
    }
    fn input_size(&self) -> usize {
        self.network.input_size()
    }
}

fn by_hand<T: Float>(
    [c, x]: [&Array2<T>; 2],
    [w, y]: [&Array1<T>; 2],
    log_scale: T,
    buffers: &mut Buffers<T>,
    question: Question,
    out: &mut [T],
) -> T {
    let (k, n) = (w.len(), y.len());
    for (i, c) in c.as_slice().expect("contiguous").chunks_exact(D).enumerate() {
        for d in 0..D {
            buffers.centres[d * k + i] = c[d];
        }
    }
    let half = T::from_f64(0.5 * (-2.0 * log_scale.to_f64()).exp());
    let (by_centre, rest) = out.split_at_mut(D * k);
    let (by_weight, by_scale) = rest.split_at_mut(k);
    by_weight.fill(T::ZERO);
    buffers.sums.fill(T::ZERO);
    let (x, y, w) = (x.as_slice(), y.as_slice(), w.as_slice());
    let pass = Pass {
        x: x.expect("contiguous"),
        y: y.expect("contiguous"),
        w: w.expect("contiguous"),
        half,
        buffers: &mut *buffers,
        by_weight,
        scale: T::ONE / T::from_usize(n),
        has_slopes: question != Value,
    };
    let (loss, sum) = T::dispatch(pass);
    let twice = half + half;
    for i in 0..k {
        for d in 0..D {
            let sum = buffers.sums[(d + 1) * k + i] - buffers.sums[i] * buffers.centres[d * k + i];
            by_centre[i * D + d] = twice * sum;
        }
    }
    by_scale[0] = twice * sum;
    loss
}

struct Pass<'a, T> {
    x: &'a [T],
    y: &'a [T],
    w: &'a [T],
    half: T,
    buffers: &'a mut Buffers<T>,
    by_weight: &'a mut [T],
    scale: T,
    has_slopes: bool,
}

impl<T: Float> Kernel<T> for Pass<'_, T> {
    type Output = (T, T);

    /// Lanes are centres.
    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> (T, T) {
        let (k, zero, half) = (self.w.len(), V::splat(T::ZERO), V::splat(-self.half));
        let Buffers { centres, bumps, squares, sums } = self.buffers;
        let (mut loss, mut scale_sum) = (T::ZERO, zero);
        for (x, y) in self.x.chunks(POINTS * D).zip(self.y.chunks(POINTS)) {
            let mut predictions = [zero; POINTS];
            // The last points may be fewer: a point is read twice then, with a residual of 0.
            let point = [0, 1, 2, 3].map(|i: usize| &x[i.min(y.len() - 1) * D..][..D]);
            lanes::packs::<T, V>(
                k,
                #[inline(always)]
                |at: Block| {
                    let mut square = [zero; POINTS];
                    for d in 0..D {
                        let centre = V::load(centres, d * k, at);
                        for i in 0..POINTS {
                            let difference = V::splat(point[i][d]) - centre;
                            square[i] = difference.mul_add(difference, square[i]);
                        }
                    }
                    let w = V::load(self.w, 0, at);
                    for i in 0..POINTS {
                        let bump = (half * square[i]).exp();
                        predictions[i] = bump.mul_add(w, predictions[i]);
                        bump.store(bumps, i * k, at);
                        square[i].store(squares, i * k, at);
                    }
                },
            );
            let mut factors = [zero; POINTS];
            for i in 0..y.len() {
                let rest = predictions[i].sum() - y[i];
                loss = loss + rest * rest;
                factors[i] = V::splat((rest + rest) * self.scale);
            }
            if self.has_slopes {
                lanes::packs::<T, V>(
                    k,
                    #[inline(always)]
                    |at| {
                        let w = V::load(self.w, 0, at);
                        let mut shares = [zero; POINTS];
                        let (mut by_weight, mut sum) = (V::load(self.by_weight, 0, at), V::load(sums, 0, at));
                        for i in 0..POINTS {
                            let share = factors[i] * V::load(bumps, i * k, at);
                            by_weight = by_weight + share;
                            shares[i] = share * w;
                            sum = sum + shares[i];
                            scale_sum = shares[i].mul_add(V::load(squares, i * k, at), scale_sum);
                        }
                        by_weight.store(self.by_weight, 0, at);
                        sum.store(sums, 0, at);
                        for d in 0..D {
                            let mut sum = V::load(sums, (d + 1) * k, at);
                            for i in 0..POINTS {
                                sum = shares[i].mul_add(V::splat(point[i][d]), sum);
                            }
                            sum.store(sums, (d + 1) * k, at);
                        }
                    },
                );
            }
        }
        (loss * self.scale, scale_sum.sum())
    }
}
