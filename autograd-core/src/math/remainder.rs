//! The floored remainder.
//!
//! With q = floor(a/b) of the rounded quotient, a − q·b is formed without an error, as that of a product and a sum rounded
//! once. The quotient may have been rounded up to an integer; then q is one too large, the remainder has the other sign, and
//! adding b is exact. Lanes whose quotient has too many digits for that are divided to the end, one by one.

use super::layout::{constant_power, real};
use super::pair::two_product;
use crate::float::Float;
use crate::simd::{Lanes, Mask};

#[inline(always)]
pub(super) fn rem<T: Float, V: Lanes<T>>(a: V, b: V) -> V {
    let zero = real::<T, V>(0.0);
    let q = (a / b).floor();
    let rest = if V::FUSED {
        (-q).mul_add(b, a)
    } else {
        let product = two_product(q, b);
        (a - product.high) - product.low
    };
    let rest = V::select(q.eq(zero), a, rest);
    // Of no number and of 0 there is no sign to be wrong.
    let is_wrong = (rest.lt(zero) & zero.lt(b)) | (zero.lt(rest) & b.lt(zero));
    let rest = V::select(is_wrong, rest + b, rest);
    let y = V::select(rest.eq(zero), rest.abs().copysign(b), rest);
    let is_exact = q.abs().lt(real(0.25 / T::EPSILON.to_f64())) & is_moderate(a, b);
    if is_exact.all() {
        return y;
    }
    let divided = V::from_fn(
        #[inline(always)]
        |lane| T::from_f64(divided(a.lane(lane).to_f64(), b.lane(lane).to_f64())),
    );
    V::select(is_exact, y, divided)
}

/// Whether an unfused product is exact: neither do its halves overflow nor is its last digit subnormal.
#[inline(always)]
fn is_moderate<T: Float, V: Lanes<T>>(a: V, b: V) -> V::Mask {
    if V::FUSED {
        return V::Mask::splat(true);
    }
    let (low, high) = if T::BIAS == 127 { (-70, 110) } else { (-900, 990) };
    let (a, b) = (a.abs(), b.abs());
    let is_small = a.lt(constant_power(high)) & b.lt(constant_power(high));
    is_small & (constant_power::<T, V>(low).lt(a) | a.eq(real(0.0)))
}

/// The floored remainder of any two numbers. What `%` gives is exact.
#[cold]
#[inline(never)]
fn divided(a: f64, b: f64) -> f64 {
    let rest = a % b;
    if rest == 0.0 {
        0.0_f64.copysign(b)
    } else if (rest < 0.0) == (b < 0.0) {
        rest
    } else {
        rest + b
    }
}
