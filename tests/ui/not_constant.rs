use autograd_core::model;

model! {
    pub Line<N, D> {
        const rate = D;
        param w: [D] = normal(0, w0);
        param w0;
        input x: [N, D];
        loss = mean(x @ w) * rate + w0;
    }
}

fn main() {}
