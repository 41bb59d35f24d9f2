use autograd_core::model;

model! {
    pub Outside<N> {
        param x: [N];
        rise[i] = x[i + 1] - x[i];
        fall[i] = x[i - 1] - x[i];
        bend[i] = x[i - 1] - 2 * x[i] + x[i + 1];
        given[i in 1..N] = x[i + 2];
    }
}

fn main() {}
