//! The gradient check: right gradients pass in both scalar types, wrong ones are found where they are.

#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "small numbers")]

mod common;

use autograd_core::gradcheck::{Options, Place, gradcheck};
use autograd_core::{Error, Model, Objective, Parameters};
use common::{Mlp, Valley, mlp};
use ndarray::Array2;

#[test]
fn right_gradients_pass() {
    let report = gradcheck(&Valley::<f64>::start(), &(), Options::default()).expect("it fits");
    assert!(report.passed(), "{report}");
    let report = gradcheck(&Valley::<f32>::start(), &(), Options::default()).expect("it fits");
    assert!(report.passed(), "{report}");

    let x = Array2::from_shape_fn((9, 3), |(i, j)| ((i * 7 + j * 3) % 5) as f64 * 0.4 - 0.8);
    let inputs = mlp::Inputs { x: x.view(), y: x.view() };
    let report = gradcheck(&Mlp::new(3, 8, 3, 1), &inputs, Options::default()).expect("it fits");
    assert!(report.passed() && report.vague() == 0, "{report}");
    assert_eq!(report.checks.len(), 8 + 24 + 8 + 24 + 3);

    let x = x.mapv(|x| x as f32);
    let inputs = mlp::Inputs { x: x.view(), y: x.view() };
    let report = gradcheck(&Mlp::new(3, 8, 3, 1), &inputs, Options::default()).expect("it fits");
    assert!(report.passed(), "{report}");
}

/// [`Valley`] with a mistake in its gradient.
#[derive(Clone)]
struct Wrong(Valley<f64>, fn(&mut Valley<f64>));

impl Parameters for Wrong {
    type Scalar = f64;
    const NAMES: &'static [&'static str] = Valley::<f64>::NAMES;
    fn shape(&self, index: usize) -> &[usize] {
        self.0.shape(index)
    }
    fn values(&self, index: usize) -> std::borrow::Cow<'_, [f64]> {
        self.0.values(index)
    }
    fn values_mut(&mut self, index: usize) -> &mut [f64] {
        self.0.values_mut(index)
    }
}

impl Model for Wrong {
    type Inputs<'a> = ();
    type Outputs = ();
    type Workspace = ();
    fn outputs_into(&self, (): &(), (): &mut (), (): &mut ()) -> Result<(), Error> {
        Ok(())
    }
}

impl Objective for Wrong {
    type Grad = Valley<f64>;
    fn zero_grad(&self) -> Valley<f64> {
        self.0.zero_grad()
    }
    fn loss_into(&self, (): &(), (): &mut ()) -> Result<f64, Error> {
        self.0.loss(&())
    }
    fn grad_into(&self, (): &(), (): &mut (), grad: &mut Valley<f64>) -> Result<(), Error> {
        self.0.grad_into(&(), &mut (), grad)?;
        (self.1)(grad);
        Ok(())
    }
    fn loss_and_grad_into(&self, (): &(), (): &mut (), grad: &mut Valley<f64>) -> Result<f64, Error> {
        self.grad_into(&(), &mut (), grad)?;
        self.0.loss(&())
    }
}

#[test]
fn wrong_gradients_are_found() {
    let mistakes: [fn(&mut Valley<f64>); 3] =
        [|grad| grad.a[1] *= 1.0 + 1e-5, |grad| grad.a[1] = 0.0, |grad| grad.a[1] = f64::NAN];
    for mistake in mistakes {
        let report = gradcheck(&Wrong(Valley::start(), mistake), &(), Options::default()).expect("it fits");
        assert!(!report.passed());
        let entries = Options { directions: 0, ..Options::default() };
        let report = gradcheck(&Wrong(Valley::start(), mistake), &(), entries).expect("it fits");
        let place = &report.worst().expect("there are parameters").place;
        assert_eq!(*place, Place::Entry { parameter: "a", index: vec![1] }, "{report}");
        assert!(report.to_string().contains("`a` at [1]"), "{report}");
        assert_eq!(report.failed(), 1, "{report}");
    }
}

#[test]
fn nothing_compared_is_nothing_passed() {
    let none = Options { directions: 0, coordinates: 0, ..Options::default() };
    let report = gradcheck(&Valley::<f64>::start(), &(), none).expect("it fits");
    assert!(!report.passed() && report.worst().is_none() && report.failed() == 0);
    assert_eq!(report.to_string(), "nothing was compared");
    let wrong = Wrong(Valley::start(), |grad| *grad = grad.zero_grad());
    assert!(!gradcheck(&wrong, &(), none).expect("it fits").passed());
    let one = Options { directions: 1, coordinates: 0, ..Options::default() };
    assert!(gradcheck(&Valley::<f64>::start(), &(), one).expect("it fits").passed());
    // No numbers, no directions: rows without columns.
    let x = Array2::<f64>::zeros((4, 0));
    let inputs = mlp::Inputs { x: x.view(), y: x.view() };
    let report = gradcheck(&Mlp::new(0, 0, 0, 1), &inputs, Options::default()).expect("it fits");
    assert!(report.checks.is_empty() && !report.passed());
}
