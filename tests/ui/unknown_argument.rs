use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        loss = mean(w * x, axes = N) + std(w * x, dof = 1);
    }
}

fn main() {}
