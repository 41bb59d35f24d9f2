use autograd_core::model;

model! {
    pub Unused<N, M> {
        param a: [N];
        input b: [N, M];
        loss = sum[i](sum[j in 0..M](a[i]^2));
        rows = sum[i, j in 0..M](a[i]^2);
        peak[i] = max[j](a[i]);
        peaks[i] = max[j, k](b[i, k]);
    }
}

fn main() {}
