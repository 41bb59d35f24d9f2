//! Second and third derivatives at seams and ties, and norms at the ends of what numbers hold, in both precisions.

use autograd_core::{Float, model};
use ndarray::{Array1, Array2, array};

model! {
    /// A norm of three numbers, and a distance with a weight for each axis.
    pub Norms<N, D> {
        param a, b, c;
        param w: [D], centre: [D];
        input x: [N, D];
        distance = sqrt(sum(w*(x - centre)^2, D));
        length = norm(x, D);
        loss = sqrt(a^2 + b^2 + c^2) + sum(distance);
        curvature = grad(grad(loss, a), a);
    }
}

model! {
    /// Ties and infinities.
    pub Ties<N> {
        param a, b;
        param x: [N];
        power = sqrt(a^3) + x[0]^2*log(x[0]^2);
        loss = log(exp(a) + exp(b)) + norm(x);
        curvature = grad(grad(loss, a), a);
        third = grad(grad(grad(loss, a), a), a);
    }
}

fn numbers<T: Float>(x: &[f64]) -> Array1<T> {
    x.iter().map(|&x| T::from_f64(x)).collect()
}

/// The norm of (2, 3, 6) and of two rows, all times a size, and the derivatives.
fn check_size<T: Float>(size: f64) {
    let [a, b, c] = [2.0, 3.0, 6.0].map(|x| T::from_f64(x * size));
    let model = Norms { a, b, c, w: numbers(&[4.0, 9.0]), centre: numbers(&[0.0, 0.0]) };
    let x: Array2<T> = array![[T::ZERO, T::ZERO], [T::from_f64(2.0 * size), T::from_f64(size)]];
    let inputs = norms::Inputs { x: x.view() };
    let (loss, grad) = model.loss_and_grad(&inputs).expect("the sizes agree");
    let near = |found: T, wanted: f64| {
        let tolerance = if size_of::<T>() == 4 { 1e-6 } else { 1e-15 };
        assert!(
            (found.to_f64() - wanted).abs() <= 4.0 * tolerance * wanted.abs(),
            "{size:e}: {found:?}, not {wanted:e}"
        );
    };
    near(loss, 12.0 * size);
    near(grad.a, 2.0 / 7.0);
    near(grad.c, 6.0 / 7.0);
    near(grad.centre[0], -8.0 / 5.0);
    near(grad.w[0], 0.4 * size);
    near(model.length(&inputs).expect("the sizes agree")[1], 5_f64.sqrt() * size);
}

#[test]
fn norms_are_right_at_all_sizes() {
    for size in [1.0, 1e30, 1e-30, 1e-15, 1e12, 2e37] {
        check_size::<f32>(size);
    }
    for size in [1.0, 1e30, 1e-30, 1e200, 1e-200, 1e307, 1e-300] {
        check_size::<f64>(size);
    }
}

#[test]
fn norms_are_flat_at_the_origin_and_curved_beside_it() {
    let x = Array2::zeros((2, 2));
    let inputs = norms::Inputs { x: x.view() };
    let mut model: Norms = Norms { a: 0.0, b: 0.0, c: 0.0, w: array![1.0, -2.0], centre: array![0.0, 0.0] };
    let grad = model.grad(&inputs).expect("the sizes agree");
    assert_eq!((grad.a, grad.b, grad.c, grad.w, grad.centre), (0.0, 0.0, 0.0, array![0.0, 0.0], array![0.0, 0.0]));
    model.c = 2.0;
    assert_eq!(model.curvature(&inputs), Ok(0.5));
}

#[test]
fn ties_have_their_second_and_third_derivatives() {
    let mut model: Ties<f32> = Ties { a: 0.0, b: 0.0, x: array![0.0, -2.0] };
    let inputs = ties::Inputs {};
    assert_eq!((model.curvature(&inputs), model.third(&inputs)), (Ok(0.25), Ok(0.0)));
    assert_eq!(model.power(&inputs), Ok(0.0));
    assert_eq!(model.grad(&inputs).expect("there are no sizes").x, array![0.0, -1.0]);
    model.x = array![f32::NEG_INFINITY, 1.0];
    assert_eq!(model.grad(&inputs).expect("there are no sizes").x, array![-1.0, 0.0]);
}
