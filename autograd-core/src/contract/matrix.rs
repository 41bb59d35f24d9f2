//! Matrix times matrix: which operand is copied to panels, and the loops over blocks and tiles.

use super::{
    Contraction, Out, Panels, View,
    panels::{aligned, pack_left, pack_right, padded, panel},
    tile::{Panel, Rows, tile, unrolled},
};
use crate::float::Float;
use crate::simd::{Block, Lanes};

/// The most depth, rows and columns of a block: a panel of the right operand stays in the innermost cache, a block of
/// the left one in the next.
const DEPTH: usize = 256;
const ROWS: usize = 144;
const COLUMNS: usize = 1024;

/// An operand of no more elements is in the innermost cache anyway.
const SMALL: usize = 4096;

/// How the left operand is read.
#[derive(Clone, Copy)]
enum Left<'a, T> {
    /// From panels, of the rows of the block.
    Panels(&'a [T]),
    /// In place, along its rows.
    Rows(View<'a, T>),
    /// In place, column by column.
    Columns(View<'a, T>),
}

/// The rows and the depth that are being worked on.
#[derive(Clone, Copy)]
struct Span {
    /// The first row of the block, its rows, and how many there are in all.
    row: usize,
    rows: usize,
    all_rows: usize,
    depth: usize,
    add: bool,
}

/// The product with tiles of `R` rows (`H` where few are left) and `P` packs (1 where few are left).
#[inline(always)]
pub(super) fn product<T: Float, V: Lanes<T>, const R: usize, const H: usize, const P: usize>(
    shape: Contraction,
    left: View<T>,
    right: View<T>,
    out: &mut Out<T>,
    buffers: &mut Panels<T>,
) {
    let Contraction { rows, columns, depth, .. } = shape;
    let wide = P * V::COUNT;
    let small_left = rows * depth <= SMALL || columns <= 2 * wide;
    let rows_in_place = left.column == 1 && rows >= R && small_left;
    let columns_in_place = left.row == 1 && left.column >= 0 && rows >= R && small_left;
    let right_in_place = right.column == 1 && right.row >= 0 && (rows <= 2 * R || columns * depth <= SMALL);
    for (k, depth) in blocks(depth, DEPTH, 1) {
        for (j, columns) in blocks(columns, COLUMNS, wide) {
            let right = right.part(k, j);
            let right = if right_in_place {
                Right::InPlace(right)
            } else {
                let panels = aligned(&mut buffers.right, padded(columns, wide, V::COUNT) * depth);
                pack_right::<T, V>(right, columns, depth, wide, panels);
                Right::Panels(panels)
            };
            for (i, block) in blocks(rows, ROWS, R) {
                let left = if rows_in_place {
                    Left::Rows(left.part(0, k))
                } else if columns_in_place {
                    Left::Columns(left.part(0, k))
                } else {
                    let panels = aligned(&mut buffers.left, padded(block, R, H) * depth);
                    pack_left::<T, R, H>(left.part(i, k), block, depth, panels);
                    Left::Panels(panels)
                };
                let span = Span { row: i, rows: block, all_rows: rows, depth, add: out.update.add || k > 0 };
                across::<T, V, R, H, P>(left, &right, span, j, columns, out);
            }
        }
    }
}

/// How the right operand is read.
enum Right<'a, T> {
    /// From panels, of the columns of the block.
    Panels(&'a [T]),
    /// In place, along its rows.
    InPlace(View<'a, T>),
}

/// All panels of columns of a block.
#[inline(always)]
fn across<T: Float, V: Lanes<T>, const R: usize, const H: usize, const P: usize>(
    left: Left<T>,
    right: &Right<T>,
    span: Span,
    first: usize,
    columns: usize,
    out: &mut Out<T>,
) {
    let mut done = 0;
    while done < columns {
        let width = panel(columns - done, P * V::COUNT, V::COUNT);
        let live = (columns - done).min(width);
        // In place, a panel that is not full is read one pack at a time.
        let (panel, width, readable) = match right {
            Right::Panels(panels) => {
                let data = &panels[done * span.depth..][..width * span.depth];
                (Panel { data, stride: width }, width, width)
            }
            Right::InPlace(view) => {
                let stride = view.row.unsigned_abs();
                let panel = Panel { data: view.part(0, done).slice(), stride };
                let width = if live < width { V::COUNT } else { width };
                (panel, width, live.min(width))
            }
        };
        let at = Block { start: first + done, live: live.min(width) };
        if P > 1 && width == P * V::COUNT {
            down::<T, V, R, H, P>(left, panel, V::COUNT, span, at, out);
        } else if readable == V::COUNT {
            down::<T, V, R, H, 1>(left, panel, V::COUNT, span, at, out);
        } else {
            down::<T, V, R, H, 1>(left, panel, readable, span, at, out);
        }
        done += width;
    }
}

/// All tiles of a panel of columns, `readable` elements of whose last pack are there.
#[inline(always)]
fn down<T: Float, V: Lanes<T>, const R: usize, const H: usize, const P: usize>(
    left: Left<T>,
    right: Panel<T>,
    readable: usize,
    span: Span,
    at: Block,
    out: &mut Out<T>,
) {
    let mut done = 0;
    while done < span.rows {
        if panel(span.rows - done, R, H) == R {
            one::<T, V, R, P>(left, right, readable, span, done, at, out);
            done += R;
        } else {
            one::<T, V, H, P>(left, right, readable, span, done, at, out);
            done += H;
        }
    }
}

/// One tile: `done` rows of the block lie before it.
#[inline(always)]
fn one<T: Float, V: Lanes<T>, const R: usize, const P: usize>(
    left: Left<T>,
    right: Panel<T>,
    readable: usize,
    span: Span,
    done: usize,
    at: Block,
    out: &mut Out<T>,
) {
    let row = span.row + done;
    // In place, the last tile begins early enough to be full; what it repeats is not written.
    let start = if let Left::Panels(_) = left { row } else { row.min(span.all_rows - R) };
    let sums: [[V; P]; R] = match left {
        Left::Panels(panels) => {
            let panel = Panel { data: &panels[done * span.depth..][..R * span.depth], stride: R };
            tile(&panel, right, readable, span.depth)
        }
        Left::Rows(view) => tile(&Rows::<T, R>::of(view.part(start, 0), span.depth), right, readable, span.depth),
        Left::Columns(view) => {
            let panel = Panel { data: view.part(start, 0).slice(), stride: view.column.unsigned_abs() };
            tile(&panel, right, readable, span.depth)
        }
    };
    let live = (span.rows - done).min(R);
    let first = row - start;
    unrolled!(i < R, {
        if i >= first && i < first + live {
            for p in 0..P {
                let live = at.live.saturating_sub(p * V::COUNT).min(V::COUNT);
                if live > 0 {
                    out.put(start + i, Block { start: at.start + p * V::COUNT, live }, sums[i][p], span.add);
                }
            }
        }
    });
}

/// Cuts an extent into blocks of about the same size, no larger than `most` and but for the last one multiples of
/// `unit`: where each begins, how long it is.
#[inline(always)]
fn blocks(extent: usize, most: usize, unit: usize) -> impl Iterator<Item = (usize, usize)> {
    let size = if extent <= most { extent } else { extent.div_ceil(extent.div_ceil(most)).next_multiple_of(unit) };
    let mut start = 0;
    core::iter::from_fn(
        #[inline(always)]
        move || {
            let block = (start, size.min(extent - start));
            start += block.1;
            (block.1 > 0).then_some(block)
        },
    )
}
