//! The models that the tests of training share.

#![allow(clippy::cast_precision_loss, reason = "few rows")]

use autograd_core::model;
use ndarray::{Array1, Array2};

model! {
    /// A plane through points. It has an input that no batch divides, and a number.
    pub Plane<N, D> {
        param w: [D], b = 0.5;
        input x: [N, D], y: [N], penalty: [D], scale;
        prediction = x @ w + b;
        mse = mean((prediction - y)^2);
        loss = scale * mse + sum(penalty * w^2);
    }
}

model! {
    /// Classes by a small network.
    pub Net<N, D, H, K> {
        param w1: [D, H] = kaiming_uniform();
        param b1: [H];
        param w2: [H, K] = xavier_uniform();
        param b2: [K];
        input x: [N, D], label: [N] in K;
        logits = relu(x @ w1 + b1) @ w2 + b2;
        accuracy = mean(argmax(logits, K) == label);
        loss = mean(cross_entropy(logits, label));
    }
}

model! {
    /// No observations.
    pub Bowl { param a = 1, b = 2; state steps; loss = a^2 + 3*b^2; step count() { steps := steps + 1; } }
}

/// Points of a plane with a little noise: `[n, d]` and `[n]`.
#[must_use]
pub fn points(n: usize, d: usize) -> (Array2<f64>, Array1<f64>) {
    let wave = |i: usize| ((i * 7919) % 101) as f64 / 50.0 - 1.0;
    let x = Array2::from_shape_fn((n, d), |(row, column)| wave(3 * row + 11 * column + 1));
    let y = Array1::from_shape_fn(n, |row| {
        (0..d).map(|column| (column + 1) as f64 * x[[row, column]]).sum::<f64>() + 0.01 * wave(row + 5)
    });
    (x, y)
}
