//! Functions that give the same bits with and without fused multiply-add, a few ulp from the truth: what random
//! numbers are made with.

use super::layout::{nearest, real, take_apart};
use crate::float::Float;
use crate::simd::Lanes;

/// The polynomial with these coefficients, lowest first.
#[inline(always)]
fn polynomial<T: Float, V: Lanes<T>>(x: V, coefficients: &[T]) -> V {
    let (&highest, lower) = coefficients.split_last().expect("the tables are not empty");
    lower.iter().rev().fold(
        V::splat(highest),
        #[inline(always)]
        |sum, &coefficient| sum * x + V::splat(coefficient),
    )
}

/// The logarithm of a positive normal number; see [`super::log`] for the formula.
#[inline(always)]
pub(crate) fn log<T: Float, V: Lanes<T>>(x: V) -> V {
    let (m, k, _) = take_apart(x);
    let f = m - real(1.0);
    let s = f / (f + real(2.0));
    let square = s * s;
    let half_square = real::<T, V>(0.5) * f * f;
    let rest = s * (half_square + polynomial(square, T::LOG) * square);
    k * real(core::f64::consts::LN_2) + (f - (half_square - rest))
}

/// A point of the unit circle, evenly distributed if the angle, in quarter turns from −2 to 2, is.
///
/// The angle less the nearest number of quarter turns gives a point within an eighth turn of (1, 0). The lower two
/// bits of that number mirror it: at the ordinate, and at the diagonal.
#[inline(always)]
pub(crate) fn on_circle<T: Float, V: Lanes<T>>(angle: V) -> (V, V) {
    let (turns, bits) = nearest(angle, T::ONE);
    let r = (angle - turns) * real(core::f64::consts::FRAC_PI_2);
    let square = r * r;
    let sine = r + polynomial(square, T::SIN) * (square * r);
    let cosine = real::<T, V>(1.0) - (real::<T, V>(0.5) * square - polynomial(square, T::COS) * (square * square));
    let mirrors = T::to_top(bits);
    let sign = mirrors & (-real::<T, V>(0.0)).to_bits();
    let at_diagonal = V::from_bits(mirrors ^ sign).eq(real(0.0));
    let cosine = V::from_bits(cosine.to_bits() ^ sign);
    (V::select(at_diagonal, sine, cosine), V::select(at_diagonal, cosine, sine))
}
