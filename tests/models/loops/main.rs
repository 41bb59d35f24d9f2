//! Every form of loop that the scheduler makes, at sizes around those of packs, blocks of rows and runs of sums, against
//! the same computation in plain `f64`.
//!
//! A sum of n terms in emitted code goes through at most 16 + 32 + log2(n) additions of its own (packs in a row, turns in
//! a row, levels), so its error is at most that many half ulps of the sum of magnitudes; the terms add a few of their own.

#![allow(clippy::cast_precision_loss, reason = "sizes are small")]

use autograd_core::{Float, model};
use ndarray::{Array1, Array2};
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

/// A sum, and that of the magnitudes of its terms.
#[derive(Clone, Copy, Default)]
struct Sum(f64, f64);

impl Sum {
    fn add(&mut self, term: f64) {
        self.0 += term;
        self.1 += term.abs();
    }

    /// `of_terms`: by how many ulps of its magnitude a term may be off.
    fn check<T: Float>(self, found: T, n: usize, epsilon: f64, of_terms: f64) {
        let additions = 48.0 + (n.max(1) as f64).log2();
        let bound = (0.5 * additions + of_terms) * epsilon * self.1 + f64::MIN_POSITIVE;
        let error = (found.to_f64() - self.0).abs();
        assert!(error <= bound, "N = {n}: {} is off by {error:e} from {}, more than {bound:e}", found.to_f64(), self.0);
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn logistic<T: Float>(epsilon: f64) {
    for n in SIZES {
        for d in [1, 5, 16, 19] {
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
        for d in [1, 5, 16, 19] {
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
