//! cbrt and hypot.
//!
//! x = m·2^(3q + j): a minimax polynomial of 1/∛m, one step of Halley's iteration for it, and a last Newton step for
//! the root itself, whose remainder is formed exactly. hypot is √(x² + y²) after scaling both by a power of two.
#![allow(clippy::many_single_char_names, reason = "the names of the formulas above")]

use super::layout::{constant_power, nearest, polynomial, power_of_two, real, take_apart};
use super::log::lift;
use super::pair::two_product;
use crate::float::Float;
use crate::simd::Lanes;

/// One constant for negative numbers, another one for positive ones, and 1 for zero.
#[inline(always)]
fn by_sign<T: Float, V: Lanes<T>>(x: V, negative: f64, positive: f64) -> V {
    let zero = real::<T, V>(0.0);
    V::select(x.lt(zero), real(negative), V::select(zero.lt(x), real(positive), real(1.0)))
}

#[inline(always)]
pub(super) fn cbrt<T: Float, V: Lanes<T>>(x: V) -> V {
    let (zero, one) = (real::<T, V>(0.0), real::<T, V>(1.0));
    let size = x.abs();
    let (lifted, offset) = lift(size);
    let (m, k, _) = take_apart(lifted);
    let k = k + offset;
    let (third, bits) = nearest(k, T::from_f64(1.0 / 3.0));
    let j = third.mul_add(real(-3.0), k);
    let start = polynomial(m, T::CBRT) * by_sign(j, 1.259_921_049_894_873_2, 0.793_700_525_984_099_7);
    let m = m * by_sign(j, 0.5, 2.0);
    // `start` = m^(−1/3) (1 + d) has the remainder 1 − m·start³ ≈ −3d.
    let rest = one - m * start * start * start;
    let w = start + start * rest * rest.mul_add(real(2.0 / 9.0), real(1.0 / 3.0));
    let inverse_square = w * w;
    let y = m * inverse_square;
    let square = two_product(y, y);
    let cube = two_product(square.high, y);
    let rest = ((m - cube.high) - cube.low) - square.low * y;
    let y = y + rest * inverse_square * real(1.0 / 3.0);
    let y = (y * power_of_two(bits)).copysign(x);
    let inside = zero.lt(size) & size.lt(V::splat(T::INFINITY));
    V::select(inside, y, x)
}

#[inline(always)]
pub(super) fn hypot<T: Float, V: Lanes<T>>(x: V, y: V) -> V {
    let (x, y) = (x.abs(), y.abs());
    let larger = x.max(y);
    // Powers of two that keep the squares normal.
    let (small, large, down, up) = if T::BIAS == 127 { (-60, 62, -70, 90) } else { (-500, 510, -600, 600) };
    let (is_small, is_large) = (larger.lt(constant_power(small)), constant_power::<T, V>(large).lt(larger));
    let one = real::<T, V>(1.0);
    let factor = V::select(is_large, constant_power(down), V::select(is_small, constant_power(up), one));
    let back = V::select(is_large, constant_power(-down), V::select(is_small, constant_power(-up), one));
    let (a, b) = (x * factor, y * factor);
    let root = a.mul_add(a, b * b).sqrt() * back;
    // An infinity decides, also against NaN.
    let infinity = V::splat(T::INFINITY);
    V::select(x.eq(infinity) | y.eq(infinity), infinity, root)
}
