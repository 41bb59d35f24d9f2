use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        loss = mean(if x > 0 { w * x });
    }
}

fn main() {}
