//! The `_into` forms: outputs of any shape are made right, and buffers serve calls of every size in any order.

use autograd_core::Error;
use ndarray::{Array1, Array2, ShapeBuilder, array, s};

use crate::{Linear, linear, model, numbers};

model! {
    /// Arrays of several ranks.
    Several<N, D> {
        param w: [D];
        input x: [N, D];
        scaled = x * w;
        rows = x @ w;
        columns = sum(x, N);
        cube = scaled[new];
        place = argmax(x, D);
        positive = x > 0;
        loss = sum(rows^2);
    }
}

fn several() -> (Several, Array2<f64>) {
    let x = numbers(12).into_shape_with_order((4, 3)).unwrap();
    (Several { w: array![1.0, -2.0, 0.5] }, x)
}

#[test]
fn outputs_of_another_shape_are_made_right() {
    let (model, x) = several();
    let inputs = several::Inputs { x: x.view() };
    let expected = model.outputs(&inputs).unwrap();
    let mut workspace = several::Workspace::default();

    for shape in [(0, 0), (3, 4), (4, 3), (12, 1), (40, 30)] {
        for mut scaled in [Array2::from_elem(shape, f64::NAN), Array2::from_elem(shape.f(), f64::NAN)] {
            model.scaled_into(&inputs, &mut workspace, &mut scaled).unwrap();
            assert_eq!(scaled, expected.scaled);
        }
        let mut rows = Array1::from_elem(shape.0, f64::NAN);
        model.rows_into(&inputs, &mut workspace, &mut rows).unwrap();
        // Alone the sums may be added up in another order: three products of numbers up to 2.
        assert_eq!(rows.len(), expected.rows.len());
        for (row, expected) in rows.iter().zip(&expected.rows) {
            assert!((row - expected).abs() <= 8.0 * f64::EPSILON, "{row} {expected}");
        }
        let mut place = Array1::from_elem(shape.0, usize::MAX);
        model.place_into(&inputs, &mut workspace, &mut place).unwrap();
        assert_eq!(place, expected.place);
        let mut outputs =
            several::Outputs { rows, cube: expected.cube.slice(s![.., ..2, ..]).to_owned(), ..expected.clone() };
        model.outputs_into(&inputs, &mut workspace, &mut outputs).unwrap();
        assert_eq!(outputs, expected);
    }
    assert_eq!(expected.cube.dim(), (1, 4, 3));
    assert_eq!(expected.positive, x.mapv(|number| number > 0.0));
}

#[test]
fn a_gradient_of_another_shape_is_refused() {
    let (model, x) = several();
    let inputs = several::Inputs { x: x.view() };
    let mut grad = several::Grad { w: Array1::zeros(2) };
    let error = model.grad_into(&inputs, &mut several::Workspace::default(), &mut grad).unwrap_err();
    assert_eq!(error.to_string(), "parameter `w` has shape [3] but its gradient has shape [2]");
    let error = model.loss_and_grad_into(&inputs, &mut several::Workspace::default(), &mut grad).unwrap_err();
    assert!(matches!(error, Error::ParameterShape { parameter: "w", .. }));
}

#[test]
fn what_was_there_does_not_matter() {
    let (model, x) = several();
    let inputs = several::Inputs { x: x.view() };
    let mut grad = several::Grad { w: Array1::from_elem(3, f64::NAN) };
    model.grad_into(&inputs, &mut several::Workspace::default(), &mut grad).unwrap();
    assert_eq!(grad, model.grad(&inputs).unwrap());
}

#[test]
fn a_workspace_serves_calls_of_every_size() {
    let x = numbers(65 * 3).into_shape_with_order((65, 3)).unwrap();
    let y = numbers(65);
    let model = Linear { w: array![0.5, -1.5, 2.0], b: 0.25 };
    let mut workspace = linear::Workspace::default();
    let (mut grad, mut prediction) = (linear::Grad::zeros(&model), Array1::default(0));
    for rows in [7, 65, 1, 0, 64, 33, 2, 65] {
        let inputs = linear::Inputs { x: x.slice(s![..rows, ..]), y: y.slice(s![..rows]) };
        let (loss, fresh) = model.loss_and_grad(&inputs).unwrap();
        let reused = model.loss_and_grad_into(&inputs, &mut workspace, &mut grad).unwrap();
        assert_eq!(reused.to_bits(), loss.to_bits(), "{rows} rows");
        assert!(rows == 0 || grad == fresh, "{rows} rows");
        model.prediction_into(&inputs, &mut workspace, &mut prediction).unwrap();
        assert_eq!(prediction, model.prediction(&inputs).unwrap());
    }
    let bytes = workspace.bytes();
    let inputs = linear::Inputs { x: x.view(), y: y.view() };
    model.loss_and_grad_into(&inputs, &mut workspace, &mut grad).unwrap();
    assert_eq!(workspace.bytes(), bytes, "buffers have grown to size");
}

#[test]
fn an_error_leaves_a_workspace_of_use() {
    let (x, y) = (Array2::ones((4, 2)), Array1::ones(4));
    let (model, mut workspace) = (Linear { w: array![1.0, 2.0], b: 0.0 }, linear::Workspace::default());
    let inputs = linear::Inputs { x: x.view(), y: y.view() };
    let short = linear::Inputs { x: x.view(), y: y.slice(s![..3]) };
    assert_eq!(model.loss_into(&inputs, &mut workspace).unwrap(), 4.0);
    assert!(model.loss_into(&short, &mut workspace).is_err());
    assert_eq!(model.loss_into(&inputs, &mut workspace).unwrap(), 4.0);
}
