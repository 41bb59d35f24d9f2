//! Registers of 64 bytes: AVX-512 with its parts F, BW, DQ and VL.

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

use core::mem::transmute;

use super::{
    intrinsics::{intrinsics, layout, shifts},
    register::Register,
};

const NEAREST: i32 = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
const DOWN: i32 = _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC;
const UP: i32 = _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC;

/// The indices beside 16 numbers.
#[inline(always)]
fn halves(index: [i64; 16]) -> [__m512i; 2] {
    // SAFETY: the same size, and any bits will do.
    unsafe { transmute::<[i64; 16], [__m512i; 2]>(index) }
}

/// The indices beside 8 numbers.
#[inline(always)]
fn whole(index: [i64; 8]) -> __m512i {
    // SAFETY: the same size, and any bits will do.
    unsafe { transmute::<[i64; 8], __m512i>(index) }
}

impl Register for __m512 {
    layout!(f32 x 16, mask __mmask16, bits __m512i, fused !cfg!(feature = "reproducible"), of 32);

    intrinsics! {
        splat(value: f32) -> Self = _mm512_set1_ps(value);
        load(from: &[f32]) -> Self = _mm512_loadu_ps(from[..16].as_ptr());
        load_first(from: &[f32]) -> Self = _mm512_maskz_loadu_ps(Self::mask_first(from.len()), from.as_ptr());
        store(a: Self, to: &mut [f32]) -> () = _mm512_storeu_ps(to[..16].as_mut_ptr(), a);
        store_first(a: Self, to: &mut [f32]) -> () =
            _mm512_mask_storeu_ps(to.as_mut_ptr(), Self::mask_first(to.len()), a);

        add(a: Self, b: Self) -> Self = _mm512_add_ps(a, b);
        sub(a: Self, b: Self) -> Self = _mm512_sub_ps(a, b);
        mul(a: Self, b: Self) -> Self = _mm512_mul_ps(a, b);
        div(a: Self, b: Self) -> Self = _mm512_div_ps(a, b);
        neg(a: Self) -> Self = _mm512_xor_ps(a, _mm512_set1_ps(-0.0));
        mul_add(a: Self, b: Self, c: Self) -> Self =
            if Self::FUSED { _mm512_fmadd_ps(a, b, c) } else { _mm512_add_ps(_mm512_mul_ps(a, b), c) };
        sqrt(a: Self) -> Self = _mm512_sqrt_ps(a);
        abs(a: Self) -> Self = _mm512_abs_ps(a);
        floor(a: Self) -> Self = _mm512_roundscale_ps::<DOWN>(a);
        ceil(a: Self) -> Self = _mm512_roundscale_ps::<UP>(a);
        round(a: Self) -> Self = _mm512_roundscale_ps::<NEAREST>(a);
        copysign(magnitude: Self, sign: Self) -> Self = _mm512_or_ps(
            _mm512_andnot_ps(_mm512_set1_ps(-0.0), magnitude),
            _mm512_and_ps(_mm512_set1_ps(-0.0), sign),
        );
        // The instruction gives its second operand if either is NaN.
        min(a: Self, b: Self) -> Self =
            _mm512_mask_mov_ps(_mm512_min_ps(a, b), _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(a, a), a);
        max(a: Self, b: Self) -> Self =
            _mm512_mask_mov_ps(_mm512_max_ps(a, b), _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(a, a), a);
        at_most(a: Self, bound: Self) -> Self = _mm512_min_ps(bound, a);
        at_least(a: Self, bound: Self) -> Self = _mm512_max_ps(bound, a);
        scaled(a: Self, n: Self) -> Option<Self> = Some(_mm512_scalef_ps(a, n));
        lookup(table: &[f32], place: __m512i) -> Option<Self> =
            Some(_mm512_permutexvar_ps(place, _mm512_loadu_ps(table[..16].as_ptr())));

        lt(a: Self, b: Self) -> __mmask16 = _mm512_cmp_ps_mask::<_CMP_LT_OQ>(a, b);
        le(a: Self, b: Self) -> __mmask16 = _mm512_cmp_ps_mask::<_CMP_LE_OQ>(a, b);
        eq(a: Self, b: Self) -> __mmask16 = _mm512_cmp_ps_mask::<_CMP_EQ_OQ>(a, b);
        ne(a: Self, b: Self) -> __mmask16 = _mm512_cmp_ps_mask::<_CMP_NEQ_UQ>(a, b);
        select(mask: __mmask16, yes: Self, no: Self) -> Self = _mm512_mask_mov_ps(no, mask, yes);
        mask_from_bits(bits: u32) -> __mmask16 = bits as __mmask16;
        mask_to_bits(mask: __mmask16) -> u32 = u32::from(mask);
        mask_first(live: usize) -> __mmask16 = ((1_u32 << live.min(16)) - 1) as __mmask16;
        mask_and(a: __mmask16, b: __mmask16) -> __mmask16 = a & b;
        mask_or(a: __mmask16, b: __mmask16) -> __mmask16 = a | b;
        mask_xor(a: __mmask16, b: __mmask16) -> __mmask16 = a ^ b;

        to_bits(a: Self) -> __m512i = _mm512_castps_si512(a);
        from_bits(bits: __m512i) -> Self = _mm512_castsi512_ps(bits);
        bits_splat(value: i64) -> __m512i = _mm512_set1_epi32(value as i32);
        bits_add(a: __m512i, b: __m512i) -> __m512i = _mm512_add_epi32(a, b);
        bits_sub(a: __m512i, b: __m512i) -> __m512i = _mm512_sub_epi32(a, b);
        bits_and(a: __m512i, b: __m512i) -> __m512i = _mm512_and_si512(a, b);
        bits_or(a: __m512i, b: __m512i) -> __m512i = _mm512_or_si512(a, b);
        bits_xor(a: __m512i, b: __m512i) -> __m512i = _mm512_xor_si512(a, b);

        index_eq(a: [i64; 16], b: [i64; 16]) -> __mmask16 = {
            let ([a, c], [b, d]) = (halves(a), halves(b));
            __mmask16::from(_mm512_cmpeq_epi64_mask(a, b)) | __mmask16::from(_mm512_cmpeq_epi64_mask(c, d)) << 8
        };
        index_lt(a: [i64; 16], b: [i64; 16]) -> __mmask16 = {
            let ([a, c], [b, d]) = (halves(a), halves(b));
            __mmask16::from(_mm512_cmplt_epi64_mask(a, b)) | __mmask16::from(_mm512_cmplt_epi64_mask(c, d)) << 8
        };
        index_select(mask: __mmask16, yes: [i64; 16], no: [i64; 16]) -> [i64; 16] = {
            let ([a, c], [b, d]) = (halves(yes), halves(no));
            let (lower, upper) = (mask as __mmask8, (mask >> 8) as __mmask8);
            transmute::<[__m512i; 2], [i64; 16]>([_mm512_mask_mov_epi64(b, lower, a), _mm512_mask_mov_epi64(d, upper, c)])
        };

        exchange(a: Self, b: Self, distance: usize) -> [Self; 2] = match distance {
            8 => [_mm512_shuffle_f32x4::<0b01_00_01_00>(a, b), _mm512_shuffle_f32x4::<0b11_10_11_10>(a, b)],
            4 => [
                _mm512_mask_shuffle_f32x4::<0b10_11_00_01>(a, 0xf0f0, b, b),
                _mm512_mask_shuffle_f32x4::<0b10_11_00_01>(b, 0x0f0f, a, a),
            ],
            2 => [_mm512_shuffle_ps::<0b01_00_01_00>(a, b), _mm512_shuffle_ps::<0b11_10_11_10>(a, b)],
            _ => [
                _mm512_mask_permute_ps::<0b10_11_00_01>(a, 0xaaaa, b),
                _mm512_mask_permute_ps::<0b10_11_00_01>(b, 0x5555, a),
            ],
        };
        sum_of_lower(a: Self) -> f32 = __m256::sum(_mm512_castps512_ps256(a));
        sum(a: Self) -> f32 = __m256::sum(__m256::add(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps::<1>(a)));
        product(a: Self) -> f32 = __m256::product(__m256::mul(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps::<1>(a)));
        maximum(a: Self) -> f32 = __m256::maximum(__m256::max(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps::<1>(a)));
        minimum(a: Self) -> f32 = __m256::minimum(__m256::min(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps::<1>(a)));
    }
    shifts! {
        bits_shl(a, by) -> __m512i = _mm512_sll_epi32(a, by);
        bits_shr(a, by) -> __m512i = _mm512_srl_epi32(a, by);
        bits_sar(a, by) -> __m512i = _mm512_sra_epi32(a, by);
    }
}

impl Register for __m512d {
    layout!(f64 x 8, mask __mmask8, bits __m512i, fused !cfg!(feature = "reproducible"), of 32);

    intrinsics! {
        splat(value: f64) -> Self = _mm512_set1_pd(value);
        load(from: &[f64]) -> Self = _mm512_loadu_pd(from[..8].as_ptr());
        load_first(from: &[f64]) -> Self = _mm512_maskz_loadu_pd(Self::mask_first(from.len()), from.as_ptr());
        store(a: Self, to: &mut [f64]) -> () = _mm512_storeu_pd(to[..8].as_mut_ptr(), a);
        store_first(a: Self, to: &mut [f64]) -> () =
            _mm512_mask_storeu_pd(to.as_mut_ptr(), Self::mask_first(to.len()), a);

        add(a: Self, b: Self) -> Self = _mm512_add_pd(a, b);
        sub(a: Self, b: Self) -> Self = _mm512_sub_pd(a, b);
        mul(a: Self, b: Self) -> Self = _mm512_mul_pd(a, b);
        div(a: Self, b: Self) -> Self = _mm512_div_pd(a, b);
        neg(a: Self) -> Self = _mm512_xor_pd(a, _mm512_set1_pd(-0.0));
        mul_add(a: Self, b: Self, c: Self) -> Self =
            if Self::FUSED { _mm512_fmadd_pd(a, b, c) } else { _mm512_add_pd(_mm512_mul_pd(a, b), c) };
        sqrt(a: Self) -> Self = _mm512_sqrt_pd(a);
        abs(a: Self) -> Self = _mm512_abs_pd(a);
        floor(a: Self) -> Self = _mm512_roundscale_pd::<DOWN>(a);
        ceil(a: Self) -> Self = _mm512_roundscale_pd::<UP>(a);
        round(a: Self) -> Self = _mm512_roundscale_pd::<NEAREST>(a);
        copysign(magnitude: Self, sign: Self) -> Self = _mm512_or_pd(
            _mm512_andnot_pd(_mm512_set1_pd(-0.0), magnitude),
            _mm512_and_pd(_mm512_set1_pd(-0.0), sign),
        );
        // The instruction gives its second operand if either is NaN.
        min(a: Self, b: Self) -> Self =
            _mm512_mask_mov_pd(_mm512_min_pd(a, b), _mm512_cmp_pd_mask::<_CMP_UNORD_Q>(a, a), a);
        max(a: Self, b: Self) -> Self =
            _mm512_mask_mov_pd(_mm512_max_pd(a, b), _mm512_cmp_pd_mask::<_CMP_UNORD_Q>(a, a), a);
        at_most(a: Self, bound: Self) -> Self = _mm512_min_pd(bound, a);
        at_least(a: Self, bound: Self) -> Self = _mm512_max_pd(bound, a);
        scaled(a: Self, n: Self) -> Option<Self> = Some(_mm512_scalef_pd(a, n));
        lookup(table: &[f64], place: __m512i) -> Option<Self> = {
            let (low, high) = (_mm512_loadu_pd(table[..8].as_ptr()), _mm512_loadu_pd(table[8..16].as_ptr()));
            Some(_mm512_permutex2var_pd(low, place, high))
        };

        lt(a: Self, b: Self) -> __mmask8 = _mm512_cmp_pd_mask::<_CMP_LT_OQ>(a, b);
        le(a: Self, b: Self) -> __mmask8 = _mm512_cmp_pd_mask::<_CMP_LE_OQ>(a, b);
        eq(a: Self, b: Self) -> __mmask8 = _mm512_cmp_pd_mask::<_CMP_EQ_OQ>(a, b);
        ne(a: Self, b: Self) -> __mmask8 = _mm512_cmp_pd_mask::<_CMP_NEQ_UQ>(a, b);
        select(mask: __mmask8, yes: Self, no: Self) -> Self = _mm512_mask_mov_pd(no, mask, yes);
        mask_from_bits(bits: u32) -> __mmask8 = bits as __mmask8;
        mask_to_bits(mask: __mmask8) -> u32 = u32::from(mask);
        mask_first(live: usize) -> __mmask8 = ((1_u32 << live.min(8)) - 1) as __mmask8;
        mask_and(a: __mmask8, b: __mmask8) -> __mmask8 = a & b;
        mask_or(a: __mmask8, b: __mmask8) -> __mmask8 = a | b;
        mask_xor(a: __mmask8, b: __mmask8) -> __mmask8 = a ^ b;

        to_bits(a: Self) -> __m512i = _mm512_castpd_si512(a);
        from_bits(bits: __m512i) -> Self = _mm512_castsi512_pd(bits);
        bits_splat(value: i64) -> __m512i = _mm512_set1_epi64(value);
        bits_add(a: __m512i, b: __m512i) -> __m512i = _mm512_add_epi64(a, b);
        bits_sub(a: __m512i, b: __m512i) -> __m512i = _mm512_sub_epi64(a, b);
        bits_and(a: __m512i, b: __m512i) -> __m512i = _mm512_and_si512(a, b);
        bits_or(a: __m512i, b: __m512i) -> __m512i = _mm512_or_si512(a, b);
        bits_xor(a: __m512i, b: __m512i) -> __m512i = _mm512_xor_si512(a, b);

        index_eq(a: [i64; 8], b: [i64; 8]) -> __mmask8 = _mm512_cmpeq_epi64_mask(whole(a), whole(b));
        index_lt(a: [i64; 8], b: [i64; 8]) -> __mmask8 = _mm512_cmplt_epi64_mask(whole(a), whole(b));
        index_select(mask: __mmask8, yes: [i64; 8], no: [i64; 8]) -> [i64; 8] =
            transmute::<__m512i, [i64; 8]>(_mm512_mask_mov_epi64(whole(no), mask, whole(yes)));

        exchange(a: Self, b: Self, distance: usize) -> [Self; 2] = match distance {
            4 => [_mm512_shuffle_f64x2::<0b01_00_01_00>(a, b), _mm512_shuffle_f64x2::<0b11_10_11_10>(a, b)],
            2 => [
                _mm512_mask_shuffle_f64x2::<0b10_11_00_01>(a, 0xcc, b, b),
                _mm512_mask_shuffle_f64x2::<0b10_11_00_01>(b, 0x33, a, a),
            ],
            _ => [_mm512_unpacklo_pd(a, b), _mm512_unpackhi_pd(a, b)],
        };
        sum_of_lower(a: Self) -> f64 = __m256d::sum(_mm512_castpd512_pd256(a));
        sum(a: Self) -> f64 = __m256d::sum(__m256d::add(_mm512_castpd512_pd256(a), _mm512_extractf64x4_pd::<1>(a)));
        product(a: Self) -> f64 = __m256d::product(__m256d::mul(_mm512_castpd512_pd256(a), _mm512_extractf64x4_pd::<1>(a)));
        maximum(a: Self) -> f64 = __m256d::maximum(__m256d::max(_mm512_castpd512_pd256(a), _mm512_extractf64x4_pd::<1>(a)));
        minimum(a: Self) -> f64 = __m256d::minimum(__m256d::min(_mm512_castpd512_pd256(a), _mm512_extractf64x4_pd::<1>(a)));
    }
    shifts! {
        bits_shl(a, by) -> __m512i = _mm512_sll_epi64(a, by);
        bits_shr(a, by) -> __m512i = _mm512_srl_epi64(a, by);
        bits_sar(a, by) -> __m512i = _mm512_sra_epi64(a, by);
    }
}
