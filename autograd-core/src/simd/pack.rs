//! [`Pack`]: numbers in `N` registers, the [`Lanes`] of every instruction set; 64 bytes, twice that in wide kernels.
//!
//! All loops here are over the registers of a pack and unroll completely. Lane `i` is lane `i % LANES` of register
//! `i / LANES`; horizontal operations fold the upper half onto the lower, so their order does not depend on the
//! width of the registers.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::needless_range_loop,
    reason = "conversions are the operations themselves; loops over indices need no closure to be inlined"
)]

/// Runs a body for each register of a pack. It is written out, not looped over: a loop for LLVM to unroll in every
/// operation makes kernels slow to compile, more than in proportion to their length.
macro_rules! each_register {
    ($i:ident in $n:ident => $body:block) => {
        if const { $n > 4 } {
            for $i in 0..$n $body
        } else {
            {
                let $i = 0;
                $body
            }
            if const { $n > 1 } {
                let $i = 1;
                $body
            }
            if const { $n > 2 } {
                let $i = 2;
                $body
                let $i = 3;
                $body
            }
        }
    };
}

mod index;
mod mask;

use core::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Sub};

use super::{Bits, Block, Lanes, Mask, register::Register, scalar::element};
use crate::float::Float;

/// Numbers in `N` registers.
#[derive(Clone, Copy)]
pub(crate) struct Pack<R: Register, const N: usize>([R; N]);

/// Truth values beside a [`Pack`].
#[derive(Clone, Copy)]
pub(crate) struct PackMask<R: Register, const N: usize>([R::Mask; N]);

/// Indices beside a [`Pack`].
#[derive(Clone, Copy)]
pub(crate) struct PackIndex<R: Register, const N: usize>([R::Index; N]);

/// The bits of a [`Pack`].
#[derive(Clone, Copy)]
pub(crate) struct PackBits<R: Register, const N: usize>([R::Bits; N]);

/// Operators of two operands, register by register.
macro_rules! operators {
    ($($pack:ident: $op:ident $method:ident = $with:ident;)*) => {$(
        impl<R: Register, const N: usize> $op for $pack<R, N> {
            type Output = Self;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn $method(self, other: Self) -> Self {
                let mut out = self;
                each_register!(i in N => {
                    out.0[i] = R::$with(self.0[i], other.0[i]);
                });
                out
            }
        }
    )*};
}

operators! {
    Pack: Add add = add;
    Pack: Sub sub = sub;
    Pack: Mul mul = mul;
    Pack: Div div = div;
    PackMask: BitAnd bitand = mask_and;
    PackMask: BitOr bitor = mask_or;
    PackMask: BitXor bitxor = mask_xor;
    PackBits: Add add = bits_add;
    PackBits: Sub sub = bits_sub;
    PackBits: BitAnd bitand = bits_and;
    PackBits: BitOr bitor = bits_or;
    PackBits: BitXor bitxor = bits_xor;
}

impl<R: Register, const N: usize> Neg for Pack<R, N> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn neg(self) -> Self {
        let mut out = self;
        each_register!(i in N => {
            out.0[i] = R::neg(self.0[i]);
        });
        out
    }
}

/// Methods that a register has too.
macro_rules! by_register {
    ($($method:ident($($arg:ident),*) -> $out:ident;)*) => {$(
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn $method(self, $($arg: Self),*) -> by_register!(type $out) {
            let mut out = by_register!(start $out self);
            each_register!(i in N => {
                out.0[i] = R::$method(self.0[i], $($arg.0[i]),*);
            });
            out
        }
    )*};
    (type Pack) => { Self };
    (type PackMask) => { PackMask<R, N> };
    (start Pack $a:ident) => { $a };
    (start PackMask $a:ident) => { PackMask::<R, N>::splat(false) };
}

/// Folds of all lanes into one: register onto register, then within the register.
macro_rules! folds {
    ($($method:ident = $with:ident;)*) => {$(
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn $method(self) -> R::Scalar {
            let mut registers = self.0;
            let mut width = N;
            while width > 1 {
                width /= 2;
                for i in 0..width {
                    registers[i] = R::$with(registers[i], registers[i + width]);
                }
            }
            R::$method(registers[0])
        }
    )*};
}

/// No register has more lanes.
const SIDE: usize = 16;

/// The squares that the registers hold one below the other, each transposed. All is written out: a square stays in registers
/// only if no place in it depends on a variable.
#[cfg_attr(not(debug_assertions), inline(always))]
fn transposed<R: Register>(mut rows: [R; SIDE]) -> [R; SIDE] {
    macro_rules! exchange {
        ($distance:literal: $($row:literal)*) => {
            if const { R::LANES > $distance } {
                $([rows[$row], rows[$row + $distance]] = R::exchange(rows[$row], rows[$row + $distance], $distance);)*
            }
        };
    }
    exchange!(8: 0 1 2 3 4 5 6 7);
    exchange!(4: 0 1 2 3 8 9 10 11);
    exchange!(2: 0 1 4 5 8 9 12 13);
    exchange!(1: 0 2 4 6 8 10 12 14);
    rows
}

impl<R: Register, const N: usize> Pack<R, N> {
    /// The sum of the registers, the upper half folded onto the lower.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn onto_one_register(self) -> R {
        let mut registers = self.0;
        let mut width = N;
        while width > 1 {
            width /= 2;
            for i in 0..width {
                registers[i] = R::add(registers[i], registers[i + width]);
            }
        }
        registers[0]
    }
}

impl<R: Register, const N: usize> Lanes<R::Scalar> for Pack<R, N> {
    type Mask = PackMask<R, N>;
    type Index = PackIndex<R, N>;
    type Bits = PackBits<R, N>;
    #[cfg(not(feature = "reproducible"))]
    type Folded = Pack<R, 1>;
    #[cfg(feature = "reproducible")]
    type Folded = Self;
    const COUNT: usize = N * R::LANES;
    const FUSED: bool = R::FUSED;
    const IN_REGISTERS: usize = R::AVAILABLE / N;

    by_register! {
        mul_add(a, b) -> Pack;
        sqrt() -> Pack;
        abs() -> Pack;
        floor() -> Pack;
        ceil() -> Pack;
        round() -> Pack;
        copysign(sign) -> Pack;
        min(other) -> Pack;
        max(other) -> Pack;
        at_most(bound) -> Pack;
        at_least(bound) -> Pack;
        lt(other) -> PackMask;
        le(other) -> PackMask;
        eq(other) -> PackMask;
        ne(other) -> PackMask;
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sum_of_lower(self) -> R::Scalar {
        if N == 1 {
            return R::sum_of_lower(self.0[0]);
        }
        let mut registers = self.0;
        let mut width = N / 2;
        while width > 1 {
            width /= 2;
            for i in 0..width {
                registers[i] = R::add(registers[i], registers[i + width]);
            }
        }
        R::sum(registers[0])
    }

    folds! {
        sum = add;
        product = mul;
        maximum = max;
        minimum = min;
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn row_sums(rows: &mut [Self]) -> Self {
        let mut out = Self::splat(R::Scalar::ZERO);
        for i in 0..N {
            let rows = &mut rows[i * R::LANES..][..R::LANES];
            for row in 0..R::LANES {
                rows[row].0[0] = rows[row].onto_one_register();
            }
            let mut distance = R::LANES;
            while distance > 1 {
                distance /= 2;
                for row in 0..distance {
                    let [a, b] = R::exchange(rows[row].0[0], rows[row + distance].0[0], distance);
                    rows[row].0[0] = R::add(a, b);
                }
            }
            out.0[i] = rows[0].0[0];
        }
        out
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn transpose(rows: &mut [Self]) {
        for i in 0..N {
            for first in (0..Self::COUNT).step_by(SIDE) {
                let mut squares = [rows[0].0[0]; SIDE];
                for row in 0..SIDE.min(Self::COUNT) {
                    squares[row] = rows[first + row].0[i];
                }
                let squares = transposed(squares);
                for row in 0..SIDE.min(Self::COUNT) {
                    rows[first + row].0[i] = squares[row];
                }
            }
        }
        // The squares themselves change places across the diagonal.
        for i in 0..N {
            for j in i + 1..N {
                for row in 0..R::LANES {
                    let (above, below) = (rows[i * R::LANES + row].0[j], rows[j * R::LANES + row].0[i]);
                    (rows[i * R::LANES + row].0[j], rows[j * R::LANES + row].0[i]) = (below, above);
                }
            }
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn fold(self) -> Self::Folded {
        #[cfg(feature = "reproducible")]
        return self;
        #[cfg(not(feature = "reproducible"))]
        {
            let mut sum = self.0[0];
            for i in 1..N {
                sum = R::add(sum, self.0[i]);
            }
            Pack([sum])
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn fold_products(self, factor: Self, sum: Self::Folded) -> Self::Folded {
        #[cfg(feature = "reproducible")]
        return self.mul_add(factor, sum);
        #[cfg(not(feature = "reproducible"))]
        {
            let Pack([mut sum]) = sum;
            for i in 0..N {
                sum = R::mul_add(self.0[i], factor.0[i], sum);
            }
            Pack([sum])
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn scaled(self, n: Self) -> Option<Self> {
        let mut out = self;
        each_register!(i in N => {
            out.0[i] = R::scaled(self.0[i], n.0[i])?;
        });
        Some(out)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lookup(table: &[R::Scalar], place: PackBits<R, N>) -> Option<Self> {
        if cfg!(feature = "reproducible") {
            return None;
        }
        let mut out = Self::splat(R::Scalar::ZERO);
        each_register!(i in N => {
            out.0[i] = R::lookup(table, place.0[i])?;
        });
        Some(out)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn splat(value: R::Scalar) -> Self {
        Self([R::splat(value); N])
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane(self, lane: usize) -> R::Scalar {
        R::to_array(self.0[lane / R::LANES]).as_ref()[lane % R::LANES]
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from_fn(mut f: impl FnMut(usize) -> R::Scalar) -> Self {
        let mut out = Self::splat(R::Scalar::ZERO);
        for i in 0..N {
            let mut lanes = R::ZEROS;
            for lane in 0..R::LANES {
                lanes.as_mut()[lane] = f(i * R::LANES + lane);
            }
            out.0[i] = R::from_array(lanes);
        }
        out
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn map(self, f: impl Fn(R::Scalar) -> R::Scalar) -> Self {
        let mut out = self;
        for i in 0..N {
            let mut lanes = R::to_array(self.0[i]);
            for lane in 0..R::LANES {
                lanes.as_mut()[lane] = f(lanes.as_ref()[lane]);
            }
            out.0[i] = R::from_array(lanes);
        }
        out
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn load(from: &[R::Scalar], base: usize, at: Block) -> Self {
        let mut out = Self::splat(R::Scalar::ZERO);
        if at.live == Self::COUNT {
            let from = window(from, base.wrapping_add(at.start), Self::COUNT);
            each_register!(i in N => {
                out.0[i] = R::load(&from[i * R::LANES..]);
            });
        } else {
            let from = &from[base.wrapping_add(at.start)..][..at.live.min(Self::COUNT)];
            each_register!(i in N => {
                // Even where nothing is read, the place must be one that could be: the processor looks.
                out.0[i] = R::load_first(&from[(i * R::LANES).min(from.len())..]);
            });
        }
        out
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn load_strided(from: &[R::Scalar], base: isize, stride: isize, at: Block) -> Self {
        if stride == 1 && base >= 0 {
            return Self::load(from, base as usize, at);
        }
        let first = element(base, stride, at);
        if stride == 0 {
            let all = Self::splat(from[first]);
            if at.live == Self::COUNT {
                return all;
            }
            return Self::select(PackMask::first(at.live), all, Self::splat(R::Scalar::ZERO));
        }
        if at.live == Self::COUNT && stride > 0 {
            let (step, all) = (stride as usize, window(from, first, reach(stride, Self::COUNT)));
            return Self::from_fn(
                #[cfg_attr(not(debug_assertions), inline(always))]
                // SAFETY: `all` reaches as far as the last lane.
                |lane| unsafe { *all.get_unchecked(step * lane) },
            );
        }
        Self::from_fn(
            #[cfg_attr(not(debug_assertions), inline(always))]
            |lane| if lane < at.live { from[nth(first, stride, lane)] } else { R::Scalar::ZERO },
        )
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn store(self, to: &mut [R::Scalar], base: usize, at: Block) {
        if at.live == Self::COUNT {
            let to = window_mut(to, base + at.start, Self::COUNT);
            each_register!(i in N => {
                R::store(self.0[i], &mut to[i * R::LANES..]);
            });
        } else {
            let to = &mut to[base + at.start..][..at.live.min(Self::COUNT)];
            each_register!(i in N => {
                let start = (i * R::LANES).min(to.len());
                R::store_first(self.0[i], &mut to[start..]);
            });
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn store_strided(self, to: &mut [R::Scalar], base: isize, stride: isize, at: Block) {
        if stride == 1 && base >= 0 {
            return self.store(to, base as usize, at);
        }
        let first = element(base, stride, at);
        if at.live == Self::COUNT && stride > 0 {
            let (step, all) = (stride as usize, window_mut(to, first, reach(stride, Self::COUNT)));
            for i in 0..N {
                let lanes = R::to_array(self.0[i]);
                for (lane, &value) in lanes.as_ref().iter().enumerate() {
                    // SAFETY: `all` reaches as far as the last lane.
                    unsafe { *all.get_unchecked_mut(step * (i * R::LANES + lane)) = value };
                }
            }
            return;
        }
        for lane in 0..at.live.min(Self::COUNT) {
            to[nth(first, stride, lane)] = self.lane(lane);
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn select(mask: PackMask<R, N>, yes: Self, no: Self) -> Self {
        let mut out = no;
        each_register!(i in N => {
            out.0[i] = R::select(mask.0[i], yes.0[i], no.0[i]);
        });
        out
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn to_bits(self) -> PackBits<R, N> {
        let mut out = PackBits::splat(0);
        each_register!(i in N => {
            out.0[i] = R::to_bits(self.0[i]);
        });
        out
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from_bits(bits: PackBits<R, N>) -> Self {
        let mut out = Self::splat(R::Scalar::ZERO);
        each_register!(i in N => {
            out.0[i] = R::from_bits(bits.0[i]);
        });
        out
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from_index(index: PackIndex<R, N>) -> Self {
        let mut out = Self::splat(R::Scalar::ZERO);
        each_register!(i in N => {
            out.0[i] = R::from_index(index.0[i]);
        });
        out
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn to_index(self) -> PackIndex<R, N> {
        let mut out = PackIndex::<R, N>([R::ZERO_INDEX; N]);
        each_register!(i in N => {
            let (from, to): (R::Array, &mut [i64]) = (R::to_array(self.0[i]), out.0[i].as_mut());
            for lane in 0..R::LANES {
                to[lane] = from.as_ref()[lane].to_i64();
            }
        });
        out
    }
}

/// Shifts by a constant.
macro_rules! shifts {
    ($($method:ident = $with:ident;)*) => {$(
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn $method<const BY: i32>(self) -> Self {
            let mut out = self;
            each_register!(i in N => {
                out.0[i] = R::$with::<BY>(self.0[i]);
            });
            out
        }
    )*};
}

impl<R: Register, const N: usize> Bits for PackBits<R, N> {
    shifts! {
        shl = bits_shl;
        shr = bits_shr;
        sar = bits_sar;
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn splat(value: i64) -> Self {
        Self([R::bits_splat(value); N])
    }
}

/// `from[first..][..count]`, with one comparison: what it compares with does not change in a loop.
///
/// # Panics
/// If there are fewer elements.
#[cfg_attr(not(debug_assertions), inline(always))]
fn window<A>(from: &[A], first: usize, count: usize) -> &[A] {
    if first < places(from.len(), count) {
        // SAFETY: first + count <= from.len().
        unsafe { from.get_unchecked(first..first + count) }
    } else {
        outside(from.len(), first, count)
    }
}

/// How many elements lie between the first of a pack and the last, these included; more than there are if that overflows.
#[cfg_attr(not(debug_assertions), inline(always))]
fn reach(stride: isize, count: usize) -> usize {
    (stride as usize).saturating_mul(count - 1).saturating_add(1)
}

/// [`window`], to write to.
#[cfg_attr(not(debug_assertions), inline(always))]
fn window_mut<A>(to: &mut [A], first: usize, count: usize) -> &mut [A] {
    if first < places(to.len(), count) {
        // SAFETY: first + count <= to.len().
        unsafe { to.get_unchecked_mut(first..first + count) }
    } else {
        outside(to.len(), first, count)
    }
}

/// At how many places `count` elements, at least one, can start.
#[cfg_attr(not(debug_assertions), inline(always))]
fn places(len: usize, count: usize) -> usize {
    len.saturating_sub(count - 1)
}

#[cold]
#[inline(never)]
fn outside(len: usize, first: usize, count: usize) -> ! {
    panic!("a pack of {count} at {first} is outside of {len} elements")
}

/// The element `lane` strides past `first`. A negative place wraps to one that no slice has.
#[cfg_attr(not(debug_assertions), inline(always))]
fn nth(first: usize, stride: isize, lane: usize) -> usize {
    first.wrapping_add(stride.wrapping_mul(lane as isize) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every place in slices around the size of a pack, and places that would wrap.
    #[test]
    fn a_window_is_inside_or_refused() {
        let data: Vec<usize> = (0..70).collect();
        // Shorter than a pack, by one, as long, longer.
        for len in [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, data.len()] {
            for count in [1, 8, 16] {
                for first in (0..80).chain([usize::MAX - 16, usize::MAX]) {
                    let from = &data[..len];
                    let expected = first.checked_add(count).and_then(|end| from.get(first..end));
                    let found = std::panic::catch_unwind(|| window(from, first, count).to_vec());
                    assert_eq!(found.ok().as_deref(), expected, "{count} at {first} of {len}");
                    let mut to = from.to_vec();
                    let mutable = std::panic::catch_unwind(move || window_mut(&mut to, first, count).to_vec());
                    assert_eq!(mutable.ok().as_deref(), expected, "{count} at {first} of {len}");
                }
            }
        }
    }
}
