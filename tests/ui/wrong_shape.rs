use autograd_core::model;

model! {
    pub Line<N, D> {
        param w: [D];
        state m: [D];
        input x: [N, D];
        loss = mean((x @ w)^2);
        step train { m := x; }
    }
}

fn main() {}
