//! Points and centres: k-means over few numbers a point, and by products over many.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]
#![allow(clippy::needless_range_loop, reason = "loops of known length, over several arrays at once")]

use autograd_core::contract::{Contraction, Scratch, Strided, Update, contract};
use autograd_core::float::Float;
use autograd_core::model;
use autograd_core::simd::{Block, Kernel, Lanes, MaxNumber};
use ndarray::Array2;

use super::frame::{Gradient, Problem, Product, Question, Value, ask, roundings};
use crate::{Case, Scale, data, lanes};

model! {
    /// Squared distances to the nearest centres.
    pub Nearest<N, K, D> {
        param c: [K, D];
        input p: [N, D];
        loss = sum[i](min[k](sum[j]((c[k, j] - p[i, j])^2)));
        derive hvp;
    }
}

model! {
    /// The same by products.
    pub Products<N, K, D> {
        param c: [K, D];
        input p: [N, D];
        let square = sum(p^2, D)[.., new] + sum(c^2, D)[new, ..] - 2*(p @ c.T);
        loss = sum(min(square, axis = K));
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    add_of::<f32>(cases);
    add_of::<f64>(cases);
}

/// Points lie near their centres, so that both forms find the same. By products, a square of about 0.6 is what is left of
/// numbers of size 64: it loses a hundredfold.
fn add_of<T: Float>(cases: &mut Vec<Case>) {
    let about = "k-means of 100 000 points, K = 100, D = 8";
    ask(cases, "k-means/100", about, &[Value, Gradient, Product], roundings::<T>(300.0), Few::<T>::new);
    let about = "k-means of 10 000 points by products, K = 1000, D = 64";
    ask(cases, "k-means/1000", about, &[Value, Gradient], roundings::<T>(10_000.0), Many::<T>::new);
}

/// Centres, and points near them.
fn places<T: Float>(points: usize, centres: usize, d: usize, near: f64) -> [Array2<T>; 2] {
    let c: Array2<T> = data::matrix(38, centres, d, 1.0);
    let mut p: Array2<T> = data::matrix(39, points, d, near);
    for (i, mut row) in p.rows_mut().into_iter().enumerate() {
        row.zip_mut_with(&c.row(i * 7 % centres), |x, &c| *x = *x + c);
    }
    [c, p]
}

const FEW: usize = 8;

struct Few<T> {
    model: Nearest<T>,
    p: Array2<T>,
    counts: Vec<T>,
}

impl<T: Float> Few<T> {
    fn new(scale: Scale) -> Self {
        let [c, p] = places(scale.pick(100_000, 203), 100, FEW, 0.1);
        Self { counts: vec![T::ZERO; 100], model: Nearest { c }, p }
    }
}

impl<T: Float> Problem<T> for Few<T> {
    type Model = Nearest<T>;

    fn model(&self) -> &Nearest<T> {
        &self.model
    }
    fn inputs(&self) -> nearest::Inputs<'_, T> {
        nearest::Inputs { p: self.p.view() }
    }
    fn hand(&mut self, question: Question, along: &[T], out: &mut [T]) -> T {
        let (c, p) = (self.model.c.as_slice().expect("contiguous"), self.p.as_slice().expect("contiguous"));
        let (counts, two) = (&mut self.counts[..], T::from_f64(2.0));
        match question {
            Value => T::dispatch(Assign::<T, false> { c, p, counts, sums: out }),
            Gradient | Product => {
                let loss = T::dispatch(Assign::<T, true> { c, p, counts, sums: out });
                for ((out, along), &count) in out.chunks_exact_mut(FEW).zip(along.chunks_exact(FEW)).zip(&*counts) {
                    for (out, &along) in out.iter_mut().zip(along) {
                        *out = two * if question == Product { count * along } else { -*out };
                    }
                }
                if question == Product { T::ZERO } else { loss }
            }
        }
    }
    fn input_size(&self) -> usize {
        self.p.len()
    }
}

/// The sum of the squared distances; how many points each centre has, and the sums of how far they are from it.
struct Assign<'a, T, const SUMS: bool> {
    c: &'a [T],
    p: &'a [T],
    counts: &'a mut [T],
    sums: &'a mut [T],
}

/// So many points are laid out as columns at once: up to four packs.
const POINTS: usize = 32;

impl<T: Float, const SUMS: bool> Kernel<T> for Assign<'_, T, SUMS> {
    type Output = T;

    /// Lanes are points.
    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> T {
        if SUMS {
            self.counts.fill(T::ZERO);
            self.sums.fill(T::ZERO);
        }
        let (mut columns, mut nearest) = ([[T::ZERO; POINTS]; FEW], [T::ZERO; POINTS]);
        let mut loss = T::ZERO;
        for points in self.p.chunks(1024 * FEW) {
            let mut sum = V::splat(T::ZERO);
            for points in points.chunks(POINTS * FEW) {
                for (i, point) in points.chunks_exact(FEW).enumerate() {
                    for j in 0..FEW {
                        columns[j][i] = point[j];
                    }
                }
                lanes::packs::<T, V>(
                    points.len() / FEW,
                    #[inline(always)]
                    |at| {
                        let mut point = [V::splat(T::ZERO); FEW];
                        for j in 0..FEW {
                            point[j] = V::load(&columns[j], 0, at);
                        }
                        let (mut least, mut place) = (V::splat(T::INFINITY), V::splat(T::ZERO));
                        let (mut number, one) = (V::splat(T::ZERO), V::splat(T::ONE));
                        for centre in self.c.chunks_exact(FEW) {
                            let (mut even, mut odd) = (V::splat(T::ZERO), V::splat(T::ZERO));
                            for j in (0..FEW).step_by(2) {
                                let (a, b) = (point[j] - V::splat(centre[j]), point[j + 1] - V::splat(centre[j + 1]));
                                (even, odd) = (a.mul_add(a, even), b.mul_add(b, odd));
                            }
                            let square = even + odd;
                            if SUMS {
                                place = V::select(square.lt(least), number, place);
                                number = number + one;
                            }
                            least = least.at_most(square);
                        }
                        sum = sum + lanes::live_only::<T, V>(least, at);
                        if SUMS {
                            place.store(&mut nearest, 0, at);
                        }
                    },
                );
                if SUMS {
                    for (point, place) in points.chunks_exact(FEW).zip(&nearest) {
                        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number")]
                        let k = place.to_f64() as usize;
                        self.counts[k] = self.counts[k] + T::ONE;
                        let (sums, centre) = (&mut self.sums[FEW * k..][..FEW], &self.c[FEW * k..][..FEW]);
                        for j in 0..FEW {
                            sums[j] = sums[j] + (point[j] - centre[j]);
                        }
                    }
                }
            }
            loss = loss + sum.sum();
        }
        loss
    }
}

struct Many<T> {
    model: Products<T>,
    p: Array2<T>,
    /// The squares of the centres, how many points each has, and products of a block of points.
    squares: Vec<T>,
    counts: Vec<T>,
    products: Vec<T>,
    scratch: Scratch<T>,
}

/// So many rows of products stay in the second cache.
const BLOCK: usize = 128;

impl<T: Float> Many<T> {
    fn new(scale: Scale) -> Self {
        let centres = scale.pick(1000, 50);
        let [c, p] = places(scale.pick(10_000, 203), centres, 64, 0.1);
        let zeros = |n: usize| vec![T::ZERO; n];
        Self {
            squares: zeros(centres),
            counts: zeros(centres),
            products: zeros(BLOCK * centres),
            scratch: Scratch::new(),
            model: Products { c },
            p,
        }
    }
}

impl<T: Float> Problem<T> for Many<T> {
    type Model = Products<T>;

    fn model(&self) -> &Products<T> {
        &self.model
    }
    fn inputs(&self) -> products::Inputs<'_, T> {
        products::Inputs { p: self.p.view() }
    }
    fn hand(&mut self, question: Question, _: &[T], out: &mut [T]) -> T {
        let (c, p) = (self.model.c.as_slice().expect("contiguous"), self.p.as_slice().expect("contiguous"));
        let [centres, d] = [self.model.c.nrows(), self.model.c.ncols()];
        let two = T::from_f64(2.0);
        for (square, c) in self.squares.iter_mut().zip(c.chunks_exact(d)) {
            *square = T::dispatch(SquareSum(c));
        }
        self.counts.fill(T::ZERO);
        out.fill(T::ZERO);
        let mut loss = T::ZERO;
        for points in p.chunks(BLOCK * d) {
            let rows = points.len() / d;
            let products = &mut self.products[..rows * centres];
            let (left, right) = (Strided::contiguous(points, rows, d), Strided::contiguous(c, centres, d).transposed());
            let shape = Contraction { batch: 1, rows, columns: centres, depth: d };
            contract(shape, left, right, products, Update::set(), &mut self.scratch);
            for (point, products) in points.chunks_exact(d).zip(products.chunks_exact(centres)) {
                let (least, k) = T::dispatch(Least { products, squares: &self.squares });
                loss = loss + (T::dispatch(SquareSum(point)) + least);
                if question != Value {
                    self.counts[k] = self.counts[k] + T::ONE;
                    for (sum, &x) in out[k * d..][..d].iter_mut().zip(point) {
                        *sum = *sum + x;
                    }
                }
            }
        }
        for ((out, c), &count) in out.chunks_exact_mut(d).zip(c.chunks_exact(d)).zip(&self.counts) {
            for (out, &c) in out.iter_mut().zip(c) {
                *out = two * (count * c - *out);
            }
        }
        loss
    }
    fn input_size(&self) -> usize {
        self.p.len()
    }
}

struct SquareSum<'a, T>(&'a [T]);

impl<T: Float> Kernel<T> for SquareSum<'_, T> {
    type Output = T;

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> T {
        let [sum] = lanes::sums::<T, V, 1>(
            self.0.len(),
            #[inline(always)]
            |at| {
                let x = V::load(self.0, 0, at);
                [x * x]
            },
        );
        sum
    }
}

/// The least of `squares - 2·products`, and its place.
struct Least<'a, T> {
    products: &'a [T],
    squares: &'a [T],
}

impl<T: Float> Kernel<T> for Least<'_, T> {
    type Output = (T, usize);

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> (T, usize) {
        let two = V::splat(T::from_f64(-2.0));
        let (mut least, mut place) = (V::splat(T::INFINITY), V::splat(T::ZERO));
        lanes::packs::<T, V>(
            self.products.len(),
            #[inline(always)]
            |at: Block| {
                let value = V::load(self.products, 0, at).mul_add(two, V::load(self.squares, 0, at));
                let value =
                    if at.live == V::COUNT { value } else { V::select(live::<T, V>(at), value, V::splat(T::INFINITY)) };
                place = V::select(value.lt(least), V::splat(T::from_usize(at.start)), place);
                least = least.at_most(value);
            },
        );
        let mut largest = MaxNumber::<T, V>::new();
        largest.push(-least, lanes::full::<T, V>(0));
        let smallest = -largest.finish();
        let lane = (0..V::COUNT).find(|&lane| least.lane(lane) == smallest).unwrap_or(0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number")]
        let start = place.lane(lane).to_f64() as usize;
        (smallest, start + lane)
    }
}

#[inline(always)]
fn live<T: Float, V: Lanes<T>>(at: Block) -> V::Mask {
    use autograd_core::simd::Mask;
    V::Mask::first(at.live)
}
