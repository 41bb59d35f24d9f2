use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: N, y: [N];
        loss = mean((w * x - y)^2) / ;
    }
}

fn main() {}
