//! A network that tells flowers apart, from a CSV file.

use autograd_core::data::{Csv, Standardizer};
use autograd_core::{Adam, model, train::Trainer};
use rand::{SeedableRng, rngs::SmallRng};

model! {
    pub Net<N, D, H, K> {
        param w1: [D, H] = kaiming_uniform(), b1: [H], w2: [H, K] = xavier_uniform(), b2: [K];
        input x: [N, D], label: [N] in K;
        logits = relu(x @ w1 + b1) @ w2 + b2;
        accuracy = mean(argmax(logits, K) == label);
        loss = mean(cross_entropy(logits, label));
    }
}

pub fn main() -> Result<f64, Box<dyn std::error::Error>> {
    let table = Csv::new().comment('#').read("../../examples/data/iris.csv")?;
    let (x, (label, names)) = (table.numbers_except::<f64>(["species"])?, table.classes("species")?);
    let x = Standardizer::of(&x).apply(&x);
    let mut net = Net::new(net::Dims { d: 4, h: 16, k: names.len() }, &mut SmallRng::seed_from_u64(1));
    let mut trainer = Trainer::new(Adam::new(0.01)).epochs(60).validate(0.2).patience(10).metric("accuracy");
    let history = trainer.fit(&mut net, &net::Inputs::new(&x, &label))?;
    println!("{history}");
    Ok(history.of("accuracy").map_or(0.0, |values| values[history.best.unwrap_or(1) - 1]))
}
