//! Arithmetic of models and gradients, views, sizes: what users do with arrays.

use std::panic::{AssertUnwindSafe, catch_unwind};

use autograd_core::{Float, Parameters, Session, model};
use ndarray::{Array1, Array2, array, s};
use rand::SeedableRng;
use rand::rngs::SmallRng;

model! {
    /// A plane by least squares: an array and a number.
    pub(crate) Plane<N, D> {
        param w: [D], b;
        input x: [N, D], y: [N];
        loss = mean((x @ w + b - y)^2);
    }
}

model! {
    /// Nothing to learn, nothing to own.
    pub(crate) Cluster<N, D> {
        input x: [N, D];
        spread = sum(x^2);
    }
}

model! {
    /// Nothing drawn, and no dimension to say.
    #[derive(PartialOrd)]
    pub(crate) Start<N> {
        param w = 2, b;
        state seen = 1;
        input x: [N];
        loss = sum(w * x + b) * seen;
    }
}

model! {
    /// Nothing drawn, but dimensions.
    pub(crate) Fixed<N, D> {
        param w: [D, D] = eye(), b: [D] = 0.5;
        state m: [D+1] = ones();
        input x: [N, D];
        loss = sum((x @ w + b)^2) + sum(m);
    }
}

model! {
    /// `Default` is the user's own.
    #[derive(Default)]
    pub(crate) Derived {
        param w = 2;
        loss = w^2;
    }
}

fn data<T: Float>() -> (Array2<T>, Array1<T>) {
    let numbers = [[1.0, 2.0], [3.0, 4.0]].map(|row| row.map(T::from_f64));
    (Array2::from(numbers.to_vec()), Array1::from_vec(vec![T::ONE, T::from_f64(2.0)]))
}

/// From zero, with residuals (-1, -2): the gradient is w: (-7, -10), b: -3.
#[test]
fn a_model_minus_a_multiple_of_a_gradient() {
    let (x, y) = data::<f64>();
    let inputs = plane::Inputs::new(&x, &y);
    let start = Plane { w: array![0.0, 0.0], b: 0.0 };
    let expected = Plane { w: array![3.5, 5.0], b: 1.5 };

    let (mut by_reference, mut by_value) = (start.clone(), start.clone());
    let (_, grad) = start.loss_and_grad(&inputs).unwrap();
    let rate = 0.5;
    by_reference -= rate * &grad;
    by_value -= rate * grad;
    assert_eq!((&by_reference, &by_value), (&expected, &expected));

    let mut session = Session::new(start.clone());
    session.forward(&inputs).unwrap();
    session.backward().unwrap();
    session.model.w.scaled_add(-0.5, &session.grad.w);
    session.model.b -= 0.5 * session.grad.b;
    assert_eq!(session.model, expected);
    session.model += 0.5 * &session.grad;
    assert_eq!(session.model, start);
    session.model -= 0.5 * &session.grad;
    assert_eq!(session.into_model(), expected);

    let mut bound = Session::new(start.clone().bind(&inputs).unwrap());
    bound.forward(&()).unwrap();
    bound.backward().unwrap();
    bound.model -= 0.5 * &bound.grad;
    assert_eq!(bound.model.model, expected);
    let mut statistics = start.bind_statistics(&inputs).unwrap();
    let grad = statistics.grad().unwrap();
    statistics -= 0.5 * grad;
    assert_eq!(statistics.model, expected);
}

#[test]
fn single_precision_too() {
    let (x, y) = data::<f32>();
    let mut model = Plane { w: array![0.0_f32, 0.0], b: 0.0 };
    let grad = model.grad(&plane::Inputs::new(&x, &y)).unwrap();
    model -= 0.5 * &grad;
    assert_eq!(model, Plane { w: array![3.5_f32, 5.0], b: 1.5 });
    assert_eq!(grad.dot(&grad), 158.0_f32);
}

#[test]
fn gradients_are_vectors() {
    let (x, y) = data::<f64>();
    let mut grad = Plane { w: array![0.0, 0.0], b: 0.0 }.grad(&plane::Inputs::new(&x, &y)).unwrap();
    assert_eq!((grad.size(), grad.dot(&grad), grad.norm()), (3, 158.0, 158.0_f64.sqrt()));
    let once = grad.clone();
    grad += &once;
    grad -= 0.5 * &once;
    grad *= 2.0;
    assert_eq!((&grad.w, grad.b), (&array![-21.0, -30.0], -9.0));
    grad.scale(-1.0 / 3.0);
    grad.add_scaled(1.0, &once);
    assert_eq!((&grad.w, grad.b), (&array![0.0, 0.0], 0.0));
    grad.fill(1.0);
    grad.for_each_mut(|name, values| {
        for value in values {
            *value *= if name == "w" { 4.0 } else { -2.0 };
        }
    });
    let all: Vec<(&str, Vec<usize>, Vec<f64>)> =
        grad.tensors().map(|(name, shape, values)| (name, shape.to_vec(), values.to_vec())).collect();
    assert_eq!(all, [("w", vec![2], vec![4.0, 4.0]), ("b", vec![], vec![-2.0])]);
}

/// An average of models, and a copy that lags behind: models are vectors as gradients are.
#[test]
fn models_are_vectors() {
    let (fresh, mut average) = (Plane { w: array![1.0, 2.0], b: 4.0 }, Plane { w: array![0.0, 0.0], b: 8.0 });
    average.scale(0.75);
    average.add_scaled(0.25, &fresh);
    assert_eq!(average, Plane { w: array![0.25, 0.5], b: 7.0 });
}

#[test]
fn norms_neither_overflow_nor_underflow() {
    for size in [1e200, 1e-200, 1.0, f64::MIN_POSITIVE] {
        let mut model = Plane { w: array![3.0, 0.0], b: 4.0 };
        model.scale(size);
        assert!((model.norm() - 5.0 * size).abs() <= 4.0 * f64::EPSILON * 5.0 * size, "{size}");
    }
    let model = Plane { w: array![3e30_f32, 0.0], b: 4e30 };
    assert_eq!(model.norm(), 5e30_f32);
    let (nothing, nan) = (Plane { w: array![], b: 0.0 }, Plane { w: array![f64::NAN], b: 0.0 });
    assert_eq!((nothing.norm(), nothing.dot(&nothing), nothing.size()), (0.0, 0.0, 1));
    assert!(nan.norm().is_nan() && nan.dot(&nan).is_nan());
}

/// Arrays in another order of memory are the same vectors.
#[test]
fn arithmetic_of_arrays_out_of_order() {
    let matrix = array![[1.0, 2.0], [3.0, 4.0]];
    let mut model = Fixed { w: matrix.clone().reversed_axes(), b: array![0.0, 0.0], m: array![0.0, 0.0, 0.0] };
    let other = Fixed { w: matrix, b: array![1.0, 1.0], m: array![0.0, 0.0, 0.0] };
    assert_eq!(model.dot(&other), 1.0 + 6.0 + 6.0 + 16.0);
    model.add_scaled(10.0, &other);
    assert_eq!((model.w, model.b), (array![[11.0, 23.0], [32.0, 44.0]], array![10.0, 10.0]));
}

#[test]
fn what_does_not_fit_is_not_added() {
    let message = |run: &mut dyn FnMut()| {
        let payload = catch_unwind(AssertUnwindSafe(run)).expect_err("it panics");
        payload.downcast_ref::<String>().expect("the panic has a text").clone()
    };
    let mut model = Plane { w: array![1.0, 2.0, 3.0], b: 0.0 };
    let grad = plane::Grad { w: array![1.0, 2.0], b: 0.0 };
    let expected = "parameter `w` has shape [3] but its other operand has shape [2]";
    assert_eq!(message(&mut || model -= 0.1 * &grad), expected);
    assert_eq!(
        message(&mut || {
            let _ = model.dot(&grad);
        }),
        expected
    );
    assert_eq!(model, Plane { w: array![1.0, 2.0, 3.0], b: 0.0 });
    let other = start::Grad { w: 1.0, b: 1.0 };
    let expected = r#"parameters ["w", "b"] do not go with ["w"]"#;
    assert_eq!(
        message(&mut || {
            let _ = other.dot(&derived::Grad { w: 1.0 });
        }),
        expected
    );
}

#[test]
fn models_without_a_generator() {
    let x = array![[1.0, 2.0], [3.0, 4.0]];
    assert_eq!(Cluster::<f64>::default().spread(&cluster::Inputs::new(&x)).unwrap(), 30.0);
    let start = Start::<f64>::default();
    assert_eq!((start.w, start.b, start.seen), (2.0, 0.0, 1.0));
    assert_eq!(start, Start::new(&mut SmallRng::seed_from_u64(3)));
    assert!(start <= start.clone());
    let dims = fixed::Dims { d: 2 };
    let fixed = Fixed::<f32>::from_dims(dims);
    assert_eq!((&fixed.w, &fixed.b, &fixed.m), (&Array2::eye(2), &array![0.5, 0.5], &array![1.0, 1.0, 1.0]));
    assert_eq!(fixed, Fixed::new(dims, &mut SmallRng::seed_from_u64(3)));
    assert_eq!((Derived::<f64>::default().w, Derived::<f64>::new(&mut SmallRng::seed_from_u64(0)).w), (0.0, 2.0));
}

/// A text in the model's words, also where the product of the extents leaves the range of sizes or is 0.
#[test]
fn sizes_that_memory_cannot_hold_are_named() {
    for d in [1 << 31, usize::MAX / 2, usize::MAX] {
        let made = catch_unwind(|| Fixed::<f32>::from_dims(fixed::Dims { d }).b.len());
        let text = made.expect_err("too large").downcast_ref::<String>().expect("the panic has a text").clone();
        let expected = format!("there is not enough memory for parameter `w` of shape [{d}, {d}] in row-major order");
        assert_eq!(text, expected);
    }
}

/// References, views, vectors, slices: all are inputs. None is moved, none is copied.
#[test]
fn inputs_of_all_kinds() {
    let (x, y) = data::<f64>();
    let model = Plane { w: array![1.0, -1.0], b: 0.5 };
    let loss = model.loss(&plane::Inputs { x: x.view(), y: y.view() }).unwrap();
    let (vector, turned, strided) = (y.to_vec(), x.t().to_owned(), array![1.0, 9.0, 2.0]);
    let shared = x.to_shared();
    let view = x.view();
    for inputs in [
        plane::Inputs::new(&x, &y),
        plane::Inputs::new(x.view(), &vector),
        plane::Inputs::new(view, vector.as_slice()),
        plane::Inputs::new(turned.t(), &[1.0, 2.0]),
        plane::Inputs::new(&shared, strided.slice(s![..;2])),
    ] {
        assert_eq!(model.loss(&inputs).unwrap(), loss);
    }
}
