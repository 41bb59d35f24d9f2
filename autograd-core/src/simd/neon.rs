//! Registers of 16 bytes: NEON, which every `aarch64` has, with its fused multiply-add.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::needless_range_loop,
    clippy::wildcard_imports,
    reason = "conversions are the operations themselves; loops over indices need no closure to be inlined"
)]

use core::arch::aarch64::*;

use super::{
    intrinsics::{intrinsics, layout, short},
    register::Register,
};

/// Shifts of bits by a constant; there is one instruction, which shifts to the right by negative numbers.
macro_rules! shifts {
    ($($name:ident($a:ident: $of:ty, $by:ident: $signed:ty) = $body:expr;)*) => {$(
        #[inline(always)]
        #[allow(unused_unsafe, reason = "safe where the target has the instructions without asking")]
        fn $name<const BY: i32>($a: $of) -> $of {
            let $by = BY as $signed;
            // SAFETY: the module is compiled only where the target has the instructions; no memory is touched.
            unsafe { $body }
        }
    )*};
}

impl Register for float32x4_t {
    layout!(f32 x 4, mask uint32x4_t, bits uint32x4_t, fused !cfg!(feature = "reproducible"), of 32);
    short!(f32 x 4);

    intrinsics! {
        splat(value: f32) -> Self = vdupq_n_f32(value);
        load(from: &[f32]) -> Self = vld1q_f32(from[..4].as_ptr());
        store(a: Self, to: &mut [f32]) -> () = vst1q_f32(to[..4].as_mut_ptr(), a);

        add(a: Self, b: Self) -> Self = vaddq_f32(a, b);
        sub(a: Self, b: Self) -> Self = vsubq_f32(a, b);
        mul(a: Self, b: Self) -> Self = vmulq_f32(a, b);
        div(a: Self, b: Self) -> Self = vdivq_f32(a, b);
        neg(a: Self) -> Self = vnegq_f32(a);
        mul_add(a: Self, b: Self, c: Self) -> Self =
            if Self::FUSED { vfmaq_f32(c, a, b) } else { vaddq_f32(vmulq_f32(a, b), c) };
        sqrt(a: Self) -> Self = vsqrtq_f32(a);
        abs(a: Self) -> Self = vabsq_f32(a);
        floor(a: Self) -> Self = vrndmq_f32(a);
        ceil(a: Self) -> Self = vrndpq_f32(a);
        round(a: Self) -> Self = vrndnq_f32(a);
        copysign(magnitude: Self, sign: Self) -> Self = vbslq_f32(vreinterpretq_u32_f32(vdupq_n_f32(-0.0)), sign, magnitude);
        // The instructions for it order -0 below 0, which those of other processors do not.
        min(a: Self, b: Self) -> Self = vbslq_f32(vorrq_u32(vcltq_f32(a, b), vmvnq_u32(vceqq_f32(a, a))), a, b);
        max(a: Self, b: Self) -> Self = vbslq_f32(vorrq_u32(vcgtq_f32(a, b), vmvnq_u32(vceqq_f32(a, a))), a, b);

        lt(a: Self, b: Self) -> uint32x4_t = vcltq_f32(a, b);
        le(a: Self, b: Self) -> uint32x4_t = vcleq_f32(a, b);
        eq(a: Self, b: Self) -> uint32x4_t = vceqq_f32(a, b);
        ne(a: Self, b: Self) -> uint32x4_t = vmvnq_u32(vceqq_f32(a, b));
        select(mask: uint32x4_t, yes: Self, no: Self) -> Self = vbslq_f32(mask, yes, no);
        mask_from_bits(bits: u32) -> uint32x4_t = vtstq_u32(vdupq_n_u32(bits), vld1q_u32([1, 2, 4, 8].as_ptr()));
        mask_to_bits(mask: uint32x4_t) -> u32 = vaddvq_u32(vandq_u32(mask, vld1q_u32([1, 2, 4, 8].as_ptr()))) as u32;
        mask_first(live: usize) -> uint32x4_t = vcltq_u32(vld1q_u32([0, 1, 2, 3].as_ptr()), vdupq_n_u32(live.min(4) as u32));
        mask_and(a: uint32x4_t, b: uint32x4_t) -> uint32x4_t = vandq_u32(a, b);
        mask_or(a: uint32x4_t, b: uint32x4_t) -> uint32x4_t = vorrq_u32(a, b);
        mask_xor(a: uint32x4_t, b: uint32x4_t) -> uint32x4_t = veorq_u32(a, b);

        to_bits(a: Self) -> uint32x4_t = vreinterpretq_u32_f32(a);
        from_bits(bits: uint32x4_t) -> Self = vreinterpretq_f32_u32(bits);
        bits_splat(value: i64) -> uint32x4_t = vdupq_n_u32(value as u32);
        bits_add(a: uint32x4_t, b: uint32x4_t) -> uint32x4_t = vaddq_u32(a, b);
        bits_sub(a: uint32x4_t, b: uint32x4_t) -> uint32x4_t = vsubq_u32(a, b);
        bits_and(a: uint32x4_t, b: uint32x4_t) -> uint32x4_t = vandq_u32(a, b);
        bits_or(a: uint32x4_t, b: uint32x4_t) -> uint32x4_t = vorrq_u32(a, b);
        bits_xor(a: uint32x4_t, b: uint32x4_t) -> uint32x4_t = veorq_u32(a, b);

        exchange(a: Self, b: Self, distance: usize) -> [Self; 2] = if distance == 2 {
            [vcombine_f32(vget_low_f32(a), vget_low_f32(b)), vcombine_f32(vget_high_f32(a), vget_high_f32(b))]
        } else {
            [vtrn1q_f32(a, b), vtrn2q_f32(a, b)]
        };
        sum(a: Self) -> f32 = {
            let two = Self::add(a, vextq_f32::<2>(a, a));
            vgetq_lane_f32::<0>(Self::add(two, vextq_f32::<1>(two, two)))
        };
        product(a: Self) -> f32 = {
            let two = Self::mul(a, vextq_f32::<2>(a, a));
            vgetq_lane_f32::<0>(Self::mul(two, vextq_f32::<1>(two, two)))
        };
        maximum(a: Self) -> f32 = {
            let two = Self::max(a, vextq_f32::<2>(a, a));
            vgetq_lane_f32::<0>(Self::max(two, vextq_f32::<1>(two, two)))
        };
        minimum(a: Self) -> f32 = {
            let two = Self::min(a, vextq_f32::<2>(a, a));
            vgetq_lane_f32::<0>(Self::min(two, vextq_f32::<1>(two, two)))
        };
    }
    shifts! {
        bits_shl(a: uint32x4_t, by: i32) = vshlq_u32(a, vdupq_n_s32(by));
        bits_shr(a: uint32x4_t, by: i32) = vshlq_u32(a, vdupq_n_s32(-by));
        bits_sar(a: uint32x4_t, by: i32) = vreinterpretq_u32_s32(vshlq_s32(vreinterpretq_s32_u32(a), vdupq_n_s32(-by)));
    }
}

impl Register for float64x2_t {
    layout!(f64 x 2, mask uint64x2_t, bits uint64x2_t, fused !cfg!(feature = "reproducible"), of 32);
    short!(f64 x 2);

    intrinsics! {
        splat(value: f64) -> Self = vdupq_n_f64(value);
        load(from: &[f64]) -> Self = vld1q_f64(from[..2].as_ptr());
        store(a: Self, to: &mut [f64]) -> () = vst1q_f64(to[..2].as_mut_ptr(), a);

        add(a: Self, b: Self) -> Self = vaddq_f64(a, b);
        sub(a: Self, b: Self) -> Self = vsubq_f64(a, b);
        mul(a: Self, b: Self) -> Self = vmulq_f64(a, b);
        div(a: Self, b: Self) -> Self = vdivq_f64(a, b);
        neg(a: Self) -> Self = vnegq_f64(a);
        mul_add(a: Self, b: Self, c: Self) -> Self =
            if Self::FUSED { vfmaq_f64(c, a, b) } else { vaddq_f64(vmulq_f64(a, b), c) };
        sqrt(a: Self) -> Self = vsqrtq_f64(a);
        abs(a: Self) -> Self = vabsq_f64(a);
        floor(a: Self) -> Self = vrndmq_f64(a);
        ceil(a: Self) -> Self = vrndpq_f64(a);
        round(a: Self) -> Self = vrndnq_f64(a);
        copysign(magnitude: Self, sign: Self) -> Self = vbslq_f64(vreinterpretq_u64_f64(vdupq_n_f64(-0.0)), sign, magnitude);
        // The instructions for it order -0 below 0, which those of other processors do not.
        min(a: Self, b: Self) -> Self = vbslq_f64(vorrq_u64(vcltq_f64(a, b), veorq_u64(vceqq_f64(a, a), vdupq_n_u64(u64::MAX))), a, b);
        max(a: Self, b: Self) -> Self = vbslq_f64(vorrq_u64(vcgtq_f64(a, b), veorq_u64(vceqq_f64(a, a), vdupq_n_u64(u64::MAX))), a, b);

        lt(a: Self, b: Self) -> uint64x2_t = vcltq_f64(a, b);
        le(a: Self, b: Self) -> uint64x2_t = vcleq_f64(a, b);
        eq(a: Self, b: Self) -> uint64x2_t = vceqq_f64(a, b);
        ne(a: Self, b: Self) -> uint64x2_t = veorq_u64(vceqq_f64(a, b), vdupq_n_u64(u64::MAX));
        select(mask: uint64x2_t, yes: Self, no: Self) -> Self = vbslq_f64(mask, yes, no);
        mask_from_bits(bits: u32) -> uint64x2_t = vtstq_u64(vdupq_n_u64(bits.into()), vld1q_u64([1, 2].as_ptr()));
        mask_to_bits(mask: uint64x2_t) -> u32 = vaddvq_u64(vandq_u64(mask, vld1q_u64([1, 2].as_ptr()))) as u32;
        mask_first(live: usize) -> uint64x2_t = vcltq_u64(vld1q_u64([0, 1].as_ptr()), vdupq_n_u64(live.min(2) as u64));
        mask_and(a: uint64x2_t, b: uint64x2_t) -> uint64x2_t = vandq_u64(a, b);
        mask_or(a: uint64x2_t, b: uint64x2_t) -> uint64x2_t = vorrq_u64(a, b);
        mask_xor(a: uint64x2_t, b: uint64x2_t) -> uint64x2_t = veorq_u64(a, b);

        to_bits(a: Self) -> uint64x2_t = vreinterpretq_u64_f64(a);
        from_bits(bits: uint64x2_t) -> Self = vreinterpretq_f64_u64(bits);
        bits_splat(value: i64) -> uint64x2_t = vdupq_n_u64(value as u64);
        bits_add(a: uint64x2_t, b: uint64x2_t) -> uint64x2_t = vaddq_u64(a, b);
        bits_sub(a: uint64x2_t, b: uint64x2_t) -> uint64x2_t = vsubq_u64(a, b);
        bits_and(a: uint64x2_t, b: uint64x2_t) -> uint64x2_t = vandq_u64(a, b);
        bits_or(a: uint64x2_t, b: uint64x2_t) -> uint64x2_t = vorrq_u64(a, b);
        bits_xor(a: uint64x2_t, b: uint64x2_t) -> uint64x2_t = veorq_u64(a, b);

        exchange(a: Self, b: Self, _distance: usize) -> [Self; 2] = [vtrn1q_f64(a, b), vtrn2q_f64(a, b)];
        sum(a: Self) -> f64 = vgetq_lane_f64::<0>(Self::add(a, vextq_f64::<1>(a, a)));
        product(a: Self) -> f64 = vgetq_lane_f64::<0>(Self::mul(a, vextq_f64::<1>(a, a)));
        maximum(a: Self) -> f64 = vgetq_lane_f64::<0>(Self::max(a, vextq_f64::<1>(a, a)));
        minimum(a: Self) -> f64 = vgetq_lane_f64::<0>(Self::min(a, vextq_f64::<1>(a, a)));
    }
    shifts! {
        bits_shl(a: uint64x2_t, by: i64) = vshlq_u64(a, vdupq_n_s64(by));
        bits_shr(a: uint64x2_t, by: i64) = vshlq_u64(a, vdupq_n_s64(-by));
        bits_sar(a: uint64x2_t, by: i64) = vreinterpretq_u64_s64(vshlq_s64(vreinterpretq_s64_u64(a), vdupq_n_s64(-by)));
    }
}
