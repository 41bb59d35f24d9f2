//! Logistic regression for three classes: which species of iris is this flower?
//!
//! Learns from 105 flowers and is judged by the 45 others. Feature by feature, the data are brought to mean 0 and
//! standard deviation 1, as known from the flowers it learns from.
//!
//!     cargo run --release --example logistic_regression
//!
//! `-- --short` changes nothing: it takes no time as it is.

use autograd_core::{Adam, Optimizer, model};
use autograd_examples::{Labelled, Outcome, ensure};
use ndarray::Axis;
use rand::SeedableRng;
use rand::rngs::SmallRng;

model! {
    /// Multinomial logistic regression with a small penalty on the weights.
    pub LogisticRegression<N, D, K> {
        param w: [D, K], b: [K];
        input x: [N, D], label: [N] in K;
        let logits = x @ w + b;
        accuracy = mean(argmax(logits, K) == label);
        loss = mean(cross_entropy(logits, label)) + 1e-3 * sum(w^2);
    }
}

use logistic_regression::{Dims, Inputs};

fn main() -> Outcome {
    let mut rng = SmallRng::seed_from_u64(1);
    let (mut learn, mut judge) = Labelled::<f64>::read("iris.csv")?.split(45, &mut rng);
    let mean = learn.x.mean_axis(Axis(0)).expect("there are flowers");
    let std = learn.x.std_axis(Axis(0), 0.0);
    for flowers in [&mut learn, &mut judge] {
        flowers.x = (&flowers.x - &mean) / &std;
    }
    let learn = Inputs { x: learn.x.view(), label: learn.label.view() };
    let judge = Inputs { x: judge.x.view(), label: judge.label.view() };

    let mut model = LogisticRegression::<f64>::new(Dims { d: 4, k: 3 }, &mut rng);
    let mut optimizer = Adam::new(0.05);
    for step in 1..=300 {
        let loss = optimizer.minimize(&mut model, &learn)?;
        if step % 50 == 0 {
            println!("step {step:>3}   loss {loss:.4}");
        }
    }

    println!("\nweights, a row for each feature and a column for each species:\n{:.2}", model.w);
    let accuracy = model.accuracy(&judge)?;
    println!("\naccuracy on 45 flowers not seen before: {:.1} %", 100.0 * accuracy);
    ensure(accuracy >= 0.9, "at least 90 % should be right")
}
