use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        loss = mean(if 0 <= x < 1 { w * x } else { 0 });
    }
}

fn main() {}
