//! A short axis whose extent the text leaves open: column sums and linear regression of `[N, K]` for K from 1 to 100, and of
//! a few long rows.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]
#![allow(clippy::needless_range_loop, reason = "loops of known length, over several arrays at once")]

use autograd_core::float::Float;
use autograd_core::model;
use autograd_core::simd::{Block, Kernel, Lanes};
use ndarray::{Array1, Array2};

use super::frame::{Gradient, Mapping, Problem, Product, Question, Value, ask, map, roundings};
use super::linear::{Square, SquareProduct, rows};
use crate::{Case, Scale, data, lanes};

model! {
    /// The sums of the columns.
    pub Sums<N, K> {
        input x: [N, K];
        sums = sum(x, N);
    }
}

model! {
    /// Linear regression.
    pub Regression<N, K> {
        param w: [K];
        input x: [N, K], y: [N];
        loss = mean((x @ w - y)^2);
        derive hvp;
    }
}

/// Rows and columns, and how many rows a test has.
const SHAPES: [(usize, usize, usize); 10] = [
    (1_000_000, 1, 77),
    (1_000_000, 2, 77),
    (1_000_000, 3, 147),
    (400_000, 5, 77),
    (250_000, 8, 77),
    (200_000, 13, 77),
    (100_000, 17, 77),
    (50_000, 33, 77),
    (20_000, 100, 77),
    (3, 1_000_000, 3),
];

pub(super) fn add(cases: &mut Vec<Case>) {
    add_of::<f32>(cases);
    add_of::<f64>(cases);
}

/// The pairwise sums of both forms err by their depth, log₂ N and a run of up to 256 turns, in units of the mean size of a term,
/// which is not much larger than the means that are compared, as the numbers are not centred on 0.
fn add_of<T: Float>(cases: &mut Vec<Case>) {
    for (index, (_, columns, _)) in SHAPES.into_iter().enumerate() {
        let name = if index == 9 { "sums/3x1000000".to_owned() } else { format!("sums/{columns}") };
        map(cases, &name, "column sums of [N, K]", roundings::<T>(100.0), move |scale| Columns::<T>::new(index, scale));
    }
    let makes: [fn(Scale) -> Fit<T>; 10] =
        [Fit::of::<0>, Fit::of::<1>, Fit::of::<2>, Fit::of::<3>, Fit::of::<4>, Fit::of::<5>, Fit::of::<6>, Fit::of::<7>, Fit::of::<8>, Fit::of::<9>];
    for ((_, columns, _), make) in SHAPES.into_iter().zip(makes) {
        let is_long = columns == SHAPES[9].1;
        let name = if is_long { "regression/3x1000000".to_owned() } else { format!("regression/{columns}") };
        ask(cases, &name, "linear regression of [N, K]", &[Value, Gradient, Product], roundings::<T>(200.0), make);
    }
}

/// The shape number `index`; a test has fewer rows, or columns where there are many.
fn shape(index: usize, scale: Scale) -> [usize; 2] {
    let (rows, columns, few) = SHAPES[index];
    [scale.pick(rows, few), if columns > 100 { scale.pick(columns, 1003) } else { columns }]
}

/// Numbers that are not centred on 0.
fn numbers<T: Float>(stream: u64, [rows, columns]: [usize; 2]) -> Array2<T> {
    let numbers = data::units(stream, rows * columns).mapv(|u| T::from_f64(2.0 * u - 0.5));
    numbers.into_shape_with_order((rows, columns)).expect("as many numbers as places")
}

struct Columns<T> {
    model: Sums<T>,
    x: Array2<T>,
}

impl<T: Float> Columns<T> {
    fn new(index: usize, scale: Scale) -> Self {
        Self { model: Sums::default(), x: numbers(30, shape(index, scale)) }
    }
}

impl<T: Float> Mapping<T> for Columns<T> {
    type Model = Sums<T>;

    fn model(&self) -> &Sums<T> {
        &self.model
    }
    fn inputs(&self) -> sums::Inputs<'_, T> {
        sums::Inputs { x: self.x.view() }
    }
    fn hand(&mut self, out: &mut [T]) {
        T::dispatch(ColumnSums { x: self.x.as_slice().expect("contiguous"), out });
    }
    fn sizes(&self) -> [usize; 2] {
        [self.x.len(), self.x.ncols()]
    }
}

struct ColumnSums<'a, T> {
    x: &'a [T],
    out: &'a mut [T],
}

impl<T: Float> Kernel<T> for ColumnSums<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes<T>>(self) {
        match self.out.len() {
            1 => self.short::<V, 1>(),
            2 => self.short::<V, 2>(),
            3 => self.short::<V, 3>(),
            5 => self.short::<V, 5>(),
            8 => self.short::<V, 8>(),
            13 => self.short::<V, 13>(),
            17 => self.short::<V, 17>(),
            _ => self.long::<V>(),
        }
    }
}

impl<T: Float> ColumnSums<'_, T> {
    /// `K` packs hold whole rows, as many as a pack has lanes: each pack is added to one of `K`, and what lane is which column
    /// is sorted out at the end.
    #[inline(always)]
    fn short<V: Lanes<T>, const K: usize>(self) {
        /// So many times `K` packs are added in registers alone.
        const RUN: usize = 128;
        // Two chains of additions, if there are few.
        let (zero, width, chains) = (V::splat(T::ZERO), K * V::COUNT, if K <= 4 { 4 } else { 1 });
        let mut totals = [zero; K];
        let mut rows = self.x.chunks_exact(width * chains);
        while rows.len() > 0 {
            let mut sums = [[zero; K]; 4];
            for packs in rows.by_ref().take(RUN) {
                for chain in 0..chains {
                    for k in 0..K {
                        sums[chain][k] = sums[chain][k] + V::load(packs, chain * width + k * V::COUNT, lanes::full::<T, V>(0));
                    }
                }
            }
            for k in 0..K {
                totals[k] = totals[k] + ((sums[0][k] + sums[1][k]) + (sums[2][k] + sums[3][k]));
            }
        }
        self.out.fill(T::ZERO);
        for k in 0..K {
            for lane in 0..V::COUNT {
                let column = (k * V::COUNT + lane) % K;
                self.out[column] = self.out[column] + totals[k].lane(lane);
            }
        }
        for row in rows.remainder().chunks_exact(K) {
            for (out, &x) in self.out.iter_mut().zip(row) {
                *out = *out + x;
            }
        }
    }

    /// Eight rows at a time are added to the sums.
    #[inline(always)]
    fn long<V: Lanes<T>>(self) {
        let Self { x, out } = self;
        let columns = out.len();
        out.fill(T::ZERO);
        for rows in x.chunks(8 * columns) {
            let count = rows.len() / columns;
            lanes::packs::<T, V>(
                columns,
                #[inline(always)]
                |at: Block| {
                    let mut sum = V::load(out, 0, at);
                    if count == 8 {
                        let mut row = [sum; 8];
                        for i in 0..8 {
                            row[i] = V::load(rows, i * columns, at);
                        }
                        sum = sum
                            + (((row[0] + row[1]) + (row[2] + row[3])) + ((row[4] + row[5]) + (row[6] + row[7])));
                    } else {
                        for i in 0..count {
                            sum = sum + V::load(rows, i * columns, at);
                        }
                    }
                    sum.store(out, 0, at);
                },
            );
        }
    }
}

struct Fit<T> {
    model: Regression<T>,
    x: Array2<T>,
    y: Array1<T>,
}

impl<T: Float> Fit<T> {
    fn of<const INDEX: usize>(scale: Scale) -> Self {
        let [rows, columns] = shape(INDEX, scale);
        let x = numbers(31, [rows, columns]);
        #[expect(clippy::cast_precision_loss, reason = "there are at most a million")]
        let size = 1.0 / (columns as f64).sqrt();
        Self {
            model: Regression { w: data::centred(32, columns, size) },
            x,
            y: data::units(33, rows).mapv(|u| T::from_f64(u + 1.0)),
        }
    }
}

impl<T: Float> Problem<T> for Fit<T> {
    type Model = Regression<T>;

    fn model(&self) -> &Regression<T> {
        &self.model
    }
    fn inputs(&self) -> regression::Inputs<'_, T> {
        regression::Inputs { x: self.x.view(), y: self.y.view() }
    }
    fn hand(&mut self, question: Question, along: &[T], out: &mut [T]) -> T {
        let [x, y, w] = [self.x.as_slice(), self.y.as_slice(), self.model.w.as_slice()];
        let (x, y, w) = (x.expect("contiguous"), y.expect("contiguous"), w.expect("contiguous"));
        match question {
            Product => rows::<T, SquareProduct>([x, y, along, along], false, out),
            _ => rows::<T, Square>([x, y, w, along], question == Value, out),
        }
    }
    fn input_size(&self) -> usize {
        self.x.len() + self.y.len()
    }
}
