use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        loss = mean[i if x[i] > 0](w * x[i]) + sum(fft(x)) + crate::f(w);
        place = argmax[i, j](x[i] * x[j]);
    }
}

fn main() {}
