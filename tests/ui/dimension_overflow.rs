use autograd_core::model;

model! {
    pub Huge<N> {
        param w: [9223372036854775807 * 2];
        input x: [N];
        loss = mean(x) * mean(w);
    }
}

fn main() {}
