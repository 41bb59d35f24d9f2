autograd_core::model! {
    M<N, D> {
        param w: [D, 1];
        input x: [N, D], y: [N];
        loss = mean((x @ w - y)^2);
    }
}

fn main() {}
