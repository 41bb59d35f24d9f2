autograd_core::model! {
    M<N, D> {
        param w: [D];
        let weights = vec![1, 2, 3];
        loss = sum(weights) * sum(w);
    }
}

fn main() {}
