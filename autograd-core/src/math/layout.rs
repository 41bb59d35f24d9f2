//! Bit layout of the scalar types: where exponent and fraction lie, and what needs to know: scaling by powers of two,
//! taking a number apart, rounding to an integer whose bits are wanted.

use crate::float::Float;
use crate::simd::{Bits, Lanes};

/// The layout of a binary floating-point type.
pub trait Layout: Sized + 'static {
    /// 1.5 · 2^(width of the fraction): adding it rounds to an integer and leaves that in the low bits.
    const ROUND: Self;
    /// The bits of 2^(width of the fraction), by which a small integer's bits become a number.
    const INTEGER: i64;
    /// That number less the bias of the exponents, to be taken off again.
    const INTEGER_BIASED: Self;
    /// The bits of 1.
    const ONE_BITS: i64;
    /// The bits of √½, rounded down.
    const SQRT_HALF_BITS: i64;
    /// The bits of the fraction.
    const FRACTION: i64;
    /// The bias of the exponents.
    const BIAS: i64;
    /// The bits that a sum of two biased exponents may have.
    const TWO_EXPONENTS: i64;
    /// The upper half of a number's bits: a value cut to them has an exact square.
    const UPPER: i64;
    /// The smallest positive normal number.
    const TINY: Self;
    /// What lifts all subnormal numbers to normal ones, as a power of two, and its logarithm.
    const LIFT: (Self, Self);
    /// Where Dekker's splitting cuts.
    const SPLITTER: Self;

    /// Moves low bits to where the exponent is.
    fn to_exponent<B: Bits>(bits: B) -> B;
    /// Moves the sign and the exponent to the low bits.
    fn from_exponent<B: Bits>(bits: B) -> B;
    /// Moves the lowest two bits to the highest two.
    fn to_top<B: Bits>(bits: B) -> B;
}

impl Layout for f32 {
    const ROUND: Self = 12_582_912.0;
    const INTEGER: i64 = 0x4b00_0000;
    const INTEGER_BIASED: Self = 8_388_608.0 + 127.0;
    const ONE_BITS: i64 = 0x3f80_0000;
    const SQRT_HALF_BITS: i64 = 0x3f35_04f3;
    const FRACTION: i64 = 0x007f_ffff;
    const BIAS: i64 = 127;
    const TWO_EXPONENTS: i64 = 0x1ff;
    const UPPER: i64 = 0xffff_f000;
    const TINY: Self = f32::MIN_POSITIVE;
    const LIFT: (Self, Self) = (33_554_432.0, 25.0);
    const SPLITTER: Self = 4097.0;

    #[inline(always)]
    fn to_exponent<B: Bits>(bits: B) -> B {
        bits.shl::<23>()
    }

    #[inline(always)]
    fn from_exponent<B: Bits>(bits: B) -> B {
        bits.shr::<23>()
    }

    #[inline(always)]
    fn to_top<B: Bits>(bits: B) -> B {
        bits.shl::<30>()
    }
}

impl Layout for f64 {
    const ROUND: Self = 6_755_399_441_055_744.0;
    const INTEGER: i64 = 0x4330_0000_0000_0000;
    const INTEGER_BIASED: Self = 4_503_599_627_370_496.0 + 1023.0;
    const ONE_BITS: i64 = 0x3ff0_0000_0000_0000;
    const SQRT_HALF_BITS: i64 = 0x3fe6_a09e_667f_3bcc;
    const FRACTION: i64 = 0x000f_ffff_ffff_ffff;
    const BIAS: i64 = 1023;
    const TWO_EXPONENTS: i64 = 0xfff;
    const UPPER: i64 = -0x800_0000;
    const TINY: Self = f64::MIN_POSITIVE;
    const LIFT: (Self, Self) = (18_014_398_509_481_984.0, 54.0);
    const SPLITTER: Self = 134_217_729.0;

    #[inline(always)]
    fn to_exponent<B: Bits>(bits: B) -> B {
        bits.shl::<52>()
    }

    #[inline(always)]
    fn from_exponent<B: Bits>(bits: B) -> B {
        bits.shr::<52>()
    }

    #[inline(always)]
    fn to_top<B: Bits>(bits: B) -> B {
        bits.shl::<62>()
    }
}

/// A pack with this number in all lanes, rounded from `f64`.
#[inline(always)]
pub(super) fn real<T: Float, V: Lanes<T>>(value: f64) -> V {
    V::splat(T::from_f64(value))
}

/// 2 to a constant power, in all lanes.
#[inline(always)]
pub(super) fn constant_power<T: Float, V: Lanes<T>>(exponent: i64) -> V {
    real(f64::from_bits((<f64 as Layout>::BIAS + exponent).cast_unsigned() << 52))
}

/// The polynomial with these coefficients, lowest first, by Horner's rule.
#[inline(always)]
pub(super) fn polynomial<T: Float, V: Lanes<T>>(x: V, coefficients: &[T]) -> V {
    let (&highest, lower) = coefficients.split_last().expect("the tables are not empty");
    let mut sum = V::splat(highest);
    for &coefficient in lower.iter().rev() {
        sum = sum.mul_add(x, V::splat(coefficient));
    }
    sum
}

/// The integer nearest to `x * factor`, as a number and in the low bits of an integer.
#[inline(always)]
pub(super) fn nearest<T: Float, V: Lanes<T>>(x: V, factor: T) -> (V, V::Bits) {
    let shifted = x.mul_add(V::splat(factor), V::splat(T::ROUND));
    (shifted - V::splat(T::ROUND), shifted.to_bits())
}

/// 2ⁿ for the integer in the low bits, where it is a normal number.
#[inline(always)]
pub(super) fn power_of_two<T: Float, V: Lanes<T>>(n: V::Bits) -> V {
    V::from_bits(T::to_exponent(n + V::Bits::splat(T::BIAS)))
}

/// x · 2ⁿ for an integer, as a number and in the low bits, with one rounding where the result is subnormal. It may
/// overflow.
#[inline(always)]
pub(super) fn scale<T: Float, V: Lanes<T>>(x: V, (n, bits): (V, V::Bits)) -> V {
    if let Some(scaled) = x.scaled(n) {
        return scaled;
    }
    let both = (bits + V::Bits::splat(2 * T::BIAS)) & V::Bits::splat(T::TWO_EXPONENTS);
    let half = both.shr::<1>();
    x * V::from_bits(T::to_exponent(half)) * V::from_bits(T::to_exponent(both - half))
}

/// The m and the k with x = m · 2ᵏ and √½ ≤ m < √2, for a positive normal x; and the exponent's bits, k + bias.
#[inline(always)]
pub(super) fn take_apart<T: Float, V: Lanes<T>>(x: V) -> (V, V, V::Bits) {
    let moved = x.to_bits() + V::Bits::splat(T::ONE_BITS - T::SQRT_HALF_BITS);
    let exponent = T::from_exponent(moved);
    let k = V::from_bits(exponent | V::Bits::splat(T::INTEGER)) - V::splat(T::INTEGER_BIASED);
    let m = V::from_bits((moved & V::Bits::splat(T::FRACTION)) + V::Bits::splat(T::SQRT_HALF_BITS));
    (m, k, exponent)
}

/// The number without the lower half of its bits.
#[inline(always)]
pub(super) fn upper<T: Float, V: Lanes<T>>(x: V) -> V {
    V::from_bits(x.to_bits() & V::Bits::splat(T::UPPER))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Block, Kernel, Level, dispatch_at, tests::random};

    /// Numbers times 2 to the integers beside them.
    struct Scaled<'a, T>([&'a [T]; 2], &'a mut [T]);

    impl<T: Float> Kernel<T> for Scaled<'_, T> {
        type Output = ();
        #[inline(always)]
        fn run<V: Lanes<T>>(self) {
            let Self([numbers, powers], out) = self;
            for start in (0..out.len()).step_by(V::COUNT) {
                let at = Block { start, live: V::COUNT.min(out.len() - start) };
                let n = nearest(V::load(powers, 0, at), T::ONE);
                scale(V::load(numbers, 0, at), n).store(out, 0, at);
            }
        }
    }

    /// On all levels the product, rounded once: also where it is subnormal, 0 or infinite.
    fn scales<T: Float>(most: f64) {
        let special = [0.0, -0.0, 1.0, -1.5, f64::INFINITY, f64::NAN].map(T::from_f64);
        let numbers = [special.to_vec(), random(4000, 1)].concat();
        let powers: Vec<T> = random::<T>(numbers.len(), 2).iter().map(|x| T::from_f64(most * x.to_f64())).collect();
        for level in Level::available() {
            let mut out = vec![T::ZERO; numbers.len()];
            dispatch_at(level, Scaled([&numbers, &powers], &mut out));
            for ((&x, &power), out) in numbers.iter().zip(&powers).zip(out) {
                let half = 0.5 * power.to_f64().round_ties_even();
                let expected = T::from_f64(x.to_f64() * half.floor().exp2() * half.ceil().exp2());
                let same = out.to_f64().to_bits() == expected.to_f64().to_bits();
                assert!(
                    same || out.to_f64().is_nan() && expected.to_f64().is_nan(),
                    "{level:?}: {x} · 2^{power} = {out}"
                );
            }
        }
    }

    #[test]
    fn scaling_rounds_once() {
        scales::<f32>(216.0);
        scales::<f64>(1443.0);
    }
}
