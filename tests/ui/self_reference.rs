use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        let total = total + w * x;
        loss = mean(total);
    }
}

fn main() {}
