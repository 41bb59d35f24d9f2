//! What random models have found.

use super::is_inside;
use crate::interpret::{Environment, Tensor};
use crate::testing::models::built;
use crate::testing::{Example, assert_close, sized};

/// No axis is read whole that stands at two places.
#[test]
fn a_diagonal_beside_an_integer_from_data() {
    let model = Example::of("M<N, D> { param t: [N, D, N]; input k in D; loss = sum[i](t[i, k, i]^2); }");
    let model = model.dim("N", 2).dim("D", 2).set("k", &[], &[1.0]);
    let model = model.set("t", &[2, 2, 2], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
    assert_close(&[model.number("loss")], &[9.0 + 64.0], 0.0);
    assert_eq!(model.grad("t"), [0.0, 0.0, 6.0, 0.0, 0.0, 0.0, 0.0, 16.0]);
}

/// What is compared in an arm that is not taken may lie outside.
#[test]
fn reads_in_the_place_of_an_extreme_under_a_choice() {
    let text = "M<N> { param x: [N]; input id: [N] in N, at in N;
                loss = sum[i](if x[i] > 0 { x[argmax[j in 0..N](x[id[j] + at])] } else { 0 }); }";
    let model = built(text);
    let results = model.results();
    let environment = |x: [f64; 2], at: f64| {
        let tensor = |shape: &[usize], data: &[f64]| Tensor { shape: shape.to_vec(), data: data.to_vec() };
        let values = [("x", tensor(&[2], &x)), ("id", tensor(&[2], &[1.0, 0.0])), ("at", tensor(&[], &[at]))];
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Environment { values, ..sized(&[("N", 2)]) }
    };
    assert!(is_inside(&model.region, &results, &environment([1.0, 2.0], 0.0)));
    assert!(is_inside(&model.region, &results, &environment([-1.0, -2.0], 1.0)));
    assert!(!is_inside(&model.region, &results, &environment([-1.0, 2.0], 1.0)));
}

/// A word of the language before `!` is no macro.
#[test]
fn a_choice_of_what_is_not() {
    let model = Example::of("M<N> { param x: [N]; loss = sum[i](if !(x[i] > 0) { x[i]^2 } else { 0 }); }");
    let model = model.dim("N", 2).set("x", &[2], &[-3.0, 1.0]);
    assert_close(&[model.number("loss")], &[9.0], 0.0);
}

/// A number that loops sum, seen as an axis of 1 behind a guard.
#[test]
fn a_sum_behind_a_guard() {
    let model = Example::of(
        "M<N, K> { param y: [N, N]; input a: [N]; param w: [K];
            loss = var[i in 0..K](w[i]*(if i < N { sum(y[i]*a) } else { 0 })); }",
    );
    let model = model.dim("N", 2).dim("K", 2).set("w", &[2], &[1.0, 1.0]).set("a", &[2], &[1.0, 2.0]);
    let model = model.set("y", &[2, 2], &[1.0, 0.0, 1.0, 1.0]);
    assert_close(&[model.number("loss")], &[1.0], 0.0);
    assert_eq!(model.grad("w"), [-1.0, 3.0]);
    assert_eq!(model.grad("y"), [-1.0, -2.0, 1.0, 2.0]);
}

/// A stride that is a size beside one that is a number: what cannot be read back is scattered, as it was read.
#[test]
fn strides_of_two_kinds() {
    let model = Example::of(
        "M<M, K> { param f: [M*K]; input a: [M], b: [K];
            loss = sum[i in 0..M, j in 0..floor_div(K, 2)](a[i]*b[j]*f[i*K + 2*j]); }",
    );
    let model = model.dim("M", 2).dim("K", 3).set("a", &[2], &[2.0, 3.0]).set("b", &[3], &[5.0, 7.0, 11.0]);
    let model = model.set("f", &[6], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_close(&[model.number("loss")], &[10.0 + 60.0], 0.0);
    assert_close(&model.grad("f"), &[10.0, 0.0, 0.0, 15.0, 0.0, 0.0], 0.0);
}

/// A condition reads where it is asked, not where it is false; `&&` and `||` ask their right side where the left decides nothing,
/// and a condition is asked within the range of its indices.
#[test]
fn reads_of_conditions() {
    let inside = |body: &str, id: f64, x: [f64; 2]| {
        let model = built(&format!("M<N> {{ param x: [N]; input id in N; loss = {body}; }}"));
        let tensor = |shape: &[usize], data: &[f64]| Tensor { shape: shape.to_vec(), data: data.to_vec() };
        let values = [("x", tensor(&[2], &x)), ("id", tensor(&[], &[id]))];
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        is_inside(&model.region, &model.results(), &Environment { values, ..sized(&[("N", 2)]) })
    };
    let chosen = "sum[i](if x[id + 1] < 1 { x[i] } else { 2*x[i] })";
    assert!(inside(chosen, 0.0, [3.0, 3.0]) && !inside(chosen, 1.0, [3.0, 3.0]));
    let both = "sum[i if x[i] > 0 && x[id + i] > 1](x[i])";
    assert!(inside(both, 1.0, [1.0, -1.0]) && !inside(both, 1.0, [-1.0, 1.0]));
    let either = "sum[i if x[i] > 0 || x[id + i] > 1](x[i])";
    assert!(inside(either, 1.0, [-1.0, 1.0]) && !inside(either, 1.0, [1.0, -1.0]));
    let ragged = "sum[i, j in i..N if x[j + id] > 0](x[i]*x[j])";
    assert!(inside(ragged, 0.0, [1.0, 1.0]) && !inside(ragged, 1.0, [1.0, 1.0]));
}

/// What is defined for some places and read where these are reads as far as it is defined, whatever the box around that is.
#[test]
fn definitions_that_are_read_where_they_are() {
    let model = Example::of(
        "M<N, K> { param x: [N];
            let d[i in 0..floor_div(N + 1, 2)] = x[i]; let e[i in 0..floor_div(N, 2)] = x[2*i + 1];
            loss = sum[j in 0..N](if (K + 1)*j < floor_div(N + 1, 2) { d[(K + 1)*j] } else { 0 })
                + sum[j in 0..N, k in 0..K](if j + 2*k < floor_div(N, 2) { e[j + 2*k] } else { 0 }); }",
    );
    let model = model.dim("N", 4).dim("K", 2).set("x", &[4], &[1.0, 10.0, 100.0, 1000.0]);
    assert_close(&[model.number("loss")], &[1.0 + 10.0 + 1000.0], 0.0);
    assert_eq!(model.grad("x"), [1.0, 1.0, 0.0, 1.0]);
}

/// A place that sizes may lack is not read in an arm that they do not take.
#[test]
fn places_that_may_not_be_there() {
    let model = Example::of("M<N> { param x: [N]; loss = sum(x) + (if N > 1 { x[1]^2 } else { 0 }); }");
    let one = model.dim("N", 1).set("x", &[1], &[3.0]);
    assert_close(&[one.number("loss")], &[3.0], 0.0);
    assert_eq!(one.grad("x"), [1.0]);
    let two = one.dim("N", 2).set("x", &[2], &[3.0, 5.0]);
    assert_close(&[two.number("loss")], &[33.0], 0.0);
    assert_eq!(two.grad("x"), [1.0, 11.0]);
}

/// What is read at an integer is the same everywhere: the integer still says whether it is read.
#[test]
fn a_number_repeated_and_read_at_an_integer() {
    let model = Example::of(
        "M<K> { param x: [K]; let d[i in 0..K - 1] = x[i - i]*2; loss = sum(d); y[i in 0..1] = d[max(0, min(i, K - 2))]; }",
    );
    let model = model.dim("K", 3).set("x", &[3], &[1.5, 2.0, 3.0]);
    assert_eq!(model.computed("y"), [3.0]);
}

/// Over a range that is known to be empty nothing is read, wherever that would be.
#[test]
fn reads_over_ranges_that_are_empty() {
    let text =
        "M<N> { param x: [N]; loss = sum(x) + sum[i in 0..floor_div(1, 2)](x[i - 2]^2); y[i in 0..1 - 1] = x[i - 1]; }";
    let model = Example::of(text).dim("N", 2).set("x", &[2], &[1.0, 2.0]);
    assert_close(&[model.number("loss")], &[3.0], 0.0);
    assert_eq!((model.grad("x"), model.computed("y")), (vec![1.0, 1.0], Vec::new()));
}

/// The slope of a mean of nothing is not finite, and goes nowhere: neither from an arm that is not taken nor into a sum of nothing.
#[test]
fn slopes_of_means_of_nothing() {
    for mean in ["mean(x + s)", "mean[i](x[i] + s)", "mean[i in 0..N](i + s)"] {
        let model = Example::of(&format!(
            "M<N> {{ param s; input x: [N]; input has; loss = s^2 + (if has > 0 {{ {mean} }} else {{ 0 }}); }}"
        ));
        let model = model.dim("N", 0).set("x", &[0], &[]).set("s", &[], &[0.5]).set("has", &[], &[0.0]);
        assert_close(&[model.number("loss")], &[0.25], 0.0);
        assert_eq!(model.grad("s"), [1.0], "{mean}");
    }
}
