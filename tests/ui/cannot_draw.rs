use autograd_core::model;

model! {
    pub Drawn<D> {
        param a: [D] = normal(0, 1 / 0);
        param b: [D] = normal(0, -1);
        param c: [D] = uniform(1, 0);
        param d: [D] = uniform(-inf, inf);
        state best = inf;
        loss = sum(a + b + c + d) + best;
    }
}

fn main() {}
