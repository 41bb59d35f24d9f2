//! Derivatives along a direction as methods, and parameters that lie somewhere.

use autograd_core::{Adam, Objective, Optimizer, Parameters, Residuals, Sgd, Support, model};
use ndarray::array;

model! {
    /// Exponential decay towards a mixture of levels.
    pub(crate) Decay<N, K> {
        param level: [K] in simplex;
        param rate in 0.. = 0.5;
        param shift: [K];
        input t: [N], y: [N], base: [K];
        residual = sum(level*(base + shift))*exp(-rate*t) - y;
        derive hvp;
    }
}

fn decay() -> Decay {
    Decay { level: array![0.25, 0.75], rate: 0.5, shift: array![0.5, -0.25] }
}

#[test]
fn products_agree_with_gradients() {
    let (t, y, base) = (array![0.0, 1.0, 2.0], array![1.0, 0.5, 0.5], array![2.0, 1.0]);
    let inputs = decay::Inputs::new(&t, &y, &base);
    let model = decay();
    let along = decay::Grad { level: array![1.0, -0.5], rate: 0.25, shift: array![0.125, 2.0] };
    let grad = model.grad(&inputs).unwrap();
    // ∇loss · v = 2 rᵀ (J v)
    let (residual, product) = (model.residual(&inputs).unwrap(), model.residual_jvp(&inputs, &along).unwrap());
    let directional = 2.0 * residual.dot(&product);
    assert!((directional - grad.dot(&along)).abs() < 1e-14 * directional.abs());
    // Of three squares, in another order.
    assert!((model.loss(&inputs).unwrap() - residual.dot(&residual)).abs() <= f64::EPSILON * residual.dot(&residual));
    // H v by differences of the gradient along v.
    let hvp = model.hvp(&inputs, &along).unwrap();
    let h = 1e-5;
    let at = |h: f64| {
        let mut moved = model.clone();
        moved += h * &along;
        moved.grad(&inputs).unwrap().flatten()
    };
    for ((&exact, up), down) in hvp.flatten().iter().zip(at(h)).zip(at(-h)) {
        assert!((exact - (up - down) / (2.0 * h)).abs() < 1e-8, "{exact} {up} {down}");
    }
    assert!(Decay::<f64>::EXACT_HVP && Decay::<f64>::least_squares().is_some());
    // A bound model has the same.
    let bound = model.clone().bind(&inputs).unwrap();
    assert_eq!(bound.hvp(&along).unwrap(), hvp);
    let mut out = array![0.0];
    Residuals::residual_jvp_into(&bound, &(), &mut <_>::default(), &along, &mut out).unwrap();
    assert_eq!(out, product);
    // A direction of another shape is an error.
    let wrong = decay::Grad { shift: array![1.0], ..along };
    let error = model.hvp(&inputs, &wrong).unwrap_err().to_string();
    assert_eq!(error, "parameter `shift` has shape [2] but its direction has shape [1]");
}

#[test]
fn parameters_lie_somewhere_and_start_inside() {
    let model: Decay = Decay::from_dims(decay::Dims { k: 4 });
    assert_eq!((model.level[0], model.rate, model.shift[0]), (0.25, 0.5, 0.0));
    let supports = [0, 1, 2].map(|index| model.support(index));
    assert_eq!(supports, [Support::Simplex, Support::Above(0.0), Support::Real]);
    assert_eq!(model.cast::<f32>().cast::<f64>(), model);
}

#[test]
fn optimisers_never_leave_a_support() {
    let (t, y, base) = (array![0.0, 1.0, 2.0], array![1.5, 0.25, 0.05], array![2.0, 1.0]);
    let inputs = decay::Inputs::new(&t, &y, &base);
    let mut model = decay();
    let before = model.loss(&inputs).unwrap();
    let mut adam = Adam::new(0.1);
    for _ in 0..300 {
        adam.minimize(&mut model, &inputs).unwrap();
        assert!(model.rate > 0.0 && model.level.iter().all(|&share| share > 0.0));
        assert!((model.level.sum() - 1.0).abs() < 1e-15);
    }
    assert!(model.loss(&inputs).unwrap() < 0.01 * before);

    // One step of gradient descent in the free form: log(rate), and the share's logit of two levels.
    let mut model = decay();
    let grad = model.grad(&inputs).unwrap();
    let (p, share) = (model.level[0], model.level[0] * model.level[1]);
    Sgd::new(0.01).minimize(&mut model, &inputs).unwrap();
    let rate = (0.5_f64.ln() - 0.01 * 0.5 * grad.rate).exp();
    let logit = (p / (1.0 - p)).ln() - 0.01 * share * (grad.level[0] - grad.level[1]);
    assert!((model.rate - rate).abs() < 1e-15 && (model.level[0] - 1.0 / (1.0 + (-logit).exp())).abs() < 1e-15);
    // What may be any number is moved as it is.
    assert_eq!(model.shift[0], 0.5 - 0.01 * grad.shift[0]);
}
