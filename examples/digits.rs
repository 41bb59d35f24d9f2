//! Handwritten digits from end to end: validation, early stopping, a confusion matrix, and a file that `predict` reads.
//!
//! Training goes on until the loss of the digits kept for validation has not fallen for four passes, and gives back the best
//! network. Others, which it has never seen, judge it. On a terminal a line shows how it goes, and Ctrl-C ends it early.
//!
//!     cargo run --release --example digits
//!
//! `-- --short` stops after 8 passes over the data.

use autograd_core::data::{Csv, Split, Standardizer};
use autograd_core::plot::Figure;
use autograd_core::save::Snapshot;
use autograd_core::train::Trainer;
use autograd_core::train::metrics::{Confusion, argmax};
use autograd_core::{AdamW, model};
use autograd_examples::{Outcome, data, ensure, network, save, short};
use ndarray::Axis;
use rand::SeedableRng;
use rand::rngs::SmallRng;

model! {
    /// Two layers, normalised in between.
    pub Digits<N, D, H, K> {
        param w1: [D, H] = kaiming_uniform(), b1: [H];
        param w2: [H, K] = xavier_uniform(), b2: [K];
        input x: [N, D], label: [N] in K;
        let hidden = relu(layer_norm(x @ w1 + b1, H));
        logits = hidden @ w2 + b2;
        accuracy = mean(argmax(logits, K) == label);
        loss = mean(cross_entropy(logits, label));
    }
}

fn main() -> Outcome {
    let table = Csv::new().comment('#').read(data("digits.csv"))?;
    let (x, (label, names)) = (table.numbers_except::<f32>(["digit"])?, table.classes("digit")?);
    let split = Split::stratified(&label, 1).validation(0.2).test(0.2);
    let scale = Standardizer::of(&x.select(Axis(0), &split.train));
    let x = scale.apply(&x);
    let part = |rows: &[usize]| (x.select(Axis(0), rows), label.select(Axis(0), rows));
    let ((x, y), (x_valid, y_valid), (x_test, y_test)) =
        (part(&split.train), part(&split.validation), part(&split.test));

    let mut model = Digits::<f32>::new(digits::Dims { d: 64, h: 64, k: 10 }, &mut SmallRng::seed_from_u64(1));
    let mut trainer = Trainer::new(AdamW::new(2e-3))
        .epochs(if short() { 8 } else { 100 })
        .batch(32)
        .seed(1)
        .patience(4)
        .metric("accuracy")
        .progress();
    let validation = digits::Inputs::new(&x_valid, &y_valid);
    let history = trainer.fit_and_validate(&mut model, &digits::Inputs::new(&x, &y), &validation)?;
    println!("{history}");

    let predicted = argmax(&model.logits(&digits::Inputs::new(&x_test, &y_test))?);
    let confusion = Confusion::of(&predicted, &y_test, 10).names(names);
    println!("\n{confusion}\n");
    save(&Figure::from(&confusion), "digits")?;
    save(&Figure::metrics(&history), "digits_accuracy")?;

    Snapshot::of(&model).with("scale", &scale).save(network())?;
    println!("saved as {}", network().display());
    ensure(confusion.accuracy() >= if short() { 0.9 } else { 0.95 }, "it should read more digits right")
}
