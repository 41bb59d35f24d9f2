//! How far an interval reaches, in standard errors: quantiles of Student's distribution and of the normal one.

use super::vector::number;
use crate::math::Elementary;

/// From here on the series in the inverse of the degrees of freedom has over seven digits for probabilities up to 0.999.
const MANY: usize = 200;

/// The number that a variable of Student's distribution with so many degrees of freedom is within, on both sides of 0, with
/// this probability; of the normal distribution without them.
///
/// # Panics
/// If the probability is not between 0 and 1.
#[track_caller]
pub(super) fn quantile(probability: f64, freedom: Option<usize>) -> f64 {
    assert!(0.0 < probability && probability < 1.0, "the probability is {probability}, not between 0 and 1");
    let z = Elementary::norm_ppf(f64::midpoint(1.0, probability));
    match freedom {
        None => z,
        Some(freedom) if freedom > MANY => z + correction(z, number(freedom)),
        Some(freedom) => bisect(|t| within(t, freedom) - probability),
    }
}

/// Fisher and Cornish's series. Source: M. Abramowitz, I. A. Stegun, *Handbook of Mathematical Functions*, 26.7.5.
fn correction(z: f64, n: f64) -> f64 {
    let s = z * z;
    let first = z * (s + 1.0) / 4.0;
    let second = z * ((5.0 * s + 16.0) * s + 3.0) / 96.0;
    let third = z * (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0;
    (first + (second + third / n) / n) / n
}

/// The probability to be within `t` of 0, a finite sum. Source: the same, 26.7.3 and 26.7.4.
fn within(t: f64, freedom: usize) -> f64 {
    let n = number(freedom);
    let angle = Elementary::atan(t / n.sqrt());
    let (sine, cosine) = (t / (n + t * t).sqrt(), (n / (n + t * t)).sqrt());
    let odd = freedom % 2 == 1;
    let (mut term, mut sum) = (if odd { cosine } else { 1.0 }, 0.0);
    let mut k = usize::from(odd);
    while k + 2 <= freedom {
        sum += term;
        k += 2;
        term *= cosine * cosine * number(k - 1) / number(k);
    }
    if odd { (angle + sine * sum) * core::f64::consts::FRAC_2_PI } else { sine * sum }
}

/// Where a function that rises becomes 0, for positive numbers.
fn bisect(f: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while f(high) < 0.0 && high < f64::MAX {
        (low, high) = (high, high * 2.0);
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if f(middle) < 0.0 { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed by mpmath 1.3 with 30 digits, of which 14 are here: the root of
    /// `betainc(1/2, n/2, 0, t²/(n + t²), regularized=True) = p`.
    #[expect(clippy::unreadable_literal, reason = "a table")]
    const KNOWN: [(usize, f64, f64); 27] = [
        (1, 0.5, 1.0),
        (1, 0.95, 12.706204736175),
        (1, 0.999, 636.61924876872),
        (2, 0.5, 0.81649658092773),
        (2, 0.95, 4.3026527297495),
        (2, 0.999, 31.599054576444),
        (3, 0.5, 0.76489232840435),
        (3, 0.95, 3.1824463052837),
        (3, 0.999, 12.923978636687),
        (12, 0.5, 0.69548286551179),
        (12, 0.95, 2.1788128296672),
        (12, 0.999, 4.3177912836062),
        (37, 0.5, 0.68117837731985),
        (37, 0.95, 2.0261924630291),
        (37, 0.999, 3.5736748444452),
        (199, 0.5, 0.67572459561065),
        (199, 0.95, 1.9719565442518),
        (199, 0.999, 3.3400865561614),
        (200, 0.5, 0.67571841140422),
        (200, 0.95, 1.9718962236339),
        (200, 0.999, 3.3398354062757),
        (201, 0.5, 0.67571228883096),
        (201, 0.95, 1.9718365067799),
        (201, 0.999, 3.3395867889053),
        (1000, 0.5, 0.67473516460701),
        (1000, 0.95, 1.9623390808264),
        (1000, 0.999, 3.3002826484239),
    ];

    #[test]
    fn quantiles_are_the_roots_of_the_incomplete_beta_function() {
        for (freedom, probability, expected) in KNOWN {
            let found = quantile(probability, Some(freedom));
            // The sums are exact to rounding, which the slope of the distribution far out magnifies; the series is cut
            // off, as said at `MANY`.
            let tolerance = if freedom > MANY { 1e-7 } else { 1e-11 };
            assert!((found / expected - 1.0).abs() < tolerance, "{freedom}, {probability}: {found}, not {expected}");
        }
        assert!((quantile(0.95, None) - 1.959_963_984_540_054).abs() < 1e-14);
        assert!((quantile(0.95, Some(1 << 40)) / quantile(0.95, None) - 1.0).abs() < 1e-11);
    }
}
