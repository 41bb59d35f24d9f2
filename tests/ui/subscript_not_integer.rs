use autograd_core::model;

model! {
    pub Lookup<N> {
        param x: [N], t;
        at = x[t];
        half[i in 0..N] = x[i > 2] + x[floor(i / 2)];
        near[i in 0..N] = x[floor(x[i] / t)];
    }
}

fn main() {}
