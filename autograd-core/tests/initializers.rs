//! Initialisers: their moments, their bounds, and that they never change.

#![allow(clippy::float_cmp, clippy::cast_possible_truncation, reason = "the same bits are meant")]

use std::panic::catch_unwind;

use autograd_core::init::{self, Initializer, stream};
use ndarray::{Array1, Array2, Array3};

/// The mean and variance of 200 000 draws in the shape [400, 500].
fn moments(initializer: Initializer) -> (f64, f64) {
    let w: Array2<f64> = initializer.array([400, 500], &mut stream(3, "w"));
    (w.mean().expect("not empty"), w.var(0.0))
}

#[test]
fn moments_are_right() {
    let cases = [
        (init::zeros(), 0.0, 0.0),
        (init::ones(), 1.0, 0.0),
        (init::constant(2.5), 2.5, 0.0),
        (init::uniform(-1.0, 3.0), 1.0, 16.0 / 12.0),
        (init::normal(2.0, 0.5), 2.0, 0.25),
        (init::truncated_normal(2.0, 0.5), 2.0, 0.25 * 0.773_741_3),
        (init::xavier_uniform(), 0.0, 2.0 / 900.0),
        (init::glorot_normal(), 0.0, 2.0 / 900.0),
        (init::kaiming_uniform(), 0.0, 2.0 / 400.0),
        (init::he_normal(), 0.0, 2.0 / 400.0),
        (init::lecun_uniform(), 0.0, 1.0 / 400.0),
        (init::lecun_normal().gain(3.0), 0.0, 9.0 / 400.0),
    ];
    for (initializer, mean, variance) in cases {
        let found = moments(initializer);
        // Five standard errors; the fourth moment is at most thrice the variance squared.
        let n = 200_000.0_f64;
        assert!((found.0 - mean).abs() <= 5.0 * (variance / n).sqrt(), "{initializer:?}: {found:?}");
        assert!((found.1 - variance).abs() <= 5.0 * variance * (2.0 / n).sqrt() + 1e-20, "{initializer:?}: {found:?}");
    }
}

#[test]
fn bounds_are_kept() {
    let w: Array1<f64> = init::truncated_normal(1.0, 2.0).array([100_000], &mut stream(1, "w"));
    assert!(w.iter().all(|w| (-3.0..=5.0).contains(w)));
    let w: Array2<f64> = init::kaiming_uniform().array([6, 1000], &mut stream(1, "w"));
    assert!(w.iter().all(|w| w.abs() <= 1.0));
    // The receptive field of a kernel counts: fan-in 3 * 2.
    let w: Array3<f64> = init::kaiming_uniform().array([3, 2, 1000], &mut stream(1, "w"));
    assert!(w.iter().all(|w| w.abs() <= 1.0) && w.iter().any(|w| w.abs() > 0.99));
}

#[test]
fn orthogonal_is_orthogonal() {
    for (rows, columns) in [(1, 1), (5, 5), (7, 3), (3, 7), (64, 64), (0, 3)] {
        let w: Array2<f64> = init::orthogonal().gain(2.0).array([rows, columns], &mut stream(9, "w"));
        let gram = if rows <= columns { w.dot(&w.t()) } else { w.t().dot(&w) };
        for ((i, j), value) in gram.indexed_iter() {
            let expected = if i == j { 4.0 } else { 0.0 };
            assert!((value - expected).abs() < 1e-13, "[{rows}, {columns}]: {value} at {i}, {j}");
        }
    }
}

#[test]
fn identity_has_its_ones_on_the_diagonal() {
    let w: Array2<f32> = init::eye().array([2, 3], &mut stream(0, "w"));
    assert_eq!(w, ndarray::array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]);
    let w: Array3<f32> = init::identity().array([2, 2, 2], &mut stream(0, "w"));
    assert_eq!((w[[0, 0, 0]], w[[1, 1, 1]], w.sum()), (1.0, 1.0, 2.0));
}

#[test]
fn scalar_types_agree_and_parameters_are_independent() {
    for initializer in [init::normal(0.0, 1.0), init::orthogonal(), init::xavier_uniform()] {
        let double: Array2<f64> = initializer.array([5, 4], &mut stream(7, "w"));
        let single: Array2<f32> = initializer.array([5, 4], &mut stream(7, "w"));
        assert_eq!(double.mapv(|x| x as f32), single);
        let other: Array2<f64> = initializer.array([5, 4], &mut stream(7, "v"));
        assert_ne!(double, other);
    }
    let scalar: f64 = init::normal(0.0, 1.0).scalar(&mut stream(7, "w"));
    let array: Array1<f64> = init::normal(0.0, 1.0).array([1], &mut stream(7, "w"));
    assert_eq!(scalar, array[0]);
}

#[test]
fn shapes_that_memory_cannot_hold_are_named() {
    let message = |shape: [usize; 2]| {
        let made = catch_unwind(|| init::zeros().array::<f32, _>(shape, &mut stream(0, "w")).len());
        made.expect_err("too large").downcast_ref::<String>().expect("a formatted message").clone()
    };
    // Products that leave `usize`, that leave `isize`, and that are 0 with factors that do.
    for shape in [[usize::MAX, 2], [1 << 40, 1 << 30], [1 << 62, 1], [0, usize::MAX]] {
        assert_eq!(message(shape), format!("there is not enough memory for an array of shape {shape:?}"));
    }
}
