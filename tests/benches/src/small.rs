//! (d) A small perceptron 2-16-16-1 with tanh: a whole step on a batch of 32, mean squared error, in `f32`.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]
#![allow(clippy::needless_range_loop, reason = "loops of known length, over several arrays at once")]

use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::model;
use autograd_core::simd::{Block, Kernel, Lanes};
use ndarray::{Array1, Array2};

use crate::{Entry, Workload, data};

model! {
    /// Two hidden layers of 16, one number out.
    pub Small {
        param w1: [2, 16], b1: [16];
        param w2: [16, 16], b2: [16];
        param w3: [16], b3;
        const rate = 0.05;
        input x: [32, 2], y: [32];
        let hidden = tanh(x @ w1 + b1);
        let last = tanh(hidden @ w2 + b2);
        loss = mean((last @ w3 + b3 - y)^2);
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

const RATE: f32 = 0.05;
const BATCH: usize = 32;
/// One in the batch.
const SHARE: f32 = 1.0 / 32.0;
const WIDTH: usize = 16;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry {
        name: "d/f32",
        about: "perceptron 2-16-16-1, a step with 32 rows",
        size: BATCH,
        small: BATCH,
        tolerance: 1e-4,
        gradient_bar: Some(3.0),
        make: |_| Box::new(Step::new()),
    }]
}

struct Step {
    x: Array2<f32>,
    y: Array1<f32>,
    model: Small<f32>,
    workspace: small::Workspace<f32>,
    grad: small::Grad<f32>,
    loss: f32,
    hand: Parameters,
    hand_loss: f32,
}

fn start() -> Small<f32> {
    Small {
        w1: data::matrix(21, 2, WIDTH, 0.5_f64.sqrt()),
        b1: Array1::zeros(WIDTH),
        w2: data::matrix(22, WIDTH, WIDTH, 0.25),
        b2: Array1::zeros(WIDTH),
        w3: data::centred(23, WIDTH, 0.25),
        b3: 0.0,
    }
}

impl Step {
    fn new() -> Self {
        let x: Array2<f32> = data::matrix(20, BATCH, 2, 1.0);
        let model = start();
        Self {
            y: x.column(0).to_owned() * x.column(1),
            x,
            workspace: small::Workspace::default(),
            grad: small::Grad::zeros(&model),
            hand: Parameters::of(&model),
            model,
            loss: 0.0,
            hand_loss: 0.0,
        }
    }
}

impl Workload for Step {
    fn reset(&mut self) {
        self.model = start();
        self.hand = Parameters::of(&self.model);
    }

    fn model(&mut self) {
        let inputs = small::Inputs { x: self.x.view(), y: self.y.view() };
        self.loss = self.model.train_into(&inputs, &mut self.workspace).expect("the sizes agree");
    }

    fn hand(&mut self) {
        let (x, y) = (self.x.as_slice().expect("contiguous"), self.y.as_slice().expect("contiguous"));
        let (x, y) = (x.try_into().expect("32 rows of 2"), y.try_into().expect("32"));
        self.hand_loss = f32::dispatch(Train { x, y, parameters: &mut self.hand });
    }

    fn value(&mut self) {
        let inputs = small::Inputs { x: self.x.view(), y: self.y.view() };
        std::hint::black_box(self.model.loss_into(&inputs, &mut self.workspace).expect("the sizes agree"));
    }

    fn value_and_gradient(&mut self) {
        let inputs = small::Inputs { x: self.x.view(), y: self.y.view() };
        let loss = self.model.loss_and_grad_into(&inputs, &mut self.workspace, &mut self.grad);
        std::hint::black_box(loss.expect("the sizes agree"));
    }

    fn results(&self) -> [Vec<Vec<f64>>; 2] {
        let arrays = |p: &Parameters| {
            [&p.w1[0], &p.w1[1], &p.b1, &p.b2, &p.w3].into_iter().chain(&p.w2).map(data::doubles).collect::<Vec<_>>()
        };
        let numbers = |loss: f32, b3: f32| vec![f64::from(loss)].into_iter().chain([f64::from(b3)]).collect();
        let with = |p: &Parameters, loss| [vec![numbers(loss, p.b3)], arrays(p)].concat();
        [with(&Parameters::of(&self.model), self.loss), with(&self.hand, self.hand_loss)]
    }

    fn workspace_bytes(&self) -> usize {
        self.workspace.bytes()
    }

    fn data_bytes(&self) -> usize {
        size_of::<f32>() * 3 * BATCH + 2 * size_of::<Parameters>()
    }
}

/// Everything on the stack, each array the size it has.
#[derive(Clone, Copy)]
struct Parameters {
    w1: [[f32; WIDTH]; 2],
    b1: [f32; WIDTH],
    w2: [[f32; WIDTH]; WIDTH],
    b2: [f32; WIDTH],
    w3: [f32; WIDTH],
    b3: f32,
}

impl Parameters {
    fn of(model: &Small<f32>) -> Self {
        let row = |array: ndarray::ArrayView1<f32>| std::array::from_fn(|j| array[j]);
        Self {
            w1: std::array::from_fn(|i| row(model.w1.row(i))),
            b1: row(model.b1.view()),
            w2: std::array::from_fn(|i| row(model.w2.row(i))),
            b2: row(model.b2.view()),
            w3: row(model.w3.view()),
            b3: model.b3,
        }
    }
}

struct Train<'a> {
    x: &'a [f32; 2 * BATCH],
    y: &'a [f32; BATCH],
    parameters: &'a mut Parameters,
}

/// Rows that are worked on side by side, so that none waits for itself.
const SIDE_BY_SIDE: usize = 4;

impl Kernel<f32> for Train<'_> {
    type Output = f32;

    /// The 16 units of a layer are the 16 lanes of a pack. What runs back is the gradient times minus the rate, so the
    /// sums are what the parameters change by.
    #[inline(always)]
    fn run<V: Lanes<f32>>(self) -> f32 {
        assert!(V::COUNT == WIDTH, "one register a pack");
        let Self { x, y, parameters: p } = self;
        let at = Block { start: 0, live: WIDTH };
        let (zero, one) = (V::splat(0.0), V::splat(1.0));
        let transposed: [[f32; WIDTH]; WIDTH] = std::array::from_fn(|j| std::array::from_fn(|k| p.w2[k][j]));
        let (w1, w3) = ([pack::<V>(&p.w1[0]), pack::<V>(&p.w1[1])], pack::<V>(&p.w3));
        let (b1, b2) = (pack::<V>(&p.b1), pack::<V>(&p.b2));
        let (mut d_w1, mut d_b1, mut d_w2, mut d_b2) = ([zero; 2], zero, [zero; WIDTH], zero);
        let (mut d_w3, mut d_b3, mut loss) = (zero, 0.0, 0.0);

        for start in (0..BATCH).step_by(SIDE_BY_SIDE) {
            let (mut hidden, mut last) = ([zero; SIDE_BY_SIDE], [b2; SIDE_BY_SIDE]);
            let (mut lanes, mut back_lanes) = ([[0.0; WIDTH]; SIDE_BY_SIDE], [[0.0; WIDTH]; SIDE_BY_SIDE]);
            for s in 0..SIDE_BY_SIDE {
                let inputs = [V::splat(x[2 * (start + s)]), V::splat(x[2 * (start + s) + 1])];
                hidden[s] = inputs[0].mul_add(w1[0], inputs[1].mul_add(w1[1], b1)).tanh();
                hidden[s].store(&mut lanes[s], 0, at);
            }
            for k in 0..WIDTH {
                let w = pack::<V>(&p.w2[k]);
                for s in 0..SIDE_BY_SIDE {
                    last[s] = V::splat(lanes[s][k]).mul_add(w, last[s]);
                }
            }
            for s in 0..SIDE_BY_SIDE {
                let value = last[s].tanh();
                let miss = (value * w3).sum() + p.b3 - y[start + s];
                loss += miss * miss;
                let back = miss * (-2.0 * RATE * SHARE);
                d_b3 += back;
                d_w3 = V::splat(back).mul_add(value, d_w3);
                last[s] = V::splat(back) * w3 * (one - value * value);
                d_b2 = d_b2 + last[s];
                last[s].store(&mut back_lanes[s], 0, at);
            }
            for k in 0..WIDTH {
                for s in 0..SIDE_BY_SIDE {
                    d_w2[k] = V::splat(lanes[s][k]).mul_add(last[s], d_w2[k]);
                }
            }
            let mut back = [zero; SIDE_BY_SIDE];
            for j in 0..WIDTH {
                let w = pack::<V>(&transposed[j]);
                for s in 0..SIDE_BY_SIDE {
                    back[s] = V::splat(back_lanes[s][j]).mul_add(w, back[s]);
                }
            }
            for s in 0..SIDE_BY_SIDE {
                let back = back[s] * (one - hidden[s] * hidden[s]);
                d_b1 = d_b1 + back;
                for i in 0..2 {
                    d_w1[i] = V::splat(x[2 * (start + s) + i]).mul_add(back, d_w1[i]);
                }
            }
        }

        let [first, second] = &mut p.w1;
        for (row, change) in
            [(first, d_w1[0]), (second, d_w1[1]), (&mut p.b1, d_b1), (&mut p.b2, d_b2), (&mut p.w3, d_w3)]
        {
            add::<V>(row, change);
        }
        for k in 0..WIDTH {
            add::<V>(&mut p.w2[k], d_w2[k]);
        }
        p.b3 += d_b3;
        loss * SHARE
    }
}

/// A row of weights as a pack.
#[inline(always)]
fn pack<V: Lanes<f32>>(row: &[f32; WIDTH]) -> V {
    V::load(row, 0, Block { start: 0, live: WIDTH })
}

/// `row += change`
#[inline(always)]
fn add<V: Lanes<f32>>(row: &mut [f32; WIDTH], change: V) {
    (pack::<V>(row) + change).store(row, 0, Block { start: 0, live: WIDTH });
}
