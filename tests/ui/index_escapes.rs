use autograd_core::model;

model! {
    pub Escape<N, K> {
        param a: [N, K], b: [K];
        let products[i] = sum[k](a[i, k] * b[k]);
        loss = sum[i](products[i]^2) + products[i];
        row[i] = a[i, k];
        twice = 2 * k;
    }
}

fn main() {}
