//! Training that is resumed has the bits of training never interrupted.

use autograd_core::save::{Resume, SaveError, Snapshot};
use autograd_core::schedule::{Exponential, StepDecay};
use autograd_core::train::Trainer;
use autograd_core::{Adagrad, Adam, AdamW, Clip, Momentum, Nesterov, Optimizer, Parameters, RmsProp, Sgd};
use ndarray::{Array1, array};

use crate::files::Folder;
use autograd_training::{Plane, plane, points};

/// Trains three epochs and then two more of another trainer, once without and once with a file between.
fn check<O: Optimizer<Plane> + Resume<Plane>>(name: &str, optimizer: impl Fn() -> O) {
    let folder = Folder::new(&format!("resumed-{name}"));
    let path = folder.file("run.safetensors");
    let (x, y) = points(23, 3);
    let penalty = array![0.01, 0.0, 0.02];
    let inputs = plane::Inputs::new(&x, &y, &penalty, 0.5);
    let start = || Plane { w: array![0.1, -0.2, 0.3], b: 0.5 };
    let trainer = |epochs, seed| {
        let trainer = Trainer::new(optimizer()).epochs(epochs).batch(4).seed(seed).validate(0.2).accumulate(2);
        trainer.metric("mse").metric("loss").keep_best().patience(9)
    };

    let mut whole = start();
    let mut uninterrupted = trainer(5, 3);
    let expected = uninterrupted.fit(&mut whole, &inputs).expect("it fits");

    let mut interrupted = start();
    trainer(3, 3).checkpoint(&path).fit(&mut interrupted, &inputs).expect("it fits");
    // Another process has another seed until it has read the file, and another start.
    let (mut resumed, mut model) = (trainer(5, 8), Plane { w: Array1::ones(3), b: 9.0 });
    resumed.resume(&path, &mut model).expect("a checkpoint of this trainer");
    let history = resumed.fit(&mut model, &inputs).expect("it fits");
    assert_eq!(bits(&model), bits(&whole), "{name}");
    assert_eq!((history.loss, history.validation), (expected.loss, expected.validation), "{name}");
    assert_eq!((history.metrics, history.best), (expected.metrics, expected.best), "{name}");
    let state = |trainer: &Trainer<Plane, O>| {
        let mut snapshot = Snapshot::new();
        trainer.optimizer.store(&mut snapshot);
        snapshot
    };
    assert_eq!(state(&resumed), state(&uninterrupted), "{name}");
}

fn bits(model: &Plane) -> Vec<u64> {
    model.flatten().into_iter().map(f64::to_bits).collect()
}

#[test]
fn every_optimizer_goes_on_with_the_same_bits() {
    check("sgd", || Sgd::new(0.1).clip(Clip::GlobalNorm(0.5)));
    check("momentum", || Momentum::new(0.05, 0.9).dampening(0.1));
    check("nesterov", || Nesterov::new(0.05, 0.9));
    check("adagrad", || Adagrad::new(0.1).initial(0.1));
    check("rmsprop", || RmsProp::new(0.01).centered().momentum(0.9));
    check("adam", || Adam::new(0.1).schedule(Exponential { rate: 0.5, every: 7.0 }));
    check("amsgrad", || Adam::new(0.1).amsgrad());
    check("adamw", || AdamW::new(0.1));
}

#[test]
fn a_checkpoint_of_something_else_is_an_error() -> Result<(), SaveError> {
    let (x, y) = points(12, 3);
    let penalty = Array1::zeros(3);
    let inputs = plane::Inputs::new(&x, &y, &penalty, 0.5);
    let start = || Plane { w: array![0.1, -0.2, 0.3], b: 0.5 };
    let mut model = start();
    let mut trainer = Trainer::new(Adam::new(0.1)).schedule_by_epoch(StepDecay { rate: 0.5, every: 1 }).epochs(2);
    trainer.fit(&mut model, &inputs).expect("it fits");
    let snapshot = trainer.snapshot(&model);

    let mut other = start();
    let error = Trainer::new(Sgd::new(0.1)).restore(&snapshot, &mut other).expect_err("Sgd keeps nothing");
    assert_eq!(error.to_string(), "there is a tensor `optimizer/0/b`, which the model has not");
    let error = Trainer::new(Adam::new(0.1).amsgrad()).restore(&snapshot, &mut other).expect_err("a third slot");
    assert_eq!(error.to_string(), "there is no tensor `optimizer/2/w`");
    let error = Trainer::new(Adam::new(0.1)).restore(&Snapshot::of(&model), &mut other).expect_err("no checkpoint");
    assert_eq!(error.to_string(), "`trainer.epochs` is not there: this is no checkpoint of a trainer");
    let mut short = Plane { w: array![1.0], b: 0.5 };
    let error = Trainer::new(Adam::new(0.1)).restore(&snapshot, &mut short).expect_err("another shape");
    assert_eq!(error.to_string(), "tensor `w` has shape [3] in the file but [1] in the model");
    assert_eq!((other, short.w.len()), (start(), 1));
    // A model alone can be had from it.
    assert_eq!(snapshot.get::<Plane>("")?, model);
    Ok(())
}
