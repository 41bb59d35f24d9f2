use autograd_core::model;

model! {
    pub Line<N, D> {
        param w: [d];
        input x: [N, D], y: [M];
        loss = mean((x @ w)^2) + mean(y);
    }
}

fn main() {}
