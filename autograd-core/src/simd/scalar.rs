//! Plain numbers: as registers with one lane and as [`Lanes`] with one lane.
//!
//! Packs of them, arrays of 64 bytes worked through by loops of known length, are what the compiler's own vectoriser
//! works on where no registers are named; it is at its best where nothing is carried from block to block.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "these are the operations themselves"
)]

use core::num::Wrapping;

use super::{Bits, Block, IndexLanes, Lanes, Mask, register::Register, to_i64};

/// Whether the target has fused multiply-add without asking (and the feature `reproducible` does not forbid it).
const FUSED: bool = !cfg!(feature = "reproducible") && (cfg!(target_arch = "aarch64") || cfg!(target_feature = "fma"));

/// Whether the target rounds to integers in one instruction; otherwise the library would be called for each lane.
const ROUNDS: bool = !cfg!(any(target_arch = "x86", target_arch = "x86_64")) || cfg!(target_feature = "sse4.1");

/// Registers of 16 bytes that the target has, as numbers: what four of them, a pack, can be kept of.
const REGISTERS: usize = if cfg!(any(target_arch = "x86", target_arch = "x86_64")) { 16 } else { 32 };

/// Associated functions of one expression each.
macro_rules! one_lane {
    ($($name:ident($($arg:ident: $of:ty),*) -> $out:ty = $body:expr;)*) => {$(
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn $name($($arg: $of),*) -> $out {
            $body
        }
    )*};
}

/// Methods of one expression each.
macro_rules! one_lane_methods {
    ($($name:ident($($arg:ident: $of:ty),*) -> $out:ty, $a:ident => $body:expr;)*) => {$(
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn $name(self, $($arg: $of),*) -> $out {
            let $a = self;
            $body
        }
    )*};
}

macro_rules! scalar {
    ($t:ident, $bits:ident, $signed:ident, integers from $integral:literal, registers $registers:expr) => {
        impl Register for $t {
            type Scalar = $t;
            type Mask = bool;
            type Bits = $bits;
            type Array = [$t; 1];
            type Index = [i64; 1];
            const LANES: usize = 1;
            const FUSED: bool = FUSED;
            const AVAILABLE: usize = $registers;
            const ZEROS: [$t; 1] = [0.0];
            const ZERO_INDEX: [i64; 1] = [0];

            one_lane! {
                splat(value: $t) -> $t = value;
                from_array(array: [$t; 1]) -> $t = array[0];
                to_array(a: $t) -> [$t; 1] = [a];
                from_index(index: [i64; 1]) -> $t = index[0] as $t;
                load(from: &[$t]) -> $t = from[0];
                load_first(from: &[$t]) -> $t = if let [a, ..] = from { *a } else { 0.0 };
                store(a: $t, to: &mut [$t]) -> () = to[0] = a;
                store_first(a: $t, to: &mut [$t]) -> () = if let [to, ..] = to { *to = a };

                add(a: $t, b: $t) -> $t = a + b;
                sub(a: $t, b: $t) -> $t = a - b;
                mul(a: $t, b: $t) -> $t = a * b;
                div(a: $t, b: $t) -> $t = a / b;
                neg(a: $t) -> $t = -a;
                mul_add(a: $t, b: $t, c: $t) -> $t = if FUSED { $t::mul_add(a, b, c) } else { a * b + c };
                sqrt(a: $t) -> $t = a.sqrt();
                abs(a: $t) -> $t = a.abs();
                floor(a: $t) -> $t = if ROUNDS { a.floor() } else {
                    let near = <$t as Register>::round(a);
                    (if near > a { near - 1.0 } else { near }).copysign(a)
                };
                ceil(a: $t) -> $t = if ROUNDS { a.ceil() } else {
                    let near = <$t as Register>::round(a);
                    (if near < a { near + 1.0 } else { near }).copysign(a)
                };
                // Past `integral` all numbers are integers; below it, adding and subtracting it rounds half to even.
                round(a: $t) -> $t = if ROUNDS { a.round_ties_even() } else {
                    let size = a.abs();
                    let near = ((size + $integral) - $integral).copysign(a);
                    if size < $integral { near } else { a }
                };
                copysign(magnitude: $t, sign: $t) -> $t = magnitude.copysign(sign);
                min(a: $t, b: $t) -> $t = {
                    let least = if a < b { a } else { b };
                    if a.is_nan() { a } else { least }
                };
                max(a: $t, b: $t) -> $t = {
                    let most = if a > b { a } else { b };
                    if a.is_nan() { a } else { most }
                };

                lt(a: $t, b: $t) -> bool = a < b;
                le(a: $t, b: $t) -> bool = a <= b;
                eq(a: $t, b: $t) -> bool = a == b;
                ne(a: $t, b: $t) -> bool = a != b;
                select(mask: bool, yes: $t, no: $t) -> $t = if mask { yes } else { no };
                mask_from_bits(bits: u32) -> bool = bits & 1 != 0;
                mask_to_bits(mask: bool) -> u32 = u32::from(mask);
                mask_first(live: usize) -> bool = live > 0;
                mask_and(a: bool, b: bool) -> bool = a & b;
                mask_or(a: bool, b: bool) -> bool = a | b;
                mask_xor(a: bool, b: bool) -> bool = a ^ b;

                to_bits(a: $t) -> $bits = a.to_bits();
                from_bits(bits: $bits) -> $t = $t::from_bits(bits);
                bits_splat(value: i64) -> $bits = value as $bits;
                bits_add(a: $bits, b: $bits) -> $bits = a.wrapping_add(b);
                bits_sub(a: $bits, b: $bits) -> $bits = a.wrapping_sub(b);
                bits_and(a: $bits, b: $bits) -> $bits = a & b;
                bits_or(a: $bits, b: $bits) -> $bits = a | b;
                bits_xor(a: $bits, b: $bits) -> $bits = a ^ b;

                sum(a: $t) -> $t = a;
                product(a: $t) -> $t = a;
                maximum(a: $t) -> $t = a;
                minimum(a: $t) -> $t = a;
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn bits_shl<const BY: i32>(a: $bits) -> $bits {
                a << BY
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn bits_shr<const BY: i32>(a: $bits) -> $bits {
                a >> BY
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn bits_sar<const BY: i32>(a: $bits) -> $bits {
                (a as $signed >> BY) as $bits
            }
        }

        impl Bits for Wrapping<$bits> {
            one_lane! {
                splat(value: i64) -> Self = Wrapping(value as $bits);
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn shl<const BY: i32>(self) -> Self {
                Wrapping(self.0 << BY)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn shr<const BY: i32>(self) -> Self {
                Wrapping(self.0 >> BY)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn sar<const BY: i32>(self) -> Self {
                Wrapping(<$t as Register>::bits_sar::<BY>(self.0))
            }
        }

        impl Lanes<$t> for $t {
            type Mask = bool;
            type Index = i64;
            type Bits = Wrapping<$bits>;
            type Folded = Self;
            const COUNT: usize = 1;
            const FUSED: bool = FUSED;
            const IN_REGISTERS: usize = $registers;

            one_lane! {
                splat(value: $t) -> Self = value;
                from_index(index: i64) -> Self = index as $t;
                from_bits(bits: Self::Bits) -> Self = $t::from_bits(bits.0);
                select(mask: bool, yes: Self, no: Self) -> Self = if mask { yes } else { no };
                load(from: &[$t], base: usize, at: Block) -> Self = from[base.wrapping_add(at.start)];
                load_strided(from: &[$t], base: isize, stride: isize, at: Block) -> Self =
                    from[element(base, stride, at)];
                row_sums(rows: &mut [Self]) -> Self = rows[0];
                transpose(_rows: &mut [Self]) -> () = ();
            }
            one_lane_methods! {
                lane(_lane: usize) -> $t, a => a;
                fold() -> Self, a => a;
                fold_products(b: Self, sum: Self) -> Self, a => <$t as Register>::mul_add(a, b, sum);
                map(f: impl Fn($t) -> $t) -> Self, a => f(a);
                store(to: &mut [$t], base: usize, at: Block) -> (), a => to[base + at.start] = a;
                store_strided(to: &mut [$t], base: isize, stride: isize, at: Block) -> (), a =>
                    to[element(base, stride, at)] = a;
                mul_add(b: Self, c: Self) -> Self, a => <$t as Register>::mul_add(a, b, c);
                sqrt() -> Self, a => <$t as Register>::sqrt(a);
                abs() -> Self, a => <$t as Register>::abs(a);
                floor() -> Self, a => <$t as Register>::floor(a);
                to_index() -> i64, a => to_i64(f64::from(a));
                ceil() -> Self, a => <$t as Register>::ceil(a);
                round() -> Self, a => <$t as Register>::round(a);
                copysign(sign: Self) -> Self, a => <$t as Register>::copysign(a, sign);
                min(b: Self) -> Self, a => <$t as Register>::min(a, b);
                max(b: Self) -> Self, a => <$t as Register>::max(a, b);
                lt(b: Self) -> bool, a => a < b;
                le(b: Self) -> bool, a => a <= b;
                eq(b: Self) -> bool, a => a == b;
                ne(b: Self) -> bool, a => a != b;
                to_bits() -> Self::Bits, a => Wrapping($t::to_bits(a));
                sum() -> $t, a => a;
                product() -> $t, a => a;
                maximum() -> $t, a => a;
                minimum() -> $t, a => a;
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn from_fn(mut f: impl FnMut(usize) -> $t) -> Self {
                f(0)
            }
        }
    };
}

scalar!(f32, u32, i32, integers from 8_388_608.0, registers REGISTERS);
scalar!(f64, u64, i64, integers from 4_503_599_627_370_496.0, registers REGISTERS);

impl Mask for bool {
    one_lane! {
        splat(value: bool) -> Self = value;
        first(live: usize) -> Self = live > 0;
        load(from: &[bool], base: usize, at: Block) -> Self = from[base.wrapping_add(at.start)];
        load_strided(from: &[bool], base: isize, stride: isize, at: Block) -> Self =
            from[element(base, stride, at)];
    }
    one_lane_methods! {
        any() -> bool, a => a;
        all() -> bool, a => a;
        lane(_lane: usize) -> bool, a => a;
        store(to: &mut [bool], base: usize, at: Block) -> (), a => to[base + at.start] = a;
        store_strided(to: &mut [bool], base: isize, stride: isize, at: Block) -> (), a =>
            to[element(base, stride, at)] = a;
    }
}

impl IndexLanes for i64 {
    type Mask = bool;
    one_lane! {
        splat(value: i64) -> Self = value;
        iota(at: Block) -> Self = at.start as i64;
        load(from: &[usize], base: usize, at: Block) -> Self = from[base.wrapping_add(at.start)] as i64;
        load_strided(from: &[usize], base: isize, stride: isize, at: Block) -> Self =
            from[element(base, stride, at)] as i64;
        select(mask: bool, yes: i64, no: i64) -> Self = if mask { yes } else { no };
    }
    one_lane_methods! {
        lane(_lane: usize) -> i64, a => a;
        store(to: &mut [usize], base: usize, at: Block) -> (), a => to[base + at.start] = a as usize;
        store_strided(to: &mut [usize], base: isize, stride: isize, at: Block) -> (), a =>
            to[element(base, stride, at)] = a as usize;
        eq(b: Self) -> bool, a => a == b;
        lt(b: Self) -> bool, a => a < b;
        zip(b: Self, f: impl Fn(i64, i64) -> i64) -> Self, a => f(a, b);
    }
}

/// Where the first lane of a strided block is. A negative place wraps to one that no slice has.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn element(base: isize, stride: isize, at: Block) -> usize {
    base.wrapping_add(stride.wrapping_mul(at.start as isize)) as usize
}
