use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        loss = mean(error^2);
        let error = w * x;
    }
}

fn main() {}
