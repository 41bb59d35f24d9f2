use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        let error = w * x;
        loss = mean(error^2);
        step train(lr) {
            x := 0;
            error := 0;
            lr := 0;
            w := w - lr * grad(loss, w);
        }
    }
}

fn main() {}
