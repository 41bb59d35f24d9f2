//! Large work runs on several threads and gives the same bits on any number of them; small work starts no thread.
//!
//! What large loops give is compared with itself: on different numbers of threads (`in_pool` stands for a call that is
//! large enough to ask for them). That it is right is what `random` shows, whose models are all cut into parts as small as
//! can be.

mod memory;
mod tasks;

use autograd_core::__private::in_pool;
use autograd_core::simd::cut_from;
use autograd_core::{Objective, Parameters, model};
use autograd_tests::reference::Output;
use ndarray::{Array1, Array2};
use rayon_core::ThreadPoolBuilder;

model! {
    /// Sums along one axis.
    pub Line<N> {
        param w, b;
        input x: [N], y: [N];
        loss = mean((w * x + b - y)^2);
        largest = max(x * w);
        smallest = min(x + y);
        product = prod(1 + x / 1000);
        some = any(x > 0.99);
        every = all(x < 2);
    }
}

model! {
    /// Sums of rows, accumulated in memory.
    pub Logistic<N, D> {
        param w: [D], b;
        input x: [N, D], y: [N];
        loss = mean(bce_with_logits(x @ w + b, y));
    }
}

model! {
    /// Every row is computed on its own, with memory of its own.
    pub Rows<N, D> {
        param x: [N, D], gain: [D];
        let centred = (x - mean(x, D)[.., new]) / (std(x, D)[.., new] + 0.1);
        normalised = gain * centred;
        probability = softmax(x, D);
        best = argmax(x, axis = D);
        loss = sum(softmax(centred * gain, D)^2);
    }
}

model! {
    /// A pack of points at a time, with loops inside.
    pub Mixture<N, K> {
        param mean: [K], scale: [K];
        input x: [N];
        loss = -sum(logsumexp(-0.5 * ((x[.., new] - mean) / scale)^2 - log(scale), K));
    }
}

model! {
    /// The place of each element, its neighbours, and a matrix that is read down its columns.
    pub Places<N, D> {
        param x: [N], a: [D, N];
        smooth = tanh(x[2..] - 2 * x[1..-1] + x[..-2]);
        loss = sum(exp(x / 10) * iota(N)) + sum(x * sum(a, D));
    }
}

model! {
    /// Rows of a table, read and added to in the order of data.
    pub Table<T, V, D> {
        param table: [V, D];
        input token: [T] in V;
        drawn = random_normal(7, [T, D]);
        count = scatter_add(zeros([V]), token, ones([T]));
        loss = sum[t, d](tanh(table[token[t], d])^2) / T;
    }
}

model! {
    /// Neighbours in two dimensions, with edges, and a convolution.
    pub Field<N, C> {
        param u: [N, N], w: [C, 1, 3, 3];
        let image = reshape(u, [1, 1, N, N]);
        loss = sum(laplacian(u)^2) + sum(tanh(conv2d(image, w, pad = 1)));
    }
}

/// Reproducible numbers in -1 .. 1.
fn numbers(count: usize) -> Array1<f64> {
    let mut state = 1_u64;
    let step = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 33).expect("31 bits")) / f64::from(1_u32 << 30) - 1.0
    };
    (0..count).map(step).collect()
}

fn matrix(rows: usize, columns: usize) -> Array2<f64> {
    numbers(rows * columns).into_shape_with_order((rows, columns)).expect("so many numbers")
}

/// The loss and its gradient.
fn objective<M: Objective<Scalar = f64>>(model: &M, inputs: &M::Inputs<'_>) -> Vec<f64> {
    let (loss, grad) = model.loss_and_grad(inputs).expect("the sizes agree");
    let gradients = (0..M::Grad::NAMES.len()).flat_map(|place| grad.values(place).to_vec());
    std::iter::once(loss).chain(gradients).collect()
}

/// Runs on one thread, two, three, seven and eight, and as it comes; all bits must be those of the first.
#[track_caller]
fn check(what: &str, run: impl Fn() -> Vec<f64> + Sync) {
    // Dozens of parts in what is here.
    cut_from(16_000);
    let bits = || run().into_iter().map(f64::to_bits).collect::<Vec<_>>();
    let alone = bits();
    for threads in [1, 2, 3, 7, 8] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
        for _ in 0..3 {
            assert!(pool.install(|| in_pool(bits)) == alone, "{what}: {threads} threads make a difference");
        }
    }
}

#[test]
fn sums_and_extremes() {
    let (x, y) = (numbers(20_003), numbers(20_003).map(|y| y * y));
    let model = Line { w: 0.3, b: 0.1 };
    let inputs = line::Inputs { x: x.view(), y: y.view() };
    check("loss", || objective(&model, &inputs));
    check("outputs", || {
        let outputs = model.outputs(&inputs).expect("the sizes agree");
        let numbers = vec![outputs.largest, outputs.smallest, outputs.product];
        [numbers, outputs.some.numbers(), outputs.every.numbers()].concat()
    });
    let truth = model.outputs(&inputs).expect("the sizes agree");
    assert_eq!((truth.some, truth.every), (true, true));
    let largest = x.iter().fold(f64::NEG_INFINITY, |most, x| most.max(0.3 * x));
    assert_eq!(truth.largest.to_bits(), largest.to_bits());
}

#[test]
fn accumulations() {
    for (rows, columns) in [(2003, 17), (33, 100), (1, 3), (10_000, 1)] {
        let (x, y) = (matrix(rows, columns), numbers(rows).map(|y| f64::from(*y > 0.0)));
        let model = Logistic { w: numbers(columns), b: 0.1 };
        let inputs = logistic::Inputs { x: x.view(), y: y.view() };
        check("logistic", || objective(&model, &inputs));
    }
}

#[test]
fn rows() {
    let model = Rows { x: matrix(303, 37), gain: numbers(37) };
    check("loss", || objective(&model, &rows::Inputs {}));
    check("outputs", || {
        let outputs = model.outputs(&rows::Inputs {}).expect("nothing disagrees");
        [outputs.normalised.numbers(), outputs.probability.numbers(), outputs.best.numbers()].concat()
    });
}

#[test]
fn packs() {
    let x = numbers(5011);
    let model = Mixture { mean: numbers(5), scale: numbers(5).map(|s| 1.0 + s * s) };
    check("mixture", || objective(&model, &mixture::Inputs { x: x.view() }));
}

#[test]
fn places_neighbours_and_columns() {
    for (n, d) in [(10_011, 3), (20_000, 0), (17, 300)] {
        let model = Places { x: numbers(n), a: matrix(d, n) };
        check("loss", || objective(&model, &places::Inputs {}));
        check("outputs", || model.outputs(&places::Inputs {}).expect("nothing disagrees").smooth.numbers());
    }
}

#[test]
fn reads_and_sums_where_data_says() {
    for (tokens, rows, columns) in [(20_011, 101, 7), (50_000, 3, 1), (1, 1, 1)] {
        let token = Array1::from_shape_fn(tokens, |place| (place * place + 7 * place) % rows);
        let model = Table { table: matrix(rows, columns) };
        let inputs = table::Inputs { token: token.view() };
        check("loss", || objective(&model, &inputs));
        check("outputs", || {
            let outputs = model.outputs(&inputs).expect("all tokens are rows");
            [outputs.drawn.numbers(), outputs.count.numbers()].concat()
        });
    }
}

#[test]
fn fields_with_edges() {
    for n in [211, 3, 1] {
        let w = numbers(36).into_shape_with_order((4, 1, 3, 3)).expect("so many numbers");
        let model = Field { u: matrix(n, n), w };
        check("loss", || objective(&model, &field::Inputs {}));
    }
}
