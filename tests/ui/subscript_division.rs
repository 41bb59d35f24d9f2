use autograd_core::model;

model! {
    pub Halves<N> {
        param x: [N];
        each[i in 0..N] = x[i/2];
        packed[i in 0..N] = x[i*(i + 1)/2 - i*(i - 1)/2 - i] + x[(i + 1)/2];
    }
}

fn main() {}
