//! exp, exp2, expm1.
//!
//! x = n·log 2 + r with |r| ≤ log(2)/2; eˣ = 2ⁿ (1 + r + r²·q(r)) with a minimax q. n comes from adding and taking off
//! 1.5·2^52 (f32: 2^23), r from Cody and Waite's two-part log 2, whose first part has an exact product with n; 2ⁿ is
//! built from bits as two factors, so that subnormal results round once. expm1 adds 2ⁿ − 1 and 2ⁿ·r exactly before
//! the rest.

use super::layout::{nearest, polynomial, power_of_two, real, scale};
use super::pair::{Pair, fast_two_sum};
use crate::float::Float;
use crate::simd::{Bits, Lanes};

/// x as n·log 2 + r; n as [`nearest`] gives it, r as a pair.
#[inline(always)]
fn reduce<T: Float, V: Lanes<T>>(x: V) -> ((V, V::Bits), Pair<V>) {
    let (n, bits) = nearest(x, T::FRAC_1_LN_2);
    let first = n.mul_add(V::splat(-T::LN_2_PARTS[0]), x);
    let second = n * V::splat(T::LN_2_PARTS[1]);
    let high = first - second;
    ((n, bits), Pair { high, low: (first - high) - second })
}

/// n, as [`nearest`] gives it, and eʳ − 1 for x = n·log 2 + r, where n is nearest to another number over log 2.
#[inline(always)]
fn fraction<T: Float, V: Lanes<T>>(near: V, x: V, coefficients: &[T]) -> ((V, V::Bits), V) {
    let (n, bits) = nearest(near, T::FRAC_1_LN_2);
    let r = n.mul_add(V::splat(-T::LN_2_PARTS[0]), x);
    let r = n.mul_add(V::splat(-T::LN_2_PARTS[1]), r);
    let tail = polynomial(r, coefficients);
    ((n, bits), tail.mul_add(r * r, r))
}

/// [`exp_moderate`] with a table of 2^(j/16) in registers, if the processor has that: x = (n + j/16)·log 2 + r
/// with |r| ≤ log(2)/32 needs a polynomial of half the length. The table is off by half a unit, the polynomial by up to 0.15,
/// and the last addition by half a unit again. For `f32`, where functions made of this one have no room for that, a second
/// table has what is missing in the first; for `f64` it would take registers that are wanted for more.
#[inline(always)]
fn exp_by_table<T: Float, V: Lanes<T>>(x: V) -> Option<V> {
    let round = V::splat(T::ROUND * T::from_f64(1.0 / 16.0));
    let shifted = x.mul_add(V::splat(T::FRAC_1_LN_2), round);
    let power = V::lookup(T::POWERS, shifted.to_bits())?;
    let n = shifted - round;
    let r = n.mul_add(V::splat(-T::LN_2_PARTS[0]), x);
    let r = n.mul_add(V::splat(-T::LN_2_PARTS[1]), r);
    let first = if T::POWERS_REST.is_empty() { r } else { r + V::lookup(T::POWERS_REST, shifted.to_bits())? };
    let y = polynomial(r, T::EXP_NEAR).mul_add(r * r, first);
    power.mul_add(y, power).scaled(n)
}

/// exp of a number that may overflow or underflow, but not by more than a factor of two in the exponent.
#[inline(always)]
pub(super) fn exp_moderate<T: Float, V: Lanes<T>>(x: V) -> V {
    if let Some(y) = exp_by_table(x) {
        return y;
    }
    let (n, y) = fraction(x, x, T::EXP);
    scale(y + real(1.0), n)
}

/// (eˣ − 1) / 2 for x that is not negative and has a normal number for eˣ. As x = n·log 2 + r with r from 0 to log 2, but
/// for little, nothing cancels.
#[inline(always)]
pub(super) fn half_expm1_positive<T: Float, V: Lanes<T>>(x: V) -> V {
    let ((_, bits), y) = fraction(x - real(0.34), x, T::EXPM1);
    let power: V = power_of_two(bits - V::Bits::splat(1));
    power.mul_add(y, power - real(0.5))
}

/// exp of a pair, within the bounds of [`exp_moderate`].
#[inline(always)]
pub(super) fn exp_pair<T: Float, V: Lanes<T>>(x: Pair<V>) -> V {
    times_exp_pair(real(1.0), x)
}

/// exp of a pair times a factor, with one rounding less than the product of the two has.
#[inline(always)]
pub(super) fn times_exp_pair<T: Float, V: Lanes<T>>(factor: V, x: Pair<V>) -> V {
    let (n, r) = reduce(x.high);
    let r = fast_two_sum(r.high, r.low + x.low);
    let tail = polynomial(r.high, T::EXP).mul_add(r.high * r.high, r.low);
    scale((r.high + tail).mul_add(factor, factor), n)
}

/// e⁻ˣ for x that is not negative.
#[inline(always)]
pub(super) fn exp_minus<T: Float, V: Lanes<T>>(x: V) -> V {
    exp_moderate(-x.at_most(real(far::<T>())))
}

/// Beyond this, exp is 0 or infinite by far.
#[inline(always)]
fn far<T: Float>() -> f64 {
    if T::BIAS == 127 { 150.0 } else { 1000.0 }
}

/// Puts 0 and ∞ where the argument is beyond the range of [`exp_moderate`].
#[inline(always)]
pub(super) fn saturate<T: Float, V: Lanes<T>>(x: V, y: V) -> V {
    let y = V::select(x.lt(real(-far::<T>())), real(0.0), y);
    V::select(real::<T, V>(far::<T>()).lt(x), V::splat(T::INFINITY), y)
}

#[inline(always)]
pub(super) fn exp<T: Float, V: Lanes<T>>(x: V) -> V {
    exp_moderate(x.at_least(real(-far::<T>())).at_most(real(far::<T>())))
}

#[inline(always)]
pub(super) fn exp2<T: Float, V: Lanes<T>>(x: V) -> V {
    // The range of exp, in the other unit, is further out still.
    let far = 4.0 / 3.0 * far::<T>();
    let x = x.at_least(real(-far)).at_most(real(far));
    let (n, bits) = nearest(x, T::ONE);
    let r = x - n;
    scale(polynomial(r, T::EXP2).mul_add(r, real(1.0)), (n, bits))
}

/// (eˣ − 1) / 2 as a pair that is not normalised, for x from about −40 to where eˣ overflows.
#[inline(always)]
fn half_expm1<T: Float, V: Lanes<T>>(x: V) -> Pair<V> {
    let ((_, bits), r) = reduce(x);
    let tail = polynomial(r.high, T::EXP).mul_add(r.high * r.high, r.low);
    let power: V = power_of_two(bits - V::Bits::splat(1));
    // |2ⁿ − 1| ≥ |2ⁿ r| unless n is 0, where the former is 0.
    let sum = fast_two_sum(power - real(0.5), power * r.high);
    Pair { high: sum.high, low: sum.low + power * tail }
}

/// (eˣ − 1) / 4 as a pair that is not normalised, for x from 0 to a little more than where eˣ overflows.
#[inline(always)]
pub(super) fn quarter_expm1<T: Float, V: Lanes<T>>(x: V) -> Pair<V> {
    let ((_, bits), r) = reduce(x);
    let tail = polynomial(r.high, T::EXP).mul_add(r.high * r.high, r.low);
    let power: V = power_of_two(bits - V::Bits::splat(2));
    let sum = fast_two_sum(power - real(0.25), power * r.high);
    fast_two_sum(sum.high, sum.low + power * tail)
}

/// eˣ / 4, for x from 0 to a little more than where eˣ overflows.
#[inline(always)]
pub(super) fn quarter_exp<T: Float, V: Lanes<T>>(x: V) -> V {
    let ((_, bits), r) = reduce(x);
    let tail = polynomial(r.high, T::EXP).mul_add(r.high * r.high, r.low);
    (real::<T, V>(1.0) + (r.high + tail)) * power_of_two(bits - V::Bits::splat(2))
}

#[inline(always)]
pub(super) fn expm1<T: Float, V: Lanes<T>>(x: V) -> V {
    let half = half_expm1(x);
    let y = half.high + half.low;
    let y = y + y;
    let y = V::select(x.lt(real(-45.0)), real(-1.0), y);
    let huge = if T::BIAS == 127 { 89.0 } else { 710.0 };
    let y = V::select(real::<T, V>(huge).lt(x), V::splat(T::INFINITY), y);
    // Below half an ulp of 1 it is x, subnormals and the sign of 0 included.
    V::select(x.abs().lt(real(1e-17)), x, y)
}
