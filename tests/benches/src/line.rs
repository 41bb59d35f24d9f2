//! (a) Linear regression: one step with 8, 100 and 10 000 points, and whole runs of TensorFlow's and `PyTorch`'s
//! scripts, the drawing of 8 new points for every step included.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]

use autograd_core::float::Float;
use autograd_core::simd::{Kernel, Lanes};
use autograd_core::{Random, model};
use ndarray::{Array1, ArrayViewMut1};
use rand::SeedableRng;
use rand::rngs::SmallRng;

use crate::{Entry, Workload, data, lanes};

model! {
    /// The loss of TensorFlow's script.
    pub Line<N> {
        param w, b;
        input x: [N], y: [N];
        loss = mean((0.5 * (w*x + b - y))^2);
        step train(rate) {
            w := w - rate * grad(loss, w);
            b := b - rate * grad(loss, b);
        }
    }
}

model! {
    /// TensorFlow's script, whose batches have 8 points.
    pub TensorFlowLine {
        param w, b;
        input x: [8], y: [8];
        loss = mean((0.5 * (w*x + b - y))^2);
        step train(rate) {
            w := w - rate * grad(loss, w);
            b := b - rate * grad(loss, b);
        }
    }
}

model! {
    /// `PyTorch`'s script, whose batches have 8 points.
    pub TorchLine {
        param w, b;
        input x: [8], y: [8];
        loss = sum(0.5 * (w*x + b - y)^2);
        step train(rate) {
            w := w - rate * grad(loss, w);
            b := b - rate * grad(loss, b);
        }
    }
}

const RATE: f32 = 0.001;
/// The steps of a whole run, and the points that are drawn for each.
const STEPS: usize = 80_000;
const DRAWN: usize = 8;

pub(crate) fn entries() -> Vec<Entry> {
    let entry = |name, about, size, small, gradient_bar, make| Entry {
        name,
        about,
        size,
        small,
        tolerance: 2e-5,
        gradient_bar,
        make,
    };
    let step: fn(usize) -> Box<dyn Workload> = |n| Box::new(Step::new(n));
    vec![
        entry("a/8", "linear regression, a step with 8 points", 8, 8, Some(2.0), step),
        entry("a/100", "linear regression, a step with 100 points", 100, 37, Some(2.0), step),
        entry("a/10000", "linear regression, a step with 10 000 points", 10_000, 5003, Some(2.0), step),
        entry("a/tensorflow", "TensorFlow's script, 80 000 steps", STEPS, 100, None, |steps| {
            Box::new(Run::<TensorFlowLine<f32>>::new(steps))
        }),
        entry("a/pytorch", "PyTorch's script, 80 000 steps", STEPS, 100, None, |steps| {
            Box::new(Run::<TorchLine<f32>>::new(steps))
        }),
    ]
}

/// A step by hand: -> the new w and b.
#[inline]
fn step(x: &[f32], y: &[f32], [w, b]: [f32; 2], share: f32) -> [f32; 2] {
    let [dw, db] = match (x.try_into(), y.try_into()) {
        (Ok(x), Ok(y)) => slopes_of_8(x, y, [w, b]),
        _ => f32::dispatch(Slopes { x, y, w, b }),
    };
    [w - RATE * share * dw, b - RATE * share * db]
}

/// Σ r·x and Σ r, for residuals r.
#[inline]
fn slopes_of_8(x: &[f32; 8], y: &[f32; 8], [w, b]: [f32; 2]) -> [f32; 2] {
    let r: [f32; 8] = std::array::from_fn(|i| w * x[i] + b - y[i]);
    let halved = |a: [f32; 8]| -> f32 {
        let fours: [f32; 4] = std::array::from_fn(|i| a[i] + a[i + 4]);
        (fours[0] + fours[2]) + (fours[1] + fours[3])
    };
    [halved(std::array::from_fn(|i| r[i] * x[i])), halved(r)]
}

struct Slopes<'a> {
    x: &'a [f32],
    y: &'a [f32],
    w: f32,
    b: f32,
}

impl Kernel<f32> for Slopes<'_> {
    type Output = [f32; 2];

    #[inline(always)]
    fn run<V: Lanes<f32>>(self) -> [f32; 2] {
        let (w, b) = (V::splat(self.w), V::splat(self.b));
        lanes::sums::<f32, V, 2>(
            self.x.len(),
            #[inline(always)]
            |at| {
                let (x, y) = (V::load(self.x, 0, at), V::load(self.y, 0, at));
                let r = x.mul_add(w, b - y);
                [r * x, r]
            },
        )
    }
}

struct Step {
    x: Array1<f32>,
    y: Array1<f32>,
    model: Line<f32>,
    workspace: line::Workspace<f32>,
    grad: line::Grad<f32>,
    by_hand: [f32; 2],
}

impl Step {
    fn new(n: usize) -> Self {
        let x = data::units(1, n) * 20.0;
        let y = &x * 3.0 + 1.0 + data::centred::<f64>(2, n, 0.01);
        let model = Line { w: 0.0, b: 0.0 };
        Self {
            x: x.mapv(f32::from_f64),
            y: y.mapv(f32::from_f64),
            grad: line::Grad::zeros(&model),
            model,
            workspace: line::Workspace::default(),
            by_hand: [0.0; 2],
        }
    }
}

impl Workload for Step {
    fn reset(&mut self) {
        (self.model.w, self.model.b) = (0.0, 0.0);
        self.by_hand = [0.0; 2];
    }

    fn model(&mut self) {
        let inputs = line::Inputs { x: self.x.view(), y: self.y.view() };
        self.model.train_into(&inputs, RATE, &mut self.workspace).expect("the sizes agree");
    }

    #[expect(clippy::cast_precision_loss, reason = "there are few points")]
    fn hand(&mut self) {
        let (x, y) = (self.x.as_slice().expect("contiguous"), self.y.as_slice().expect("contiguous"));
        self.by_hand = step(x, y, self.by_hand, 0.5 / x.len() as f32);
    }

    fn value(&mut self) {
        let inputs = line::Inputs { x: self.x.view(), y: self.y.view() };
        std::hint::black_box(self.model.loss_into(&inputs, &mut self.workspace).expect("the sizes agree"));
    }

    fn value_and_gradient(&mut self) {
        let inputs = line::Inputs { x: self.x.view(), y: self.y.view() };
        let loss = self.model.loss_and_grad_into(&inputs, &mut self.workspace, &mut self.grad);
        std::hint::black_box(loss.expect("the sizes agree"));
    }

    fn results(&self) -> [Vec<Vec<f64>>; 2] {
        [vec![data::doubles([&self.model.w, &self.model.b])], vec![data::doubles(&self.by_hand)]]
    }

    fn workspace_bytes(&self) -> usize {
        self.workspace.bytes()
    }

    fn data_bytes(&self) -> usize {
        size_of::<f32>() * (2 * self.x.len() + 4)
    }
}

/// One of the two scripts.
trait Script {
    type Workspace: Default;
    /// y = slope·x + intercept + noise·normal
    const TRUTH: [f32; 3];
    /// What the gradient is of Σ r·x and Σ r.
    const SHARE: f32;
    fn start() -> Self;
    fn train(&mut self, x: &Array1<f32>, y: &Array1<f32>, workspace: &mut Self::Workspace);
    fn found(&self) -> [f32; 2];
    fn bytes(workspace: &Self::Workspace) -> usize;
}

macro_rules! script {
    ($model:ident, $module:ident, $truth:expr, $share:expr) => {
        impl Script for $model<f32> {
            type Workspace = $module::Workspace<f32>;
            const TRUTH: [f32; 3] = $truth;
            const SHARE: f32 = $share;

            fn start() -> Self {
                Self { w: 0.0, b: 0.0 }
            }

            #[inline]
            fn train(&mut self, x: &Array1<f32>, y: &Array1<f32>, workspace: &mut Self::Workspace) {
                let inputs = $module::Inputs { x: x.view(), y: y.view() };
                self.train_into(&inputs, RATE, workspace).expect("the sizes agree");
            }

            fn found(&self) -> [f32; 2] {
                [self.w, self.b]
            }

            fn bytes(workspace: &Self::Workspace) -> usize {
                workspace.bytes()
            }
        }
    };
}

script!(TensorFlowLine, tensor_flow_line, [3.0, 1.0, 0.01], 0.5 / 8.0);
script!(TorchLine, torch_line, [2.0, 3.0, 3.0], 1.0);

struct Run<M: Script> {
    steps: usize,
    x: Array1<f32>,
    y: Array1<f32>,
    model: M,
    workspace: M::Workspace,
    by_hand: [f32; 2],
}

impl<M: Script> Run<M> {
    fn new(steps: usize) -> Self {
        Self {
            steps,
            x: Array1::zeros(DRAWN),
            y: Array1::zeros(DRAWN),
            model: M::start(),
            workspace: M::Workspace::default(),
            by_hand: [0.0; 2],
        }
    }
}

/// Draws new points.
#[inline]
fn draw<M: Script>(random: &mut Random<f32, SmallRng>, x: &mut [f32], y: &mut [f32]) {
    let [slope, intercept, noise] = M::TRUTH;
    random.fill_uniform(&mut ArrayViewMut1::from(&mut *x), 0.0..20.0);
    random.fill_normal(&mut ArrayViewMut1::from(&mut *y), intercept, noise);
    for (x, y) in x.iter().zip(y) {
        *y += slope * x;
    }
}

impl<M: Script> Workload for Run<M> {
    fn model(&mut self) {
        let mut random = Random::new(SmallRng::seed_from_u64(1));
        self.model = M::start();
        for _ in 0..self.steps {
            let (x, y) = (self.x.as_slice_mut(), self.y.as_slice_mut());
            draw::<M>(&mut random, x.expect("contiguous"), y.expect("contiguous"));
            self.model.train(&self.x, &self.y, &mut self.workspace);
        }
    }

    fn hand(&mut self) {
        let mut random = Random::new(SmallRng::seed_from_u64(1));
        let (mut x, mut y, mut at) = ([0.0; DRAWN], [0.0; DRAWN], [0.0; 2]);
        for _ in 0..self.steps {
            draw::<M>(&mut random, &mut x, &mut y);
            at = step(&x, &y, at, M::SHARE);
        }
        self.by_hand = at;
    }

    fn results(&self) -> [Vec<Vec<f64>>; 2] {
        [vec![data::doubles(&self.model.found())], vec![data::doubles(&self.by_hand)]]
    }

    fn workspace_bytes(&self) -> usize {
        M::bytes(&self.workspace)
    }

    fn data_bytes(&self) -> usize {
        size_of::<f32>() * (2 * DRAWN + 2)
    }
}
