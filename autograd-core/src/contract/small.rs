//! Products of small matrices, where what is done before the first multiplication counts most.
//!
//! A kernel of its own, so that what large products need costs nothing here: no blocks, no panels of the left operand,
//! and of the right one only if its rows do not lie side by side.

use super::{
    Checked, Contraction, Out, Product, View, pack_right,
    tile::{Panel, Rows, tile, unrolled},
};
use crate::binding::aligned;
use crate::float::Float;
use crate::simd::{Block, Kernel, Lanes};

/// The most products of two numbers, and the most steps of the depth: both operands stay in the innermost cache.
const MOST: usize = 1 << 15;
const DEPTH: usize = 256;

/// A contraction that [is small](Checked::is_small).
pub(crate) struct Small<'a, T>(pub Checked<'a, T>);

impl<T> Checked<'_, T> {
    /// Whether this kernel is the one for it.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn is_small(&self) -> bool {
        let Contraction { rows, columns, depth, .. } = self.product.shape;
        rows > 1
            && columns > 1
            && depth <= DEPTH
            && (self.product.left.column == 1 || self.product.left.row == 1 && self.product.left.column >= 0)
            && self.product.right.row >= 0
            && rows.saturating_mul(columns).saturating_mul(depth) <= MOST
    }
}

impl<T: Float> Kernel<T> for Small<'_, T> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<V: Lanes<T>>(self) {
        let Checked { product: &Product { shape, left, right, update }, out, panels } = self.0;
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
                // Constants where it is a whole pack, and where the left operand's rows are contiguous.
                match (live == V::COUNT, left.column == 1) {
                    (true, true) => down::<T, V, true>(left, panel, V::COUNT, [rows, depth], at, &mut out),
                    (true, false) => down::<T, V, false>(left, panel, V::COUNT, [rows, depth], at, &mut out),
                    (false, true) => down::<T, V, true>(left, panel, live, [rows, depth], at, &mut out),
                    (false, false) => down::<T, V, false>(left, panel, live, [rows, depth], at, &mut out),
                }
            }
            left.first += left.batch;
            right.first += right.batch;
            out.row += rows;
        }
    }
}

/// All rows of a panel of columns, `live` of which are there.
#[cfg_attr(not(debug_assertions), inline(always))]
fn down<T: Float, V: Lanes<T>, const ALONG_ROWS: bool>(
    left: View<T>,
    right: Panel<T>,
    live: usize,
    [rows, depth]: [usize; 2],
    at: Block,
    out: &mut Out<T>,
) {
    let at = Block { live, ..at };
    let mut row = 0;
    if V::IN_REGISTERS >= 32 {
        row = tiles::<T, V, ALONG_ROWS, 8>(left, right, row, [rows, depth], at, out);
        row = tiles::<T, V, ALONG_ROWS, 4>(left, right, row, [rows, depth], at, out);
    } else if V::IN_REGISTERS >= 8 {
        row = tiles::<T, V, ALONG_ROWS, 6>(left, right, row, [rows, depth], at, out);
    }
    row = tiles::<T, V, ALONG_ROWS, 2>(left, right, row, [rows, depth], at, out);
    tiles::<T, V, ALONG_ROWS, 1>(left, right, row, [rows, depth], at, out);
}

/// Tiles of `R` rows, from a row on, as many as there are; the first row that is left.
#[cfg_attr(not(debug_assertions), inline(always))]
fn tiles<T: Float, V: Lanes<T>, const ALONG_ROWS: bool, const R: usize>(
    left: View<T>,
    right: Panel<T>,
    mut row: usize,
    [rows, depth]: [usize; 2],
    at: Block,
    out: &mut Out<T>,
) -> usize {
    while row + R <= rows {
        let sums: [[V; 1]; R] = if ALONG_ROWS {
            let rows = Rows::<T, R>::of(left.part(row, 0), depth);
            tile::<_, _, _, R, 1, false>(rows, right, at.live, depth, &mut [])
        } else {
            let panel = Panel { data: left.part(row, 0).slice(), stride: left.column.unsigned_abs() };
            tile::<_, _, _, R, 1, false>(panel, right, at.live, depth, &mut [])
        };
        unrolled!(i < R, {
            out.put(row + i, at, sums[i][0], out.update.add);
        });
        row += R;
    }
    row
}
