//! Significand and exponent of a number: x = significand · 2^exponent. Both are exact.

use super::layout::{real, take_apart};
use super::log::lift;
use crate::float::Float;
use crate::simd::Lanes;

#[inline(always)]
pub(super) fn significand<T: Float, V: Lanes<T>>(x: V) -> V {
    let (size, is_inside) = inside(x);
    let (m, ..) = take_apart(lift(size).0);
    V::select(is_inside, m.copysign(x), x)
}

#[inline(always)]
pub(super) fn exponent<T: Float, V: Lanes<T>>(x: V) -> V {
    let (size, is_inside) = inside(x);
    let (lifted, offset) = lift(size);
    let (_, k, _) = take_apart(lifted);
    V::select(is_inside, k + offset, real(0.0))
}

/// The size, and whether the number is finite and not 0.
#[inline(always)]
fn inside<T: Float, V: Lanes<T>>(x: V) -> (V, V::Mask) {
    let size = x.abs();
    (size, real::<T, V>(0.0).lt(size) & size.lt(V::splat(T::INFINITY)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Elementary;
    use crate::simd::{Block, Kernel, Level, dispatch_at, sweep, tests::random};

    /// Significands, exponents, and powers of two from these.
    struct Parts<'a, T>(&'a [T], [&'a mut [T]; 3]);

    impl<T: Float> Kernel<T> for Parts<'_, T> {
        type Output = ();
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn run<V: Lanes<T>>(self) {
            let Self(x, [significands, exponents, powers]) = self;
            sweep::<T, V, 0>(x.len(), |at: Block| {
                let x = V::load(x, 0, at);
                x.significand().store(significands, 0, at);
                x.exponent().store(exponents, 0, at);
                x.exponent().exp2().store(powers, 0, at);
                []
            });
        }
    }

    #[allow(clippy::float_cmp, reason = "the parts are exact")]
    fn check<T: Float>(tiny: f64, huge: f64, least: i32, most: i32) {
        let powers = (least..=most).map(|power| 2.0_f64.powi(power / 2) * 2.0_f64.powi(power - power / 2));
        let numbers = random::<T>(100, 3).into_iter().map(T::to_f64).chain([1.0, -1.5, tiny, -3.0 * tiny, huge, 0.75]);
        let x: Vec<T> = powers.chain(numbers).map(T::from_f64).collect();
        let (mut significands, mut exponents, mut powers) = (x.clone(), x.clone(), x.clone());
        let edges = [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN].map(T::from_f64);
        for level in Level::available() {
            dispatch_at(level, Parts(&x, [&mut significands, &mut exponents, &mut powers]));
            for (place, x) in x.iter().enumerate() {
                let (m, k) = (significands[place].to_f64(), exponents[place].to_f64());
                assert!((0.707..1.415).contains(&m.abs()) && k == k.round(), "{x:?}: {m} {k}");
                #[allow(clippy::cast_possible_truncation, reason = "an integer")]
                let half = k as i32 / 2;
                #[allow(clippy::cast_possible_truncation, reason = "an integer")]
                let rest = k as i32 - half;
                assert_eq!(m * 2.0_f64.powi(half) * 2.0_f64.powi(rest), x.to_f64(), "{x:?}: {m} {k}");
                if m == 1.0 && k >= f64::from(least) + 52.0 {
                    assert_eq!(powers[place].to_f64(), x.to_f64(), "2 to the {k}");
                }
            }
            let mut found = [edges, edges, edges];
            let [a, b, c] = &mut found;
            dispatch_at(level, Parts(&edges, [a, b, c]));
            assert_eq!(format!("{:?}", found[0]), format!("{edges:?}"));
            assert!(found[1].iter().all(|exponent| exponent.to_f64() == 0.0));
        }
    }

    #[test]
    fn a_number_is_the_product_of_its_parts() {
        check::<f64>(5e-324, f64::MAX, -1074, 1023);
        check::<f32>(1e-45, f64::from(f32::MAX), -149, 127);
    }
}
