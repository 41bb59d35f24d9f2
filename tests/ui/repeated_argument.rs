use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        loss = mean(w * x, axis = N, axis = 0);
    }
}

fn main() {}
