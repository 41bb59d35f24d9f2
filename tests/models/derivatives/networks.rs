//! Networks, and losses that are made of derivatives themselves.

use super::{BATCHES, agree, classes, draw, model};

model! {
    pub Perceptron<N, D, H, K> {
        param w1: [D, H], b1: [H], w2: [H, K], b2: [K];
        input x: [N, D], label: [N] in K, dw1: [D, H], db1: [H], dw2: [H, K], db2: [K];
        let hidden = gelu(layer_norm(x @ w1 + b1));
        loss = mean(cross_entropy(hidden @ w2 + b2, label)) + 0.01 * (sum(w1^2) + sum(w2^2));
        slope = jvp(loss, w1, dw1) + jvp(loss, b1, db1) + jvp(loss, w2, dw2) + jvp(loss, b2, db2);
    }
}

#[test]
fn perceptrons() {
    for n in BATCHES {
        let (x, label) = (draw("x", [n, 3]), classes(n, 5));
        let make = |d: &str| Perceptron {
            w1: draw(&format!("{d}w1"), [3, 9]),
            b1: draw(&format!("{d}b1"), 9),
            w2: draw(&format!("{d}w2"), [9, 5]),
            b2: draw(&format!("{d}b2"), 5),
        };
        let (model, to) = (make(""), make("d"));
        let inputs = perceptron::Inputs {
            x: x.view(),
            label: label.view(),
            dw1: to.w1.view(),
            db1: to.b1.view(),
            dw2: to.w2.view(),
            db2: to.b2.view(),
        };
        agree(&model, &inputs, &to, model.slope(&inputs).expect("the sizes fit"));
    }
}

model! {
    /// Causal self-attention over one sequence.
    pub Attention<N, D, H> {
        param query: [D, H], key: [D, H], value: [D, D];
        input x: [N, D], dquery: [D, H], dkey: [D, H], dvalue: [D, D];
        let scores = (x @ query) @ (x @ key).T / sqrt(H);
        let masked = where(iota(N)[.., new] >= iota(N), scores, -inf);
        let mixed = softmax(masked, axis = 1) @ (x @ value);
        loss = mean((mixed - flip(x, N))^2);
        slope = jvp(loss, query, dquery) + jvp(loss, key, dkey) + jvp(loss, value, dvalue);
    }
}

#[test]
fn attention() {
    for n in [2, 7, 33] {
        let x = draw("x", [n, 4]);
        let make = |d: &str| Attention {
            query: draw(&format!("{d}query"), [4, 3]),
            key: draw(&format!("{d}key"), [4, 3]),
            value: draw(&format!("{d}value"), [4, 4]),
        };
        let (model, to) = (make(""), make("d"));
        let inputs =
            attention::Inputs { x: x.view(), dquery: to.query.view(), dkey: to.key.view(), dvalue: to.value.view() };
        agree(&model, &inputs, &to, model.slope(&inputs).expect("the sizes fit"));
    }
}

model! {
    /// A network that has to obey u'' = -u: derivatives by the input, inside the loss.
    pub Oscillator<N, H> {
        param w: [H], b: [H], c: [H];
        input t: [N], dw: [H], db: [H], dc: [H];
        let u = tanh(t[.., new] * w + b) @ c;
        let velocity = jvp(u, t, ones([N]));
        let acceleration = jvp(velocity, t, ones([N]));
        loss = mean((acceleration + u)^2) + (u[0] - 1)^2 + velocity[0]^2;
        slope = jvp(loss, w, dw) + jvp(loss, b, db) + jvp(loss, c, dc);
    }
}

#[test]
fn physics_in_the_loss() {
    for n in BATCHES {
        let t = draw("t", n);
        let make = |d: &str| Oscillator {
            w: draw(&format!("{d}w"), 6),
            b: draw(&format!("{d}b"), 6),
            c: draw(&format!("{d}c"), 6),
        };
        let (model, to) = (make(""), make("d"));
        let inputs = oscillator::Inputs { t: t.view(), dw: to.w.view(), db: to.b.view(), dc: to.c.view() };
        agree(&model, &inputs, &to, model.slope(&inputs).expect("the sizes fit"));
    }
}

model! {
    /// The loss after a step of gradient descent, and how far that step is.
    pub Meta<N, D> {
        param w: [D];
        input x: [N, D], y: [N], dw: [D];
        let inner = mean(softplus(-y * (x @ w)));
        let step0 = 0.3 * grad(inner, w);
        loss = mean(softplus(-y * (x @ (w - step0)))) + norm(step0);
        slope = jvp(loss, w, dw);
    }
}

#[test]
fn gradients_in_the_loss() {
    for n in BATCHES {
        let (x, y) = (draw("x", [n, 3]), draw("y", n));
        let (model, to) = (Meta { w: draw("w", 3) }, Meta { w: draw("dw", 3) });
        let inputs = meta::Inputs { x: x.view(), y: y.view(), dw: to.w.view() };
        agree(&model, &inputs, &to, model.slope(&inputs).expect("the sizes fit"));
    }
}

model! {
    /// Curvature both ways: along a direction, and against another.
    pub Curvature<N, D> {
        param w: [D];
        input x: [N, D], y: [N], v: [D], u: [D];
        loss = mean(log(1 + (tanh(x @ w) - y)^2)) + sum(w^4);
        along = jvp(grad(loss, w), w, v);
        against = vjp(grad(loss, w), w, u);
        by_sum = grad(sum(grad(loss, w) * v), w);
        twice = jvp(jvp(loss, w, v), w, u);
    }
}

#[test]
fn hessians_are_symmetric() {
    for n in BATCHES {
        let (x, y, v, u) = (draw("x", [n, 5]), draw("y", n), draw("v", 5), draw("u", 5));
        let model = Curvature { w: draw("w", 5) };
        let inputs = curvature::Inputs { x: x.view(), y: y.view(), v: v.view(), u: u.view() };
        let found = model.outputs(&inputs).expect("the sizes fit");
        let curvatures = [found.along.dot(&u), found.against.dot(&v), found.by_sum.dot(&u), found.twice];
        for curvature in curvatures {
            assert!((curvature - found.twice).abs() <= 1e-13 * found.twice.abs().max(1.0), "{curvatures:?}");
        }
        // Central differences of the gradient.
        let h = 1e-5;
        let moved = |h: f64| Curvature { w: &model.w + &(&v * h) }.grad(&inputs).expect("the sizes fit").w;
        let numeric = (moved(h) - moved(-h)) / (2.0 * h);
        for (exact, numeric) in found.along.iter().zip(&numeric) {
            assert!((exact - numeric).abs() <= 1e-8 * exact.abs().max(1.0), "{exact}, by differences {numeric}");
        }
    }
}
