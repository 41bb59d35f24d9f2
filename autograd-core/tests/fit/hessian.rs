//! Products with the Hessian by differences of gradients.

use autograd_core::{Error, Float, Objective, Parameters, model};
use ndarray::{Array1, array};

use crate::common::Valley;

/// The product along a direction, worked out by hand for the point (1.5, -2, 0.5; 0.8).
fn expected(v: [f64; 4]) -> [f64; 4] {
    let (a0, a1, b) = (1.5, -2.0, 0.8);
    let e: f64 = a0 * b - 2.0;
    [
        (3.0 + b * b) * v[0] + (e + a0 * b) * v[3],
        (0.5 + 1.2 * a1 * a1) * v[1],
        10.0 * v[2],
        (e + a0 * b) * v[0] + a0 * a0 * v[3],
    ]
}

fn check<T: Float>(v: [f64; 4]) {
    let along = Valley { a: Array1::from_iter(v[..3].iter().map(|&v| T::from_f64(v))), b: T::from_f64(v[3]) };
    let product = Valley::<T>::start().hvp(&(), &along).expect("the shapes agree");
    let size = v.iter().fold(0.0, |size: f64, v| size.max(v.abs()));
    // The derivatives are of the size of 1 to 10, and so is the point: ε^(2/3), once for each kind of error and of rounding.
    let tolerance = 40.0 * T::EPSILON.to_f64().powf(2.0 / 3.0) * size;
    for (found, expected) in product.flatten().into_iter().zip(expected(v)) {
        assert!((found.to_f64() - expected).abs() <= tolerance, "{found} is not {expected}, along {v:?}");
    }
}

#[test]
fn products_have_two_thirds_of_the_digits() {
    for v in [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0], [0.3, -1.0, 2.0, 0.7], [1e-9, 2e-9, -1e-9, 0.0], [0.0; 4]] {
        check::<f64>(v);
        check::<f32>(v);
    }
    check::<f64>([1e250, -1e250, 3e250, 1e249]);
}

model! { pub Scales<N> { param big, small; input x: [N], y: [N]; loss = sum((big * (1 - exp(-small*x)) - y)^2); } }

/// Parameters that differ by 10^6 each have their own scale.
#[test]
fn scales_may_differ() {
    let (x, y) = (array![100.0, 300.0, 700.0], array![10.0, 30.0, 70.0]);
    let inputs = scales::Inputs::new(&x, &y);
    let model = Scales { big: 250.0, small: 5e-4 };
    let product = model.hvp(&inputs, &scales::Grad { big: 0.0, small: 1.0 }).expect("the shapes agree");
    let (mut mixed, mut own) = (0.0, 0.0);
    for (x, y) in x.iter().zip(&y) {
        let decay = f64::exp(-model.small * x);
        let residual = model.big * (1.0 - decay) - y;
        let slope = model.big * x * decay;
        mixed += 2.0 * (slope * (1.0 - decay) + residual * x * decay);
        own += 2.0 * (slope * slope - residual * slope * x);
    }
    assert!((product.big / mixed - 1.0).abs() < 1e-8, "{} is not {mixed}", product.big);
    assert!((product.small / own - 1.0).abs() < 1e-8, "{} is not {own}", product.small);
}

model! { pub Root<N> { param x: [N]; loss = sum(x^2.5); } }

/// Where a step would leave the domain, smaller ones are taken.
#[test]
fn the_domain_is_not_left() {
    let model: Root = Root { x: array![1.0, 1e-8] };
    let product = model.hvp(&root::Inputs {}, &root::Grad { x: array![0.0, 1.0] }).expect("the shapes agree");
    assert!((product.x[1] / (3.75 * 1e-4) - 1.0).abs() < 1e-2, "{product:?}");
    assert!(product.x[0].abs() < 1e-6);
}

#[test]
fn a_direction_of_another_shape_is_an_error() {
    let wrong = Valley { a: array![1.0], b: 1.0 };
    let error = Valley::start().hvp(&(), &wrong).expect_err("`a` has another shape");
    assert!(matches!(error, Error::ParameterShape { parameter: "a", what: "direction", .. }), "{error}");
    assert_eq!(error.to_string(), "parameter `a` has shape [3] but its direction has shape [1]");
}
