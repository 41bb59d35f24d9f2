//! sin, cos, tan.
//!
//! x = n·π/2 + r with |r| ≤ π/4, by Cody and Waite's reduction with a π/2 in three parts (f32: four) whose products
//! with n are exact up to a bound; r is kept as a pair, so that multiples of π/2 lose nothing. Then minimax polynomials
//! for sine and cosine; n mod 4 chooses among them and sets the sign. Lanes beyond the bound take the standard
//! library's function, one by one.

use super::layout::{nearest, polynomial, real};
use super::pair::{Pair, fast_two_sum};
use crate::float::Float;
use crate::simd::{Bits, Lanes, Mask};

/// The largest argument that the reduction takes: the number of quarter turns has 16 bits (f32: 11).
#[inline(always)]
fn bound<T: Float>() -> f64 {
    if T::BIAS == 127 { 3000.0 } else { 100_000.0 }
}

/// x as n quarter turns, in the low bits, and the rest.
#[inline(always)]
fn reduce<T: Float, V: Lanes<T>>(x: V) -> (V::Bits, Pair<V>) {
    let (n, bits) = nearest(x, T::FRAC_2_PI);
    let (&last, parts) = T::FRAC_PI_2_PARTS.split_last().expect("there are parts");
    let mut rest = Pair { high: x, low: real(0.0) };
    for (index, &part) in parts.iter().enumerate() {
        let product = n * V::splat(part);
        if index == 0 {
            rest.high = rest.high - product;
        } else {
            // Exact: where the sum is smaller than the product, it is a multiple of its last place.
            let difference = fast_two_sum(rest.high, -product);
            rest = Pair { high: difference.high, low: rest.low + difference.low };
        }
    }
    let low = n.mul_add(V::splat(-last), rest.low);
    (bits, fast_two_sum(rest.high, low))
}

/// The sine of a reduced argument.
#[inline(always)]
fn sine<T: Float, V: Lanes<T>>(r: Pair<V>, square: V) -> V {
    let cubic = polynomial(square, T::SIN) * (square * r.high);
    let low = r.low * square.mul_add(real(-0.5), real(1.0));
    r.high + (cubic + low)
}

/// The cosine of a reduced argument.
#[inline(always)]
fn cosine<T: Float, V: Lanes<T>>(r: Pair<V>, square: V) -> V {
    let half = real::<T, V>(0.5) * square;
    let top = real::<T, V>(1.0) - half;
    let quartic = polynomial(square, T::COS) * (square * square);
    top + (((real::<T, V>(1.0) - top) - half) + r.high.mul_add(-r.low, quartic))
}

/// sin(x + `quarters`·π/2) within the bound.
#[inline(always)]
fn sin_turned<T: Float, V: Lanes<T>>(x: V, quarters: i64) -> V {
    let (n, r) = reduce(x);
    let square = r.high * r.high;
    // The lowest bit of the quadrant chooses, the second is the sign.
    let quadrant = T::to_top(n + V::Bits::splat(quarters));
    let sign = quadrant & (-real::<T, V>(0.0)).to_bits();
    let even = V::from_bits(quadrant ^ sign).eq(real(0.0));
    let value = V::select(even, sine(r, square), cosine(r, square));
    V::from_bits(value.to_bits() ^ sign)
}

/// Puts the values of a scalar function where the argument is beyond the bound.
#[inline(always)]
fn with_huge<T: Float, V: Lanes<T>>(x: V, y: V, f: fn(f64) -> f64) -> V {
    let huge = real::<T, V>(bound::<T>()).lt(x.abs());
    if !huge.any() {
        return y;
    }
    let exact = x.map(
        #[inline(always)]
        |lane| T::from_f64(out_of_line(lane.to_f64(), f)),
    );
    V::select(huge, exact, y)
}

/// A call that the compiler cannot do ahead of the branch that leads to it, as it would one of the library's functions.
#[cold]
#[inline(never)]
fn out_of_line(x: f64, f: fn(f64) -> f64) -> f64 {
    f(x)
}

#[inline(always)]
pub(super) fn sin<T: Float, V: Lanes<T>>(x: V) -> V {
    let y = sin_turned(x, 0);
    let y = V::select(x.eq(real(0.0)), x, y);
    with_huge(x, y, f64::sin)
}

#[inline(always)]
pub(super) fn cos<T: Float, V: Lanes<T>>(x: V) -> V {
    with_huge(x, sin_turned(x, 1), f64::cos)
}

#[inline(always)]
pub(super) fn tan<T: Float, V: Lanes<T>>(x: V) -> V {
    let (n, r) = reduce(x);
    let square = r.high * r.high;
    let (sine, cosine) = (sine(r, square), cosine(r, square));
    let even = V::from_bits(T::to_top(n & V::Bits::splat(1))).eq(real(0.0));
    let y = V::select(even, sine, -cosine) / V::select(even, cosine, sine);
    let y = V::select(x.eq(real(0.0)), x, y);
    with_huge(x, y, f64::tan)
}
