use autograd_core::model;

model! {
    pub Pair<A, B, C> {
        param w;
        input x: [A + B], y: [C * C];
        loss = w * (sum(x) + sum(y));
    }
}

fn main() {}
