use autograd_core::model;

model! {
    pub Reversed<N> {
        param x: [N];
        back[i in 0..N] = x[-i];
        too[i in 0..N] = x[-1 - i];
    }
}

fn main() {}
