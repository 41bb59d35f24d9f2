//! (h) Softmax and layer normalisation of the rows of a 4096 × 1024 matrix, in `f32`.
//!
//! Both forms write to the same array: of two as large as these, one has a better place in memory than the other.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]

use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::model;
use autograd_core::simd::{Kernel, Lanes, MaxNumber, prefetch};
use ndarray::{Array1, Array2};
use rand::SeedableRng;
use rand::rngs::SmallRng;

use crate::{Entry, Workload, data, lanes};

model! {
    /// Softmax of each row.
    pub Softmax<N, D> {
        input x: [N, D];
        share = softmax(x, D);
    }
}

model! {
    /// Each row with mean 0 and variance 1, then scaled and shifted column by column.
    pub LayerNorm<N, D> {
        param gain: [D], bias: [D];
        input x: [N, D];
        out = layer_norm(x, D) * gain + bias;
    }
}

const COLUMNS: usize = 1024;

pub(crate) fn entries() -> Vec<Entry> {
    let entry =
        |name, about, make| Entry { name, about, size: 4096, small: 5, tolerance: 1e-5, gradient_bar: None, make };
    vec![
        entry("h/softmax", "softmax of the rows of 4096 x 1024", |n| Box::new(Shares::new(n))),
        entry("h/layer-norm", "layer normalisation of the rows of 4096 x 1024", |n| Box::new(Normed::new(n))),
    ]
}

struct Shares {
    x: Array2<f32>,
    model: Softmax<f32>,
    workspace: softmax::Workspace<f32>,
    share: Array2<f32>,
}

impl Shares {
    fn new(n: usize) -> Self {
        Self {
            x: data::matrix(10, n, COLUMNS, 2.0),
            model: Softmax::new(&mut SmallRng::seed_from_u64(0)),
            workspace: softmax::Workspace::default(),
            share: Array2::zeros((n, COLUMNS)),
        }
    }
}

impl Workload for Shares {
    fn model(&mut self) {
        let inputs = softmax::Inputs { x: self.x.view() };
        self.model.share_into(&inputs, &mut self.workspace, &mut self.share).expect("the sizes agree");
    }

    fn hand(&mut self) {
        f32::dispatch(SoftmaxRows {
            x: self.x.as_slice().expect("contiguous"),
            out: self.share.as_slice_mut().expect("contiguous"),
        });
    }

    fn results(&self) -> [Vec<Vec<f64>>; 2] {
        let model = self.model.share(&softmax::Inputs { x: self.x.view() }).expect("the sizes agree");
        let mut by_hand = Self::new(self.x.nrows());
        by_hand.hand();
        [vec![data::doubles(&model)], vec![data::doubles(&by_hand.share)]]
    }

    fn workspace_bytes(&self) -> usize {
        self.workspace.bytes()
    }

    fn data_bytes(&self) -> usize {
        size_of::<f32>() * 2 * self.x.len()
    }
}

struct SoftmaxRows<'a> {
    x: &'a [f32],
    out: &'a mut [f32],
}

impl Kernel<f32> for SoftmaxRows<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes<f32>>(self) {
        for (x, out) in self.x.chunks_exact(COLUMNS).zip(self.out.chunks_exact_mut(COLUMNS)) {
            let mut largest = [MaxNumber::<f32, V>::new(); 2];
            lanes::packs::<f32, V>(
                COLUMNS,
                #[inline(always)]
                |at| {
                    largest[0].push(V::load(x, 0, at), at);
                    largest.swap(0, 1);
                },
            );
            let largest = V::splat(largest[0].finish().max(largest[1].finish()));
            let [sum] = lanes::sums::<f32, V, 1>(
                COLUMNS,
                #[inline(always)]
                |at| {
                    let e = (V::load(x, 0, at) - largest).exp();
                    e.store(out, 0, at);
                    [e]
                },
            );
            let scale = V::splat(1.0 / sum);
            lanes::packs::<f32, V>(
                COLUMNS,
                #[inline(always)]
                |at| (V::load(out, 0, at) * scale).store(out, 0, at),
            );
        }
    }
}

struct Normed {
    x: Array2<f32>,
    model: LayerNorm<f32>,
    workspace: layer_norm::Workspace<f32>,
    out: Array2<f32>,
}

impl Normed {
    fn new(n: usize) -> Self {
        let gain: Array1<f32> = data::centred(12, COLUMNS, 0.1);
        Self {
            x: data::matrix(11, n, COLUMNS, 2.0),
            model: LayerNorm { gain: gain + 1.0, bias: data::centred(13, COLUMNS, 0.1) },
            workspace: layer_norm::Workspace::default(),
            out: Array2::zeros((n, COLUMNS)),
        }
    }
}

impl Workload for Normed {
    fn model(&mut self) {
        let inputs = layer_norm::Inputs { x: self.x.view() };
        self.model.out_into(&inputs, &mut self.workspace, &mut self.out).expect("the sizes agree");
    }

    fn hand(&mut self) {
        f32::dispatch(NormedRows {
            x: self.x.as_slice().expect("contiguous"),
            gain: self.model.gain.as_slice().expect("contiguous"),
            bias: self.model.bias.as_slice().expect("contiguous"),
            out: self.out.as_slice_mut().expect("contiguous"),
        });
    }

    fn results(&self) -> [Vec<Vec<f64>>; 2] {
        let model = self.model.out(&layer_norm::Inputs { x: self.x.view() }).expect("the sizes agree");
        let mut by_hand = Self::new(self.x.nrows());
        by_hand.hand();
        [vec![data::doubles(&model)], vec![data::doubles(&by_hand.out)]]
    }

    fn workspace_bytes(&self) -> usize {
        self.workspace.bytes()
    }

    fn data_bytes(&self) -> usize {
        size_of::<f32>() * (2 * self.x.len() + 2 * COLUMNS)
    }
}

struct NormedRows<'a> {
    x: &'a [f32],
    gain: &'a [f32],
    bias: &'a [f32],
    out: &'a mut [f32],
}

impl Kernel<f32> for NormedRows<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes<f32>>(self) {
        #[expect(clippy::cast_precision_loss, reason = "there are 1024")]
        let share = 1.0 / COLUMNS as f32;
        for (x, out) in self.x.chunks_exact(COLUMNS).zip(self.out.chunks_exact_mut(COLUMNS)) {
            let [sum] = lanes::sums::<f32, V, 1>(
                COLUMNS,
                #[inline(always)]
                |at| [V::load(x, 0, at)],
            );
            let mean = V::splat(sum * share);
            let [squares] = lanes::sums::<f32, V, 1>(
                COLUMNS,
                #[inline(always)]
                |at| {
                    prefetch(out, 0, at);
                    let off = V::load(x, 0, at) - mean;
                    [off * off]
                },
            );
            let scale = V::splat(1.0 / (squares * share + 1e-5).sqrt());
            lanes::packs::<f32, V>(
                COLUMNS,
                #[inline(always)]
                |at| {
                    let normed = (V::load(x, 0, at) - mean) * scale;
                    normed.mul_add(V::load(self.gain, 0, at), V::load(self.bias, 0, at)).store(out, 0, at);
                },
            );
        }
    }
}
