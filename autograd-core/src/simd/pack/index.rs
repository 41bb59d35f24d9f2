//! Indices beside a [`Pack`](super::Pack).

use core::ops::{Add, Mul, Sub};

use super::{PackIndex, PackMask, nth};
use crate::simd::{Block, IndexLanes, Mask, register::Register, scalar::element};

impl<R: Register, const N: usize> PackIndex<R, N> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from_fn(mut f: impl FnMut(usize) -> i64) -> Self {
        let mut out = [R::ZERO_INDEX; N];
        for i in 0..N {
            for lane in 0..R::LANES {
                out[i].as_mut()[lane] = f(i * R::LANES + lane);
            }
        }
        Self(out)
    }
}

impl<R: Register, const N: usize> IndexLanes for PackIndex<R, N> {
    type Mask = PackMask<R, N>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn splat(value: i64) -> Self {
        Self::from_fn(
            #[cfg_attr(not(debug_assertions), inline(always))]
            |_| value,
        )
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn iota(at: Block) -> Self {
        let start = at.start as i64;
        Self::from_fn(
            #[cfg_attr(not(debug_assertions), inline(always))]
            |lane| start + lane as i64,
        )
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane(self, lane: usize) -> i64 {
        self.0[lane / R::LANES].as_ref()[lane % R::LANES]
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn load(from: &[usize], base: usize, at: Block) -> Self {
        let from = &from[base.wrapping_add(at.start)..][..at.live];
        Self::from_fn(
            #[cfg_attr(not(debug_assertions), inline(always))]
            |lane| if lane < at.live { from[lane] as i64 } else { 0 },
        )
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn load_strided(from: &[usize], base: isize, stride: isize, at: Block) -> Self {
        let first = element(base, stride, at);
        Self::from_fn(
            #[cfg_attr(not(debug_assertions), inline(always))]
            |lane| if lane < at.live { from[nth(first, stride, lane)] as i64 } else { 0 },
        )
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn store(self, to: &mut [usize], base: usize, at: Block) {
        let to = &mut to[base + at.start..][..at.live];
        for (lane, to) in to.iter_mut().enumerate() {
            *to = self.lane(lane) as usize;
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn store_strided(self, to: &mut [usize], base: isize, stride: isize, at: Block) {
        let first = element(base, stride, at);
        for lane in 0..at.live {
            to[nth(first, stride, lane)] = self.lane(lane) as usize;
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn eq(self, other: Self) -> PackMask<R, N> {
        let mut out = PackMask::splat(false);
        for i in 0..N {
            out.0[i] = R::index_eq(self.0[i], other.0[i]);
        }
        out
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lt(self, other: Self) -> PackMask<R, N> {
        let mut out = PackMask::splat(false);
        for i in 0..N {
            out.0[i] = R::index_lt(self.0[i], other.0[i]);
        }
        out
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn select(mask: PackMask<R, N>, yes: Self, no: Self) -> Self {
        let mut out = no;
        for i in 0..N {
            out.0[i] = R::index_select(mask.0[i], yes.0[i], no.0[i]);
        }
        out
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zip(self, other: Self, f: impl Fn(i64, i64) -> i64) -> Self {
        Self::from_fn(
            #[cfg_attr(not(debug_assertions), inline(always))]
            |lane| f(self.lane(lane), other.lane(lane)),
        )
    }
}

/// Operators of indices, lane by lane.
macro_rules! index_operators {
    ($($op:ident $method:ident = $with:ident;)*) => {$(
        impl<R: Register, const N: usize> $op for PackIndex<R, N> {
            type Output = Self;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn $method(self, other: Self) -> Self {
                Self::from_fn(
                    #[cfg_attr(not(debug_assertions), inline(always))]
                    |lane| self.lane(lane).$with(other.lane(lane)),
                )
            }
        }
    )*};
}

index_operators! {
    Add add = wrapping_add;
    Sub sub = wrapping_sub;
    Mul mul = wrapping_mul;
}
