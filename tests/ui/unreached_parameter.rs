use autograd_core::model;

model! {
    pub Line<N, K> {
        param w, k;
        param b2: [K];
        input x: [N];
        loss = mean((w * x + floor(k))^2);
    }
}

fn main() {}
