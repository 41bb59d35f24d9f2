//! Central differences, extrapolated to step 0, with an estimate of their error.

use crate::error::Error;
use crate::math::Elementary;

/// A numeric derivative.
#[derive(Clone, Copy, Debug)]
pub(super) struct Difference {
    pub(super) value: f64,
    /// How far it may be off, about; infinity if the function is finite at no step.
    pub(super) error: f64,
}

/// The most steps that are tried, each half the last.
const STEPS: usize = 16;
/// The most terms of the error's series in h^2 that are removed.
const TERMS: usize = 4;

/// The derivative at 0 of a function that is evaluated at `±h`.
///
/// `evaluate(h)` gives both values and the distance of the two points (rounding may make that not quite `2h`). A central
/// difference is off by `c1 h^2 + c2 h^4 + …` and, from rounding, by about `(eps * |f| + noise) / h`; Richardson's
/// extrapolation removes the first terms one by one. Of all values that arise, the one with the least sum of both
/// errors is taken, truncation being judged by what the last extrapolation changed (Ridders 1982). Steps start at
/// `8 * eps^(1/6)` times `size`.
pub(super) fn central(
    size: f64,
    eps: f64,
    noise: f64,
    mut evaluate: impl FnMut(f64) -> Result<([f64; 2], f64), Error>,
) -> Result<Difference, Error> {
    let mut best = Difference { value: f64::NAN, error: f64::INFINITY };
    let mut h = 8.0 * Elementary::pow(eps, 1.0 / 6.0) * size;
    // The differences with 0, 1, … terms removed, for the last step.
    let mut last: Vec<f64> = Vec::new();
    for _ in 0..STEPS {
        let ([above, below], distance) = evaluate(h)?;
        let difference = (above - below) / distance;
        h *= 0.5;
        if !difference.is_finite() {
            last.clear();
            continue;
        }
        // A loss is a sum whose rounding is a few units in the last place of its size.
        let rounding = (4.0 * eps * above.abs().max(below.abs()) + noise) / distance.abs();
        let mut row = vec![difference];
        let mut power = 1.0;
        for (term, &coarse) in last.iter().enumerate().take(TERMS) {
            power *= 4.0;
            let fine = row[term];
            let extrapolated = fine + (fine - coarse) / (power - 1.0);
            let truncation = (extrapolated - fine).abs().max((extrapolated - coarse).abs());
            // Extrapolating amplifies rounding by less than 2.
            let error = truncation + 2.0 * rounding;
            if error < best.error {
                best = Difference { value: extrapolated, error };
            }
            row.push(extrapolated);
        }
        last = row;
        // Once rounding alone is as large as the best error, smaller steps only make it worse.
        if 2.0 * rounding > best.error {
            break;
        }
    }
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(f: impl Fn(f64) -> f64, x: f64, derivative: f64) {
        let evaluate = |h: f64| Ok(([f(x + h), f(x - h)], (x + h) - (x - h)));
        let found = central(x.abs().max(1.0), f64::EPSILON, 0.0, evaluate).expect("f cannot fail");
        let error = (found.value - derivative).abs();
        assert!(error <= 4.0 * found.error, "{found:?} is not {derivative}");
        assert!(found.error <= 1e-7 * derivative.abs(), "{found:?} is too vague");
    }

    #[test]
    fn error_estimates_hold() {
        check(f64::exp, 1.0, 1.0_f64.exp());
        check(f64::sin, 0.5, 0.5_f64.cos());
        check(f64::ln, 1e-2, 100.0);
        check(|x| (40.0 * x).sin(), 0.3, 40.0 * 12.0_f64.cos());
        check(|x| x * x * x, 1e6, 3e12);
        check(|x| 1e6 + x, 0.0, 1.0);
        check(f64::tanh, 5.0, 1.0 / 5.0_f64.cosh().powi(2));
    }

    #[test]
    fn no_value_is_no_difference() {
        let found = central(1.0, f64::EPSILON, 0.0, |h| Ok(([f64::NAN; 2], h))).expect("f cannot fail");
        assert!(found.value.is_nan() && found.error.is_infinite());
    }
}
