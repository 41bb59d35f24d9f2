//! The models whose calls are counted, and numbers for them.

use autograd_core::model;
use ndarray::Array1;

model! {
    /// A line by least squares, with momentum.
    pub(crate) Line<N> {
        param w, b;
        state velocity;
        input x: [N], y: [N];
        prediction = w*x + b;
        loss = mean((prediction - y)^2);
        step train(rate, decay) -> loss {
            let fresh = decay * velocity - rate * grad(loss, w);
            velocity := fresh;
            w := w + fresh;
            b := b - rate * grad(loss, b);
        }
    }
}

model! {
    /// Two classes.
    pub(crate) Logistic<N, D> {
        param w: [D], b;
        input x: [N, D], y: [N];
        let logit = x @ w + b;
        probability = sigmoid(logit);
        loss = mean(bce_with_logits(logit, y));
        step train(rate) -> loss {
            w := w - rate * grad(loss, w);
            b := b - rate * grad(loss, b);
        }
    }
}

model! {
    /// Two layers, softmax cross-entropy.
    pub(crate) Classifier<N, D, H, K> {
        param w1: [D, H] = kaiming_uniform();
        param b1: [H];
        param w2: [H, K] = xavier_uniform();
        param b2: [K];
        input x: [N, D];
        input label: [N] in K;
        logits = relu(x @ w1 + b1) @ w2 + b2;
        class = argmax(logits, K);
        loss = mean(cross_entropy(logits, label));
        step train(rate) -> loss {
            w1 := w1 - rate * grad(loss, w1);
            b1 := b1 - rate * grad(loss, b1);
            w2 := w2 - rate * grad(loss, w2);
            b2 := b2 - rate * grad(loss, b2);
        }
    }
}

model! {
    /// Rows that are normalised, twice.
    pub(crate) Normalised<N, D> {
        param gain: [D], bias: [D];
        input x: [N, D];
        rows = softmax(layer_norm(x, D) * gain + bias, D);
        loss = mean(rows^2);
        step train(rate) {
            gain := gain - rate * grad(loss, gain);
            bias := bias - rate * grad(loss, bias);
        }
    }
}

model! {
    /// Running sums.
    pub(crate) Running<N> {
        param w: [N];
        input x: [N];
        sums = cumsum(w * x);
        loss = mean((sums - x)^2);
        step train(rate) -> loss {
            w := w - rate * grad(loss, w);
        }
    }
}

model! {
    /// A plane by least squares.
    pub(crate) Plane<N, D> {
        param w: [D], b;
        input x: [N, D], y: [N];
        loss = mean((x @ w + b - y)^2);
    }
}

model! {
    /// A regression on features that are computed once, if the model is bound to its inputs.
    pub(crate) Features<N, M, D> {
        param w: [M];
        input x: [N, D], centre: [M, D], y: [N];
        prediction = exp(-sum((x[.., new] - centre)^2, D)) @ w;
        loss = mean((prediction - y)^2);
        step train(rate) -> loss {
            w := w - rate * grad(loss, w);
        }
    }
}

model! {
    /// So many layers that the entry points are cut.
    pub(crate) Long<N, D> {
        param w: [D, D], b: [D], v: [D, D];
        input x: [N, D], y: [N, D];
        fn two(h) = tanh(tanh(h @ w + b) @ v);
        fn twelve(h) = two(two(two(two(two(two(h))))));
        fn more(h) = twelve(twelve(h));
        h = more(more(more(more(x))));
        loss = mean((h - y)^2);
        step train(rate) -> loss {
            w := w - rate * grad(loss, w);
            b := b - rate * grad(loss, b);
        }
    }
}

/// Some numbers between -1 and 1.
pub(crate) fn numbers(count: u32) -> Array1<f64> {
    (0..count).map(|i| (f64::from(i) * 0.7 + 0.1).sin()).collect()
}
