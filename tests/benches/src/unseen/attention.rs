//! Attention of 4 · 8 heads of 64 numbers, plain and causal: value and gradient, by hand in blocks of rows.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]

use autograd_core::contract::{Contraction, Scratch, Strided, Update, contract};
use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::model;
use autograd_core::simd::{Block, Kernel, Lanes, MaxNumber};
use ndarray::Array4;

use super::frame::{Gradient, Problem, Question, Value, ask, roundings};
use crate::{Case, Scale, data, lanes};

model! {
    /// Attention, as far as it is from `y`.
    pub Plain<B, H, T, D> {
        param q: [B, H, T, D], k: [B, H, T, D], v: [B, H, T, D];
        input y: [B, H, T, D];
        loss = mean((attention(q, k, v) - y)^2);
    }
}

model! {
    /// The same, where each place sees itself and those before.
    pub Causal<B, H, T, D> {
        param q: [B, H, T, D], k: [B, H, T, D], v: [B, H, T, D];
        input y: [B, H, T, D];
        loss = mean((attention(q, k, v, causal_mask(T)) - y)^2);
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    add_of::<f32>(cases);
    add_of::<f64>(cases);
}

/// Shares of up to 512 keys, products over up to 512 places: a few hundred roundings, mostly of both signs.
fn add_of<T: Float>(cases: &mut Vec<Case>) {
    let (questions, tolerance) = ([Value, Gradient], roundings::<T>(200.0));
    let about = "attention of 4·8 heads, 128 places, 64 numbers";
    ask(cases, "attention/128/plain", about, &questions, tolerance, |scale| Everywhere::<T>::new(scale, 128));
    ask(cases, "attention/128/causal", about, &questions, tolerance, |scale| Before::<T>::new(scale, 128));
    let about = "attention of 4·8 heads, 512 places, 64 numbers";
    ask(cases, "attention/512/plain", about, &questions, tolerance, |scale| Everywhere::<T>::new(scale, 512));
    ask(cases, "attention/512/causal", about, &questions, tolerance, |scale| Before::<T>::new(scale, 512));
}

fn shape(scale: Scale, places: usize) -> [usize; 4] {
    if scale == Scale::Full { [4, 8, places, 64] } else { [2, 2, 80, 8] }
}

fn numbers<T: Float>(stream: u64, shape: [usize; 4]) -> Array4<T> {
    data::centred(stream, shape.iter().product(), 1.0).into_shape_with_order(shape).expect("as many numbers as places")
}

macro_rules! problem {
    ($name:ident, $module:ident, $model:ident, $is_causal:literal) => {
        struct $name<T> {
            model: $model<T>,
            y: Array4<T>,
            blocks: Blocks<T>,
        }

        impl<T: Float> $name<T> {
            fn new(scale: Scale, places: usize) -> Self {
                let shape = shape(scale, places);
                let numbers = |stream| numbers(stream, shape);
                let model = $model { q: numbers(44), k: numbers(45), v: numbers(46) };
                Self { model, y: numbers(47), blocks: Blocks::new(shape[2], shape[3]) }
            }
        }

        impl<T: Float> Problem<T> for $name<T> {
            type Model = $model<T>;

            fn model(&self) -> &$model<T> {
                &self.model
            }
            fn inputs(&self) -> $module::Inputs<'_, T> {
                $module::Inputs { y: self.y.view() }
            }
            fn hand(&mut self, question: Question, _: &[T], out: &mut [T]) -> T {
                let $model { q, k, v } = &self.model;
                let arrays = [q, k, v, &self.y].map(|array| array.as_slice().expect("contiguous"));
                self.blocks.all(arrays, $is_causal, question == Gradient, out)
            }
            fn input_size(&self) -> usize {
                self.y.len()
            }
        }
    };
}

problem!(Everywhere, plain, Plain, false);
problem!(Before, causal, Causal, true);

/// So many rows at a time: their scores stay in the second cache.
const ROWS: usize = 64;

struct Blocks<T> {
    places: usize,
    d: usize,
    /// Shares of a block, their slopes, what comes out of it.
    shares: Vec<T>,
    slopes: Vec<T>,
    rest: Vec<T>,
    scratch: Scratch<T>,
}

impl<T: Float> Blocks<T> {
    fn new(places: usize, d: usize) -> Self {
        let zeros = |n: usize| vec![T::ZERO; n];
        Self {
            places,
            d,
            shares: zeros(ROWS * places),
            slopes: zeros(ROWS * places),
            rest: zeros(ROWS * d),
            scratch: Scratch::new(),
        }
    }

    /// The mean square of all heads, their gradient by q, k and v to `out`.
    fn all(&mut self, arrays: [&[T]; 4], is_causal: bool, has_slopes: bool, out: &mut [T]) -> T {
        let (size, head) = (arrays[0].len(), self.places * self.d);
        let scale = T::ONE / T::from_usize(size);
        out.fill(T::ZERO);
        let (by_q, rest) = out.split_at_mut(size);
        let (by_k, by_v) = rest.split_at_mut(size);
        let mut loss = T::ZERO;
        for start in (0..size).step_by(head) {
            let of = arrays.map(|array| &array[start..start + head]);
            let by = [&mut by_q[start..start + head], &mut by_k[start..start + head], &mut by_v[start..start + head]];
            loss = loss + self.head(of, is_causal, has_slopes.then_some(by), scale);
        }
        loss * scale
    }

    fn head(&mut self, [q, k, v, y]: [&[T]; 4], is_causal: bool, by: Option<[&mut [T]; 3]>, scale: T) -> T {
        let (d, root) = (self.d, T::ONE / T::from_usize(self.d).sqrt());
        let Self { shares, slopes, rest, scratch, places, .. } = self;
        let mut by = by;
        let mut loss = T::ZERO;
        for first in (0..*places).step_by(ROWS) {
            let rows = ROWS.min(*places - first);
            let keys = if is_causal { first + rows } else { *places };
            let (shares, slopes, rest) = (&mut shares[..rows * keys], &mut slopes[..rows * keys], &mut rest[..rows * d]);
            let (q, y) = (&q[first * d..][..rows * d], &y[first * d..][..rows * d]);
            let (k, v) = (&k[..keys * d], &v[..keys * d]);
            let [q_of, k_of, v_of] = [(q, rows), (k, keys), (v, keys)].map(|(data, n)| Strided::contiguous(data, n, d));
            let shape = |rows, columns, depth| Contraction { batch: 1, rows, columns, depth };
            contract(shape(rows, keys, d), q_of, k_of.transposed(), shares, Update::set().scaled(root), scratch);
            let before = is_causal.then_some(first);
            T::dispatch(Softmax { rows: shares, keys, before });
            let shares_of = Strided::contiguous(shares, rows, keys);
            contract(shape(rows, d, keys), shares_of, v_of, rest, Update::set(), scratch);
            loss = loss + T::dispatch(Residual { y, from: rest, twice: scale + scale });
            let Some([by_q, by_k, by_v]) = &mut by else { continue };
            let by_q = &mut by_q[first * d..][..rows * d];
            let (by_k, by_v) = (&mut by_k[..keys * d], &mut by_v[..keys * d]);
            let rest_of = Strided::contiguous(rest, rows, d);
            contract(shape(keys, d, rows), shares_of.transposed(), rest_of, by_v, Update::add(), scratch);
            contract(shape(rows, keys, d), rest_of, v_of.transposed(), slopes, Update::set(), scratch);
            T::dispatch(Back { shares, slopes, keys, root });
            let slopes_of = Strided::contiguous(slopes, rows, keys);
            contract(shape(rows, d, keys), slopes_of, k_of, by_q, Update::set(), scratch);
            contract(shape(keys, d, rows), slopes_of.transposed(), q_of, by_k, Update::add(), scratch);
        }
        loss
    }
}

/// The softmax of each row, of the places up to its own where `before` it are so many.
struct Softmax<'a, T> {
    rows: &'a mut [T],
    keys: usize,
    before: Option<usize>,
}

impl<T: Float> Kernel<T> for Softmax<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes<T>>(self) {
        for (i, row) in self.rows.chunks_exact_mut(self.keys).enumerate() {
            let (seen, hidden) = row.split_at_mut(self.before.map_or(self.keys, |before| before + i + 1));
            hidden.fill(T::ZERO);
            let mut largest = MaxNumber::<T, V>::new();
            lanes::packs::<T, V>(
                seen.len(),
                #[inline(always)]
                |at| largest.push(V::load(seen, 0, at), at),
            );
            let largest = V::splat(largest.finish());
            let [sum] = lanes::sums::<T, V, 1>(
                seen.len(),
                #[inline(always)]
                |at: Block| {
                    let share = (V::load(seen, 0, at) - largest).exp();
                    share.store(seen, 0, at);
                    [share]
                },
            );
            let inverse = V::splat(T::ONE / sum);
            lanes::packs::<T, V>(
                seen.len(),
                #[inline(always)]
                |at| (V::load(seen, 0, at) * inverse).store(seen, 0, at),
            );
        }
    }
}

/// `from - y`, its sum of squares; what is left is `twice` it.
struct Residual<'a, T> {
    y: &'a [T],
    from: &'a mut [T],
    twice: T,
}

impl<T: Float> Kernel<T> for Residual<'_, T> {
    type Output = T;

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> T {
        let twice = V::splat(self.twice);
        let [sum] = lanes::sums::<T, V, 1>(
            self.y.len(),
            #[inline(always)]
            |at| {
                let rest = V::load(self.from, 0, at) - V::load(self.y, 0, at);
                (twice * rest).store(self.from, 0, at);
                [rest * rest]
            },
        );
        sum
    }
}

/// From slopes of shares to slopes of scores.
struct Back<'a, T> {
    shares: &'a [T],
    slopes: &'a mut [T],
    keys: usize,
    root: T,
}

impl<T: Float> Kernel<T> for Back<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes<T>>(self) {
        let root = V::splat(self.root);
        for (shares, slopes) in self.shares.chunks_exact(self.keys).zip(self.slopes.chunks_exact_mut(self.keys)) {
            let [mean] = lanes::sums::<T, V, 1>(
                shares.len(),
                #[inline(always)]
                |at| [V::load(shares, 0, at) * V::load(slopes, 0, at)],
            );
            let mean = V::splat(mean);
            lanes::packs::<T, V>(
                shares.len(),
                #[inline(always)]
                |at| {
                    let slope = root * V::load(shares, 0, at) * (V::load(slopes, 0, at) - mean);
                    slope.store(slopes, 0, at);
                },
            );
        }
    }
}
