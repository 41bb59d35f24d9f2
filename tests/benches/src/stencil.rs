//! (i) Stencils, value and gradient: Rosenbrock's function of a million numbers, the energy of a temperature field and the
//! square of its Laplacian, each 1000 × 1000.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]

use autograd_core::float::Float;
use autograd_core::model;
use autograd_core::simd::{Block, Kernel, Lanes};
use ndarray::{Array1, Array2};

use crate::{Entry, Workload, data, lanes};

model! {
    /// Rosenbrock's function.
    pub Rosenbrock<N> {
        param x: [N];
        loss = sum[i in 0..N - 1](100*(x[i + 1] - x[i]^2)^2 + (1 - x[i])^2);
    }
}

model! {
    /// The energy of a temperature field: the squares of all differences between neighbours.
    pub Heat<N, M> {
        param u: [N, M];
        loss = sum[i in 0..N - 1, j]((u[i + 1, j] - u[i, j])^2) + sum[i, j in 0..M - 1]((u[i, j + 1] - u[i, j])^2);
    }
}

model! {
    /// The square of the Laplacian inside of a field.
    pub Laplacian<N, M> {
        param u: [N, M];
        let lap[i in 1..N - 1, j in 1..M - 1] = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4*u[i, j];
        loss = sum(lap^2);
    }
}

pub(crate) fn entries() -> Vec<Entry> {
    let entry = |name, about, size, small, tolerance, make| Entry {
        name,
        about,
        size,
        small,
        tolerance,
        gradient_bar: Some(2.5),
        make,
    };
    let (rosenbrock, heat, laplacian) =
        ("Rosenbrock's function of 1 000 000", "heat energy, 1000 x 1000", "Laplacian squared, 1000 x 1000");
    vec![
        entry("i/rosen/f32", rosenbrock, 1_000_000, 5003, 1e-5, |n| Box::new(Valley::<f32>::new(n))),
        entry("i/rosen/f64", rosenbrock, 1_000_000, 5003, 1e-13, |n| Box::new(Valley::<f64>::new(n))),
        entry("i/heat/f32", heat, 1000, 37, 1e-5, |n| Box::new(Energy::<f32>::new(n))),
        entry("i/heat/f64", heat, 1000, 37, 1e-13, |n| Box::new(Energy::<f64>::new(n))),
        entry("i/laplace/f32", laplacian, 1000, 37, 1e-5, |n| Box::new(Square::<f32>::new(n))),
        entry("i/laplace/f64", laplacian, 1000, 37, 1e-13, |n| Box::new(Square::<f64>::new(n))),
    ]
}

/// The workload of a model whose one parameter is a field.
macro_rules! field {
    ($name:ident, $module:ident, $model:ident, $param:ident: $array:ty, $start:expr, $kernel:expr) => {
        struct $name<T> {
            model: $model<T>,
            workspace: $module::Workspace<T>,
            loss: T,
            grad: $module::Grad<T>,
            slopes: $array,
            #[allow(dead_code, reason = "only the Laplacian by hand is kept")]
            kept: Vec<T>,
            by_hand: T,
        }

        impl<T: Float> $name<T> {
            fn new(n: usize) -> Self {
                let model = $model { $param: $start(n) };
                Self {
                    workspace: $module::Workspace::default(),
                    loss: T::ZERO,
                    grad: $module::Grad::zeros(&model),
                    slopes: model.$param.clone(),
                    kept: vec![T::ZERO; model.$param.len()],
                    by_hand: T::ZERO,
                    model,
                }
            }
        }

        impl<T: Float> Workload for $name<T> {
            fn model(&mut self) {
                let inputs = $module::Inputs {};
                let loss = self.model.loss_and_grad_into(&inputs, &mut self.workspace, &mut self.grad);
                self.loss = loss.expect("the sizes agree");
            }

            fn hand(&mut self) {
                self.by_hand = $kernel(self);
            }

            fn value(&mut self) {
                let inputs = $module::Inputs {};
                std::hint::black_box(self.model.loss_into(&inputs, &mut self.workspace).expect("the sizes agree"));
            }

            fn results(&self) -> [Vec<Vec<f64>>; 2] {
                let flat = |array: &$array| array.iter().map(|x| x.to_f64()).collect::<Vec<f64>>();
                [
                    vec![vec![self.loss.to_f64()], flat(&self.grad.$param)],
                    vec![vec![self.by_hand.to_f64()], flat(&self.slopes)],
                ]
            }

            fn workspace_bytes(&self) -> usize {
                self.workspace.bytes()
            }

            fn data_bytes(&self) -> usize {
                size_of::<T>() * 2 * self.model.$param.len()
            }
        }
    };
}

fn square<T: Float>(n: usize) -> Array2<T> {
    data::centred(11, n * n, 1.0).into_shape_with_order((n, n)).expect("n squared numbers")
}

field!(Valley, rosenbrock, Rosenbrock, x: Array1<T>, |n| data::centred(12, n, 1.0), |it: &mut Valley<T>| {
    let slopes = it.slopes.as_slice_mut().expect("contiguous");
    T::dispatch(RosenbrockByHand { x: it.model.x.as_slice().expect("contiguous"), slopes })
});
field!(Energy, heat, Heat, u: Array2<T>, square, |it: &mut Energy<T>| {
    let (columns, slopes) = (it.model.u.ncols(), it.slopes.as_slice_mut().expect("contiguous"));
    T::dispatch(HeatByHand { u: it.model.u.as_slice().expect("contiguous"), columns, slopes })
});
field!(Square, laplacian, Laplacian, u: Array2<T>, square, |it: &mut Square<T>| {
    let (columns, slopes) = (it.model.u.ncols(), it.slopes.as_slice_mut().expect("contiguous"));
    T::dispatch(LaplacianByHand { u: it.model.u.as_slice().expect("contiguous"), columns, slopes, kept: &mut it.kept })
});

pub(crate) struct RosenbrockByHand<'a, T> {
    pub(crate) x: &'a [T],
    pub(crate) slopes: &'a mut [T],
}

impl<T: Float> Kernel<T> for RosenbrockByHand<'_, T> {
    type Output = T;

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> T {
        let (x, slopes, n) = (self.x, self.slopes, self.x.len());
        let number = T::from_f64;
        let term = |i: usize| x[i + 1] - x[i] * x[i];
        // The ends apart; in between each number is in two terms.
        let first = term(0);
        slopes[0] = number(-400.0) * x[0] * first - number(2.0) * (T::ONE - x[0]);
        slopes[n - 1] = number(200.0) * term(n - 2);
        let (hundred, one) = (V::splat(number(100.0)), V::splat(T::ONE));
        let [inner] = lanes::sums::<T, V, 1>(
            n - 2,
            #[inline(always)]
            |at| {
                let (before, here, after) = (V::load(x, 0, at), V::load(x, 1, at), V::load(x, 2, at));
                let (last, next) = (here - before * before, after - here * here);
                let rest = one - here;
                let slope = V::splat(number(200.0)) * last
                    - V::splat(number(400.0)) * here * next
                    - V::splat(number(2.0)) * rest;
                slope.store(&mut *slopes, 1, at);
                [(hundred * next).mul_add(next, rest * rest)]
            },
        );
        let rest = T::ONE - x[0];
        inner + number(100.0) * first * first + rest * rest
    }
}

pub(crate) struct HeatByHand<'a, T> {
    pub(crate) u: &'a [T],
    pub(crate) columns: usize,
    pub(crate) slopes: &'a mut [T],
}

impl<T: Float> Kernel<T> for HeatByHand<'_, T> {
    type Output = T;

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> T {
        let Self { u, columns: m, slopes } = self;
        let (rows, two) = (u.len() / m, T::from_f64(2.0));
        let mut total = T::ZERO;
        for i in 0..rows {
            let (start, has_above, has_below) = (i * m, i > 0, i + 1 < rows);
            let scalar = |j: usize| {
                let here = u[start + j];
                let (mut slope, mut energy) = (T::ZERO, T::ZERO);
                let mut add = |other: T, counts: bool| {
                    let difference = here - other;
                    slope = slope + difference;
                    energy = energy + if counts { difference * difference } else { T::ZERO };
                };
                if has_above {
                    add(u[start + j - m], false);
                }
                if has_below {
                    add(u[start + j + m], true);
                }
                if j > 0 {
                    add(u[start + j - 1], false);
                }
                if j + 1 < m {
                    add(u[start + j + 1], true);
                }
                (two * slope, energy)
            };
            for j in [0, m - 1] {
                let (slope, energy) = scalar(j);
                slopes[start + j] = slope;
                total = total + energy;
            }
            let zero = V::splat(T::ZERO);
            let [energy] = lanes::sums::<T, V, 1>(
                m - 2,
                #[inline(always)]
                |at: Block| {
                    let here = V::load(u, start + 1, at);
                    let (left, right) = (here - V::load(u, start, at), here - V::load(u, start + 2, at));
                    let above = if has_above { here - V::load(u, start + 1 - m, at) } else { zero };
                    let below = if has_below { here - V::load(u, start + 1 + m, at) } else { zero };
                    (V::splat(two) * ((left + right) + (above + below))).store(&mut *slopes, start + 1, at);
                    [right.mul_add(right, below * below)]
                },
            );
            total = total + energy;
        }
        total
    }
}

pub(crate) struct LaplacianByHand<'a, T> {
    pub(crate) u: &'a [T],
    pub(crate) columns: usize,
    pub(crate) slopes: &'a mut [T],
    /// The Laplacian, 0 along the border.
    pub(crate) kept: &'a mut [T],
}

impl<T: Float> Kernel<T> for LaplacianByHand<'_, T> {
    type Output = T;

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> T {
        let Self { u, columns: m, slopes, kept } = self;
        let (rows, four, two) = (u.len() / m, V::splat(T::from_f64(4.0)), V::splat(T::from_f64(2.0)));
        let mut total = T::ZERO;
        // A row of the Laplacian, then the gradient of the row before, while both are in the cache.
        for i in 1..=rows {
            let start = i * m;
            if i + 1 < rows {
                let [sum] = lanes::sums::<T, V, 1>(
                    m - 2,
                    #[inline(always)]
                    |at| {
                        let around = (V::load(u, start + 1 - m, at) + V::load(u, start + 1 + m, at))
                            + (V::load(u, start, at) + V::load(u, start + 2, at));
                        let laplacian = around - four * V::load(u, start + 1, at);
                        laplacian.store(&mut *kept, start + 1, at);
                        [laplacian * laplacian]
                    },
                );
                total = total + sum;
            }
            let before = start - m;
            let (has_above, has_below) = (before > 0, start < u.len());
            let scalar = |kept: &[T], j: usize| {
                let read = |is_there: bool, place: usize| if is_there { kept[place] } else { T::ZERO };
                let sum = read(has_above, (before + j).wrapping_sub(m))
                    + read(has_below, before + j + m)
                    + read(j > 0, (before + j).wrapping_sub(1))
                    + read(j + 1 < m, before + j + 1);
                T::from_f64(2.0) * (sum - T::from_f64(4.0) * kept[before + j])
            };
            for j in [0, m - 1] {
                slopes[before + j] = scalar(kept, j);
            }
            lanes::packs::<T, V>(
                m - 2,
                #[inline(always)]
                |at| {
                    let zero = V::splat(T::ZERO);
                    let above = if has_above { V::load(kept, before + 1 - m, at) } else { zero };
                    let below = if has_below { V::load(kept, before + 1 + m, at) } else { zero };
                    let around = (above + below) + (V::load(kept, before, at) + V::load(kept, before + 2, at));
                    (two * (around - four * V::load(kept, before + 1, at))).store(&mut *slopes, before + 1, at);
                },
            );
        }
        total
    }
}
