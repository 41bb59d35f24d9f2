//! A line through noisy points, in `PyTorch`'s way: forward, backward, a gradient that adds up, an update by hand.
//!
//! Every step draws eight new points of y = 2x + 3 with much noise. After every 1000 steps the line is drawn again over
//! twenty points that it has not seen. At the end a picture of the data, the line and the loss is written.
//!
//!     cargo run --release --example linear_regression_pytorch
//!
//! `-- --short` makes 2 000 steps instead of 8 000.

use autograd_core::plot::{Figure, Live};
use autograd_core::{Random, Session, model};
use autograd_examples::{Outcome, ensure, save, short};
use ndarray::Array1;
use rand::SeedableRng;
use rand::rngs::SmallRng;

model! {
    /// y = w·x + b by least squares.
    pub Line<N> {
        param w, b;
        input x: [N], y: [N];
        loss = sum(0.5 * (w*x + b - y)^2);
    }
}

fn main() -> Outcome {
    let rate = 0.001;
    let steps = if short() { 2_000 } else { 8_000 };
    let mut random = Random::new(SmallRng::seed_from_u64(7));
    let mut losses = Vec::new();
    let mut session = Session::new(Line { w: 0.0, b: 0.0 });
    let mut live = Live::new();

    for step in 1..=steps {
        let (x, y) = draw(8, &mut random);
        let loss = session.forward(&line::Inputs { x: x.view(), y: y.view() })?;
        session.backward()?;
        session.model.w -= rate * session.grad.w;
        session.model.b -= rate * session.grad.b;
        session.zero_grad();

        losses.push(loss);
        if step % 1000 == 0 {
            live.show(picture(&session.model, draw(20, &mut random), &format!("step {step}")))?;
        }
    }

    let model = session.into_model();
    println!("w = {:.3}, b = {:.3}", model.w, model.b);
    save(&picture(&model, draw(200, &mut random), "data and line"), "linear_regression_pytorch")?;
    let means: Vec<f32> = losses.chunks(20).map(|losses| losses.iter().sum::<f32>() / 20.0).collect();
    let loss = Figure::history("mean loss of 20 steps", &[("loss", &means)]).axes("20 steps", "loss");
    save(&loss, "linear_regression_pytorch_loss")?;
    // The noise never lets w and b settle: they wander around 2 and 3.
    ensure((model.w - 2.0).abs() < 0.4 && (model.b - 3.0).abs() < 0.6, "w and b should be near 2 and 3")
}

/// Points with x in 0..20, y = 2x + 3, and normal noise of 3.
fn draw(points: usize, random: &mut Random<f32, SmallRng>) -> (Array1<f32>, Array1<f32>) {
    let (mut x, mut y) = (Array1::zeros(points), Array1::zeros(points));
    random.fill_uniform(&mut x, 0.0..20.0);
    random.fill_normal(&mut y, 3.0, 3.0);
    y.scaled_add(2.0, &x);
    (x, y)
}

/// Points and the line.
fn picture(model: &Line<f32>, (x, y): (Array1<f32>, Array1<f32>), title: &str) -> Figure {
    let ends = [0.0, 20.0];
    let line = ends.map(|x| model.w * x + model.b);
    Figure::fit(title, &x, &y).line("w·x + b", &ends, &line)
}
