//! A small neural network that reads handwritten digits.
//!
//! Two layers, trained by Adam in batches of 32, on 1437 of the 8x8 images; judged by the 360 others.
//!
//!     cargo run --release --example mlp
//!
//! `-- --short` makes 10 passes over the data instead of 30.

use std::time::Instant;

use autograd_core::{Adam, Batches, Optimizer, model};
use autograd_examples::{Labelled, Outcome, ensure, short};
use rand::SeedableRng;
use rand::rngs::SmallRng;

model! {
    /// Two-layer perceptron, softmax cross-entropy.
    pub Mlp<N, D, H, K> {
        param w1: [D, H] = kaiming_uniform();
        param b1: [H]    = zeros();
        param w2: [H, K] = xavier_uniform();
        param b2: [K]    = zeros();
        input x: [N, D];
        input label: [N] in K;
        let hidden = relu(x @ w1 + b1);
        let logits = hidden @ w2 + b2;
        accuracy = mean(argmax(logits, K) == label);
        loss = mean(cross_entropy(logits, label));
    }
}

fn main() -> Outcome {
    let passes = if short() { 10 } else { 30 };
    let mut rng = SmallRng::seed_from_u64(1);
    let mut digits = Labelled::<f32>::read("digits.csv")?;
    digits.x /= 16.0;
    let (learn, judge) = digits.split(360, &mut rng);

    let mut model = Mlp::<f32>::new(mlp::Dims { d: 64, h: 64, k: 10 }, &mut rng);
    let mut optimizer = Adam::new(2e-3);
    let mut batches = Batches::new(learn.label.len(), 32, rng);
    let start = Instant::now();
    for pass in 1..=passes {
        loop {
            let batch = learn.select(batches.next_batch());
            optimizer.minimize(&mut model, &inputs(&batch))?;
            if batches.is_epoch_start() {
                break;
            }
        }
        let (loss, accuracy) = (model.loss(&inputs(&learn))?, model.accuracy(&inputs(&judge))?);
        println!("pass {pass:>2}   loss {loss:.4}   accuracy on unseen digits {:.1} %", 100.0 * accuracy);
    }
    println!("{:.0?} in all", start.elapsed());

    let accuracy = model.accuracy(&inputs(&judge))?;
    ensure(accuracy >= if short() { 0.9 } else { 0.96 }, "it should read more digits right")
}

fn inputs(digits: &Labelled<f32>) -> mlp::Inputs<'_, f32> {
    mlp::Inputs { x: digits.x.view(), label: digits.label.view() }
}
