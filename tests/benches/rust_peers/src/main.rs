//! The benchmarks' workloads in candle, where it can express them: (a), (c), (d), (e).
//!
//! `peers.py --libraries jax,torch,tf1,candle` runs this beside the others; alone, it prints one JSON object a line.
//! burn is left out: its release build takes half an hour on two cores.

use std::time::Duration;

use autograd_benches::data;
use autograd_benches::measure::{Effort, in_turns};
use autograd_core::float::Float;
use candle_core::{D, Device, Result, Tensor, Var, WithDType};

fn main() -> Result<()> {
    let mut report =
        Report { effort: Effort { samples: 31, sample_time: Duration::from_millis(10) }, only: String::new() };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => report.effort = Effort { samples: 5, sample_time: Duration::from_millis(2) },
            "--only" => report.only = arguments.next().unwrap_or_default(),
            _ => {}
        }
    }
    for n in [8, 100, 10_000] {
        report.time(&format!("a/{n}"), || line(n))?;
    }
    report.time("c/f32", perceptron)?;
    report.time("d/f32", small)?;
    report.time("e/f32", fused::<f32>)?;
    report.time("e/f64", fused::<f64>)
}

struct Report {
    effort: Effort,
    only: String,
}

/// One evaluation; it returns the loss.
type Run = Box<dyn FnMut() -> Result<Tensor>>;

impl Report {
    fn time(&self, name: &str, make: impl FnOnce() -> Result<Run>) -> Result<()> {
        if !(self.only.is_empty() || self.only.split(',').any(|start| name.starts_with(start))) {
            return Ok(());
        }
        let mut run = make()?;
        let first = run()?.to_dtype(candle_core::DType::F64)?.to_scalar::<f64>()?;
        let [spread] = in_turns(
            self.effort,
            &mut run,
            |_| {},
            [|run: &mut Run| {
                run().expect("it ran before");
            }],
        );
        println!(
            r#"{{"name": "{name}", "way": "eager", "first": {first:e}, "low": {:e}, "median": {:e}, "high": {:e}, "clean": {}}}"#,
            spread.low, spread.median, spread.high, spread.is_clean
        );
        Ok(())
    }
}

fn vector(values: Vec<f32>) -> Result<Tensor> {
    let n = values.len();
    Tensor::from_vec(values, n, &Device::Cpu)
}

fn matrix(stream: u64, rows: usize, columns: usize, scale: f64) -> Result<Tensor> {
    vector(data::centred::<f32>(stream, rows * columns, scale).to_vec())?.reshape((rows, columns))
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

fn line(n: usize) -> Result<Run> {
    let x = data::units(1, n) * 20.0;
    let y = &x * 3.0 + 1.0 + data::centred::<f64>(2, n, 0.01);
    let [x, y] = [x, y].map(|values| vector(values.iter().map(|&value| value as f32).collect()));
    let (x, y) = (x?, y?);
    let zero = || Var::from_tensor(&Tensor::new(0_f32, &Device::Cpu)?);
    let params = [zero()?, zero()?];
    Ok(Box::new(move || {
        let off = (x.broadcast_mul(&params[0])?.broadcast_add(&params[1])? - &y)?;
        let loss = (off * 0.5)?.sqr()?.mean_all()?;
        descend(&loss, &params, 0.001)?;
        Ok(loss)
    }))
}

fn perceptron() -> Result<Run> {
    let (n, sizes) = (128, [784, 256, 128, 10]);
    let x = vector(data::units(14, n * 784).iter().map(|&u| u as f32).collect())?.reshape((n, 784))?;
    let label: Vec<u32> = data::units(15, n).iter().map(|&u| (10.0 * u) as u32).collect();
    let label = Tensor::from_vec(label, (n, 1), &Device::Cpu)?;
    let mut params = Vec::new();
    for layer in 0..3 {
        let (rows, columns) = (sizes[layer], sizes[layer + 1]);
        params.push(Var::from_tensor(&matrix(16 + layer as u64, rows, columns, (2.0 / rows as f64).sqrt())?)?);
        params.push(Var::from_tensor(&vector(vec![0.0; columns])?)?);
    }
    Ok(Box::new(move || {
        let layer = |x: &Tensor, i: usize| x.matmul(&params[2 * i])?.broadcast_add(&params[2 * i + 1]);
        let logits = layer(&layer(&layer(&x, 0)?.relu()?, 1)?.relu()?, 2)?;
        let picked = logits.gather(&label, 1)?.squeeze(1)?;
        let loss = (logits.log_sum_exp(D::Minus1)? - picked)?.mean_all()?;
        descend(&loss, &params, 0.01)?;
        Ok(loss)
    }))
}

fn small() -> Result<Run> {
    let x = matrix(20, 32, 2, 1.0)?;
    let y = (x.narrow(1, 0, 1)? * x.narrow(1, 1, 1)?)?;
    let params = [
        matrix(21, 2, 16, 0.5_f64.sqrt())?,
        vector(vec![0.0; 16])?,
        matrix(22, 16, 16, 0.25)?,
        vector(vec![0.0; 16])?,
        matrix(23, 16, 1, 0.25)?,
        vector(vec![0.0])?,
    ];
    let params = params.iter().map(Var::from_tensor).collect::<Result<Vec<_>>>()?;
    Ok(Box::new(move || {
        let layer = |x: &Tensor, i: usize| x.matmul(&params[2 * i])?.broadcast_add(&params[2 * i + 1]);
        let out = layer(&layer(&layer(&x, 0)?.tanh()?, 1)?.tanh()?, 2)?;
        let loss = (out - &y)?.sqr()?.mean_all()?;
        descend(&loss, &params, 0.05)?;
        Ok(loss)
    }))
}

/// In the type of numbers of `T`.
fn fused<T: Float + WithDType>() -> Result<Run> {
    let n = 1_000_000;
    let x = Var::from_tensor(&Tensor::from_vec(data::centred::<T>(6, n, 2.0).to_vec(), n, &Device::Cpu)?)?;
    let number = |value: f64| <T as Float>::from_f64(value);
    let y = data::units(7, n).iter().map(|&u| number(if u < 0.5 { -1.0 } else { 1.0 })).collect::<Vec<T>>();
    let y = Tensor::from_vec(y, n, &Device::Cpu)?;
    let param = |value: f64| Var::from_tensor(&Tensor::from_vec(vec![number(value)], 1, &Device::Cpu)?);
    let (w, b) = (param(1.5)?, param(0.3)?);
    Ok(Box::new(move || {
        let z = x.as_tensor().broadcast_mul(&w)?.broadcast_add(&b)?;
        let losses = ((y.neg()? * z)?.exp()? + 1.0)?.log()?;
        let loss = (losses + (x.tanh()?.sqr()? * 0.01)?)?.sum_all()?;
        loss.backward()?;
        Ok(loss)
    }))
}
