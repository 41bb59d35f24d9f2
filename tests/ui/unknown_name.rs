use autograd_core::model;

model! {
    pub Mlp<N, D, H> {
        param w1: [D, H], w2: [H];
        input x: [N, D], y: [N];
        let hidden = relu(x @ w1);
        loss = mean((hiden @ w2 - y)^2) + sigmoid + offset;
    }
}

fn main() {}
