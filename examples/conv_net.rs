//! A small convolutional network reads handwritten digits, 8 × 8 pixels each.
//!
//! Two convolutions with a pool after each, written as they are in a paper: `conv2d` and `max_pool2d` are functions of the
//! language, compiled with everything else, and the gradient too.
//!
//!     cargo run --release --example conv_net
//!
//! `-- --short` stops after 3 passes over the data.

use autograd_core::data::{Csv, Split};
use autograd_core::train::Trainer;
use autograd_core::train::metrics::{Confusion, argmax};
use autograd_core::{AdamW, model};
use autograd_examples::{Outcome, data, ensure, short};
use ndarray::{Array4, Axis};
use rand::SeedableRng;
use rand::rngs::SmallRng;

model! {
    /// Two convolutions and a layer.
    pub ConvNet<N, C, D, K> {
        param w1: [C, 1, 3, 3] = kaiming_normal(), b1: [C];
        param w2: [D, C, 3, 3] = kaiming_normal(), b2: [D];
        param w3: [4*D, K] = xavier_uniform(), b3: [K];
        input image: [N, 1, 8, 8], label: [N] in K;
        fn layer(x, w, b) = max_pool2d(relu(conv2d(x, w, pad = 1) + b[.., new, new]), 2);
        let features = layer(layer(image, w1, b1), w2, b2);
        logits = reshape(features, [N, 4*D]) @ w3 + b3;
        accuracy = mean(argmax(logits, K) == label);
        loss = mean(cross_entropy(logits, label));
    }
}

fn main() -> Outcome {
    let table = Csv::new().comment('#').read(data("digits.csv"))?;
    let (pixels, (label, names)) = (table.numbers_except::<f32>(["digit"])?, table.classes("digit")?);
    let image: Array4<f32> = (pixels / 16.0).into_shape_with_order((label.len(), 1, 8, 8))?;
    let split = Split::stratified(&label, 1).validation(0.2).test(0.2);
    let part = |rows: &[usize]| (image.select(Axis(0), rows), label.select(Axis(0), rows));
    let ((x, y), (x_valid, y_valid), (x_test, y_test)) =
        (part(&split.train), part(&split.validation), part(&split.test));

    let mut model = ConvNet::<f32>::new(conv_net::Dims { c: 16, d: 32, k: 10 }, &mut SmallRng::seed_from_u64(1));
    let mut trainer = Trainer::new(AdamW::new(3e-3))
        .epochs(if short() { 3 } else { 30 })
        .batch(32)
        .seed(1)
        .patience(5)
        .metric("accuracy")
        .progress();
    let validation = conv_net::Inputs::new(&x_valid, &y_valid);
    let history = trainer.fit_and_validate(&mut model, &conv_net::Inputs::new(&x, &y), &validation)?;
    println!("{history}");

    let predicted = argmax(&model.logits(&conv_net::Inputs::new(&x_test, &y_test))?);
    let confusion = Confusion::of(&predicted, &y_test, 10).names(names);
    println!("\n{confusion}\n");
    ensure(confusion.accuracy() >= if short() { 0.9 } else { 0.96 }, "it should read more digits right")
}
