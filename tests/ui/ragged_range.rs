use autograd_core::model;

model! {
    pub Lower<N> {
        param a: [N, N];
        lower[i in 0..N, j in 0..i + 1] = a[i, j];
        upper[i in 0..N, j in i..N] = a[i, j] + 1;
    }
}

fn main() {}
