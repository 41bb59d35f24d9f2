//! What one register of a processor can do: the little that has to be written again for each instruction set.
//!
//! [`Pack`](super::pack::Pack) builds [`Lanes`](super::Lanes) from it. A plain number is a register with one lane.

use crate::float::Float;

/// A register of [`Scalar`](Register::Scalar)s.
///
/// The functions are safe because a register exists only where the dispatcher has found its processor (see
/// [`simd`](super)).
pub(crate) trait Register: Copy + 'static {
    /// The type of a lane.
    type Scalar: Float;
    /// A truth value a lane.
    type Mask: Copy + 'static;
    /// An unsigned integer as wide as a lane, a lane.
    type Bits: Copy + 'static;
    /// `[Scalar; LANES]`
    type Array: Copy + AsRef<[Self::Scalar]> + AsMut<[Self::Scalar]>;
    /// `[i64; LANES]`
    type Index: Copy + AsRef<[i64]> + AsMut<[i64]> + 'static;

    /// How many lanes there are.
    const LANES: usize;
    /// Whether `mul_add` rounds once.
    const FUSED: bool;
    /// How many such registers the processor has.
    const AVAILABLE: usize;
    /// An array of zeros.
    const ZEROS: Self::Array;
    /// An array of zeros.
    const ZERO_INDEX: Self::Index;

    fn splat(value: Self::Scalar) -> Self;
    fn from_array(array: Self::Array) -> Self;
    fn to_array(a: Self) -> Self::Array;
    /// Rounds to the nearest.
    fn from_index(index: Self::Index) -> Self;
    /// Reads the first `LANES` elements; panics if there are fewer.
    fn load(from: &[Self::Scalar]) -> Self;
    /// Reads what there is, `LANES` elements at most; the other lanes are 0.
    fn load_first(from: &[Self::Scalar]) -> Self;
    /// Writes the first `LANES` elements; panics if there are fewer.
    fn store(a: Self, to: &mut [Self::Scalar]);
    /// Writes as many lanes as fit.
    fn store_first(a: Self, to: &mut [Self::Scalar]);

    fn add(a: Self, b: Self) -> Self;
    fn sub(a: Self, b: Self) -> Self;
    fn mul(a: Self, b: Self) -> Self;
    fn div(a: Self, b: Self) -> Self;
    fn neg(a: Self) -> Self;
    /// `a * b + c`
    fn mul_add(a: Self, b: Self, c: Self) -> Self;
    fn sqrt(a: Self) -> Self;
    fn abs(a: Self) -> Self;
    fn floor(a: Self) -> Self;
    fn ceil(a: Self) -> Self;
    fn round(a: Self) -> Self;
    fn copysign(magnitude: Self, sign: Self) -> Self;
    fn min(a: Self, b: Self) -> Self;
    fn max(a: Self, b: Self) -> Self;
    /// The smaller one; `a` if either is NaN.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at_most(a: Self, bound: Self) -> Self {
        Self::select(Self::lt(bound, a), bound, a)
    }
    /// The larger one; `a` if either is NaN.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at_least(a: Self, bound: Self) -> Self {
        Self::select(Self::lt(a, bound), bound, a)
    }
    /// `a · 2ⁿ`, n rounded down, rounded once, if there is an instruction for it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn scaled(a: Self, n: Self) -> Option<Self> {
        let _ = (a, n);
        None
    }

    /// The number of a table of 16 at the place that the lowest four bits say, if there is an instruction for it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lookup(table: &[Self::Scalar], place: Self::Bits) -> Option<Self> {
        let _ = (table, place);
        None
    }

    fn lt(a: Self, b: Self) -> Self::Mask;
    fn le(a: Self, b: Self) -> Self::Mask;
    fn eq(a: Self, b: Self) -> Self::Mask;
    fn ne(a: Self, b: Self) -> Self::Mask;
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;

    /// Bit `i` says what lane `i` is.
    fn mask_from_bits(bits: u32) -> Self::Mask;
    /// Lane `i` becomes bit `i`; the bits above are 0.
    fn mask_to_bits(mask: Self::Mask) -> u32;
    /// The first `live` lanes are true.
    fn mask_first(live: usize) -> Self::Mask;
    fn mask_and(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    fn mask_or(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    fn mask_xor(a: Self::Mask, b: Self::Mask) -> Self::Mask;

    fn to_bits(a: Self) -> Self::Bits;
    fn from_bits(bits: Self::Bits) -> Self;
    fn bits_splat(value: i64) -> Self::Bits;
    fn bits_add(a: Self::Bits, b: Self::Bits) -> Self::Bits;
    fn bits_sub(a: Self::Bits, b: Self::Bits) -> Self::Bits;
    fn bits_and(a: Self::Bits, b: Self::Bits) -> Self::Bits;
    fn bits_or(a: Self::Bits, b: Self::Bits) -> Self::Bits;
    fn bits_xor(a: Self::Bits, b: Self::Bits) -> Self::Bits;
    fn bits_shl<const BY: i32>(a: Self::Bits) -> Self::Bits;
    fn bits_shr<const BY: i32>(a: Self::Bits) -> Self::Bits;
    fn bits_sar<const BY: i32>(a: Self::Bits) -> Self::Bits;

    /// `a == b`
    #[inline(always)]
    fn index_eq(a: Self::Index, b: Self::Index) -> Self::Mask {
        let mut bits = 0;
        for lane in 0..Self::LANES {
            bits |= u32::from(a.as_ref()[lane] == b.as_ref()[lane]) << lane;
        }
        Self::mask_from_bits(bits)
    }
    /// `a < b`
    #[inline(always)]
    fn index_lt(a: Self::Index, b: Self::Index) -> Self::Mask {
        let mut bits = 0;
        for lane in 0..Self::LANES {
            bits |= u32::from(a.as_ref()[lane] < b.as_ref()[lane]) << lane;
        }
        Self::mask_from_bits(bits)
    }
    #[inline(always)]
    fn index_select(mask: Self::Mask, yes: Self::Index, mut no: Self::Index) -> Self::Index {
        let bits = Self::mask_to_bits(mask);
        for lane in 0..Self::LANES {
            if bits >> lane & 1 != 0 {
                no.as_mut()[lane] = yes.as_ref()[lane];
            }
        }
        no
    }

    /// Exchanges the lanes of `a` whose number has the bit `distance`, a power of two below `LANES`, for those of `b` that
    /// have it not: one step of a transposition.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn exchange(a: Self, b: Self, distance: usize) -> [Self; 2] {
        let (mut first, mut second) = (Self::to_array(a), Self::to_array(b));
        for i in (0..Self::LANES).filter(|i| i & distance == 0) {
            core::mem::swap(&mut first.as_mut()[i + distance], &mut second.as_mut()[i]);
        }
        [Self::from_array(first), Self::from_array(second)]
    }
    /// Folds the upper half of the lanes onto the lower half until one is left.
    fn sum(a: Self) -> Self::Scalar;
    /// The sum of all lanes, where the upper half is known to be 0.
    #[inline(always)]
    fn sum_of_lower(a: Self) -> Self::Scalar {
        Self::sum(a)
    }
    fn product(a: Self) -> Self::Scalar;
    fn maximum(a: Self) -> Self::Scalar;
    fn minimum(a: Self) -> Self::Scalar;
}
