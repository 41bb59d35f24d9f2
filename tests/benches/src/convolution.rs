//! (j) Convolutions, value and gradient by image and filters: 32 images of 3 × 32 × 32 with 16 filters of 3 × 3, and of
//! 16 × 16 × 16 with 32 filters.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]

use autograd_core::float::Float;
use autograd_core::model;
use autograd_core::simd::{Block, Kernel, Lanes};
use ndarray::Array4;

use crate::{Entry, Workload, data, lanes};

model! {
    /// The squares of a convolution, of images as they are.
    pub Images<N, C, O, H, W> {
        param x: [N, C, H, W], w: [O, C, 3, 3];
        let y[n, o, i in 0..H - 2, j in 0..W - 2] = sum[c, r in 0..3, s in 0..3](x[n, c, i + r, j + s]*w[o, c, r, s]);
        loss = sum(y^2);
    }
}

pub(crate) fn entries() -> Vec<Entry> {
    let entry =
        |name, about, make| Entry { name, about, size: 32, small: 2, tolerance: 2e-5, gradient_bar: None, make };
    vec![
        entry("j/3x32", "32 images 3 x 32 x 32, 16 filters 3 x 3, f32", |n| Box::new(Convolved::new([n, 3, 32, 16]))),
        entry("j/16x16", "32 images 16 x 16 x 16, 32 filters 3 x 3, f32", |n| {
            Box::new(Convolved::new([n, 16, 16, 32]))
        }),
    ]
}

struct Convolved {
    model: Images<f32>,
    workspace: images::Workspace<f32>,
    loss: f32,
    grad: images::Grad<f32>,
    by_hand: f32,
    slopes: [Array4<f32>; 2],
    y: Array4<f32>,
}

impl Convolved {
    fn new([n, c, h, o]: [usize; 4]) -> Self {
        let array = |seed, shape: [usize; 4]| {
            let numbers = data::centred(seed, shape.iter().product(), 0.5);
            numbers.into_shape_with_order(shape).expect("as many numbers")
        };
        let model = Images { x: array(21, [n, c, h, h]), w: array(22, [o, c, 3, 3]) };
        Self {
            workspace: images::Workspace::default(),
            loss: 0.0,
            grad: images::Grad::zeros(&model),
            by_hand: 0.0,
            slopes: [Array4::zeros([n, c, h, h]), Array4::zeros([o, c, 3, 3])],
            y: Array4::zeros([n, o, h - 2, h - 2]),
            model,
        }
    }
}

impl Workload for Convolved {
    fn model(&mut self) {
        let inputs = images::Inputs {};
        let loss = self.model.loss_and_grad_into(&inputs, &mut self.workspace, &mut self.grad);
        self.loss = loss.expect("the sizes agree");
    }

    fn hand(&mut self) {
        let (n, c, h, _) = self.model.x.dim();
        let o = self.model.w.dim().0;
        let [dx, dw] = &mut self.slopes;
        self.by_hand = f32::dispatch(Direct {
            sizes: [n, c, h, o],
            x: self.model.x.as_slice().expect("contiguous"),
            w: self.model.w.as_slice().expect("contiguous"),
            y: self.y.as_slice_mut().expect("contiguous"),
            dx: dx.as_slice_mut().expect("contiguous"),
            dw: dw.as_slice_mut().expect("contiguous"),
        });
    }

    fn results(&self) -> [Vec<Vec<f64>>; 2] {
        let flat = |array: &Array4<f32>| array.iter().map(|&x| f64::from(x)).collect::<Vec<f64>>();
        [
            vec![vec![f64::from(self.loss)], flat(&self.grad.x), flat(&self.grad.w)],
            vec![vec![f64::from(self.by_hand)], flat(&self.slopes[0]), flat(&self.slopes[1])],
        ]
    }

    fn workspace_bytes(&self) -> usize {
        self.workspace.bytes()
    }

    fn data_bytes(&self) -> usize {
        size_of::<f32>() * 2 * (self.model.x.len() + self.model.w.len())
    }
}

/// A direct convolution: rows of the image in packs, four filters at a time so that a load serves four products.
struct Direct<'a> {
    sizes: [usize; 4],
    x: &'a [f32],
    w: &'a [f32],
    y: &'a mut [f32],
    dx: &'a mut [f32],
    dw: &'a mut [f32],
}

/// How many filters are computed at a time.
const FILTERS: usize = 4;

impl Kernel<f32> for Direct<'_> {
    type Output = f32;

    #[inline(always)]
    fn run<V: Lanes<f32>>(self) -> f32 {
        let Self { sizes: [n, c, h, o], x, w, y, dx, dw } = self;
        let m = h - 2;
        let blocks = |extent: usize| {
            (0..extent).step_by(V::COUNT).map(move |start| Block { start, live: V::COUNT.min(extent - start) })
        };
        for image in 0..n {
            for filter in (0..o).step_by(FILTERS) {
                for i in 0..m {
                    for at in blocks(m) {
                        let mut sums = [V::splat(0.0); FILTERS];
                        for channel in 0..c {
                            for r in 0..3 {
                                let row = ((image * c + channel) * h + i + r) * h;
                                for s in 0..3 {
                                    let pixels = V::load(x, row + s, at);
                                    for (f, sum) in sums.iter_mut().enumerate() {
                                        let weight = w[(((filter + f) * c + channel) * 3 + r) * 3 + s];
                                        *sum = pixels.mul_add(V::splat(weight), *sum);
                                    }
                                }
                            }
                        }
                        for (f, sum) in sums.into_iter().enumerate() {
                            sum.store(y, ((image * o + filter + f) * m + i) * m, at);
                        }
                    }
                }
            }
        }
        let [loss] = lanes::sums::<f32, V, 1>(
            y.len(),
            #[inline(always)]
            |at| {
                let y = V::load(y, 0, at);
                [y * y]
            },
        );
        dw.fill(0.0);
        for image in 0..n {
            for filter in 0..o {
                for channel in 0..c {
                    let mut sums = [[V::splat(0.0); 3]; 3];
                    for i in 0..m {
                        for at in blocks(m) {
                            let slope = V::load(y, ((image * o + filter) * m + i) * m, at);
                            for (r, sums) in sums.iter_mut().enumerate() {
                                let row = ((image * c + channel) * h + i + r) * h;
                                for (s, sum) in sums.iter_mut().enumerate() {
                                    *sum = slope.mul_add(V::load(x, row + s, at), *sum);
                                }
                            }
                        }
                    }
                    for (r, sums) in sums.into_iter().enumerate() {
                        for (s, sum) in sums.into_iter().enumerate() {
                            dw[((filter * c + channel) * 3 + r) * 3 + s] += 2.0 * sum.sum();
                        }
                    }
                }
            }
        }
        // The gradient by the image: rows of y added where they were read.
        dx.fill(0.0);
        for image in 0..n {
            for channel in 0..c {
                for i in 0..m {
                    for r in 0..3 {
                        let row = ((image * c + channel) * h + i + r) * h;
                        for s in 0..3 {
                            for at in blocks(m) {
                                let mut sum = V::load(dx, row + s, at);
                                for filter in 0..o {
                                    let weight = 2.0 * w[((filter * c + channel) * 3 + r) * 3 + s];
                                    let slope = V::load(y, ((image * o + filter) * m + i) * m, at);
                                    sum = slope.mul_add(V::splat(weight), sum);
                                }
                                sum.store(dx, row + s, at);
                            }
                        }
                    }
                }
            }
        }
        loss
    }
}
