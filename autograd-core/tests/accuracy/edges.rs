//! Zeros of both signs, infinities, NaN, and the ends of domains.
#![allow(clippy::float_cmp, reason = "exact values")]

use super::functions::{levels, values};
use super::reference::Tested;
use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::simd::Level;
use core::f64::consts::{FRAC_PI_2, FRAC_PI_4, LN_2, PI};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// A function, and rows of its arguments and its value.
type Rows<Row> = (&'static str, &'static [Row]);

const ONE_ARGUMENT: &[Rows<(f64, f64)>] = &[
    ("exp", &[(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0), (NAN, NAN), (1e30, INF), (-1e30, 0.0)]),
    (
        "exp2",
        &[(0.0, 1.0), (10.0, 1024.0), (-2.0, 0.25), (INF, INF), (-INF, 0.0), (NAN, NAN), (1e30, INF), (-1e30, 0.0)],
    ),
    ("expm1", &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -1.0), (NAN, NAN), (1e30, INF), (-1e30, -1.0)]),
    ("log", &[(1.0, 0.0), (0.0, -INF), (-0.0, -INF), (INF, INF), (-1.0, NAN), (-INF, NAN), (NAN, NAN)]),
    ("log1p", &[(0.0, 0.0), (-0.0, -0.0), (-1.0, -INF), (INF, INF), (-2.0, NAN), (-INF, NAN), (NAN, NAN)]),
    ("log2", &[(1.0, 0.0), (8.0, 3.0), (0.25, -2.0), (0.0, -INF), (INF, INF), (-1.0, NAN), (NAN, NAN)]),
    ("log10", &[(1.0, 0.0), (1000.0, 3.0), (0.0, -INF), (INF, INF), (-1.0, NAN), (NAN, NAN)]),
    ("sqrt", &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-1.0, NAN), (NAN, NAN)]),
    ("rsqrt", &[(4.0, 0.5), (0.0, INF), (-0.0, -INF), (INF, 0.0), (-1.0, NAN), (NAN, NAN)]),
    ("cbrt", &[(8.0, 2.0), (-27.0, -3.0), (0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (NAN, NAN)]),
    ("sin", &[(0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN), (NAN, NAN)]),
    ("cos", &[(0.0, 1.0), (-0.0, 1.0), (INF, NAN), (-INF, NAN), (NAN, NAN)]),
    ("tan", &[(0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN), (NAN, NAN)]),
    ("asin", &[(0.0, 0.0), (-0.0, -0.0), (1.0, FRAC_PI_2), (-1.0, -FRAC_PI_2), (2.0, NAN), (-INF, NAN), (NAN, NAN)]),
    ("acos", &[(1.0, 0.0), (0.0, FRAC_PI_2), (-1.0, PI), (2.0, NAN), (INF, NAN), (NAN, NAN)]),
    ("atan", &[(0.0, 0.0), (-0.0, -0.0), (1.0, FRAC_PI_4), (INF, FRAC_PI_2), (-INF, -FRAC_PI_2), (NAN, NAN)]),
    ("sinh", &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (1e30, INF), (NAN, NAN)]),
    ("cosh", &[(0.0, 1.0), (INF, INF), (-INF, INF), (1e30, INF), (NAN, NAN)]),
    ("tanh", &[(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (1e30, 1.0), (NAN, NAN)]),
    ("asinh", &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (NAN, NAN)]),
    ("acosh", &[(1.0, 0.0), (INF, INF), (0.5, NAN), (-INF, NAN), (NAN, NAN)]),
    ("atanh", &[(0.0, 0.0), (-0.0, -0.0), (1.0, INF), (-1.0, -INF), (2.0, NAN), (-INF, NAN), (NAN, NAN)]),
    ("sigmoid", &[(0.0, 0.5), (INF, 1.0), (-INF, 0.0), (NAN, NAN)]),
    ("log_sigmoid", &[(INF, -0.0), (-INF, -INF), (NAN, NAN), (-1e30, -1e30)]),
    ("softplus", &[(0.0, LN_2), (INF, INF), (-INF, 0.0), (1e30, 1e30), (NAN, NAN)]),
    ("sech", &[(0.0, 1.0), (INF, 0.0), (-INF, 0.0), (1e30, 0.0), (NAN, NAN)]),
    ("tanh_slope", &[(0.0, 1.0), (INF, 0.0), (-INF, 0.0), (1e30, 0.0), (NAN, NAN)]),
    ("log_cosh", &[(0.0, 0.0), (INF, INF), (-INF, INF), (-1e30, 1e30), (NAN, NAN)]),
    ("sigmoid_slope", &[(0.0, 0.25), (INF, 0.0), (-INF, 0.0), (-1e30, 0.0), (NAN, NAN)]),
    ("log1m_exp", &[(0.0, -INF), (-0.0, -INF), (-LN_2, -LN_2), (1.0, NAN), (INF, NAN), (-INF, 0.0), (NAN, NAN)]),
    ("erfcx", &[(INF, 0.0), (-INF, INF), (-1e30, INF), (NAN, NAN)]),
    ("norm_pdf", &[(INF, 0.0), (-INF, 0.0), (1e30, 0.0), (NAN, NAN)]),
    ("norm_cdf", &[(INF, 1.0), (-INF, 0.0), (1e30, 1.0), (-1e30, 0.0), (NAN, NAN)]),
    ("log_norm_cdf", &[(INF, 0.0), (-INF, -INF), (1e30, 0.0), (NAN, NAN)]),
    ("inverse_mills", &[(INF, 0.0), (-INF, INF), (1e30, 0.0), (NAN, NAN)]),
    ("norm_ppf", &[(0.5, 0.0), (0.0, -INF), (1.0, INF), (-0.5, NAN), (1.5, NAN), (NAN, NAN)]),
    ("erfinv", &[(0.0, 0.0), (-0.0, -0.0), (1.0, INF), (-1.0, -INF), (1.5, NAN), (NAN, NAN)]),
    ("erf", &[(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (1e30, 1.0), (NAN, NAN)]),
    ("erfc", &[(0.0, 1.0), (INF, 0.0), (-INF, 2.0), (1e30, 0.0), (NAN, NAN)]),
    ("lgamma", &[(1.0, 0.0), (2.0, 0.0), (0.0, INF), (-0.0, INF), (-3.0, INF), (INF, INF), (-INF, INF), (NAN, NAN)]),
    ("digamma", &[(0.0, -INF), (-0.0, INF), (-3.0, NAN), (INF, INF), (-INF, NAN), (NAN, NAN)]),
    ("trigamma", &[(0.0, INF), (-3.0, INF), (INF, 0.0), (NAN, NAN)]),
];

const TWO_ARGUMENTS: &[Rows<(f64, f64, f64)>] = &[
    (
        "pow",
        &[
            (0.0, 0.0, 1.0),
            (NAN, 0.0, 1.0),
            (1.0, NAN, 1.0),
            (1.0, INF, 1.0),
            (-1.0, INF, 1.0),
            (-1.0, -INF, 1.0),
            (NAN, 1.0, NAN),
            (2.0, NAN, NAN),
            (0.0, 2.0, 0.0),
            (-0.0, 2.0, 0.0),
            (-0.0, 3.0, -0.0),
            (0.0, -1.0, INF),
            (-0.0, -1.0, -INF),
            (-0.0, -2.0, INF),
            (-0.0, 0.5, 0.0),
            (INF, 2.0, INF),
            (INF, -2.0, 0.0),
            (-INF, 3.0, -INF),
            (-INF, 2.0, INF),
            (-INF, -3.0, -0.0),
            (-INF, 0.5, INF),
            (2.0, INF, INF),
            (2.0, -INF, 0.0),
            (0.5, INF, 0.0),
            (0.5, -INF, INF),
            (0.0, INF, 0.0),
            (0.0, -INF, INF),
            (-2.0, 0.5, NAN),
            (-2.0, 3.0, -8.0),
            (-2.0, -2.0, 0.25),
            (INF, INF, INF),
            (INF, -INF, 0.0),
            (3.0, 2.0, 9.0),
            (-3.0, 1e30, INF),
            (9.0, 0.5, 3.0),
        ],
    ),
    (
        "atan2",
        &[
            (0.0, 1.0, 0.0),
            (-0.0, 1.0, -0.0),
            (0.0, -1.0, PI),
            (-0.0, -1.0, -PI),
            (0.0, 0.0, 0.0),
            (-0.0, 0.0, -0.0),
            (0.0, -0.0, PI),
            (-0.0, -0.0, -PI),
            (1.0, 0.0, FRAC_PI_2),
            (-1.0, -0.0, -FRAC_PI_2),
            (INF, INF, FRAC_PI_4),
            (-INF, -INF, -3.0 * FRAC_PI_4),
            (INF, 1.0, FRAC_PI_2),
            (1.0, INF, 0.0),
            (1.0, -INF, PI),
            (-1.0, -INF, -PI),
            (NAN, 1.0, NAN),
            (1.0, NAN, NAN),
            (1.0, 1.0, FRAC_PI_4),
        ],
    ),
    (
        "hypot",
        &[
            (3.0, 4.0, 5.0),
            (0.0, 0.0, 0.0),
            (-0.0, -2.0, 2.0),
            (INF, NAN, INF),
            (NAN, -INF, INF),
            (NAN, 1.0, NAN),
            (1.0, NAN, NAN),
            (3e30, 4e30, 5e30),
        ],
    ),
    (
        "logaddexp",
        &[
            (0.0, 0.0, LN_2),
            (-INF, -INF, -INF),
            (INF, INF, INF),
            (INF, -INF, INF),
            (-INF, 2.0, 2.0),
            (NAN, 1.0, NAN),
            (1.0, NAN, NAN),
            (1e30, 0.0, 1e30),
        ],
    ),
    (
        "logsubexp",
        &[
            (0.0, 0.0, -INF),
            (-INF, -INF, -INF),
            (2.0, -INF, 2.0),
            (INF, 1.0, INF),
            (INF, INF, NAN),
            (0.0, 1.0, NAN),
            (1e30, 0.0, 1e30),
            (NAN, 1.0, NAN),
        ],
    ),
    (
        "log_rising_factorial",
        &[
            (3.0, 0.0, 0.0),
            (1.0, 1.0, 0.0),
            (0.0, 2.0, -INF),
            (0.0, 0.0, 0.0),
            (INF, 2.0, INF),
            (2.0, INF, INF),
            (NAN, 1.0, NAN),
            (-0.5, 2.0, -1.386_294_361_119_890_6),
        ],
    ),
    ("digamma_rise", &[(3.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.0, 2.0, INF), (INF, 2.0, 0.0), (NAN, 1.0, NAN)]),
    (
        "lbeta",
        &[
            (1.0, 1.0, 0.0),
            (0.0, 2.0, INF),
            (2.0, INF, -INF),
            (NAN, 1.0, NAN),
            (1e30, 1e30, -1.386_294_361_119_890_6e30),
        ],
    ),
];

fn check<T: Tested>() {
    for level in levels() {
        for &(name, rows) in ONE_ARGUMENT {
            for &(x, wanted) in rows {
                check_one::<T>(name, level, x, x, wanted);
            }
        }
        for &(name, rows) in TWO_ARGUMENTS {
            for &(x, y, wanted) in rows {
                check_one::<T>(name, level, x, y, wanted);
            }
        }
    }
}

fn check_one<T: Tested>(name: &str, level: Option<Level>, x: f64, y: f64, wanted: f64) {
    let value = values(name, level, &[T::from_f64(x)], &[T::from_f64(y)])[0].to_f64();
    let wanted = T::from_f64(wanted).to_f64();
    // An ulp for values such as π/4.
    let near = (value - wanted).abs() <= T::from_f64(wanted).ulp() && wanted.fract() != 0.0;
    let same = value.to_bits() == wanted.to_bits() || (value.is_nan() && wanted.is_nan());
    assert!(near || same, "{} {name}({x:?}, {y:?}) at {level:?} is {value:?}, not {wanted:?}", T::NAME);
}

#[test]
fn edges_are_in_their_places() {
    check::<f64>();
    check::<f32>();
}

/// The methods that are a few operations each.
fn check_small<T: Float>() {
    let t = T::from_f64;
    let same = |a: T, b: f64| assert!(a.to_f64() == b || (a.to_f64().is_nan() && b.is_nan()), "{a:?} is not {b:?}");
    for (base, power, wanted) in
        [(-2.0, 3, -8.0), (-2.0, 0, 1.0), (2.0, -2, 0.25), (-1.0, i32::MIN, 1.0), (3.0, 5, 243.0)]
    {
        same(t(base).powi(power), wanted);
    }
    for (x, wanted) in [(-3.0, -1.0), (0.0, 0.0), (2.5, 1.0), (NAN, NAN), (-INF, -1.0)] {
        same(t(x).sign(), wanted);
    }
    for (a, b, wanted) in [
        (5.0, 3.0, 2.0),
        (-5.0, 3.0, 1.0),
        (5.0, -3.0, -1.0),
        (1.0, INF, 1.0),
        (1.0, 0.0, NAN),
        (-1.0, INF, INF),
        (2.0, -INF, -INF),
        (-2.0, -INF, -2.0),
        (INF, 2.0, NAN),
        (NAN, 1.0, NAN),
        (1.0, NAN, NAN),
        (0.0, NAN, NAN),
        (0.0, 0.0, NAN),
        (6.0, 3.0, 0.0),
        (-6.0, 3.0, 0.0),
        (-6.0, -3.0, 0.0),
        (-0.0, 2.0, 0.0),
    ] {
        let rest = t(a).rem(t(b));
        same(rest, wanted);
        assert!(rest != T::ZERO || rest.to_f64().is_sign_negative() == (b < 0.0), "rem({a}, {b}) has the sign of {b}");
    }
    for (a, b, wanted) in [(0.0, INF, 0.0), (0.0, NAN, 0.0), (2.0, 3.0, 6.0), (NAN, 1.0, NAN)] {
        same(t(a).mul_unless_zero(t(b)), wanted);
    }
    for (y, x, wanted) in [(2.0, 3.0, 2.0), (2.0, INF, NAN), (0.0, -INF, NAN), (1.0, NAN, NAN), (-3.0, -3.0, -3.0)] {
        same(t(y).where_finite(t(x)), wanted);
    }
    for (x, y, wanted) in [(0.0, -1.0, 0.0), (0.0, NAN, NAN), (2.0, 0.0, 0.0), (1.0, -1.0, -INF), (0.0, INF, 0.0)] {
        same(t(x).xlog1py(t(y)), wanted);
    }
    for (x, y, wanted) in [(0.0, 0.0, 0.0), (0.0, NAN, NAN), (2.0, 1.0, 0.0), (1.0, 0.0, -INF), (0.0, INF, 0.0)] {
        same(t(x).xlogy(t(y)), wanted);
    }
    same(t(3.0).square(), 9.0);
    same(t(-4.0).recip(), -0.25);
}

#[test]
fn small_methods_keep_their_conventions() {
    check_small::<f64>();
    check_small::<f32>();
}

#[test]
fn polygamma_continues_digamma() {
    let near = |value: f64, wanted: f64| assert!((value / wanted - 1.0).abs() < 1e-14, "{value:e} is not {wanted:e}");
    // ψ₀(1) = −γ, ψ₁(1) = π²/6, ψ₂(1) = −2ζ(3), ψ₃(1) = π⁴/15, ψ₁(1/2) = π²/2; ψ₁(−3/2) = π²/2 + 4 + 4/9
    near(Elementary::polygamma(0.0, 1.0), -0.577_215_664_901_532_9);
    near(Elementary::polygamma(1.0, 1.0), PI * PI / 6.0);
    near(Elementary::polygamma(2.0, 1.0), -2.0 * 1.202_056_903_159_594_2);
    near(Elementary::polygamma(3.0, 1.0), PI.powi(4) / 15.0);
    near(Elementary::polygamma(1.0, 0.5), PI * PI / 2.0);
    near(Elementary::polygamma(1.0, -1.5), PI * PI / 2.0 + 4.0 + 4.0 / 9.0);
    assert!(Elementary::polygamma(1.5f64, 1.0).is_nan());
}

/// Slopes of functions whose value is known keep all but two and a half decimal digits, in the tails too.
fn check_slopes<T: Tested>() {
    let near = |slope: T, wanted: T, what: &str, x: f64| {
        let off = (slope.to_f64() - wanted.to_f64()).abs() / wanted.ulp();
        assert!(off <= 300.0, "{} {what} at {x}: {slope:?}, not {wanted:?}", T::NAME);
    };
    for step in -4000..=4000 {
        let x = 0.02 * f64::from(step);
        let at = T::from_f64(x);
        near(at.slope_of_tanh(at.tanh()), at.tanh_slope(), "tanh", x);
        near(at.slope_of_sigmoid(at.sigmoid()), at.sigmoid_slope(), "sigmoid", x);
    }
}

#[test]
fn slopes_beside_values_keep_their_digits() {
    check_slopes::<f64>();
    check_slopes::<f32>();
}
