//! Inputs that do not lie in order: a function of each number of a transposed matrix, and of every second column.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]
#![allow(clippy::needless_range_loop, reason = "loops of known length, over several arrays at once")]

use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::model;
use autograd_core::simd::{Block, Kernel, Lanes};
use ndarray::{Array2, ArrayView2, s};

use super::frame::{Gradient, Mapping, Problem, Question, Value, ask, map, roundings};
use crate::lanes::{self, live_only};
use crate::{Case, Scale, data};

model! {
    /// A function of each number.
    pub Each<N, M> {
        input x: [N, M];
        y = x*sigmoid(x);
    }
}

model! {
    /// The mean of a function of each number.
    pub Mean<N, M> {
        param a;
        input x: [N, M];
        loss = mean(a*x*sigmoid(a*x));
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    add_of::<f32>(cases);
    add_of::<f64>(cases);
}

/// Each number has the error of a few roundings, and so has their mean, whose terms are as large as it is.
fn add_of<T: Float>(cases: &mut Vec<Case>) {
    for layout in [Layout::Rows, Layout::Transposed, Layout::Second] {
        let name = format!("each/{}", layout.name());
        map(cases, &name, "x·sigmoid(x) of 1000 x 1000", roundings::<T>(20.0), move |scale| {
            Numbers { model: Each::<T>::default(), base: layout.base(scale), layout }
        });
    }
    let (about, questions, tolerance) = ("mean of a·x·sigmoid(a·x), 1000 x 1000", [Value, Gradient], roundings::<T>(200.0));
    ask(cases, "mean/rows", about, &questions, tolerance, |scale| Means::<T>::new(Layout::Rows, scale));
    ask(cases, "mean/transposed", about, &questions, tolerance, |scale| Means::<T>::new(Layout::Transposed, scale));
    ask(cases, "mean/second", about, &questions, tolerance, |scale| Means::<T>::new(Layout::Second, scale));
}

#[derive(Clone, Copy)]
enum Layout {
    Rows,
    Transposed,
    /// Every second column.
    Second,
}

impl Layout {
    fn name(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Transposed => "transposed",
            Self::Second => "second",
        }
    }

    fn base<T: Float>(self, scale: Scale) -> Array2<T> {
        let (rows, columns) = (scale.pick(1000, 37), scale.pick(1000, 45));
        match self {
            Self::Rows => data::matrix(53, rows, columns, 2.0),
            Self::Transposed => data::matrix(53, columns, rows, 2.0),
            Self::Second => data::matrix(53, rows, 2 * columns, 2.0),
        }
    }

    fn view<T>(self, base: &Array2<T>) -> ArrayView2<'_, T> {
        match self {
            Self::Rows => base.view(),
            Self::Transposed => base.t(),
            Self::Second => base.slice(s![.., ..;2]),
        }
    }
}

struct Numbers<T> {
    model: Each<T>,
    base: Array2<T>,
    layout: Layout,
}

impl<T: Float> Mapping<T> for Numbers<T> {
    type Model = Each<T>;

    fn model(&self) -> &Each<T> {
        &self.model
    }
    fn inputs(&self) -> each::Inputs<'_, T> {
        each::Inputs { x: self.layout.view(&self.base) }
    }
    fn hand(&mut self, out: &mut [T]) {
        let x = self.base.as_slice().expect("contiguous");
        match self.layout {
            Layout::Rows => T::dispatch(Straight::<T, 1> { x, out }),
            Layout::Transposed => T::dispatch(Across { x, columns: self.base.nrows(), out }),
            Layout::Second => T::dispatch(Straight::<T, 2> { x, out }),
        }
    }
    fn sizes(&self) -> [usize; 2] {
        [self.base.len(), self.layout.view(&self.base).len()]
    }
}

#[inline(always)]
fn value<T: Float, V: Lanes<T>>(x: V) -> V {
    x * x.sigmoid()
}

/// So many numbers are picked at once.
const PICKED: usize = 64;

/// Every number, or every second one.
struct Straight<'a, T, const STEP: usize> {
    x: &'a [T],
    out: &'a mut [T],
}

impl<T: Float, const STEP: usize> Kernel<T> for Straight<'_, T, STEP> {
    type Output = ();
    const WIDE: bool = true;

    #[inline(always)]
    fn run<V: Lanes<T>>(self) {
        let mut picked = [T::ZERO; PICKED];
        for (x, out) in self.x.chunks(STEP * PICKED).zip(self.out.chunks_mut(PICKED)) {
            let x = pick::<T, STEP>(x, &mut picked);
            lanes::packs::<T, V>(
                out.len(),
                #[inline(always)]
                |at| value(V::load(x, 0, at)).store(out, 0, at),
            );
        }
    }
}

#[inline(always)]
fn pick<'a, T: Float, const STEP: usize>(x: &'a [T], picked: &'a mut [T; PICKED]) -> &'a [T] {
    if STEP == 1 {
        return x;
    }
    if x.len() == STEP * PICKED {
        for i in 0..PICKED {
            picked[i] = x[STEP * i];
        }
    } else {
        for (picked, x) in picked.iter_mut().zip(x.iter().step_by(STEP)) {
            *picked = *x;
        }
    }
    picked
}

/// Squares of as many packs as a pack has lanes are transposed in registers.
struct Across<'a, T> {
    x: &'a [T],
    columns: usize,
    out: &'a mut [T],
}

impl<T: Float> Kernel<T> for Across<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes<T>>(self) {
        let Self { x, columns, out } = self;
        let rows = out.len() / columns;
        let mut packs = [V::splat(T::ZERO); 16];
        for row in (0..rows).step_by(V::COUNT) {
            let live_rows = V::COUNT.min(rows - row);
            for column in (0..columns).step_by(V::COUNT) {
                let live_columns = V::COUNT.min(columns - column);
                for i in 0..live_columns {
                    packs[i] = V::load(x, (column + i) * rows + row, Block { start: 0, live: live_rows });
                }
                V::transpose(&mut packs[..V::COUNT]);
                for i in 0..live_rows {
                    value(packs[i]).store(out, (row + i) * columns + column, Block { start: 0, live: live_columns });
                }
            }
        }
    }
}

struct Means<T> {
    model: Mean<T>,
    base: Array2<T>,
    layout: Layout,
}

impl<T: Float> Means<T> {
    fn new(layout: Layout, scale: Scale) -> Self {
        Self { model: Mean { a: T::from_f64(0.7) }, base: layout.base(scale), layout }
    }
}

impl<T: Float> Problem<T> for Means<T> {
    type Model = Mean<T>;

    fn model(&self) -> &Mean<T> {
        &self.model
    }
    fn inputs(&self) -> mean::Inputs<'_, T> {
        mean::Inputs { x: self.layout.view(&self.base) }
    }
    /// In whatever order the numbers lie.
    fn hand(&mut self, _: Question, _: &[T], out: &mut [T]) -> T {
        let (x, a) = (self.base.as_slice().expect("contiguous"), self.model.a);
        let [value, slope] = match self.layout {
            Layout::Second => T::dispatch(MeanOf::<T, 2> { x, a }),
            Layout::Rows | Layout::Transposed => T::dispatch(MeanOf::<T, 1> { x, a }),
        };
        out[0] = slope;
        value
    }
    fn input_size(&self) -> usize {
        self.base.len()
    }
}

struct MeanOf<'a, T, const STEP: usize> {
    x: &'a [T],
    a: T,
}

impl<T: Float, const STEP: usize> Kernel<T> for MeanOf<'_, T, STEP> {
    type Output = [T; 2];
    const WIDE: bool = true;

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> [T; 2] {
        let (a, one) = (V::splat(self.a), V::splat(T::ONE));
        let (mut sums, mut picked) = ([T::ZERO; 2], [T::ZERO; PICKED]);
        for x in self.x.chunks(STEP * PICKED * 64) {
            let mut some = [V::splat(T::ZERO); 2];
            for x in x.chunks(STEP * PICKED) {
                let x = &pick::<T, STEP>(x, &mut picked)[..x.len() / STEP];
                lanes::packs::<T, V>(
                    x.len(),
                    #[inline(always)]
                    |at| {
                        let x = V::load(x, 0, at);
                        let z = a * x;
                        let share = z.sigmoid();
                        some[0] = some[0] + live_only::<T, V>(z * share, at);
                        some[1] = some[1] + live_only::<T, V>(x * share * (one + z * (one - share)), at);
                    },
                );
            }
            sums = [sums[0] + some[0].sum(), sums[1] + some[1].sum()];
        }
        let scale = T::ONE / T::from_usize(self.x.len() / STEP);
        sums.map(|sum| sum * scale)
    }
}
