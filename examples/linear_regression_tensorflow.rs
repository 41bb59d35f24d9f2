//! A line through noisy points, in the three ways of TensorFlow 1, and in a fourth.
//!
//! Every step draws eight new points of y = 3x + 1 and moves w and b a little down the gradient of the loss; w and b
//! are printed after every 1000 steps. At the end comes what a step took, the drawing of its points included.
//!
//!     cargo run --release --example linear_regression_tensorflow
//!
//! `-- --short` makes 30 000 steps instead of 80 000.

use std::hint::black_box;
use std::time::{Duration, Instant};

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
    let mut times = Vec::new();

    // TensorFlow: dw, db = tf.gradients(loss, [w, b]); w.assign(w - rate * dw); b.assign(b - rate * db)
    times.push(fit("gradients and assignments", |model, batch| {
        let (_, grad) = model.loss_and_grad(&batch.inputs())?;
        model.w -= RATE * grad.w;
        model.b -= RATE * grad.b;
        Ok(())
    })?);

    // TensorFlow: grads = optimizer.compute_gradients(loss); optimizer.apply_gradients(grads)
    let mut optimizer = Sgd::new(RATE.into());
    times.push(fit("compute_gradients, apply_gradients", |model, batch| {
        let grads = optimizer.compute_gradients(model, &batch.inputs())?;
        optimizer.apply_gradients(model, &grads)
    })?);

    // TensorFlow: optimizer.minimize(loss)
    let mut optimizer = Sgd::new(RATE.into());
    times.push(fit("minimize", |model, batch| {
        optimizer.minimize(model, &batch.inputs())?;
        Ok(())
    })?);

    // The whole step compiled: gradients and assignments are part of the model.
    times.push(fit("step train", |model, batch| {
        model.train(&batch.inputs(), RATE)?;
        Ok(())
    })?);

    // What of that is the drawing of the points.
    let mut batch = Batch::new();
    let draw_thousand = |_| {
        let start = Instant::now();
        (0..1000).for_each(|_| black_box(&mut batch).draw());
        start.elapsed()
    };
    times.push(("(only drawing the points)", median((0..30).map(draw_thousand).collect())));

    println!("\ntime of a step");
    for (name, thousand) in times {
        println!("{name:<36}{:>6} ns", thousand.as_nanos() / 1000);
    }
    Ok(())
}

/// Fits a line by some kind of step; returns the time that 1000 steps took, in the median.
fn fit(
    name: &'static str,
    mut step: impl FnMut(&mut LinearRegression<f32>, &Batch) -> Result<(), Error>,
) -> Outcome<(&'static str, Duration)> {
    println!("\n{name}");
    let mut model = LinearRegression { w: 0.0, b: 0.0 };
    let mut batch = Batch::new();
    let mut times = Vec::new();
    for thousand in 1..=if short() { 30 } else { 80 } {
        let start = Instant::now();
        for _ in 0..1000 {
            batch.draw();
            step(&mut model, &batch)?;
        }
        times.push(start.elapsed());
        println!("{thousand:>3}000  w = {:.4}  b = {:.4}", model.w, model.b);
    }
    let miss = (model.w - 3.0).abs().max((model.b - 1.0).abs());
    ensure(miss < if short() { 0.05 } else { 0.01 }, format!("{name}: w and b should be 3 and 1"))?;
    Ok((name, median(times)))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Eight points of y = 3x + 1, with noise of 0.01.
struct Batch {
    x: Array1<f32>,
    y: Array1<f32>,
    random: Random<f32, SmallRng>,
}

impl Batch {
    fn new() -> Self {
        Self { x: Array1::zeros(8), y: Array1::zeros(8), random: Random::new(SmallRng::seed_from_u64(1)) }
    }

    fn draw(&mut self) {
        self.random.fill_uniform(&mut self.x, 0.0..20.0);
        self.random.fill_normal(&mut self.y, 1.0, 0.01);
        self.y.scaled_add(3.0, &self.x);
    }

    fn inputs(&self) -> Inputs<'_, f32> {
        Inputs { x: self.x.view(), y: self.y.view() }
    }
}
