use autograd_core::model;

model! {
    pub Layer<N, D, H> {
        param w: [D, H] = kaiming();
        param b: [H] = zero();
        input x: [N, D];
        loss = mean(x @ w + b);
    }
}

fn main() {}
