//! Sessions with compiled models: one gradient for each `forward`, which adds up until it is cleared.

use autograd_core::{Error, Optimizer, Session, Sgd};
use ndarray::{Array1, Array2, array};

use crate::{Linear, linear};

fn data() -> (Array2<f64>, Array1<f64>) {
    (array![[1.0, 2.0], [3.0, -1.0], [0.5, 0.25]], array![1.0, -1.0, 2.0])
}

#[test]
fn each_forward_has_one_backward() {
    let (x, y) = data();
    let inputs = linear::Inputs { x: x.view(), y: y.view() };
    let mut session = Session::new(Linear { w: array![0.5, -0.5], b: 0.0 });
    assert_eq!(session.backward(), Err(Error::NoPendingGradient));
    session.forward(&inputs).unwrap();
    session.backward().unwrap();
    let once = session.grad.clone();
    let text = session.backward().unwrap_err().to_string();
    assert_eq!(text, "`backward` has no gradient to add: call `forward` first, once for each `backward`");
    assert_eq!(session.grad, once);
}

#[test]
fn gradients_add_up_until_they_are_cleared() {
    let (x, y) = data();
    let inputs = linear::Inputs { x: x.view(), y: y.view() };
    let model = Linear { w: array![0.5, -0.5], b: 0.0 };
    let (loss, grad) = model.loss_and_grad(&inputs).unwrap();
    let mut session = Session::new(model);
    for times in 1..4 {
        assert_eq!(session.forward(&inputs).unwrap(), loss);
        session.backward().unwrap();
        assert!((session.grad.b - f64::from(times) * grad.b).abs() < 1e-14);
        assert!((&session.grad.w - &(&grad.w * f64::from(times))).iter().all(|difference| difference.abs() < 1e-14));
    }
    session.zero_grad();
    assert_eq!((session.grad.b, &session.grad.w), (0.0, &Array1::zeros(2)));
    session.forward(&inputs).unwrap();
    session.backward().unwrap();
    assert_eq!(session.grad, grad);
}

#[test]
fn a_forward_that_fails_leaves_nothing_to_add() {
    let (x, y) = data();
    let inputs = linear::Inputs { x: x.view(), y: y.view() };
    let mut session = Session::new(Linear { w: array![0.5, -0.5], b: 0.0 });
    session.forward(&inputs).unwrap();
    let short = linear::Inputs { x: x.view(), y: y.slice(ndarray::s![..2]) };
    let error = session.forward(&short).unwrap_err();
    assert_eq!(error.to_string(), "dimension `N` is 3 in input `x` but 2 in input `y`");
    assert_eq!(session.backward(), Err(Error::NoPendingGradient));
    assert!(session.grad.w.iter().all(|&number| number == 0.0));
}

#[test]
fn a_forward_drops_the_gradient_that_waits() {
    let (x, y) = data();
    let inputs = linear::Inputs { x: x.view(), y: y.view() };
    let mut session = Session::new(Linear { w: array![0.5, -0.5], b: 0.0 });
    session.forward(&inputs).unwrap();
    session.model.w = array![1.0, 1.0];
    session.forward(&inputs).unwrap();
    session.backward().unwrap();
    assert_eq!(session.grad, session.model.grad(&inputs).unwrap());
}

#[test]
fn all_ways_make_the_same_step() {
    let (x, y) = data();
    let inputs = linear::Inputs { x: x.view(), y: y.view() };
    let start = Linear { w: array![0.5, -0.5], b: 0.0 };

    let mut by_hand = start.clone();
    let (loss, grad) = by_hand.loss_and_grad(&inputs).unwrap();
    by_hand.w.scaled_add(-0.125, &grad.w);
    by_hand.b -= 0.125 * grad.b;

    let (mut model, mut optimizer) = (start.clone(), Sgd::new(0.125));
    let grads = optimizer.compute_gradients(&model, &inputs).unwrap();
    assert_eq!((&grads, &model), (&grad, &start));
    optimizer.apply_gradients(&mut model, &grads).unwrap();
    let close = |model: &Linear| {
        (model.b - by_hand.b).abs() < 1e-15 && (&model.w - &by_hand.w).iter().all(|number| number.abs() < 1e-15)
    };
    assert!(close(&model));

    let (mut model, mut optimizer) = (start.clone(), Sgd::new(0.125));
    assert_eq!(optimizer.minimize(&mut model, &inputs).unwrap(), loss);
    assert!(close(&model));

    let mut session = Session::new(start);
    session.forward(&inputs).unwrap();
    session.backward().unwrap();
    session.model.w.scaled_add(-0.125, &session.grad.w);
    session.model.b -= 0.125 * session.grad.b;
    assert!(close(&session.into_model()));
}
