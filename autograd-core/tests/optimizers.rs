//! Every optimiser against the trajectories of `PyTorch`, Keras and TensorFlow 1 (`tests/reference/optimizers.py`).
#![allow(clippy::disallowed_methods, reason = "tests compare with the system's functions")]
#![allow(clippy::float_cmp, clippy::cast_precision_loss, reason = "exact numbers are meant")]

mod common;

use std::collections::BTreeMap;

use autograd_core::optimizer::{Descent, Rule};
use autograd_core::schedule::{Cosine, Exponential, InverseTime, Piecewise, Schedule, StepDecay};
use autograd_core::{Adagrad, Adam, AdamW, Clip, Error, Momentum, Nesterov, Optimizer, Parameters, RmsProp, Sgd};
use common::{Mlp, Valley};
use ndarray::Array2;

type Boxed = Box<dyn Optimizer<Valley<f64>>>;

fn boxed<R: Rule + 'static>(optimizer: Descent<Valley<f64>, R>) -> Boxed {
    Box::new(optimizer)
}

const RATE: f64 = 0.0625;
const EPSILON: f64 = 1.0 / 1024.0;

/// The optimiser of a case, under the name that the reference gives it.
fn case(name: &str) -> Boxed {
    match name {
        "torch sgd" | "keras sgd" => boxed(Sgd::new(0.05)),
        "torch sgd weight_decay" => boxed(Sgd::new(0.05).weight_decay(0.1)),
        "torch momentum" => boxed(Momentum::new(0.02, 0.9)),
        "torch momentum dampening weight_decay" => boxed(Momentum::new(0.05, 0.8).dampening(0.3).weight_decay(0.1)),
        "torch nesterov" => boxed(Nesterov::new(0.02, 0.9)),
        "torch nesterov weight_decay" => boxed(Nesterov::new(0.02, 0.9).weight_decay(0.1)),
        "torch adagrad" => boxed(Adagrad::new(0.3)),
        "torch adagrad lr_decay initial weight_decay" => boxed(
            Adagrad::new(0.3)
                .schedule(InverseTime { rate: 0.1, every: 1.0 })
                .initial(0.5)
                .weight_decay(0.1)
                .epsilon(1e-3),
        ),
        "torch rmsprop" => boxed(RmsProp::new(0.01)),
        "torch rmsprop momentum" => boxed(RmsProp::new(0.01).decay(0.9).momentum(0.7).epsilon(1e-3)),
        "torch rmsprop centered" => boxed(RmsProp::new(0.01).decay(0.9).centered()),
        "torch rmsprop centered momentum weight_decay" => {
            boxed(RmsProp::new(0.01).decay(0.9).centered().momentum(0.5).weight_decay(0.1).epsilon(1e-3))
        }
        "torch adam" => boxed(Adam::new(0.1)),
        "torch adam options" => boxed(Adam::new(0.1).betas(0.8, 0.95).epsilon(1e-3).weight_decay(0.1)),
        "torch adam amsgrad" => boxed(Adam::new(0.1).betas(0.9, 0.9).amsgrad()),
        "torch adamw" => boxed(AdamW::new(0.1)),
        "torch adamw options" => boxed(AdamW::new(0.1).betas(0.8, 0.95).weight_decay(0.3).amsgrad()),
        "torch clip value" => boxed(Sgd::new(0.05).clip(Clip::Value(0.7))),
        "torch adam step_decay" => boxed(Adam::new(0.1).schedule(StepDecay { rate: 0.5, every: 7 })),
        "torch momentum exponential" => {
            boxed(Momentum::new(0.02, 0.9).schedule(Exponential { rate: 0.95, every: 1.0 }))
        }
        "torch adamw cosine" => boxed(AdamW::new(0.1).schedule(Cosine { steps: 40, warmup: 0, floor: 0.1 })),
        "keras momentum" => boxed(Momentum::new(0.02, 0.875)),
        "keras nesterov" => boxed(Nesterov::new(0.02, 0.875)),
        "keras adagrad" => boxed(Adagrad::new(0.3).initial(0.125).epsilon_in_root(EPSILON)),
        "keras rmsprop" => boxed(RmsProp::new(0.01).decay(0.875).epsilon_in_root(EPSILON)),
        "keras rmsprop centered momentum" => {
            boxed(RmsProp::new(0.01).decay(0.875).momentum(0.5).centered().epsilon_in_root(EPSILON))
        }
        "keras adam" => boxed(Adam::new(0.1).betas(0.875, 0.984_375).epsilon_hat(EPSILON)),
        "keras adam amsgrad" => boxed(Adam::new(0.1).betas(0.875, 0.875).epsilon_hat(EPSILON).amsgrad()),
        "keras adamw" => boxed(AdamW::new(0.1).betas(0.875, 0.984_375).weight_decay(0.25).epsilon_hat(EPSILON)),
        "keras clipvalue" => boxed(Momentum::new(0.02, 0.875).clip(Clip::Value(0.75))),
        "keras clipnorm" => boxed(Sgd::new(0.05).clip(Clip::Norm(0.75))),
        "keras global_clipnorm" => boxed(Sgd::new(0.05).clip(Clip::GlobalNorm(0.75))),
        "keras sgd exponential" => boxed(Sgd::new(0.05).schedule(Exponential { rate: 0.5, every: 10.0 })),
        "keras adam cosine warmup" => {
            boxed(Adam::new(0.125).betas(0.875, 0.984_375).epsilon_hat(EPSILON).schedule(Cosine {
                steps: 25,
                warmup: 5,
                floor: 0.25,
            }))
        }
        "tf1 sgd" => boxed(Sgd::new(RATE)),
        "tf1 momentum" => boxed(Momentum::new(RATE / 4.0, 0.875)),
        "tf1 nesterov" => boxed(Nesterov::new(RATE / 4.0, 0.875)),
        "tf1 adagrad" => boxed(Adagrad::new(0.25).initial(0.125).epsilon_in_root(0.0)),
        "tf1 rmsprop" => boxed(RmsProp::new(RATE / 4.0).decay(0.875).initial(1.0).epsilon_in_root(EPSILON)),
        "tf1 rmsprop centered momentum" => {
            boxed(RmsProp::new(RATE / 4.0).decay(0.875).initial(1.0).momentum(0.5).epsilon_in_root(EPSILON).centered())
        }
        "tf1 adam" => boxed(Adam::new(RATE).betas(0.5, 0.25).epsilon_hat(EPSILON)),
        "tf clip_by_global_norm" => boxed(Sgd::new(RATE).clip(Clip::GlobalNorm(0.75))),
        _ => panic!("no optimiser for the case `{name}`"),
    }
}

/// The rows of a reference table, by case: the step and the numbers.
fn table(text: &'static str) -> BTreeMap<&'static str, Vec<(u64, Vec<f64>)>> {
    let mut cases = BTreeMap::<_, Vec<_>>::new();
    for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let (name, rest) = line.split_once(',').expect("a case");
        let (step, rest) = rest.split_once(',').expect("a step");
        let numbers = rest.split(',').map(|x| x.parse().expect("a number")).collect();
        cases.entry(name).or_default().push((step.parse().expect("a step"), numbers));
    }
    cases
}

#[test]
fn optimizers_follow_the_libraries() {
    let cases = table(include_str!("data/optimizers.csv"));
    assert_eq!(cases.len(), 43);
    for (name, rows) in cases {
        let mut optimizer = case(name);
        let mut model = Valley::start();
        let mut made = 0;
        for (step, expected) in rows {
            while made < step {
                optimizer.minimize(&mut model, &()).expect("it fits");
                made += 1;
            }
            let found = [model.a[0], model.a[1], model.a[2], model.b];
            for (found, expected) in found.into_iter().zip(expected) {
                let error = (found - expected).abs() / expected.abs().max(0.1);
                assert!(error <= 1e-12, "{name}, step {step}: {found}, not {expected}: {error:e}");
            }
        }
    }
}

#[test]
fn schedules_follow_the_libraries() {
    for (name, rows) in table(include_str!("data/schedules.csv")) {
        let schedule: Box<dyn Schedule> = match name {
            "torch StepLR" => Box::new(StepDecay { rate: 0.5, every: 7 }),
            "torch ExponentialLR" => Box::new(Exponential { rate: 0.9, every: 1.0 }),
            "torch CosineAnnealingLR" => Box::new(Cosine { steps: 39, warmup: 0, floor: 0.1 }),
            "torch MultiStepLR" => Box::new(Piecewise { boundaries: vec![(5, 0.25), (20, 0.0625)] }),
            "keras ExponentialDecay" => Box::new(Exponential { rate: 0.75, every: 8.0 }),
            "keras ExponentialDecay staircase" => Box::new(StepDecay { rate: 0.75, every: 8 }),
            "keras InverseTimeDecay" => Box::new(InverseTime { rate: 0.5, every: 4.0 }),
            "keras CosineDecay" => Box::new(Cosine { steps: 30, warmup: 0, floor: 0.2 }),
            "keras CosineDecay warmup" => Box::new(Cosine { steps: 20, warmup: 6, floor: 0.2 }),
            "keras PiecewiseConstantDecay" => Box::new(Piecewise { boundaries: vec![(6, 0.5), (21, 0.125)] }),
            _ => panic!("no schedule for the case `{name}`"),
        };
        for (step, expected) in rows {
            let (found, expected) = (schedule.factor(step), expected[0]);
            assert!((found - expected).abs() <= 1e-14, "{name}, step {step}: {found}, not {expected}");
        }
    }
}

#[test]
fn minimize_is_compute_and_apply() {
    let (mut one, mut two) = (Valley::<f32>::start(), Valley::start());
    let mut optimizer = AdamW::new(0.1).clip(Clip::GlobalNorm(1.0));
    let mut other = optimizer.clone();
    for step in 0..10 {
        if step == 5 {
            other = optimizer.clone();
        }
        optimizer.minimize(&mut one, &()).expect("it fits");
        let grads = other.compute_gradients(&two, &()).expect("it fits");
        other.apply_gradients(&mut two, &grads).expect("it fits");
        assert_eq!(one, two);
    }
    assert_eq!(optimizer.updates(), 10);
}

#[test]
fn ragged_sizes_get_the_same_updates() {
    for len in [0, 1, 7, 8, 15, 16, 17, 65] {
        let mut model = Valley { a: ndarray::Array1::from_elem(len, 2.0_f32), b: 1.0 };
        let grads = Valley { a: ndarray::Array1::from_elem(len, 0.3), b: 0.3 };
        let mut optimizer = RmsProp::new(0.1).centered().momentum(0.5);
        for _ in 0..3 {
            optimizer.apply_gradients(&mut model, &grads).expect("it fits");
        }
        assert!(model.a.iter().all(|x| *x == model.a[0] && *x < 2.0), "{len}: {}", model.a);
    }
}

#[test]
fn other_shapes_are_errors_and_change_nothing() {
    let mut model = Valley::<f64>::start();
    let mut optimizer = Adam::new(0.1);
    let mut grads = optimizer.compute_gradients(&model, &()).expect("it fits");
    optimizer.apply_gradients(&mut model, &grads).expect("it fits");
    let before = model.clone();

    grads.a = ndarray::Array1::zeros(4);
    let error = optimizer.apply_gradients(&mut model, &grads).expect_err("`grads.a` is too long");
    assert_eq!(error.to_string(), "parameter `a` has shape [3] but its gradient has shape [4]");
    assert_eq!((&model, optimizer.updates()), (&before, 1));

    model.a = ndarray::Array1::zeros(5);
    let error = optimizer.minimize(&mut model, &()).expect_err("`model.a` has grown");
    assert_eq!(error.to_string(), "parameter `a` has shape [5] but its optimiser state has shape [3]");
    optimizer.reset();
    optimizer.minimize(&mut model, &()).expect("a new start");
}

#[test]
fn arrays_in_column_order_train_alike() {
    let x = Array2::from_shape_fn((9, 3), |(i, j)| (i as f64 - 4.0) * 0.3 + j as f64);
    let inputs = common::mlp::Inputs { x: x.view(), y: x.view() };
    let mut one = Mlp::<f64>::new(3, 4, 3, 1);
    let mut two = one.clone();
    two.w1 = two.w1.t().as_standard_layout().into_owned().reversed_axes();
    assert_eq!(two.values(0), one.values(0));
    let (mut a, mut b) = (Adam::new(0.01), Adam::new(0.01));
    for _ in 0..5 {
        a.minimize(&mut one, &inputs).expect("it fits");
        b.minimize(&mut two, &inputs).expect("it fits");
    }
    assert_eq!(one, two);
}

#[test]
fn global_norm_neither_overflows_nor_underflows() {
    let huge = 2.0_f64.powi(700);
    let grad = |a: [f64; 3], b| Valley { a: ndarray::arr1(&a), b };
    assert_eq!(autograd_core::global_norm(&grad([3.0 * huge, 0.0, 0.0], 4.0 * huge)), 5.0 * huge);
    assert_eq!(autograd_core::global_norm(&grad([3.0 / huge, 0.0, 0.0], 4.0 / huge)), 5.0 / huge);
    assert_eq!(autograd_core::global_norm(&grad([0.0; 3], 0.0)), 0.0);
    assert_eq!(autograd_core::global_norm(&grad([0.0, 5e-324, 0.0], 0.0)), 5e-324);
    assert_eq!(autograd_core::global_norm(&grad([f64::MAX; 3], f64::MAX)), f64::INFINITY);
    let mut clipped = grad([3e200, 0.0, 0.0], 4e200);
    Clip::GlobalNorm(1.0).apply(&mut clipped);
    assert!((clipped.a[0] - 0.6).abs() < 1e-15 && (clipped.b - 0.8).abs() < 1e-15);
    let mut nan = grad([f64::INFINITY, 1.0, 1.0], 1.0);
    Clip::GlobalNorm(1.0).apply(&mut nan);
    assert!(nan.a.iter().all(|x| x.is_nan()) && nan.b.is_nan());
}

#[test]
fn errors_leave_the_optimizer_usable() {
    let x = Array2::<f64>::ones((4, 3));
    let y = Array2::<f64>::ones((5, 2));
    let mut model = Mlp::new(3, 4, 2, 1);
    let mut optimizer = Momentum::new(0.01, 0.9);
    let bad = common::mlp::Inputs { x: x.view(), y: y.view() };
    let error = optimizer.minimize(&mut model, &bad).expect_err("the sizes differ");
    assert!(matches!(error, Error::Dimension { .. }));
    assert_eq!(error.to_string(), "dimension `N` is 4 in input `x` but 5 in input `y`");
    let mut wider = Mlp::new(3, 9, 2, 1);
    let y = Array2::<f64>::ones((4, 2));
    let good = common::mlp::Inputs { x: x.view(), y: y.view() };
    optimizer.minimize(&mut wider, &good).expect("no step has been made before");
}

/// Whether making something panics with a text that names what is wrong.
fn refuses<V>(text: &str, make: impl FnOnce() -> V + std::panic::UnwindSafe) {
    let panic = std::panic::catch_unwind(|| drop(make())).expect_err("it is refused");
    let message = panic.downcast_ref::<String>().map_or("", String::as_str);
    assert!(message.contains(text), "{message:?} does not say {text:?}");
}

#[test]
fn options_that_make_no_sense_are_refused() {
    type Model = Valley<f64>;
    for limit in [-1.0, 0.0, -0.0, f64::NAN, f64::NEG_INFINITY] {
        for clip in [Clip::Norm, Clip::Value, Clip::GlobalNorm] {
            refuses("limit of a clip", || Sgd::<Model>::new(0.1).clip(clip(limit)));
            refuses("limit of a clip", || clip(limit).apply(&mut Model::start()));
        }
    }
    let _ = Sgd::<Model>::new(0.1).clip(Clip::Norm(f64::INFINITY));
    for bad in [-0.1, f64::NAN, f64::INFINITY] {
        refuses("`rate`", || Sgd::<Model>::new(bad));
        refuses("`rate`", || AdamW::<Model>::new(bad));
        refuses("`rate`", || Sgd::<Model>::new(0.1).set_rate(bad));
        refuses("`momentum`", || Momentum::<Model>::new(0.1, bad));
        refuses("`momentum`", || Nesterov::<Model>::new(0.1, bad));
        refuses("`dampening`", || Momentum::<Model>::new(0.1, 0.9).dampening(bad));
        refuses("`beta1`", || Adam::<Model>::new(0.1).betas(bad, 0.9));
        refuses("`beta2`", || Adam::<Model>::new(0.1).betas(0.9, bad));
        refuses("`epsilon`", || Adam::<Model>::new(0.1).epsilon(bad));
        refuses("`epsilon_hat`", || Adam::<Model>::new(0.1).epsilon_hat(bad));
        refuses("`weight_decay`", || Adam::<Model>::new(0.1).weight_decay(bad));
        refuses("`weight_decay`", || Sgd::<Model>::new(0.1).weight_decay(bad));
        refuses("`epsilon`", || Adagrad::<Model>::new(0.1).epsilon(bad));
        refuses("`initial`", || Adagrad::<Model>::new(0.1).initial(bad));
        refuses("`epsilon_in_root`", || RmsProp::<Model>::new(0.1).epsilon_in_root(bad));
        refuses("`decay`", || RmsProp::<Model>::new(0.1).decay(bad));
    }
    for bad in [0.0, -1.0, f64::NAN] {
        refuses("`every`", || Exponential { rate: 0.5, every: bad }.factor(1));
        refuses("`every`", || InverseTime { rate: 0.5, every: bad }.factor(1));
    }
    refuses("`rate`", || Exponential { rate: -0.5, every: 2.0 }.factor(1));
    refuses("`rate`", || InverseTime { rate: -0.5, every: 2.0 }.factor(1));
    assert_eq!(StepDecay { rate: 0.5, every: 0 }.factor(3), 0.125);
    assert_eq!(Cosine { steps: 0, warmup: 0, floor: 0.25 }.factor(0), 0.25);
    let unsorted = Piecewise { boundaries: vec![(20, 0.01), (10, 0.1)] };
    assert_eq!([5, 10, 25].map(|step| unsorted.factor(step)), [1.0, 0.1, 0.01]);
}
