//! Powers: pow, powi, cbrt.
//!
//! |x|^y = exp(y · log|x|) with the logarithm and the product carried as pairs, so that the error of the exponent, which
//! is multiplied by up to 745, stays below the last place. The edges are those of C99's `pow` (Annex F.10.4.4).

use super::exp::{exp_pair, saturate};
use super::layout::{Layout, real};
use super::log::log_pair;
use super::pair::{Pair, two_product};
use crate::float::Float;
use crate::simd::Lanes;

#[inline(always)]
pub(super) fn pow<T: Float, V: Lanes<T>>(x: V, y: V) -> V {
    let (zero, one) = (real::<T, V>(0.0), real::<T, V>(1.0));
    let infinity = V::splat(T::INFINITY);
    let size = x.abs();
    // Beyond this bound of the exponent, all but |x| = 1 gives 0 or ∞; products of such numbers would overflow.
    let bound = real::<T, V>(if <T as Layout>::BIAS == 127 { 1e12 } else { 1e24 });
    let large = bound.lt(y.abs());
    let exponent = V::select(large, bound.copysign(y), y);
    let log = log_pair(size);
    let product = two_product(log.high, exponent);
    let low = log.low.mul_add(exponent, product.low);
    let power = exp_pair(Pair { high: product.high, low });
    let power = saturate(product.high, power);
    // 0 and ∞ to a power.
    let base_extreme = size.eq(zero) | size.eq(infinity);
    let grows = V::select(size.eq(zero), -y, y);
    let extreme = V::select(zero.lt(grows), infinity, zero);
    let power = V::select(base_extreme, extreme, power);
    // Negative numbers to a power.
    let whole = y.floor().eq(y);
    let half = real::<T, V>(0.5) * y;
    let odd = whole & !half.floor().eq(half);
    let negative = V::from_bits(x.to_bits() & (-zero).to_bits());
    let signed = V::from_bits(power.to_bits() ^ V::select(odd, negative, zero).to_bits());
    let outside = x.lt(zero) & !whole & x.eq(x) & size.lt(infinity);
    let result = V::select(outside, V::splat(T::NAN), signed);
    // NaN goes through, but for x⁰ and 1ʸ, which are 1 whatever the other is.
    let result = V::select(x.eq(x) & y.eq(y), result, x + y);
    let unit = y.eq(zero) | x.eq(one) | (x.eq(-one) & y.abs().eq(infinity));
    V::select(unit, one, result)
}

#[inline(always)]
pub(super) fn powi<T: Float, V: Lanes<T>>(x: V, n: i32) -> V {
    let mut left = n.unsigned_abs();
    let mut base = x;
    let mut product = real::<T, V>(1.0);
    while left != 0 {
        if left & 1 == 1 {
            product = product * base;
        }
        left >>= 1;
        if left != 0 {
            base = base * base;
        }
    }
    if n < 0 { real::<T, V>(1.0) / product } else { product }
}
