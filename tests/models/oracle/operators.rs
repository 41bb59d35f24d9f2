//! JAX's answers: operators. Written by `python3 tests/reference/oracle.py`: change `oracle_table.py` instead.

use super::{model, points};

model! {
    pub Precedence<N> {
        param x: [N], y0: [N];
        param weight: [N];
        y = -x^2 + 2 * x / y0 - x * -y0 ^ 2;
        loss = sum(weight * y);
    }
}

#[test]
fn precedence() {
    for point in points("precedence") {
        let model = Precedence { x: point.array("x"), y0: point.array("y0"), weight: point.array("weight") };
        let inputs = precedence::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BroadcastRows<D, N> {
        param x: [N, D], b: [D];
        param weight: [N, D];
        y = x * b + b;
        loss = sum(weight * y);
    }
}

#[test]
fn broadcast_rows() {
    for point in points("broadcast_rows") {
        let model = BroadcastRows { x: point.array("x"), b: point.array("b"), weight: point.array("weight") };
        let inputs = broadcast_rows::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BroadcastColumns<D, N> {
        param x: [N, D], a: [N];
        param weight: [N, D];
        y = x / a[.., new] - a[.., new];
        loss = sum(weight * y);
    }
}

#[test]
fn broadcast_columns() {
    for point in points("broadcast_columns") {
        let model = BroadcastColumns { x: point.array("x"), a: point.array("a"), weight: point.array("weight") };
        let inputs = broadcast_columns::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BroadcastBoth<D, N> {
        param a: [N], b: [D];
        param weight: [N, D];
        y = a[.., new] * b + sin(a)[.., new];
        loss = sum(weight * y);
    }
}

#[test]
fn broadcast_both() {
    for point in points("broadcast_both") {
        let model = BroadcastBoth { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = broadcast_both::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BroadcastScalars<B, D, N> {
        param s;
        param x: [B, N, D];
        param weight: [B, N, D];
        y = s * x + x / (1 + s^2);
        loss = sum(weight * y);
    }
}

#[test]
fn broadcast_scalars() {
    for point in points("broadcast_scalars") {
        let model = BroadcastScalars { s: point.number("s"), x: point.array("x"), weight: point.array("weight") };
        let inputs = broadcast_scalars::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BroadcastMatrixOverBatch<B, D, N> {
        param x: [B, N, D], m: [N, D], v: [D];
        param weight: [B, N, D];
        y = (x - m) * v;
        loss = sum(weight * y);
    }
}

#[test]
fn broadcast_matrix_over_batch() {
    for point in points("broadcast_matrix_over_batch") {
        let model = BroadcastMatrixOverBatch {
            x: point.array("x"),
            m: point.array("m"),
            v: point.array("v"),
            weight: point.array("weight"),
        };
        let inputs = broadcast_matrix_over_batch::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LinearRegression<N> {
        param w, b;
        input x: [N], t: [N];
        loss = mean((0.5 * (w*x + b - t))^2);
    }
}

#[test]
fn linear_regression() {
    for point in points("linear_regression") {
        let x = point.array("x");
        let t = point.array("t");
        let model = LinearRegression { w: point.number("w"), b: point.number("b") };
        let inputs = linear_regression::Inputs { x: x.view(), t: t.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Conditional<N> {
        param x: [N], z: [N];
        param weight: [N];
        y = if x > z { x^2 } else { sin(z) * x };
        loss = sum(weight * y);
    }
}

#[test]
fn conditional() {
    for point in points("conditional") {
        let model = Conditional { x: point.array("x"), z: point.array("z"), weight: point.array("weight") };
        let inputs = conditional::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ConditionalOnInputs<N> {
        param x: [N];
        input t: [N];
        param weight: [N];
        y = where(t > 0 && t < 1 || t < -1, exp(x), x^3);
        loss = sum(weight * y);
    }
}

#[test]
fn conditional_on_inputs() {
    for point in points("conditional_on_inputs") {
        let t = point.array("t");
        let model = ConditionalOnInputs { x: point.array("x"), weight: point.array("weight") };
        let inputs = conditional_on_inputs::Inputs { t: t.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub GuardedLogarithm<N> {
        param x: [N];
        param weight: [N];
        y = if x > 0 { log(x) } else { -1 };
        loss = sum(weight * y);
    }
}

#[test]
fn guarded_logarithm() {
    for point in points("guarded_logarithm") {
        let model = GuardedLogarithm { x: point.array("x"), weight: point.array("weight") };
        let inputs = guarded_logarithm::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub NestedConditionals<N> {
        param x: [N];
        param weight: [N];
        y = if x < -1 { 0 } else { if x < 1 { let q = x^2; q * (1 - q/2) } else { x / 2 } };
        loss = sum(weight * y);
    }
}

#[test]
fn nested_conditionals() {
    for point in points("nested_conditionals") {
        let model = NestedConditionals { x: point.array("x"), weight: point.array("weight") };
        let inputs = nested_conditionals::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub TruthInArithmetic<N> {
        param x: [N];
        param weight: [N];
        y = (x > 0) * x^2 + !(x > 0) * exp(x);
        loss = sum(weight * y);
    }
}

#[test]
fn truth_in_arithmetic() {
    for point in points("truth_in_arithmetic") {
        let model = TruthInArithmetic { x: point.array("x"), weight: point.array("weight") };
        let inputs = truth_in_arithmetic::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ElementwiseExtremes<N> {
        param a: [N], b: [N];
        param weight: [N];
        y = max(a, b) * min(a, b, 0.5);
        loss = sum(weight * y);
    }
}

#[test]
fn elementwise_extremes() {
    for point in points("elementwise_extremes") {
        let model = ElementwiseExtremes { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = elementwise_extremes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub FunctionsOfTheModel<N> {
        param x: [N], z: [N];
        fn square(a) = a^2;
        fn bowl(a, b) { let d = a - b; square(d) + square(a) * 0.1 }
        param weight: [N];
        y = bowl(x, z) * square(z);
        loss = sum(weight * y);
    }
}

#[test]
fn functions_of_the_model() {
    for point in points("functions_of_the_model") {
        let model = FunctionsOfTheModel { x: point.array("x"), z: point.array("z"), weight: point.array("weight") };
        let inputs = functions_of_the_model::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Constants<N> {
        param x: [N];
        const c = 3 / 2;
        const d = c^2 - 1;
        param weight: [N];
        y = c * x^2 + d * sin(pi * x) + e;
        loss = sum(weight * y);
    }
}

#[test]
fn constants() {
    for point in points("constants") {
        let model = Constants { x: point.array("x"), weight: point.array("weight") };
        let inputs = constants::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ExtentsAsNumbers<D, N> {
        param x: [N, D];
        loss = sum(x^2) / (N * D) + N - sqrt(D);
    }
}

#[test]
fn extents_as_numbers() {
    for point in points("extents_as_numbers") {
        let model = ExtentsAsNumbers { x: point.array("x") };
        let inputs = extents_as_numbers::Inputs {};
        point.check_objective(&model, &inputs);
    }
}
