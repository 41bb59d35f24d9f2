use autograd_core::model;

model! {
    pub Line<N> {
        var w;
        parameter b;
        input x: [N];
        loss = mean(x);
    }
}

fn main() {}
