//! A small neural network that reads handwritten digits, in two lines of training.
//!
//! Two layers, trained by Adam in batches of 32; a fifth of the 1797 images of 8x8 is kept to validate with.
//!
//!     cargo run --release --example mlp
//!
//! `-- --short` makes 10 passes over the data instead of 30.

use autograd_core::data::Csv;
use autograd_core::plot::Figure;
use autograd_core::train::Trainer;
use autograd_core::{Adam, model};
use autograd_examples::{Outcome, data, ensure, save, short};
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
    let table = Csv::new().comment('#').read(data("digits.csv"))?;
    let (x, (label, _)) = (table.numbers_except::<f32>(["digit"])? / 16.0, table.classes("digit")?);

    let mut model = Mlp::<f32>::new(mlp::Dims { d: 64, h: 64, k: 10 }, &mut SmallRng::seed_from_u64(1));
    let epochs = if short() { 10 } else { 30 };
    let mut trainer = Trainer::new(Adam::new(2e-3)).epochs(epochs).batch(32).seed(1).validate(0.2).metric("accuracy");
    let history = trainer.fit(&mut model, &mlp::Inputs::new(&x, &label))?;

    println!("{history}");
    save(&Figure::from(&history), "mlp")?;
    let accuracy = history.of("accuracy").and_then(|values| values.last()).ok_or("it is measured")?;
    ensure(*accuracy >= if short() { 0.9 } else { 0.96 }, "it should read more digits right")
}
