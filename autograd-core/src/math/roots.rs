//! cbrt and hypot.
//!
//! x = m·2^(3q + j): a minimax polynomial of 1/∛m, one step of Halley's iteration for it, and a last Newton step for the root
//! itself, whose remainder is formed exactly. hypot is √(x² + y²) after scaling both by a power of two.

use super::layout::{nearest, polynomial, power_of_two, real, take_apart};
use super::log::lift;
use super::pair::two_product;
use crate::float::Float;
use crate::simd::Lanes;

#[inline(always)]
pub(super) fn cbrt<T: Float, V: Lanes<T>>(x: V) -> V {
    let (zero, one) = (real::<T, V>(0.0), real::<T, V>(1.0));
    let size = x.abs();
    let (lifted, offset) = lift(size);
    let (m, k, _) = take_apart(lifted);
    let k = k + offset;
    let (third, bits) = nearest(k, T::from_f64(1.0 / 3.0));
    let j = third.mul_add(real(-3.0), k);
    let choose = |below: f64, above: f64| V::select(j.lt(zero), real(below), V::select(zero.lt(j), real(above), one));
    let m = m * choose(0.5, 2.0);
    let start = choose(1.259_921_049_894_873_2, 0.793_700_525_984_099_7);
    let w = polynomial(m * choose(2.0, 0.5), T::CBRT) * start;
    // w = m^(−1/3) (1 + d) has the remainder 1 − m w³ ≈ −3d.
    let rest = one - m * w * w * w;
    let w = w + w * rest * rest.mul_add(real(2.0 / 9.0), real(1.0 / 3.0));
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
    let (small, large, down, up) =
        if T::BIAS == 127 { (-60, 62, -70, 90) } else { (-500, 510, -600, 600) };
    let power = |exponent: i32| real::<T, V>(2f64.powi(exponent));
    let (is_small, is_large) = (larger.lt(power(small)), power(large).lt(larger));
    let choose = |a, b| V::select(is_large, power(a), V::select(is_small, power(b), real(1.0)));
    let factor = choose(down, up);
    let (a, b) = (x * factor, y * factor);
    let root = a.mul_add(a, b * b).sqrt() * choose(-down, -up);
    // An infinity decides, also against NaN.
    let infinity = V::splat(T::INFINITY);
    V::select(x.eq(infinity) | y.eq(infinity), infinity, root)
}
