//! What the hand-written forms share: loops over packs.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]
#![allow(clippy::needless_range_loop, reason = "loops of known length, over several arrays at once")]

use autograd_core::float::Float;
use autograd_core::simd::{Block, Lanes, Mask};

/// A full pack from `start` on.
#[inline(always)]
pub(crate) fn full<T: Float, V: Lanes<T>>(start: usize) -> Block {
    Block { start, live: V::COUNT }
}

/// Runs `body` on full packs, then on what is left.
#[inline(always)]
pub(crate) fn packs<T: Float, V: Lanes<T>>(extent: usize, mut body: impl FnMut(Block)) {
    let tail = extent % V::COUNT;
    let mut start = 0;
    while start < extent - tail {
        body(full::<T, V>(start));
        start += V::COUNT;
    }
    if tail > 0 {
        body(Block { start, live: tail });
    }
}

/// Sums over packs, added up in blocks of 4096 numbers so that rounding errors stay small.
#[inline(always)]
pub(crate) fn sums<T: Float, V: Lanes<T>, const SUMS: usize>(
    extent: usize,
    mut body: impl FnMut(Block) -> [V; SUMS],
) -> [T; SUMS] {
    let zero = [V::splat(T::ZERO); SUMS];
    let (mut total, mut start) = ([T::ZERO; SUMS], 0);
    while start < extent {
        let length = (extent - start).min(4096);
        // Two chains of additions, so that neither waits for the other.
        let (mut even, mut odd) = (zero, zero);
        packs::<T, V>(
            length,
            #[inline(always)]
            |at| {
                let values = body(Block { start: start + at.start, live: at.live });
                for i in 0..SUMS {
                    let value = if at.live == V::COUNT { values[i] } else { live_only::<T, V>(values[i], at) };
                    (even[i], odd[i]) = (odd[i], even[i] + value);
                }
            },
        );
        for i in 0..SUMS {
            total[i] = total[i] + (even[i] + odd[i]).sum();
        }
        start += length;
    }
    total
}

/// Zero in the dead lanes.
#[inline(always)]
pub(crate) fn live_only<T: Float, V: Lanes<T>>(value: V, at: Block) -> V {
    V::select(V::Mask::first(at.live), value, V::splat(T::ZERO))
}
