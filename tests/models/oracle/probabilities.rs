//! JAX's answers: probabilities. Written by `python3 tests/reference/oracle.py`: change `oracle_table.py` instead.

use super::{model, points};

model! {
    pub SoftmaxOfVector<K> {
        param z: [K];
        param weight: [K];
        y = softmax(z);
        loss = sum(weight * y);
    }
}

#[test]
fn softmax_of_vector() {
    for point in points("softmax_of_vector") {
        let model = SoftmaxOfVector { z: point.array("z"), weight: point.array("weight") };
        let inputs = softmax_of_vector::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SoftmaxOfRows<K, N> {
        param z: [N, K];
        param weight: [N, K];
        y = softmax(z, K);
        loss = sum(weight * y);
    }
}

#[test]
fn softmax_of_rows() {
    for point in points("softmax_of_rows") {
        let model = SoftmaxOfRows { z: point.array("z"), weight: point.array("weight") };
        let inputs = softmax_of_rows::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SoftmaxOfColumns<K, N> {
        param z: [N, K];
        param weight: [N, K];
        y = softmax(z, axis = 0);
        loss = sum(weight * y);
    }
}

#[test]
fn softmax_of_columns() {
    for point in points("softmax_of_columns") {
        let model = SoftmaxOfColumns { z: point.array("z"), weight: point.array("weight") };
        let inputs = softmax_of_columns::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SoftmaxWrittenOut<K, N> {
        param z: [N, K];
        param weight: [N, K];
        y = exp(z) / sum(exp(z), K)[.., new];
        loss = sum(weight * y);
    }
}

#[test]
fn softmax_written_out() {
    for point in points("softmax_written_out") {
        let model = SoftmaxWrittenOut { z: point.array("z"), weight: point.array("weight") };
        let inputs = softmax_written_out::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LogSoftmaxOfRows<K, N> {
        param z: [N, K];
        param weight: [N, K];
        y = log_softmax(z, K);
        loss = sum(weight * y);
    }
}

#[test]
fn log_softmax_of_rows() {
    for point in points("log_softmax_of_rows") {
        let model = LogSoftmaxOfRows { z: point.array("z"), weight: point.array("weight") };
        let inputs = log_softmax_of_rows::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LogarithmOfSoftmax<K, N> {
        param z: [N, K];
        param weight: [N, K];
        y = log(softmax(z, K));
        loss = sum(weight * y);
    }
}

#[test]
fn logarithm_of_softmax() {
    for point in points("logarithm_of_softmax") {
        let model = LogarithmOfSoftmax { z: point.array("z"), weight: point.array("weight") };
        let inputs = logarithm_of_softmax::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LogsumexpOfRows<K, N> {
        param z: [N, K];
        param weight: [N];
        y = logsumexp(z, K);
        loss = sum(weight * y);
    }
}

#[test]
fn logsumexp_of_rows() {
    for point in points("logsumexp_of_rows") {
        let model = LogsumexpOfRows { z: point.array("z"), weight: point.array("weight") };
        let inputs = logsumexp_of_rows::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LogsumexpOfAll<K, N> {
        param z: [N, K];
        loss = logsumexp(z);
    }
}

#[test]
fn logsumexp_of_all() {
    for point in points("logsumexp_of_all") {
        let model = LogsumexpOfAll { z: point.array("z") };
        let inputs = logsumexp_of_all::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LogsumexpWrittenOut<K, N> {
        param z: [N, K];
        param weight: [K];
        y = log(sum(exp(z), N));
        loss = sum(weight * y);
    }
}

#[test]
fn logsumexp_written_out() {
    for point in points("logsumexp_written_out") {
        let model = LogsumexpWrittenOut { z: point.array("z"), weight: point.array("weight") };
        let inputs = logsumexp_written_out::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub CrossEntropyOfClasses<K, N> {
        param z: [N, K];
        input label: [N] in K;
        param weight: [N];
        y = cross_entropy(z, label);
        loss = sum(weight * y);
    }
}

#[test]
fn cross_entropy_of_classes() {
    for point in points("cross_entropy_of_classes") {
        let label = point.classes("label");
        let model = CrossEntropyOfClasses { z: point.array("z"), weight: point.array("weight") };
        let inputs = cross_entropy_of_classes::Inputs { label: label.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub CrossEntropyOfProbabilities<K, N> {
        param z: [N, K];
        input p: [N, K];
        param weight: [N];
        y = cross_entropy(z, p);
        loss = sum(weight * y);
    }
}

#[test]
fn cross_entropy_of_probabilities() {
    for point in points("cross_entropy_of_probabilities") {
        let p = point.array("p");
        let model = CrossEntropyOfProbabilities { z: point.array("z"), weight: point.array("weight") };
        let inputs = cross_entropy_of_probabilities::Inputs { p: p.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub CrossEntropyOfOneRow<K> {
        param z: [K];
        input label in K;
        loss = cross_entropy(z, label);
    }
}

#[test]
fn cross_entropy_of_one_row() {
    for point in points("cross_entropy_of_one_row") {
        let model = CrossEntropyOfOneRow { z: point.array("z") };
        let inputs = cross_entropy_of_one_row::Inputs { label: point.class("label") };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BinaryCrossEntropy<N> {
        param z: [N];
        input t: [N];
        loss = mean(bce_with_logits(z, t));
    }
}

#[test]
fn binary_cross_entropy() {
    for point in points("binary_cross_entropy") {
        let t = point.array("t");
        let model = BinaryCrossEntropy { z: point.array("z") };
        let inputs = binary_cross_entropy::Inputs { t: t.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Entropy<K, N> {
        param z: [N, K];
        param weight: [N];
        let p = softmax(z, K);
        y = -sum(xlogy(p, p), K);
        loss = sum(weight * y);
    }
}

#[test]
fn entropy() {
    for point in points("entropy") {
        let model = Entropy { z: point.array("z"), weight: point.array("weight") };
        let inputs = entropy::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Divergence<K, N> {
        param z: [N, K], w: [N, K];
        let p = log_softmax(z, K);
        loss = sum(exp(p) * (p - log_softmax(w, K)));
    }
}

#[test]
fn divergence() {
    for point in points("divergence") {
        let model = Divergence { z: point.array("z"), w: point.array("w") };
        let inputs = divergence::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub OneHotRows<D, K, N> {
        param w: [K, D];
        input label: [N] in K;
        param weight: [N, D];
        y = one_hot(label, K) @ w;
        loss = sum(weight * y);
    }
}

#[test]
fn one_hot_rows() {
    for point in points("one_hot_rows") {
        let label = point.classes("label");
        let model = OneHotRows { w: point.array("w"), weight: point.array("weight") };
        let inputs = one_hot_rows::Inputs { label: label.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub GaussianLikelihood<N> {
        param mu, log_sigma;
        input t: [N];
        loss = mean(0.5 * ((t - mu) / exp(log_sigma))^2 + log_sigma + 0.5 * log(2*pi));
    }
}

#[test]
fn gaussian_likelihood() {
    for point in points("gaussian_likelihood") {
        let t = point.array("t");
        let model = GaussianLikelihood { mu: point.number("mu"), log_sigma: point.number("log_sigma") };
        let inputs = gaussian_likelihood::Inputs { t: t.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BetaLikelihood<N> {
        param a, b;
        input t: [N];
        loss = mean((a - 1) * log(t) + (b - 1) * log1p(-t) - lgamma(a) - lgamma(b) + lgamma(a + b));
    }
}

#[test]
fn beta_likelihood() {
    for point in points("beta_likelihood") {
        let t = point.array("t");
        let model = BetaLikelihood { a: point.number("a"), b: point.number("b") };
        let inputs = beta_likelihood::Inputs { t: t.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub MixtureLikelihood<K, N> {
        param mu: [K], log_weight: [K];
        input t: [N];
        loss = mean(logsumexp(log_softmax(log_weight) - 0.5 * (t[.., new] - mu)^2, K));
    }
}

#[test]
fn mixture_likelihood() {
    for point in points("mixture_likelihood") {
        let t = point.array("t");
        let model = MixtureLikelihood { mu: point.array("mu"), log_weight: point.array("log_weight") };
        let inputs = mixture_likelihood::Inputs { t: t.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub FocalLoss<K, N> {
        param z: [N, K];
        input label: [N] in K;
        let c = cross_entropy(z, label);
        loss = mean((1 - exp(-c))^2 * c);
    }
}

#[test]
fn focal_loss() {
    for point in points("focal_loss") {
        let label = point.classes("label");
        let model = FocalLoss { z: point.array("z") };
        let inputs = focal_loss::Inputs { label: label.view() };
        point.check_objective(&model, &inputs);
    }
}
