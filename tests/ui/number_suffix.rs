use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [2N];
        loss = mean((2w * x - 1.0f32)^2);
    }
}

fn main() {}
