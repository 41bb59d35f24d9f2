//! Training: what comes out has the bits of the same loop written by hand.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use autograd_core::data::{Batch, Data, Failure, Sets, Whole};
use autograd_core::schedule::StepDecay;
use autograd_core::train::{History, NotFinite, Stop, TrainError, Trainer, metrics};
use autograd_core::{Adam, Clip, Error, Objective, Optimizer, Origin, Parameters, Sgd};
use ndarray::{Array1, Array2, Axis, array, s};

use autograd_training::{Bowl, Plane, bowl, plane, points};

/// A plane and its inputs.
struct Case {
    x: Array2<f64>,
    y: Array1<f64>,
    penalty: Array1<f64>,
}

impl Case {
    fn new(n: usize) -> Self {
        let (x, y) = points(n, 3);
        Self { x, y, penalty: array![0.01, 0.0, 0.02] }
    }

    fn inputs(&self) -> plane::Inputs<'_> {
        plane::Inputs::new(&self.x, &self.y, &self.penalty, 0.5)
    }

    fn rows(&self, rows: &[usize]) -> (Array2<f64>, Array1<f64>) {
        (self.x.select(Axis(0), rows), self.y.select(Axis(0), rows))
    }
}

fn start() -> Plane {
    Plane { w: array![0.1, -0.2, 0.3], b: 0.5 }
}

#[test]
fn batches_in_order_are_steps_on_views() -> Result<(), TrainError> {
    let case = Case::new(11);
    let mut trained = start();
    let history = Trainer::new(Adam::new(0.05)).epochs(3).batch(4).in_order().fit(&mut trained, &case.inputs())?;

    let (mut model, mut adam, mut losses) = (start(), Adam::new(0.05), Vec::new());
    for _ in 0..3 {
        let mut total = 0.0;
        for rows in [0..4, 4..8, 8..11] {
            let (x, y) = (case.x.slice(s![rows.clone(), ..]), case.y.slice(s![rows.clone()]));
            let inputs = plane::Inputs { x, y, ..case.inputs() };
            total += rows.len() as f64 * adam.minimize(&mut model, &inputs)?;
        }
        losses.push(total / 11.0);
    }
    assert_eq!((trained, history.loss, history.stopped), (model, losses, Stop::Epochs));
    assert_eq!((history.seconds.len(), history.best), (3, None));
    Ok(())
}

/// Points that write down which of them they are asked for.
struct Noting(Case, RefCell<Vec<Vec<usize>>>);

impl Data<Plane> for Noting {
    fn rows(&self) -> usize {
        self.0.y.len()
    }

    fn with<R>(&self, mut batch: Batch<'_, f64>, see: impl FnOnce(&plane::Inputs<'_>) -> R) -> Result<R, Failure> {
        let mut asked = Vec::new();
        let x = batch.fill(3, |row, x| {
            asked.push(row);
            x.copy_from_slice(self.0.x.row(row).as_slice().expect("it is in row-major order"));
            Ok(())
        })?;
        let y = batch.fill((), |row, y| {
            y[0] = self.0.y[row];
            Ok(())
        })?;
        self.1.borrow_mut().push(asked);
        Ok(see(&plane::Inputs { x, y, ..self.0.inputs() }))
    }
}

#[test]
fn shuffled_epochs_hold_every_row_once_and_follow_from_the_seed() -> Result<(), TrainError> {
    let train = |seed| -> Result<_, TrainError> {
        let (data, mut model) = (Noting(Case::new(10), RefCell::default()), start());
        let mut trainer = Trainer::new(Sgd::new(0.1)).epochs(2).batch(3).seed(seed).validate(0.2);
        let history = trainer.fit(&mut model, &data)?;
        Ok((model, history, data))
    };
    let (model, history, Noting(case, asked)) = train(7)?;
    let asked = asked.into_inner();
    // Three batches of two epochs, each followed by the validation set.
    assert_eq!(asked.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 2, 2, 3, 3, 2, 2]);
    assert_eq!(asked[3], asked[7]);
    for epoch in asked.chunks(4) {
        let mut rows = epoch.concat();
        rows.sort_unstable();
        assert_eq!(rows, (0..10).collect::<Vec<_>>());
    }
    assert_ne!(asked[..3], asked[4..7]);

    // The same from the inputs of the model, which are gathered, and by hand.
    let mut gathered = start();
    let mut trainer = Trainer::new(Sgd::new(0.1)).epochs(2).batch(3).seed(7).validate(0.2);
    let again = trainer.fit(&mut gathered, &case.inputs())?;
    assert_eq!((&gathered, &again.loss, &again.validation), (&model, &history.loss, &history.validation));
    let (mut by_hand, mut sgd) = (start(), Sgd::new(0.1));
    for rows in asked.iter().filter(|rows| **rows != asked[3]) {
        let (x, y) = case.rows(rows);
        sgd.minimize(&mut by_hand, &plane::Inputs { x: x.view(), y: y.view(), ..case.inputs() })?;
    }
    assert_eq!(by_hand, model);
    let (x, y) = case.rows(&asked[3]);
    let judged = by_hand.loss(&plane::Inputs { x: x.view(), y: y.view(), ..case.inputs() })?;
    assert_eq!(history.validation[1], judged);

    assert_ne!(train(8)?.0, model);
    Ok(())
}

/// Two batches in one step are the batch of both, up to rounding; what is left at the end is a step too.
#[test]
fn gradients_accumulate_over_batches() -> Result<(), TrainError> {
    let case = Case::new(10);
    let fit = |batch, accumulate| {
        let mut model = start();
        let mut trainer = Trainer::new(Sgd::new(0.3)).epochs(2).batch(batch).accumulate(accumulate).in_order();
        trainer.fit(&mut model, &case.inputs()).map(|_| model)
    };
    let (one, two) = (fit(4, 1)?, fit(2, 2)?);
    let mut difference = one.clone();
    difference.add_scaled(-1.0, &two);
    assert!(difference.norm() < 1e-14 && one != start(), "{one:?} {two:?}");
    Ok(())
}

#[test]
fn clipping_and_the_schedule_of_epochs() -> Result<(), TrainError> {
    let case = Case::new(6);
    let (mut model, mut by_hand) = (start(), start());
    let mut trainer = Trainer::new(Sgd::new(0.5))
        .epochs(4)
        .batch(6)
        .in_order()
        .clip(Clip::GlobalNorm(0.1))
        .schedule_by_epoch(StepDecay { rate: 0.5, every: 2 });
    trainer.fit(&mut model, &case.inputs())?;
    for rate in [0.5, 0.5, 0.25, 0.25] {
        let mut grad = Objective::grad(&by_hand, &case.inputs())?;
        Clip::GlobalNorm(0.1).apply(&mut grad);
        Sgd::new(rate).apply_gradients(&mut by_hand, &grad)?;
    }
    assert_eq!(model, by_hand);
    assert_eq!(trainer.optimizer.learning_rate(), 0.25);
    Ok(())
}

/// Steps that are too large: every epoch is worse than the one before.
#[test]
fn early_stopping_keeps_the_best() -> Result<(), TrainError> {
    let case = Case::new(8);
    let steps = |epochs| Trainer::new(Sgd::new(4.0)).epochs(epochs).batch(8).in_order();
    let mut model = start();
    let history = steps(50).validate(0.25).patience(3).metric("mse").fit(&mut model, &case.inputs())?;
    let mut once = start();
    steps(1).validate(0.25).fit(&mut once, &case.inputs())?;
    assert_eq!((history.epochs(), history.best, history.stopped), (4, Some(1), Stop::Patience));
    assert_eq!(model, once);
    assert!(history.validation.is_sorted() && history.of("mse").is_some_and(<[f64]>::is_sorted));

    // The largest is the best of a metric that says so, here the last.
    let mut worst = start();
    let history = steps(5).patience(3).metric("mse").maximize("mse").fit(&mut worst, &case.inputs())?;
    assert_eq!((history.epochs(), history.best), (5, Some(5)));
    Ok(())
}

#[test]
fn epochs_go_on_where_they_ended() -> Result<(), TrainError> {
    let case = Case::new(9);
    let (mut parts, mut whole) = (start(), start());
    let mut trainer = Trainer::new(Adam::new(0.1)).epochs(2).batch(2);
    trainer.fit(&mut parts, &case.inputs())?;
    assert_eq!(trainer.fit(&mut parts, &case.inputs())?.epochs(), 2);
    let mut trainer = trainer.epochs(5);
    let history = trainer.fit(&mut parts, &case.inputs())?;
    let once = Trainer::new(Adam::new(0.1)).epochs(5).batch(2).fit(&mut whole, &case.inputs())?;
    assert_eq!((parts, history.loss), (whole, once.loss));
    Ok(())
}

#[test]
fn callbacks_and_flags_end_training() -> Result<(), TrainError> {
    let case = Case::new(9);
    let new = || Trainer::new(Sgd::<Plane>::new(0.1)).epochs(9).batch(3);
    let flag = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&flag);
    let mut trainer = new().stop_flag(flag).keep_best().on_step(move |epoch, batch, loss| {
        set.store((epoch, batch) == (3, 2) && loss.is_finite(), Ordering::Relaxed);
        ControlFlow::Continue(())
    });
    let (mut model, mut two) = (start(), start());
    let history = trainer.fit(&mut model, &case.inputs())?;
    new().epochs(2).fit(&mut two, &case.inputs())?;
    assert_eq!((history.epochs(), history.stopped, history.best), (2, Stop::Flag, Some(2)));
    assert_eq!(model, two);

    let mut trainer = new().on_epoch(|epoch| {
        assert_eq!((epoch.history.epochs(), epoch.model.w.len()), (epoch.number, 3));
        if epoch.number < 4 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let history = trainer.fit(&mut start(), &case.inputs())?;
    assert_eq!((history.epochs(), history.stopped), (4, Stop::Callback));
    Ok(())
}

/// Which value was the first to be infinite or NaN: inputs, then parameters, then outputs.
#[test]
fn what_is_not_finite_is_named() {
    let blame = |case: &Case, model: &mut Plane, rate| {
        let fit = Trainer::new(Sgd::new(rate)).epochs(200).batch(4).fit(model, &case.inputs());
        fit.expect_err("something is not finite")
    };
    let mut model = start();
    let mut case = Case::new(10);
    case.x[[6, 1]] = f64::NAN;
    let error = blame(&case, &mut model, 0.1);
    let TrainError::NotFinite { epoch: 1, what: "loss", first: Some(first), .. } = &error else { panic!("{error}") };
    assert!(matches!(first, NotFinite { origin: Origin::Input("x"), .. }) && first.place == [6, 1], "{error}");
    assert!(error.to_string().ends_with("input `x` at [6, 1] is NaN"), "{error}");

    let mut case = Case::new(10);
    case.penalty[2] = f64::INFINITY;
    assert!(blame(&case, &mut start(), 0.1).to_string().ends_with("input `penalty` at [2] is inf"));

    model.w[1] = f64::NEG_INFINITY;
    assert!(blame(&Case::new(10), &mut model, 0.1).to_string().ends_with("parameter `w` at [1] is -inf"));

    // The loss overflows, and all parameters are finite.
    let mut model = start();
    let error = blame(&Case::new(10), &mut model, 1e9);
    assert!(error.to_string().ends_with("value `mse` is inf"), "{error}");
    assert!(model.flatten().iter().all(|value| value.is_finite()), "{model:?}");
}

#[test]
fn mistakes_of_the_data_are_errors() {
    let case = Case::new(4);
    let short = case.y.slice(s![..3]);
    let inputs = plane::Inputs { y: short, ..case.inputs() };
    let error = Trainer::new(Sgd::new(0.1)).fit(&mut start(), &inputs).expect_err("there are 4 rows and 3");
    let expected = Error::Dimension { dimension: "N", first: (Origin::Input("x"), 4), second: (Origin::Input("y"), 3) };
    assert!(matches!(&error, TrainError::Model(error) if *error == expected), "{error}");

    let none = plane::Inputs { x: case.x.slice(s![..0, ..]), y: case.y.slice(s![..0]), ..case.inputs() };
    let error = Trainer::new(Sgd::new(0.1)).fit(&mut start(), &none).expect_err("there is nothing");
    assert!(matches!(error, TrainError::NoObservations));
    let error = Trainer::new(Sgd::new(0.1)).validate(0.9).fit(&mut start(), &case.inputs()).expect_err("3.6 of 4");
    assert!(matches!(error, TrainError::Split { observations: 4, .. }), "{error}");
    // It is said before anything is learnt, and what one judges by is measured.
    let mut model = start();
    let error = Trainer::new(Sgd::new(0.1)).metric("prediction").fit(&mut model, &case.inputs());
    let error = error.expect_err("it is an array").to_string();
    assert_eq!(error, "no output `prediction` is one number; those that are: mse, loss");
    assert_eq!(model, start());
    let history = Trainer::new(Sgd::new(0.1)).keep_best().minimize("mse").fit(&mut model, &case.inputs());
    assert!(history.expect("all is well").of("mse").is_some());
}

#[test]
fn models_without_observations() -> Result<(), TrainError> {
    let (mut bowl, mut by_hand) = (Bowl { a: 1.0, b: 2.0, steps: 3.0 }, Bowl { a: 1.0, b: 2.0, steps: 3.0 });
    Trainer::new(Sgd::new(0.1)).epochs(5).fit(&mut bowl, &Whole::new(bowl::Inputs {}))?;
    let mut sgd = Sgd::new(0.1);
    for _ in 0..5 {
        sgd.minimize(&mut by_hand, &bowl::Inputs {})?;
    }
    assert_eq!(bowl, by_hand);

    // Inputs of different sizes, and a model that is bound to its own.
    let (small, large) = (Case::new(3), Case::new(8));
    let (mut model, mut by_hand) = (start(), start());
    let sets = Sets::new([small.inputs(), large.inputs()]);
    let history = Trainer::new(Sgd::new(0.1)).epochs(1).in_order().metric("mse").fit(&mut model, &sets)?;
    let mut sgd = Sgd::new(0.1);
    let losses = [sgd.minimize(&mut by_hand, &small.inputs())?, sgd.minimize(&mut by_hand, &large.inputs())?];
    assert_eq!((&model, history.loss[0]), (&by_hand, f64::midpoint(losses[0], losses[1])));
    let mse = f64::midpoint(by_hand.mse(&small.inputs())?, by_hand.mse(&large.inputs())?);
    assert_eq!(history.of("mse"), Some(&[mse][..]));
    let mut bound = start().bind(&large.inputs())?;
    Trainer::new(Sgd::new(0.1)).epochs(3).fit(&mut bound, &Whole::new(()))?;
    Ok(())
}

#[test]
fn histories_print() {
    let history = History {
        loss: vec![1.5, 12_345_678.0],
        validation: vec![0.25, 0.125],
        metrics: vec![("a,b".into(), vec![0.0, 1e-9])],
        seconds: vec![0.5],
        best: Some(2),
        stopped: Stop::Patience,
    };
    assert_eq!(
        history.to_csv(),
        "epoch,loss,validation,\"a,b\",seconds\n1,1.5,0.25,0,0.5\n2,12345678,0.125,0.000000001,\n"
    );
    let table = "epoch        loss  validation         a,b
    1      1.5000      0.2500      0.0000
    2     1.235e7      0.1250    1.000e-9  best
stopped early: nothing became better";
    assert_eq!(history.to_string(), table);
}

#[test]
fn metrics_of_known_answers() {
    let (label, score) = ([0_usize, 0, 1, 1, 1], [0.1_f32, 0.4, 0.35, 0.8, 0.4]);
    // Of 6 pairs 4 are in order and one is equal.
    assert_eq!(metrics::auc(&score, &label), 4.5 / 6.0);
    assert_eq!(metrics::auc(&[0.0, -0.0], &[1, 0]), 0.5);
    assert!(metrics::auc(&[0.5, 0.1], &[1, 1]).is_nan() && metrics::auc(&[f64::NAN, 0.1], &[1, 0]).is_nan());
    let scores = array![[0.1, 0.9], [0.5, 0.5], [f64::NAN, 0.0], [2.0, 1.0], [0.0, f64::INFINITY]];
    let predicted = metrics::argmax(&scores);
    assert_eq!(predicted, array![1, 0, 1, 0, 1]);
    assert_eq!(metrics::accuracy(&predicted, &label), 3.0 / 5.0);
    let confusion = metrics::Confusion::of(&predicted, &label, 2).names(["no", "yes"]);
    assert_eq!(confusion.to_string(), "      no  yes\n no    1    1\nyes    1    2");
    assert_eq!((confusion.precision(1), confusion.recall(1), confusion.f1(0)), (2.0 / 3.0, 2.0 / 3.0, 0.5));
    let (fit, seen) = (array![1.0, 2.0, 4.0], array![1.0, 2.0, 3.0]);
    assert_eq!(metrics::r2(&fit, &seen), 0.5);
    assert_eq!((metrics::mae(&fit, &seen), metrics::rmse(&fit, &seen)), (1.0 / 3.0, (1.0_f64 / 3.0).sqrt()));
    assert!(metrics::mae(&[] as &[f64], &[]).is_nan());
}
