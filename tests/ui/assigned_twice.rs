use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        loss = mean((w * x)^2);
        step train(lr) {
            w := w - lr * grad(loss, w);
            w := 0.99 * w;
        }
    }
}

fn main() {}
