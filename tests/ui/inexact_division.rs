use autograd_core::model;

model! {
    pub Halves<N> {
        param w: [7 / 2];
        input x: [N];
        loss = mean(x) * mean(w);
    }
}

fn main() {}
