// What has no loss cannot be minimised, and what is no model cannot be asked: said in the words of models.

use autograd_core::{Model, Objective, model};
use ndarray::array;

model! {
    pub Plain<N> {
        param w;
        input x: [N];
        y = w * x;
    }
}

fn outputs<M: Model>(_: &M) {}

fn minimised<M: Objective>(_: &M) {}

fn main() {
    let x = array![1.0, 2.0];
    let inputs = plain::Inputs { x: x.view() };
    let model = Plain { w: 1.0 };
    minimised(&model);
    outputs(&model.y(&inputs));
}
