//! Models that are bound to their inputs: what they compute once, what they say when the model no longer fits, and that
//! everything written for models takes them.

use autograd_core::gradcheck::Options;
use autograd_core::{Adam, Error, Model, Objective, Optimizer, Parameters, Session, gradcheck};
use ndarray::{Array1, Array2, array};

use crate::{Linear, assert_close, linear, model, numbers};

model! {
    /// A regression on Gaussian features, in the logarithm of what is measured.
    Kernels<N, M, D> {
        param w: [M], b;
        state steps;
        input x: [N, D], centre: [M, D], y: [N];
        let distance = sum((x[.., new] - centre)^2, D);
        let features = exp(-distance);
        prediction = features @ w + b;
        centred = y - mean(y);
        loss = mean((prediction - log(y))^2);
        step train(rate) -> loss {
            w := w - rate * grad(loss, w);
            b := b - rate * grad(loss, b);
            steps := steps + 1;
        }
        step weigh(weight: [N], label in M) {
            w := w + weight @ features + one_hot(label, M);
        }
    }
}

model! {
    /// Whatever is computed of the labels is computed once.
    Counts<N, K> {
        param w: [K];
        input label: [N] in K;
        let count = sum(one_hot(label, K), axis = 0);
        total = sum(count * exp(w));
        most = argmax(count, K);
        many = count > 1;
        loss = total - sum(count * w) + mean(if many { w } else { w^2 });
    }
}

model! {
    /// No inputs, and no parameters.
    Constants<N> {
        numbers = exp(iota(N) + 1);
        total = sum(numbers);
    }
}

fn kernels() -> Kernels {
    Kernels { w: numbers(4), b: 0.25, steps: 0.0 }
}

fn data(rows: u32) -> (Array2<f64>, Array2<f64>, Array1<f64>) {
    let count = usize::try_from(rows).expect("a small number");
    let x = numbers(rows * 3).into_shape_with_order((count, 3)).expect("rows of 3");
    let centre = numbers(12).into_shape_with_order((4, 3)).expect("4 rows of 3").mapv(|v| v * 0.8);
    (x, centre, numbers(rows).mapv(|v| v + 1.5))
}

#[test]
fn a_bound_model_computes_what_the_model_does() {
    for rows in [0, 1, 7, 33] {
        let (x, centre, y) = data(rows);
        let inputs = kernels::Inputs { x: x.view(), centre: centre.view(), y: y.view() };
        let model = kernels();
        let bound = model.clone().bind(&inputs).unwrap();
        let (loss, grad) = model.loss_and_grad(&inputs).unwrap();
        let (bound_loss, bound_grad) = bound.loss_and_grad().unwrap();
        let same = |a: f64, b: f64| a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-14 * a.abs().max(1.0);
        assert!(same(loss, bound_loss) && same(loss, bound.loss().unwrap()), "{loss} {bound_loss}");
        assert!(grad.w.iter().zip(&bound_grad.w).all(|(&a, &b)| same(a, b)), "{grad:?} {bound_grad:?}");
        assert!(same(grad.b, bound_grad.b));
        let (outputs, bound_outputs) = (model.outputs(&inputs).unwrap(), bound.outputs().unwrap());
        assert_eq!(outputs.prediction.shape(), bound_outputs.prediction.shape());
        assert!(outputs.prediction.iter().zip(&bound_outputs.prediction).all(|(&a, &b)| same(a, b)));
        let centred = bound.centred().unwrap();
        assert!(outputs.centred.iter().zip(&centred).all(|(&a, &b)| same(a, b)), "no parameter touches it");
    }
}

#[test]
fn the_gradient_is_right() {
    let (x, centre, y) = data(7);
    let bound = kernels().bind(&kernels::Inputs { x: x.view(), centre: centre.view(), y: y.view() }).unwrap();
    let report = gradcheck(&bound, &(), Options::default()).unwrap();
    assert!(report.passed(), "{report}");
}

#[test]
fn steps_change_the_model_inside() {
    let (x, centre, y) = data(9);
    let inputs = kernels::Inputs { x: x.view(), centre: centre.view(), y: y.view() };
    let (mut model, mut bound) = (kernels(), kernels().bind(&inputs).unwrap());
    for _ in 0..5 {
        assert_close(bound.train(0.1).unwrap(), model.train(&inputs, 0.1).unwrap());
    }
    let weight = numbers(9);
    model.weigh(&inputs, weight.view(), 2).unwrap();
    bound.weigh(weight.view(), 2).unwrap();
    assert_eq!(bound.model.steps, 5.0);
    assert!(model.w.iter().zip(&bound.model.w).all(|(a, b)| (a - b).abs() < 1e-13));

    let before = bound.model.clone();
    let text = bound.weigh(weight.view(), 4).unwrap_err().to_string();
    assert_eq!(text, "input `label` is 4, outside 0..4 (`M`)");
    let text = bound.weigh(numbers(8).view(), 2).unwrap_err().to_string();
    assert_eq!(text, "dimension `N` is 9 in input `x` but 8 in input `weight`");
    assert_eq!(bound.model, before);
}

#[test]
fn everything_written_for_models_takes_it() {
    let (x, centre, y) = data(11);
    let inputs = kernels::Inputs { x: x.view(), centre: centre.view(), y: y.view() };
    let (mut model, mut optimizer) = (kernels(), Adam::new(0.01));
    let (mut bound, mut bound_optimizer) = (kernels().bind(&inputs).unwrap(), Adam::new(0.01));
    for _ in 0..10 {
        let loss = optimizer.minimize(&mut model, &inputs).unwrap();
        assert_close(bound_optimizer.minimize(&mut bound, &()).unwrap(), loss);
    }
    assert_eq!(kernels::Bound::<f64>::NAMES, Kernels::<f64>::NAMES);
    assert_eq!(bound.shape(0), [4]);
    let mut session = Session::new(bound);
    let loss = session.forward(&()).unwrap();
    session.backward().unwrap();
    assert_close(loss, session.model.model.loss(&inputs).unwrap());
    assert_eq!(session.grad, session.model.grad().unwrap());
    let outputs = Model::outputs(&session.model, &()).unwrap();
    assert_close(outputs.loss, Objective::loss(&session.model, &()).unwrap());
}

#[test]
fn inputs_are_checked_once_and_parameters_always() {
    let (x, centre, y) = data(5);
    let short = numbers(4);
    let inputs = kernels::Inputs { x: x.view(), centre: centre.view(), y: short.view() };
    let text = kernels().bind(&inputs).unwrap_err().to_string();
    assert_eq!(text, "dimension `N` is 5 in input `x` but 4 in input `y`");

    let mut bound = kernels().bind(&kernels::Inputs { y: y.view(), ..inputs }).unwrap();
    bound.model.w = numbers(5);
    let text = bound.loss().unwrap_err().to_string();
    assert_eq!(text, "dimension `M` is 4 in input `centre` but 5 in parameter `w`");

    let (most, outside) = (array![0, 2, 1, 2], array![0, 3]);
    let counts = Counts { w: array![0.5, -0.5, 1.0] };
    let error = counts.clone().bind(&counts::Inputs { label: outside.view() }).unwrap_err();
    assert!(matches!(error, Error::IndexOutOfRange { value: 3, .. }), "{error}");
    let inputs = counts::Inputs { label: most.view() };
    let mut bound = counts.clone().bind(&inputs).unwrap();
    assert_close(bound.loss().unwrap(), counts.loss(&inputs).unwrap());
    assert_eq!((bound.most().unwrap(), bound.many().unwrap()), (2, array![false, false, true]));
    bound.model.w = numbers(2);
    assert_eq!(bound.loss().unwrap_err().to_string(), "dimension `K` is 3 in field `K` but 2 in parameter `w`");
}

#[test]
fn a_model_with_nothing_to_compute_once_is_bound_too() {
    let (x, y) = (array![[1.0, 2.0], [3.0, -1.0], [0.5, 0.25]], array![1.0, -1.0, 2.0]);
    let inputs = linear::Inputs { x: x.t(), y: y.slice(ndarray::s![..2]) };
    let model = Linear { w: numbers(3), b: 0.5 };
    let bound = model.clone().bind(&inputs).unwrap();
    assert_eq!(bound.loss_and_grad().unwrap(), model.loss_and_grad(&inputs).unwrap());
    assert_eq!(bound.prediction().unwrap(), model.prediction(&inputs).unwrap());

    let inputs = constants::Inputs { n: 3 };
    let bound = constants().bind(&inputs).unwrap();
    assert_eq!(bound.outputs().unwrap(), constants().outputs(&inputs).unwrap());
}

fn constants() -> Constants {
    Constants::new(&mut rand::rng())
}
