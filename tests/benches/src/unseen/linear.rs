//! Losses of a linear form by hand: `Σᵢ f(xᵢ·w, yᵢ)` with its gradient, or its Hessian times a vector, in one pass over the
//! rows, whether they are short, long or few.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]
#![allow(clippy::needless_range_loop, reason = "loops of known length, over several arrays at once")]

use core::marker::PhantomData;

use autograd_core::float::Float;
use autograd_core::simd::{Block, Kernel, Lanes, row_sums};

use crate::lanes::{self, full, live_only};

/// What is summed over the rows.
pub(crate) trait Link<T: Float> {
    /// How many vectors each row is multiplied with: one, or the parameters and a direction.
    const VECTORS: usize;
    /// Of these products, the term of the loss and the factor of the row in what the rows add up to.
    fn at<V: Lanes<T>>(products: [V; 2], y: V) -> (V, V);
}

/// The sum of the terms, times `scale`; the sum of the rows goes to `out` if there are `SLOPES`.
pub(crate) struct Rows<'a, T, L, const SLOPES: bool> {
    pub(crate) x: &'a [T],
    pub(crate) y: &'a [T],
    pub(crate) vectors: [&'a [T]; 2],
    pub(crate) scale: T,
    pub(crate) out: &'a mut [T],
    pub(crate) link: PhantomData<L>,
}

/// No pack has more lanes.
const MOST: usize = 32;
/// Sums are begun anew after so many rows, so that rounding errors stay small.
const RUN: usize = 4096;
/// So many rows of few columns are laid out as columns at once.
const LAID_OUT: usize = 64;

impl<T: Float, L: Link<T>, const SLOPES: bool> Kernel<T> for Rows<'_, T, L, SLOPES> {
    type Output = T;

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> T {
        let (columns, packs) = (self.vectors[0].len(), self.vectors[0].len().div_ceil(V::COUNT));
        let scale = self.scale;
        let total = match (columns, packs) {
            _ if self.y.len() <= 4 => self.long::<V>(),
            (1, _) => self.narrow::<V, 1>(),
            (2, _) => self.narrow::<V, 2>(),
            (3, _) => self.narrow::<V, 3>(),
            (_, 1) => self.short::<V, 1>(),
            (_, 2) => self.short::<V, 2>(),
            (_, 3) => self.short::<V, 3>(),
            _ => self.wide::<V>(),
        };
        scale * total
    }
}

impl<T: Float, L: Link<T>, const SLOPES: bool> Rows<'_, T, L, SLOPES> {
    /// Very few columns: a block of rows is laid out as columns, and each lane is a row.
    #[inline(always)]
    fn narrow<V: Lanes<T>, const K: usize>(self) -> T {
        let zero = V::splat(T::ZERO);
        let vectors: [[V; K]; 2] = self.vectors.map(
            #[inline(always)]
            |vector| packs_of(vector),
        );
        let (mut loss, mut slopes) = (T::ZERO, [T::ZERO; K]);
        let mut columns = [[T::ZERO; LAID_OUT]; K];
        for (x, y) in self.x.chunks(RUN * K).zip(self.y.chunks(RUN)) {
            let (mut some_loss, mut some_slopes) = (zero, [zero; K]);
            for (x, y) in x.chunks(LAID_OUT * K).zip(y.chunks(LAID_OUT)) {
                if K == 1 {
                    // They are a column.
                } else if y.len() == LAID_OUT {
                    for k in 0..K {
                        for i in 0..LAID_OUT {
                            columns[k][i] = x[i * K + k];
                        }
                    }
                } else {
                    for (i, x) in x.chunks_exact(K).enumerate() {
                        for k in 0..K {
                            columns[k][i] = x[k];
                        }
                    }
                }
                lanes::packs::<T, V>(
                    y.len(),
                    #[inline(always)]
                    |at| {
                        let mut products = [zero; 2];
                        for k in 0..K {
                            let x = V::load(if K == 1 { x } else { &columns[k] }, 0, at);
                            for i in 0..L::VECTORS {
                                products[i] = x.mul_add(vectors[i][k], products[i]);
                            }
                        }
                        let (term, factor) = L::at(products, V::load(y, 0, at));
                        some_loss = some_loss + live_only::<T, V>(term, at);
                        if SLOPES {
                            let factor = live_only::<T, V>(factor, at);
                            for k in 0..K {
                                let x = V::load(if K == 1 { x } else { &columns[k] }, 0, at);
                                some_slopes[k] = x.mul_add(factor, some_slopes[k]);
                            }
                        }
                    },
                );
            }
            loss = loss + some_loss.sum();
            for k in 0..K {
                slopes[k] = slopes[k] + some_slopes[k].sum();
            }
        }
        if SLOPES {
            for k in 0..K {
                self.out[k] = self.scale * slopes[k];
            }
        }
        loss
    }

    /// Rows of up to `P` packs: everything but the data stays in registers.
    #[inline(always)]
    fn short<V: Lanes<T>, const P: usize>(self) -> T {
        let (zero, columns) = (V::splat(T::ZERO), self.vectors[0].len());
        // What lies beyond the vectors is 0, so that what lies beyond a row does not count.
        let vectors = self.vectors.map(
            #[inline(always)]
            |vector| {
                let mut packs = [zero; P];
                for (p, part) in vector.chunks(V::COUNT).enumerate() {
                    packs[p] = V::load(part, 0, Block { start: 0, live: part.len() });
                }
                packs
            },
        );
        let (mut loss, mut slopes) = (T::ZERO, [zero; P]);
        for (x, y) in self.x.chunks(RUN * columns).zip(self.y.chunks(RUN)) {
            let (mut some_loss, mut even, mut odd) = (zero, [zero; P], [zero; P]);
            for (x, y) in x.chunks(V::COUNT * columns).zip(y.chunks(V::COUNT)) {
                let block = Block { start: 0, live: y.len() };
                let products = if L::VECTORS == 1 {
                    let [product] = short_products::<T, V, P, 1>(x, columns, &vectors, block);
                    [product, zero]
                } else {
                    short_products::<T, V, P, 2>(x, columns, &vectors, block)
                };
                let (term, factor) = L::at(products, V::load(y, 0, block));
                some_loss = some_loss + live_only::<T, V>(term, block);
                if SLOPES {
                    let mut factors = [T::ZERO; MOST];
                    factor.store(&mut factors, 0, block);
                    for row in 0..y.len() {
                        for p in 0..P {
                            let sum = pack_at::<T, V>(x, row * columns + p * V::COUNT)
                                .mul_add(V::splat(factors[row]), even[p]);
                            (even[p], odd[p]) = (odd[p], sum);
                        }
                    }
                }
            }
            loss = loss + some_loss.sum();
            for p in 0..P {
                slopes[p] = slopes[p] + (even[p] + odd[p]);
            }
        }
        if SLOPES {
            for (p, out) in self.out.chunks_mut(V::COUNT).enumerate() {
                let live = out.len();
                (V::splat(self.scale) * slopes[p]).store(out, 0, Block { start: 0, live });
            }
        }
        loss
    }

    /// Long rows: a pack of them stays in the cache between the products and the sums.
    #[inline(always)]
    fn wide<V: Lanes<T>>(self) -> T {
        let (zero, columns) = (V::splat(T::ZERO), self.vectors[0].len());
        let mut loss = T::ZERO;
        if SLOPES {
            self.out.fill(T::ZERO);
        }
        for (x, y) in self.x.chunks(RUN * columns).zip(self.y.chunks(RUN)) {
            let mut some_loss = zero;
            for (x, y) in x.chunks(V::COUNT * columns).zip(y.chunks(V::COUNT)) {
                let block = Block { start: 0, live: y.len() };
                let products = if L::VECTORS == 1 {
                    let [product] = wide_products::<T, V, 1>(x, self.vectors, block);
                    [product, zero]
                } else {
                    wide_products::<T, V, 2>(x, self.vectors, block)
                };
                let (term, factor) = L::at(products, V::load(y, 0, block));
                some_loss = some_loss + live_only::<T, V>(term, block);
                if SLOPES {
                    let mut factors = [T::ZERO; MOST];
                    (V::splat(self.scale) * factor).store(&mut factors, 0, block);
                    lanes::packs::<T, V>(
                        columns,
                        #[inline(always)]
                        |at| {
                            let (mut even, mut odd) = (V::load(self.out, 0, at), zero);
                            for row in 0..y.len() {
                                let sum = V::load(x, row * columns, at).mul_add(V::splat(factors[row]), even);
                                (even, odd) = (odd, sum);
                            }
                            (even + odd).store(self.out, 0, at);
                        },
                    );
                }
            }
            loss = loss + some_loss.sum();
        }
        loss
    }

    /// A few rows that no cache holds: products in one pass over the vectors, then the sums.
    #[inline(always)]
    fn long<V: Lanes<T>>(self) -> T {
        let (columns, rows) = (self.vectors[0].len(), self.y.len());
        let mut products = [[T::ZERO; 4]; 2];
        for i in 0..L::VECTORS {
            products[i] = lanes::sums::<T, V, 4>(
                columns,
                #[inline(always)]
                |at| {
                    let vector = V::load(self.vectors[i], 0, at);
                    let mut terms = [V::splat(T::ZERO); 4];
                    for row in 0..rows {
                        terms[row] = V::load(self.x, row * columns, at) * vector;
                    }
                    terms
                },
            );
        }
        let (mut loss, mut factors) = (T::ZERO, [T::ZERO; 4]);
        for row in 0..rows {
            let (term, factor) = L::at::<T>([products[0][row], products[1][row]], self.y[row]);
            (loss, factors[row]) = (loss + term, self.scale * factor);
        }
        if SLOPES {
            lanes::packs::<T, V>(
                columns,
                #[inline(always)]
                |at| {
                    let mut sum = V::splat(T::ZERO);
                    for row in 0..rows {
                        sum = V::load(self.x, row * columns, at).mul_add(V::splat(factors[row]), sum);
                    }
                    sum.store(self.out, 0, at);
                },
            );
        }
        loss
    }
}

/// The products of a pack of rows with vectors of up to `P` packs.
#[inline(always)]
fn short_products<T: Float, V: Lanes<T>, const P: usize, const VECTORS: usize>(
    x: &[T],
    columns: usize,
    vectors: &[[V; P]; 2],
    block: Block,
) -> [V; VECTORS] {
    row_sums::<T, V, VECTORS>(
        block,
        #[inline(always)]
        |row| {
            let mut products = [V::splat(T::ZERO); VECTORS];
            for p in 0..P {
                let x = pack_at::<T, V>(x, row * columns + p * V::COUNT);
                for i in 0..VECTORS {
                    products[i] = x.mul_add(vectors[i][p], products[i]);
                }
            }
            products
        },
    )
}

/// The products of a pack of rows with vectors of any length.
#[inline(always)]
fn wide_products<T: Float, V: Lanes<T>, const VECTORS: usize>(
    x: &[T],
    vectors: [&[T]; 2],
    block: Block,
) -> [V; VECTORS] {
    let columns = vectors[0].len();
    row_sums::<T, V, VECTORS>(
        block,
        #[inline(always)]
        |row| {
            let mut products = [V::splat(T::ZERO); VECTORS];
            lanes::packs::<T, V>(
                columns,
                #[inline(always)]
                |at| {
                    let x = V::load(x, row * columns, at);
                    for i in 0..VECTORS {
                        products[i] = x.mul_add(V::load(vectors[i], 0, at), products[i]);
                    }
                },
            );
            products
        },
    )
}

/// The pack from `start` on, as far as there are numbers.
#[inline(always)]
fn pack_at<T: Float, V: Lanes<T>>(x: &[T], start: usize) -> V {
    let rest = x.len() - start;
    if rest >= V::COUNT {
        V::load(x, start, full::<T, V>(0))
    } else {
        V::load(x, start, Block { start: 0, live: rest })
    }
}

/// Each number in all lanes.
#[inline(always)]
fn packs_of<T: Float, V: Lanes<T>, const K: usize>(vector: &[T]) -> [V; K] {
    let mut packs = [V::splat(T::ZERO); K];
    for (pack, &number) in packs.iter_mut().zip(vector) {
        *pack = V::splat(number);
    }
    packs
}

/// The loss and, if there are slopes to write, its gradient; or what [`Link`] makes of the direction `along`.
pub(crate) fn rows<T: Float, L: Link<T>>([x, y, w, along]: [&[T]; 4], is_value: bool, out: &mut [T]) -> T {
    let (vectors, scale) = ([w, along], T::ONE / T::from_usize(y.len()));
    if is_value {
        return T::dispatch(Rows::<T, L, false> { x, y, vectors, scale, out, link: PhantomData });
    }
    T::dispatch(Rows::<T, L, true> { x, y, vectors, scale, out, link: PhantomData })
}

/// `(z - y)²`
pub(crate) struct Square;
/// The second derivative of it, times the product with the direction, which stands first.
pub(crate) struct SquareProduct;

impl<T: Float> Link<T> for Square {
    const VECTORS: usize = 1;

    #[inline(always)]
    fn at<V: Lanes<T>>([z, _]: [V; 2], y: V) -> (V, V) {
        let rest = z - y;
        (rest * rest, rest + rest)
    }
}

impl<T: Float> Link<T> for SquareProduct {
    const VECTORS: usize = 1;

    #[inline(always)]
    fn at<V: Lanes<T>>([along, _]: [V; 2], _: V) -> (V, V) {
        (V::splat(T::ZERO), along + along)
    }
}
