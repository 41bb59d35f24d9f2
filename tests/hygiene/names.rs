//! Models in the words of the emitted code: nothing of theirs is taken for something of ours.

use autograd_core::gradcheck::Options;
use autograd_core::{Optimizer, Sgd, gradcheck, model};
use ndarray::array;
use rand::SeedableRng;
use rand::rngs::SmallRng;

model! {
    /// Parameters called like arguments, generics and locals.
    pub Ours<T, V> {
        param inputs: [T];
        param workspace, t, v, at;
        param self_: [], model: [V], grad_w, runtime, w;
        input sum: [T], x: [V];
        loss = sum(inputs * sum) * workspace + t * v - at * dot(model, x) + self_ * grad_w + runtime * w^2;
        step train(rate) -> loss {
            inputs := inputs - rate * grad(loss, inputs);
            w := w - rate * grad(loss, w);
        }
    }
}

model! {
    /// Inputs, states and outputs called like arguments, fields and locals.
    pub Theirs<N, D> {
        param dims: [D], rng, seed;
        state marker: [D], index;
        input outputs: [N, D], grad: [N], out;
        input T: [N], f64, usize;
        let self_ = outputs @ dims + T;
        let model = seed * usize + f64;
        let lanes = rng + out;
        bytes = self_ * model;
        values = bytes + lanes;
        n = sum(values);
        loss = mean((values - grad)^2);
        step inputs_of(inputs, workspace, t: [D], next_index) -> n, index {
            marker := marker + inputs * t;
            index := index + workspace * next_index;
        }
    }
}

model! {
    /// Functions called like values and like ours.
    pub Functions<N> {
        param sum;
        input mean: [N];
        fn sum_of(v) { let t = v^2; sum(t) }
        fn runtime(inputs, workspace) = inputs * workspace;
        let pack = runtime(sum, mean);
        let exp = exp(pack);
        loss = sum_of(exp);
    }
}

mod crates {
    use autograd_core::model;

    model! { /// A model called like a crate of the user's.
    pub Rand { param ndarray; loss = ndarray^2; } }

    model! { /// A model called like a crate of the language's.
    pub Core { param std; loss = std^3; } }
}

#[test]
fn parameters_like_ours() {
    let mut ours = Ours {
        inputs: array![1.0, 2.0],
        workspace: 3.0,
        t: 4.0,
        v: 5.0,
        at: 6.0,
        self_: 7.0,
        model: array![8.0],
        grad_w: 9.0,
        runtime: 10.0,
        w: 11.0,
    };
    let (sum, x) = (array![1.0, -1.0], array![0.5]);
    let inputs = ours::Inputs { sum: sum.view(), x: x.view() };
    let (loss, grad) = ours.loss_and_grad(&inputs).unwrap();
    assert_eq!(loss, -3.0 + 20.0 - 24.0 + 63.0 + 1210.0);
    assert_eq!((grad.workspace, grad.t, grad.v, grad.at), (-1.0, 5.0, 4.0, -4.0));
    assert_eq!((grad.self_, grad.grad_w, grad.runtime, grad.w), (9.0, 7.0, 121.0, 220.0));
    assert_eq!((&grad.inputs, &grad.model), (&array![3.0, -3.0], &array![-3.0]));
    assert_eq!(ours.train(&inputs, 0.5).unwrap(), loss);
    assert_eq!((&ours.inputs, ours.w), (&array![-0.5, 3.5], -99.0));
    gradcheck(&ours, &inputs, Options::default()).unwrap();
    let made: Ours = Ours::new(ours::Dims { t: 2, v: 1 }, &mut SmallRng::seed_from_u64(0));
    assert_eq!(made.inputs.len(), 2);
}

#[test]
fn inputs_and_outputs_like_ours() {
    let mut theirs = Theirs { dims: array![1.0, 2.0], rng: 3.0, seed: 0.5, marker: array![0.0, 1.0], index: 2.0 };
    let (outputs, grad, t) = (array![[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], array![1.0, 2.0, 3.0], array![0.0, 0.0, 1.0]);
    let inputs =
        theirs::Inputs { outputs: outputs.view(), grad: grad.view(), out: 1.0, T: t.view(), f64: 1.0, usize: 2.0 };
    let all = theirs.outputs(&inputs).unwrap();
    assert_eq!((&all.bytes, &all.values, all.n), (&array![2.0, 4.0, 8.0], &array![6.0, 8.0, 12.0], 26.0));
    assert_eq!(all.loss, (25.0 + 36.0 + 81.0) / 3.0);
    assert_eq!(theirs.n(&inputs).unwrap(), 26.0);
    let model = array![1.0, -1.0];
    assert_eq!(theirs.inputs_of(&inputs, 2.0, 3.0, model.view(), 4.0).unwrap(), (26.0, 2.0));
    assert_eq!((&theirs.marker, theirs.index), (&array![2.0, -1.0], 14.0));
    gradcheck(&theirs, &inputs, Options::default()).unwrap();
}

#[test]
fn functions_like_values() {
    let (model, mean) = (Functions { sum: 0.0 }, array![1.0, 2.0, 3.0]);
    let (loss, grad) = model.loss_and_grad(&functions::Inputs { mean: mean.view() }).unwrap();
    assert_eq!((loss, grad.sum), (3.0, 12.0));
}

#[test]
fn models_like_crates() {
    assert_eq!(crates::Rand { ndarray: 3.0 }.loss(&crates::rand::Inputs {}).unwrap(), 9.0);
    let mut cube = crates::Core { std: 2.0 };
    assert_eq!(Sgd::new(0.5).minimize(&mut cube, &crates::core::Inputs {}).unwrap(), 8.0);
    assert_eq!(cube.std, -4.0);
}
