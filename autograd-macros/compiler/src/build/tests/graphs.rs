//! What becomes of models: their graphs.

use expect_test::{Expect, expect};

fn check(source: &str, expected: &Expect) {
    expected.assert_eq(&super::text(source));
}

#[test]
fn linear_regression() {
    check(
        "pub LinearRegression<N> {
            param w, b;
            input x: [N], y: [N];
            loss = mean((0.5 * (w*x + b - y))^2);
        }",
        &expect![[]],
    );
}

#[test]
fn perceptron() {
    check(
        "pub Mlp<N, D, H, K> {
            param w1: [D, H] = kaiming_uniform();
            param b1: [H]    = zeros();
            param w2: [H, K] = xavier_uniform();
            param b2: [K]    = zeros();
            input x: [N, D];
            input label: [N] in K;
            let hidden = relu(x @ w1 + b1);
            logits = hidden @ w2 + b2;
            loss   = mean(cross_entropy(logits, label));
        }",
        &expect![[]],
    );
}

#[test]
fn descent() {
    check(
        "pub Descent<N> {
            param w, b;
            input x: [N], y: [N];
            loss = mean((0.5 * (w*x + b - y))^2);
            step train(lr) -> loss {
                w := w - lr * grad(loss, w);
                b := b - lr * grad(loss, b);
            }
        }",
        &expect![[]],
    );
}

#[test]
fn a_value_is_not_an_equal_expression() {
    check("M { param x; let a = 2*x; y = 2*x + a; dy = grad(y, a); }", &expect![[]]);
}
