//! A line through noisy points, in the three ways of TensorFlow 1, and in a fourth.
//!
//! Every step draws eight new points of y = 3x + 1 and moves w and b a little down the gradient of the loss; w and b
//! are printed after every 1000 steps, and at the end what a step took, the drawing of its points included.
//!
//!     cargo run --release --example linear_regression_tensorflow
//!
//! `-- --short` makes 30 000 steps instead of 80 000.

use std::time::Instant;

use autograd_core::{Error, Optimizer, Random, Sgd, model};
use autograd_examples::{Outcome, ensure, short};
use ndarray::Array1;
use rand::SeedableRng;
use rand::rngs::SmallRng;

model! {
    /// y = w·x + b by least squares.
    pub LinearRegression<N> {
        param w, b;
        input x: [N], y: [N];
        loss = mean((0.5 * (w*x + b - y))^2);
        step train(rate) -> loss {
            w := w - rate * grad(loss, w);
            b := b - rate * grad(loss, b);
        }
    }
}

use linear_regression::Inputs;

const RATE: f32 = 0.001;

fn main() -> Outcome {
    // TensorFlow: dw, db = tf.gradients(loss, [w, b]); w.assign(w - rate * dw); b.assign(b - rate * db)
    fit("gradients and assignments", |model, inputs| {
        let grad = model.grad(inputs)?;
        model.w -= RATE * grad.w;
        model.b -= RATE * grad.b;
        Ok(())
    })?;

    // TensorFlow: grads = optimizer.compute_gradients(loss); optimizer.apply_gradients(grads)
    let mut optimizer = Sgd::new(RATE.into());
    fit("compute_gradients, apply_gradients", |model, inputs| {
        let grads = optimizer.compute_gradients(model, inputs)?;
        optimizer.apply_gradients(model, &grads)
    })?;

    // TensorFlow: optimizer.minimize(loss)
    let mut optimizer = Sgd::new(RATE.into());
    fit("minimize", |model, inputs| optimizer.minimize(model, inputs).map(drop))?;

    // The whole step compiled: gradients and assignments are part of the model.
    fit("step train", |model, inputs| model.train(inputs, RATE).map(drop))
}

/// Fits a line by some kind of step.
fn fit(name: &str, mut step: impl FnMut(&mut LinearRegression<f32>, &Inputs<'_, f32>) -> Result<(), Error>) -> Outcome {
    println!("\n{name}");
    let mut model = LinearRegression { w: 0.0, b: 0.0 };
    let mut random = Random::new(SmallRng::seed_from_u64(1));
    let (mut x, mut y) = (Array1::zeros(8), Array1::zeros(8));
    let (thousands, start) = (if short() { 30 } else { 80 }, Instant::now());
    for thousand in 1..=thousands {
        for _ in 0..1000 {
            random.fill_uniform(&mut x, 0.0..20.0);
            random.fill_normal(&mut y, 1.0, 0.01);
            y.scaled_add(3.0, &x);
            step(&mut model, &Inputs::new(&x, &y))?;
        }
        println!("{thousand:>3}000  w = {:.4}  b = {:.4}", model.w, model.b);
    }
    println!("{} ns a step", start.elapsed().as_nanos() / (1000 * thousands));
    let miss = (model.w - 3.0).abs().max((model.b - 1.0).abs());
    ensure(miss < if short() { 0.05 } else { 0.01 }, format!("{name}: w and b should be 3 and 1"))
}
