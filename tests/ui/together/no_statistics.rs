use autograd_core::model;
use ndarray::array;

model! {
    /// No polynomial in `w`.
    pub Layer<N> {
        param w, b;
        input x: [N];
        loss = mean(tanh(w * x) + b);
    }
}

fn main() {
    let x = array![1.0, 2.0];
    let model = Layer { w: 1.0, b: 0.0 };
    let statistics = model.bind_statistics(&layer::Inputs { x: x.view() });
}
