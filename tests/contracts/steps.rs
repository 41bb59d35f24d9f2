//! Steps: every right-hand side sees the values from before, and an error changes nothing.

use ndarray::{Array1, Array2, array};

use crate::model;

model! {
    /// Two numbers that change places.
    Pair {
        param x, y;
        loss = x * y;
        step swap { x := y; y := x; }
        step mix -> loss, total {
            let total = x + y;
            x := total;
            y := x - y;
        }
    }
}

model! {
    /// Two vectors that change places, and one that turns around.
    Arrays<D> {
        param a: [D], b: [D], c: [D];
        loss = sum(a * b * c);
        step swap { a := b; b := a; c := flip(c); }
        step turn -> a { a := b; b := c; c := a; }
        step shift { a := concat([a[1..], a[..1]]); b := cumsum(b); }
        step fill(value, label in D) { c := value * one_hot(label, D); }
    }
}

model! {
    /// Descent with momentum and a count of steps.
    Descent<N, D> {
        param w: [D];
        state velocity: [D];
        state count;
        input x: [N, D], y: [N];
        loss = sum((x @ w - y)^2);
        step train(rate, decay) -> loss {
            let fresh = decay * velocity - rate * grad(loss, w);
            velocity := fresh;
            w := w + fresh;
            count := count + 1;
        }
        step weigh(weight: [N]) {
            w := w + weight @ x;
            count := count + 1;
        }
    }
}

model! {
    /// Layers whose gradients read each other's weights.
    Layers<N, D, H> {
        param first: [D, H], second: [H, D], scale: [H];
        input x: [N, D];
        loss = sum((((x @ first) * scale) @ second - x)^2);
        step train(rate) -> loss {
            second := second - rate * grad(loss, second);
            scale := scale - rate * grad(loss, scale);
            first := first - rate * grad(loss, first);
        }
    }
}

#[test]
fn scalars_are_assigned_at_once() {
    let mut pair: Pair = Pair { x: 3.0, y: 5.0 };
    pair.swap(&pair::Inputs {}).unwrap();
    assert_eq!((pair.x, pair.y), (5.0, 3.0));
    let (loss, total) = pair.mix(&pair::Inputs {}).unwrap();
    assert_eq!((loss, total), (15.0, 8.0), "from before");
    assert_eq!((pair.x, pair.y), (8.0, 2.0));
}

#[test]
fn arrays_are_assigned_at_once() {
    let (a, b, c) = (array![1.0, 2.0, 3.0], array![4.0, 5.0, 6.0], array![7.0, 8.0, 9.0]);
    let mut arrays = Arrays { a: a.clone(), b: b.clone(), c: c.clone() };
    let inputs = arrays::Inputs {};
    assert_eq!(arrays.turn(&inputs).unwrap(), a, "from before");
    assert_eq!((&arrays.a, &arrays.b, &arrays.c), (&b, &c, &a));
    arrays.swap(&inputs).unwrap();
    assert_eq!((&arrays.a, &arrays.b, &arrays.c), (&c, &b, &array![3.0, 2.0, 1.0]));
    arrays.shift(&inputs).unwrap();
    assert_eq!((&arrays.a, &arrays.b), (&array![8.0, 9.0, 7.0], &array![4.0, 9.0, 15.0]));
    arrays.fill(&inputs, 0.5, 1).unwrap();
    assert_eq!(arrays.c, array![0.0, 0.5, 0.0]);
    let before = arrays.clone();
    let text = arrays.fill(&inputs, 0.5, 3).unwrap_err().to_string();
    assert_eq!(text, "input `label` is 3, outside 0..3 (`D`)");
    assert_eq!(arrays, before);
}

/// Whatever lies in place is written last: every gradient is that of the weights from before.
#[test]
fn arrays_in_any_order_are_written_in_place() {
    let x = array![[0.5, -1.0, 2.0], [1.5, 0.25, -0.5]];
    let (first, second) =
        (array![[0.5, -0.25], [1.0, 0.75], [-0.5, 0.125]], array![[1.0, 0.5, -1.0], [0.25, -0.5, 2.0]]);
    let inputs = layers::Inputs { x: x.view() };
    let mut layers: Layers = Layers { first, second, scale: array![0.5, 1.5] };
    let (loss, grad) = layers.loss_and_grad(&inputs).unwrap();
    let expected = Layers {
        first: &layers.first - 0.125 * grad.first,
        second: &layers.second - 0.125 * grad.second,
        scale: &layers.scale - 0.125 * grad.scale,
    };
    // Columns side by side.
    layers.first = layers.first.t().as_standard_layout().into_owned().reversed_axes();
    assert!(!layers.first.is_standard_layout());
    let mut workspace = layers::Workspace::default();
    let stepped = layers.train_into(&inputs, 0.125, &mut workspace).unwrap();
    assert!((stepped - loss).abs() <= 1e-12 * loss);
    let near =
        |a: &Array2<f64>, b: &Array2<f64>| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-12 * (1.0 + b.abs()));
    assert!(near(&layers.first, &expected.first) && near(&layers.second, &expected.second));
    assert!((&layers.scale - &expected.scale).iter().all(|off| off.abs() <= 1e-12));
}

#[test]
fn states_go_along() {
    let (x, y) = (array![[1.0, 0.0], [0.0, 2.0]], array![1.0, 4.0]);
    let inputs = descent::Inputs { x: x.view(), y: y.view() };
    let mut descent = Descent { w: Array1::zeros(2), velocity: Array1::zeros(2), count: 0.0 };
    assert_eq!(descent.train(&inputs, 0.125, 0.5).unwrap(), 17.0);
    assert_eq!((&descent.w, &descent.velocity), (&array![0.25, 2.0], &array![0.25, 2.0]));
    assert_eq!(descent.train(&inputs, 0.125, 0.5).unwrap(), 0.5625);
    assert_eq!(descent.velocity, array![0.3125, 1.0]);
    assert_eq!(descent.w, array![0.5625, 3.0]);
    assert_eq!(descent.count, 2.0);
}

#[test]
fn an_error_changes_nothing() {
    let (x, y, short) = (array![[1.0, 0.0], [0.0, 2.0]], array![1.0, 4.0], array![1.0]);
    let mut descent = Descent { w: array![1.0, -1.0], velocity: array![0.5, 0.5], count: 3.0 };
    let before = descent.clone();
    let error = descent.train(&descent::Inputs { x: x.view(), y: short.view() }, 0.1, 0.9).unwrap_err();
    assert_eq!(error.to_string(), "dimension `N` is 2 in input `x` but 1 in input `y`");
    assert_eq!(descent, before);
    let inputs = descent::Inputs { x: x.view(), y: y.view() };
    let error = descent.weigh(&inputs, short.view()).unwrap_err();
    assert_eq!(error.to_string(), "dimension `N` is 2 in input `x` but 1 in input `weight`");
    assert_eq!(descent, before);

    descent.velocity = Array1::zeros(3);
    let before = descent.clone();
    let error = descent.train(&inputs, 0.1, 0.9).unwrap_err();
    assert_eq!(error.to_string(), "dimension `D` is 2 in parameter `w` but 3 in state `velocity`");
    assert_eq!(descent, before);
}
