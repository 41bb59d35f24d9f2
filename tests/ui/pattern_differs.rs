//! The shape of an argument is not the one that its function is declared with.

use autograd_core::model;

model! {
    Net<N, D, K> {
        param w: [D, K];
        input x: [N, D];
        fn layer(x: [B, I], w: [I, O]) = tanh(x @ w);
        loss = sum(layer(x, w.T));
    }
}

fn main() {}
