//! (c) A perceptron 784-256-128-10 with softmax cross-entropy: a whole training step on 128 rows, in `f32`.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]

use autograd_core::contract::{Contraction, Scratch, Strided, Update, contract};
use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::model;
use autograd_core::simd::{Block, Kernel, Lanes, MaxNumber};
use ndarray::{Array1, Array2};

use crate::{Entry, Workload, data, lanes};

model! {
    /// Three layers, softmax cross-entropy.
    pub Mlp<N, D, H, L, K> {
        param w1: [D, H], b1: [H];
        param w2: [H, L], b2: [L];
        param w3: [L, K], b3: [K];
        const rate = 0.01;
        input x: [N, D];
        input label: [N] in K;
        let hidden = relu(x @ w1 + b1);
        let last = relu(hidden @ w2 + b2);
        loss = mean(cross_entropy(last @ w3 + b3, label));
        step train -> loss {
            w1 := w1 - rate * grad(loss, w1);
            b1 := b1 - rate * grad(loss, b1);
            w2 := w2 - rate * grad(loss, w2);
            b2 := b2 - rate * grad(loss, b2);
            w3 := w3 - rate * grad(loss, w3);
            b3 := b3 - rate * grad(loss, b3);
        }
    }
}

const SIZES: [usize; 4] = [784, 256, 128, CLASSES];
const CLASSES: usize = 10;
const RATE: f32 = 0.01;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry {
        name: "c/f32",
        about: "perceptron 784-256-128-10, a step with 128 rows",
        size: 128,
        small: 13,
        tolerance: 1e-4,
        gradient_bar: Some(3.0),
        make: |n| Box::new(Step::new(n)),
    }]
}

struct Step {
    x: Array2<f32>,
    label: Array1<usize>,
    model: Mlp<f32>,
    workspace: mlp::Workspace<f32>,
    grad: mlp::Grad<f32>,
    loss: f32,
    by_hand: ByHand,
}

fn start() -> [(Array2<f32>, Array1<f32>); 3] {
    std::array::from_fn(|i| {
        let (rows, columns) = (SIZES[i], SIZES[i + 1]);
        #[expect(clippy::cast_precision_loss, reason = "there are few")]
        let scale = (2.0 / rows as f64).sqrt();
        (data::matrix(16 + i as u64, rows, columns, scale), Array1::zeros(columns))
    })
}

impl Step {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "classes are few")]
    fn new(n: usize) -> Self {
        let [(w1, b1), (w2, b2), (w3, b3)] = start();
        let model = Mlp { w1, b1, w2, b2, w3, b3 };
        Self {
            x: data::units(14, n * SIZES[0]).mapv(f32::from_f64).into_shape_with_order((n, SIZES[0])).expect("fits"),
            label: data::units(15, n).mapv(|u| (10.0 * u) as usize),
            workspace: mlp::Workspace::default(),
            grad: mlp::Grad::zeros(&model),
            model,
            loss: 0.0,
            by_hand: ByHand::new(n),
        }
    }
}

impl Workload for Step {
    fn reset(&mut self) {
        let [(w1, b1), (w2, b2), (w3, b3)] = start();
        self.model = Mlp { w1, b1, w2, b2, w3, b3 };
        self.by_hand.layers = start();
    }

    fn model(&mut self) {
        let inputs = mlp::Inputs { x: self.x.view(), label: self.label.view() };
        self.loss = self.model.train_into(&inputs, &mut self.workspace).expect("the sizes agree");
    }

    fn hand(&mut self) {
        self.by_hand.step(&self.x, &self.label);
    }

    fn value(&mut self) {
        let inputs = mlp::Inputs { x: self.x.view(), label: self.label.view() };
        std::hint::black_box(self.model.loss_into(&inputs, &mut self.workspace).expect("the sizes agree"));
    }

    fn value_and_gradient(&mut self) {
        let inputs = mlp::Inputs { x: self.x.view(), label: self.label.view() };
        let loss = self.model.loss_and_grad_into(&inputs, &mut self.workspace, &mut self.grad);
        std::hint::black_box(loss.expect("the sizes agree"));
    }

    fn results(&self) -> [Vec<Vec<f64>>; 2] {
        let Mlp { w1, b1, w2, b2, w3, b3 } = &self.model;
        let layers = [(w1, b1), (w2, b2), (w3, b3)];
        let model = layers.into_iter().flat_map(|(w, b)| [data::doubles(w), data::doubles(b)]);
        let hand = self.by_hand.layers.iter().flat_map(|(w, b)| [data::doubles(w), data::doubles(b)]);
        let loss = |loss: &f32| vec![data::doubles([loss])];
        [
            loss(&self.loss).into_iter().chain(model).collect(),
            loss(&self.by_hand.loss).into_iter().chain(hand).collect(),
        ]
    }

    fn workspace_bytes(&self) -> usize {
        self.workspace.bytes()
    }

    fn data_bytes(&self) -> usize {
        let parameters: usize = self.by_hand.layers.iter().map(|(w, b)| w.len() + b.len()).sum();
        size_of::<f32>() * (self.x.len() + 2 * parameters) + size_of::<usize>() * self.label.len()
    }
}

/// Activations of each layer, and their gradients times minus the rate: what the matrix products of the gradients then
/// add to the weights is the whole update.
struct ByHand {
    layers: [(Array2<f32>, Array1<f32>); 3],
    values: [Vec<f32>; 3],
    changes: [Vec<f32>; 3],
    scratch: Scratch<f32>,
    loss: f32,
}

impl ByHand {
    fn new(n: usize) -> Self {
        let buffers = || std::array::from_fn(|i| vec![0.0; n * SIZES[i + 1]]);
        Self { layers: start(), values: buffers(), changes: buffers(), scratch: Scratch::new(), loss: 0.0 }
    }

    fn step(&mut self, x: &Array2<f32>, label: &Array1<usize>) {
        let n = label.len();
        let x = x.as_slice().expect("contiguous");
        for layer in 0..3 {
            self.forward(layer, n, x);
        }
        self.loss = f32::dispatch(CrossEntropy {
            logits: &self.values[2],
            label: label.as_slice().expect("contiguous"),
            changes: &mut self.changes[2],
        });
        for layer in (0..3).rev() {
            self.backward(layer, n, x);
        }
    }

    /// The bias goes where the matrix product adds to.
    fn forward(&mut self, layer: usize, n: usize, x: &[f32]) {
        let [rows, columns] = [SIZES[layer], SIZES[layer + 1]];
        let (w, b) = &self.layers[layer];
        let (before, after) = self.values.split_at_mut(layer);
        let (from, to) = (before.last().map_or(x, Vec::as_slice), &mut after[0]);
        for row in to.chunks_exact_mut(columns) {
            row.copy_from_slice(b.as_slice().expect("contiguous"));
        }
        let (left, right) = (Strided::contiguous(from, n, rows), matrix(w));
        let shape = Contraction { batch: 1, rows: n, columns, depth: rows };
        contract(shape, left, right, to, Update::add(), &mut self.scratch);
        if layer < 2 {
            f32::dispatch(Relu(to));
        }
    }

    fn backward(&mut self, layer: usize, n: usize, x: &[f32]) {
        let [rows, columns] = [SIZES[layer], SIZES[layer + 1]];
        let (w, b) = &mut self.layers[layer];
        let (before, after) = self.changes.split_at_mut(layer);
        let changes = &after[0];
        if let Some(earlier) = before.last_mut() {
            let (left, right) = (Strided::contiguous(changes, n, columns), matrix(w).transposed());
            let shape = Contraction { batch: 1, rows: n, columns: rows, depth: columns };
            contract(shape, left, right, earlier, Update::set(), &mut self.scratch);
            f32::dispatch(ReluBack { values: &self.values[layer - 1], changes: earlier });
        }
        f32::dispatch(AddRows { rows: changes, to: b.as_slice_mut().expect("contiguous") });
        let from = if layer == 0 { x } else { &self.values[layer - 1] };
        let (left, right) = (Strided::contiguous(from, n, rows).transposed(), Strided::contiguous(changes, n, columns));
        let shape = Contraction { batch: 1, rows, columns, depth: n };
        contract(shape, left, right, w.as_slice_mut().expect("contiguous"), Update::add(), &mut self.scratch);
    }
}

fn matrix(w: &Array2<f32>) -> Strided<'_, f32> {
    Strided::contiguous(w.as_slice().expect("contiguous"), w.nrows(), w.ncols())
}

struct Relu<'a>(&'a mut [f32]);

impl Kernel<f32> for Relu<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes<f32>>(self) {
        lanes::packs::<f32, V>(
            self.0.len(),
            #[inline(always)]
            |at| V::load(self.0, 0, at).max(V::splat(0.0)).store(self.0, 0, at),
        );
    }
}

struct ReluBack<'a> {
    values: &'a [f32],
    changes: &'a mut [f32],
}

impl Kernel<f32> for ReluBack<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes<f32>>(self) {
        let zero = V::splat(0.0);
        lanes::packs::<f32, V>(
            self.changes.len(),
            #[inline(always)]
            |at| {
                let is_on = zero.lt(V::load(self.values, 0, at));
                V::select(is_on, V::load(self.changes, 0, at), zero).store(self.changes, 0, at);
            },
        );
    }
}

/// `to += Σ row`
struct AddRows<'a> {
    rows: &'a [f32],
    to: &'a mut [f32],
}

impl Kernel<f32> for AddRows<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes<f32>>(self) {
        let columns = self.to.len();
        lanes::packs::<f32, V>(
            columns,
            #[inline(always)]
            |at| {
                let mut sum = V::load(self.to, 0, at);
                for row in self.rows.chunks_exact(columns) {
                    sum = sum + V::load(row, 0, at);
                }
                sum.store(self.to, 0, at);
            },
        );
    }
}

struct CrossEntropy<'a> {
    logits: &'a [f32],
    label: &'a [usize],
    changes: &'a mut [f32],
}

impl Kernel<f32> for CrossEntropy<'_> {
    type Output = f32;

    /// A row of ten fits in one pack.
    #[inline(always)]
    fn run<V: Lanes<f32>>(self) -> f32 {
        const { assert!(V::COUNT >= CLASSES) };
        let at = Block { start: 0, live: CLASSES };
        #[expect(clippy::cast_precision_loss, reason = "there are few rows")]
        let share = 1.0 / self.label.len() as f32;
        let rows = self.logits.chunks_exact(CLASSES).zip(self.changes.chunks_exact_mut(CLASSES));
        let mut loss = 0.0;
        for ((logits, changes), &label) in rows.zip(self.label) {
            let z = V::load(logits, 0, at);
            let mut largest = MaxNumber::<f32, V>::new();
            largest.push(z, at);
            let largest = largest.finish();
            let e = lanes::live_only::<f32, V>((z - V::splat(largest)).exp(), at);
            let sum = e.sum();
            loss += sum.ln() + largest - logits[label];
            (e * V::splat(-RATE * share / sum)).store(changes, 0, at);
            changes[label] += RATE * share;
        }
        loss * share
    }
}
