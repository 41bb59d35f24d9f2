//! Whatever view an array is seen through, the numbers are the same: strided, reversed, transposed, empty.

use ndarray::{Array1, Array2, ShapeBuilder, array, s};

use crate::{Linear, assert_close, linear, model, numbers};

model! {
    /// Rows through a matrix.
    Rows<N, D, K> {
        param w: [D, K];
        input x: [N, D];
        image = x @ w;
        loss = sum(sin(image)^2) + sum(w^3);
    }
}

model! {
    /// Everything that empty arrays lead to.
    Reductions<N> {
        param w;
        input x: [N];
        let scaled = w * x;
        total = sum(scaled);
        product = prod(scaled);
        average = mean(scaled);
        largest = max(scaled, axis = N);
        smallest = min(scaled, axis = N);
        length = norm(scaled);
        soft = logsumexp(scaled);
        running = cumsum(scaled);
        loss = sum(scaled^2);
    }
}

fn check_same(model: &Linear, plain: &linear::Inputs, other: &linear::Inputs) {
    let (loss, grad) = model.loss_and_grad(plain).unwrap();
    let (loss_there, grad_there) = model.loss_and_grad(other).unwrap();
    assert_close(loss_there, loss);
    assert_close(grad_there.b, grad.b);
    grad_there.w.iter().zip(&grad.w).for_each(|(&there, &here)| assert_close(there, here));
    let (prediction, there) = (model.prediction(plain).unwrap(), model.prediction(other).unwrap());
    there.iter().zip(&prediction).for_each(|(&there, &here)| assert_close(there, here));
}

#[test]
fn strided_and_reversed_views() {
    for rows in [0, 1, 7, 65] {
        let x = numbers(rows * 3).into_shape_with_order((rows as usize, 3)).unwrap();
        let (y, w) = (numbers(rows), numbers(3));
        let model = Linear { w, b: 0.25 };
        if rows == 0 {
            continue;
        }
        let plain = linear::Inputs { x: x.view(), y: y.view() };

        let columns = Array2::from_shape_vec(x.raw_dim().f(), x.t().iter().copied().collect()).unwrap();
        check_same(&model, &plain, &linear::Inputs { x: columns.view(), y: y.view() });

        let mut wide = Array2::from_elem((2 * rows as usize, 6), f64::NAN);
        wide.slice_mut(s![..;2, ..;-2]).assign(&x);
        let mut long = Array1::from_elem(3 * rows as usize, f64::NAN);
        long.slice_mut(s![..;3]).assign(&y);
        check_same(&model, &plain, &linear::Inputs { x: wide.slice(s![..;2, ..;-2]), y: long.slice(s![..;3]) });

        let (backwards, y_backwards) = (x.slice(s![..;-1, ..;-1]).to_owned(), y.slice(s![..;-1]).to_owned());
        let (x, y) = (backwards.slice(s![..;-1, ..;-1]), y_backwards.slice(s![..;-1]));
        check_same(&model, &plain, &linear::Inputs { x, y });
    }
}

#[test]
fn broadcast_views() {
    let row = array![1.0, -2.0, 0.5];
    let model = Linear { w: array![0.5, 1.5, -1.0], b: 0.0 };
    let (x, y) = (row.broadcast((5, 3)).unwrap(), ndarray::aview0(&2.0));
    let inputs = linear::Inputs { x, y: y.broadcast(5).unwrap() };
    assert_eq!(model.prediction(&inputs).unwrap(), Array1::from_elem(5, -3.0));
    assert_eq!(model.loss(&inputs).unwrap(), 25.0);
}

#[test]
fn parameters_in_column_major_order() {
    let w = numbers(12).into_shape_with_order((3, 4)).unwrap();
    let x = numbers(21).into_shape_with_order((7, 3)).unwrap();
    let columns = Array2::from_shape_vec((3, 4).f(), w.t().iter().copied().collect()).unwrap();
    assert_eq!(w, columns);
    assert!(!columns.is_standard_layout());
    let (model, other) = (Rows { w }, Rows { w: columns });
    let inputs = rows::Inputs { x: x.view() };
    let (loss, grad) = model.loss_and_grad(&inputs).unwrap();
    let (loss_there, grad_there) = other.loss_and_grad(&inputs).unwrap();
    assert_close(loss_there, loss);
    assert_eq!(grad_there.w.dim(), (3, 4));
    grad_there.w.iter().zip(&grad.w).for_each(|(&there, &here)| assert_close(there, here));

    // A gradient of the caller's in any order is filled just as well.
    let mut into = rows::Grad { w: Array2::from_elem((3, 4).f(), f64::NAN) };
    model.grad_into(&inputs, &mut rows::Workspace::default(), &mut into).unwrap();
    assert_eq!(into, grad);
}

#[test]
fn empty_inputs() {
    let x = Array1::<f64>::zeros(0);
    let model = Reductions { w: 2.0 };
    let outputs = model.outputs(&reductions::Inputs { x: x.view() }).unwrap();
    assert_eq!((outputs.total, outputs.product, outputs.length), (0.0, 1.0, 0.0));
    assert!(outputs.average.is_nan());
    assert_eq!((outputs.largest, outputs.smallest), (f64::NEG_INFINITY, f64::INFINITY));
    assert_eq!(outputs.soft, f64::NEG_INFINITY);
    assert_eq!(outputs.running.len(), 0);
    let (loss, grad) = model.loss_and_grad(&reductions::Inputs { x: x.view() }).unwrap();
    assert_eq!((loss, grad.w), (0.0, 0.0));
}

#[test]
fn empty_matrices() {
    for (rows, columns, classes) in [(0, 3, 4), (5, 0, 4), (5, 3, 0), (0, 0, 0)] {
        let model = Rows { w: Array2::from_elem((columns, classes), 0.5) };
        let x = Array2::<f64>::ones((rows, columns));
        let inputs = rows::Inputs { x: x.view() };
        let image = model.image(&inputs).unwrap();
        assert_eq!(image.dim(), (rows, classes));
        assert!(columns > 0 || image.iter().all(|&number| number == 0.0));
        let (loss, grad) = model.loss_and_grad(&inputs).unwrap();
        assert_eq!(grad.w.dim(), (columns, classes));
        assert!(loss.is_finite());
        assert!(rows > 0 || grad.w.iter().all(|&number| number == 0.75), "3 w^2 alone");
    }
}
