use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        slope = grad(sum(w * x), 2 * w);
        turn = grad(sum(w * x), pi);
    }
}

fn main() {}
