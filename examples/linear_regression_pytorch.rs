//! A line through noisy points, in `PyTorch`'s way: forward, backward, a gradient that adds up, an update by hand.
//!
//! Every step draws eight new points of y = 2x + 3 with much noise. After every 1000 steps the line is drawn again over
//! twenty points that it has not seen. At the end a picture of the data, the line and the loss is written.
//!
//!     cargo run --release --example linear_regression_pytorch
//!
//! `-- --short` makes 2 000 steps instead of 8 000. Without the feature `plot` (`--no-default-features`) there is no
//! picture.

use autograd_core::{Session, model};
use autograd_examples::{Outcome, Screen, ensure, short};
use ndarray::aview1;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;

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
    let mut rng = SmallRng::seed_from_u64(7);
    let mut losses = Vec::new();
    let mut session = Session::new(Line { w: 0.0, b: 0.0 });

    for step in 1..=steps {
        let (x, y) = draw::<8>(&mut rng);
        let loss = session.forward(&line::Inputs { x: aview1(&x), y: aview1(&y) })?;
        session.backward()?;
        session.model.w -= rate * session.grad.w;
        session.model.b -= rate * session.grad.b;
        session.zero_grad();

        losses.push(loss);
        if step % 1000 == 0 {
            show(step, &session.model, draw::<20>(&mut rng));
        }
    }

    let model = session.into_model();
    save(&model, draw::<200>(&mut rng), &losses)?;
    // The noise never lets w and b settle: they wander around 2 and 3.
    ensure((model.w - 2.0).abs() < 0.4 && (model.b - 3.0).abs() < 0.6, "w and b should be near 2 and 3")
}

/// N points with x in 0..20, y = 2x + 3, and normal noise of 3.
fn draw<const N: usize>(rng: &mut SmallRng) -> ([f32; N], [f32; N]) {
    let x: [f32; N] = std::array::from_fn(|_| rng.random_range(0.0..20.0));
    let y = x.map(|x| 2.0 * x + 3.0 + 3.0 * rng.sample::<f32, _>(StandardNormal));
    (x, y)
}

/// Draws points and the line in the terminal, in place of what was drawn before.
fn show<const N: usize>(step: u32, model: &Line<f32>, (x, y): ([f32; N], [f32; N])) {
    let mut screen = Screen::new(0.0..20.0, -5.0..50.0);
    screen.curve(|x| model.w * x + model.b, '·');
    screen.points(x.into_iter().zip(y), 'o');
    screen.show(&format!("step {step}   w = {:.3}   b = {:.3}", model.w, model.b), step > 1000);
}

/// Writes a picture and says where.
#[cfg(feature = "plot")]
fn save<const N: usize>(model: &Line<f32>, (x, y): ([f32; N], [f32; N]), losses: &[f32]) -> Outcome {
    let points: Vec<(f32, f32)> = x.into_iter().zip(y).collect();
    let path = autograd_examples::save_fit("linear_regression_pytorch", &points, |x| model.w * x + model.b, losses)?;
    println!("\npicture: {}", path.display());
    Ok(())
}

/// Without the feature `plot`, writes nothing.
#[cfg(not(feature = "plot"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it can fail")]
fn save<const N: usize>(_: &Line<f32>, _: ([f32; N], [f32; N]), _: &[f32]) -> Outcome {
    Ok(())
}
