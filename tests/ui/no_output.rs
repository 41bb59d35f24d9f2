autograd_core::model! {
    M<N, D> {
        param w: [D];
        input x: [N, D];
        let prediction = x @ w;
    }
}

fn main() {}
