//! A model that is so long that its entry points are cut into functions that follow one another.

use super::{agree, draw, model};
use autograd_core::{Objective, Parameters};
use ndarray::{Array2, s};

model! {
    /// Twelve times the same eight layers, each of which moves the rows a little.
    pub Long<N, D> {
        param w1: [D, D], w2: [D, D], w3: [D, D], w4: [D, D], w5: [D, D], w6: [D, D], w7: [D, D], w8: [D, D];
        param b1: [D], b2: [D], b3: [D], b4: [D], scale;
        input x: [N, D], y: [N, D], dw1: [D, D], dw8: [D, D], db4: [D];
        fn layer(h, w, b) = h + scale * tanh(h @ w + b);
        fn four(h) = layer(layer(layer(layer(h, w1, b1), w2, b2), w3, b3), w4, b4);
        fn eight(h) = layer(layer(layer(layer(four(h), w5, b1), w6, b2), w7, b3), w8, b4);
        fn more(h) = eight(eight(eight(h)));
        out = more(more(more(more(x))));
        loss = mean((out - y)^2);
        slope = jvp(loss, w1, dw1) + jvp(loss, w8, dw8) + jvp(loss, b4, db4);
        step train(rate) -> loss {
            w1 := w1 - rate * grad(loss, w1);
            w8 := w8 - rate * grad(loss, w8);
            b4 := b4 - rate * grad(loss, b4);
            scale := scale - rate * grad(loss, scale);
        }
    }
}

model! {
    /// One of the layers.
    pub Layer<N, D> {
        param w: [D, D], b: [D], scale;
        input h: [N, D];
        next = h + scale * tanh(h @ w + b);
    }
}

const D: usize = 3;

fn long() -> Long<f64> {
    let (w, b) = (|name: &str| draw(name, [D, D]), |name: &str| draw(name, D));
    Long {
        w1: w("w1"),
        w2: w("w2"),
        w3: w("w3"),
        w4: w("w4"),
        w5: w("w5"),
        w6: w("w6"),
        w7: w("w7"),
        w8: w("w8"),
        b1: b("b1"),
        b2: b("b2"),
        b3: b("b3"),
        b4: b("b4"),
        scale: 0.01,
    }
}

/// What the parameters move along: those that `slope` is about.
fn direction() -> Long<f64> {
    let mut to = long();
    for index in 0..Long::<f64>::NAMES.len() {
        to.values_mut(index).fill(0.0);
    }
    Long { w1: draw("dw1", [D, D]), w8: draw("dw8", [D, D]), b4: draw("db4", D), ..to }
}

/// The output, layer by layer.
fn by_layers(model: &Long<f64>, x: &Array2<f64>) -> Array2<f64> {
    let weights = [&model.w1, &model.w2, &model.w3, &model.w4, &model.w5, &model.w6, &model.w7, &model.w8];
    let biases = [&model.b1, &model.b2, &model.b3, &model.b4];
    let mut h = x.clone();
    for place in 0..96 {
        let layer = Layer { w: weights[place % 8].clone(), b: biases[place % 4].clone(), scale: model.scale };
        h = layer.next(&layer::Inputs { h: h.view() }).expect("the sizes fit");
    }
    h
}

#[test]
fn long_models() {
    let to = direction();
    for n in [1, 5] {
        let mut model = long();
        let (x, y) = (draw("x", [n, D]), draw("y", [n, D]));
        let inputs = long::Inputs { x: x.view(), y: y.view(), dw1: to.w1.view(), dw8: to.w8.view(), db4: to.b4.view() };
        agree(&model, &inputs, &to, model.slope(&inputs).expect("the sizes fit"));
        let (out, expected) = (model.out(&inputs).expect("the sizes fit"), by_layers(&model, &x));
        assert!((&out - &expected).iter().all(|error| error.abs() <= 1e-13), "{out} is not {expected}");

        let (loss, grad) = model.loss_and_grad(&inputs).expect("the sizes fit");
        let mut stepped = model.clone();
        assert_eq!(stepped.train(&inputs, 0.5), Ok(loss));
        model.w1 -= &(0.5 * &grad.w1);
        model.w8 -= &(0.5 * &grad.w8);
        model.b4 -= &(0.5 * &grad.b4);
        model.scale -= 0.5 * grad.scale;
        for index in 0..Long::<f64>::NAMES.len() {
            let (stepped, by_hand) = (stepped.values(index), model.values(index));
            let close = stepped.iter().zip(&*by_hand).all(|(a, b)| (a - b).abs() <= 1e-13);
            assert!(close, "{}: {stepped:?} is not {by_hand:?}", Long::<f64>::NAMES[index]);
        }
    }
}

/// What is out of order is copied where it is read, in several of the functions.
#[test]
fn long_models_of_arrays_that_are_out_of_order() {
    let (model, to) = (long(), direction());
    let (x, y, wide) = (draw("x", [7, D]), draw("y", [7, D]), draw("wide", [D, 14]));
    let inputs = long::Inputs { x: x.view(), y: y.view(), dw1: to.w1.view(), dw8: to.w8.view(), db4: to.b4.view() };
    let strided = long::Inputs { y: wide.slice(s![.., ..;2]).reversed_axes(), ..inputs };
    let plain = wide.slice(s![.., ..;2]).t().as_standard_layout().into_owned();
    let plain = long::Inputs { y: plain.view(), ..inputs };
    let mut turned = model.clone();
    turned.w3 = model.w3.t().as_standard_layout().reversed_axes().into_owned();
    assert_eq!((&turned.w3, turned.w3.is_standard_layout()), (&model.w3, false));
    let (expected, found) = (model.loss_and_grad(&plain), turned.loss_and_grad(&strided));
    let ((loss, grad), (same_loss, same_grad)) = (expected.expect("they fit"), found.expect("they fit"));
    assert_eq!((loss, grad), (same_loss, same_grad));
}

/// Nothing has been written where something does not fit.
#[test]
fn long_models_of_wrong_sizes() {
    let (mut model, to) = (long(), direction());
    let (x, y) = (draw("x", [7, D]), draw("y", [6, D]));
    let inputs = long::Inputs { x: x.view(), y: y.view(), dw1: to.w1.view(), dw8: to.w8.view(), db4: to.b4.view() };
    let before = model.clone();
    assert!(model.train(&inputs, 0.5).is_err());
    assert_eq!(model, before);
    let inputs = long::Inputs { y: x.view(), ..inputs };
    let mut grad = model.zero_grad();
    grad.b4 = draw("b4", D + 1);
    let before = grad.clone();
    assert!(model.loss_and_grad_into(&inputs, &mut long::Workspace::default(), &mut grad).is_err());
    assert_eq!(grad, before);
}
