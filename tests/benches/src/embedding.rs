//! (k) An embedding: 100 000 tokens of 64 numbers from 10 000 rows, value and gradient.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]

use autograd_core::float::Float;
use autograd_core::model;
use autograd_core::simd::{Kernel, Lanes};
use ndarray::{Array1, Array2};

use crate::{Entry, Workload, data, lanes};

model! {
    /// The squares of what tokens look up.
    pub Lookup<T, V, D> {
        param emb: [V, D];
        input token: [T] in V;
        loss = sum[t, d](emb[token[t], d]^2);
    }
}

pub(crate) fn entries() -> Vec<Entry> {
    let about = "100 000 tokens of 64 numbers from 10 000 rows, f32";
    let make: fn(usize) -> Box<dyn Workload> = |n| Box::new(Tokens::new(n));
    vec![Entry { name: "k/embedding", about, size: 100_000, small: 503, tolerance: 2e-5, gradient_bar: None, make }]
}

struct Tokens {
    model: Lookup<f32>,
    token: Array1<usize>,
    workspace: lookup::Workspace<f32>,
    loss: f32,
    grad: lookup::Grad<f32>,
    by_hand: f32,
    slopes: Array2<f32>,
}

impl Tokens {
    fn new(tokens: usize) -> Self {
        let (rows, columns) = (10_000, 64);
        let emb =
            data::centred(31, rows * columns, 0.5).into_shape_with_order((rows, columns)).expect("as many numbers");
        let model = Lookup { emb };
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "small"
        )]
        let token = data::units(32, tokens).map(|&u: &f64| (u * rows as f64) as usize);
        Self {
            token,
            workspace: lookup::Workspace::default(),
            loss: 0.0,
            grad: lookup::Grad::zeros(&model),
            by_hand: 0.0,
            slopes: Array2::zeros((rows, columns)),
            model,
        }
    }
}

impl Workload for Tokens {
    fn model(&mut self) {
        let inputs = lookup::Inputs { token: self.token.view() };
        let loss = self.model.loss_and_grad_into(&inputs, &mut self.workspace, &mut self.grad);
        self.loss = loss.expect("the sizes agree");
    }

    fn hand(&mut self) {
        self.by_hand = f32::dispatch(ByHand {
            emb: self.model.emb.as_slice().expect("contiguous"),
            columns: self.model.emb.ncols(),
            token: self.token.as_slice().expect("contiguous"),
            slopes: self.slopes.as_slice_mut().expect("contiguous"),
        });
    }

    fn results(&self) -> [Vec<Vec<f64>>; 2] {
        let flat = |array: &Array2<f32>| array.iter().map(|&x| f64::from(x)).collect::<Vec<f64>>();
        [
            vec![vec![f64::from(self.loss)], flat(&self.grad.emb)],
            vec![vec![f64::from(self.by_hand)], flat(&self.slopes)],
        ]
    }

    fn workspace_bytes(&self) -> usize {
        self.workspace.bytes()
    }

    fn data_bytes(&self) -> usize {
        size_of::<f32>() * 2 * self.model.emb.len() + size_of::<usize>() * self.token.len()
    }
}

struct ByHand<'a> {
    emb: &'a [f32],
    columns: usize,
    token: &'a [usize],
    slopes: &'a mut [f32],
}

impl Kernel<f32> for ByHand<'_> {
    type Output = f32;

    #[inline(always)]
    fn run<V: Lanes<f32>>(self) -> f32 {
        let Self { emb, columns, token, slopes } = self;
        slopes.fill(0.0);
        let (mut total, two) = (0.0_f64, V::splat(2.0));
        for &token in token {
            let start = token * columns;
            let [sum] = lanes::sums::<f32, V, 1>(
                columns,
                #[inline(always)]
                |at| {
                    let row = V::load(emb, start, at);
                    two.mul_add(row, V::load(slopes, start, at)).store(&mut *slopes, start, at);
                    [row * row]
                },
            );
            total += f64::from(sum);
        }
        #[allow(clippy::cast_possible_truncation, reason = "a sum in f32")]
        let total = total as f32;
        total
    }
}
