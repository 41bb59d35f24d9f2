//! Numbers far from 1, in `f32` above all: an ordinary answer is an ordinary number.

use autograd_core::model;
use ndarray::{Array1, array};

model! {
    /// What stands in books of physics, and its kin.
    Sizes<N, M> {
        param c;
        param a unused;
        param b unused;
        input x: [N], y: [M];
        input r, radius, g, first, second;
        loss = sum((c*x)^2);
        let q = (r / 3.4e-10)^6;
        lennard = 1/q^2 - 1/q;
        gravity = g*first*second/radius^2;
        between = a*x*b;
        quotient = sum(x)/a/b;
        scaled = sum(a*y);
        mean_of_scaled = grad(mean(a*y), a);
        product = prod(y);
        normal = layer_norm(x);
        inverse = grad(a/c, c);
        by_c = grad(loss, c);
        last = cumsum(y)[-1];
    }
}

model! {
    /// Quotients, of `f32` and `f64`.
    Quotients<N> {
        param w;
        input x: [N], equal: [N];
        parts = floor(x / 49);
        tenth = floor(x / 0.1);
        counted = floor(x / N);
        middle = w*mean(equal);
        spread = var(equal);
    }
}

/// Near the value, as far as `f32` knows it.
#[track_caller]
fn near(found: f32, expected: f64) {
    assert!((f64::from(found) / expected - 1.0).abs() < 1e-5, "{found:e} is not {expected:e}");
}

struct Case {
    model: Sizes<f32>,
    x: Array1<f32>,
    y: Array1<f32>,
}

impl Case {
    fn outputs(&self) -> sizes::Outputs<f32> {
        let inputs = sizes::Inputs {
            x: self.x.view(),
            y: self.y.view(),
            r: 3.8e-10,
            radius: 6.371e6,
            g: 6.674e-11,
            first: 5.972e24,
            second: 70.0,
        };
        self.model.outputs(&inputs).expect("the sizes agree")
    }
}

#[test]
fn the_order_of_factors_is_that_of_the_text() {
    let (x, y) = (array![1e-25, 2e-25], array![3e37, 3e37, 3e37, 3e37, 3e37, 3e37, 3e37, 3e37, 3e37, 3e37, 3e37, 3e37]);
    let case = Case { model: Sizes { c: 1e25, a: 1e25, b: 1e25 }, x, y: array![1.0, 1.0] };
    let found = case.outputs();
    near(found.loss, 5.0);
    let q = (3.8_f64 / 3.4).powi(6);
    near(found.lennard, 1.0 / (q * q) - 1.0 / q);
    near(found.gravity, 6.674e-11 * 5.972e24 * 70.0 / 6.371e6_f64.powi(2));
    near(found.between[0], 1e25);
    near(found.between[1], 2e25);
    near(found.inverse, -1e-25);
    near(found.by_c, 1e-24);
    let case = Case { model: Sizes { c: 1.0, a: 1e-20, b: 1e20 }, x: array![3e-30, 3e-30], y };
    let found = case.outputs();
    near(found.scaled, 12.0 * 3e17);
    near(found.mean_of_scaled, 3e37);
    near(found.quotient, 6e-30);
    let case = Case { model: Sizes { c: 1.0, a: 1e25, b: 1e25 }, x: array![1e25, 1e25], y: array![1e30] };
    near(case.outputs().quotient, 2e-25);
}

#[test]
fn products_and_norms_of_any_size() {
    let product = |y: Array1<f32>| {
        let x = array![1e20, 2e20, 4e20];
        let found = Case { model: Sizes { c: 1.0, a: 1.0, b: 1.0 }, x, y }.outputs();
        for (found, expected) in found.normal.iter().zip([-1.069_045, -0.267_261_2, 1.336_306_3]) {
            near(*found, expected);
        }
        found.product
    };
    near(product(array![1e30, 1e-30, 1e30, 1e-30]), 1.0);
    near(product(array![1e-30, 1e-30, 1e30, 1e30]), 1.0);
    near(product((0..999).map(|i| if i % 3 == 0 { 1e20 } else { 1e-10 }).collect()), 1.0);
    assert_eq!(product(array![1e30, 1e30, 0.0]), 0.0);
    assert_eq!(product(array![2.0, -3.0, 7.0]), -42.0);
    assert_eq!(product(array![1e30, 1e30]), f32::INFINITY);
}

/// From where `f32` has no odd numbers on.
#[test]
fn running_sums_are_as_exact_as_sums() {
    let mut y = Array1::ones(1000);
    y[0] = 16_777_216.0;
    let case = Case { model: Sizes { c: 1.0, a: 1.0, b: 1.0 }, x: array![1.0], y };
    assert_eq!(case.outputs().last, 16_778_216.0);
}

#[test]
fn quotients_are_rounded_once() {
    for n in [3_u16, 7, 49, 100] {
        let count = usize::from(n);
        let x: Vec<u16> = (0..n).map(|i| i * if n == 49 || n == 7 { n } else { 49 }).collect();
        let equal = 0.1;
        let double: Array1<f64> = x.iter().map(|&x| f64::from(x)).collect();
        let single: Array1<f32> = x.iter().map(|&x| f32::from(x)).collect();
        let equals = (Array1::from_elem(count, equal), Array1::from_elem(count, 0.75_f32));
        let of_double = quotients::Inputs { x: double.view(), equal: equals.0.view() };
        let found = Quotients { w: 1.0_f64 }.outputs(&of_double).expect("the sizes agree");
        assert_eq!(found.parts, double.mapv(|x| (x / 49.0).floor()));
        assert_eq!(found.tenth, double.mapv(|x| (x / 0.1).floor()));
        assert_eq!(found.counted, double.mapv(|x| (x / f64::from(n)).floor()));
        let of_single = quotients::Inputs { x: single.view(), equal: equals.1.view() };
        let found = Quotients { w: 1.0_f32 }.outputs(&of_single).expect("the sizes agree");
        assert_eq!(found.parts, single.mapv(|x| (x / 49.0).floor()));
        assert_eq!(found.counted, single.mapv(|x| (x / f32::from(n)).floor()));
        assert_eq!((found.middle, found.spread), (0.75, 0.0));
    }
}
