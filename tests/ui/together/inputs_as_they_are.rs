//! Arrays that are not given as they should be: what to write instead.

use autograd_core::model;
use ndarray::{Array1, Array2};

model! {
    pub Net<N, D, K> {
        param w: [D, K];
        input x: [N, D], label: [N] in K;
        loss = mean(cross_entropy(x @ w, label));
    }
}

fn main() {
    let (x, label) = (Array2::<f64>::zeros((3, 2)), Array1::<u8>::zeros(3));
    let model = Net::from_dims(net::Dims { d: 2, k: 2 });
    let _ = model.loss(&net::Inputs::new(&x, &label));
    let mut moved = Net::from_dims(net::Dims { d: 2, k: 2 });
    moved -= 0.1;
    let _ = model.loss(&net::Inputs::new(x, &[0, 1, 1]));
}
