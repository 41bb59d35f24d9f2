//! sin, cos, tan.
//!
//! x = n·π/2 + r with |r| ≤ π/4, by Cody and Waite's reduction with a π/2 in three parts (f32: four) whose products
//! with n are exact up to a bound; r is kept as a pair, so that multiples of π/2 lose nothing. Then minimax polynomials
//! for sine and cosine; n mod 4 chooses among them and sets the sign. Lanes beyond the bound are reduced one by one, in
//! `f64`, by as many bits of 2/π as it takes (Payne and Hanek, "Radian reduction for trigonometric functions", 1983).

use super::coefficients::{FRAC_2_PI_WORDS, HALF_PI};
use super::layout::{Layout, nearest, polynomial, real};
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

/// The sine of a reduced argument, before the last addition.
#[inline(always)]
pub(super) fn sine_parts<T: Float, V: Lanes<T>>(r: Pair<V>, square: V) -> Pair<V> {
    let cubic = polynomial(square, T::SIN) * (square * r.high);
    let low = r.low * square.mul_add(real(-0.5), real(1.0));
    Pair { high: r.high, low: cubic + low }
}

/// The cosine of a reduced argument, before the last addition.
#[inline(always)]
pub(super) fn cosine_parts<T: Float, V: Lanes<T>>(r: Pair<V>, square: V) -> Pair<V> {
    let half = real::<T, V>(0.5) * square;
    let top = real::<T, V>(1.0) - half;
    let quartic = polynomial(square, T::COS) * (square * square);
    Pair { high: top, low: ((real::<T, V>(1.0) - top) - half) + r.high.mul_add(-r.low, quartic) }
}

/// The sine of a reduced argument.
#[inline(always)]
fn sine<T: Float, V: Lanes<T>>(r: Pair<V>, square: V) -> V {
    let parts = sine_parts(r, square);
    parts.high + parts.low
}

/// The cosine of a reduced argument.
#[inline(always)]
fn cosine<T: Float, V: Lanes<T>>(r: Pair<V>, square: V) -> V {
    let parts = cosine_parts(r, square);
    parts.high + parts.low
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

/// A call that the compiler cannot do ahead of the branch that leads to it.
#[cold]
#[inline(never)]
fn out_of_line(x: f64, f: fn(f64) -> f64) -> f64 {
    f(x)
}

#[inline(always)]
pub(super) fn sin<T: Float, V: Lanes<T>>(x: V) -> V {
    let y = sin_turned(x, 0);
    let y = V::select(x.eq(real(0.0)), x, y);
    with_huge(x, y, |x| turned(x, 0))
}

#[inline(always)]
pub(super) fn cos<T: Float, V: Lanes<T>>(x: V) -> V {
    with_huge(x, sin_turned(x, 1), |x| turned(x, 1))
}

#[inline(always)]
pub(super) fn tan<T: Float, V: Lanes<T>>(x: V) -> V {
    let (n, r) = reduce(x);
    let square = r.high * r.high;
    let (sine, cosine) = (sine(r, square), cosine(r, square));
    let even = V::from_bits(T::to_top(n & V::Bits::splat(1))).eq(real(0.0));
    let y = V::select(even, sine, -cosine) / V::select(even, cosine, sine);
    let y = V::select(x.eq(real(0.0)), x, y);
    with_huge(x, y, tangent)
}

/// sin(x + `quarters`·π/2) of one number.
fn turned(x: f64, quarters: u64) -> f64 {
    let (n, r) = reduce_any(x);
    let square = r.high * r.high;
    let quadrant = n.wrapping_add(quarters);
    let value = if quadrant % 2 == 0 { sine(r, square) } else { cosine(r, square) };
    if quadrant % 4 < 2 { value } else { -value }
}

/// tan(x) of one number.
fn tangent(x: f64) -> f64 {
    let (n, r) = reduce_any(x);
    let square = r.high * r.high;
    let (sine, cosine) = (sine(r, square), cosine(r, square));
    if n % 2 == 0 { sine / cosine } else { -cosine / sine }
}

/// Any number as so many quarter turns, modulo 4, and the rest.
fn reduce_any(x: f64) -> (u64, Pair<f64>) {
    if !x.is_finite() {
        return (0, Pair::exact(f64::NAN));
    }
    if x.abs() <= bound::<f64>() {
        let (n, r) = reduce::<f64, f64>(x);
        return (n.0, r);
    }
    let (n, r) = reduce_huge(x.abs());
    if x < 0.0 { (n.wrapping_neg(), Pair { high: -r.high, low: -r.low }) } else { (n, r) }
}

/// The argument reduction of a finite number above 2¹⁶ (Payne and Hanek).
///
/// x = m·2ᵉ. The bits of 2ᵉ·2/π of weight 4 and more give whole turns. Of those below, 192 times m leave the number of
/// quarter turns in the highest two bits and then the fraction, right to 137 bits; no number has a fraction that begins
/// with more than 62 zeros or ones.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "parts of what is there, none too long"
)]
fn reduce_huge(x: f64) -> (u64, Pair<f64>) {
    let fraction = <f64 as Layout>::FRACTION.cast_unsigned();
    let m = (x.to_bits() & fraction) | (fraction + 1);
    // The weights of the table's words begin with 2⁶³. Where the bit of weight 2¹ of 2ᵉ·2/π lies: at 62 + e.
    let at = 62 + (x.to_bits() >> 52) as usize - 1075;
    let (word, shift) = (at / 64, at % 64);
    let bits = |k: usize| {
        let pair = u128::from(FRAC_2_PI_WORDS[word + k]) << 64 | u128::from(FRAC_2_PI_WORDS[word + k + 1]);
        (pair << shift >> 64) as u64
    };
    let low = u128::from(m) * u128::from(bits(2));
    let middle = u128::from(m) * u128::from(bits(1)) + (low >> 64);
    let top = m.wrapping_mul(bits(0)).wrapping_add((middle >> 64) as u64);
    // The nearest whole number, and what is beside it: 126 bits, of which at least 64 count.
    let n = (top >> 62) + (top >> 61 & 1);
    let beside = (u128::from(top) << 64 | (middle & u128::from(u64::MAX))) << 2;
    let is_negative = top >> 61 & 1 == 1;
    let size = if is_negative { beside.wrapping_neg() } else { beside };
    let zeros = size.leading_zeros().min(63);
    let digits = size << zeros;
    let (first, second) = ((digits >> 75) as u64, (digits >> 22) as u64 & (fraction << 1 | 1));
    let unit = f64::from_bits((1023 - 53 - u64::from(zeros)) << 52);
    let sign = if is_negative { -unit } else { unit };
    let high = first as f64 * sign;
    let low = second as f64 * sign * f64::from_bits((1023 - 53) << 52);
    (n, Pair::<f64> { high, low }.times(Pair::constant(&HALF_PI)))
}
