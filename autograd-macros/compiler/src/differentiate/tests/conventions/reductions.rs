//! Conventions of reductions.

use super::{INF, NAN, assert_close, reduced, slopes};
use crate::differentiate::testing::Bench;
use crate::graph::{Dim, Elem};
use crate::ops::{Facts, Function, Map, Op, ReduceKind};

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
fn ties_of_extremes_are_split_evenly() {
    assert_close(&reduced(ReduceKind::Max, &[1.0, 3.0, 3.0]), &[0.0, 0.5, 0.5]);
    assert_close(&reduced(ReduceKind::Min, &[1.0, 1.0, 1.0, 2.0]), &[1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0, 0.0]);
    assert_close(&reduced(ReduceKind::Max, &[1.0, NAN, 2.0]), &[NAN, NAN, NAN]);
    assert_close(&reduced(ReduceKind::Min, &[1.0, NAN, 2.0]), &[NAN, NAN, NAN]);
    assert_close(&reduced(ReduceKind::Max, &[INF, INF, 0.0]), &[0.5, 0.5, 0.0]);
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
