//! The vector types that emitted code computes with: the [`Lanes`] trait and what goes with it.
//!
//! Emitted kernels are written once, generic over `V: Lanes<T>`. The dispatcher runs them with the widest
//! implementation the processor has; a plain `T` is itself `Lanes<T>` with one lane, so that the scalar parts of a
//! kernel read exactly like its vector parts. The number of lanes is a constant of the scalar type (64 bytes), of the
//! processor only in kernels that ask for [wide](super::Kernel::WIDE) packs.

use core::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Not, Sub};

use crate::float::Float;

/// The lanes `start .. start + live` of a loop: a full pack, or what is left at the end of it.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// The first index of the block.
    pub start: usize,
    /// How many lanes are in use, from 1 to `V::COUNT`; the others hold values that nothing reads.
    pub live: usize,
}

impl Block {
    /// The lanes of one whole pack, from index 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub fn pack<T: Float, V: Lanes<T>>() -> Self {
        Self { start: 0, live: V::COUNT }
    }

    /// Whether all of its lanes lie in `low .. high`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub fn is_between(self, low: isize, high: isize) -> bool {
        let start = self.start.cast_signed();
        low <= start && start + self.live.cast_signed() <= high
    }
}

/// Truth values, one a lane.
pub trait Mask:
    Copy + BitAnd<Output = Self> + BitOr<Output = Self> + BitXor<Output = Self> + Not<Output = Self>
{
    /// The same truth value in all lanes.
    fn splat(value: bool) -> Self;
    /// The mask that is true in the first `live` lanes.
    fn first(live: usize) -> Self;
    /// Whether any lane is true.
    fn any(self) -> bool;
    /// Whether all lanes are true.
    fn all(self) -> bool;
    /// The truth value of one lane.
    fn lane(self, lane: usize) -> bool;
    /// Reads `from[base + at.start ..][.. at.live]`.
    fn load(from: &[bool], base: usize, at: Block) -> Self;
    /// Reads `from[base + stride * (at.start + lane)]`.
    fn load_strided(from: &[bool], base: isize, stride: isize, at: Block) -> Self;
    /// Writes the live lanes to `to[base + at.start ..]`.
    fn store(self, to: &mut [bool], base: usize, at: Block);
    /// Writes the live lanes to `to[base + stride * (at.start + lane)]`.
    fn store_strided(self, to: &mut [bool], base: isize, stride: isize, at: Block);
}

/// Integers (class indices, positions along an axis), one a lane.
pub trait IndexLanes: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// The mask that comparisons give: the same as that of the floating-point lanes.
    type Mask: Mask;
    /// The same value in all lanes.
    fn splat(value: i64) -> Self;
    /// `at.start, at.start + 1, …`
    fn iota(at: Block) -> Self;
    /// The value of one lane.
    fn lane(self, lane: usize) -> i64;
    /// Reads `from[base + at.start ..][.. at.live]`.
    fn load(from: &[usize], base: usize, at: Block) -> Self;
    /// Reads `from[base + stride * (at.start + lane)]`.
    fn load_strided(from: &[usize], base: isize, stride: isize, at: Block) -> Self;
    /// Writes the live lanes (never negative) to `to[base + at.start ..]`.
    fn store(self, to: &mut [usize], base: usize, at: Block);
    /// Writes the live lanes to `to[base + stride * (at.start + lane)]`.
    fn store_strided(self, to: &mut [usize], base: isize, stride: isize, at: Block);
    /// `self == other`, lane by lane.
    fn eq(self, other: Self) -> Self::Mask;
    /// `self < other`, lane by lane.
    fn lt(self, other: Self) -> Self::Mask;
    /// `mask ? yes : no`, lane by lane.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// A function of two integers, lane by lane (not vectorised).
    fn zip(self, other: Self, f: impl Fn(i64, i64) -> i64) -> Self;

    /// The smaller, lane by lane.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn min(self, other: Self) -> Self {
        Self::select(self.lt(other), self, other)
    }
    /// The larger, lane by lane.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn max(self, other: Self) -> Self {
        Self::select(self.lt(other), other, self)
    }
    /// `⌊self/other⌋`, lane by lane; 0 where `other` is.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn floor_div(self, other: Self) -> Self {
        self.zip(other, floor_div)
    }
    /// `self - other·⌊self/other⌋`, lane by lane: of the sign of `other`; 0 where `other` is.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn floor_rem(self, other: Self) -> Self {
        self.zip(other, floor_rem)
    }
    /// 23 bits that look random, of a seed and a position, lane by lane.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn hash(self, position: Self) -> Self {
        self.zip(position, hash)
    }
}

/// The integer that a whole number is: at least −2⁵³ and at most 2⁵³, so that a sum of some is an integer, too; −2⁵³ for NaN.
#[allow(clippy::cast_possible_truncation, reason = "clamped before")]
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn to_i64(x: f64) -> i64 {
    const LAST: f64 = 9_007_199_254_740_992.0;
    // Either comparison is false for NaN.
    let x = if x > -LAST { x } else { -LAST };
    (if x < LAST { x } else { LAST }) as i64
}

/// 23 bits that look random, of a seed and a position: the same on every processor. The seed's bits are mixed as `SplitMix64`
/// does it, and start a sequence of it whose member at the position is taken.
#[allow(clippy::cast_sign_loss, clippy::cast_possible_wrap, reason = "bits")]
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn hash(seed: i64, position: i64) -> i64 {
    const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |bits: u64| {
        let bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    };
    let first = mix((seed as u64).wrapping_add(STEP));
    (mix(first.wrapping_add((position as u64).wrapping_mul(STEP))) >> 41) as i64
}

/// The quotient rounded down; 0 where the divisor is.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn floor_div(a: i64, b: i64) -> i64 {
    if b == 0 {
        return 0;
    }
    a.wrapping_div(b) - i64::from(a.wrapping_rem(b) != 0 && (a < 0) != (b < 0))
}

/// What is left of the quotient that is rounded down; 0 where the divisor is.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn floor_rem(a: i64, b: i64) -> i64 {
    if b == 0 {
        return 0;
    }
    let rest = a.wrapping_rem(b);
    if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }
}

/// Integers as wide as the lanes of the float they belong to (`u32` for `f32`, `u64` for `f64`): what branch-free
/// elementary functions build exponents with. Arithmetic wraps.
pub trait Bits:
    Copy + Add<Output = Self> + Sub<Output = Self> + BitAnd<Output = Self> + BitOr<Output = Self> + BitXor<Output = Self>
{
    /// The same value in all lanes; the low bits of `value`, sign-extended constants allowed through two's complement.
    fn splat(value: i64) -> Self;
    /// Shifts left by a constant, in `0 .. width`.
    fn shl<const BY: i32>(self) -> Self;
    /// Shifts right by a constant, filling with zeros.
    fn shr<const BY: i32>(self) -> Self;
    /// Shifts right by a constant, filling with the sign.
    fn sar<const BY: i32>(self) -> Self;
}

/// A pack of floating-point numbers, one a lane, with the arithmetic of IEEE 754.
///
/// Every method is inlined always: an implementation is only ever run inside a function that has the processor
/// features it needs.
pub trait Lanes<T: Float>:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self> + 'static
{
    /// Truth values of comparisons.
    type Mask: Mask;
    /// Integers in as many lanes.
    type Index: IndexLanes<Mask = Self::Mask>;
    /// The raw bits.
    type Bits: Bits;
    /// What sums of packs are kept in: one register for all of a pack.
    #[doc(hidden)]
    type Folded: Lanes<T>;
    /// How many lanes there are.
    const COUNT: usize;
    /// Whether `mul_add` rounds once (the processor has the instruction).
    const FUSED: bool;
    /// How many packs the registers hold: what a kernel that tiles by registers may keep alive at once.
    #[doc(hidden)]
    const IN_REGISTERS: usize;

    /// The same value in all lanes.
    fn splat(value: T) -> Self;
    /// The value of one lane.
    fn lane(self, lane: usize) -> T;
    /// Builds a pack lane by lane.
    fn from_fn(f: impl FnMut(usize) -> T) -> Self;
    /// Applies a scalar function lane by lane (not vectorised).
    fn map(self, f: impl Fn(T) -> T) -> Self;

    /// Reads `from[base + at.start ..][.. at.live]`; dead lanes read as 0. The sum wraps: the base may be a negative number that was
    /// cast.
    fn load(from: &[T], base: usize, at: Block) -> Self;
    /// Reads `from[base + stride * (at.start + lane)]`; dead lanes read as 0.
    fn load_strided(from: &[T], base: isize, stride: isize, at: Block) -> Self;
    /// Reads `from[base + stride * (at.start + lane)]` in the lanes with `low <= at.start + lane < high`; the others read as 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn load_between(from: &[T], base: isize, stride: isize, at: Block, low: isize, high: isize) -> Self {
        let first = base + stride * at.start.cast_signed();
        if stride == 1 && first >= 0 && first.cast_unsigned() + at.live <= from.len() {
            // What is not asked for is there, too.
            return Self::load(&from[first.cast_unsigned()..], 0, Block { start: 0, live: at.live })
                .keep_between(at, low, high);
        }
        if at.is_between(low, high) {
            return Self::load_strided(from, base, stride, at);
        }
        Self::load_edge(from, base, stride, at, low, high)
    }
    /// The lanes with `low <= at.start + lane < high`; 0 in the others.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn keep_between(self, at: Block, low: isize, high: isize) -> Self {
        if at.is_between(low, high) {
            return self;
        }
        let lanes = |bound: isize| (bound - at.start.cast_signed()).clamp(0, Self::COUNT.cast_signed()).cast_unsigned();
        let kept = Self::Mask::first(lanes(high)) & !Self::Mask::first(lanes(low));
        Self::select(kept, self, Self::splat(T::ZERO))
    }
    /// [`load_between`](Self::load_between) where not all lanes are read.
    #[doc(hidden)]
    #[inline(never)]
    fn load_edge(from: &[T], base: isize, stride: isize, at: Block, low: isize, high: isize) -> Self {
        let start = at.start.cast_signed();
        Self::from_fn(|lane| {
            let place = start + lane.cast_signed();
            let is_read = lane < at.live && low <= place && place < high;
            if is_read { from[(base + stride * place).cast_unsigned()] } else { T::ZERO }
        })
    }
    /// Writes the live lanes to `to[base + at.start ..]`.
    fn store(self, to: &mut [T], base: usize, at: Block);
    /// Writes the live lanes to `to[base + stride * (at.start + lane)]`.
    fn store_strided(self, to: &mut [T], base: isize, stride: isize, at: Block);

    /// `self * a + b`: rounded once if [`FUSED`](Self::FUSED), twice otherwise.
    fn mul_add(self, a: Self, b: Self) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// The absolute value.
    fn abs(self) -> Self;
    /// The largest integer not above.
    fn floor(self) -> Self;
    /// The smallest integer not below.
    fn ceil(self) -> Self;
    /// The nearest integer, half to even.
    fn round(self) -> Self;
    /// The magnitude of `self` with the sign of `sign`.
    fn copysign(self, sign: Self) -> Self;
    /// The smaller one; NaN if either is.
    fn min(self, other: Self) -> Self;
    /// The larger one; NaN if either is.
    fn max(self, other: Self) -> Self;
    /// The smaller one of `self` and a bound; `self` if either is NaN. Cheaper than [`min`](Lanes::min).
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at_most(self, bound: Self) -> Self {
        Self::select(bound.lt(self), bound, self)
    }
    /// The larger one of `self` and a bound; `self` if either is NaN. Cheaper than [`max`](Lanes::max).
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at_least(self, bound: Self) -> Self {
        Self::select(self.lt(bound), bound, self)
    }
    /// The number of a table of 16 at the place that the lowest four bits say, if the processor has an instruction for it;
    /// not with the feature `reproducible`.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lookup(table: &[T], place: Self::Bits) -> Option<Self> {
        let _ = (table, place);
        None
    }
    /// `self · 2ⁿ`, n rounded down, rounded once, if the processor has an instruction for it.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn scaled(self, n: Self) -> Option<Self> {
        let _ = n;
        None
    }

    /// `self < other`
    fn lt(self, other: Self) -> Self::Mask;
    /// `self <= other`
    fn le(self, other: Self) -> Self::Mask;
    /// `self == other`
    fn eq(self, other: Self) -> Self::Mask;
    /// `self != other`: true where either is NaN.
    fn ne(self, other: Self) -> Self::Mask;
    /// `mask ? yes : no`, lane by lane. Never multiplies: NaN in the lane not taken does not leak.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;

    /// The raw bits.
    fn to_bits(self) -> Self::Bits;
    /// From raw bits.
    fn from_bits(bits: Self::Bits) -> Self;
    /// An integer lane as a float, rounded.
    fn from_index(index: Self::Index) -> Self;
    /// A whole number as an integer: see [`to_i64`](Float::to_i64).
    fn to_index(self) -> Self::Index;

    /// The sum of the registers.
    #[doc(hidden)]
    fn fold(self) -> Self::Folded;
    /// `sum` and the products of all registers, one after the other.
    #[doc(hidden)]
    fn fold_products(self, factor: Self, sum: Self::Folded) -> Self::Folded;

    /// The [`sum`](Lanes::sum) of each of as many packs as a pack has lanes, in that lane. The packs are overwritten.
    #[doc(hidden)]
    fn row_sums(rows: &mut [Self]) -> Self;
    /// Transposes as many packs as a pack has lanes.
    #[doc(hidden)]
    fn transpose(rows: &mut [Self]);
    /// The sum of all lanes, as a balanced tree.
    fn sum(self) -> T;
    /// The sum of lanes whose upper half is known to be 0: one step less.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sum_of_lower(self) -> T {
        self.sum()
    }
    /// The product of all lanes, as a balanced tree.
    fn product(self) -> T;
    /// The largest lane; NaN if any is.
    fn maximum(self) -> T;
    /// The smallest lane; NaN if any is.
    fn minimum(self) -> T;
}
