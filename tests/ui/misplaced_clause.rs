use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N] = zeros();
        input y: [N] unused;
        state m unused;
        loss = mean((w * x - y)^2);
    }
}

fn main() {}
