//! Models as users write them: what is left of the loss and its gradient when everything is simplified and legal.

use expect_test::{Expect, expect};

use crate::graph::model::Model;
use crate::graph::print::print;
use crate::simplify::legalise_model;
use crate::testing::models::compiled;

fn check(text: &str, expected: &Expect) {
    let (mut model, _) = compiled(text);
    legalise_model(&mut model);
    expected.assert_eq(&text_of(&model));
}

fn text_of(model: &Model) -> String {
    let names: Vec<String> = model.params.iter().map(|param| format!("d {}", param.name)).collect();
    let gradients = names.iter().map(String::as_str).zip(model.gradients.iter().copied());
    let loss = model.loss().expect("a loss");
    print(&model.region, &std::iter::once(("loss", loss)).chain(gradients).collect::<Vec<_>>())
}

#[test]
fn linear_regression() {
    check(
        "LinearRegression<N> { param w, b; input x: [N], y: [N]; loss = mean((0.5 * (w*x + b - y))^2); }",
        &expect![[r#"
            %0 [] = param w
            %1 [] = param b
            %2 [N] = input x
            %3 [N] = input y
            %4 [N] = broadcast [N] [] %0
            %5 [N] = mul %4 %2
            %6 [N] = broadcast [N] [] %1
            %7 [N] = add %6 %5
            %8 [N] = sub %7 %3
            %9 index[] = extent N
            %10 [] = cast real %9
            %11 [N] = square %8
            %12 [] = reduce sum [0] %11
            %13 [] = 4
            %14 [] = mul %13 %10
            %15 [] = div %12 %14  ; loss
            %16 [] = 0.5
            %17 [] = div %16 %10
            %18 [N] = broadcast [N] [] %17
            %19 [N] = mul %18 %8
            %20 [] = reduce sum [0] %19
            %21 [N] = mul %2 %19
            %22 [] = reduce sum [0] %21
            loss: %15
            d w: %22
            d b: %20
        "#]],
    );
}

#[test]
fn rosenbrock() {
    check(
        "Rosenbrock<N> {
            param x: [N];
            loss = sum(100*(x[1..N] - x[0..N-1]^2)^2 + (1 - x[0..N-1])^2);
        }",
        &expect![[r#"
            %0 [N] = param x
            %1 [] = 100
            %2 [N - 1] = slice [1..+N - 1] %0
            %3 [N - 1] = slice [0..+N - 1] %0
            %4 [N - 1] = square %3
            %5 [N - 1] = sub %2 %4
            %6 [N - 1] = square %5
            %7 [N - 1] = broadcast [N - 1] [] %1
            %8 [N - 1] = mul %7 %6
            %9 [] = 1
            %10 [N - 1] = broadcast [N - 1] [] %9
            %11 [N - 1] = sub %10 %3
            %12 [N - 1] = square %11
            %13 [N - 1] = add %8 %12
            %14 [N] = window [N] [a0] if a0 < (N - 1) %13
            %15 [] = reduce sum [0] %14  ; loss
            %16 [] = -2
            %17 [N - 1] = broadcast [N - 1] [] %16
            %18 [N - 1] = mul %17 %11
            %19 [] = 200
            %20 [N - 1] = mul %3 %5
            %21 [] = -400
            %22 [N - 1] = broadcast [N - 1] [] %21
            %23 [N - 1] = mul %22 %20
            %24 [N - 1] = add %18 %23
            %25 [N] = window [N] [a0] if a0 < (N - 1) %24
            %26 [N] = window [N] [a0] if a0 + (-1) < (N - 1) %0
            %27 [N] = window [N] [a0 + (-1)] if a0 + (-1) < (N - 1) %0
            %28 [N] = square %27
            %29 [N] = sub %26 %28
            %30 [N] = broadcast [N] [] %19
            %31 [N] = mul %30 %29
            %32 [N] = add %25 %31
            loss: %15
            d x: %32
        "#]],
    );
}

#[test]
fn logistic_regression() {
    check(
        "Logistic<N, D> {
            param w: [D], b;
            input x: [N, D], y: [N];
            let p = 1/(1 + exp(-(x @ w + b)));
            loss = -mean(y*log(p) + (1 - y)*log(1 - p));
        }",
        &expect![[r#"
            %0 [D] = param w
            %1 [] = param b
            %2 [N, D] = input x
            %3 [N] = input y
            %4 [] = 1
            %5 [N] = contract [1]x[0] %2 %0
            %6 [N] = broadcast [N] [] %1
            %7 [N] = add %6 %5
            %8 [N] = neg %7
            %9 [N] = broadcast [N] [] %4
            %10 [N] = log_sigmoid %7
            %11 [N] = mul_unless_zero %3 %10
            %12 [N] = sub %9 %3
            %13 [N] = log_sigmoid %8
            %14 [N] = mul_unless_zero %12 %13
            %15 [N] = add %11 %14
            %16 [] = reduce sum [0] %15
            %17 index[] = extent N
            %18 [] = cast real %17
            %19 [] = div %16 %18
            %20 [] = neg %19  ; loss
            %21 [] = -1
            %22 [] = div %21 %18
            %23 [N] = broadcast [N] [] %22
            %24 [N] = mul %23 %12
            %25 [N] = sigmoid %7
            %26 [N] = mul %24 %25
            %27 [N] = mul %23 %3
            %28 [N] = sigmoid %8
            %29 [N] = mul %27 %28
            %30 [N] = sub %29 %26
            %31 [] = reduce sum [0] %30
            %32 [D] = contract [0]x[0] %30 %2
            loss: %20
            d w: %32
            d b: %31
        "#]],
    );
}

#[test]
fn perceptron() {
    check(
        "Mlp<N, D, H, K> {
            param w1: [D, H];
            param b1: [H];
            param w2: [H, K];
            param b2: [K];
            input x: [N, D];
            input label: [N] in K;
            let hidden = relu(x @ w1 + b1);
            logits = hidden @ w2 + b2;
            loss = mean(cross_entropy(logits, label));
        }",
        &expect![[r#"
            %0 [D, H] = param w1
            %1 [H] = param b1
            %2 [H, K] = param w2
            %3 [K] = param b2
            %4 [N, D] = input x
            %5 index[N] = input label
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
            %21 [N] = reduce max_number [1] %12
            %22 [N, K] = broadcast [N, K] [0] %21
            %23 bool[N, K] = equal %12 %22
            %24 [N, K] = sub %12 %22
            %25 [N, K] = select %23 %18 %24
            %26 [N, K] = exp %25
            %27 [N] = reduce sum [1] %26
            %28 [N] = broadcast [N] [] %17
            %29 [] = inf
            %30 [N] = broadcast [N] [] %29
            %31 bool[N] = equal %20 %30
            %32 [N] = sub %21 %20
            %33 [N] = select %31 %28 %32
            %34 [N, K] = select %23 %18 %26
            %35 [N] = reduce sum [1] %34
            %36 [] = -1
            %37 [N] = broadcast [N] [] %36
            %38 [] = 1.5
            %39 [N] = broadcast [N] [] %38
            %40 [N] = add %37 %27
            %41 bool[N] = less %27 %39
            %42 [N] = select %41 %35 %40
            %43 [N] = log1p %42
            %44 [N] = add %33 %43
            %45 [] = reduce sum [0] %44
            %46 index[] = extent N
            %47 [] = cast real %46
            %48 [] = div %45 %47  ; loss
            %49 [] = recip %47
            %50 [N] = broadcast [N] [] %49
            %51 [] = neg %49
            %52 [] = -inf
            %53 [N] = broadcast [N] [] %52
            %54 bool[N] = equal %21 %53
            %55 [] = 1
            %56 [N] = broadcast [N] [] %55
            %57 bool[N] = equal %21 %30
            %58 bool[N] = equal %27 %27
            %59 bool[N] = and %57 %58
            %60 [N] = select %59 %56 %27
            %61 [N] = recip %60
            %62 [N] = select %59 %27 %56
            %63 [N] = div %50 %62
            %64 bool[N] = and %54 %58
            %65 [N] = select %64 %28 %63
            %66 [N] = mul %61 %65
            %67 [N, K] = broadcast [N, K] [0] %66
            %68 [N, K] = mul %26 %67
            %69 [N, K] = broadcast [N, K] [] %51
            %70 [N, K] = select %16 %69 %18
            %71 [N, K] = add %68 %70
            %72 [K] = reduce sum [0] %71
            %73 [N, H] = contract [1]x[1] %71 %2
            %74 [H, K] = contract [0]x[0] %9 %71
            %75 [N, H] = broadcast [N, H] [] %17
            %76 bool[N, H] = less %75 %9
            %77 [N, H] = select %76 %73 %75
            %78 [H] = reduce sum [0] %77
            %79 [D, H] = contract [0]x[0] %4 %77
            loss: %48
            d w1: %79
            d b1: %78
            d w2: %74
            d b2: %72
        "#]],
    );
}

#[test]
fn distance() {
    check(
        "Distance<D> { param p: [D]; input q: [D]; loss = sqrt(sum((p - q)^2)); }",
        &expect![[r#"
            %0 [D] = param p
            %1 [D] = input q
            %2 [D] = sub %0 %1
            %3 [D] = abs %2
            %4 [] = reduce max_number [0] %3
            %5 [] = 1
            %6 [] = 1099511627776
            %7 [] = 0.0000000000000008881784197001252
            %8 [] = 0.0000000000009094947017729282
            %9 [] = 1152921504606847000
            %10 bool[] = less %4 %8
            %11 [] = select %10 %9 %5
            %12 bool[] = less %6 %4
            %13 [] = select %12 %7 %11
            %14 [] = 1237940039285380300000000000
            %15 [] = 0.0000000000000000000000000000007888609052210118
            %16 [] = 0.0000000000000000000000000008077935669463161
            %17 [] = 1267650600228229400000000000000
            %18 bool[] = less %4 %16
            %19 [] = select %18 %17 %13
            %20 bool[] = less %14 %4
            %21 [] = select %20 %15 %19
            %22 [] = 3351951982485649300000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
            %23 [] = 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002409919865102884
            %24 [] = 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000003054936363499605
            %25 [] = 4149515568880993000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
            %26 bool[] = less %4 %24
            %27 [] = select %26 %25 %21
            %28 bool[] = less %22 %4
            %29 [] = select %28 %23 %27
            %30 [D] = broadcast [D] [] %29
            %31 [D] = mul %30 %2
            %32 [D] = square %31
            %33 [] = reduce sum [0] %32
            %34 [] = sqrt %33
            %35 [] = div %34 %29  ; loss
            %36 [] = 0
            %37 bool[] = equal %35 %36
            %38 [] = select %37 %5 %35
            %39 [] = inf
            %40 bool[] = equal %4 %39
            %41 [] = select %40 %36 %35
            %42 [] = where_finite %38 %41
            %43 [D] = broadcast [D] [] %42
            %44 [D] = div %2 %43
            %45 [] = NaN
            %46 bool[] = equal %35 %39
            %47 [] = select %46 %39 %45
            %48 [D] = broadcast [D] [] %47
            %49 [D] = sign %2
            %50 bool[D] = equal %3 %48
            %51 [D] = select %50 %49 %44
            %52 [] = select %37 %36 %5
            %53 [D] = broadcast [D] [] %52
            %54 [D] = mul %53 %51
            loss: %35
            d p: %54
        "#]],
    );
}
