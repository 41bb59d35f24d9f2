use autograd_core::model;

model! {
    pub Steps<N, M> {
        param x: [N];
        input y: [M], d: [N - 1];
        loss = sum[i](x[i] * y[i]);
        steps[i] = x[i] + d[i];
    }
}

fn main() {}
