autograd_core::model! {
    M<N, D> {
        param w: [D];
        input x: [N, D], y: [N];
        let squares = (x @ w - y).map(|r| r.powi(2));
        loss = mean(squares);
    }
}

fn main() {}
