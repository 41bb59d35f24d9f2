//! Choices: what is not taken contributes nothing, whatever its value. Through the real macro, in both precisions.

use autograd_core::{Float, Optimizer, Sgd, model};
use ndarray::{Array1, Array2, array};

model! {
    /// A line through targets of which some are missing.
    pub Missing<N> {
        param w = 2, b = 0.5;
        input x: [N], y: [N];
        loss = sum(if is_nan(y) { 0 } else { (w*x + b - y)^2 });
        slope = grad(loss, w);
        curve = grad(slope, w);
        bend = jvp(slope, b, 1);
        step train(rate) -> loss { w := w - rate*slope; b := b - rate*grad(loss, b); }
    }
}

#[allow(clippy::float_cmp, reason = "sums of small integers and halves")]
fn missing_targets<T: Float>() {
    let n = |x: f64| T::from_f64(x);
    let (x, y) = (array![n(1.0), n(2.0), n(3.0)], array![n(1.0), n(f64::NAN), n(3.0)]);
    let inputs = missing::Inputs { x: x.view(), y: y.view() };
    let model = Missing { w: n(2.0), b: n(0.5) };
    let (loss, grad) = model.loss_and_grad(&inputs).expect("sizes agree");
    assert!([loss, grad.w, grad.b] == [n(14.5), n(24.0), n(10.0)], "{loss:?} {grad:?}");
    let found = model.outputs(&inputs).expect("sizes agree");
    assert!([found.slope, found.curve, found.bend] == [n(24.0), n(20.0), n(8.0)]);
    let bound = model.clone().bind(&inputs).expect("sizes agree");
    let (loss, grad) = bound.loss_and_grad().expect("sizes agree");
    assert!([loss, grad.w, grad.b] == [n(14.5), n(24.0), n(10.0)], "{loss:?} {grad:?}");
    let mut stepped = model.clone();
    stepped.train(&inputs, n(0.125)).expect("sizes agree");
    let mut descended = model;
    Sgd::new(0.125).minimize(&mut descended, &inputs).expect("sizes agree");
    for model in [stepped, descended] {
        assert!([model.w, model.b] == [n(-1.0), n(-0.75)], "{model:?}");
    }
}

#[test]
fn missing_targets_are_left_out() {
    missing_targets::<f32>();
    missing_targets::<f64>();
}

model! {
    /// Two layers, a running product and a sum over rows of which some are not kept.
    pub Kept<N, D, H, K> {
        param w: [D, H], u: [H, K], c: [K];
        input x: [N, D], t: [N], keep: [N], label: [N] in K;
        state v: [D, H];
        let hidden = relu(x @ w);
        let logits = tanh(hidden @ u + c) * t[.., new];
        let paths = cumprod(1 + logits/9, K)[.., 1] + norm(hidden, H) + t^4*exp(t);
        loss = sum(if keep > 0 { cross_entropy(logits, label)*paths } else { 0 }) / N;
        along = vjp(jvp(loss, w, v), u, 1);
        step train(rate) -> loss { w := w - rate*grad(loss, w); u := u - rate*grad(loss, u); }
    }
}

/// Everything that the model computes, as bits of `f64`.
fn all_of<T: Float>(model: &Kept<T>, x: &Array2<T>, t: &Array1<T>, keep: &Array1<T>) -> Vec<u64> {
    let label = Array1::from_shape_fn(t.len(), |row| row % 3);
    let inputs = kept::Inputs { x: x.view(), t: t.view(), keep: keep.view(), label: label.view() };
    let (loss, grad) = model.loss_and_grad(&inputs).expect("sizes agree");
    let (bound_loss, bound) = model.clone().bind(&inputs).and_then(|bound| bound.loss_and_grad()).expect("sizes agree");
    let mut stepped = model.clone();
    stepped.train(&inputs, T::from_f64(0.5)).expect("sizes agree");
    let mut found = vec![loss, bound_loss];
    for grad in [grad, bound] {
        found.extend(grad.w.iter().chain(&grad.u).chain(&grad.c));
    }
    found.extend(model.along(&inputs).expect("sizes agree"));
    found.extend(stepped.w.iter().chain(&stepped.u));
    found.into_iter().map(|value| value.to_f64().to_bits()).collect()
}

fn rows_are_left_out<T: Float>() {
    let n = |x: f64| T::from_f64(x);
    let wave = |at: usize, scale: f64| n(scale * [0.3, -0.9, 0.7, 0.1, -0.5, 0.8, -0.2][at * 5 % 7]);
    let matrix = |rows: usize, columns: usize| Array2::from_shape_fn((rows, columns), |(i, j)| wave(5 * i + j, 0.8));
    let model = Kept { w: matrix(4, 5), u: matrix(5, 3), c: Array1::from_elem(3, T::ZERO), v: matrix(4, 5) };
    for rows in [1, 3, 37] {
        let (x, t) = (matrix(rows, 4), Array1::from_shape_fn(rows, |row| wave(row, 1.0)));
        let keep = Array1::from_shape_fn(rows, |row| n(f64::from(u8::from(row % 3 == 1))));
        let clean = all_of(&model, &x, &t, &keep);
        assert!(clean.iter().all(|&bits| f64::from_bits(bits).is_finite()), "ordinary numbers");
        for planted in [f64::NAN, f64::INFINITY, -1e30, 1e30] {
            let (mut x, mut t) = (x.clone(), t.clone());
            for row in (0..rows).filter(|row| row % 3 != 1) {
                x.row_mut(row).fill(n(planted));
                t[row] = n(-planted);
            }
            assert!(all_of(&model, &x, &t, &keep) == clean, "{planted} in {rows} rows");
        }
    }
}

#[test]
fn rows_that_are_not_kept_are_left_out() {
    rows_are_left_out::<f32>();
    rows_are_left_out::<f64>();
}

model! {
    /// Truth values that are sliced, padded, turned and summed along rows on their way back.
    pub Moved<N> {
        param w: [2, 3];
        input x: [N, 2], keep: [N];
        let z = x @ w;
        let turned = exp(flip(reshape((z*z).T, [3, N]).T, 1));
        let later = (z @ w.T)[1..]*turned[1.., 0..2];
        let runs = cumsum(cumprod(0.5 + tanh(z @ w.T), N), N);
        loss = sum(if keep[1..] > 0 { sum(log(1 + later^2), 1) } else { 0 })
            + sum(if keep > 0 { concat([z[.., 0..1], turned], axis = 1) @ [1, 2, -1, 0.5] } else { 0 })
            + sum(if cumsum(1 - keep) < 1 { runs[.., 1] } else { 0 });
    }
}

/// The last rows are not kept.
fn moved_rows_are_left_out<T: Float>() {
    let n = |x: f64| T::from_f64(x);
    let model = Moved { w: array![[n(0.3), n(-0.7), n(0.2)], [n(0.5), n(0.1), n(-0.4)]] };
    for rows in [1, 2, 9] {
        let kept = rows - rows / 3;
        let keep = Array1::from_shape_fn(rows, |row| n(f64::from(u8::from(row < kept))));
        let answer = |hidden: f64| {
            let x = |row: usize, at: usize| if row < kept { n([0.4, -0.9, 0.2][(row + at) % 3]) } else { n(hidden) };
            let x = Array2::from_shape_fn((rows, 2), |(row, at)| x(row, at));
            let inputs = moved::Inputs { x: x.view(), keep: keep.view() };
            let (loss, grad) = model.loss_and_grad(&inputs).expect("sizes agree");
            (loss.to_f64(), grad.w.mapv(Float::to_f64))
        };
        let clean = answer(0.1);
        assert!(clean.0.is_finite() && clean.1.iter().all(|slope| slope.is_finite()), "ordinary numbers");
        for hidden in [f64::NAN, f64::INFINITY, 1e30] {
            assert!(answer(hidden) == clean, "{hidden} in {rows} rows: {:?} is not {clean:?}", answer(hidden));
        }
    }
}

#[test]
fn moved_rows_that_are_not_kept_are_left_out() {
    moved_rows_are_left_out::<f32>();
    moved_rows_are_left_out::<f64>();
}
