//! What the models cost, as ratios to the same by hand: `cargo run --release -p gradbench --bin measure [-- NAME]`.
//!
//! All on one thread. A time is the least of all runs in a third of a second, so that another load matters little; every
//! result is compared.

use std::time::{Duration, Instant};

use gradbench::evals::{gmm, kmeans, llsq, lse};
use gradbench::hand;
use ndarray::{Array, ShapeBuilder};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// How long each is run.
const TIME: Duration = Duration::from_millis(300);

fn main() {
    gradbench::on_one_thread();
    let only = std::env::args().nth(1);
    let evals: [(&str, fn()); 4] = [("lse", all_lse), ("llsq", all_llsq), ("kmeans", all_kmeans), ("gmm", all_gmm)];
    println!("{:28} {:>12} {:>12} {:>7}", "", "by hand", "model", "ratio");
    for (_, measure) in evals.into_iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name)) {
        measure();
    }
}

fn numbers<S: ShapeBuilder>(seed: u64, shape: S, low: f64, high: f64) -> Array<f64, S::Dim> {
    let mut random = StdRng::seed_from_u64(seed);
    Array::from_shape_simple_fn(shape, || random.random_range(low..high))
}

/// The least time of a run.
fn least(mut run: impl FnMut()) -> f64 {
    run();
    let (start, mut best) = (Instant::now(), f64::INFINITY);
    while start.elapsed() < TIME {
        let one = Instant::now();
        run();
        best = best.min(one.elapsed().as_secs_f64());
    }
    best
}

/// Measures both, by turns, and compares their results.
fn row(name: &str, mut by_hand: impl FnMut() -> Vec<f64>, mut model: impl FnMut() -> Vec<f64>) {
    let (expected, found) = (by_hand(), model());
    let scale = expected.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    let off = expected.iter().zip(&found).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(expected.len() == found.len() && off <= 1e-9 * scale, "{name} is {off:e} off, of {scale:e}");
    let (mut first, mut second) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..2 {
        first = first.min(least(|| drop(std::hint::black_box(by_hand()))));
        second = second.min(least(|| drop(std::hint::black_box(model()))));
    }
    println!("{name:28} {:>9.2} µs {:>9.2} µs {:>7.2}", first * 1e6, second * 1e6, second / first);
}

fn all_lse() {
    for n in [2500, 40_000, 1_280_000] {
        let x = numbers(1, n, 0.0, 1.0);
        let slice = x.to_vec();
        let mut state = lse::State::new(x);
        let mut out = vec![0.0; n];
        let value = |state: &mut lse::State| {
            state.primal().expect("the sizes fit");
            vec![state.value]
        };
        row(&format!("lse {n} primal"), || vec![hand::lse(&slice)], || value(&mut state));
        let ends = |out: &[f64]| vec![out[0], out[out.len() / 2], out[out.len() - 1]];
        row(
            &format!("lse {n} gradient"),
            || {
                hand::lse_gradient(&slice, &mut out);
                ends(&out)
            },
            || {
                state.gradient().expect("the sizes fit");
                ends(state.grad.x.as_slice().expect("in order"))
            },
        );
    }
}

fn all_llsq() {
    for n in [128, 1024, 16_392] {
        let x = numbers(2, 128, -1.0, 1.0);
        let slice = x.to_vec();
        let mut state = llsq::State::new(x, n);
        let mut out = vec![0.0; slice.len()];
        row(
            &format!("llsq {n} primal"),
            || vec![hand::llsq(&slice, n)],
            || {
                state.primal().expect("the sizes fit");
                vec![state.value]
            },
        );
        row(
            &format!("llsq {n} gradient"),
            || {
                hand::llsq_gradient(&slice, n, &mut out);
                out.clone()
            },
            || {
                state.gradient().expect("the sizes fit");
                state.grad.x.to_vec()
            },
        );
    }
}

fn all_kmeans() {
    for (k, n, d) in [(10, 1000, 8), (100, 10_000, 8), (100, 1000, 16), (1000, 10_000, 16)] {
        let (c, points) = (numbers(3, (k, d), -1.0, 1.0), numbers(4, (n, d), -1.0, 1.0));
        let (centroids, flat) = (c.iter().copied().collect::<Vec<_>>(), points.iter().copied().collect::<Vec<_>>());
        let mut state = kmeans::State::new(c, points);
        let (mut second, mut out) = (vec![0.0; k * d], vec![0.0; k * d]);
        row(
            &format!("kmeans {k}x{n}x{d} cost"),
            || vec![hand::kmeans(&centroids, &flat, d)],
            || {
                state.cost().expect("the sizes fit");
                vec![state.value]
            },
        );
        let finite = |out: &[f64]| out.iter().map(|x| if x.is_nan() { 0.0 } else { *x }).collect::<Vec<_>>();
        row(
            &format!("kmeans {k}x{n}x{d} dir"),
            || {
                hand::kmeans_direction(&centroids, &flat, d, &mut second, &mut out);
                finite(&out)
            },
            || {
                state.dir().expect("the sizes fit");
                finite(state.direction.as_slice().expect("in order"))
            },
        );
    }
}

fn all_gmm() {
    for (d, k) in [(2, 5), (10, 25), (20, 50), (64, 10)] {
        let n = 1000;
        let model = gmm::Gmm {
            alpha: numbers(5, k, -1.0, 1.0),
            mu: numbers(6, (k, d), -1.0, 1.0),
            q: numbers(7, (k, d), -1.0, 1.0),
            l: numbers(8, (k, d * (d - 1) / 2), -1.0, 1.0),
        };
        let x = numbers(9, (n, d), -1.0, 1.0);
        let flat = |array: &ndarray::Array2<f64>| array.iter().copied().collect::<Vec<f64>>();
        let (alpha, mu, q, l) = (model.alpha.to_vec(), flat(&model.mu), flat(&model.q), flat(&model.l));
        let mixture = hand::Mixture { d, alpha: &alpha, mu: &mu, q: &q, l: &l, gamma: 1.0, m: 0.0 };
        let points = flat(&x);
        let mut state = gmm::State::new(model, x, 1.0, 0.0);
        let (mut scratch, mut out) = (hand::Scratch::default(), hand::MixtureGradient::default());
        row(
            &format!("gmm {d}x{k} objective"),
            || vec![hand::gmm(&mixture, &points, &mut scratch)],
            || {
                state.objective().expect("the sizes fit");
                vec![state.value]
            },
        );
        let joined = |parts: [&[f64]; 4]| parts.concat();
        row(
            &format!("gmm {d}x{k} jacobian"),
            || {
                hand::gmm_gradient(&mixture, &points, &mut out);
                joined([&out.alpha, &out.mu, &out.q, &out.l])
            },
            || {
                state.jacobian().expect("the sizes fit");
                let grad = &state.grad;
                let slice = |array: &ndarray::Array2<f64>| flat(array);
                joined([grad.alpha.as_slice().expect("in order"), &slice(&grad.mu), &slice(&grad.q), &slice(&grad.l)])
            },
        );
    }
}
