//! Logistic regression with standard errors: is this iris a virginica or a versicolor?
//!
//! Learns from two thirds of the flowers of the two species that are hard to tell apart, and is judged by the others.
//! Features are brought to mean 0 and standard deviation 1, as known from the flowers it learns from.
//!
//!     cargo run --release --example logistic_regression
//!
//! `-- --short` changes nothing: it takes no time as it is.

use autograd_core::data::{Csv, Split, Standardizer};
use autograd_core::plot::Figure;
use autograd_core::train::metrics::{Confusion, auc};
use autograd_core::{fit, model};
use autograd_examples::{Outcome, data, ensure, save};
use ndarray::Axis;

model! {
    /// Logistic regression with a normal prior on the weights.
    pub Logistic<N, D> {
        param w: [D], b;
        input x: [N, D], virginica: [N];
        let logit = x @ w + b;
        probability = sigmoid(logit);
        loss = sum(bce_with_logits(logit, virginica)) + sum(w^2)/200;
    }
}

fn main() -> Outcome {
    let table = Csv::new().comment('#').read(data("iris.csv"))?;
    let (species, names) = table.classes("species")?;
    let rows: Vec<usize> = (0..table.rows()).filter(|&row| species[row] > 0).collect();
    let x = table.numbers_except(["species"])?.select(Axis(0), &rows);
    let class = species.select(Axis(0), &rows).mapv(|species| species - 1);
    let split = Split::stratified(&class, 3).test(0.33);

    let scale = Standardizer::<f64>::of(&x.select(Axis(0), &split.train));
    let virginica = class.mapv(|class| if class == 1 { 1.0 } else { 0.0 });
    let part = |rows: &[usize]| (scale.apply(&x.select(Axis(0), rows)), virginica.select(Axis(0), rows));
    let ((x, y), (unseen, truth)) = (part(&split.train), part(&split.test));

    let mut model = Logistic::from_dims(logistic::Dims { d: 4 });
    let report = fit(&mut model, &logistic::Inputs::new(&x, &y)).likelihood().run()?;
    println!("{}\n\n{report}\n", table.names()[..4].join(", "));

    let probability = model.probability(&logistic::Inputs::new(&unseen, &truth))?;
    let predicted = probability.mapv(|probability| usize::from(probability > 0.5));
    let label = class.select(Axis(0), &split.test);
    let confusion = Confusion::of(&predicted, &label, 2).names(names[1..].to_vec());
    println!("{confusion}\n\narea under the curve: {:.3}", auc(&probability, &label));
    save(&Figure::from(&confusion), "logistic_regression")?;
    ensure(confusion.accuracy() >= 0.9, "at least 90 % should be right")
}
