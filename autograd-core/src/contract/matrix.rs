//! Matrix times matrix (GEMM): which operand is copied to panels, and the loops over blocks and tiles.

use super::{
    Contraction, Out, Panels, View,
    panels::{pack_left, pack_right, pack_rows, padded, panel},
    tile::{Copied, Panel, Rows, tile, unrolled},
};
use crate::binding::aligned;
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
enum Left<'a, T> {
    /// From panels, of the rows of the block. The tiles of the first panel of columns copy them from the source, if there
    /// is one, as they go: what is waited for is read once.
    Panels { panels: &'a mut [T], source: Option<View<'a, T>> },
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
#[cfg_attr(not(debug_assertions), inline(always))]
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
    // With few registers a tile does not take long enough to copy beside.
    let copied_by_tiles = P > 1 && (left.column == 1 || left.row == 1 && left.column >= 0);
    for (k, depth) in blocks(depth, DEPTH, 1) {
        for (j, columns) in blocks(columns, COLUMNS, wide) {
            let right = right.part(k, j);
            let mut right = if right_in_place {
                Right::InPlace(right)
            } else {
                let panels = aligned(&mut buffers.right, padded(columns, wide, V::COUNT) * depth);
                let source = (right.column == 1 && right.row >= 0 && rows >= R).then_some(right);
                if source.is_none() {
                    pack_right::<T, V>(right, columns, depth, wide, panels);
                }
                Right::Panels { panels, source }
            };
            for (i, block) in blocks(rows, ROWS, R) {
                let mut left = if rows_in_place {
                    Left::Rows(left.part(0, k))
                } else if columns_in_place {
                    Left::Columns(left.part(0, k))
                } else {
                    let panels = aligned(&mut buffers.left, padded(block, R, H) * depth);
                    let part = left.part(i, k);
                    let source = (copied_by_tiles && columns >= wide).then_some(part);
                    if source.is_none() {
                        pack_left::<T, R, H>(part, block, depth, panels);
                    }
                    Left::Panels { panels, source }
                };
                let span = Span { row: i, rows: block, all_rows: rows, depth, add: out.update.add || k > 0 };
                across::<T, V, R, H, P>(&mut left, &mut right, span, j, columns, out);
                if let Right::Panels { source, .. } = &mut right {
                    *source = None;
                }
            }
        }
    }
}

/// How the right operand is read.
enum Right<'a, T> {
    /// From panels, of the columns of the block. The first tile of a panel copies it from the source, if there is one, as
    /// it goes: what it waits for is read once.
    Panels { panels: &'a mut [T], source: Option<View<'a, T>> },
    /// In place, along its rows.
    InPlace(View<'a, T>),
}

/// All panels of columns of a block.
#[cfg_attr(not(debug_assertions), inline(always))]
fn across<T: Float, V: Lanes<T>, const R: usize, const H: usize, const P: usize>(
    left: &mut Left<T>,
    right: &mut Right<T>,
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
            Right::Panels { panels, source } => {
                let panel = &mut panels[done * span.depth..][..width * span.depth];
                if let Some(source) = source {
                    let source = source.part(0, done);
                    if P > 1 && live == P * V::COUNT {
                        let from = Panel { data: source.slice(), stride: source.row.unsigned_abs() };
                        let at = Block { start: first + done, live };
                        one::<T, V, R, P, true>(left, from, V::COUNT, span, 0, at, out, panel);
                        let copied = Panel { data: panel, stride: width };
                        down::<T, V, R, H, P>(left, copied, V::COUNT, span, R, at, out);
                        done += width;
                        left.is_copied();
                        continue;
                    }
                    pack_right::<T, V>(source, live, span.depth, width, panel);
                }
                (Panel { data: panel, stride: width }, width, width)
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
            down::<T, V, R, H, P>(left, panel, V::COUNT, span, 0, at, out);
        } else if readable == V::COUNT {
            down::<T, V, R, H, 1>(left, panel, V::COUNT, span, 0, at, out);
        } else {
            down::<T, V, R, H, 1>(left, panel, readable, span, 0, at, out);
        }
        done += width;
        left.is_copied();
    }
}

impl<T> Left<'_, T> {
    /// All panels of rows have been copied.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_copied(&mut self) {
        if let Left::Panels { source, .. } = self {
            *source = None;
        }
    }
}

/// The tiles of a panel of columns, `readable` elements of whose last pack are there, from a row of the block on.
#[cfg_attr(not(debug_assertions), inline(always))]
fn down<T: Float, V: Lanes<T>, const R: usize, const H: usize, const P: usize>(
    left: &mut Left<T>,
    right: Panel<T>,
    readable: usize,
    span: Span,
    mut done: usize,
    at: Block,
    out: &mut Out<T>,
) {
    while done < span.rows {
        if panel(span.rows - done, R, H) == R {
            one::<T, V, R, P, false>(left, right, readable, span, done, at, out, &mut []);
            done += R;
        } else {
            one::<T, V, H, P, false>(left, right, readable, span, done, at, out, &mut []);
            done += H;
        }
    }
}

/// One tile: `done` rows of the block lie before it. It may copy the right operand as it goes.
#[cfg_attr(not(debug_assertions), inline(always))]
#[allow(clippy::too_many_arguments, reason = "each is one thing")]
fn one<T: Float, V: Lanes<T>, const R: usize, const P: usize, const COPY: bool>(
    left: &mut Left<T>,
    right: Panel<T>,
    readable: usize,
    span: Span,
    done: usize,
    at: Block,
    out: &mut Out<T>,
    copy: &mut [T],
) {
    let row = span.row + done;
    // In place, the last tile begins early enough to be full; what it repeats is not written.
    let start = if let Left::Panels { .. } = left { row } else { row.min(span.all_rows - R) };
    let sums: [[V; P]; R] = match left {
        Left::Panels { panels, source } => {
            let panel = &mut panels[done * span.depth..][..R * span.depth];
            if P > 1
                && let Some(source) = source
            {
                let (source, rows) = (source.part(done, 0), span.rows - done);
                copying::<T, V, R, P, COPY>(source, rows, panel, right, readable, span.depth, copy)
            } else {
                tile::<_, V, _, R, P, COPY>(Panel { data: panel, stride: R }, right, readable, span.depth, copy)
            }
        }
        Left::Rows(view) => {
            let rows = Rows::<T, R>::of(view.part(start, 0), span.depth);
            tile::<_, V, _, R, P, COPY>(rows, right, readable, span.depth, copy)
        }
        Left::Columns(view) => {
            let panel = Panel { data: view.part(start, 0).slice(), stride: view.column.unsigned_abs() };
            tile::<_, V, _, R, P, COPY>(panel, right, readable, span.depth, copy)
        }
    };
    let live = (span.rows - done).min(R);
    let first = row - start;
    if first == 0 && live == R && at.live == P * V::COUNT {
        unrolled!(i < R, {
            for p in 0..P {
                out.put(start + i, Block { start: at.start + p * V::COUNT, live: V::COUNT }, sums[i][p], span.add);
            }
        });
        return;
    }
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

/// A tile whose rows of the left operand are copied to a panel: as it goes if they are all there.
#[cfg_attr(not(debug_assertions), inline(always))]
fn copying<T: Float, V: Lanes<T>, const R: usize, const P: usize, const COPY: bool>(
    source: View<T>,
    rows: usize,
    to: &mut [T],
    right: Panel<T>,
    readable: usize,
    depth: usize,
    copy: &mut [T],
) -> [[V; P]; R] {
    if rows < R {
        pack_rows::<T, R>(source, rows, depth, to);
        tile::<_, V, _, R, P, COPY>(Panel { data: to, stride: R }, right, readable, depth, copy)
    } else if source.column == 1 {
        let from = Rows::<T, R>::of(source, depth);
        tile::<_, V, _, R, P, COPY>(Copied { from, to }, right, readable, depth, copy)
    } else {
        let from = Panel { data: source.slice(), stride: source.column.unsigned_abs() };
        tile::<_, V, _, R, P, COPY>(Copied { from, to }, right, readable, depth, copy)
    }
}

/// Cuts an extent into blocks of about the same size, no larger than `most` and but for the last one multiples of
/// `unit`: where each begins, how long it is.
#[cfg_attr(not(debug_assertions), inline(always))]
fn blocks(extent: usize, most: usize, unit: usize) -> impl Iterator<Item = (usize, usize)> {
    let size = if extent <= most { extent } else { extent.div_ceil(extent.div_ceil(most)).next_multiple_of(unit) };
    let mut start = 0;
    core::iter::from_fn(
        #[cfg_attr(not(debug_assertions), inline(always))]
        move || {
            let block = (start, size.min(extent - start));
            start += block.1;
            (block.1 > 0).then_some(block)
        },
    )
}
