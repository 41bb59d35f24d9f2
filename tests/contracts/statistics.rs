//! Models bound to statistics of their inputs: the same loss and gradient, and the inputs themselves where the terms of
//! the statistics cancel.

use autograd_core::gradcheck::Options;
use autograd_core::{Adam, Float, Objective, Optimizer, Parameters, Session, gradcheck};
use ndarray::{Array1, Array2, array};

use crate::{Linear, assert_close, linear, model, numbers};

model! {
    /// A line by least squares, with a compiled step.
    Line<N> {
        param w, b;
        input x: [N], y: [N];
        prediction = w*x + b;
        loss = mean((0.5 * (prediction - y))^2);
        step train(rate) -> loss {
            w := w - rate * grad(loss, w);
            b := b - rate * grad(loss, b);
        }
    }
}

model! {
    /// Several targets of weighted rows, in powers and logarithms of the data, with a ridge.
    Ridge<N, D, K> {
        param w: [D, K], b: [K];
        state strength;
        input x: [N, D], y: [N, K], weight: [N], label: [N] in K, scale;
        let error = log(x^2 + 1) @ w + b - scale * y + one_hot(label, K);
        loss = sum(weight[.., new] * error^2) / N + strength * (sum(w^2) + sum(b)^2);
    }
}

model! {
    /// A cubic in its parameters, of a tensor.
    Cubic<N, D> {
        param a: [D], c;
        input x: [N, D, 2];
        loss = mean((sum(x, axis = 2) @ a)^3 - c * x[.., 0, 1]);
    }
}

/// Losses and gradients agree to a relative `tolerance` of the largest number in each tensor.
#[track_caller]
fn assert_agree<M, S>(model: &M, inputs: &M::Inputs<'_>, statistics: &S, tolerance: f64)
where
    M: Objective,
    S: for<'a> Objective<Scalar = M::Scalar, Inputs<'a> = ()>,
{
    let (loss, grad) = model.loss_and_grad(inputs).unwrap();
    let (found, found_grad) = statistics.loss_and_grad(&()).unwrap();
    let close = |found: M::Scalar, expected: M::Scalar, size: f64| {
        let (found, expected) = (found.to_f64(), expected.to_f64());
        assert!((found - expected).abs() <= tolerance * size.max(1.0), "{found} is not {expected}");
    };
    close(found, loss, loss.to_f64().abs());
    close(statistics.loss(&()).unwrap(), loss, loss.to_f64().abs());
    let alone = statistics.grad(&()).unwrap();
    for index in 0..M::NAMES.len() {
        let expected = grad.values(index);
        let size = expected.iter().fold(0.0, |size: f64, number| size.max(number.to_f64().abs()));
        for (place, &expected) in expected.iter().enumerate() {
            close(found_grad.values(index)[place], expected, size);
            close(alone.values(index)[place], expected, size);
        }
    }
}

#[test]
fn a_line_is_reduced_to_numbers() {
    for rows in [1, 2, 7, 1000] {
        let (x, y) = (numbers(rows), numbers(rows).mapv(|v| v.cos() + 2.0));
        let inputs = line::Inputs { x: x.view(), y: y.view() };
        let model = Line { w: 0.7, b: -0.3 };
        let statistics = model.clone().bind_statistics(&inputs).unwrap();
        assert_agree(&model, &inputs, &statistics, 1e-13);
        assert_eq!(statistics.fell_back(), 0);
        assert_eq!(statistics.prediction().unwrap(), model.prediction(&inputs).unwrap());
        assert!(gradcheck(&statistics, &(), Options::default()).unwrap().passed());
    }
}

#[test]
fn single_precision_is_summed_in_double() {
    let (x, y) = (numbers(999).mapv(f32::from_f64), numbers(999).mapv(|v| f32::from_f64(v.cos() + 2.0)));
    let inputs = line::Inputs { x: x.view(), y: y.view() };
    let model = Line { w: 0.7_f32, b: -0.3 };
    let statistics = model.clone().bind_statistics(&inputs).unwrap();
    assert_agree(&model, &inputs, &statistics, 1e-5);
    assert_eq!(statistics.fell_back(), 0);
    let wide = (x.mapv(f64::from), y.mapv(f64::from));
    let inputs = line::Inputs { x: wide.0.view(), y: wide.1.view() };
    let exact = Line { w: f64::from(0.7_f32), b: f64::from(-0.3_f32) }.loss(&inputs).unwrap();
    assert!((f64::from(statistics.loss().unwrap()) - exact).abs() <= f64::from(f32::EPSILON) * exact);
}

#[test]
fn planes_and_ridges() {
    let (rows, columns, targets) = (19, 4, 3);
    let matrix = |rows: usize, columns: usize, shift: f64| {
        let mut numbers = numbers(99).mapv(|v| (3.0 * v + shift).sin()).into_iter();
        Array2::from_shape_simple_fn((rows, columns), || numbers.next().unwrap_or_default())
    };
    let (x, y) = (matrix(rows, columns, 0.1), matrix(rows, targets, 0.7));
    let (weight, label) = (numbers(19).mapv(|v| v + 1.1), Array1::from_iter((0..rows).map(|row| row % targets)));
    let transposed = matrix(columns, rows, 0.1);
    for x in [x.view(), transposed.t()] {
        let inputs = ridge::Inputs { x, y: y.view(), weight: weight.view(), scale: 1.5, label: label.view() };
        let model = Ridge { w: matrix(columns, targets, 0.3), b: numbers(3), strength: 0.2 };
        let statistics = model.clone().bind_statistics(&inputs).unwrap();
        assert_agree(&model, &inputs, &statistics, 1e-12);
        assert!(gradcheck(&statistics, &(), Options::default()).unwrap().passed());
        assert_eq!(statistics.fell_back(), 0);
    }
    let inputs = linear::Inputs { x: x.view(), y: weight.view() };
    let model = Linear { w: numbers(4), b: 0.5 };
    assert_agree(&model, &inputs, &model.clone().bind_statistics(&inputs).unwrap(), 1e-12);

    let x = numbers(54).into_shape_with_order((9, 3, 2)).expect("9 rows of 3 pairs");
    let inputs = cubic::Inputs { x: x.view() };
    let model = Cubic { a: numbers(3), c: 0.4 };
    assert_agree(&model, &inputs, &model.clone().bind_statistics(&inputs).unwrap(), 1e-12);
}

#[test]
fn nothing_and_empty_axes() {
    let empty = Array1::<f64>::zeros(0);
    let inputs = line::Inputs { x: empty.view(), y: empty.view() };
    let statistics = Line { w: 0.7, b: -0.3 }.bind_statistics(&inputs).unwrap();
    assert!(statistics.loss().unwrap().is_nan(), "a mean of nothing");
    assert_eq!(statistics.fell_back(), 1);
    let (x, y) = (Array2::zeros((3, 0)), array![1.0, 2.0, 4.0]);
    let inputs = linear::Inputs { x: x.view(), y: y.view() };
    let model = Linear { w: Array1::zeros(0), b: 0.5 };
    assert_agree(&model, &inputs, &model.clone().bind_statistics(&inputs).unwrap(), 1e-14);
}

#[test]
fn terms_that_cancel_fall_back_to_the_inputs() {
    // Far from 0, and close to the line: the squares are 1e18 times the loss.
    let x = numbers(50).mapv(|v| 1e6 + v);
    let y = x.mapv(|x| 3.0 * x + 1.0 + 1e-3 * x.sin());
    let inputs = line::Inputs { x: x.view(), y: y.view() };
    let model = Line { w: 3.0, b: 1.0 };
    let statistics = model.clone().bind_statistics(&inputs).unwrap();
    assert_eq!(statistics.loss_and_grad().unwrap(), model.loss_and_grad(&inputs).unwrap(), "the same bits");
    assert_eq!(statistics.grad().unwrap(), model.grad(&inputs).unwrap());
    assert_eq!(statistics.loss().unwrap(), model.loss(&inputs).unwrap());
    assert_eq!(statistics.fell_back(), 3);
    // Elsewhere they are good.
    let mut statistics = statistics;
    statistics.model.w = -2.0;
    let far = Line { w: -2.0, b: 1.0 };
    let (found, expected) = (statistics.loss().unwrap(), far.loss(&inputs).unwrap());
    assert!((found - expected).abs() <= 1e-7 * expected, "{found} is not {expected}");
    assert_eq!(statistics.fell_back(), 3);
}

#[test]
fn optimisers_sessions_and_steps_take_them() {
    let (x, y) = (numbers(40), numbers(40).mapv(|v| 2.0 * v + 1.0 + 0.1 * (9.0 * v).sin()));
    let inputs = line::Inputs { x: x.view(), y: y.view() };
    let (mut model, mut optimizer) = (Line { w: 0.0, b: 0.0 }, Adam::new(0.1));
    let mut statistics = model.clone().bind_statistics(&inputs).unwrap();
    let mut other = Adam::new(0.1);
    for _ in 0..200 {
        let loss = optimizer.minimize(&mut model, &inputs).unwrap();
        let found = other.minimize(&mut statistics, &()).unwrap();
        assert!((found - loss).abs() <= 1e-9 * loss.max(1e-3), "{found} is not {loss}");
    }
    assert_eq!(statistics.fell_back(), 0);
    let before = statistics.model.clone();
    assert_eq!(statistics.train(0.1).unwrap(), before.loss(&inputs).unwrap());
    assert_close(statistics.model.w, before.w - 0.1 * before.grad(&inputs).unwrap().w);
    let mut session = Session::new(statistics);
    session.forward(&()).unwrap();
    session.backward().unwrap();
    assert_close(session.grad.w, session.model.model.grad(&inputs).unwrap().w);
    assert_eq!(line::Statistics::<f64>::NAMES, ["w", "b"]);
}

#[test]
fn sizes_are_those_of_the_data() {
    let (x, y) = (array![[1.0, 2.0], [3.0, -1.0], [0.5, 0.25]], array![1.0, -1.0, 2.0]);
    let inputs = linear::Inputs { x: x.view(), y: y.view() };
    let mut statistics = Linear { w: numbers(2), b: 0.5 }.bind_statistics(&inputs).unwrap();
    statistics.model.w = numbers(3);
    let text = statistics.loss().unwrap_err().to_string();
    assert_eq!(text, "dimension `D` is 2 in input `x` but 3 in parameter `w`");
    let short = linear::Inputs { x: x.view(), y: y.slice(ndarray::s![..2]) };
    let text = Linear { w: numbers(2), b: 0.5 }.bind_statistics(&short).unwrap_err().to_string();
    assert_eq!(text, "dimension `N` is 3 in input `x` but 2 in input `y`");
}
