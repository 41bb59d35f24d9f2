//! (b) Logistic regression on a full batch: 100 000 rows of 100 numbers, in `f32` and `f64`.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]
#![allow(clippy::needless_range_loop, reason = "loops of known length, over several arrays at once")]

use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::model;
use autograd_core::simd::{Block, Kernel, Lanes};
use ndarray::{Array1, Array2};

use crate::{Entry, Workload, data, lanes};

model! {
    /// Logistic regression.
    pub Logistic<N, D> {
        param w: [D];
        param b;
        input x: [N, D], y: [N];
        loss = mean(bce_with_logits(x @ w + b, y));
    }
}

const COLUMNS: usize = 100;

pub(crate) fn entries() -> Vec<Entry> {
    let entry = |name, about, tolerance, make| Entry {
        name,
        about,
        size: 100_000,
        small: 203,
        tolerance,
        gradient_bar: None,
        make,
    };
    vec![
        entry("b/f32", "logistic regression, 100 000 x 100", 2e-5, |n| Box::new(Regression::<f32>::new(n))),
        entry("b/f64", "logistic regression, 100 000 x 100", 1e-12, |n| Box::new(Regression::<f64>::new(n))),
    ]
}

struct Regression<T> {
    x: Array2<T>,
    y: Array1<T>,
    model: Logistic<T>,
    workspace: logistic::Workspace<T>,
    loss: T,
    grad: logistic::Grad<T>,
    /// Loss, gradient by b, gradient by w.
    by_hand: (T, T, [T; COLUMNS]),
}

impl<T: Float> Regression<T> {
    fn new(n: usize) -> Self {
        let model = Logistic { w: data::centred(5, COLUMNS, 0.1), b: T::from_f64(0.1) };
        Self {
            x: data::matrix(3, n, COLUMNS, 1.0),
            y: data::units(4, n).map(|&u| if u < 0.5 { T::ONE } else { T::ZERO }),
            workspace: logistic::Workspace::default(),
            loss: T::ZERO,
            grad: logistic::Grad::zeros(&model),
            model,
            by_hand: (T::ZERO, T::ZERO, [T::ZERO; COLUMNS]),
        }
    }
}

impl<T: Float> Workload for Regression<T> {
    fn model(&mut self) {
        let inputs = logistic::Inputs { x: self.x.view(), y: self.y.view() };
        let loss = self.model.loss_and_grad_into(&inputs, &mut self.workspace, &mut self.grad);
        self.loss = loss.expect("the sizes agree");
    }

    fn hand(&mut self) {
        self.by_hand = T::dispatch(LossAndGradient {
            x: self.x.as_slice().expect("contiguous"),
            y: self.y.as_slice().expect("contiguous"),
            w: self.model.w.as_slice().expect("contiguous"),
            b: self.model.b,
        });
    }

    fn value(&mut self) {
        let inputs = logistic::Inputs { x: self.x.view(), y: self.y.view() };
        std::hint::black_box(self.model.loss_into(&inputs, &mut self.workspace).expect("the sizes agree"));
    }

    fn results(&self) -> [Vec<Vec<f64>>; 2] {
        let (loss, slope, slopes) = &self.by_hand;
        [
            vec![data::doubles([&self.loss]), data::doubles([&self.grad.b]), data::doubles(&self.grad.w)],
            vec![data::doubles([loss]), data::doubles([slope]), data::doubles(slopes)],
        ]
    }

    fn workspace_bytes(&self) -> usize {
        self.workspace.bytes()
    }

    fn data_bytes(&self) -> usize {
        size_of::<T>() * (self.x.len() + self.y.len() + 2 * (COLUMNS + 1))
    }
}

/// Rows that stay in the first cache between the products with w and the sums of the gradient.
const BLOCK: usize = 16;

struct LossAndGradient<'a, T> {
    x: &'a [T],
    y: &'a [T],
    w: &'a [T],
    b: T,
}

impl<T: Float> Kernel<T> for LossAndGradient<'_, T> {
    type Output = (T, T, [T; COLUMNS]);

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> Self::Output {
        let rows = self.y.len();
        let (mut loss, mut slope, mut slopes) = (T::ZERO, T::ZERO, [T::ZERO; COLUMNS]);
        let mut start = 0;
        // Blocks of 4096 rows have sums of their own, so that rounding errors stay small.
        while start < rows {
            let end = rows.min(start + 4096);
            let (mut some_loss, mut some_slope) = (V::splat(T::ZERO), V::splat(T::ZERO));
            let mut some_slopes = [T::ZERO; COLUMNS];
            while start < end {
                let count = BLOCK.min(end - start);
                let x = &self.x[start * COLUMNS..][..count * COLUMNS];
                let mut z = self.logits::<V>(x, count);
                lanes::packs::<T, V>(
                    count,
                    #[inline(always)]
                    |at| {
                        let (logit, y) = (V::load(&z, 0, at), V::load(&self.y[start..], 0, at));
                        let (value, residual) = value_and_slope(logit, y);
                        some_loss = some_loss + lanes::live_only::<T, V>(value, at);
                        some_slope = some_slope + lanes::live_only::<T, V>(residual, at);
                        residual.store(&mut z, 0, at);
                    },
                );
                add_rows::<T, V>(x, &z[..count], &mut some_slopes);
                start += count;
            }
            loss = loss + some_loss.sum();
            slope = slope + some_slope.sum();
            lanes::packs::<T, V>(
                COLUMNS,
                #[inline(always)]
                |at| (V::load(&slopes, 0, at) + V::load(&some_slopes, 0, at)).store(&mut slopes, 0, at),
            );
        }
        let share = T::ONE / T::from_usize(rows);
        (loss * share, slope * share, slopes.map(|slope| slope * share))
    }
}

/// softplus(z) - y·z and its derivative sigmoid(z) - y, from one exponential.
#[inline(always)]
fn value_and_slope<T: Float, V: Lanes<T>>(z: V, y: V) -> (V, V) {
    let (zero, one) = (V::splat(T::ZERO), V::splat(T::ONE));
    let small = (-z.abs()).exp();
    let value = z.max(zero) + small.log1p() - y * z;
    let share = one / (one + small);
    (value, V::select(z.lt(zero), small * share, share) - y)
}

impl<T: Float> LossAndGradient<'_, T> {
    /// x·w + b of a few rows, four at a time.
    #[inline(always)]
    fn logits<V: Lanes<T>>(&self, x: &[T], count: usize) -> [T; BLOCK] {
        let mut z = [T::ZERO; BLOCK];
        let mut row = 0;
        while row + 4 <= count {
            let sums = products::<T, V, 4>(&x[row * COLUMNS..], self.w);
            for i in 0..4 {
                z[row + i] = sums[i] + self.b;
            }
            row += 4;
        }
        while row < count {
            let [sum] = products::<T, V, 1>(&x[row * COLUMNS..], self.w);
            z[row] = sum + self.b;
            row += 1;
        }
        z
    }
}

/// The products of `ROWS` rows with w.
#[inline(always)]
fn products<T: Float, V: Lanes<T>, const ROWS: usize>(x: &[T], w: &[T]) -> [T; ROWS] {
    let mut sums = [V::splat(T::ZERO); ROWS];
    lanes::packs::<T, V>(
        COLUMNS,
        #[inline(always)]
        |at: Block| {
            let w = V::load(w, 0, at);
            for i in 0..ROWS {
                sums[i] = V::load(x, i * COLUMNS, at).mul_add(w, sums[i]);
            }
        },
    );
    sums.map(V::sum)
}

/// `to += Σ factor · row`
#[inline(always)]
fn add_rows<T: Float, V: Lanes<T>>(x: &[T], factors: &[T], to: &mut [T; COLUMNS]) {
    lanes::packs::<T, V>(
        COLUMNS,
        #[inline(always)]
        |at: Block| {
            let mut sum = V::load(to, 0, at);
            for (row, &factor) in factors.iter().enumerate() {
                sum = V::load(x, row * COLUMNS, at).mul_add(V::splat(factor), sum);
            }
            sum.store(to, 0, at);
        },
    );
}
