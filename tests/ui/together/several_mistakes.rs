// Every mistake of a model is reported in one run, at its own place, and none of what follows from another.

use autograd_core::model;

model! {
    /// Mistakes in a declaration, a value, the loss and a step.
    pub Shapes<N, D, H> {
        param w: [D, H] = kaiming();
        param b: [M];
        input x: [N, D], y: [N];
        let hidden = sigmod(x @ w);
        let wide = x + y;
        loss = mean(hidden) + mean(wide) + offset;
        step train(lr) -> los {
            w := w - lr * grad(loss, w);
            x := 0;
        }
    }
}

model! {
    /// Mistakes in how it is written.
    pub Words<N> {
        param w = 2x;
        var b;
        input x: [N];
        let a = w * * x;
        let c = if x > 0 { w };
        loss = mean(0 <= a < 1);
        step train { w = 0; }
    }
}

fn main() {}
