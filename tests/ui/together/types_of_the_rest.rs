// Beside a model with a mistake, mistakes in the code that uses it are found in the same run.

use autograd_core::model;
use ndarray::ArrayView1;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        loss = mean((v * x)^2);
    }
}

fn evaluate(x: ArrayView1<'_, f64>) -> &'static str {
    let model = Line { w: 1.0 };
    model.loss(&line::Inputs { x }).unwrap()
}

fn main() {
    let _ = evaluate;
}
