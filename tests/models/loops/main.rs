//! Every form of loop that the scheduler makes, at sizes around those of packs, blocks of rows and runs of sums, against
//! the same computation in plain `f64`.
//!
//! A sum of n terms in emitted code goes through at most 16 + 32 + log2(n) additions of its own (packs in a row, turns in
//! a row, levels), so its error is at most that many half ulps of the sum of magnitudes; the terms add a few of their own.

#![allow(clippy::cast_precision_loss, reason = "sizes are small")]

use autograd_core::{Float, model};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use rand::SeedableRng;

model! {
    /// Blocks of rows: a scalar product along each row, the loss of all rows at once, columns of sums.
    pub Logistic<N, D> {
        param w: [D], b;
        input x: [N, D], y: [N];
        loss = sum(softplus(x @ w + b) - y * (x @ w + b));
    }
}

model! {
    /// Blocks of rows that write rows.
    pub Gated<N, D> {
        input x: [N, D], w: [D];
        out = x * sigmoid(x @ w)[.., new];
        largest = tanh(max(x, axis = D));
    }
}

model! {
    /// Lanes across rows, sums of packs.
    pub Kernels<N, K> {
        param mu: [K];
        input x: [N];
        loss = sum(exp(-(x[.., new] - mu)^2));
    }
}

model! {
    /// A loop of more than a hundred statements, which are written out once for full packs and the last one.
    pub Long<N> {
        param w;
        input x: [N];
        fn once(a, w, x) = 0.5 * x - w * a * a;
        fn five(a, w, x) = once(once(once(once(once(a, w, x), w, x), w, x), w, x), w, x);
        fn many(a, w, x) = five(five(five(five(five(five(a, w, x), w, x), w, x), w, x), w, x), w, x);
        loss = sum(many(x, w, x));
        last = many(many(x, w, x), w, x);
    }
}

model! {
    /// Lanes across centres, which are copied so that they lie side by side; what is not the nearest is skipped.
    pub Nearest<N, K, D> {
        param c: [K, D];
        input x: [N, D];
        loss = sum(min(sum((x[.., new, ..] - c)^2, D), axis = K));
    }
}

model! {
    /// Both ends of all pairs of rows of one parameter.
    pub Pairs<N> {
        param x: [N, 3];
        loss = sum(1 / (1 + sum((x[.., new, ..] - x)^2, 2)));
    }
}

model! {
    /// A batch of products of small matrices, in lanes across the batch.
    pub Turned<N> {
        param a: [N, 3, 3];
        input b: [N, 3, 3], y: [N, 3, 3];
        loss = sum((a @ b - y)^2);
    }
}

/// Around packs of 8 and 16, runs of 32 turns, and 2¹¹ of them.
const SIZES: [usize; 14] = [0, 1, 7, 8, 9, 15, 16, 17, 33, 255, 256, 257, 1031, 20_000];

fn numbers(seed: usize, count: usize) -> impl Iterator<Item = f64> {
    (0..count).map(move |i| {
        let hash =
            (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (seed as u64).wrapping_mul(0xD1B5_4A32_D192_ED03);
        let hash = (hash ^ hash >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        ((hash ^ hash >> 32) >> 11) as f64 / (1_u64 << 53) as f64 * 2.0 - 1.0
    })
}

fn matrix<T: Float>(seed: usize, n: usize, d: usize) -> Array2<T> {
    Array2::from_shape_vec((n, d), numbers(seed, n * d).map(T::from_f64).collect()).expect("n * d numbers")
}

fn vector<T: Float>(seed: usize, n: usize) -> Array1<T> {
    numbers(seed, n).map(T::from_f64).collect()
}

/// A sum, that of the magnitudes of its terms, and what was rounded off in it.
#[derive(Clone, Copy, Default)]
struct Sum(f64, f64, f64);

impl Sum {
    fn add(&mut self, term: f64) {
        let sum = self.0 + term;
        let (large, small) = if self.0.abs() < term.abs() { (term, self.0) } else { (self.0, term) };
        self.2 += (large - sum) + small;
        self.0 = sum;
        self.1 += term.abs();
    }

    /// `of_terms`: by how many ulps of its magnitude a term may be off.
    fn check<T: Float>(self, found: T, n: usize, epsilon: f64, of_terms: f64) {
        let additions = 48.0 + (n.max(1) as f64).log2();
        let bound = (0.5 * additions + of_terms) * epsilon * self.1 + f64::MIN_POSITIVE;
        let error = (found.to_f64() - (self.0 + self.2)).abs();
        assert!(error <= bound, "N = {n}: {} is off by {error:e} from {}, more than {bound:e}", found.to_f64(), self.0);
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn logistic<T: Float>(epsilon: f64) {
    for n in SIZES {
        for d in [1, 2, 5, 7, 16, 19] {
            let (x, y) = (matrix::<T>(1, n, d), vector::<T>(2, n));
            let model = Logistic { w: vector::<T>(3, d), b: T::from_f64(0.25) };
            let inputs = logistic::Inputs { x: x.view(), y: y.view() };
            let (loss, grad) = model.loss_and_grad(&inputs).expect("the sizes agree");
            let (mut value, mut by_b, mut by_w) = (Sum::default(), Sum::default(), vec![Sum::default(); d]);
            for i in 0..n {
                let products = (0..d).map(|j| x[[i, j]].to_f64() * model.w[j].to_f64());
                let (z, y) = (products.sum::<f64>() + 0.25, y[i].to_f64());
                value.add(z.exp().ln_1p() - y * z);
                by_b.add(sigmoid(z) - y);
                for (j, sum) in by_w.iter_mut().enumerate() {
                    sum.add((sigmoid(z) - y) * x[[i, j]].to_f64());
                }
            }
            // A logit is a sum of up to 20 terms below 1; where a term nearly cancels, its own size says little.
            let of_terms = 8.0 + 20.0 * n as f64 / value.1.min(by_b.1).max(1e-9);
            value.check(loss, n, epsilon, of_terms);
            by_b.check(grad.b, n, epsilon, of_terms);
            for (sum, &found) in by_w.into_iter().zip(&grad.w) {
                sum.check(found, n, epsilon, 8.0 + 20.0 * n as f64 / sum.1.max(1e-9));
            }
        }
    }
}

fn gated<T: Float>(epsilon: f64) {
    for n in SIZES {
        for d in [1, 2, 5, 7, 16, 19] {
            let (x, w) = (matrix::<T>(4, n, d), vector::<T>(5, d));
            let model = Gated::<T>::new(&mut rand::rngs::SmallRng::from_seed([0; 32]));
            let outputs = model.outputs(&gated::Inputs { x: x.view(), w: w.view() }).expect("the sizes agree");
            for i in 0..n {
                let z: f64 = (0..d).map(|j| x[[i, j]].to_f64() * w[j].to_f64()).sum();
                for j in 0..d {
                    let (found, expected) = (outputs.out[[i, j]].to_f64(), x[[i, j]].to_f64() * sigmoid(z));
                    assert!((found - expected).abs() <= 24.0 * epsilon, "N = {n}, [{i}, {j}]: {found} {expected}");
                }
                let largest = x.row(i).iter().map(|x| x.to_f64()).fold(f64::NEG_INFINITY, f64::max).tanh();
                let found = outputs.largest[i].to_f64();
                assert!((found - largest).abs() <= 4.0 * epsilon, "N = {n}, row {i}: {found} {largest}");
            }
        }
    }
}

fn kernels<T: Float>(epsilon: f64) {
    for n in SIZES {
        for k in [1, 3, 10] {
            let (x, model) = (vector::<T>(6, n), Kernels { mu: vector::<T>(7, k) });
            let (loss, grad) = model.loss_and_grad(&kernels::Inputs { x: x.view() }).expect("the sizes agree");
            let (mut value, mut by_mu) = (Sum::default(), vec![Sum::default(); k]);
            for x in &x {
                for (sum, mu) in by_mu.iter_mut().zip(&model.mu) {
                    let z = x.to_f64() - mu.to_f64();
                    value.add((-z * z).exp());
                    sum.add(2.0 * z * (-z * z).exp());
                }
            }
            // z² is below 4, so an ulp of it is up to 4 of the exponential.
            value.check(loss, n * k, epsilon, 12.0);
            by_mu.into_iter().zip(&grad.mu).for_each(|(sum, &found)| sum.check(found, n, epsilon, 16.0));
        }
    }
}

/// Multiples of 1/8 below 1: their squares, products and small sums are exact.
fn eighths<T: Float>(seed: usize, rows: usize, columns: usize) -> Array2<T> {
    matrix::<f64>(seed, rows, columns).mapv(|x| T::from_f64((8.0 * x).round() / 8.0))
}

fn nearest<T: Float>(epsilon: f64) {
    for (n, k, d) in [(1, 1, 1), (2, 3, 1), (5, 8, 3), (16, 9, 2), (17, 16, 8), (40, 17, 9), (100, 33, 17), (300, 5, 3)]
    {
        let (x, model) = (eighths::<T>(9, n, d), Nearest { c: eighths::<T>(10, k, d) });
        let (loss, grad) = model.loss_and_grad(&nearest::Inputs { x: x.view() }).expect("the sizes agree");
        let (mut value, mut by_c) = (0.0, Array2::<f64>::zeros((k, d)));
        for i in 0..n {
            let apart = |j: usize, l: usize| x[[i, l]].to_f64() - model.c[[j, l]].to_f64();
            let squares: Vec<f64> = (0..k).map(|j| (0..d).map(|l| apart(j, l).powi(2)).sum()).collect();
            let least = squares.iter().copied().fold(f64::INFINITY, f64::min);
            value += least;
            // Those that are equally near share the slope.
            let all: Vec<usize> = (0..k).filter(|&j| squares[j] <= least).collect();
            for &j in &all {
                (0..d).for_each(|l| by_c[[j, l]] -= 2.0 * apart(j, l) / all.len() as f64);
            }
        }
        let bound = 4.0 * n as f64 * epsilon;
        assert!((loss.to_f64() - value).abs() <= bound * d as f64, "{n} {k} {d}: {} {value}", loss.to_f64());
        for (found, expected) in grad.c.iter().zip(&by_c) {
            assert!((found.to_f64() - expected).abs() <= bound, "{n} {k} {d}: {} {expected}", found.to_f64());
        }
    }
}

fn pairs<T: Float>(epsilon: f64) {
    for n in [0, 1, 2, 7, 8, 9, 16, 17, 65, 300] {
        let model = Pairs { x: eighths::<T>(11, n, 3) };
        let (loss, grad) = model.loss_and_grad(&pairs::Inputs {}).expect("the sizes agree");
        let (mut value, mut by_x) = (Sum::default(), vec![Sum::default(); 3 * n]);
        for (i, j) in (0..n).flat_map(|i| (0..n).map(move |j| (i, j))) {
            let apart = |l: usize| model.x[[i, l]].to_f64() - model.x[[j, l]].to_f64();
            let share = 1.0 / (1.0 + (0..3).map(|l| apart(l).powi(2)).sum::<f64>());
            value.add(share);
            for l in 0..3 {
                // Each pair comes twice.
                by_x[3 * i + l].add(-4.0 * apart(l) * share.powi(2));
            }
        }
        value.check(loss, n * n, epsilon, 4.0);
        by_x.into_iter().zip(&grad.x).for_each(|(sum, &found)| sum.check(found, n, epsilon, 8.0));
    }
}

fn turned<T: Float>(epsilon: f64) {
    for n in SIZES {
        let cube = |seed| eighths::<T>(seed, n, 9).into_shape_with_order((n, 3, 3)).expect("nine numbers a row");
        let (a, b, y) = (cube(12), cube(13), cube(14));
        let model = Turned { a };
        let inputs = turned::Inputs { b: b.view(), y: y.view() };
        let (loss, grad) = model.loss_and_grad(&inputs).expect("the sizes agree");
        let mut value = Sum::default();
        for i in 0..n {
            let (a, b, y) = (model.a.index_axis(Axis(0), i), b.index_axis(Axis(0), i), y.index_axis(Axis(0), i));
            let at = |of: ArrayView2<T>, j: usize, k: usize| of[[j, k]].to_f64();
            let rest = |j: usize, k: usize| (0..3).map(|l| at(a, j, l) * at(b, l, k)).sum::<f64>() - at(y, j, k);
            for (j, l) in (0..3).flat_map(|j| (0..3).map(move |l| (j, l))) {
                value.add(rest(j, l).powi(2));
                let by_a: f64 = (0..3).map(|k| 2.0 * rest(j, k) * at(b, l, k)).sum();
                assert!((grad.a[[i, j, l]].to_f64() - by_a).abs() <= 16.0 * epsilon, "N = {n}, {i} {j} {l}");
            }
        }
        value.check(loss, 9 * n, epsilon, 4.0);
    }
}

/// `a ↦ x/2 − w a²`, thirty times, and its derivative by `w`. Errors of earlier turns are more than halved by later ones.
fn thirty(a: f64, w: f64, x: f64) -> (f64, f64) {
    (0..30).fold((a, 0.0), |(a, by_w), _| (0.5 * x - w * a * a, -a * a - 2.0 * w * a * by_w))
}

fn long<T: Float>(epsilon: f64) {
    for n in SIZES {
        let (x, model) = (vector::<T>(8, n), Long { w: T::from_f64(0.25) });
        let inputs = long::Inputs { x: x.view() };
        let (loss, grad) = model.loss_and_grad(&inputs).expect("the sizes agree");
        let outputs = model.outputs(&inputs).expect("the sizes agree");
        let (mut value, mut by_w) = (Sum::default(), Sum::default());
        for (x, last) in x.iter().map(|x| x.to_f64()).zip(&outputs.last) {
            let (a, a_by_w) = thirty(x, 0.25, x);
            value.add(a);
            by_w.add(a_by_w);
            let expected = thirty(a, 0.25, x).0;
            assert!((last.to_f64() - expected).abs() <= 8.0 * epsilon, "N = {n}: {} {expected}", last.to_f64());
        }
        value.check(loss, n, epsilon, 8.0 + 8.0 * n as f64 / value.1.max(1e-9));
        by_w.check(grad.w, n, epsilon, 8.0 + 8.0 * n as f64 / by_w.1.max(1e-9));
    }
}

#[test]
fn lanes_across_what_is_copied_for_them() {
    nearest::<f32>(f32::EPSILON.into());
    nearest::<f64>(f64::EPSILON);
    pairs::<f32>(f32::EPSILON.into());
    pairs::<f64>(f64::EPSILON);
}

#[test]
fn batches_of_small_matrices() {
    turned::<f32>(f32::EPSILON.into());
    turned::<f64>(f64::EPSILON);
}

#[test]
fn long_loops_that_sum_and_write() {
    long::<f32>(f32::EPSILON.into());
    long::<f64>(f64::EPSILON);
}

#[test]
fn blocks_of_rows_with_sums_of_columns() {
    logistic::<f32>(f32::EPSILON.into());
    logistic::<f64>(f64::EPSILON);
}

#[test]
fn blocks_of_rows_that_write_rows() {
    gated::<f32>(f32::EPSILON.into());
    gated::<f64>(f64::EPSILON);
}

#[test]
fn lanes_across_rows_with_sums_of_packs() {
    kernels::<f32>(f32::EPSILON.into());
    kernels::<f64>(f64::EPSILON);
}
