//! A line through noisy points, in `PyTorch`'s way: forward, backward, a gradient that adds up, an update by hand.
//!
//! Every step draws eight new points of y = 2x + 3 with much noise. After every 1000 steps the line is drawn again over
//! twenty points that it has not seen. At the end a picture of the data, the line and the loss is written.
//!
//!     cargo run --release --example linear_regression_pytorch
//!
//! `-- --short` makes 2 000 steps instead of 8 000. Without the feature `plot` (`--no-default-features`) there is no
//! picture.

use autograd_core::{Random, Session, model};
use autograd_examples::{Outcome, Screen, ensure, short};
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

    for step in 1..=steps {
        let (x, y) = draw(8, &mut random);
        let loss = session.forward(&line::Inputs { x: x.view(), y: y.view() })?;
        session.backward()?;
        session.model.w -= rate * session.grad.w;
        session.model.b -= rate * session.grad.b;
        session.zero_grad();

        losses.push(loss);
        if step % 1000 == 0 {
            show(step, &session.model, draw(20, &mut random));
        }
    }

    let model = session.into_model();
    save(&model, draw(200, &mut random), &losses)?;
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

/// Draws points and the line in the terminal, in place of what was drawn before.
fn show(step: u32, model: &Line<f32>, (x, y): (Array1<f32>, Array1<f32>)) {
    let mut screen = Screen::new(0.0..20.0, -5.0..50.0);
    screen.curve(|x| model.w * x + model.b, '·');
    screen.points(x.into_iter().zip(y), 'o');
    screen.show(&format!("step {step}   w = {:.3}   b = {:.3}", model.w, model.b), step > 1000);
}

/// Writes a picture and says where.
#[cfg(feature = "plot")]
fn save(model: &Line<f32>, (x, y): (Array1<f32>, Array1<f32>), losses: &[f32]) -> Outcome {
    let points: Vec<(f32, f32)> = x.into_iter().zip(y).collect();
    let path = autograd_examples::save_fit("linear_regression_pytorch", &points, |x| model.w * x + model.b, losses)?;
    println!("\npicture: {}", path.display());
    Ok(())
}

/// Without the feature `plot`, writes nothing.
#[cfg(not(feature = "plot"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it can fail")]
fn save(_: &Line<f32>, _: (Array1<f32>, Array1<f32>), _: &[f32]) -> Outcome {
    Ok(())
}
