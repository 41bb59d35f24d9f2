//! Products of small matrices, where it is the way to the first multiplication that counts.
//!
//! A kernel of its own, so that what large products need costs nothing here: no blocks, no panels of the left operand,
//! and of the right one only if its rows do not lie side by side.

use super::{Checked, Contraction, Out, Panel, Product, View, aligned, pack_right, unrolled};
use crate::float::Float;
use crate::simd::{Block, Kernel, Lanes};

/// The most products of two numbers, and the most steps of the depth: both operands stay in the innermost cache.
const MOST: usize = 1 << 15;
const DEPTH: usize = 256;

/// A contraction that [is small](Checked::is_small).
pub(crate) struct Small<'a, T>(pub Checked<'a, T>);

impl<T> Checked<'_, T> {
    /// Whether this kernel is the one for it.
    #[inline]
    pub(crate) fn is_small(&self) -> bool {
        let Contraction { rows, columns, depth, .. } = self.product.shape;
        rows > 1
            && columns > 1
            && depth <= DEPTH
            && self.product.left.column >= 0
            && self.product.right.row >= 0
            && rows.saturating_mul(columns).saturating_mul(depth) <= MOST
    }
}

impl<T: Float> Kernel<T> for Small<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes<T>>(self) {
        let Checked { product: Product { shape, left, right, update }, out, panels } = self.0;
        let Contraction { batch, rows, columns, depth } = shape;
        let (mut left, mut right) = (View::of(left), View::of(right));
        let mut out = Out { data: out, columns, row: 0, update };
        for _ in 0..batch {
            for j in (0..columns).step_by(V::COUNT) {
                let live = (columns - j).min(V::COUNT);
                let at = Block { start: j, live };
                let part = right.part(0, j);
                let panel = if right.column == 1 {
                    Panel { data: part.slice(), stride: right.row.unsigned_abs() }
                } else {
                    let panel = aligned(&mut panels.right, V::COUNT * depth);
                    pack_right::<T, V>(part, live, depth, V::COUNT, panel);
                    Panel { data: panel, stride: V::COUNT }
                };
                if live == V::COUNT {
                    down::<T, V>(left, panel, V::COUNT, [rows, depth], at, &mut out);
                } else {
                    down::<T, V>(left, panel, live, [rows, depth], at, &mut out);
                }
            }
            left.first += left.batch;
            right.first += right.batch;
            out.row += rows;
        }
    }
}

/// All rows of a panel of columns, `live` of which are there.
#[inline(always)]
fn down<T: Float, V: Lanes<T>>(
    left: View<T>,
    right: Panel<T>,
    live: usize,
    [rows, depth]: [usize; 2],
    at: Block,
    out: &mut Out<T>,
) {
    // A constant where it is a whole pack.
    let at = Block { live, ..at };
    let mut row = 0;
    if V::IN_REGISTERS >= 32 {
        row = tiles::<T, V, 8>(left, right, row, [rows, depth], at, out);
        row = tiles::<T, V, 4>(left, right, row, [rows, depth], at, out);
    } else if V::IN_REGISTERS >= 8 {
        row = tiles::<T, V, 6>(left, right, row, [rows, depth], at, out);
    }
    row = tiles::<T, V, 2>(left, right, row, [rows, depth], at, out);
    tiles::<T, V, 1>(left, right, row, [rows, depth], at, out);
}

/// Tiles of `R` rows, from a row on, as many as there are; the first row that is left.
#[inline(always)]
fn tiles<T: Float, V: Lanes<T>, const R: usize>(
    left: View<T>,
    right: Panel<T>,
    mut row: usize,
    [rows, depth]: [usize; 2],
    at: Block,
    out: &mut Out<T>,
) -> usize {
    let (stride, live) = (left.column.unsigned_abs(), Block { start: 0, live: at.live });
    while row + R <= rows {
        let mut from = [left.data; R];
        for (i, from) in from.iter_mut().enumerate() {
            *from = left.part(row + i, 0).slice();
        }
        let mut sums = [V::splat(T::ZERO); R];
        let (mut here, mut there) = (0, 0);
        for _ in 0..depth {
            let factors = V::load(right.data, there, live);
            unrolled!(i < R, {
                sums[i] = V::splat(from[i][here]).mul_add(factors, sums[i]);
            });
            here += stride;
            there += right.stride;
        }
        unrolled!(i < R, {
            out.put(row + i, at, sums[i], out.update.add);
        });
        row += R;
    }
    row
}
