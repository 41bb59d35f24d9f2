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
        &expect![[r#"
            %0 [] = param w  ; w
            %1 [] = param b  ; b
            %2 [N] = input x  ; x
            %3 [N] = input y  ; y
            %4 [] = 0.5
            %5 [N] = broadcast [N] [] %0
            %6 [N] = mul %5 %2
            %7 [N] = broadcast [N] [] %1
            %8 [N] = add %6 %7
            %9 [N] = sub %8 %3
            %10 [N] = broadcast [N] [] %4
            %11 [N] = mul %10 %9
            %12 [] = 2
            %13 [N] = broadcast [N] [] %12
            %14 [N] = pow %11 %13
            %15 [] = reduce sum [0] %14
            %16 index[] = extent N
            %17 [] = cast real %16
            %18 [] = div %15 %17  ; loss
            loss: %18
        "#]],
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
        &expect![[r#"
            %0 [D, H] = param w1  ; w1
            %1 [H] = param b1  ; b1
            %2 [H, K] = param w2  ; w2
            %3 [K] = param b2  ; b2
            %4 [N, D] = input x  ; x
            %5 index[N] = input label  ; label
            %6 [N, H] = contract [1]x[0] %4 %0
            %7 [N, H] = broadcast [N, H] [1] %1
            %8 [N, H] = add %6 %7
            %9 [N, H] = relu %8  ; hidden
            %10 [N, K] = contract [1]x[0] %9 %2
            %11 [N, K] = broadcast [N, K] [1] %3
            %12 [N, K] = add %10 %11  ; logits
            %13 index[K] = iota K
            %14 index[N, K] = broadcast [N, K] [1] %13
            %15 index[N, K] = broadcast [N, K] [0] %5
            %16 bool[N, K] = equal %14 %15
            %17 [] = 0
            %18 [N, K] = broadcast [N, K] [] %17
            %19 [N, K] = select %16 %12 %18
            %20 [N] = reduce sum [1] %19
            %21 [N] = reduce logsumexp [1] %12
            %22 [N] = sub %21 %20
            %23 [] = reduce sum [0] %22
            %24 index[] = extent N
            %25 [] = cast real %24
            %26 [] = div %23 %25  ; loss
            logits: %12
            loss: %26
        "#]],
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
        &expect![[r#"
            %0 [] = param w  ; w
            %1 [] = param b  ; b
            %2 [N] = input x  ; x
            %3 [N] = input y  ; y
            %4 [] = 0.5
            %5 [N] = broadcast [N] [] %0
            %6 [N] = mul %5 %2
            %7 [N] = broadcast [N] [] %1
            %8 [N] = add %6 %7
            %9 [N] = sub %8 %3
            %10 [N] = broadcast [N] [] %4
            %11 [N] = mul %10 %9
            %12 [] = 2
            %13 [N] = broadcast [N] [] %12
            %14 [N] = pow %11 %13
            %15 [] = reduce sum [0] %14
            %16 index[] = extent N
            %17 [] = cast real %16
            %18 [] = div %15 %17  ; loss
            %19 [] = step input lr  ; lr
            %20 [N] = add %7 %6
            %21 [N] = sub %20 %3
            %25 [] = 0.25
            %35 [] = 1
            %36 [] = mul %35 %25
            %37 [] = div %36 %17
            %38 [N] = broadcast [N] [] %37
            %39 [N] = mul %13 %21
            %40 [N] = mul %38 %39
            %41 [] = reduce sum [0] %40
            %42 [N] = mul %40 %2
            %43 [] = reduce sum [0] %42
            %44 [] = mul %19 %43
            %45 [] = sub %0 %44
            %46 [] = mul %19 %41
            %47 [] = sub %1 %46
            loss: %18
            train.w: %45
            train.b: %47
            train -> loss: %18
        "#]],
    );
}

#[test]
fn a_value_is_not_an_equal_expression() {
    check(
        "M { param x; let a = 2*x; y = 2*x + a; dy = grad(y, a); }",
        &expect![[r#"
        %0 [] = param x  ; x
        %1 [] = 2
        %2 [] = mul %1 %0  ; a
        %3 [] = named a#1 %2
        %4 [] = add %2 %3  ; y
        %5 [] = 1
        y: %4
        dy: %5
    "#]],
    );
}
