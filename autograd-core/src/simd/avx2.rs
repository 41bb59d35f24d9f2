//! Registers of 32 bytes: AVX2 and FMA.

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

/// The upper half of a register onto the lower one, until one lane is left.
macro_rules! fold {
    (f32x8: $a:ident, $four:ident, $one:ident) => {{
        let four = $four(_mm256_castps256_ps128($a), _mm256_extractf128_ps::<1>($a));
        let two = $four(four, _mm_movehl_ps(four, four));
        _mm_cvtss_f32($one(two, _mm_shuffle_ps::<1>(two, two)))
    }};
    (f64x4: $a:ident, $two:ident, $one:ident) => {{
        let two = $two(_mm256_castpd256_pd128($a), _mm256_extractf128_pd::<1>($a));
        _mm_cvtsd_f64($one(two, _mm_unpackhi_pd(two, two)))
    }};
}

/// The indices beside 8 numbers.
#[inline(always)]
fn halves(index: [i64; 8]) -> [__m256i; 2] {
    // SAFETY: the same size, and any bits will do.
    unsafe { transmute::<[i64; 8], [__m256i; 2]>(index) }
}

/// The indices beside 4 numbers.
#[inline(always)]
fn whole(index: [i64; 4]) -> __m256i {
    // SAFETY: the same size, and any bits will do.
    unsafe { transmute::<[i64; 4], __m256i>(index) }
}

/// Truth values of 64 bits as ones of 32 bits.
#[inline(always)]
#[allow(unused_unsafe, reason = "safe where the target has the instructions without asking")]
fn join(lower: __m256i, upper: __m256i) -> __m256 {
    // SAFETY: called by the registers' functions alone, so the instructions are there.
    unsafe {
        let pairs = _mm256_shuffle_ps::<0x88>(_mm256_castsi256_ps(lower), _mm256_castsi256_ps(upper));
        _mm256_castpd_ps(_mm256_permute4x64_pd::<0xD8>(_mm256_castps_pd(pairs)))
    }
}

impl Register for __m256 {
    layout!(f32 x 8, mask __m256, bits __m256i, fused !cfg!(feature = "reproducible"), of 16);

    intrinsics! {
        splat(value: f32) -> Self = _mm256_set1_ps(value);
        load(from: &[f32]) -> Self = _mm256_loadu_ps(from[..8].as_ptr());
        load_first(from: &[f32]) -> Self =
            _mm256_maskload_ps(from.as_ptr(), _mm256_castps_si256(Self::mask_first(from.len())));
        store(a: Self, to: &mut [f32]) -> () = _mm256_storeu_ps(to[..8].as_mut_ptr(), a);
        // A masked store takes as long as many plain ones on some processors.
        store_first(a: Self, to: &mut [f32]) -> () = {
            if to.len() >= 8 {
                return Self::store(a, to);
            }
            let (mut left, mut place) = (_mm256_castps256_ps128(a), to.as_mut_ptr());
            if to.len() & 4 != 0 {
                _mm_storeu_ps(place, left);
                (left, place) = (_mm256_extractf128_ps::<1>(a), place.add(4));
            }
            if to.len() & 2 != 0 {
                _mm_storel_pd(place.cast(), _mm_castps_pd(left));
                (left, place) = (_mm_movehl_ps(left, left), place.add(2));
            }
            if to.len() & 1 != 0 {
                _mm_store_ss(place, left);
            }
        };

        add(a: Self, b: Self) -> Self = _mm256_add_ps(a, b);
        sub(a: Self, b: Self) -> Self = _mm256_sub_ps(a, b);
        mul(a: Self, b: Self) -> Self = _mm256_mul_ps(a, b);
        div(a: Self, b: Self) -> Self = _mm256_div_ps(a, b);
        neg(a: Self) -> Self = _mm256_xor_ps(a, _mm256_set1_ps(-0.0));
        mul_add(a: Self, b: Self, c: Self) -> Self =
            if Self::FUSED { _mm256_fmadd_ps(a, b, c) } else { _mm256_add_ps(_mm256_mul_ps(a, b), c) };
        sqrt(a: Self) -> Self = _mm256_sqrt_ps(a);
        abs(a: Self) -> Self = _mm256_andnot_ps(_mm256_set1_ps(-0.0), a);
        floor(a: Self) -> Self = _mm256_round_ps::<DOWN>(a);
        ceil(a: Self) -> Self = _mm256_round_ps::<UP>(a);
        round(a: Self) -> Self = _mm256_round_ps::<NEAREST>(a);
        copysign(magnitude: Self, sign: Self) -> Self = _mm256_or_ps(
            _mm256_andnot_ps(_mm256_set1_ps(-0.0), magnitude),
            _mm256_and_ps(_mm256_set1_ps(-0.0), sign),
        );
        // The instruction gives its second operand if either is NaN.
        min(a: Self, b: Self) -> Self =
            _mm256_blendv_ps(_mm256_min_ps(a, b), a, _mm256_cmp_ps::<_CMP_UNORD_Q>(a, a));
        max(a: Self, b: Self) -> Self =
            _mm256_blendv_ps(_mm256_max_ps(a, b), a, _mm256_cmp_ps::<_CMP_UNORD_Q>(a, a));
        at_most(a: Self, bound: Self) -> Self = _mm256_min_ps(bound, a);
        at_least(a: Self, bound: Self) -> Self = _mm256_max_ps(bound, a);

        lt(a: Self, b: Self) -> __m256 = _mm256_cmp_ps::<_CMP_LT_OQ>(a, b);
        le(a: Self, b: Self) -> __m256 = _mm256_cmp_ps::<_CMP_LE_OQ>(a, b);
        eq(a: Self, b: Self) -> __m256 = _mm256_cmp_ps::<_CMP_EQ_OQ>(a, b);
        ne(a: Self, b: Self) -> __m256 = _mm256_cmp_ps::<_CMP_NEQ_UQ>(a, b);
        select(mask: __m256, yes: Self, no: Self) -> Self = _mm256_blendv_ps(no, yes, mask);
        mask_from_bits(bits: u32) -> __m256 = {
            let lane = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
            let set = _mm256_and_si256(_mm256_set1_epi32(bits as i32), lane);
            _mm256_castsi256_ps(_mm256_cmpeq_epi32(set, lane))
        };
        mask_to_bits(mask: __m256) -> u32 = _mm256_movemask_ps(mask) as u32;
        mask_first(live: usize) -> __m256 = _mm256_castsi256_ps(_mm256_cmpgt_epi32(
            _mm256_set1_epi32(live.min(8) as i32),
            _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7),
        ));
        mask_and(a: __m256, b: __m256) -> __m256 = _mm256_and_ps(a, b);
        mask_or(a: __m256, b: __m256) -> __m256 = _mm256_or_ps(a, b);
        mask_xor(a: __m256, b: __m256) -> __m256 = _mm256_xor_ps(a, b);

        to_bits(a: Self) -> __m256i = _mm256_castps_si256(a);
        from_bits(bits: __m256i) -> Self = _mm256_castsi256_ps(bits);
        bits_splat(value: i64) -> __m256i = _mm256_set1_epi32(value as i32);
        bits_add(a: __m256i, b: __m256i) -> __m256i = _mm256_add_epi32(a, b);
        bits_sub(a: __m256i, b: __m256i) -> __m256i = _mm256_sub_epi32(a, b);
        bits_and(a: __m256i, b: __m256i) -> __m256i = _mm256_and_si256(a, b);
        bits_or(a: __m256i, b: __m256i) -> __m256i = _mm256_or_si256(a, b);
        bits_xor(a: __m256i, b: __m256i) -> __m256i = _mm256_xor_si256(a, b);

        index_eq(a: [i64; 8], b: [i64; 8]) -> __m256 = {
            let ([a, c], [b, d]) = (halves(a), halves(b));
            join(_mm256_cmpeq_epi64(a, b), _mm256_cmpeq_epi64(c, d))
        };
        index_lt(a: [i64; 8], b: [i64; 8]) -> __m256 = {
            let ([a, c], [b, d]) = (halves(a), halves(b));
            join(_mm256_cmpgt_epi64(b, a), _mm256_cmpgt_epi64(d, c))
        };
        index_select(mask: __m256, yes: [i64; 8], no: [i64; 8]) -> [i64; 8] = {
            let ([a, c], [b, d]) = (halves(yes), halves(no));
            let mask = _mm256_castps_si256(mask);
            let lower = _mm256_cvtepi32_epi64(_mm256_castsi256_si128(mask));
            let upper = _mm256_cvtepi32_epi64(_mm256_extracti128_si256::<1>(mask));
            transmute::<[__m256i; 2], [i64; 8]>([_mm256_blendv_epi8(b, a, lower), _mm256_blendv_epi8(d, c, upper)])
        };

        exchange(a: Self, b: Self, distance: usize) -> [Self; 2] = match distance {
            4 => [_mm256_permute2f128_ps::<0x20>(a, b), _mm256_permute2f128_ps::<0x31>(a, b)],
            2 => [_mm256_shuffle_ps::<0b01_00_01_00>(a, b), _mm256_shuffle_ps::<0b11_10_11_10>(a, b)],
            _ => [_mm256_blend_ps::<0xaa>(a, _mm256_moveldup_ps(b)), _mm256_blend_ps::<0xaa>(_mm256_movehdup_ps(a), b)],
        };
        sum(a: Self) -> f32 = fold!(f32x8: a, _mm_add_ps, _mm_add_ss);
        product(a: Self) -> f32 = fold!(f32x8: a, _mm_mul_ps, _mm_mul_ss);
        maximum(a: Self) -> f32 = fold!(f32x8: a, max4, max4);
        minimum(a: Self) -> f32 = fold!(f32x8: a, min4, min4);
    }
    shifts! {
        bits_shl(a, by) -> __m256i = _mm256_sll_epi32(a, by);
        bits_shr(a, by) -> __m256i = _mm256_srl_epi32(a, by);
        bits_sar(a, by) -> __m256i = _mm256_sra_epi32(a, by);
    }
}

impl Register for __m256d {
    layout!(f64 x 4, mask __m256d, bits __m256i, fused !cfg!(feature = "reproducible"), of 16);

    intrinsics! {
        splat(value: f64) -> Self = _mm256_set1_pd(value);
        load(from: &[f64]) -> Self = _mm256_loadu_pd(from[..4].as_ptr());
        load_first(from: &[f64]) -> Self =
            _mm256_maskload_pd(from.as_ptr(), _mm256_castpd_si256(Self::mask_first(from.len())));
        store(a: Self, to: &mut [f64]) -> () = _mm256_storeu_pd(to[..4].as_mut_ptr(), a);
        store_first(a: Self, to: &mut [f64]) -> () = {
            if to.len() >= 4 {
                return Self::store(a, to);
            }
            let (mut left, mut place) = (_mm256_castpd256_pd128(a), to.as_mut_ptr());
            if to.len() & 2 != 0 {
                _mm_storeu_pd(place, left);
                (left, place) = (_mm256_extractf128_pd::<1>(a), place.add(2));
            }
            if to.len() & 1 != 0 {
                _mm_store_sd(place, left);
            }
        };

        add(a: Self, b: Self) -> Self = _mm256_add_pd(a, b);
        sub(a: Self, b: Self) -> Self = _mm256_sub_pd(a, b);
        mul(a: Self, b: Self) -> Self = _mm256_mul_pd(a, b);
        div(a: Self, b: Self) -> Self = _mm256_div_pd(a, b);
        neg(a: Self) -> Self = _mm256_xor_pd(a, _mm256_set1_pd(-0.0));
        mul_add(a: Self, b: Self, c: Self) -> Self =
            if Self::FUSED { _mm256_fmadd_pd(a, b, c) } else { _mm256_add_pd(_mm256_mul_pd(a, b), c) };
        sqrt(a: Self) -> Self = _mm256_sqrt_pd(a);
        abs(a: Self) -> Self = _mm256_andnot_pd(_mm256_set1_pd(-0.0), a);
        floor(a: Self) -> Self = _mm256_round_pd::<DOWN>(a);
        ceil(a: Self) -> Self = _mm256_round_pd::<UP>(a);
        round(a: Self) -> Self = _mm256_round_pd::<NEAREST>(a);
        copysign(magnitude: Self, sign: Self) -> Self = _mm256_or_pd(
            _mm256_andnot_pd(_mm256_set1_pd(-0.0), magnitude),
            _mm256_and_pd(_mm256_set1_pd(-0.0), sign),
        );
        // The instruction gives its second operand if either is NaN.
        min(a: Self, b: Self) -> Self =
            _mm256_blendv_pd(_mm256_min_pd(a, b), a, _mm256_cmp_pd::<_CMP_UNORD_Q>(a, a));
        max(a: Self, b: Self) -> Self =
            _mm256_blendv_pd(_mm256_max_pd(a, b), a, _mm256_cmp_pd::<_CMP_UNORD_Q>(a, a));
        at_most(a: Self, bound: Self) -> Self = _mm256_min_pd(bound, a);
        at_least(a: Self, bound: Self) -> Self = _mm256_max_pd(bound, a);

        lt(a: Self, b: Self) -> __m256d = _mm256_cmp_pd::<_CMP_LT_OQ>(a, b);
        le(a: Self, b: Self) -> __m256d = _mm256_cmp_pd::<_CMP_LE_OQ>(a, b);
        eq(a: Self, b: Self) -> __m256d = _mm256_cmp_pd::<_CMP_EQ_OQ>(a, b);
        ne(a: Self, b: Self) -> __m256d = _mm256_cmp_pd::<_CMP_NEQ_UQ>(a, b);
        select(mask: __m256d, yes: Self, no: Self) -> Self = _mm256_blendv_pd(no, yes, mask);
        mask_from_bits(bits: u32) -> __m256d = {
            let lane = _mm256_setr_epi64x(1, 2, 4, 8);
            let set = _mm256_and_si256(_mm256_set1_epi64x(i64::from(bits)), lane);
            _mm256_castsi256_pd(_mm256_cmpeq_epi64(set, lane))
        };
        mask_to_bits(mask: __m256d) -> u32 = _mm256_movemask_pd(mask) as u32;
        mask_first(live: usize) -> __m256d = _mm256_castsi256_pd(_mm256_cmpgt_epi64(
            _mm256_set1_epi64x(live.min(4) as i64),
            _mm256_setr_epi64x(0, 1, 2, 3),
        ));
        mask_and(a: __m256d, b: __m256d) -> __m256d = _mm256_and_pd(a, b);
        mask_or(a: __m256d, b: __m256d) -> __m256d = _mm256_or_pd(a, b);
        mask_xor(a: __m256d, b: __m256d) -> __m256d = _mm256_xor_pd(a, b);

        to_bits(a: Self) -> __m256i = _mm256_castpd_si256(a);
        from_bits(bits: __m256i) -> Self = _mm256_castsi256_pd(bits);
        bits_splat(value: i64) -> __m256i = _mm256_set1_epi64x(value);
        bits_add(a: __m256i, b: __m256i) -> __m256i = _mm256_add_epi64(a, b);
        bits_sub(a: __m256i, b: __m256i) -> __m256i = _mm256_sub_epi64(a, b);
        bits_and(a: __m256i, b: __m256i) -> __m256i = _mm256_and_si256(a, b);
        bits_or(a: __m256i, b: __m256i) -> __m256i = _mm256_or_si256(a, b);
        bits_xor(a: __m256i, b: __m256i) -> __m256i = _mm256_xor_si256(a, b);

        index_eq(a: [i64; 4], b: [i64; 4]) -> __m256d = _mm256_castsi256_pd(_mm256_cmpeq_epi64(whole(a), whole(b)));
        index_lt(a: [i64; 4], b: [i64; 4]) -> __m256d = _mm256_castsi256_pd(_mm256_cmpgt_epi64(whole(b), whole(a)));
        index_select(mask: __m256d, yes: [i64; 4], no: [i64; 4]) -> [i64; 4] =
            transmute::<__m256i, [i64; 4]>(_mm256_blendv_epi8(whole(no), whole(yes), _mm256_castpd_si256(mask)));

        exchange(a: Self, b: Self, distance: usize) -> [Self; 2] = match distance {
            2 => [_mm256_permute2f128_pd::<0x20>(a, b), _mm256_permute2f128_pd::<0x31>(a, b)],
            _ => [_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b)],
        };
        sum(a: Self) -> f64 = fold!(f64x4: a, _mm_add_pd, _mm_add_sd);
        product(a: Self) -> f64 = fold!(f64x4: a, _mm_mul_pd, _mm_mul_sd);
        maximum(a: Self) -> f64 = fold!(f64x4: a, max2, max2);
        minimum(a: Self) -> f64 = fold!(f64x4: a, min2, min2);
    }
    shifts! {
        bits_shl(a, by) -> __m256i = _mm256_sll_epi64(a, by);
        bits_shr(a, by) -> __m256i = _mm256_srl_epi64(a, by);
        // There is no such instruction: shift zeros in, then flip the copied sign down from its new place.
        bits_sar(a, by) -> __m256i = {
            let sign = _mm256_srl_epi64(_mm256_set1_epi64x(i64::MIN), by);
            _mm256_sub_epi64(_mm256_xor_si256(_mm256_srl_epi64(a, by), sign), sign)
        };
    }
}

/// The functions that folds need on half a register: NaN wins.
macro_rules! halves {
    ($($name:ident($t:ty) = $with:ident, $select:ident, $compare:ident;)*) => {$(
        #[inline(always)]
        #[allow(unused_unsafe, reason = "safe where the target has the instructions without asking")]
        fn $name(a: $t, b: $t) -> $t {
            // SAFETY: called by the registers' functions alone, so the instructions are there.
            unsafe { $select($with(a, b), a, $compare::<_CMP_UNORD_Q>(a, a)) }
        }
    )*};
}

halves! {
    min4(__m128) = _mm_min_ps, _mm_blendv_ps, _mm_cmp_ps;
    max4(__m128) = _mm_max_ps, _mm_blendv_ps, _mm_cmp_ps;
    min2(__m128d) = _mm_min_pd, _mm_blendv_pd, _mm_cmp_pd;
    max2(__m128d) = _mm_max_pd, _mm_blendv_pd, _mm_cmp_pd;
}
