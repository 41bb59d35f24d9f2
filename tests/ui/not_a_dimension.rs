use autograd_core::model;

model! {
    pub Line<N> {
        const half = 0.5;
        param w: [half], b: [2.5];
        input x: [sqrt(N)];
        loss = mean(x) + mean(w) + mean(b);
    }
}

fn main() {}
