use autograd_core::model;

model! {
    pub Line<N> {
        const zero = zeros([3]);
        param w;
        input x: [N];
        loss = mean(w * x);
    }
}

fn main() {}
