//! num-dual: numbers that carry their derivatives along. What has few parameters is natural there, (a) and (g); of the
//! others, those with a derivative have from a hundred parameters to ten million.

use std::f64::consts::PI;
use std::iter::zip;

use autograd_core::Random;
use nalgebra::SVector;
use ndarray::ArrayViewMut1;
use num_dual::{DualNum, DualSVec32, DualSVec64, gradient};
use rand::SeedableRng;
use rand::rngs::SmallRng;
use rust_peers::Report;
use rust_peers::numbers::{DRAWN, LINE_RATE, Mixture, SCRIPTS, Script, line};

type Params = SVector<DualSVec32<2>, 2>;

fn main() {
    let report = Report::from_arguments("forward mode", |&loss: &f64| loss);
    for n in [8, 100, 10_000] {
        report.time(&format!("a/{n}"), || line_step(n));
    }
    for script in SCRIPTS {
        report.script(script.name, |steps| run_script(script, steps));
    }
    report.time("g/f64", mixture);
}

fn off<'a>(params: &'a Params, x: &'a [f32], y: &'a [f32]) -> impl Iterator<Item = DualSVec32<2>> {
    zip(x, y).map(|(&x, &y)| params[0] * x + params[1] - y)
}

/// `mean((0.5 * off)^2)`
fn mean_loss(params: &Params, x: &[f32], y: &[f32]) -> DualSVec32<2> {
    off(params, x, y).map(|off| (off * 0.5).powi(2)).sum::<DualSVec32<2>>() / x.len() as f32
}

/// `sum(0.5 * off^2)`
fn summed_loss(params: &Params, x: &[f32], y: &[f32]) -> DualSVec32<2> {
    off(params, x, y).map(|off| off.powi(2) * 0.5).sum()
}

fn line_step(n: usize) -> impl FnMut() -> f64 {
    let [x, y] = line(n);
    let mut params = SVector::<f32, 2>::zeros();
    move || {
        let (loss, slopes) = gradient(|params| mean_loss(&params, &x, &y), &params);
        params -= slopes * LINE_RATE;
        loss.into()
    }
}

fn run_script(script: Script, steps: usize) {
    // Drawn as `model!`'s side draws, since num-dual has nothing of its own.
    let mut random = Random::new(SmallRng::seed_from_u64(1));
    let (mut x, mut y) = ([0.0; DRAWN], [0.0; DRAWN]);
    let mut params = SVector::<f32, 2>::zeros();
    for _ in 0..steps {
        random.fill_uniform(&mut ArrayViewMut1::from(&mut x), 0.0..20.0);
        random.fill_normal(&mut ArrayViewMut1::from(&mut y), script.intercept, script.noise);
        for (x, y) in zip(&x, &mut y) {
            *y += script.slope * x;
        }
        let loss = if script.is_sum { summed_loss } else { mean_loss };
        let (_, slopes) = gradient(|params| loss(&params, &x, &y), &params);
        params -= slopes * LINE_RATE;
    }
    std::hint::black_box(params);
}

fn mixture() -> impl FnMut() -> f64 {
    const COMPONENTS: usize = Mixture::COMPONENTS;
    type Dual = DualSVec64<{ 3 * COMPONENTS }>;
    let Mixture { x, mu, log_sigma, logits } = Mixture::new();
    let params = SVector::<f64, { 3 * COMPONENTS }>::from_iterator([mu, log_sigma, logits].concat());
    move || {
        let loss = |params: SVector<Dual, { 3 * COMPONENTS }>| {
            let (mu, rest) = params.as_slice().split_at(COMPONENTS);
            let (log_sigma, logits) = rest.split_at(COMPONENTS);
            let scale: [Dual; COMPONENTS] = std::array::from_fn(|k| (-log_sigma[k]).exp());
            let total = logits.iter().map(|logit| logit.exp()).sum::<Dual>().ln();
            let shift: [Dual; COMPONENTS] =
                std::array::from_fn(|k| logits[k] - total - log_sigma[k] - 0.5 * (2.0 * PI).ln());
            let point = |&x: &f64| {
                let terms: [Dual; COMPONENTS] =
                    std::array::from_fn(|k| shift[k] - ((mu[k] - x) * scale[k]).powi(2) * 0.5);
                let most = terms.iter().map(|term| term.re).fold(f64::NEG_INFINITY, f64::max);
                terms.iter().map(|&term| (term - most).exp()).sum::<Dual>().ln() + most
            };
            -x.iter().map(point).sum::<Dual>() / x.len() as f64
        };
        gradient(loss, &params).0
    }
}
