use autograd_core::model;

model! {
    pub Line<N, D, K> {
        param w: [D];
        input x: [N, D], y: [K];
        loss = sum(mean(x * w, K)) + sum(mean(x, 2)) + sum(y);
    }
}

fn main() {}
