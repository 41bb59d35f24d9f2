use autograd_core::model;

model! {
    pub Nothing {}
}

model! {
    pub Line<N> {
        param w;
        input x: [N];
        fn residual(a) {}
        loss = mean(if w > 0 { w * x } else {});
    }
}

fn main() {}
