autograd_core::model! {
    M<N, D> {
        param w: [D];
        loss = sum(w) / (D as f64);
    }
}

fn main() {}
