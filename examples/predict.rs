//! A program that only loads and predicts: what a network from `digits` reads in some images.
//!
//! The model here has no label and no loss, as nothing is learnt any more; its parameters have the names of those in the file.
//!
//!     cargo run --release --example digits
//!     cargo run --release --example predict
//!
//! `-- --short` changes nothing: it takes no time as it is.

use autograd_core::data::{Csv, Standardizer};
use autograd_core::model;
use autograd_core::save::Snapshot;
use autograd_examples::{Outcome, data, ensure, network};
use ndarray::{Array2, s};

model! {
    /// The network of `digits`, without what it takes to train it.
    pub Reader<N, D, H, K> {
        param w1: [D, H], b1: [H], w2: [H, K], b2: [K];
        input x: [N, D];
        let hidden = relu(layer_norm(x @ w1 + b1, H));
        let share = softmax(hidden @ w2 + b2, K);
        digit = argmax(share, K);
        certainty = max(share, axis = K);
    }
}

fn main() -> Outcome {
    let file = Snapshot::load(network()).map_err(|error| format!("{error}; run the example `digits` first"))?;
    let (reader, scale): (Reader<f32>, Standardizer<f32>) = (file.get("")?, file.get("scale")?);

    let table = Csv::new().comment('#').read(data("digits.csv"))?;
    let x: Array2<f32> = table.numbers_except(["digit"])?;
    let truth = table.classes("digit")?.0;
    let read = reader.outputs(&reader::Inputs::new(&scale.apply(&x)))?;
    for row in 0..3 {
        let image = x.slice(s![row, ..]);
        for line in image.as_slice().ok_or("a row lies in order")?.chunks(8) {
            println!("{}", line.iter().map(|&ink| if ink > 8.0 { "##" } else { "  " }).collect::<String>());
        }
        println!("{} ({:.1} %)\n", read.digit[row], 100.0 * read.certainty[row]);
    }
    let right = read.digit.iter().zip(&truth).filter(|(read, truth)| read == truth).count();
    println!("{right} of {} read right", truth.len());
    ensure(right * 10 > truth.len() * 9, "it should read nine digits in ten")
}
