use autograd_core::model;

model! {
    pub Line<N, K> {
        param w, b2: [K], k;
        input x: [N];
        loss = mean((w * x + floor(k))^2);
    }
}

fn main() {}
