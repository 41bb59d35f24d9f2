autograd_core::model! {
    M<N, D> {
        param w: [D];
        input x: [N, D];
        let loss = mean((x @ w)^2);
    }
}

fn main() {}
