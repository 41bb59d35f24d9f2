//! NaN and infinities follow IEEE 754 wherever they come in, and never panic.

use ndarray::{Array1, Array2, array};

use crate::model;

model! {
    /// A bit of everything, by rows.
    Everything<N, D, K> {
        param w: [D, K], gain: [D];
        input x: [N, D];
        input label: [N] in K;
        let rows = layer_norm(x) * gain;
        let logits = rows @ w;
        probability = softmax(logits, K);
        best = argmax(logits, K);
        running = cumsum(x, N);
        largest = max(x, axis = D);
        length = norm(x, axis = D);
        finite = all(is_finite(x));
        loss = mean(cross_entropy(logits, label)) + mean(tanh(logits) + softplus(x) @ w + sqrt(abs(x)) @ w);
    }
}

model! {
    /// Arithmetic alone.
    Arithmetic<N> {
        param w;
        input x: [N], y: [N];
        sum_of = x + y;
        product = x * y;
        quotient = x / y;
        low = min(x, y);
        high = max(x, y);
        root = sqrt(x);
        less = if x < y { 1 } else { 0 };
        loss = w * sum(x);
    }
}

const SPECIAL: [f64; 8] =
    [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, f64::MAX, f64::MIN_POSITIVE, -f64::MAX];

/// The same bits, or NaN both.
#[track_caller]
fn assert_same(found: &Array1<f64>, expected: impl Iterator<Item = f64>) {
    for (place, (&found, expected)) in found.iter().zip(expected).enumerate() {
        let same = found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan();
        assert!(same, "at {place}: {found} is not {expected}");
    }
}

#[test]
fn arithmetic_is_that_of_ieee() {
    let pairs: Vec<(f64, f64)> = SPECIAL.iter().flat_map(|&x| SPECIAL.iter().map(move |&y| (x, y))).collect();
    let (x, y): (Array1<f64>, Array1<f64>) =
        (pairs.iter().map(|pair| pair.0).collect(), pairs.iter().map(|pair| pair.1).collect());
    let outputs = Arithmetic { w: 1.0 }.outputs(&arithmetic::Inputs { x: x.view(), y: y.view() }).unwrap();
    let pairs = || pairs.iter().copied();
    assert_same(&outputs.sum_of, pairs().map(|(x, y)| x + y));
    assert_same(&outputs.product, pairs().map(|(x, y)| x * y));
    assert_same(&outputs.quotient, pairs().map(|(x, y)| x / y));
    assert_same(&outputs.root, pairs().map(|(x, _)| x.sqrt()));
    assert_same(&outputs.less, pairs().map(|(x, y)| f64::from(u8::from(x < y))));
    let nan_or = |x: f64, y: f64, other: f64| if x.is_nan() || y.is_nan() { f64::NAN } else { other };
    // Which zero is the smaller is left open.
    let unsigned = |numbers: &Array1<f64>| numbers.mapv(|number| number + 0.0);
    assert_same(&unsigned(&outputs.low), pairs().map(|(x, y)| nan_or(x, y, x.min(y)) + 0.0));
    assert_same(&unsigned(&outputs.high), pairs().map(|(x, y)| nan_or(x, y, x.max(y)) + 0.0));
}

#[test]
fn nothing_panics() {
    let plain = |row: usize, column: usize| 0.1 * f64::from(u8::try_from(row + 2 * column).unwrap()) - 0.3;
    let label = array![0, 1, 2, 0, 1];
    for special in SPECIAL {
        for place in 0..15 {
            let mut x = Array2::from_shape_fn((5, 3), |(row, column)| plain(row, column));
            let model = Everything { w: x.slice(ndarray::s![..3, ..]).to_owned(), gain: Array1::ones(3) };
            x[[place / 3, place % 3]] = special;
            let inputs = everything::Inputs { x: x.view(), label: label.view() };
            let outputs = model.outputs(&inputs).unwrap();
            assert_eq!(outputs.finite, special.is_finite());
            assert!(outputs.best.iter().all(|&class| class < 3));
            assert_eq!(outputs.largest[place / 3].is_nan(), special.is_nan());
            let (loss, grad) = model.loss_and_grad(&inputs).unwrap();
            assert!(!special.is_nan() || loss.is_nan() && grad.gain.iter().any(|number| number.is_nan()));

            // The other rows do not notice.
            for (row, softmax) in outputs.probability.rows().into_iter().enumerate() {
                assert!(row == place / 3 || (softmax.sum() - 1.0).abs() < 1e-14);
            }
        }
    }
}

#[test]
fn parameters_may_be_special_too() {
    let x = Array2::from_elem((5, 3), 0.5);
    let label = array![0, 1, 2, 0, 1];
    for special in SPECIAL {
        let model = Everything { w: Array2::from_elem((3, 3), special), gain: Array1::from_elem(3, special) };
        let inputs = everything::Inputs { x: x.view(), label: label.view() };
        let (loss, _) = model.loss_and_grad(&inputs).unwrap();
        assert_eq!(loss.is_nan(), model.loss(&inputs).unwrap().is_nan());
        assert!(!special.is_nan() || loss.is_nan());
    }
}
