use autograd_core::model;

model! {
    pub Outer<N, M> {
        param a: [N], b: [M];
        c[i, j] = a[i] * b[j];
    }
}

fn main() {}
