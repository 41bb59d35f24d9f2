use autograd_core::model;

model! {
    pub Line<N> {
        variable w;
        parameter b;
        input x: [N];
        loss = mean(w*x + b);
    }
}

fn main() {}
