use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        loss = mean((0xFF * w * x)^2);
    }
}

fn main() {}
