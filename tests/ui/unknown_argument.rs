use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        loss = mean(w * x, axes = N) + sum(w * x, kep = true);
    }
}

fn main() {}
