//! Double-word arithmetic: unevaluated sums of two numbers, which the functions carry where one number is too short.
//!
//! Sources: Dekker, "A floating-point technique for extending the available precision" (1971); Knuth, TAOCP 4.2.2.

use super::layout::{Layout, real};
use crate::float::Float;
use crate::simd::Lanes;

/// `high + low`, with |low| at most a few units in the last place of `high`.
#[derive(Clone, Copy)]
pub(super) struct Pair<V> {
    pub high: V,
    pub low: V,
}

/// `a + b`, exactly.
#[inline(always)]
pub(super) fn two_sum<T: Float, V: Lanes<T>>(a: V, b: V) -> Pair<V> {
    let high = a + b;
    let part = high - a;
    Pair { high, low: (a - (high - part)) + (b - part) }
}

/// `a + b`, exactly, where |a| ≥ |b| or a is 0.
#[inline(always)]
pub(super) fn fast_two_sum<T: Float, V: Lanes<T>>(a: V, b: V) -> Pair<V> {
    let high = a + b;
    Pair { high, low: b - (high - a) }
}

/// `a · b`, exactly.
#[inline(always)]
pub(super) fn two_product<T: Float, V: Lanes<T>>(a: V, b: V) -> Pair<V> {
    let high = a * b;
    if V::FUSED {
        return Pair { high, low: a.mul_add(b, -high) };
    }
    let (a, b) = (split(a), split(b));
    let low = ((a.high * b.high - high) + a.high * b.low + a.low * b.high) + a.low * b.low;
    Pair { high, low }
}

/// A number as the sum of two of half its length.
#[inline(always)]
fn split<T: Float, V: Lanes<T>>(x: V) -> Pair<V> {
    let scaled = x * V::splat(<T as Layout>::SPLITTER);
    let high = scaled - (scaled - x);
    Pair { high, low: x - high }
}

impl<V> Pair<V> {
    /// A table's constant in two parts.
    #[inline(always)]
    pub(super) fn constant<T: Float>(parts: &[T]) -> Self
    where
        V: Lanes<T>,
    {
        Pair { high: V::splat(parts[0]), low: V::splat(parts[1]) }
    }

    /// `self + other`, where |self| ≥ |other|.
    #[inline(always)]
    pub(super) fn add_smaller<T: Float>(self, other: Self) -> Self
    where
        V: Lanes<T>,
    {
        let sum = fast_two_sum(self.high, other.high);
        Pair { high: sum.high, low: sum.low + (self.low + other.low) }
    }

    /// `self · other`.
    #[inline(always)]
    pub(super) fn times<T: Float>(self, other: Self) -> Self
    where
        V: Lanes<T>,
    {
        let product = two_product(self.high, other.high);
        let cross = self.high.mul_add(other.low, self.low * other.high);
        Pair { high: product.high, low: product.low + cross }
    }

    /// `numerator / self`
    #[inline(always)]
    pub(super) fn divides<T: Float>(self, numerator: Self) -> Self
    where
        V: Lanes<T>,
    {
        let inverse = real::<T, V>(1.0) / self.high;
        let quotient = numerator.high * inverse;
        let back = two_product(quotient, self.high);
        let rest = ((numerator.high - back.high) - back.low) + (numerator.low - quotient * self.low);
        Pair { high: quotient, low: rest * inverse }
    }

    /// A number as a pair.
    #[inline(always)]
    pub(super) fn exact<T: Float>(high: V) -> Self
    where
        V: Lanes<T>,
    {
        Pair { high, low: real(0.0) }
    }
}
