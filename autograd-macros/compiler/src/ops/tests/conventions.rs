//! The numerical conventions, one test for each: what the derivative is where others answer NaN, or differ.
//!
//! Rule zero: exact where it exists; the subgradient of least norm at a kink; the one-sided limit, infinity included,
//! where only that exists; NaN only if the value is NaN or the domain is left. A zero from above skips an infinite slope.

use crate::graph::{Dim, Elem, NodeId, Region};
use crate::ops::testing::{Bench, close};
use crate::ops::{Facts, Function, Map, Op, ReduceKind};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// The value and the gradient at a point, each variable a scalar.
fn at(point: &[f64], build: impl Fn(&mut Region, &[NodeId]) -> NodeId) -> (f64, Vec<f64>) {
    let mut bench = Bench::new(1);
    let xs: Vec<NodeId> = point.iter().map(|&x| bench.scalar(x)).collect();
    let y = build(&mut bench.region, &xs);
    let slopes = bench.gradient(y, &xs);
    (bench.value(y).data[0], slopes.into_iter().map(|slope| slope.data[0]).collect())
}

/// The gradient at a point.
fn slopes(point: &[f64], build: impl Fn(&mut Region, &[NodeId]) -> NodeId) -> Vec<f64> {
    at(point, build).1
}

/// The gradient of a reduction of a vector.
fn reduced(kind: ReduceKind, x: &[f64]) -> Vec<f64> {
    let mut bench = Bench::new(1);
    let x = bench.vector(x);
    let y = bench.region.reduce(kind, x, &[0]);
    bench.gradient(y, &[x]).remove(0).data
}

fn assert_close(found: &[f64], expected: &[f64]) {
    let equal = found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| close(*a, *b, 1e-14));
    assert!(equal, "{found:?} is not {expected:?}");
}

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
fn norms_at_zero() {
    assert_close(&reduced(ReduceKind::Norm, &[0.0, 0.0]), &[0.0, 0.0]);
    assert_close(&reduced(ReduceKind::Norm, &[3.0, -4.0]), &[0.6, -0.8]);
    assert_close(&reduced(ReduceKind::Norm, &[3e200, -4e200]), &[0.6, -0.8]);
    assert_close(&slopes(&[0.0, 0.0], |r, x| r.hypot(x[0], x[1])), &[0.0, 0.0]);
    assert_close(&slopes(&[0.0, 0.0], |r, x| r.atan2(x[0], x[1])), &[0.0, 0.0]);
}

#[test]
fn deviations_of_equal_values() {
    // std as the norm of what is left of the mean.
    let mut bench = Bench::new(1);
    let x = bench.vector(&[2.0, 2.0, 2.0, 2.0]);
    let r = &mut bench.region;
    let total = r.sum(x, &[0]);
    let mean = r.scale(total, 0.25);
    let shape = r.shape(x);
    let mean = r.spread(mean, &shape, &[0]);
    let rest = r.minus(x, mean);
    let norm = r.reduce(ReduceKind::Norm, rest, &[0]);
    let y = r.scale(norm, 0.5);
    assert_close(&bench.gradient(y, &[x])[0].data, &[0.0; 4]);
}

#[test]
fn norms_have_zero_second_derivatives_at_zero() {
    let mut bench = Bench::new(1);
    let x = bench.vector(&[0.0, 0.0]);
    let y = bench.region.reduce(ReduceKind::Norm, x, &[0]);
    let one = bench.region.ones_like(y);
    let gradient = crate::differentiate::vjp(&mut bench.region, y, one, &[x]).expect("a derivative")[0].expect("nodes");
    assert_close(&bench.gradient(gradient, &[x])[0].data, &[0.0, 0.0]);
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
fn ties_of_extremes_are_split_evenly() {
    assert_close(&reduced(ReduceKind::Max, &[1.0, 3.0, 3.0]), &[0.0, 0.5, 0.5]);
    assert_close(&reduced(ReduceKind::Min, &[1.0, 1.0, 1.0, 2.0]), &[1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0, 0.0]);
    assert_close(&reduced(ReduceKind::Max, &[1.0, NAN, 2.0]), &[NAN, NAN, NAN]);
    assert_close(&reduced(ReduceKind::Min, &[1.0, NAN, 2.0]), &[NAN, NAN, NAN]);
    assert_close(&reduced(ReduceKind::Max, &[INF, INF, 0.0]), &[0.5, 0.5, 0.0]);
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
fn means_divide_plainly() {
    let mut bench = Bench::new(1);
    let x = bench.random(&["N"], 1.0, 2.0);
    let r = &mut bench.region;
    let total = r.sum(x, &[0]);
    let count = r.extent(&Dim::name("N"));
    let count = r.cast(count, Elem::Real);
    let y = r.over(total, count);
    assert_close(&bench.gradient(y, &[x])[0].data, &[1.0 / 3.0; 3]);
    let skips = |node: &crate::graph::Node| node.op == Op::from(Map { function: Function::MulUnlessZero });
    assert!(!bench.region.iter().any(|(_, node)| skips(node)), "no skip where nothing is steep");
    assert!(Facts::of(&bench.region, y).is_finite(y));
    let nothing = bench.random(&["Z"], 1.0, 2.0);
    let r = &mut bench.region;
    let (total, zero) = (r.sum(nothing, &[0]), r.extent(&Dim::name("Z")));
    let zero = r.cast(zero, Elem::Real);
    let mean = r.over(total, zero);
    assert!(bench.value(mean).data[0].is_nan());
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
fn logsumexp_moves_no_mass_from_nowhere() {
    let mut bench = Bench::new(1);
    let x = bench.vector(&[1000.0, 1000.0]);
    let y = bench.region.reduce(ReduceKind::LogSumExp, x, &[0]);
    assert_close(&bench.value(y).data, &[1000.0 + 2.0_f64.ln()]);
    assert_close(&reduced(ReduceKind::LogSumExp, &[1000.0, 1000.0]), &[0.5, 0.5]);
    assert_close(&reduced(ReduceKind::LogSumExp, &[-INF, -INF]), &[0.0, 0.0]);
    assert_close(&reduced(ReduceKind::LogSumExp, &[-INF, 0.0]), &[0.0, 1.0]);
    assert_close(&reduced(ReduceKind::LogSumExp, &[INF, 3.0, INF]), &[0.5, 0.0, 0.5]);
    assert_close(&slopes(&[-INF, -INF], |r, x| r.logaddexp(x[0], x[1])), &[0.0, 0.0]);
    assert_close(&slopes(&[INF, INF], |r, x| r.logaddexp(x[0], x[1])), &[0.5, 0.5]);
}

#[test]
fn cross_entropy_is_the_softmax_less_the_label() {
    let mut bench = Bench::new(1);
    let z = bench.vector(&[1.0, -2.0, 0.5]);
    let r = &mut bench.region;
    let total = r.reduce(ReduceKind::LogSumExp, z, &[0]);
    let label = r.slice(z, &[Dim::ONE], &[Dim::ONE].into(), &[1]);
    let label = r.sum(label, &[0]);
    let y = r.minus(total, label);
    let found = bench.gradient(y, &[z]).remove(0).data;
    let sum: f64 = [1.0_f64, -2.0, 0.5].iter().map(|z| z.exp()).sum();
    assert_close(&found, &[1.0_f64.exp() / sum, (-2.0_f64).exp() / sum - 1.0, 0.5_f64.exp() / sum]);
}

#[test]
fn running_products_pass_zeros() {
    // cumprod(x) as a recurrence: h[i] = x[i]·h[i-1], h[0] = x[0].
    let mut bench = Bench::new(1);
    let x = bench.vector(&[2.0, 0.0, 3.0]);
    let start = bench.vector(&[2.0, 0.0, 0.0]);
    let y = bench.region.recurrence(x, start, 0, false);
    let found = bench.gradient(y, &[x, start]);
    assert_close(&found[0].data, &[0.0, 2.0 + 6.0, 0.0]);
    assert_close(&found[1].data, &[1.0, 4.0, 1.0]);
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
