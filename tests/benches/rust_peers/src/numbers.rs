//! The numbers that the workloads start from, as in `autograd_benches`; matrices lie row by row.

#![allow(clippy::new_without_default, reason = "no numbers are more natural than others")]

use autograd_benches::data;
use autograd_core::float::Float;

/// One of the two scripts, `a/tensorflow` and `a/pytorch`.
#[derive(Clone, Copy)]
pub struct Script {
    pub name: &'static str,
    /// The data are `slope * x + intercept + noise * normal`.
    pub slope: f32,
    pub intercept: f32,
    pub noise: f32,
    /// Whether the loss is `sum(0.5 * off^2)`; else it is `mean((0.5 * off)^2)`.
    pub is_sum: bool,
}

pub const SCRIPTS: [Script; 2] = [
    Script { name: "a/tensorflow", slope: 3.0, intercept: 1.0, noise: 0.01, is_sum: false },
    Script { name: "a/pytorch", slope: 2.0, intercept: 3.0, noise: 3.0, is_sum: true },
];

/// The points drawn for a step of a script.
pub const DRAWN: usize = 8;

/// The rate of the descents along a line.
pub const LINE_RATE: f32 = 0.001;

/// (a) x and y.
pub fn line(n: usize) -> [Vec<f32>; 2] {
    let x = data::units(1, n) * 20.0;
    let y = &x * 3.0 + 1.0 + data::centred::<f64>(2, n, 0.01);
    [x, y].map(|values| values.iter().map(|&value| value as f32).collect())
}

/// (b)
pub struct Logistic<T> {
    /// `[ROWS, COLUMNS]`
    pub x: Vec<T>,
    /// 0 or 1
    pub y: Vec<T>,
    pub w: Vec<T>,
    pub b: T,
}

impl<T: Float> Logistic<T> {
    pub const ROWS: usize = 100_000;
    pub const COLUMNS: usize = 100;

    pub fn new() -> Self {
        Self {
            x: centred(3, Self::ROWS * Self::COLUMNS, 1.0),
            y: signs(4, Self::ROWS, [1.0, 0.0]),
            w: centred(5, Self::COLUMNS, 0.1),
            b: T::from_f64(0.1),
        }
    }
}

/// A layer of a perceptron.
pub struct Layer {
    /// `[from, to]`
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
    pub from: usize,
    pub to: usize,
}

impl Layer {
    fn new(stream: u64, from: usize, to: usize, scale: f64) -> Self {
        Self { weight: centred(stream, from * to, scale), bias: vec![0.0; to], from, to }
    }
}

/// (c)
pub struct Perceptron {
    /// `[ROWS, 784]`
    pub x: Vec<f32>,
    /// 0 to 9
    pub label: Vec<u32>,
    pub layers: [Layer; 3],
}

impl Perceptron {
    pub const ROWS: usize = 128;
    pub const COLUMNS: usize = 784;
    pub const RATE: f64 = 0.01;

    pub fn new() -> Self {
        let layer = |stream, from, to| Layer::new(stream, from, to, (2.0 / from as f64).sqrt());
        Self {
            x: data::units(14, Self::ROWS * Self::COLUMNS).iter().map(|&u| u as f32).collect(),
            label: data::units(15, Self::ROWS).iter().map(|&u| (10.0 * u) as u32).collect(),
            layers: [layer(16, Self::COLUMNS, 256), layer(17, 256, 128), layer(18, 128, 10)],
        }
    }
}

/// (d)
pub struct Small {
    /// `[ROWS, 2]`
    pub x: Vec<f32>,
    pub y: Vec<f32>,
    pub layers: [Layer; 3],
}

impl Small {
    pub const ROWS: usize = 32;
    pub const RATE: f64 = 0.05;

    pub fn new() -> Self {
        let x: Vec<f32> = centred(20, 2 * Self::ROWS, 1.0);
        Self {
            y: x.chunks_exact(2).map(|row| row[0] * row[1]).collect(),
            x,
            layers: [Layer::new(21, 2, 16, 0.5_f64.sqrt()), Layer::new(22, 16, 16, 0.25), Layer::new(23, 16, 1, 0.25)],
        }
    }
}

/// (e)
pub struct Fused<T> {
    pub x: Vec<T>,
    pub w: T,
    pub b: T,
    /// -1 or 1
    pub y: Vec<T>,
}

impl<T: Float> Fused<T> {
    pub fn new() -> Self {
        let n = 1_000_000;
        Self { x: centred(6, n, 2.0), w: T::from_f64(1.5), b: T::from_f64(0.3), y: signs(7, n, [-1.0, 1.0]) }
    }
}

/// (f)
pub fn chain() -> Vec<f32> {
    centred(8, 10_000_000, 3.0)
}

/// (g)
pub struct Mixture {
    pub x: Vec<f64>,
    pub mu: Vec<f64>,
    pub log_sigma: Vec<f64>,
    pub logits: Vec<f64>,
}

impl Mixture {
    pub const COMPONENTS: usize = 10;

    pub fn new() -> Self {
        let by_component = |f: fn(f64) -> f64| (0..Self::COMPONENTS).map(|k| f(k as f64)).collect();
        Self {
            x: centred(9, 100_000, 3.0),
            mu: by_component(|k| -3.0 + k * 6.0 / 9.0),
            log_sigma: by_component(|k| -0.2 + 0.05 * k),
            logits: by_component(|k| 0.1 * k),
        }
    }
}

/// (h), `[ROWS, COLUMNS]`
pub struct Rows;

impl Rows {
    pub const ROWS: usize = 4096;
    pub const COLUMNS: usize = 1024;
    pub const EPSILON: f64 = 1e-5;

    pub fn softmax() -> Vec<f32> {
        centred(10, Self::ROWS * Self::COLUMNS, 2.0)
    }

    /// x, gain, bias
    pub fn layer_norm() -> [Vec<f32>; 3] {
        let gain = data::centred::<f32>(12, Self::COLUMNS, 0.1) + 1.0;
        [centred(11, Self::ROWS * Self::COLUMNS, 2.0), gain.to_vec(), centred(13, Self::COLUMNS, 0.1)]
    }
}

fn centred<T: Float>(stream: u64, n: usize, scale: f64) -> Vec<T> {
    data::centred(stream, n, scale).to_vec()
}

/// The first of two values in half of the places, at random.
fn signs<T: Float>(stream: u64, n: usize, [below, above]: [f64; 2]) -> Vec<T> {
    data::units(stream, n).iter().map(|&u| T::from_f64(if u < 0.5 { below } else { above })).collect()
}
