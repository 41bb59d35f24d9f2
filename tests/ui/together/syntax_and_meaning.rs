// Where some items cannot be read, the others are still checked; what depends on an unread one keeps silent.

use autograd_core::model;

model! {
    pub Mlp<N, D, H> {
        param w: [D, H];
        param b: [H] = = zeros();
        input x: [N, D], y: [N];
        let hidden = relu(x @ w + b);
        let wrong = x @ x;
        let slope = y / ;
        var scale = 3;
        let scaled = hidden * scale * slope;
        fn half(a) = a * 0.5f;
        let halved = half(y) + half(x);
        let sum = x + y;
        loss = mean(exp(y, y)) + sum(b);
        step train(lr) {
            w := w - lr * grad(loss, w);
            y := 0;
        }
    }
}

fn main() {}
