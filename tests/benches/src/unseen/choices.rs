//! Choices and shares: ordered categories, shares with a Dirichlet distribution, softmax over a short axis, a mixture of
//! linear experts.

use autograd_core::float::Float;
use autograd_core::model;
use ndarray::{Array1, Array2};

use super::frame::{Gradient, Problem, Value, ask, problem, roundings};
use crate::{Case, Scale, data};

model! {
    /// Ordered categories between four thresholds.
    pub Ordinal<N, D> {
        param w: [D], first: [], gap: [3];
        input x: [N, D], label: [N] in 5;
        let inner = first + concat([zeros([1]), cumsum(exp(gap))]);
        let bounds = concat([full([1], -30), inner, full([1], 30)]);
        let z = x @ w;
        let low[i] = bounds[label[i]];
        let high[i] = bounds[label[i] + 1];
        loss = -mean(logsubexp(log_sigmoid(high - z), log_sigmoid(low - z)));
    }
}

model! {
    /// Shares with a Dirichlet distribution.
    pub Dirichlet<N, K> {
        param log_alpha: [K];
        input shares: [N, K];
        loss = -mean(dirichlet_lpdf(shares, exp(log_alpha)));
    }
}

model! {
    /// Cross-entropy of classes whose number the text leaves open.
    pub Classes<N, D, K> {
        param w: [D, K];
        input x: [N, D], label: [N] in K;
        loss = mean(cross_entropy(x @ w, label));
    }
}

model! {
    /// A mixture of linear experts with a linear gate.
    pub Experts<N, D, E> {
        param gate: [D, E], expert: [D, E];
        input x: [N, D], y: [N];
        let prediction = sum(softmax(x @ gate, E) * (x @ expert), E);
        loss = mean((prediction - y)^2);
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    add_of::<f32>(cases);
    add_of::<f64>(cases);
}

fn add_of<T: Float>(cases: &mut Vec<Case>) {
    let (questions, tolerance) = ([Value, Gradient], roundings::<T>(1000.0));
    ask(cases, "ordinal", "ordered categories, 100 000 x 10", &questions, tolerance, Steps::<T>::new);
    ask(cases, "dirichlet", "Dirichlet shares, 100 000 x 5", &questions, tolerance, Shares::<T>::new);
    ask(cases, "classes", "softmax regression, 100 000 x 20, 5 classes", &questions, tolerance, Labels::<T>::new);
    ask(cases, "experts", "8 linear experts, 100 000 x 16", &questions, tolerance, Mixed::<T>::new);
}

/// `[n]`: classes below `classes`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "few classes")]
fn labels(stream: u64, n: usize, classes: usize) -> Array1<usize> {
    data::units(stream, n).mapv(|u| (u * classes as f64) as usize)
}

/// `[n, k]`: rows of positive numbers with the sum 1.
fn shares<T: Float>(stream: u64, n: usize, k: usize) -> Array2<T> {
    let mut rows = data::units(stream, n * k).into_shape_with_order((n, k)).expect("as many numbers as places");
    for mut row in rows.rows_mut() {
        row += 0.1;
        let sum = row.sum();
        row /= sum;
    }
    rows.mapv(T::from_f64)
}

problem!(
    Steps: ordinal::Ordinal,
    |scale| { w: data::centred(70, 10, 0.3), first: T::from_f64(-1.0), gap: data::centred(71, 3, 0.2) },
    {
        x: Array2<T> = data::matrix(72, scale.pick(100_000, 203), 10, 1.0),
        label: Array1<usize> = labels(73, scale.pick(100_000, 203), 5)
    }
);
problem!(
    Shares: dirichlet::Dirichlet,
    |scale| { log_alpha: data::centred(74, 5, 0.5) },
    { shares: Array2<T> = shares(75, scale.pick(100_000, 203), 5) }
);
problem!(
    Labels: classes::Classes,
    |scale| { w: data::matrix(76, 20, 5, 0.3) },
    {
        x: Array2<T> = data::matrix(77, scale.pick(100_000, 203), 20, 1.0),
        label: Array1<usize> = labels(78, scale.pick(100_000, 203), 5)
    }
);
problem!(
    Mixed: experts::Experts,
    |scale| { gate: data::matrix(79, 16, 8, 0.3), expert: data::matrix(80, 16, 8, 0.3) },
    {
        x: Array2<T> = data::matrix(81, scale.pick(100_000, 203), 16, 1.0),
        y: Array1<T> = data::centred(82, scale.pick(100_000, 203), 1.0)
    }
);
