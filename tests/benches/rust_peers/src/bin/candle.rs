//! candle: tensors on the processor, every operation at once. It has no arctangent, so (f) is left out.

use std::f64::consts::PI;

use autograd_core::float::Float;
use candle_core::{D, DType, Device, Result, Tensor, Var, WithDType};
use candle_nn::ops;
use rust_peers::Report;
use rust_peers::numbers::{
    DRAWN, Fused, LINE_RATE, Layer, Logistic, Mixture, Perceptron, Rows, SCRIPTS, Script, Small, line,
};

/// One evaluation; it returns the loss.
type Run = Box<dyn FnMut() -> Result<Tensor>>;

fn main() {
    let report = Report::from_arguments("eager", |result| first(result).expect("a number"));
    let time = |name: &str, make: &dyn Fn() -> Result<Run>| report.time(name, || make().expect("the sizes agree"));
    for n in [8, 100, 10_000] {
        time(&format!("a/{n}"), &|| line_step(n));
    }
    for script in SCRIPTS {
        report.script(script.name, |steps| run_script(script, steps).expect("the sizes agree"));
    }
    time("b/f32", &logistic::<f32>);
    time("b/f64", &logistic::<f64>);
    time("c/f32", &perceptron);
    time("d/f32", &small);
    time("e/f32", &fused::<f32>);
    time("e/f64", &fused::<f64>);
    time("g/f64", &mixture);
    time("h/softmax", &softmax);
    time("h/layer-norm", &layer_norm);
}

fn first(result: &Result<Tensor>) -> Result<f64> {
    let result = result.as_ref().expect("the sizes agree");
    result.flatten_all()?.get(0)?.to_dtype(DType::F64)?.to_scalar()
}

fn vector<T: WithDType>(values: Vec<T>) -> Result<Tensor> {
    let n = values.len();
    Tensor::from_vec(values, n, &Device::Cpu)
}

fn variable<T: WithDType>(values: Vec<T>) -> Result<Var> {
    Var::from_tensor(&vector(values)?)
}

/// A step down the gradient.
fn descend(loss: &Tensor, params: &[Var], rate: f64) -> Result<()> {
    let grads = loss.backward()?;
    for param in params {
        if let Some(grad) = grads.get(param) {
            param.set(&(param.as_tensor() - (grad * rate)?)?)?;
        }
    }
    Ok(())
}

fn line_off(x: &Tensor, y: &Tensor, [w, b]: &[Var; 2]) -> Result<Tensor> {
    x.broadcast_mul(w)?.broadcast_add(b)? - y
}

fn line_step(n: usize) -> Result<Run> {
    let [x, y] = line(n).map(vector);
    let (x, y) = (x?, y?);
    let params = [variable(vec![0_f32])?, variable(vec![0_f32])?];
    Ok(Box::new(move || {
        let loss = (line_off(&x, &y, &params)? * 0.5)?.sqr()?.mean_all()?;
        descend(&loss, &params, LINE_RATE.into())?;
        Ok(loss)
    }))
}

fn run_script(script: Script, steps: usize) -> Result<()> {
    let params = [variable(vec![0_f32])?, variable(vec![0_f32])?];
    let [slope, intercept, noise] = [script.slope, script.intercept, script.noise].map(f64::from);
    for _ in 0..steps {
        let x = Tensor::rand(0_f32, 20.0, DRAWN, &Device::Cpu)?;
        let y = (x.affine(slope, intercept)? + (Tensor::randn(0_f32, 1.0, DRAWN, &Device::Cpu)? * noise)?)?;
        let off = line_off(&x, &y, &params)?;
        let loss = if script.is_sum { (off.sqr()? * 0.5)?.sum_all()? } else { (off * 0.5)?.sqr()?.mean_all()? };
        descend(&loss, &params, LINE_RATE.into())?;
    }
    Ok(())
}

fn logistic<T: Float + WithDType>() -> Result<Run> {
    let Logistic { x, y, w, b } = Logistic::<T>::new();
    let x = vector(x)?.reshape((Logistic::<T>::ROWS, Logistic::<T>::COLUMNS))?;
    let y = vector(y)?;
    let (w, b) = (variable(w)?, variable(vec![b])?);
    Ok(Box::new(move || {
        let z = x.matmul(&w.unsqueeze(1)?)?.squeeze(1)?.broadcast_add(&b)?;
        let softplus = (z.relu()? + (z.abs()?.neg()?.exp()? + 1.0)?.log()?)?;
        let loss = (softplus - (&y * z)?)?.mean_all()?;
        loss.backward()?;
        Ok(loss)
    }))
}

/// The weight and the bias of each layer.
fn params(layers: [Layer; 3]) -> Result<Vec<Var>> {
    let mut params = Vec::new();
    for layer in layers {
        params.push(Var::from_tensor(&vector(layer.weight)?.reshape((layer.from, layer.to))?)?);
        params.push(variable(layer.bias)?);
    }
    Ok(params)
}

fn layer(x: &Tensor, params: &[Var]) -> Result<Tensor> {
    x.matmul(&params[0])?.broadcast_add(&params[1])
}

fn perceptron() -> Result<Run> {
    let Perceptron { x, label, layers } = Perceptron::new();
    let x = vector(x)?.reshape((Perceptron::ROWS, Perceptron::COLUMNS))?;
    let label = vector(label)?.unsqueeze(1)?;
    let params = params(layers)?;
    Ok(Box::new(move || {
        let hidden = layer(&layer(&x, &params[..2])?.relu()?, &params[2..4])?.relu()?;
        let logits = layer(&hidden, &params[4..])?;
        let picked = logits.gather(&label, 1)?.squeeze(1)?;
        let loss = (logits.log_sum_exp(D::Minus1)? - picked)?.mean_all()?;
        descend(&loss, &params, Perceptron::RATE)?;
        Ok(loss)
    }))
}

fn small() -> Result<Run> {
    let Small { x, y, layers } = Small::new();
    let x = vector(x)?.reshape((Small::ROWS, 2))?;
    let y = vector(y)?.unsqueeze(1)?;
    let params = params(layers)?;
    Ok(Box::new(move || {
        let hidden = layer(&layer(&x, &params[..2])?.tanh()?, &params[2..4])?.tanh()?;
        let loss = (layer(&hidden, &params[4..])? - &y)?.sqr()?.mean_all()?;
        descend(&loss, &params, Small::RATE)?;
        Ok(loss)
    }))
}

fn fused<T: Float + WithDType>() -> Result<Run> {
    let Fused { x, w, b, y } = Fused::<T>::new();
    let (x, w, b, y) = (variable(x)?, variable(vec![w])?, variable(vec![b])?, vector(y)?);
    Ok(Box::new(move || {
        let z = x.broadcast_mul(&w)?.broadcast_add(&b)?;
        let losses = ((y.neg()? * z)?.exp()? + 1.0)?.log()?;
        let loss = (losses + (x.tanh()?.sqr()? * 0.01)?)?.sum_all()?;
        loss.backward()?;
        Ok(loss)
    }))
}

fn mixture() -> Result<Run> {
    let Mixture { x, mu, log_sigma, logits } = Mixture::new();
    let x = vector(x)?.unsqueeze(1)?;
    let (mu, log_sigma, logits) = (variable(mu)?, variable(log_sigma)?, variable(logits)?);
    Ok(Box::new(move || {
        let z = x.broadcast_sub(&mu)?.broadcast_mul(&log_sigma.neg()?.exp()?)?;
        let shift = (ops::log_softmax(&logits, 0)? - log_sigma.as_tensor())?;
        let terms = ((z.sqr()? * -0.5)?.broadcast_add(&shift)? - 0.5 * (2.0 * PI).ln())?;
        let loss = terms.log_sum_exp(1)?.mean_all()?.neg()?;
        loss.backward()?;
        Ok(loss)
    }))
}

fn rows(x: Vec<f32>) -> Result<Tensor> {
    vector(x)?.reshape((Rows::ROWS, Rows::COLUMNS))
}

fn softmax() -> Result<Run> {
    let x = rows(Rows::softmax())?;
    Ok(Box::new(move || ops::softmax_last_dim(&x)))
}

fn layer_norm() -> Result<Run> {
    let [x, gain, bias] = Rows::layer_norm();
    let (x, gain, bias) = (rows(x)?, vector(gain)?, vector(bias)?);
    Ok(Box::new(move || ops::layer_norm(&x, &gain, &bias, Rows::EPSILON as f32)))
}
