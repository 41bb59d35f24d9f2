// A model with a mistake still has its items, so that what uses them is checked, and the mistake is the only error.

use autograd_core::gradcheck::{Options, gradcheck};
use autograd_core::{Error, Model, Objective, Optimizer, Parameters, Session, Sgd, model};
use ndarray::{Array1, ArrayView1, ArrayView2};
use rand::SeedableRng;
use rand::rngs::StdRng;

model! {
    /// A straight line, with one mistake.
    pub Line<N, D> {
        /// The slopes.
        param w: [D] = normal(0, 1);
        param b;
        state count;
        input x: [N, D], y: [N];
        input group: [N] in D;
        prediction = x @ w + b;
        loss = mean((predictions - y)^2);
        step train(lr) -> loss {
            w := w - lr * grad(loss, w);
            count := count + 1;
        }
        step centre { b := mean(y); }
    }
}

fn inputs<'a>(x: ArrayView2<'a, f64>, y: ArrayView1<'a, f64>, group: ArrayView1<'a, usize>) -> line::Inputs<'a> {
    line::Inputs { x, y, group }
}

fn fit(inputs: &line::Inputs<'_>) -> Result<f64, Error> {
    let mut model = Line::<f64>::new(line::Dims { d: 3 }, &mut StdRng::seed_from_u64(1));
    let (loss, grad) = model.loss_and_grad(inputs)?;
    model.b -= 0.1 * loss * grad.b;
    let slopes: &Array1<f64> = &model.w;
    assert_eq!(slopes.len(), grad.w.len());
    let mut workspace = line::Workspace::default();
    let mut outputs = line::Outputs::default();
    model.outputs_into(inputs, &mut workspace, &mut outputs)?;
    let total = outputs.prediction.sum() + outputs.loss + model.prediction(inputs)?.sum() + model.loss(inputs)?;
    let before: f64 = model.train(inputs, 0.1)?;
    model.centre(inputs)?;
    let mut session = Session::new(model);
    let after = session.forward(inputs)?;
    session.backward()?;
    session.model.b -= session.grad.b + total + before + after + session.model.count;
    let mut optimizer = Sgd::new(0.1);
    optimizer.minimize(&mut session.model, inputs)?;
    Ok(gradcheck(&session.model, inputs, Options::default()).map_or(0.0, |_| 1.0))
}

fn names<M: Objective>(_: &M) -> &'static [&'static str] {
    <M as Parameters>::NAMES
}

fn main() {
    let _ = (inputs, fit, names::<Line<f32>>, <Line<f64> as Model>::outputs);
}
