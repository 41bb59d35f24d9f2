use autograd_core::model;

model! {
    pub Line<N, D> {
        param w;
        input x: [N, D];
        loss = mean((w * x.t @ x)^2);
    }
}

fn main() {}
