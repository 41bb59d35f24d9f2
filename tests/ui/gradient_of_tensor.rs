use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        slope = grad(w * x, w);
    }
}

fn main() {}
