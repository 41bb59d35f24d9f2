//! Parameters as one vector, natural and free.

use std::borrow::Cow;

use autograd_core::{Error, Parameters, Support, model};
use ndarray::{Array2, ArrayD, IxDyn, array};

/// Tensors of three ranks, two of them with supports.
#[derive(Clone)]
struct Tensors {
    p: Array2<f32>,
    sigma: f32,
    rest: ArrayD<f32>,
}

impl Parameters for Tensors {
    type Scalar = f32;
    const NAMES: &'static [&'static str] = &["p", "sigma", "rest"];

    fn shape(&self, index: usize) -> &[usize] {
        [self.p.shape(), &[], self.rest.shape()][index]
    }
    fn values(&self, index: usize) -> Cow<'_, [f32]> {
        [
            self.p.as_slice().expect("row-major"),
            std::slice::from_ref(&self.sigma),
            self.rest.as_slice().expect("row-major"),
        ][index]
            .into()
    }
    fn values_mut(&mut self, index: usize) -> &mut [f32] {
        match index {
            0 => self.p.as_slice_mut().expect("row-major"),
            1 => std::slice::from_mut(&mut self.sigma),
            2 => self.rest.as_slice_mut().expect("row-major"),
            _ => panic!("no parameter {index}"),
        }
    }
    fn support(&self, index: usize) -> Support {
        [Support::Simplex, Support::Above(0.0), Support::Real][index]
    }
}

fn tensors() -> Tensors {
    Tensors {
        p: array![[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]],
        sigma: 2.0,
        rest: ArrayD::from_shape_vec(IxDyn(&[1, 2, 2]), vec![1.0, 2.0, 3.0, 4.0]).expect("4 numbers"),
    }
}

#[test]
fn entries_have_names() {
    let names: Vec<String> = tensors().entry_names().collect();
    let expected = [
        "p[0, 0]",
        "p[0, 1]",
        "p[0, 2]",
        "p[1, 0]",
        "p[1, 1]",
        "p[1, 2]",
        "sigma",
        "rest[0, 0, 0]",
        "rest[0, 0, 1]",
        "rest[0, 1, 0]",
        "rest[0, 1, 1]",
    ];
    assert_eq!(names, expected);
}

#[test]
fn free_numbers_make_the_same_tensors() {
    let start = tensors();
    assert_eq!((start.size(), start.free_size()), (11, 9));
    let mut free = [f64::NAN; 9];
    start.free_into(&mut free);
    assert!((free[4] - 2.0_f64.ln()).abs() < 1e-15);
    assert_eq!(free[5..], [1.0, 2.0, 3.0, 4.0]);
    let mut back = Tensors { p: Array2::zeros((2, 3)), sigma: 0.0, rest: start.rest.clone() };
    back.set_free(&free).expect("the length is right");
    for (back, start) in back.flatten().iter().zip(start.flatten()) {
        assert!((back - start).abs() < 2e-7, "{back} is not {start}");
    }
}

/// Against differences of `Σ k·x[k]` and of the log-Jacobian; the model is `f32`, so their step is 1e-2.
#[test]
fn gradients_are_pulled_back_to_the_free_form() {
    let mut model = tensors();
    let mut weights = tensors();
    let numbers: Vec<f32> = (0_u8..11).map(f32::from).collect();
    weights.unflatten(&numbers).expect("the length is right");
    let mut free = [0.0; 9];
    model.free_into(&mut free);
    let (mut gradient, mut jacobian) = ([0.0; 9], [1.0; 9]);
    model.free_gradient_into(&free, &weights, &mut gradient);
    model.add_log_jacobian_gradient(&free, &mut jacobian);
    for k in 0..9 {
        let mut value = |h: f64| {
            let mut at = free;
            at[k] += h;
            model.set_free(&at).expect("the length is right");
            (f64::from(model.dot(&weights)), model.log_jacobian(&at))
        };
        let ((above, log_above), (below, log_below)) = (value(1e-2), value(-1e-2));
        // The truncation is 1e-4 / 6 of a third derivative of at most 20; the rounding of `f32` is 1e-7 · 50 / 1e-2.
        assert!((gradient[k] - (above - below) / 2e-2).abs() < 1e-3, "{k}: {} {}", gradient[k], (above - below) / 2e-2);
        assert!((jacobian[k] - 1.0 - (log_above - log_below) / 2e-2).abs() < 1e-4, "{k}");
    }
}

#[test]
fn other_lengths_are_errors() {
    let mut model = tensors();
    let error = model.unflatten(&[0.0; 10]).expect_err("one number is missing");
    assert_eq!(error, Error::FlatLength { expected: 11, found: 10 });
    assert_eq!(error.to_string(), "the flat view of the parameters has 11 numbers but the vector has 10");
    assert_eq!(model.set_free(&[0.0; 11]), Err(Error::FlatLength { expected: 9, found: 11 }));
    assert_eq!(model.flatten(), tensors().flatten());
}

model! { pub Empty<N> { param a: [N, 3], b; loss = sum(a^2) + b^2; } }

#[test]
fn tensors_may_be_empty_or_lie_otherwise() {
    let mut model = Empty { a: Array2::zeros((0, 3)), b: 1.0 };
    assert_eq!(model.flatten(), [1.0]);
    assert_eq!(model.entry_names().collect::<Vec<_>>(), ["b"]);
    model.unflatten(&[2.0]).expect("the length is right");
    assert_eq!(model.b, 2.0);

    let columns = array![[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]].reversed_axes();
    let mut model = Empty { a: columns, b: 7.0 };
    assert_eq!(model.flatten(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    model.unflatten(&[7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0]).expect("the length is right");
    assert_eq!((model.a, model.b), (array![[7.0, 6.0, 5.0], [4.0, 3.0, 2.0]], 1.0));
}
