use autograd_core::model;

model! {
    pub Line<N, D> {
        param w: [D];
        input x: [N, D];
        loss = mean(w * broadcast(x, [D]));
    }
}

fn main() {}
