//! `cargo run --release -p autograd-benches --bin bound`: what models gain that are bound to their inputs.
//!
//! Loss and gradient of a line from 10 to 10 million points, computed from the points and from statistics of them, and
//! of a regression on Gaussian features, computed at every call and once. The two ways take turns in one process; times
//! are medians. `--quick` takes fewer samples, and no more than a million points.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use autograd_benches::measure::{Effort, in_turns};
use autograd_core::{Objective, model};
use ndarray::{Array1, Array2};

model! {
    /// y = w·x + b by least squares.
    Line<N> {
        param w, b;
        input x: [N], y: [N];
        loss = mean((0.5 * (w*x + b - y))^2);
    }
}

model! {
    /// A regression on Gaussian features.
    Kernels<N, M, D> {
        param w: [M];
        input x: [N, D], centre: [M, D], y: [N];
        loss = mean((exp(-sum((x[.., new] - centre)^2, D)) @ w - y)^2);
    }
}

fn main() -> ExitCode {
    let is_quick = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [option] if option == "--quick" => true,
        _ => {
            eprintln!("usage: bound [--quick]");
            return ExitCode::FAILURE;
        }
    };
    let samples = if is_quick { 7 } else { 41 };
    let effort = Effort { samples, sample_time: Duration::from_millis(2) };
    println!("{:<28} {:>12} {:>12} {:>10} {:>12}  fell back", "", "inputs", "bound", "ratio", "to bind");
    for power in 1..=if is_quick { 6 } else { 7 } {
        line(10_usize.pow(power), effort);
    }
    for rows in [100, 1000, 10_000] {
        kernels(rows, effort);
    }
    ExitCode::SUCCESS
}

/// Numbers without a pattern, between -1 and 1.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn numbers(count: usize) -> Array1<f64> {
    (0..count).map(|i| (i as f64 * 0.7 + 0.1).sin()).collect()
}

fn line(points: usize, effort: Effort) {
    let x = numbers(points);
    let y = x.mapv(|x| 3.0 * x + 1.0 + 0.3 * (17.0 * x).cos());
    let inputs = line::Inputs { x: x.view(), y: y.view() };
    let model = Line { w: 0.5, b: 0.0 };
    let start = Instant::now();
    let statistics = model.clone().bind_statistics(&inputs).expect("the sizes agree");
    let took = start.elapsed();
    let times = compare(effort, &model, &inputs, &statistics);
    row(&format!("line, {points} points"), times, took, &statistics.fell_back().to_string());
}

fn kernels(rows: usize, effort: Effort) {
    let x = numbers(rows * 8).into_shape_with_order((rows, 8)).expect("rows of 8");
    let centre: Array2<f64> = numbers(64 * 8).into_shape_with_order((64, 8)).expect("64 rows of 8");
    let y = numbers(rows);
    let inputs = kernels::Inputs { x: x.view(), centre: centre.view(), y: y.view() };
    let model = Kernels { w: numbers(64) };
    let start = Instant::now();
    let bound = model.clone().bind(&inputs).expect("the sizes agree");
    let took = start.elapsed();
    row(&format!("64 features, {rows} rows"), compare(effort, &model, &inputs, &bound), took, "");
}

/// Seconds of loss and gradient, from the inputs and bound to them.
fn compare<M: Objective, B>(effort: Effort, model: &M, inputs: &M::Inputs<'_>, bound: &B) -> [f64; 2]
where
    B: for<'a> Objective<Inputs<'a> = ()>,
{
    let mut plain = (model.zero_grad(), M::Workspace::default());
    let mut fast = (bound.zero_grad(), B::Workspace::default());
    let mut from_inputs = || {
        let _ = model.loss_and_grad_into(inputs, &mut plain.1, &mut plain.0);
    };
    let mut from_bound = || {
        let _ = bound.loss_and_grad_into(&(), &mut fast.1, &mut fast.0);
    };
    let mut both: [&mut dyn FnMut(); 2] = [&mut from_inputs, &mut from_bound];
    in_turns(effort, &mut both, |_| (), [|both| both[0](), |both| both[1]()]).map(|spread| spread.median)
}

fn row(name: &str, [plain, bound]: [f64; 2], took: Duration, fell_back: &str) {
    let micro = 1e6;
    println!(
        "{name:<28} {:>9.3} µs {:>9.3} µs {:>10.1} {:>9.1} µs  {fell_back}",
        plain * micro,
        bound * micro,
        plain / bound,
        took.as_secs_f64() * micro,
    );
}
