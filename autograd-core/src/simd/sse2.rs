//! Registers of 16 bytes: SSE2, which every `x86_64` has.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::needless_range_loop,
    clippy::wildcard_imports,
    reason = "conversions are the operations themselves; loops over indices need no closure to be inlined"
)]

#[cfg(target_arch = "x86")]
use core::arch::x86::*;
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::*;

use super::{
    intrinsics::{intrinsics, layout, shifts, short},
    register::Register,
};

/// The upper half of a register onto the lower one, until one lane is left.
macro_rules! fold {
    (f32x4: $a:ident, $with:ident) => {{
        let two = Self::$with($a, _mm_movehl_ps($a, $a));
        _mm_cvtss_f32(Self::$with(two, _mm_shuffle_ps::<1>(two, two)))
    }};
    (f64x2: $a:ident, $with:ident) => {
        _mm_cvtsd_f64(Self::$with($a, _mm_unpackhi_pd($a, $a)))
    };
}

impl Register for __m128 {
    layout!(f32 x 4, mask __m128, bits __m128i, fused false, of 16);
    short!(f32 x 4);

    intrinsics! {
        splat(value: f32) -> Self = _mm_set1_ps(value);
        load(from: &[f32]) -> Self = _mm_loadu_ps(from[..4].as_ptr());
        store(a: Self, to: &mut [f32]) -> () = _mm_storeu_ps(to[..4].as_mut_ptr(), a);

        add(a: Self, b: Self) -> Self = _mm_add_ps(a, b);
        sub(a: Self, b: Self) -> Self = _mm_sub_ps(a, b);
        mul(a: Self, b: Self) -> Self = _mm_mul_ps(a, b);
        div(a: Self, b: Self) -> Self = _mm_div_ps(a, b);
        neg(a: Self) -> Self = _mm_xor_ps(a, _mm_set1_ps(-0.0));
        mul_add(a: Self, b: Self, c: Self) -> Self = _mm_add_ps(_mm_mul_ps(a, b), c);
        sqrt(a: Self) -> Self = _mm_sqrt_ps(a);
        abs(a: Self) -> Self = _mm_andnot_ps(_mm_set1_ps(-0.0), a);
        floor(a: Self) -> Self = {
            let near = Self::round(a);
            let above = _mm_and_ps(_mm_cmpgt_ps(near, a), _mm_set1_ps(1.0));
            Self::copysign(_mm_sub_ps(near, above), a)
        };
        ceil(a: Self) -> Self = {
            let near = Self::round(a);
            let below = _mm_and_ps(_mm_cmplt_ps(near, a), _mm_set1_ps(1.0));
            Self::copysign(_mm_add_ps(near, below), a)
        };
        // Past this number all are integers; below it, adding and subtracting it rounds half to even.
        round(a: Self) -> Self = {
            let (size, integral) = (Self::abs(a), _mm_set1_ps(8_388_608.0));
            let near = Self::copysign(_mm_sub_ps(_mm_add_ps(size, integral), integral), a);
            Self::select(_mm_cmplt_ps(size, integral), near, a)
        };
        copysign(magnitude: Self, sign: Self) -> Self = _mm_or_ps(
            _mm_andnot_ps(_mm_set1_ps(-0.0), magnitude),
            _mm_and_ps(_mm_set1_ps(-0.0), sign),
        );
        // The instruction gives its second operand if either is NaN.
        min(a: Self, b: Self) -> Self = Self::select(_mm_cmpunord_ps(a, a), a, _mm_min_ps(a, b));
        max(a: Self, b: Self) -> Self = Self::select(_mm_cmpunord_ps(a, a), a, _mm_max_ps(a, b));
        at_most(a: Self, bound: Self) -> Self = _mm_min_ps(bound, a);
        at_least(a: Self, bound: Self) -> Self = _mm_max_ps(bound, a);

        lt(a: Self, b: Self) -> __m128 = _mm_cmplt_ps(a, b);
        le(a: Self, b: Self) -> __m128 = _mm_cmple_ps(a, b);
        eq(a: Self, b: Self) -> __m128 = _mm_cmpeq_ps(a, b);
        ne(a: Self, b: Self) -> __m128 = _mm_cmpneq_ps(a, b);
        select(mask: __m128, yes: Self, no: Self) -> Self =
            _mm_or_ps(_mm_and_ps(mask, yes), _mm_andnot_ps(mask, no));
        mask_from_bits(bits: u32) -> __m128 = {
            let lane = _mm_setr_epi32(1, 2, 4, 8);
            let set = _mm_and_si128(_mm_set1_epi32(bits as i32), lane);
            _mm_castsi128_ps(_mm_cmpeq_epi32(set, lane))
        };
        mask_to_bits(mask: __m128) -> u32 = _mm_movemask_ps(mask) as u32;
        mask_first(live: usize) -> __m128 = _mm_castsi128_ps(_mm_cmpgt_epi32(
            _mm_set1_epi32(live.min(4) as i32),
            _mm_setr_epi32(0, 1, 2, 3),
        ));
        mask_and(a: __m128, b: __m128) -> __m128 = _mm_and_ps(a, b);
        mask_or(a: __m128, b: __m128) -> __m128 = _mm_or_ps(a, b);
        mask_xor(a: __m128, b: __m128) -> __m128 = _mm_xor_ps(a, b);

        to_bits(a: Self) -> __m128i = _mm_castps_si128(a);
        from_bits(bits: __m128i) -> Self = _mm_castsi128_ps(bits);
        bits_splat(value: i64) -> __m128i = _mm_set1_epi32(value as i32);
        bits_add(a: __m128i, b: __m128i) -> __m128i = _mm_add_epi32(a, b);
        bits_sub(a: __m128i, b: __m128i) -> __m128i = _mm_sub_epi32(a, b);
        bits_and(a: __m128i, b: __m128i) -> __m128i = _mm_and_si128(a, b);
        bits_or(a: __m128i, b: __m128i) -> __m128i = _mm_or_si128(a, b);
        bits_xor(a: __m128i, b: __m128i) -> __m128i = _mm_xor_si128(a, b);

        exchange(a: Self, b: Self, distance: usize) -> [Self; 2] = if distance == 2 {
            [_mm_movelh_ps(a, b), _mm_movehl_ps(b, a)]
        } else {
            let (even, odd) = (_mm_shuffle_ps::<0b10_00_10_00>(a, b), _mm_shuffle_ps::<0b11_01_11_01>(a, b));
            [_mm_shuffle_ps::<0b11_01_10_00>(even, even), _mm_shuffle_ps::<0b11_01_10_00>(odd, odd)]
        };
        sum(a: Self) -> f32 = fold!(f32x4: a, add);
        product(a: Self) -> f32 = fold!(f32x4: a, mul);
        maximum(a: Self) -> f32 = fold!(f32x4: a, max);
        minimum(a: Self) -> f32 = fold!(f32x4: a, min);
    }
    shifts! {
        bits_shl(a, by) -> __m128i = _mm_sll_epi32(a, by);
        bits_shr(a, by) -> __m128i = _mm_srl_epi32(a, by);
        bits_sar(a, by) -> __m128i = _mm_sra_epi32(a, by);
    }
}

impl Register for __m128d {
    layout!(f64 x 2, mask __m128d, bits __m128i, fused false, of 16);
    short!(f64 x 2);

    intrinsics! {
        splat(value: f64) -> Self = _mm_set1_pd(value);
        load(from: &[f64]) -> Self = _mm_loadu_pd(from[..2].as_ptr());
        store(a: Self, to: &mut [f64]) -> () = _mm_storeu_pd(to[..2].as_mut_ptr(), a);

        add(a: Self, b: Self) -> Self = _mm_add_pd(a, b);
        sub(a: Self, b: Self) -> Self = _mm_sub_pd(a, b);
        mul(a: Self, b: Self) -> Self = _mm_mul_pd(a, b);
        div(a: Self, b: Self) -> Self = _mm_div_pd(a, b);
        neg(a: Self) -> Self = _mm_xor_pd(a, _mm_set1_pd(-0.0));
        mul_add(a: Self, b: Self, c: Self) -> Self = _mm_add_pd(_mm_mul_pd(a, b), c);
        sqrt(a: Self) -> Self = _mm_sqrt_pd(a);
        abs(a: Self) -> Self = _mm_andnot_pd(_mm_set1_pd(-0.0), a);
        floor(a: Self) -> Self = {
            let near = Self::round(a);
            let above = _mm_and_pd(_mm_cmpgt_pd(near, a), _mm_set1_pd(1.0));
            Self::copysign(_mm_sub_pd(near, above), a)
        };
        ceil(a: Self) -> Self = {
            let near = Self::round(a);
            let below = _mm_and_pd(_mm_cmplt_pd(near, a), _mm_set1_pd(1.0));
            Self::copysign(_mm_add_pd(near, below), a)
        };
        // Past this number all are integers; below it, adding and subtracting it rounds half to even.
        round(a: Self) -> Self = {
            let (size, integral) = (Self::abs(a), _mm_set1_pd(4_503_599_627_370_496.0));
            let near = Self::copysign(_mm_sub_pd(_mm_add_pd(size, integral), integral), a);
            Self::select(_mm_cmplt_pd(size, integral), near, a)
        };
        copysign(magnitude: Self, sign: Self) -> Self = _mm_or_pd(
            _mm_andnot_pd(_mm_set1_pd(-0.0), magnitude),
            _mm_and_pd(_mm_set1_pd(-0.0), sign),
        );
        // The instruction gives its second operand if either is NaN.
        min(a: Self, b: Self) -> Self = Self::select(_mm_cmpunord_pd(a, a), a, _mm_min_pd(a, b));
        max(a: Self, b: Self) -> Self = Self::select(_mm_cmpunord_pd(a, a), a, _mm_max_pd(a, b));
        at_most(a: Self, bound: Self) -> Self = _mm_min_pd(bound, a);
        at_least(a: Self, bound: Self) -> Self = _mm_max_pd(bound, a);

        lt(a: Self, b: Self) -> __m128d = _mm_cmplt_pd(a, b);
        le(a: Self, b: Self) -> __m128d = _mm_cmple_pd(a, b);
        eq(a: Self, b: Self) -> __m128d = _mm_cmpeq_pd(a, b);
        ne(a: Self, b: Self) -> __m128d = _mm_cmpneq_pd(a, b);
        select(mask: __m128d, yes: Self, no: Self) -> Self =
            _mm_or_pd(_mm_and_pd(mask, yes), _mm_andnot_pd(mask, no));
        mask_from_bits(bits: u32) -> __m128d = _mm_castsi128_pd(_mm_set_epi64x(-i64::from(bits >> 1 & 1), -i64::from(bits & 1)));
        mask_to_bits(mask: __m128d) -> u32 = _mm_movemask_pd(mask) as u32;
        mask_first(live: usize) -> __m128d = _mm_castsi128_pd(_mm_set_epi64x(-i64::from(live > 1), -i64::from(live > 0)));
        mask_and(a: __m128d, b: __m128d) -> __m128d = _mm_and_pd(a, b);
        mask_or(a: __m128d, b: __m128d) -> __m128d = _mm_or_pd(a, b);
        mask_xor(a: __m128d, b: __m128d) -> __m128d = _mm_xor_pd(a, b);

        to_bits(a: Self) -> __m128i = _mm_castpd_si128(a);
        from_bits(bits: __m128i) -> Self = _mm_castsi128_pd(bits);
        bits_splat(value: i64) -> __m128i = _mm_set1_epi64x(value);
        bits_add(a: __m128i, b: __m128i) -> __m128i = _mm_add_epi64(a, b);
        bits_sub(a: __m128i, b: __m128i) -> __m128i = _mm_sub_epi64(a, b);
        bits_and(a: __m128i, b: __m128i) -> __m128i = _mm_and_si128(a, b);
        bits_or(a: __m128i, b: __m128i) -> __m128i = _mm_or_si128(a, b);
        bits_xor(a: __m128i, b: __m128i) -> __m128i = _mm_xor_si128(a, b);

        exchange(a: Self, b: Self, _distance: usize) -> [Self; 2] = [_mm_unpacklo_pd(a, b), _mm_unpackhi_pd(a, b)];
        sum(a: Self) -> f64 = fold!(f64x2: a, add);
        product(a: Self) -> f64 = fold!(f64x2: a, mul);
        maximum(a: Self) -> f64 = fold!(f64x2: a, max);
        minimum(a: Self) -> f64 = fold!(f64x2: a, min);
    }
    shifts! {
        bits_shl(a, by) -> __m128i = _mm_sll_epi64(a, by);
        bits_shr(a, by) -> __m128i = _mm_srl_epi64(a, by);
        // There is no such instruction: shift zeros in, then flip the copied sign down from its new place.
        bits_sar(a, by) -> __m128i = {
            let sign = _mm_srl_epi64(_mm_set1_epi64x(i64::MIN), by);
            _mm_sub_epi64(_mm_xor_si128(_mm_srl_epi64(a, by), sign), sign)
        };
    }
}
