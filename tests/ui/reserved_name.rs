use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        new = w * x;
        loss = mean(x * w);
        step forward { w := 0; }
        step loss { w := 0; }
    }
}

fn main() {}
