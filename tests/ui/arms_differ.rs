use autograd_core::model;

model! {
    pub Line<N, D> {
        param w: [D];
        input x: [N, D], y: [N];
        loss = mean(if y > 0 { w } else { y });
    }
}

fn main() {}
