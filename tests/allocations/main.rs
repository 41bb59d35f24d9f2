//! Nothing is allocated in the loop: a counting allocator around everything that promises so, for models of each kind.
//!
//! Each call runs once to let its buffers grow, and is then counted for ten more: 0 allocations.

mod counting;
mod models;

use autograd_core::train::Trainer;
use autograd_core::{Adam, Clip, Float, Objective, Optimizer, Parameters, Session, Sgd};
use counting::allocations;
use models::{
    Classifier, Features, Line, Logistic, Long, Normalised, Plane, Running, classifier, features, line, logistic, long,
    normalised, numbers, plane, running,
};
use ndarray::{Array1, Array2};
use rand::SeedableRng;
use rand::rngs::SmallRng;

/// The `_into` forms of the traits, a session, and two optimisers.
fn allocates_nothing<M: Objective + Clone>(model: &M, inputs: &M::Inputs<'_>) {
    let (mut workspace, mut grad, mut outputs) = (M::Workspace::default(), model.zero_grad(), M::Outputs::default());
    let count = allocations(|| model.outputs_into(inputs, &mut workspace, &mut outputs).expect("the sizes agree"));
    assert_eq!(count, 0, "outputs_into");
    let count = allocations(|| model.loss_into(inputs, &mut workspace).expect("the sizes agree"));
    assert_eq!(count, 0, "loss_into");
    let count = allocations(|| model.grad_into(inputs, &mut workspace, &mut grad).expect("the sizes agree"));
    assert_eq!(count, 0, "grad_into");
    let both = || model.loss_and_grad_into(inputs, &mut workspace, &mut grad).expect("the sizes agree");
    assert_eq!(allocations(both), 0, "loss_and_grad_into");

    let mut session = Session::new(model.clone());
    let count = allocations(|| {
        session.zero_grad();
        session.forward(inputs).expect("the sizes agree");
        session.backward().expect("a gradient waits");
        session.loss(inputs).expect("the sizes agree");
    });
    assert_eq!(count, 0, "a session");

    let (mut changed, mut direction) = (model.clone(), grad.clone());
    let count = allocations(|| {
        direction.scale(M::Scalar::from_f64(0.5));
        direction.add_scaled(M::Scalar::ONE, &grad);
        changed.add_scaled(-direction.norm(), &direction);
        direction.fill(grad.dot(&direction));
        direction.tensors().map(|(_, shape, values)| shape.len() + values.len()).sum::<usize>()
    });
    assert_eq!(count, 0, "arithmetic");

    let (mut descending, mut optimizer) = (model.clone(), Sgd::new(0.01));
    let count = allocations(|| optimizer.minimize(&mut descending, inputs).expect("the sizes agree"));
    assert_eq!(count, 0, "Sgd");
    let (mut descending, mut optimizer) = (model.clone(), Adam::new(0.01));
    let count = allocations(|| optimizer.minimize(&mut descending, inputs).expect("the sizes agree"));
    assert_eq!(count, 0, "Adam");
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| Box::new(1)), 10);
    assert_eq!(allocations(|| vec![0_u8; 9]), 10);
}

#[test]
fn linear_regression() {
    let (x, y) = (numbers(37), numbers(37));
    let inputs = line::Inputs { x: x.view(), y: y.view() };
    let mut model = Line { w: 0.5, b: 0.1, velocity: 0.0 };
    allocates_nothing(&model, &inputs);

    let mut grad = model.grad(&inputs).expect("the sizes agree");
    let (once, mut moved) = (grad.clone(), model.clone());
    let count = allocations(|| {
        moved -= 0.01 * &grad;
        moved += &once;
        grad += 0.5 * &once;
        grad *= 0.5;
    });
    assert_eq!(count, 0, "operators");

    let (mut workspace, mut prediction) = (line::Workspace::default(), Array1::default(0));
    let count = allocations(|| model.prediction_into(&inputs, &mut workspace, &mut prediction).expect("they agree"));
    assert_eq!(count, 0, "prediction_into");
    let count = allocations(|| model.train_into(&inputs, 0.01, 0.9, &mut workspace).expect("they agree"));
    assert_eq!(count, 0, "train_into");
}

/// A trainer allocates in its first epoch, and nothing in those after it.
#[test]
fn training() {
    let (x, y) = (numbers(37), numbers(37));
    let inputs = line::Inputs { x: x.view(), y: y.view() };
    let epochs = |epochs| {
        allocations(|| {
            let trainer =
                Trainer::new(Adam::new(0.01)).epochs(epochs).batch(5).accumulate(3).clip(Clip::GlobalNorm(1.0));
            let mut trainer = trainer.validate(0.2).patience(99).metric("loss").metric_of("rows", |inputs, _| {
                let line::Inputs { x, .. } = inputs;
                f64::from(u8::try_from(x.len()).expect("there are few"))
            });
            trainer.fit(&mut Line { w: 0.5, b: 0.1, velocity: 0.0 }, &inputs).expect("the sizes agree")
        })
    };
    assert_eq!(epochs(2), epochs(30));
}

#[test]
fn inputs_with_strides() {
    let (x, y) = (numbers(74), numbers(37));
    let inputs = line::Inputs { x: x.slice(ndarray::s![..;-2]), y: y.slice(ndarray::s![..;-1]) };
    allocates_nothing(&Line { w: 0.5, b: 0.1, velocity: 0.0 }, &inputs);
}

/// Each of the functions that an entry point is cut into copies what is out of order.
#[test]
fn long_models() {
    let matrix = |n: u32, k: u32| numbers(n * k).into_shape_with_order((n as usize, k as usize)).expect("n rows of k");
    let (x, y, w) = (matrix(7, 6), matrix(7, 3), matrix(3, 3));
    let inputs = long::Inputs { x: x.slice(ndarray::s![..;-1, ..;2]), y: y.view() };
    let mut model = Long { w: w.clone(), b: numbers(3), v: w.reversed_axes() };
    allocates_nothing(&model, &inputs);

    let (mut workspace, mut h) = (long::Workspace::default(), Array2::default((0, 0)));
    let count = allocations(|| model.h_into(&inputs, &mut workspace, &mut h).expect("they agree"));
    assert_eq!(count, 0, "h_into");
    let count = allocations(|| model.train_into(&inputs, 0.01, &mut workspace).expect("they agree"));
    assert_eq!(count, 0, "train_into");
}

#[test]
fn fewer_rows_than_before() {
    let (x, y) = (numbers(37), numbers(37));
    let model = Line { w: 0.5, b: 0.1, velocity: 0.0 };
    let (mut workspace, mut grad) = (line::Workspace::default(), line::Grad::zeros(&model));
    let count = allocations(|| {
        for rows in [37, 5, 0, 36] {
            let inputs = line::Inputs { x: x.slice(ndarray::s![..rows]), y: y.slice(ndarray::s![..rows]) };
            model.loss_and_grad_into(&inputs, &mut workspace, &mut grad).expect("the sizes agree");
        }
    });
    assert_eq!(count, 0, "buffers stay");
}

#[test]
fn logistic_regression() {
    let x = numbers(37 * 5).into_shape_with_order((37, 5)).expect("37 rows of 5");
    let y = numbers(37).mapv(|v| if v > 0.0 { 1.0 } else { 0.0 });
    let inputs = logistic::Inputs { x: x.view(), y: y.view() };
    let mut model = Logistic { w: Array1::zeros(5), b: 0.0 };
    allocates_nothing(&model, &inputs);

    let (mut workspace, mut probability) = (logistic::Workspace::default(), Array1::default(0));
    let count = allocations(|| model.probability_into(&inputs, &mut workspace, &mut probability).expect("they agree"));
    assert_eq!(count, 0, "probability_into");
    let count = allocations(|| model.train_into(&inputs, 0.1, &mut workspace).expect("they agree"));
    assert_eq!(count, 0, "train_into");
}

#[test]
fn perceptron() {
    let x = numbers(33 * 7).mapv(f32::from_f64).into_shape_with_order((33, 7)).expect("33 rows of 7");
    let label = Array1::from_iter((0..33).map(|row| row % 3));
    let inputs = classifier::Inputs { x: x.view(), label: label.view() };
    let dims = classifier::Dims { d: 7, h: 19, k: 3 };
    let mut model = Classifier::<f32>::new(dims, &mut SmallRng::seed_from_u64(1));
    allocates_nothing(&model, &inputs);

    let (mut workspace, mut logits) = (classifier::Workspace::default(), Array2::default((0, 0)));
    let count = allocations(|| model.logits_into(&inputs, &mut workspace, &mut logits).expect("they agree"));
    assert_eq!(count, 0, "logits_into");
    let mut class = Array1::default(0);
    let count = allocations(|| model.class_into(&inputs, &mut workspace, &mut class).expect("they agree"));
    assert_eq!(count, 0, "class_into");
    let count = allocations(|| model.train_into(&inputs, 0.1, &mut workspace).expect("they agree"));
    assert_eq!(count, 0, "train_into");
}

#[test]
fn normalised_rows() {
    let x = numbers(9 * 21).into_shape_with_order((9, 21)).expect("9 rows of 21");
    let inputs = normalised::Inputs { x: x.view() };
    let mut model = Normalised { gain: Array1::ones(21), bias: numbers(21) };
    allocates_nothing(&model, &inputs);

    let (mut workspace, mut rows) = (normalised::Workspace::default(), Array2::default((0, 0)));
    let count = allocations(|| model.rows_into(&inputs, &mut workspace, &mut rows).expect("they agree"));
    assert_eq!(count, 0, "rows_into");
    let count = allocations(|| model.train_into(&inputs, 0.1, &mut workspace).expect("they agree"));
    assert_eq!(count, 0, "train_into");
}

#[test]
fn running_sums() {
    let x = numbers(41);
    let inputs = running::Inputs { x: x.view() };
    let mut model = Running { w: numbers(41) };
    allocates_nothing(&model, &inputs);

    let (mut workspace, mut sums) = (running::Workspace::default(), Array1::default(0));
    let count = allocations(|| model.sums_into(&inputs, &mut workspace, &mut sums).expect("they agree"));
    assert_eq!(count, 0, "sums_into");
    let count = allocations(|| model.train_into(&inputs, 0.1, &mut workspace).expect("they agree"));
    assert_eq!(count, 0, "train_into");
}

#[test]
fn bound_models() {
    let x = numbers(23 * 3).into_shape_with_order((23, 3)).expect("23 rows of 3");
    let centre = numbers(15).into_shape_with_order((3, 5)).expect("3 rows of 5");
    let y = numbers(23);
    let inputs = features::Inputs { x: x.view(), centre: centre.t(), y: y.view() };
    let mut bound = Features { w: numbers(5) }.bind(&inputs).expect("the sizes agree");
    allocates_nothing(&bound, &());
    let (mut workspace, mut prediction) = (features::Workspace::default(), Array1::default(0));
    let count = allocations(|| bound.prediction_into(&mut workspace, &mut prediction).expect("they agree"));
    assert_eq!(count, 0, "prediction_into");
    let count = allocations(|| bound.train_into(0.1, &mut workspace).expect("they agree"));
    assert_eq!(count, 0, "train_into");

    let (x, y) = (numbers(40), numbers(40));
    let inputs = line::Inputs { x: x.view(), y: y.view() };
    let mut bound = Line { w: 0.5, b: 0.0, velocity: 0.0 }.bind(&inputs).expect("the sizes agree");
    allocates_nothing(&bound, &());
    let mut workspace = line::Workspace::default();
    let count = allocations(|| bound.train_into(0.1, 0.9, &mut workspace).expect("they agree"));
    assert_eq!(count, 0, "train_into of a model with nothing to compute once");
}

#[test]
fn statistics() {
    let (x, y) = (numbers(40), numbers(40).mapv(|v| v * v + 1.0));
    let inputs = line::Inputs { x: x.view(), y: y.view() };
    let statistics = Line { w: 0.5, b: 0.0, velocity: 0.0 }.bind_statistics(&inputs).expect("the sizes agree");
    allocates_nothing(&statistics, &());
    assert_eq!(statistics.fell_back(), 0);
    let x = numbers(37 * 5).into_shape_with_order((37, 5)).expect("37 rows of 5");
    let y = numbers(37);
    let inputs = plane::Inputs { x: x.view(), y: y.view() };
    let statistics = Plane { w: Array1::zeros(5), b: 0.1 }.bind_statistics(&inputs).expect("the sizes agree");
    allocates_nothing(&statistics, &());
}

#[test]
fn parts_of_large_calls() {
    let (x, y) = (numbers(200_000), numbers(200_000));
    let inputs = line::Inputs { x: x.view(), y: y.view() };
    let model = Line { w: 0.5, b: 0.1, velocity: 0.0 };
    let x = numbers(64 * 300).into_shape_with_order((64, 300)).expect("64 rows of 300");
    let label = Array1::from_elem(64, 0);
    let rows = classifier::Inputs { x: x.view(), label: label.view() };
    let sizes = classifier::Dims { d: 300, h: 300, k: 5 };
    let products: Classifier = Classifier::new(sizes, &mut SmallRng::seed_from_u64(0));
    let x = numbers(1000 * 100).into_shape_with_order((1000, 100)).expect("1000 rows of 100");
    let y = numbers(1000).mapv(|v| if v > 0.0 { 1.0 } else { 0.0 });
    let classes = logistic::Inputs { x: x.view(), y: y.view() };
    let sums = Logistic { w: Array1::zeros(100), b: 0.0 };
    let pool = rayon_core::ThreadPoolBuilder::new().num_threads(2).build().expect("threads can be started");
    pool.install(|| {
        allocates_nothing(&model, &inputs);
        let (mut workspace, mut grad) = (logistic::Workspace::default(), logistic::Grad::zeros(&sums));
        let both = || sums.loss_and_grad_into(&classes, &mut workspace, &mut grad).expect("the sizes agree");
        assert_eq!(allocations(both), 0, "sums in memory");
        allocates_nothing(&products, &rows);
    });
}
