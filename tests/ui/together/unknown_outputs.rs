// Outputs with mistakes fit wherever they are used, and those without keep their types: the mistakes are the only errors.

use autograd_core::{Error, model};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

model! {
    pub Mixed<N, D> {
        param w: [D], b;
        input x: [N, D], y: [N];
        rows = x @ w + b;
        total = sum(rows);
        table = rows[.., new] - y;
        inside = mean(abs(rows) < 1);
        any_large = any(rows > 1);
        wrong = sigmod(rows);
        number = sum(rows) + offset;
        later = wrong * 2;
        loss = mean((rows - y)^2);
        step train(rate) -> loss, wrong, total { w := w - rate * grad(loss, w); }
    }
}

fn takes(_: f64, _: &Array1<f64>, _: Array2<f64>) {}

fn known(model: &Mixed<f64>, inputs: &mixed::Inputs<'_>) -> Result<f64, Error> {
    takes(model.total(inputs)?, &model.rows(inputs)?, model.table(inputs)?);
    let share: f64 = model.inside(inputs)?;
    let outputs = model.outputs(inputs)?;
    let any: bool = outputs.any_large;
    Ok(if any { share + outputs.total } else { model.loss(inputs)? })
}

fn unknown(model: &mut Mixed<f64>, inputs: &mixed::Inputs<'_>) -> Result<f64, Error> {
    takes(model.number(inputs)?, &model.wrong(inputs)?, model.later(inputs)?);
    let number: f64 = model.number(inputs)?;
    let sum = model.number(inputs)? + 1.0 - 2.0 * number;
    println!("{} {:?} {sum:.3}", model.number(inputs)?, model.wrong(inputs)?);
    assert!(model.number(inputs)? > 0.0);
    assert_eq!(model.wrong(inputs)?.dim(), 3);
    let first = model.wrong(inputs)?[0] + model.later(inputs)?[[0, 0]];
    for value in model.wrong(inputs)?.iter().map(|value| value * 2.0) {
        println!("{value} {first}");
    }
    let mut total = 0.0;
    total += model.number(inputs)?.sqrt() + model.wrong(inputs)?.mapv(f64::exp).sum();
    let mut buffer = Array1::zeros(0);
    model.wrong_into(inputs, &mut mixed::Workspace::default(), &mut buffer)?;
    let outputs = model.outputs(inputs)?;
    let slice: ArrayView1<f64> = outputs.wrong.view();
    let (loss, wrong, sum) = model.train(inputs, 0.1)?;
    let list = vec![wrong, outputs.later.clone()];
    Ok(total + loss + sum + slice.sum() + list[0].sum() + outputs.number)
}

fn inputs<'a>(x: ArrayView2<'a, f64>, y: ArrayView1<'a, f64>) -> mixed::Inputs<'a> {
    mixed::Inputs { x, y }
}

fn main() {
    let _ = (known, unknown, inputs);
}
