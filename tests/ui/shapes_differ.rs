use autograd_core::model;

model! {
    pub Line<N, D> {
        param w: [D];
        input x: [N, D], y: [N];
        let sum = x + y;
        let product = w * y;
        let list = concat([x, y]);
        loss = mean((x @ w - y)^2);
    }
}

fn main() {}
