use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        loss = sum(max(w * x, 0, axis = N));
    }
}

fn main() {}
