//! burn: tensors with recorded operations, on `flex`, the backend that its authors recommend for processors.
//!
//! Its other two are left out: `ndarray` is deprecated in favour of `flex`, and `cpu` needs an LLVM of its own, which
//! its build fetches from outside the registry.

use std::f64::consts::PI;

use autograd_core::float::Float;
use burn::tensor::activation::{log_sigmoid, log_softmax, relu, sigmoid, softmax};
use burn::tensor::module::{layer_norm, linear};
use burn::tensor::{DType, Device, Distribution, Element, Gradients, Int, Tensor, TensorData};
use rust_peers::Report;
use rust_peers::numbers::{
    DRAWN, Fused, LINE_RATE, Layer, Logistic, Mixture, Perceptron, Rows, SCRIPTS, Script, Small, chain, line,
};

/// One evaluation; it returns the loss.
type Run = Box<dyn FnMut() -> Tensor<1>>;

fn main() {
    let report = Report::from_arguments("flex", |result: &Tensor<1>| result.clone().slice([0..1]).into_scalar());
    for n in [8, 100, 10_000] {
        report.time(&format!("a/{n}"), || line_step(n));
    }
    for script in SCRIPTS {
        report.script(script.name, |steps| run_script(script, steps));
    }
    report.time("b/f32", logistic::<f32>);
    report.time("b/f64", logistic::<f64>);
    report.time("c/f32", perceptron);
    report.time("d/f32", small);
    report.time("e/f32", fused::<f32>);
    report.time("e/f64", fused::<f64>);
    report.time("f/f32", functions);
    report.time("g/f64", mixture);
    report.time("h/softmax", softmax_rows);
    report.time("h/layer-norm", layer_norm_rows);
}

/// A tensor without derivatives, in the type of its numbers.
fn tensor<T: Element, const D: usize>(values: Vec<T>, shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), (&Device::flex(), T::dtype()))
}

fn vector<T: Element>(values: Vec<T>) -> Tensor<1> {
    let n = values.len();
    tensor(values, [n])
}

/// The numbers that derivatives are taken with respect to.
fn param<const D: usize>(values: Tensor<D>) -> Tensor<D> {
    values.autodiff().require_grad()
}

/// A step down the gradient.
fn descend<const D: usize>(param: &mut Tensor<D>, grads: &mut Gradients, rate: f64) {
    let grad = param.grad_remove(grads).expect("the loss depends on it");
    *param = self::param(param.clone().inner() - grad * rate);
}

fn line_off(x: &Tensor<1>, y: &Tensor<1>, [w, b]: &[Tensor<1>; 2]) -> Tensor<1> {
    x.clone() * w.clone() + b.clone() - y.clone()
}

fn line_params() -> [Tensor<1>; 2] {
    [0, 1].map(|_| param(vector(vec![0_f32])))
}

fn line_step(n: usize) -> Run {
    let [x, y] = line(n).map(|values| vector(values).autodiff());
    let mut params = line_params();
    Box::new(move || {
        let loss = (line_off(&x, &y, &params) * 0.5).square().mean();
        let mut grads = loss.backward();
        for param in &mut params {
            descend(param, &mut grads, LINE_RATE.into());
        }
        loss
    })
}

fn run_script(script: Script, steps: usize) {
    let device = Device::flex().autodiff();
    let mut params = line_params();
    let drawn = |distribution| Tensor::<1>::random([DRAWN], distribution, (&device, DType::F32));
    for _ in 0..steps {
        let x = drawn(Distribution::Uniform(0.0, 20.0));
        let noise = drawn(Distribution::Normal(0.0, script.noise.into()));
        let y = x.clone() * script.slope + script.intercept + noise;
        let off = line_off(&x, &y, &params);
        let loss = if script.is_sum { (off.square() * 0.5).sum() } else { (off * 0.5).square().mean() };
        let mut grads = loss.backward();
        for param in &mut params {
            descend(param, &mut grads, LINE_RATE.into());
        }
    }
}

/// As burn's own binary cross entropy, which would turn the labels from integers to floats at every call.
fn logistic<T: Float + Element>() -> Run {
    let Logistic { x, y, w, b } = Logistic::<T>::new();
    let x = tensor(x, [Logistic::<T>::ROWS, Logistic::<T>::COLUMNS]).autodiff();
    let not_y = (-vector(y) + 1.0).autodiff();
    let (w, b) = (param(vector(w)), param(vector(vec![b])));
    Box::new(move || {
        let z = linear(x.clone(), w.clone().unsqueeze_dim(1), Some(b.clone())).squeeze_dim(1);
        let loss = (not_y.clone() * z.clone() - log_sigmoid(z)).mean();
        let _grads = loss.backward();
        loss
    })
}

/// The weight and the bias of each layer.
fn params(layers: [Layer; 3]) -> [(Tensor<2>, Tensor<1>); 3] {
    layers.map(|layer| (param(tensor(layer.weight, [layer.from, layer.to])), param(vector(layer.bias))))
}

fn layer(x: Tensor<2>, (weight, bias): &(Tensor<2>, Tensor<1>)) -> Tensor<2> {
    linear(x, weight.clone(), Some(bias.clone()))
}

fn descend_layers(loss: &Tensor<1>, layers: &mut [(Tensor<2>, Tensor<1>); 3], rate: f64) {
    let mut grads = loss.backward();
    for (weight, bias) in layers {
        descend(weight, &mut grads, rate);
        descend(bias, &mut grads, rate);
    }
}

fn perceptron() -> Run {
    let Perceptron { x, label, layers } = Perceptron::new();
    let x = tensor(x, [Perceptron::ROWS, Perceptron::COLUMNS]).autodiff();
    let label: Vec<i32> = label.into_iter().map(|label| label as i32).collect();
    let label = TensorData::new(label, [Perceptron::ROWS, 1]);
    let label = Tensor::<2, Int>::from_data(label, (&Device::flex().autodiff(), DType::I32));
    let mut layers = params(layers);
    Box::new(move || {
        let hidden = relu(layer(relu(layer(x.clone(), &layers[0])), &layers[1]));
        let loss = -log_softmax(layer(hidden, &layers[2]), 1).gather(1, label.clone()).mean();
        descend_layers(&loss, &mut layers, Perceptron::RATE);
        loss
    })
}

fn small() -> Run {
    let Small { x, y, layers } = Small::new();
    let x = tensor(x, [Small::ROWS, 2]).autodiff();
    let y = tensor(y, [Small::ROWS, 1]).autodiff();
    let mut layers = params(layers);
    Box::new(move || {
        let hidden = layer(layer(x.clone(), &layers[0]).tanh(), &layers[1]).tanh();
        let loss = (layer(hidden, &layers[2]) - y.clone()).square().mean();
        descend_layers(&loss, &mut layers, Small::RATE);
        loss
    })
}

fn fused<T: Float + Element>() -> Run {
    let Fused { x, w, b, y } = Fused::<T>::new();
    let [x, w, b] = [x, vec![w], vec![b]].map(|values| param(vector(values)));
    let y = vector(y).autodiff();
    Box::new(move || {
        let z = x.clone() * w.clone() + b.clone();
        let loss = ((-y.clone() * z).exp().log1p() + x.clone().tanh().square() * 0.01).sum();
        let _grads = loss.backward();
        loss
    })
}

fn functions() -> Run {
    let x = param(vector(chain()));
    Box::new(move || {
        let root = x.clone().sin().exp().atan().log1p().sqrt();
        // As `softplus`, which is seven operations; this one is whole.
        let softplus = -log_sigmoid(-sigmoid(root.tanh().cos()));
        let loss = softplus.square().sum();
        let _grads = loss.backward();
        loss
    })
}

fn mixture() -> Run {
    let Mixture { x, mu, log_sigma, logits } = Mixture::new();
    let x = vector(x).autodiff().unsqueeze_dim::<2>(1);
    let [mu, log_sigma, logits] = [mu, log_sigma, logits].map(|values| param(vector(values)));
    Box::new(move || {
        let z = (x.clone() - mu.clone().unsqueeze()) * (-log_sigma.clone()).exp().unsqueeze();
        let shift = log_softmax(logits.clone(), 0) - log_sigma.clone() - 0.5 * (2.0 * PI).ln();
        let terms = z.square() * -0.5 + shift.unsqueeze();
        let most = terms.clone().detach().max_dim(1);
        let sums = (terms - most.clone()).exp().sum_dim(1);
        let loss = -(sums.log() + most).mean();
        let _grads = loss.backward();
        loss
    })
}

fn rows(values: Vec<f32>) -> Tensor<2> {
    tensor(values, [Rows::ROWS, Rows::COLUMNS])
}

fn softmax_rows() -> Run {
    let x = rows(Rows::softmax());
    Box::new(move || softmax(x.clone(), 1).flatten(0, 1))
}

fn layer_norm_rows() -> Run {
    let [x, gain, bias] = Rows::layer_norm();
    let (x, gain, bias) = (rows(x), vector(gain), vector(bias));
    Box::new(move || layer_norm(x.clone(), gain.clone(), Some(bias.clone()), Rows::EPSILON).flatten(0, 1))
}
