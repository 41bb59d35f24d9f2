//! [`contract`]: sums of products over a common axis, `[B, M, D] · [B, D, N] → [B, M, N]`, for operands with any
//! strides, scaled and added to what is there where that is wanted.
//!
//! Blocks of the operands are copied to panels in the order in which they are read, then a tile of the result is kept
//! in registers while the depth runs; small operands are read where they are, small products have a kernel of their
//! own, and products with a vector loops of theirs. Large ones run on several threads, each part a block of rows. The
//! panels are in a [`Scratch`] that the caller keeps, so that nothing is allocated once it has grown.
//!
//! How fast it is beside matrixmultiply, gemm and faer, says
//! `cargo run --release --manifest-path tests/benches/products/Cargo.toml`: level with them.
//!
//! Invariants: which sum is added to which depends on the shape and the strides alone, never on the threads; the blocks
//! of depth are added in ascending order, and nothing is read outside the operands' elements.

#![allow(clippy::inline_always, reason = "kernels are compiled for the processor through inlining alone")]
#![allow(clippy::needless_range_loop, reason = "loops of known length, over several arrays at once")]

mod matrix;
mod panels;
mod parts;
mod small;
mod tile;
mod vector;
mod whole;

use panels::pack_right;
#[doc(hidden)]
pub use parts::shared_product;
use small::Small;
#[doc(hidden)]
pub use whole::{multiply, multiply_left_transposed, multiply_right_transposed};

use crate::float::Float;
use crate::parallel::{in_pool, wants_pool};
use crate::simd::{self, Block, Kernel, Lanes, Level};

/// The extents of a contraction: `out[b, m, n] = Σ_d left[b, m, d] · right[b, d, n]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contraction {
    /// How many products: `b`.
    pub batch: usize,
    /// Rows of the left operand and of the result: `m`.
    pub rows: usize,
    /// Columns of the right operand and of the result: `n`.
    pub columns: usize,
    /// Columns of the left and rows of the right operand: `d`.
    pub depth: usize,
}

/// An operand: `[b, row, column]` is `data[offset + b * batch + row * self.row + column * self.column]`.
///
/// A transposed matrix is one with `row` and `column` exchanged, a repeated one has a stride of 0.
#[derive(Clone, Copy, Debug)]
pub struct Strided<'a, T> {
    /// Where the elements are.
    pub data: &'a [T],
    /// Where element `[0, 0, 0]` is.
    pub offset: isize,
    /// From one matrix of the batch to the next.
    pub batch: isize,
    /// From one row to the next.
    pub row: isize,
    /// From one column to the next.
    pub column: isize,
}

impl<'a, T> Strided<'a, T> {
    /// A batch of contiguous `[rows, columns]` matrices, one after the other.
    ///
    /// # Panics
    /// If the strides overflow.
    #[must_use]
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn contiguous(data: &'a [T], rows: usize, columns: usize) -> Self {
        let stride = |n: usize| isize::try_from(n).expect("no slice is longer");
        let whole = rows.checked_mul(columns).expect("no slice is longer");
        Self { data, offset: 0, batch: stride(whole), row: stride(columns), column: 1 }
    }

    /// The same elements with rows and columns exchanged.
    #[must_use]
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn transposed(self) -> Self {
        Self { row: self.column, column: self.row, ..self }
    }

    /// Checks that the elements of `[batch, rows, columns]`, none of them 0, lie in the data.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn check(&self, name: &str, batch: usize, rows: usize, columns: usize) {
        let steps = [(batch, self.batch), (rows, self.row), (columns, self.column)];
        let is_inside =
            self.reach(steps).is_some_and(|[least, most]| least >= 0 && most.unsigned_abs() < self.data.len());
        if !is_inside {
            refuse(name, [batch, rows, columns], self.data.len());
        }
    }

    /// The first and the last place along axes of these extents and strides, unless they are outside any slice.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn reach(&self, axes: [(usize, isize); 3]) -> Option<[isize; 2]> {
        let (mut least, mut most) = (self.offset, self.offset);
        for (extent, stride) in axes {
            let reach = isize::try_from(extent - 1).ok()?.checked_mul(stride)?;
            least = least.checked_add(reach.min(0))?;
            most = most.checked_add(reach.max(0))?;
        }
        Some([least, most])
    }
}

/// Apart from the check, so that calls of known shape are a comparison.
#[cold]
#[inline(never)]
fn refuse(name: &str, [batch, rows, columns]: [usize; 3], len: usize) -> ! {
    panic!("the {name} operand [{batch}, {rows}, {columns}] reaches outside its data, which has {len} elements")
}

/// What becomes of a product: `out = scale · product`, or `out += scale · product`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Update<T> {
    /// What every element is multiplied by.
    pub scale: T,
    /// Whether it is added to what is there.
    pub add: bool,
}

impl<T: Float> Update<T> {
    /// `out = product`
    #[must_use]
    pub const fn set() -> Self {
        Self { scale: T::ONE, add: false }
    }

    /// `out += product`
    #[must_use]
    pub const fn add() -> Self {
        Self { scale: T::ONE, add: true }
    }

    /// This update with another factor.
    #[must_use]
    pub const fn scaled(self, scale: T) -> Self {
        Self { scale, add: self.add }
    }
}

/// The buffers of [`contract`]: they grow to what the largest contraction needs, and stay.
#[derive(Clone, Debug, Default)]
pub struct Scratch<T> {
    /// Those of each part that may run beside the others.
    parts: Vec<Panels<T>>,
}

/// Where blocks of the operands are copied to.
#[derive(Clone, Debug)]
struct Panels<T> {
    left: Vec<T>,
    right: Vec<T>,
}

impl<T> Scratch<T> {
    /// Empty buffers.
    #[must_use]
    pub const fn new() -> Self {
        Self { parts: Vec::new() }
    }

    /// The memory held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let numbers: usize = self.parts.iter().map(|part| part.left.capacity() + part.right.capacity()).sum();
        numbers * size_of::<T>() + self.parts.capacity() * size_of::<Panels<T>>()
    }

    /// The panels of so many parts.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn of(&mut self, parts: usize) -> &mut [Panels<T>] {
        if self.parts.len() < parts {
            self.grow(parts);
        }
        &mut self.parts[..parts]
    }

    #[cold]
    fn grow(&mut self, parts: usize) {
        self.parts.resize_with(parts, || Panels { left: Vec::new(), right: Vec::new() });
    }
}

/// Contracts `left` with `right` into `out`, contiguous `[batch, rows, columns]`: sets it to the product or adds that to
/// it, scaled.
///
/// The result differs from the exact one by at most about `depth` units in the last place of `Σ |left| · |right|`.
///
/// ```
/// use autograd_core::contract::{Contraction, Scratch, Strided, Update, contract};
///
/// let shape = Contraction { batch: 1, rows: 2, columns: 1, depth: 3 };
/// let left = Strided::contiguous(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3);
/// let right = Strided::contiguous(&[1.0, 0.0, 2.0], 3, 1);
/// let mut out = [0.0; 2];
/// contract(shape, left, right, &mut out, Update::set(), &mut Scratch::new());
/// assert_eq!(out, [7.0, 16.0]);
/// contract(shape, left, right, &mut out, Update::add().scaled(-0.5), &mut Scratch::new());
/// assert_eq!(out, [3.5, 8.0]);
/// ```
///
/// # Panics
/// If `out` is not of `batch * rows * columns` elements, or an operand reaches outside its data.
#[cfg_attr(not(debug_assertions), inline)]
pub fn contract<T: Float>(
    shape: Contraction,
    left: Strided<T>,
    right: Strided<T>,
    out: &mut [T],
    update: Update<T>,
    scratch: &mut Scratch<T>,
) {
    T::contract(shape, left, right, out, update, scratch);
}

/// [`contract`] for extents that are known where it is called: inlined, so that what depends on them is decided there.
#[doc(hidden)]
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn contract_known<T: Float>(
    shape: Contraction,
    left: Strided<T>,
    right: Strided<T>,
    out: &mut [T],
    update: Update<T>,
    scratch: &mut Scratch<T>,
) {
    let Contraction { batch, rows, columns, depth } = shape;
    if wants_pool([shared_product::<T>([batch, rows, columns, depth], 1)]) {
        return in_pool(|| contract(shape, left, right, out, update, scratch));
    }
    contract_at(simd::level(), shape, left, right, out, update, scratch);
}

/// [`contract`] at one level, for tests and benchmarks.
#[doc(hidden)]
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn contract_at<T: Float>(
    level: Level,
    shape: Contraction,
    left: Strided<T>,
    right: Strided<T>,
    out: &mut [T],
    update: Update<T>,
    scratch: &mut Scratch<T>,
) {
    let Contraction { batch, rows, columns, depth } = shape;
    let expected = batch.checked_mul(rows).and_then(|rows| rows.checked_mul(columns));
    assert_eq!(Some(out.len()), expected, "the result of a contraction is [{batch}, {rows}, {columns}]");
    if out.is_empty() {
        return;
    }
    if depth == 0 {
        // 0 but for an infinite factor.
        let product = update.scale * T::ZERO;
        for out in out {
            *out = if update.add { *out + product } else { product };
        }
        return;
    }
    left.check("left", batch, rows, depth);
    right.check("right", batch, depth, columns);
    let parts = parts::number::<T>(&shape);
    parts::run(level, &Product { shape, left, right, update }, out, scratch.of(parts));
}

/// A scalar type whose contractions are compiled once, in this crate.
#[doc(hidden)]
pub trait Products: Sized {
    /// [`contract`]
    fn contract(
        shape: Contraction,
        left: Strided<Self>,
        right: Strided<Self>,
        out: &mut [Self],
        update: Update<Self>,
        scratch: &mut Scratch<Self>,
    );
    /// Runs what one thread does of a contraction.
    fn contract_part(level: Level, contraction: Checked<Self>);
}

macro_rules! products {
    ($($scalar:ident)*) => {$(
        impl Products for $scalar {
            fn contract(
                shape: Contraction,
                left: Strided<Self>,
                right: Strided<Self>,
                out: &mut [Self],
                update: Update<Self>,
                scratch: &mut Scratch<Self>,
            ) {
                contract_known(shape, left, right, out, update, scratch);
            }

            fn contract_part(level: Level, contraction: Checked<Self>) {
                if contraction.is_small() {
                    Self::dispatch_at(level, Small(contraction));
                } else {
                    Self::dispatch_at(level, contraction);
                }
            }
        }
    )*};
}

products! { f32 f64 }

/// A contraction whose extents are not 0 and whose operands lie within their data.
#[derive(Clone, Copy, Debug)]
struct Product<'a, T> {
    shape: Contraction,
    left: Strided<'a, T>,
    right: Strided<'a, T>,
    update: Update<T>,
}

/// A product whose sizes have been checked, with where it goes, for one thread.
#[doc(hidden)]
#[derive(Debug)]
pub struct Checked<'a, T> {
    product: &'a Product<'a, T>,
    out: &'a mut [T],
    panels: &'a mut Panels<T>,
}

impl<T: Float> Kernel<T> for Checked<'_, T> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<V: Lanes<T>>(self) {
        let Self { product: &Product { shape, left, right, update }, out, panels } = self;
        let (mut left, mut right) = (View::of(left), View::of(right));
        let mut out = Out { data: out, columns: shape.columns, row: 0, update };
        for _ in 0..shape.batch {
            if shape.columns == 1 {
                vector::product::<T, V>(left, right, shape.rows, shape.depth, &mut out, panels);
            } else if shape.rows == 1 {
                let (matrix, vector) = (right.transposed(), left.transposed());
                vector::product::<T, V>(matrix, vector, shape.columns, shape.depth, &mut out, panels);
            } else if V::IN_REGISTERS >= 32 {
                matrix::product::<T, V, 8, 4, 2>(shape, left, right, &mut out, panels);
            } else if V::IN_REGISTERS >= 8 {
                matrix::product::<T, V, 6, 3, 1>(shape, left, right, &mut out, panels);
            } else {
                matrix::product::<T, V, 2, 1, 1>(shape, left, right, &mut out, panels);
            }
            left.first += left.batch;
            right.first += right.batch;
            out.row += shape.rows;
        }
    }
}

/// The matrices of an operand, from one of them on.
#[derive(Clone, Copy)]
struct View<'a, T> {
    data: &'a [T],
    first: isize,
    batch: isize,
    row: isize,
    column: isize,
}

#[allow(clippy::cast_possible_wrap, clippy::cast_sign_loss, reason = "the places were checked against the data")]
impl<'a, T: Float> View<'a, T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn of(operand: Strided<'a, T>) -> Self {
        let Strided { data, offset, batch, row, column } = operand;
        Self { data, first: offset, batch, row, column }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn transposed(self) -> Self {
        Self { row: self.column, column: self.row, ..self }
    }

    /// The part that begins at a row and a column.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn part(self, row: usize, column: usize) -> Self {
        Self { first: self.first + row as isize * self.row + column as isize * self.column, ..self }
    }

    /// The data from the first element on.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn slice(self) -> &'a [T] {
        &self.data[self.first as usize..]
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(self, row: usize, column: usize) -> T {
        self.data[self.part(row, column).first as usize]
    }
}

/// The result, all matrices of the batch in one, from row `row` on.
struct Out<'a, T> {
    data: &'a mut [T],
    columns: usize,
    row: usize,
    update: Update<T>,
}

impl<T: Float> Out<'_, T> {
    /// Sets or adds to a part of a row, scaled.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn put<V: Lanes<T>>(&mut self, row: usize, at: Block, value: V, add: bool) {
        let base = (self.row + row) * self.columns;
        let scale = V::splat(self.update.scale);
        let value = if add { value.mul_add(scale, V::load(self.data, base, at)) } else { value * scale };
        value.store(self.data, base, at);
    }
}

#[cfg(test)]
#[allow(clippy::cast_precision_loss, clippy::float_cmp, reason = "small numbers are cast, exact ones compared")]
mod tests {
    use super::*;
    use crate::simd::tests::random;

    /// How an operand lies in memory.
    #[derive(Clone, Copy, Debug)]
    enum Layout {
        Plain,
        Transposed,
        /// Rows and columns backwards, elements two apart.
        Backwards,
        /// One matrix for the whole batch.
        Repeated,
    }

    const LAYOUTS: [Layout; 4] = [Layout::Plain, Layout::Transposed, Layout::Backwards, Layout::Repeated];

    fn operand<T>(data: &[T], rows: usize, columns: usize, layout: Layout) -> Strided<'_, T> {
        let plain = Strided::contiguous(data, rows, columns);
        match layout {
            Layout::Plain => plain,
            Layout::Transposed => {
                Strided { batch: plain.batch, ..Strided::contiguous(data, columns, rows).transposed() }
            }
            Layout::Backwards => Strided {
                offset: 2 * (plain.batch - 1),
                batch: 2 * plain.batch,
                row: -2 * plain.row,
                column: -2,
                ..plain
            },
            Layout::Repeated => Strided { batch: 0, ..plain },
        }
    }

    fn element<T: Float>(of: &Strided<T>, b: usize, row: usize, column: usize) -> f64 {
        let [b, row, column] = [b, row, column].map(|i| isize::try_from(i).expect("small"));
        let at = of.offset + b * of.batch + row * of.row + column * of.column;
        of.data[usize::try_from(at).expect("inside")].to_f64()
    }

    fn check<T: Float>(shape: Contraction, layouts: [Layout; 2], epsilon: f64, scratch: &mut Scratch<T>) {
        let Contraction { batch, rows, columns, depth } = shape;
        let (a, b) = (random::<T>(2 * batch * rows * depth + 1, 1), random::<T>(2 * batch * depth * columns + 1, 2));
        let (left, right) = (operand(&a, rows, depth, layouts[0]), operand(&b, depth, columns, layouts[1]));
        // The sum of the products, and of their magnitudes.
        let expected: Vec<(f64, f64)> = (0..batch * rows * columns)
            .map(|i| {
                let (b, row, column) = (i / (rows * columns), i / columns % rows, i % columns);
                let terms = (0..depth).map(|d| element(&left, b, row, d) * element(&right, b, d, column));
                terms.fold((0.0, 0.0), |(sum, size), term| (sum + term, size + term.abs()))
            })
            .collect();
        // What becomes of the sums has nothing to do with where the operands lie: each shape has every update at each level,
        // with four of the sixteen pairs of layouts.
        let updates = [Update::set(), Update::add(), Update::set().scaled(0.3), Update::add().scaled(-1.7)];
        let update = updates[(layouts[0] as usize + layouts[1] as usize) % updates.len()];
        let update = Update { scale: T::from_f64(update.scale), add: update.add };
        for level in Level::available() {
            let before = random::<T>(batch * rows * columns, 3);
            let mut out = before.clone();
            contract_at(level, shape, left, right, &mut out, update, scratch);
            for (i, (&out, &before)) in out.iter().zip(&before).enumerate() {
                let start = if update.add { before.to_f64() } else { 0.0 };
                let scale = update.scale.to_f64();
                let size = expected[i].1 * scale.abs() + start.abs();
                let error = (out.to_f64() - start - expected[i].0 * scale).abs();
                // A rounding for each product, each sum, the factor, and what was there.
                let bound = epsilon * (depth as f64 + 3.0) * size;
                assert!(error <= bound, "{level:?} {shape:?} {layouts:?} {i}: off by {error}");
            }
        }
    }

    const SHAPES: [[usize; 4]; 23] = [
        [1, 1, 1, 1],
        [1, 1, 7, 5],
        [1, 7, 1, 5],
        [2, 3, 5, 4],
        [1, 8, 16, 16],
        [1, 9, 17, 16],
        [3, 2, 2, 2],
        [2, 1, 65, 33],
        [2, 65, 1, 33],
        [1, 32, 64, 40],
        [1, 29, 71, 31],
        [1, 7, 33, 300],
        [1, 31, 15, 1],
        [1, 32, 16, 2],
        [1, 5, 33, 257],
        [1, 145, 40, 20],
        [1, 13, 1030, 6],
        [1, 300, 10, 3],
        [1, 0, 3, 3],
        [0, 3, 3, 3],
        [2, 3, 4, 0],
        [1, 20, 34, 260],
        // Two blocks of rows, the first of which copies the right operand.
        [1, 146, 34, 121],
    ];

    #[test]
    fn contractions_agree_with_sums_of_products() {
        let (mut single, mut double) = (Scratch::new(), Scratch::new());
        for [batch, rows, columns, depth] in SHAPES {
            let shape = Contraction { batch, rows, columns, depth };
            for left in LAYOUTS {
                for right in LAYOUTS {
                    check::<f32>(shape, [left, right], f32::EPSILON.into(), &mut single);
                    check::<f64>(shape, [left, right], f64::EPSILON, &mut double);
                }
            }
        }
    }

    /// Large enough for several parts, with rows and matrices that do not come out even.
    #[test]
    #[cfg(feature = "rayon")]
    fn threads_change_no_bit() {
        for [batch, rows, columns, depth] in [[1, 389, 131, 300], [3, 67, 130, 350]] {
            let shape = Contraction { batch, rows, columns, depth };
            let (a, b) = (random::<f32>(batch * rows * depth, 1), random::<f32>(batch * depth * columns, 2));
            let before = random::<f32>(batch * rows * columns, 3);
            let run = |threads| {
                let pool = rayon_core::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
                let (left, right) =
                    (operand(&a, rows, depth, Layout::Transposed), operand(&b, depth, columns, Layout::Plain));
                let (mut out, mut scratch) = (before.clone(), Scratch::new());
                let update = Update::add().scaled(0.7);
                pool.install(|| contract(shape, left, right, &mut out, update, &mut scratch));
                (out, scratch.parts.len())
            };
            let (alone, parts) = run(1);
            assert_eq!(parts, 1);
            for threads in [2, 3, 4] {
                let (out, parts) = run(threads);
                assert!(parts > 1 && out == alone, "{shape:?} on {threads} threads, in {parts} parts");
            }
        }
    }

    #[test]
    fn buffers_grow_once() {
        let data = random::<f32>(300 * 300, 1);
        let (mut out, mut scratch) = (vec![0.0; 300 * 300], Scratch::new());
        let shape = Contraction { batch: 1, rows: 300, columns: 300, depth: 300 };
        let square = Strided::contiguous(&data, 300, 300);
        let mut run = || {
            contract(shape, square, square.transposed(), &mut out, Update::set(), &mut scratch);
            scratch.bytes()
        };
        let bytes = run();
        assert!(bytes > 0 && run() == bytes);
    }

    #[test]
    fn operands_outside_their_data_are_refused() {
        let data = [1.0_f64; 12];
        let shape = Contraction { batch: 1, rows: 3, columns: 3, depth: 4 };
        let plain = (Strided::contiguous(&data, 3, 4), Strided::contiguous(&data, 4, 3), 9);
        let long = isize::MAX / 2;
        for (left, right, out) in [
            (Strided { offset: 1, ..plain.0 }, plain.1, 9),
            (Strided { row: -4, ..plain.0 }, plain.1, 9),
            (plain.0, Strided { row: long, column: long, ..plain.1 }, 9),
            (plain.0, plain.1, 8),
        ] {
            let refused = std::panic::catch_unwind(|| {
                contract(shape, left, right, &mut vec![0.0; out], Update::set(), &mut Scratch::new());
            });
            assert!(refused.is_err(), "{left:?} {right:?} {out}");
        }
        contract(shape, plain.0, plain.1, &mut vec![0.0; plain.2], Update::set(), &mut Scratch::new());
    }
}
