//! Conventions of elementary functions, selections and divisions.

use super::{INF, NAN, assert_close, at, slopes};
use crate::differentiate::testing::Bench;
use crate::graph::Region;

#[test]
fn power_zero_at_zero() {
    assert_close(&slopes(&[0.0, 0.0], |r, x| r.power(x[0], x[1])), &[0.0, 0.0]);
    let literal = slopes(&[0.0], |r, x| {
        let zero = r.literal(0.0);
        r.power(x[0], zero)
    });
    assert_close(&literal, &[0.0]);
}

#[test]
fn literal_powers_fold_and_are_exact_for_negative_bases() {
    for n in [-3, -1, 1, 2, 3, 4, 7] {
        let slope = slopes(&[-2.0], |r, x| {
            let n = r.literal(f64::from(n));
            r.power(x[0], n)
        });
        assert_close(&slope, &[f64::from(n) * (-2.0_f64).powi(n - 1)]);
    }
}

#[test]
fn powers_below_one_are_steep_at_zero() {
    assert_close(&slopes(&[0.0, 0.5], |r, x| r.power(x[0], x[1]))[..1], &[INF]);
    let skipped = slopes(&[0.0], |r, x| {
        let (half, zero) = (r.literal(0.5), r.literal(0.0));
        let root = r.power(x[0], half);
        r.times(zero, root)
    });
    assert_close(&skipped, &[0.0]);
}

#[test]
fn powers_by_their_exponent() {
    assert_close(&slopes(&[0.0, 2.0], |r, x| r.power(x[0], x[1])), &[0.0, 0.0]);
    assert_close(&slopes(&[-2.0, 2.0], |r, x| r.power(x[0], x[1])), &[-4.0, NAN]);
    assert_close(&slopes(&[2.0, 3.0], |r, x| r.power(x[0], x[1])), &[12.0, 8.0 * 2.0_f64.ln()]);
}

#[test]
fn roots_at_zero() {
    assert_close(&slopes(&[0.0], |r, x| r.sqrt(x[0])), &[INF]);
    // sqrt(x)² is written as a composite: the skip gives 0.
    let composite = slopes(&[0.0], |r, x| {
        let root = r.sqrt(x[0]);
        r.square(root)
    });
    assert_close(&composite, &[0.0]);
}

#[test]
fn kinks_take_the_least_norm() {
    assert_close(&slopes(&[0.0], |r, x| r.abs(x[0])), &[0.0]);
    assert_close(&slopes(&[0.0], |r, x| r.relu(x[0])), &[0.0]);
    assert_close(&slopes(&[2.0, 2.0], |r, x| r.maximum(x[0], x[1])), &[0.5, 0.5]);
    assert_close(&slopes(&[2.0, 2.0], |r, x| r.minimum(x[0], x[1])), &[0.5, 0.5]);
    for extreme in [Region::maximum, Region::minimum] {
        let against_constant = slopes(&[2.0], |r, x| {
            let (one, two) = (r.literal(1.0), r.literal(2.0));
            // A constant is whatever holds no variable, not only a number.
            let constant = r.times(one, two);
            extreme(r, constant, x[0])
        });
        assert_close(&against_constant, &[0.0]);
    }
}

#[test]
fn clamps_are_flat_at_their_bounds() {
    for (x, slope) in [(-1.0, 0.0), (0.0, 0.0), (0.5, 1.0), (1.0, 0.0), (2.0, 0.0)] {
        let found = slopes(&[x], |r, x| {
            let (low, high) = (r.literal(0.0), r.literal(1.0));
            let above = r.maximum(x[0], low);
            r.minimum(above, high)
        });
        assert_close(&found, &[slope]);
    }
}

#[test]
fn the_arm_that_is_not_taken_has_no_say() {
    let functions =
        [Region::log, Region::sqrt, Region::recip, Region::exp, Region::asin, Region::lgamma, Region::rsqrt];
    for function in functions {
        for x in [0.0, -1.0, 1000.0] {
            let found = slopes(&[x, 2.0], |r, x| {
                let zero = r.literal(0.0);
                let inner = function(r, x[0]);
                // The factor in the arm must not meet the masked cotangent as 0 · ∞ either, however it is wrapped.
                let wrapped = r.sin(inner);
                let product = r.times(wrapped, x[1]);
                let sum = r.plus(product, inner);
                let never = r.boolean(false);
                r.select(never, sum, zero)
            });
            assert_close(&found, &[0.0, 0.0]);
        }
    }
}

#[test]
fn divisions_by_zero_are_those_of_ieee() {
    let (value, slope) = at(&[1.0, 0.0], |r, x| r.over(x[0], x[1]));
    assert_close(&[value, slope[0], slope[1]], &[INF, INF, -INF]);
    assert_close(&slopes(&[0.0, 2.0], |r, x| r.over(x[0], x[1])), &[0.5, 0.0]);
    let skipped = slopes(&[3.0, 0.0], |r, x| {
        let quotient = r.over(x[0], x[1]);
        let zero = r.literal(0.0);
        let never = r.boolean(false);
        r.select(never, quotient, zero)
    });
    assert_close(&skipped, &[0.0, 0.0]);
}

#[test]
fn logarithms_at_zero() {
    assert_close(&slopes(&[0.0], |r, x| r.log(x[0])), &[INF]);
    assert!(at(&[-1.0], |r, x| r.log(x[0])).0.is_nan());
}

#[test]
fn entropy_at_zero() {
    let (value, slope) = at(&[0.0, 0.0], |r, x| r.xlogy(x[0], x[1]));
    assert_close(&[value, slope[0], slope[1]], &[0.0, -INF, 0.0]);
    assert_close(&slopes(&[0.0], |r, x| r.xlogy(x[0], x[0])), &[-INF]);
    assert_close(&slopes(&[0.0, 3.0], |r, x| r.xlogy(x[0], x[1])), &[3.0_f64.ln(), 0.0]);
}

#[test]
fn saturation_is_flat() {
    for x in [-1000.0, 1000.0] {
        assert_close(&slopes(&[x], |r, x| r.sigmoid(x[0])), &[0.0]);
        assert_close(&slopes(&[x], |r, x| r.tanh(x[0])), &[0.0]);
        assert_close(&slopes(&[x], |r, x| r.softplus(x[0])), &[f64::from(u8::from(x > 0.0))]);
        assert_close(&slopes(&[x], |r, x| r.log_sigmoid(x[0])), &[f64::from(u8::from(x < 0.0))]);
    }
}

#[test]
fn steps_have_no_slope() {
    for function in [Region::floor, Region::ceil, Region::round, Region::sign] {
        for x in [-0.5, 0.0, 1.0, 1.5] {
            assert_close(&slopes(&[x], |r, x| function(r, x[0])), &[0.0]);
        }
    }
}

#[test]
fn remainders() {
    assert_close(&slopes(&[7.5, 2.0], |r, x| r.rem(x[0], x[1])), &[1.0, -3.0]);
    assert_close(&slopes(&[-1.0, 3.0], |r, x| r.rem(x[0], x[1])), &[1.0, 1.0]);
}

#[test]
fn inverse_circles_are_steep_at_their_ends() {
    assert_close(&slopes(&[1.0], |r, x| r.asin(x[0])), &[INF]);
    assert_close(&slopes(&[1.0], |r, x| r.acos(x[0])), &[-INF]);
    let skipped = slopes(&[1.0], |r, x| {
        let angle = r.acos(x[0]);
        r.square(angle)
    });
    assert_close(&skipped, &[0.0]);
}

#[test]
fn second_derivatives_at_kinks_are_zero() {
    for function in [Region::abs, Region::relu] {
        for x in [-1.0, 0.0, 1.0] {
            let mut bench = Bench::new(1);
            let x = bench.scalar(x);
            let y = function(&mut bench.region, x);
            let first = crate::differentiate::gradient(&mut bench.region, y, &[x]).expect("a derivative")[0];
            assert_close(&bench.gradient(first.expect("nodes"), &[x])[0].data, &[0.0]);
        }
    }
}

#[test]
fn an_infinite_slope_from_above_does_not_meet_a_flat_kink() {
    // sqrt(|x|) and sqrt(relu(x)) at 0.
    for function in [Region::abs, Region::relu] {
        let found = slopes(&[0.0], |r, x| {
            let inner = function(r, x[0]);
            r.sqrt(inner)
        });
        assert_close(&found, &[0.0]);
    }
}
