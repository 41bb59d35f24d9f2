//! JAX's answers: products. Written by `python3 tests/reference/oracle.py`: change `oracle_table.py` instead.

use super::{model, points};

model! {
    pub MatrixMatrix<D, K, N> {
        param a: [N, D], b: [D, K];
        param weight: [N, K];
        y = a @ b;
        loss = sum(weight * y);
    }
}

#[test]
fn matrix_matrix() {
    for point in points("matrix_matrix") {
        let model = MatrixMatrix { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = matrix_matrix::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub MatrixVector<D, N> {
        param a: [N, D], v: [D];
        param weight: [N];
        y = a @ v;
        loss = sum(weight * y);
    }
}

#[test]
fn matrix_vector() {
    for point in points("matrix_vector") {
        let model = MatrixVector { a: point.array("a"), v: point.array("v"), weight: point.array("weight") };
        let inputs = matrix_vector::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub VectorMatrix<D, N> {
        param v: [N], a: [N, D];
        param weight: [D];
        y = v @ a;
        loss = sum(weight * y);
    }
}

#[test]
fn vector_matrix() {
    for point in points("vector_matrix") {
        let model = VectorMatrix { v: point.array("v"), a: point.array("a"), weight: point.array("weight") };
        let inputs = vector_matrix::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub VectorVector<N> {
        param v: [N], w: [N];
        loss = v @ w * (v @ v);
    }
}

#[test]
fn vector_vector() {
    for point in points("vector_vector") {
        let model = VectorVector { v: point.array("v"), w: point.array("w") };
        let inputs = vector_vector::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub TransposedLeft<D, K, N> {
        param a: [N, D], b: [N, K];
        param weight: [D, K];
        y = a.T @ b;
        loss = sum(weight * y);
    }
}

#[test]
fn transposed_left() {
    for point in points("transposed_left") {
        let model = TransposedLeft { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = transposed_left::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub TransposedRight<D, K, N> {
        param a: [N, D], b: [K, D];
        param weight: [N, K];
        y = a @ b.T;
        loss = sum(weight * y);
    }
}

#[test]
fn transposed_right() {
    for point in points("transposed_right") {
        let model = TransposedRight { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = transposed_right::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub TransposedBoth<D, K, N> {
        param a: [D, N], b: [K, D];
        param weight: [N, K];
        y = a.T @ b.T;
        loss = sum(weight * y);
    }
}

#[test]
fn transposed_both() {
    for point in points("transposed_both") {
        let model = TransposedBoth { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = transposed_both::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub GramMatrix<D, N> {
        param a: [N, D];
        param weight: [D, D];
        y = tanh(a.T @ a);
        loss = sum(weight * y);
    }
}

#[test]
fn gram_matrix() {
    for point in points("gram_matrix") {
        let model = GramMatrix { a: point.array("a"), weight: point.array("weight") };
        let inputs = gram_matrix::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub QuadraticForm<D> {
        param v: [D], a: [D, D];
        loss = v @ a @ v;
    }
}

#[test]
fn quadratic_form() {
    for point in points("quadratic_form") {
        let model = QuadraticForm { v: point.array("v"), a: point.array("a") };
        let inputs = quadratic_form::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BatchedByBatched<B, D, K, N> {
        param a: [B, N, D], b: [B, D, K];
        param weight: [B, N, K];
        y = a @ b;
        loss = sum(weight * y);
    }
}

#[test]
fn batched_by_batched() {
    for point in points("batched_by_batched") {
        let model = BatchedByBatched { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = batched_by_batched::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BatchedByOne<B, D, K, N> {
        param a: [B, N, D], b: [D, K];
        param weight: [B, N, K];
        y = a @ b;
        loss = sum(weight * y);
    }
}

#[test]
fn batched_by_one() {
    for point in points("batched_by_one") {
        let model = BatchedByOne { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = batched_by_one::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub OneByBatched<B, D, K, N> {
        param a: [N, D], b: [B, D, K];
        param weight: [B, N, K];
        y = a @ b;
        loss = sum(weight * y);
    }
}

#[test]
fn one_by_batched() {
    for point in points("one_by_batched") {
        let model = OneByBatched { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = one_by_batched::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BatchedByVector<B, D, N> {
        param a: [B, N, D], v: [D];
        param weight: [B, N];
        y = a @ v;
        loss = sum(weight * y);
    }
}

#[test]
fn batched_by_vector() {
    for point in points("batched_by_vector") {
        let model = BatchedByVector { a: point.array("a"), v: point.array("v"), weight: point.array("weight") };
        let inputs = batched_by_vector::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BatchOfTwoAxes<B, D, H, K, N> {
        param a: [B, H, N, D], b: [H, D, K];
        param weight: [B, H, N, K];
        y = a @ b;
        loss = sum(weight * y);
    }
}

#[test]
fn batch_of_two_axes() {
    for point in points("batch_of_two_axes") {
        let model = BatchOfTwoAxes { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = batch_of_two_axes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ThreeMatrices<D, K, N> {
        param a: [N, D], b: [D, K], c: [K, N];
        param weight: [N, D];
        y = sigmoid(a @ b) @ c @ a;
        loss = sum(weight * y);
    }
}

#[test]
fn three_matrices() {
    for point in points("three_matrices") {
        let model = ThreeMatrices {
            a: point.array("a"),
            b: point.array("b"),
            c: point.array("c"),
            weight: point.array("weight"),
        };
        let inputs = three_matrices::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub InnerProduct<N> {
        param v: [N], w: [N];
        loss = dot(sin(v), w)^2;
    }
}

#[test]
fn inner_product() {
    for point in points("inner_product") {
        let model = InnerProduct { v: point.array("v"), w: point.array("w") };
        let inputs = inner_product::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub OuterProduct<D, N> {
        param v: [N], w: [D];
        param weight: [N, D];
        y = outer(v, exp(w));
        loss = sum(weight * y);
    }
}

#[test]
fn outer_product() {
    for point in points("outer_product") {
        let model = OuterProduct { v: point.array("v"), w: point.array("w"), weight: point.array("weight") };
        let inputs = outer_product::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub VectorProduct {
        param v: [3], w: [3];
        param weight: [3];
        y = cross(v, w);
        loss = sum(weight * y);
    }
}

#[test]
fn vector_product() {
    for point in points("vector_product") {
        let model = VectorProduct { v: point.array("v"), w: point.array("w"), weight: point.array("weight") };
        let inputs = vector_product::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub VectorProductOfRows<N> {
        param v: [N, 3], w: [3];
        param weight: [N, 3];
        y = cross(v, w) * v;
        loss = sum(weight * y);
    }
}

#[test]
fn vector_product_of_rows() {
    for point in points("vector_product_of_rows") {
        let model = VectorProductOfRows { v: point.array("v"), w: point.array("w"), weight: point.array("weight") };
        let inputs = vector_product_of_rows::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AngleBetween {
        param v: [3], w: [3];
        loss = angle(v, w);
    }
}

#[test]
fn angle_between() {
    for point in points("angle_between") {
        let model = AngleBetween { v: point.array("v"), w: point.array("w") };
        let inputs = angle_between::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub TraceOfSquare<D> {
        param a: [D, D];
        loss = trace(a @ a);
    }
}

#[test]
fn trace_of_square() {
    for point in points("trace_of_square") {
        let model = TraceOfSquare { a: point.array("a") };
        let inputs = trace_of_square::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Perceptron<D, H, K, N> {
        param w1: [D, H], b1: [H], w2: [H, K], b2: [K];
        input x: [N, D], label: [N] in K;
        let hidden = tanh(x @ w1 + b1);
        loss = mean(cross_entropy(hidden @ w2 + b2, label));
    }
}

#[test]
fn perceptron() {
    for point in points("perceptron") {
        let x = point.array("x");
        let label = point.classes("label");
        let model =
            Perceptron { w1: point.array("w1"), b1: point.array("b1"), w2: point.array("w2"), b2: point.array("b2") };
        let inputs = perceptron::Inputs { x: x.view(), label: label.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AttentionByHand<D, N> {
        param q: [N, D], k: [N, D], v: [N, D];
        param weight: [N, D];
        y = softmax(q @ k.T / sqrt(D), axis = 1) @ v;
        loss = sum(weight * y);
    }
}

#[test]
fn attention_by_hand() {
    for point in points("attention_by_hand") {
        let model = AttentionByHand {
            q: point.array("q"),
            k: point.array("k"),
            v: point.array("v"),
            weight: point.array("weight"),
        };
        let inputs = attention_by_hand::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub MaskedAttention<D, N> {
        param q: [N, D], v: [N, D];
        param weight: [N, D];
        let mask = iota(N)[.., new] >= iota(N);
        y = softmax(where(mask, q @ q.T, -inf), axis = 1) @ v;
        loss = sum(weight * y);
    }
}

#[test]
fn masked_attention() {
    for point in points("masked_attention") {
        let model = MaskedAttention { q: point.array("q"), v: point.array("v"), weight: point.array("weight") };
        let inputs = masked_attention::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Distances<D, K, N> {
        param x: [N, D], c: [K, D];
        param weight: [N, K];
        y = sum((x[.., new, ..] - c)^2, axis = 2);
        loss = sum(weight * y);
    }
}

#[test]
fn distances() {
    for point in points("distances") {
        let model = Distances { x: point.array("x"), c: point.array("c"), weight: point.array("weight") };
        let inputs = distances::Inputs {};
        point.check_objective(&model, &inputs);
    }
}
