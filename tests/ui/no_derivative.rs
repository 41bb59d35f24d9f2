use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N], y: [N];
        by_y = grad(sum(w * x), y);
        by_w = grad(sum(floor(w * x)), w);
    }
}

fn main() {}
