use autograd_core::model;

model! {
    pub Diagonal<N> {
        param a: [N, N];
        loss = sum[i, i](a[i, i]^2);
        square[i, i] = a[0, i];
    }
}

fn main() {}
