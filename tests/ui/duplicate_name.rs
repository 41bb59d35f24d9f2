use autograd_core::model;

model! {
    pub Line<N> {
        param w: [N], w: [N];
        input x: [N], w: [N], N;
        loss = mean((w * x)^2);
        loss = 0;
        step train { w := 0; }
        step train(lr, lr) -> loss, loss { w := lr; }
    }
}

fn main() {}
