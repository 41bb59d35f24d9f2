use autograd_core::model;

model! {
    pub Smooth<N, K> {
        param x: [N];
        input w: [K], u: [N, K];
        rise[i] = x[i + 1] - x[i - 1];
        every[i] = x[2*i];
        back[i] = x[N - 3 - i];
        smooth[i] = sum[k](w[k] * x[i + k]);
        line[i] = i / 2;
        before[i] = sum[j](if j > 0 { u[i, j - 1] } else { 0 });
    }
}

fn main() {}
