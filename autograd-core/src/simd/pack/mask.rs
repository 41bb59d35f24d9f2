//! Truth values beside a [`Pack`](super::Pack).

use core::ops::Not;

use super::{PackMask, nth};
use crate::simd::{Block, Mask, register::Register, scalar::element};

impl<R: Register, const N: usize> Not for PackMask<R, N> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn not(self) -> Self {
        self ^ Self::splat(true)
    }
}

impl<R: Register, const N: usize> PackMask<R, N> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from_fn(mut f: impl FnMut(usize) -> bool) -> Self {
        let mut out = Self::splat(false);
        for i in 0..N {
            let mut bits = 0;
            for lane in 0..R::LANES {
                bits |= u32::from(f(i * R::LANES + lane)) << lane;
            }
            out.0[i] = R::mask_from_bits(bits);
        }
        out
    }
}

impl<R: Register, const N: usize> Mask for PackMask<R, N> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn splat(value: bool) -> Self {
        Self([R::mask_first(if value { R::LANES } else { 0 }); N])
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn first(live: usize) -> Self {
        let mut out = Self::splat(false);
        for i in 0..N {
            out.0[i] = R::mask_first(live.saturating_sub(i * R::LANES));
        }
        out
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn any(self) -> bool {
        let mut any = self.0[0];
        for i in 1..N {
            any = R::mask_or(any, self.0[i]);
        }
        R::mask_to_bits(any) != 0
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn all(self) -> bool {
        let mut all = self.0[0];
        for i in 1..N {
            all = R::mask_and(all, self.0[i]);
        }
        R::mask_to_bits(all) == (1 << R::LANES) - 1
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane(self, lane: usize) -> bool {
        R::mask_to_bits(self.0[lane / R::LANES]) >> (lane % R::LANES) & 1 != 0
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn load(from: &[bool], base: usize, at: Block) -> Self {
        let from = &from[base.wrapping_add(at.start)..][..at.live];
        Self::from_fn(
            #[cfg_attr(not(debug_assertions), inline(always))]
            |lane| lane < at.live && from[lane],
        )
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn load_strided(from: &[bool], base: isize, stride: isize, at: Block) -> Self {
        let first = element(base, stride, at);
        Self::from_fn(
            #[cfg_attr(not(debug_assertions), inline(always))]
            |lane| lane < at.live && from[nth(first, stride, lane)],
        )
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn store(self, to: &mut [bool], base: usize, at: Block) {
        let to = &mut to[base + at.start..][..at.live];
        for (lane, to) in to.iter_mut().enumerate() {
            *to = self.lane(lane);
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn store_strided(self, to: &mut [bool], base: isize, stride: isize, at: Block) {
        let first = element(base, stride, at);
        for lane in 0..at.live {
            to[nth(first, stride, lane)] = self.lane(lane);
        }
    }
}
