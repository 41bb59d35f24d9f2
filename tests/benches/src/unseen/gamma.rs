//! lgamma and digamma of positive numbers by hand, in packs: the argument is raised by eight, where Stirling's series holds.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]

use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::simd::Lanes;

/// B₂ₖ/(2k (2k - 1)): what comes after eight of them is below a unit of rounding beyond 8.
const SERIES: [f64; 8] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1260.0,
    -1.0 / 1680.0,
    1.0 / 1188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
    -3617.0 / 122_400.0,
];

/// lgamma and, if there are `SLOPES`, digamma of positive numbers.
#[inline(always)]
pub(super) fn gamma_pair<T: Float, V: Lanes<T>, const SLOPES: bool>(x: V) -> [V; 2] {
    let one = V::splat(T::ONE);
    // x (x + 1) … (x + 7), and its derivative.
    let (mut product, mut slope, mut raised) = (x, one, x);
    for _ in 1..8 {
        raised = raised + one;
        if SLOPES {
            slope = slope.mul_add(raised, product);
        }
        product = product * raised;
    }
    raised = raised + one;
    let inverse = one / raised;
    let square = inverse * inverse;
    // In f32, three terms are enough.
    let terms = if size_of::<T>() == 4 { 3 } else { SERIES.len() };
    let (mut sum, mut slope_sum) = (V::splat(T::ZERO), V::splat(T::ZERO));
    for k in (0..terms).rev() {
        sum = sum.mul_add(square, V::splat(T::from_f64(SERIES[k])));
        if SLOPES {
            #[expect(clippy::cast_precision_loss, reason = "there are eight")]
            let factor = (2 * k + 1) as f64;
            slope_sum = slope_sum.mul_add(square, V::splat(T::from_f64(factor * SERIES[k])));
        }
    }
    let (log, half) = (raised.log(), V::splat(T::from_f64(0.5)));
    let constant = V::splat(T::from_f64(0.5 * (2.0 * core::f64::consts::PI).ln()));
    let stirling = (raised - half).mul_add(log, constant - raised) + sum * inverse;
    let value = stirling - product.log();
    if !SLOPES {
        return [value, value];
    }
    let digamma = log - half * inverse - slope_sum * square - slope / product;
    [value, digamma]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against what is known: the two logarithms that are subtracted are below 30, and each has an error of about a rounding.
    #[test]
    fn known_values() {
        let euler = 0.577_215_664_901_532_9;
        let root = core::f64::consts::PI.sqrt().ln();
        for (x, value, slope) in [
            (1.0, 0.0, -euler),
            (2.0, 0.0, 1.0 - euler),
            (0.5, root, -euler - 2.0 * core::f64::consts::LN_2),
            (11.0, 3_628_800_f64.ln(), 2.928_968_253_968_254 - euler),
        ] {
            let [found, found_slope] = gamma_pair::<f64, f64, true>(x);
            assert!((found - value).abs() < 60.0 * f64::EPSILON, "lgamma of {x}: {found}");
            assert!((found_slope - slope).abs() < 20.0 * f64::EPSILON, "digamma of {x}: {found_slope}");
        }
    }
}
