use autograd_core::model;

model! {
    pub Line<N> {
        param w: [2 - 3];
        input x: [N];
        loss = mean(x) * mean(w);
    }
}

fn main() {}
