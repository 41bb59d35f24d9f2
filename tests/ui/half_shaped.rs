autograd_core::model! {
    M<N, D> {
        param a, b, c: [D];
        input x: [N, D];
        loss = mean(x @ c) + sum(a + b);
        twice = 2 * a;
    }
}

fn main() {
    // Whatever the caller has for them is right.
    let c = autograd_core::ndarray::Array1::from_vec(vec![1.0, 2.0]);
    let model = M { a: 0.5, b: c.clone(), c };
    let x = autograd_core::ndarray::Array2::zeros((3, 2));
    let inputs = m::Inputs { x: x.view() };
    let twice: f64 = model.twice(&inputs).unwrap();
    let grad = model.grad(&inputs).unwrap();
    println!("{} {twice} {}", model.loss(&inputs).unwrap(), grad.a + model.a);
}
