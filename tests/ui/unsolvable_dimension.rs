use autograd_core::model;

model! {
    pub Pair<A, B, C> {
        param w;
        input x: [A + B], y: [C * C];
        loss = w * (sum(x) + sum(y));
    }
}

model! {
    /// A model may be made from its fields: they say no more than inputs do.
    pub Flat<N, D, K> {
        param w: [N * D];
        state s: [2 / K];
        loss = sum(w^2) * sum(s);
    }
}

fn main() {}
