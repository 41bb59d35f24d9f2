//! Losses reduced to statistics: refused, honoured or fallen back, never wrong.

use autograd_core::{Float, Objective, Parameters, model};
use ndarray::{Array1, Array2, array};

model! {
    /// Nearly collinear columns beside a part that is large and benign.
    Beside<N> {
        param w, u;
        input a: [N], b: [N];
        loss = sum((w*a - b)^2) + 1000 * sum((u*a)^2);
    }
}

model! {
    /// The same beside a constant.
    Above<N> { param w, c; input a: [N], b: [N]; loss = 1e16 + mean((w*a + c - b)^2); }
}

model! {
    /// Products that are no squares, a difference of squares, and a part in which nothing cancels.
    Mixed<N, D> {
        param w: [D], v: [D], s;
        input x: [N, D], y: [N], weight: [N];
        let r = x @ w - y;
        loss = sum(weight * r^2) - 0.5 * sum(r)^2 / N + sum(r * (x @ v)) + 1e3 * s^2 * sum(y^2) + sum(x @ v) + 0.1 * sum((v - 1)^2);
    }
}

model! {
    /// Missing targets as weights and sound data, and as a choice.
    Weighted<N, D> {
        param w: [D], b;
        input x: [N, D], y: [N];
        let f = x @ w + b;
        let m = where(is_nan(y), 0, 1);
        let t = where(is_nan(y), 0, y);
        loss = sum(m * (f - t)^2);
        chosen = sum(where(is_nan(y), 0, (f - y)^2));
    }
}

/// What statistics give is what the inputs give, up to 10⁻⁶ of each element, or they fell back.
#[track_caller]
fn assert_trusted<M, S>(model: &M, inputs: &M::Inputs<'_>, statistics: &S, fell_back: usize)
where
    M: Objective,
    S: for<'a> Objective<Scalar = M::Scalar, Inputs<'a> = ()>,
{
    let (loss, grad) = model.loss_and_grad(inputs).unwrap();
    let (found, found_grad) = statistics.loss_and_grad(&()).unwrap();
    let close = |found: M::Scalar, wanted: M::Scalar, size: f64| {
        let (found, wanted) = (found.to_f64(), wanted.to_f64());
        if wanted.is_nan() {
            return assert!(found.is_nan(), "{found} is not NaN");
        }
        assert!(
            found == wanted || (found - wanted).abs() <= 1e-6 * size.max(wanted.abs()),
            "{found} is not {wanted}, {fell_back}"
        );
    };
    close(found, loss, 0.0);
    for index in 0..M::NAMES.len() {
        let wanted = grad.values(index);
        let largest = wanted.iter().fold(0.0, |most: f64, value| most.max(value.to_f64().abs()));
        for (&found, &wanted) in found_grad.values(index).iter().zip(wanted.iter()) {
            close(found, wanted, 0.01 * largest);
        }
    }
}

fn columns(rows: u32) -> (Array1<f64>, Array1<f64>) {
    let a: Array1<f64> = (0..rows).map(|i| 1.0 + f64::from(i * i % 17) / 3.0).collect();
    let b = a.iter().zip(0_u32..).map(|(a, i)| a * (1.0 + 1e-12 * f64::from(i % 5))).collect();
    (a, b)
}

#[test]
fn a_large_part_does_not_speak_for_a_small_one() {
    let (a, b) = columns(40);
    let inputs = beside::Inputs { a: a.view(), b: b.view() };
    for w in [1.0, 1.0 + 1e-12, 1.0 + 1e-9, 1.0 + 1e-4, 0.5, -3.0, 0.0] {
        let model = Beside { w, u: 1.0 };
        let statistics = model.clone().bind_statistics(&inputs).unwrap();
        assert_trusted(&model, &inputs, &statistics, statistics.fell_back());
        assert_eq!(statistics.fell_back() > 0, (w - 1.0).abs() < 1e-6, "{w}");
        statistics.loss().unwrap();
        assert!(statistics.fell_back() < 2, "the loss alone is accurate");
    }
    let inputs = above::Inputs { a: a.view(), b: b.view() };
    for (w, c) in [(1.0, 0.0), (1.0, 1e-9), (1.0 + 1e-9, 0.0), (0.7, 0.2)] {
        let model = Above { w, c };
        let statistics = model.clone().bind_statistics(&inputs).unwrap();
        assert_trusted(&model, &inputs, &statistics, statistics.fell_back());
        assert_eq!(statistics.fell_back() > 0, w != 0.7, "{w} {c}");
    }
}

#[test]
fn single_precision_has_the_same_care() {
    let (a, b) = columns(40);
    let (a, b) = (
        a.mapv(f32::from_f64),
        b.iter().zip(0_u8..).map(|(b, i)| f32::from_f64(*b) + f32::from(i % 3) * 1e-6).collect::<Array1<f32>>(),
    );
    let inputs = beside::Inputs { a: a.view(), b: b.view() };
    for w in [1.0, 0.999_999, 0.5] {
        let model = Beside { w, u: 1.0 };
        let statistics = model.clone().bind_statistics(&inputs).unwrap();
        let exact = Beside { w: f64::from(w), u: 1.0 };
        let (wide_a, wide_b) = (a.mapv(f64::from), b.mapv(f64::from));
        let exact = exact.grad(&beside::Inputs { a: wide_a.view(), b: wide_b.view() }).unwrap();
        let found = statistics.grad().unwrap();
        assert!((f64::from(found.w) - exact.w).abs() <= 1e-4 * exact.w.abs(), "{} is not {}", found.w, exact.w);
    }
}

#[test]
fn products_and_differences() {
    let numbers: Array1<f64> = (0..90_u32).map(|i| (f64::from(i * i) * 0.37).sin()).collect();
    let mut x: Array2<f64> = numbers.into_shape_with_order((30, 3)).expect("30 rows of 3");
    x.column_mut(0).mapv_inplace(|x| x + 1e3);
    let (w, v) = (array![1.0, 0.5, -0.25], array![0.1, 1.0, 2.0]);
    let weight = x.column(1).mapv(|x| x + 2.0);
    for noise in [1.0, 1e-3, 1e-7, 0.0] {
        let y: Array1<f64> = x.dot(&w).iter().zip(0_u32..).map(|(y, i)| y + noise * f64::from(i).cos()).collect();
        let inputs = mixed::Inputs { x: x.view(), y: y.view(), weight: weight.view() };
        for shift in [0.0, 1e-6, 1.0] {
            let model = Mixed { w: &w + shift, v: v.clone(), s: 0.5 };
            let statistics = model.clone().bind_statistics(&inputs).unwrap();
            assert_trusted(&model, &inputs, &statistics, statistics.fell_back());
        }
    }
}

#[test]
fn what_is_too_small_or_too_large_falls_back() {
    for scale in [1e-170, 1e-120, 1e-60, 1.0, 1e60, 1e120, 1e170] {
        let x: Array1<f64> = (0..9).map(|i| scale * (1.0 + f64::from(i % 4))).collect();
        let y: Array1<f64> = (0..9).map(|i| f64::from(i % 5)).collect();
        let inputs = beside::Inputs { a: x.view(), b: y.view() };
        let model = Beside { w: 0.75 / scale, u: 0.01 / scale };
        let statistics = model.clone().bind_statistics(&inputs).unwrap();
        assert_trusted(&model, &inputs, &statistics, statistics.fell_back());
    }
}

#[test]
fn centred_columns_and_few_rows_stay_cheap() {
    let (x, y) = (array![-1.0, 1.0, 0.5, -0.5], array![0.25, -0.25, 1.0, -1.0]);
    let inputs = above::Inputs { a: x.view(), b: y.view() };
    let statistics = Above { w: 0.5, c: 0.0 }.bind_statistics(&inputs).unwrap();
    assert_eq!((statistics.grad().unwrap().c, statistics.fell_back()), (0.0, 0));
    for rows in 0..4 {
        let (a, b) = columns(rows);
        let inputs = beside::Inputs { a: a.view(), b: b.view() };
        let model = Beside { w: 0.5, u: 2.0 };
        let statistics = model.clone().bind_statistics(&inputs).unwrap();
        assert_trusted(&model, &inputs, &statistics, statistics.fell_back());
    }
    let (a, b) = (array![1.0, f64::NAN, 3.0], array![1.0, 2.0, 3.0]);
    let statistics = Beside { w: 0.5, u: 2.0 }.bind_statistics(&beside::Inputs { a: a.view(), b: b.view() }).unwrap();
    assert!(statistics.loss().unwrap().is_nan() && statistics.fell_back() == 1);
}

model! {
    /// Data that jump, on either side of a literal that single precision has not.
    Jumps<N> {
        param w;
        input x: [N];
        loss = sum((w * (if x > 0.1 { 1 } else { 0 }) - floor(x / 0.1))^2);
    }
}

#[test]
fn data_that_jump_are_those_of_the_precision() {
    let x = array![0.1_f32, 0.7, 0.6];
    let inputs = jumps::Inputs { x: x.view() };
    let model = Jumps { w: 1.0_f32 };
    let statistics = model.clone().bind_statistics(&inputs).unwrap();
    assert_eq!(statistics.loss().unwrap().to_bits(), model.loss(&inputs).unwrap().to_bits());
    assert_eq!((statistics.grad().unwrap(), statistics.fell_back()), (model.grad(&inputs).unwrap(), 2));
    let x = x.mapv(f64::from);
    let statistics = Jumps { w: 1.0 }.bind_statistics(&jumps::Inputs { x: x.view() }).unwrap();
    statistics.grad().unwrap();
    assert_eq!(statistics.fell_back(), 0);
}

#[test]
fn missing_targets_are_weights() {
    let numbers: Array1<f64> = (0..60_u32).map(|i| (f64::from(i * i) * 0.37).sin()).collect();
    let x: Array2<f64> = numbers.into_shape_with_order((20, 3)).expect("20 rows of 3");
    let model = Weighted { w: array![1.0, 0.5, -0.25], b: 0.125 };
    for missing in [0, 1, 3, 20] {
        let y: Array1<f64> = (0..20).map(|i| if i < missing { f64::NAN } else { f64::from(i).cos() }).collect();
        let inputs = weighted::Inputs { x: x.view(), y: y.view() };
        let statistics = model.clone().bind_statistics(&inputs).unwrap();
        assert_trusted(&model, &inputs, &statistics, statistics.fell_back());
        // What is 0 may have vanished.
        assert_eq!(statistics.fell_back() > 0, missing == 20, "{missing} are missing");
        // Twenty terms that are not negative, of a few roundings each.
        let (loss, chosen) = (model.loss(&inputs).unwrap(), model.chosen(&inputs).unwrap());
        assert!((loss - chosen).abs() <= 1e-14 * loss, "{loss} is not {chosen}");
        assert!(model.grad(&inputs).unwrap().b.is_finite());
    }
}
