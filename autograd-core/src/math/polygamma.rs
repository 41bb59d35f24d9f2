//! The polygammas: n! times the Hurwitz zeta function, by Euler–Maclaurin summation (Abramowitz & Stegun 6.4.10; 23.1.30).
//!
//! Of packs whose lanes have one order of at most 8 all lanes are computed at once, in as many steps up as the least of them
//! needs. Others, and numbers below 0 or whose powers overflow, go lane by lane, in `f64`.
#![allow(clippy::float_cmp, reason = "integers are exact")]

use super::coefficients::EULER_MACLAURIN;
use super::gamma::digamma;
use super::layout::{Layout, constant_power, real};
use super::pow::powi;
use crate::float::Float;
use crate::simd::{Lanes, Mask};

/// The highest order of packs.
const MOST: f64 = 8.0;

/// The Hurwitz zeta function `Σ (q + k)^−s` over k ≥ 0, for an integer s ≥ 2 and q > 0.
#[inline(always)]
fn hurwitz_zeta<T: Float, V: Lanes<T>>(s: i32, q: V) -> V {
    let (is_short, order) = (T::BIAS == <f32 as Layout>::BIAS, f64::from(s));
    let (one, far) = (real::<T, V>(1.0), real::<T, V>(if is_short { 5.0 } else { 10.0 } + 0.5 * order));
    let (mut shifted, mut sum) = (q, real::<T, V>(0.0));
    loop {
        let is_near = shifted.lt(far);
        if !is_near.any() {
            break;
        }
        sum = V::select(is_near, sum + one / powi(shifted, s), sum);
        shifted = V::select(is_near, shifted + one, shifted);
    }
    let inverse = one / shifted;
    let square = inverse * inverse;
    // B₂ⱼ/(2j)! · s(s+1)…(s+2j−2) · q^−2j, from the last one on
    let terms = if is_short { 6 } else { EULER_MACLAURIN.len() };
    let mut series = real::<T, V>(0.0);
    for j in (1..terms).rev() {
        let before = order + 2.0 * f64::from(u32::try_from(j).expect("there are few")) - 1.0;
        series = (series + real(EULER_MACLAURIN[j])) * (square * real(before * (before + 1.0)));
    }
    let series = (series + real(EULER_MACLAURIN[0])) * (square * real(order));
    // q^(1−s) · (1/(s − 1) + 1/(2q) + …)
    let factor = inverse.mul_add(real(0.5), series) + real(1.0 / (order - 1.0));
    factor / powi(shifted, s - 1) + sum
}

/// `Σ (x + k)^−s` over k ≥ 0, for any x that is no pole.
fn zeta_anywhere(s: i32, x: f64) -> f64 {
    if x > 0.0 {
        return hurwitz_zeta::<f64, f64>(s, x);
    }
    // The terms with x + k < 0 are a finite sum of powers of |x| − k: a difference of two zetas of positive numbers.
    let (below, above) = (x - x.floor(), x.ceil() - x);
    let sign = if s % 2 == 0 { 1.0 } else { -1.0 };
    let negative = hurwitz_zeta::<f64, f64>(s, above) - hurwitz_zeta::<f64, f64>(s, 1.0 - x);
    hurwitz_zeta::<f64, f64>(s, below) + sign * negative
}

/// (−1)^(n+1) n!
fn signed_factorial(n: i32) -> f64 {
    let sign = if n % 2 == 1 { 1.0 } else { -1.0 };
    (1..=n).fold(sign, |product, factor| product * f64::from(factor))
}

/// The `order`-th derivative of digamma, `(−1)^(n+1) n! ζ(n + 1, x)`, for an integer order from 0 to 170.
#[inline(always)]
pub(super) fn polygamma<T: Float, V: Lanes<T>>(order: V, x: V) -> V {
    let first = order.lane(0).to_f64();
    let is_one_order = (1.0..=MOST).contains(&first) && first.floor() == first && order.eq(real(first)).all();
    if !is_one_order {
        return super::lanewise2(order, x, scalar);
    }
    #[allow(clippy::cast_possible_truncation)] // an integer up to 8
    let n = first as i32;
    let most = constant_power::<T, V>(T::BIAS / (i64::from(n) + 1));
    let is_inside = real::<T, V>(0.0).lt(x) & x.lt(most);
    let y = real::<T, V>(signed_factorial(n)) * hurwitz_zeta(n + 1, V::select(is_inside, x, most));
    if is_inside.all() { y } else { V::select(is_inside, y, super::lanewise2(order, x, scalar)) }
}

/// The same of one number.
#[cold]
pub(super) fn scalar(order: f64, x: f64) -> f64 {
    if x.is_nan() || !(0.0..=170.0).contains(&order) || order.floor() != order {
        return f64::NAN;
    }
    if order == 0.0 {
        return digamma::<f64, f64>(x);
    }
    #[allow(clippy::cast_possible_truncation)] // an integer up to 170
    let n = order as i32;
    let odd = n % 2 == 1;
    if x == f64::INFINITY {
        return if odd { 0.0 } else { -0.0 };
    }
    if x <= 0.0 && x.floor() == x {
        // A pole: of even order it has one sign on both sides.
        return if odd { f64::INFINITY } else { f64::NAN };
    }
    signed_factorial(n) * zeta_anywhere(n + 1, x)
}
