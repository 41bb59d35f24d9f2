autograd_core::model! {
    M<N, D> {
        param w: [D, 1], b;
        input x: [N, D], y: [N];
        loss = mse(x @ w + b, y);
    }
}

fn main() {}
