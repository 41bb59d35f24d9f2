//! Sessions: gradients add up until they are cleared, and each is added once.

#![allow(clippy::float_cmp, reason = "exact numbers are meant")]

mod common;

use autograd_core::{Error, Objective, Session, Workspace};
use common::LinearRegression;
use common::linear::Inputs;
use ndarray::{Array1, array};

fn data() -> (Array1<f64>, Array1<f64>) {
    (array![1.0, 2.0, 3.0], array![3.0, 5.0, 7.0])
}

#[test]
fn gradients_accumulate() {
    let (x, y) = data();
    let inputs = Inputs { x: x.view(), y: y.view() };
    let mut session = Session::new(LinearRegression { w: 1.0, b: 0.5 });
    let (loss, grad) = session.model.loss_and_grad(&inputs).expect("it fits");
    for times in 1..=3 {
        assert_eq!(session.forward(&inputs), Ok(loss));
        session.backward().expect("it waits");
        assert_eq!(session.grad.w, f64::from(times) * grad.w);
    }
    session.zero_grad();
    assert_eq!((session.grad.w, session.grad.b), (0.0, 0.0));
    assert_eq!(session.loss(&inputs), Ok(loss));
}

#[test]
fn backward_wants_a_forward() {
    let (x, y) = data();
    let good = Inputs { x: x.view(), y: y.view() };
    let bad = Inputs { x: x.view(), y: y.slice(ndarray::s![..2]) };
    let mut session = Session::new(LinearRegression { w: 1.0, b: 0.5 });
    assert_eq!(session.backward(), Err(Error::NoPendingGradient));
    session.forward(&good).expect("it fits");
    assert_eq!(session.backward(), Ok(()));
    assert_eq!(session.backward(), Err(Error::NoPendingGradient));
    session.forward(&good).expect("it fits");
    assert!(session.forward(&bad).is_err());
    assert_eq!(session.backward(), Err(Error::NoPendingGradient));
}

#[test]
fn ten_lines_of_training() {
    let (x, y) = data();
    let inputs = Inputs { x: x.view(), y: y.view() };
    let mut session = Session::new(LinearRegression { w: 0.0, b: 0.0 });
    for _ in 0..2000 {
        session.zero_grad();
        session.forward(&inputs).expect("it fits");
        session.backward().expect("it waits");
        session.model.w -= 0.4 * session.grad.w;
        session.model.b -= 0.4 * session.grad.b;
    }
    let model = session.into_model();
    assert!((model.w - 2.0).abs() < 1e-9 && (model.b - 1.0).abs() < 1e-9, "{model:?}");
}

#[test]
fn outputs_and_bytes() {
    let x = ndarray::Array2::<f32>::ones((4, 3));
    let inputs = common::mlp::Inputs { x: x.view(), y: x.view() };
    let mut session = Session::new(common::Mlp::new(3, 5, 3, 7));
    assert_eq!(session.workspace_bytes(), 0);
    let mut outputs = ndarray::Array2::default((0, 0));
    session.outputs_into(&inputs, &mut outputs).expect("it fits");
    assert_eq!(outputs.dim(), (4, 3));
    assert!(session.workspace_bytes() >= 4 * (2 * 4 * 5 + 4 * 3));
    assert_eq!(().bytes(), 0);
}
