use autograd_core::model;

model! {
    pub Layer<N, D, H, K> {
        param w: [H, K];
        input x: [N, D];
        loss = mean(x @ w) + mean(x @ x);
    }
}

fn main() {}
