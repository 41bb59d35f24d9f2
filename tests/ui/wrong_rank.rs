use autograd_core::model;

model! {
    pub Line<N, D> {
        param w: [D];
        input x: [N, D];
        loss = mean(x @ w.T) + mean(2 @ x) + dot(x, w);
    }
}

fn main() {}
