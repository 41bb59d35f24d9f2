use autograd_core::model;

model! {
    pub Shift<N> {
        input x: [N];
        moved[i + 1] = 2 * x[i];
        first[0] = x[0];
    }
}

fn main() {}
