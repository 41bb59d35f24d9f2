//! dfdx: tensors whose shapes are types, every operation at once, gradients in memory that is used again. It has no
//! arctangent, so (f) is left out.

use std::f64::consts::PI;

use autograd_core::float::Float;
use dfdx::optim::{Optimizer, Sgd};
use dfdx::prelude::*;
use rust_peers::Report;
use rust_peers::numbers::{
    DRAWN, Fused, LINE_RATE, Layer, Logistic, Mixture, Perceptron, Rows, SCRIPTS, Script, Small, line,
};

type Scalar<T = f32> = Tensor<Rank0, T, Cpu>;
type Vector<const N: usize, T = f32> = Tensor<Rank1<N>, T, Cpu>;
type Matrix<const M: usize, const N: usize, T = f32> = Tensor<Rank2<M, N>, T, Cpu>;
/// What is computed from traced numbers.
type Traced<S, T = f32> = Tensor<S, T, Cpu, OwnedTape<T, Cpu>>;

/// One evaluation; it returns the loss.
type Run = Box<dyn FnMut() -> f64>;

fn main() {
    let report = Report::from_arguments("eager", |&first: &f64| first);
    report.time("a/8", line_step::<8>);
    report.time("a/100", line_step::<100>);
    report.time("a/10000", line_step::<10_000>);
    for script in SCRIPTS {
        report.script(script.name, |steps| run_script(script, steps));
    }
    report.time("b/f32", logistic::<f32>);
    report.time("b/f64", logistic::<f64>);
    report.time("c/f32", perceptron);
    report.time("d/f32", small);
    report.time("e/f32", fused::<f32>);
    report.time("e/f64", fused::<f64>);
    report.time("g/f64", mixture);
    report.time("h/softmax", softmax_rows);
    report.time("h/layer-norm", layer_norm_rows);
}

/// In the shape that the type says.
fn tensor<S: ConstShape, T: Unit>(values: Vec<T>) -> Tensor<S, T, Cpu> {
    Cpu::default().tensor_from_vec(values, S::default())
}

/// A loss with its gradient by `params`, and a step down it if there is a rate. `loss` is of `first`, whose trace finds
/// everything that is computed from it, and of the parameters.
fn evaluation<S: Shape, T: Dtype + Float, P: TensorCollection<T, Cpu> + 'static>(
    first: Tensor<S, T, Cpu>,
    mut params: P,
    rate: Option<f64>,
    loss: impl Fn(Traced<S, T>, &P) -> Traced<Rank0, T> + 'static,
) -> Run
where
    Cpu: Device<T>,
{
    let mut grads = Some(params.alloc_grads());
    let mut descent = rate.map(|lr| Sgd::new(&params, SgdConfig { lr, momentum: None, weight_decay: None }));
    Box::new(move || {
        let loss = loss(first.trace(grads.take().expect("put back below")), &params);
        let value = loss[[]].to_f64();
        let mut slopes = loss.backward();
        if let Some(descent) = &mut descent {
            descent.update(&mut params, &slopes).expect("the loss depends on all");
        }
        params.zero_grads(&mut slopes);
        grads = Some(slopes);
        value
    })
}

/// With a trace of its own, which joins that of `first` where the two meet.
fn also_traced<S: Shape, T: Dtype>(param: &Tensor<S, T, Cpu, impl Tape<T, Cpu>>) -> Traced<S, T> {
    param.retaped()
}

type Line = (Scalar, Scalar);

fn line_off<const N: usize>(x: Traced<Rank1<N>>, y: &Vector<N>, (w, b): &Line) -> Traced<Rank1<N>> {
    x * w.clone().broadcast::<_, Axis<0>>() + b.clone().broadcast::<_, Axis<0>>() - y.clone()
}

fn line_start() -> Line {
    (tensor(vec![0.0]), tensor(vec![0.0]))
}

fn line_step<const N: usize>() -> Run {
    let [x, y] = line(N).map(tensor::<Rank1<N>, _>);
    evaluation(x, line_start(), Some(LINE_RATE.into()), move |x, params| {
        (line_off(x, &y, params) * 0.5).square().mean()
    })
}

fn run_script(script: Script, steps: usize) {
    let device = Cpu::default();
    let mut params = line_start();
    let mut descent = Sgd::new(&params, SgdConfig { lr: LINE_RATE.into(), momentum: None, weight_decay: None });
    let mut grads = params.alloc_grads();
    for _ in 0..steps {
        let x: Vector<DRAWN> = device.sample_uniform() * 20.0;
        let noise: Vector<DRAWN> = device.sample_normal();
        let y = x.clone() * script.slope + script.intercept + noise * script.noise;
        let off = line_off(x.traced(grads), &y, &params);
        let loss = if script.is_sum { (off.square() * 0.5).sum() } else { (off * 0.5).square().mean() };
        grads = loss.backward();
        descent.update(&mut params, &grads).expect("the loss depends on both");
        params.zero_grads(&mut grads);
    }
}

fn logistic<T: Float + Dtype>() -> Run
where
    Cpu: Device<T>,
{
    let Logistic { x, y, w, b } = Logistic::<T>::new();
    let x: Matrix<{ Logistic::<f64>::ROWS }, { Logistic::<f64>::COLUMNS }, T> = tensor(x);
    let y: Vector<{ Logistic::<f64>::ROWS }, T> = tensor(y);
    let params: (Vector<{ Logistic::<f64>::COLUMNS }, T>, Scalar<T>) = (tensor(w), tensor(vec![b]));
    evaluation(x, params, None, move |x, (w, b)| {
        let z = x.matmul(w.clone().reshape::<Rank2<_, 1>>()).reshape() + b.clone().broadcast::<_, Axis<0>>();
        z.bce_with_logits(y.clone()).mean()
    })
}

/// The weight and the bias.
type Params<const FROM: usize, const TO: usize> = (Matrix<FROM, TO>, Vector<TO>);

fn params<const FROM: usize, const TO: usize>(layer: Layer) -> Params<FROM, TO> {
    (tensor(layer.weight), tensor(layer.bias))
}

fn layer<const N: usize, const FROM: usize, const TO: usize>(
    x: Traced<Rank2<N, FROM>>,
    (weight, bias): &Params<FROM, TO>,
) -> Traced<Rank2<N, TO>> {
    x.matmul(weight.clone()) + bias.clone().broadcast::<_, Axis<0>>()
}

fn perceptron() -> Run {
    let Perceptron { x, label, layers } = Perceptron::new();
    let x: Matrix<{ Perceptron::ROWS }, { Perceptron::COLUMNS }> = tensor(x);
    let label: Vector<{ Perceptron::ROWS }, usize> = tensor(label.into_iter().map(|label| label as usize).collect());
    let [first, second, last] = layers;
    let params = (params::<_, 256>(first), params::<_, 128>(second), params::<_, 10>(last));
    evaluation(x, params, Some(Perceptron::RATE), move |x, (first, second, last)| {
        let logits = layer(layer(layer(x, first).relu(), second).relu(), last);
        logits.log_softmax::<Axis<1>>().select(label.clone()).mean().negate()
    })
}

fn small() -> Run {
    let Small { x, y, layers } = Small::new();
    let x: Matrix<{ Small::ROWS }, 2> = tensor(x);
    let y: Matrix<{ Small::ROWS }, 1> = tensor(y);
    let [first, second, last] = layers;
    let params = (params::<_, 16>(first), params::<_, 16>(second), params(last));
    evaluation(x, params, Some(Small::RATE), move |x, (first, second, last)| {
        let out = layer(layer(layer(x, first).tanh(), second).tanh(), last);
        (out - y.clone()).square().mean()
    })
}

fn fused<T: Float + Dtype>() -> Run
where
    Cpu: Device<T>,
{
    let Fused { x, w, b, y } = Fused::<T>::new();
    let [x, y] = [x, y].map(tensor::<Rank1<1_000_000>, T>);
    let params: (Vector<1_000_000, T>, Scalar<T>, Scalar<T>) = (x.clone(), tensor(vec![w]), tensor(vec![b]));
    let (one, share) = (<T as Float>::from_f64(1.0), <T as Float>::from_f64(0.01));
    evaluation(x, params, None, move |x, (_, w, b)| {
        let z = also_traced(&x) * w.clone().broadcast::<_, Axis<0>>() + b.clone().broadcast::<_, Axis<0>>();
        let losses = ((z * y.clone().negate()).exp() + one).ln();
        (losses + x.tanh().square() * share).sum()
    })
}

fn mixture() -> Run {
    let Mixture { x, mu, log_sigma, logits } = Mixture::new();
    let x: Vector<100_000, f64> = tensor(x);
    type Component = Vector<{ Mixture::COMPONENTS }, f64>;
    let params: (Component, Component, Component) = (tensor(mu), tensor(log_sigma), tensor(logits));
    type Terms = Rank2<100_000, { Mixture::COMPONENTS }>;
    evaluation(x, params, None, |x, (mu, log_sigma, logits)| {
        let scale = also_traced(log_sigma).negate().exp();
        let z =
            (x.broadcast::<Terms, Axis<1>>() - mu.clone().broadcast::<_, Axis<0>>()) * scale.broadcast::<_, Axis<0>>();
        let shift = also_traced(logits).log_softmax() - log_sigma.clone() - 0.5 * (2.0 * PI).ln();
        let terms = z.square() * -0.5 + shift.broadcast::<_, Axis<0>>();
        terms.logsumexp::<_, Axis<1>>().mean().negate()
    })
}

type Column = Vector<{ Rows::COLUMNS }>;
type RowMatrix = Matrix<{ Rows::ROWS }, { Rows::COLUMNS }>;

fn softmax_rows() -> Run {
    let x: RowMatrix = tensor(Rows::softmax());
    Box::new(move || x.clone().softmax::<Axis<1>>()[[0, 0]].into())
}

fn layer_norm_rows() -> Run {
    let [x, gain, bias] = Rows::layer_norm();
    let (x, gain, bias): (RowMatrix, Column, Column) = (tensor(x), tensor(gain), tensor(bias));
    Box::new(move || {
        let normed = x.clone().normalize::<Axis<1>>(Rows::EPSILON);
        (normed * gain.clone().broadcast::<_, Axis<0>>() + bias.clone().broadcast::<_, Axis<0>>())[[0, 0]].into()
    })
}
