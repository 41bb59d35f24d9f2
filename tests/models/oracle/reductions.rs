//! JAX's answers: reductions. Written by `python3 tests/reference/oracle.py`: change `oracle_table.py` instead.

use super::{model, points};

model! {
    pub SumAll<D, N> {
        param x: [N, D];
        loss = sum(x * sin(x));
    }
}

#[test]
fn sum_all() {
    for point in points("sum_all") {
        let model = SumAll { x: point.array("x") };
        let inputs = sum_all::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SumNamedAxis<D, N> {
        param x: [N, D];
        param weight: [D];
        y = sum(x^2, N);
        loss = sum(weight * y);
    }
}

#[test]
fn sum_named_axis() {
    for point in points("sum_named_axis") {
        let model = SumNamedAxis { x: point.array("x"), weight: point.array("weight") };
        let inputs = sum_named_axis::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SumNumberedAxis<B, D, N> {
        param x: [B, N, D];
        param weight: [B, D];
        y = sum(exp(x), axis = 1);
        loss = sum(weight * y);
    }
}

#[test]
fn sum_numbered_axis() {
    for point in points("sum_numbered_axis") {
        let model = SumNumberedAxis { x: point.array("x"), weight: point.array("weight") };
        let inputs = sum_numbered_axis::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SumTwoAxes<B, D, N> {
        param x: [B, N, D];
        param weight: [N];
        y = sum(x^3, axis = (B, D));
        loss = sum(weight * y);
    }
}

#[test]
fn sum_two_axes() {
    for point in points("sum_two_axes") {
        let model = SumTwoAxes { x: point.array("x"), weight: point.array("weight") };
        let inputs = sum_two_axes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SumKeepingTheAxis<D, N> {
        param x: [N, D];
        param weight: [N, D];
        y = x / sum(exp(x), axis = 1, keep = true);
        loss = sum(weight * y);
    }
}

#[test]
fn sum_keeping_the_axis() {
    for point in points("sum_keeping_the_axis") {
        let model = SumKeepingTheAxis { x: point.array("x"), weight: point.array("weight") };
        let inputs = sum_keeping_the_axis::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub MeanOfRows<D, N> {
        param x: [N, D];
        param weight: [N];
        y = mean(x, D)^2;
        loss = sum(weight * y);
    }
}

#[test]
fn mean_of_rows() {
    for point in points("mean_of_rows") {
        let model = MeanOfRows { x: point.array("x"), weight: point.array("weight") };
        let inputs = mean_of_rows::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub MeanEverywhere<B, D, N> {
        param x: [B, N, D];
        loss = exp(mean(x));
    }
}

#[test]
fn mean_everywhere() {
    for point in points("mean_everywhere") {
        let model = MeanEverywhere { x: point.array("x") };
        let inputs = mean_everywhere::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Product<N> {
        param x: [N];
        loss = prod(x);
    }
}

#[test]
fn product() {
    for point in points("product") {
        let model = Product { x: point.array("x") };
        let inputs = product::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ProductOfRows<D, N> {
        param x: [N, D];
        param weight: [N];
        y = prod(x, D);
        loss = sum(weight * y);
    }
}

#[test]
fn product_of_rows() {
    for point in points("product_of_rows") {
        let model = ProductOfRows { x: point.array("x"), weight: point.array("weight") };
        let inputs = product_of_rows::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Maximum<D, N> {
        param x: [N, D];
        param weight: [N];
        y = max(x, axis = D);
        loss = sum(weight * y);
    }
}

#[test]
fn maximum() {
    for point in points("maximum") {
        let model = Maximum { x: point.array("x"), weight: point.array("weight") };
        let inputs = maximum::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Minimum<D, N> {
        param x: [N, D];
        param weight: [D];
        y = min(x, axis = 0) * max(x);
        loss = sum(weight * y);
    }
}

#[test]
fn minimum() {
    for point in points("minimum") {
        let model = Minimum { x: point.array("x"), weight: point.array("weight") };
        let inputs = minimum::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ArgmaxAsAMask<D, N> {
        param x: [N, D];
        param weight: [N, D];
        y = x^2 * (argmax(x, D)[.., new] == iota(D));
        loss = sum(weight * y);
    }
}

#[test]
fn argmax_as_a_mask() {
    for point in points("argmax_as_a_mask") {
        let model = ArgmaxAsAMask { x: point.array("x"), weight: point.array("weight") };
        let inputs = argmax_as_a_mask::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ArgminAsANumber<D, N> {
        param x: [N, D];
        param weight: [D];
        y = x[0] * argmin(x, axis = 0);
        loss = sum(weight * y);
    }
}

#[test]
fn argmin_as_a_number() {
    for point in points("argmin_as_a_number") {
        let model = ArgminAsANumber { x: point.array("x"), weight: point.array("weight") };
        let inputs = argmin_as_a_number::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Variance<N> {
        param x: [N];
        loss = var(x);
    }
}

#[test]
fn variance() {
    for point in points("variance") {
        let model = Variance { x: point.array("x") };
        let inputs = variance::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub VarianceOfColumns<D, N> {
        param x: [N, D];
        param weight: [D];
        y = var(x, N, ddof = 1);
        loss = sum(weight * y);
    }
}

#[test]
fn variance_of_columns() {
    for point in points("variance_of_columns") {
        let model = VarianceOfColumns { x: point.array("x"), weight: point.array("weight") };
        let inputs = variance_of_columns::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Deviation<D, N> {
        param x: [N, D];
        param weight: [D];
        y = std(x, axis = 0);
        loss = sum(weight * y);
    }
}

#[test]
fn deviation() {
    for point in points("deviation") {
        let model = Deviation { x: point.array("x"), weight: point.array("weight") };
        let inputs = deviation::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Standardised<D, N> {
        param x: [N, D];
        param weight: [N, D];
        y = (x - mean(x, N)) / std(x, N);
        loss = sum(weight * y);
    }
}

#[test]
fn standardised() {
    for point in points("standardised") {
        let model = Standardised { x: point.array("x"), weight: point.array("weight") };
        let inputs = standardised::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub NormOfVector<N> {
        param x: [N];
        loss = norm(x);
    }
}

#[test]
fn norm_of_vector() {
    for point in points("norm_of_vector") {
        let model = NormOfVector { x: point.array("x") };
        let inputs = norm_of_vector::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub NormOfRows<D, N> {
        param x: [N, D];
        param weight: [N, D];
        y = x / norm(x, axis = D, keep = true);
        loss = sum(weight * y);
    }
}

#[test]
fn norm_of_rows() {
    for point in points("norm_of_rows") {
        let model = NormOfRows { x: point.array("x"), weight: point.array("weight") };
        let inputs = norm_of_rows::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub RootOfSquares<N> {
        param x: [N];
        loss = sqrt(sum(x^2));
    }
}

#[test]
fn root_of_squares() {
    for point in points("root_of_squares") {
        let model = RootOfSquares { x: point.array("x") };
        let inputs = root_of_squares::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub TruthsReduced<D, N> {
        param x: [N, D];
        param weight: [N, D];
        y = x * any(x > 1, D)[.., new] + all(x > -1.5, N);
        loss = sum(weight * y);
    }
}

#[test]
fn truths_reduced() {
    for point in points("truths_reduced") {
        let model = TruthsReduced { x: point.array("x"), weight: point.array("weight") };
        let inputs = truths_reduced::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub RunningSum<N> {
        param x: [N];
        param weight: [N];
        y = cumsum(x^2);
        loss = sum(weight * y);
    }
}

#[test]
fn running_sum() {
    for point in points("running_sum") {
        let model = RunningSum { x: point.array("x"), weight: point.array("weight") };
        let inputs = running_sum::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub RunningSumOfColumns<D, N> {
        param x: [N, D];
        param weight: [N, D];
        y = sin(cumsum(x, N));
        loss = sum(weight * y);
    }
}

#[test]
fn running_sum_of_columns() {
    for point in points("running_sum_of_columns") {
        let model = RunningSumOfColumns { x: point.array("x"), weight: point.array("weight") };
        let inputs = running_sum_of_columns::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub RunningProduct<N> {
        param x: [N];
        param weight: [N];
        y = cumprod(x);
        loss = sum(weight * y);
    }
}

#[test]
fn running_product() {
    for point in points("running_product") {
        let model = RunningProduct { x: point.array("x"), weight: point.array("weight") };
        let inputs = running_product::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub RunningProductOfRows<D, N> {
        param x: [N, D];
        param weight: [N, D];
        y = cumprod(x, axis = 1) * x;
        loss = sum(weight * y);
    }
}

#[test]
fn running_product_of_rows() {
    for point in points("running_product_of_rows") {
        let model = RunningProductOfRows { x: point.array("x"), weight: point.array("weight") };
        let inputs = running_product_of_rows::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LayerNormalised<D, N> {
        param x: [N, D], gain: [D], bias: [D];
        param weight: [N, D];
        y = layer_norm(x) * gain + bias;
        loss = sum(weight * y);
    }
}

#[test]
fn layer_normalised() {
    for point in points("layer_normalised") {
        let model = LayerNormalised {
            x: point.array("x"),
            gain: point.array("gain"),
            bias: point.array("bias"),
            weight: point.array("weight"),
        };
        let inputs = layer_normalised::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub MeanSquaredError<D, N> {
        param x: [N, D];
        input t: [N, D];
        loss = mse(x, t);
    }
}

#[test]
fn mean_squared_error() {
    for point in points("mean_squared_error") {
        let t = point.array("t");
        let model = MeanSquaredError { x: point.array("x") };
        let inputs = mean_squared_error::Inputs { t: t.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub MeanAbsoluteError<D, N> {
        param x: [N, D];
        input t: [N, D];
        loss = mae(x, t);
    }
}

#[test]
fn mean_absolute_error() {
    for point in points("mean_absolute_error") {
        let t = point.array("t");
        let model = MeanAbsoluteError { x: point.array("x") };
        let inputs = mean_absolute_error::Inputs { t: t.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub HuberLoss<N> {
        param x: [N];
        input t: [N];
        param weight: [N];
        y = huber(x, t, delta = 0.7);
        loss = sum(weight * y);
    }
}

#[test]
fn huber_loss() {
    for point in points("huber_loss") {
        let t = point.array("t");
        let model = HuberLoss { x: point.array("x"), weight: point.array("weight") };
        let inputs = huber_loss::Inputs { t: t.view() };
        point.check_objective(&model, &inputs);
    }
}
