use autograd_core::model;

model! {
    pub Scaled<N> {
        param w: [N];
        input x: [N];
        loss = sum[N](w[N]^2 * x[N]) / N;
        scaled[N] = w[N] * x[N];
    }
}

fn main() {}
