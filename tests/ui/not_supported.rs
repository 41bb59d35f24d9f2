use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        loss = sum[i](w * x[i]) + sum(conv1d(x, x)) + crate::f(w);
    }
}

fn main() {}
