//! What may be asked of a fit: bounds, fixed parameters, limits, callbacks; and what is refused.

use std::ops::ControlFlow;

use autograd_core::fit::{FitError, Method, Status, Stop, Tolerance};
use autograd_core::{Error, fit, model};
use ndarray::{Array1, array};

use crate::dual::{Dual, Formula, Vector};

model! {
    pub Line<N> { param w: [2], b; input x: [N, 2], y: [N]; loss = mean((x @ w + b - y)^2); }
}

fn line() -> (Line, ndarray::Array2<f64>, Array1<f64>) {
    let x = array![[0.0, 1.0], [1.0, 0.5], [2.0, -1.0], [3.0, 2.0], [4.0, 0.0]];
    let y = array![1.5, 2.0, 1.0, 8.0, 7.0];
    (Line { w: array![0.5, 0.5], b: 0.25 }, x, y)
}

type Description<'a, 'i> = fit::Fit<'a, 'i, Line>;

fn refuse(describe: impl for<'a, 'i> FnOnce(Description<'a, 'i>) -> Description<'a, 'i>, text: &str) {
    let (mut model, x, y) = line();
    let inputs = line::Inputs::new(&x, &y);
    let error = describe(fit(&mut model, &inputs)).run().expect_err(text);
    assert_eq!(error.to_string(), text);
    assert_eq!(format!("{error:?}"), text);
    assert_eq!((model.w, model.b), (array![0.5, 0.5], 0.25), "the model has changed");
}

#[test]
fn what_does_not_go_with_the_model_is_refused() {
    refuse(|fit| fit.bounds("v", 0.0..), "the model has no parameter `v`: it has `w`, `b`");
    refuse(|fit| fit.fixed("w[2]"), "there is no entry `w[2]`: the shape of that parameter is [2]");
    refuse(|fit| fit.fixed("b[0]"), "there is no entry `b[0]`: the shape of that parameter is []");
    refuse(|fit| fit.fixed("w[0, 0]"), "there is no entry `w[0, 0]`: the shape of that parameter is [2]");
    refuse(|fit| fit.fixed("w[0"), "there is no entry `w[0`: the shape of that parameter is [2]");
    refuse(|fit| fit.bounds("b", 1.0..=0.0), "no number lies in the bounds of `b`: 1 to 0");
    refuse(|fit| fit.bounds("b", 0.25..0.25), "no number lies in the bounds of `b`: 0.25 to 0.25");
    refuse(|fit| fit.bounds("b", f64::NAN..), "no number lies in the bounds of `b`: NaN to inf");
    refuse(|fit| fit.bounds("w", 1.0..), "`w[0]` starts at 0.5, but must be at least 1");
    refuse(|fit| fit.bounds("w[1]", 0.0..=0.25), "`w[1]` starts at 0.5, but must be from 0 to 0.25");
    refuse(|fit| fit.bounds("b", ..0.0), "`b` starts at 0.25, but must be at most 0");
    refuse(|fit| fit.fixed("w").fixed("b"), "there is no parameter to fit: all are fixed");
    refuse(
        |fit| fit.method(Method::LevenbergMarquardt),
        "Levenberg–Marquardt needs a loss that is the sum of the squares of an output `residual`",
    );
    for method in [Method::ConjugateGradient, Method::TruncatedNewton] {
        let text = format!("{method} knows no bounds: L-BFGS and Levenberg–Marquardt do");
        refuse(|fit| fit.method(method).bounds("b", 0.0..), &text);
    }
    let (mut model, x, _) = line();
    let short = array![1.0];
    let error = fit(&mut model, &line::Inputs::new(&x, &short)).run().expect_err("`y` is too short");
    assert!(matches!(error, FitError::Model(Error::Dimension { .. })), "{error}");
    assert_eq!(model.b, 0.25);
}

#[test]
fn bounds_hold_and_what_is_fixed_stays() {
    let (mut model, x, y) = line();
    let inputs = line::Inputs::new(&x, &y);
    let report = fit(&mut model, &inputs).bounds("w[1]", ..=0.75).fixed("b").run().expect("the model fits");
    assert_eq!((model.w[1], model.b), (0.75, 0.25));
    // What is left is a line through one number.
    let rest = &y - &(&x.column(1) * 0.75) - 0.25;
    assert!((model.w[0] - x.column(0).dot(&rest) / x.column(0).dot(&x.column(0))).abs() < 1e-8);
    let status: Vec<Status> = report.estimates.iter().map(|estimate| estimate.status).collect();
    assert_eq!(status, [Status::Fitted, Status::AtBound, Status::Fixed]);
    assert!(report.to_string().contains("at bound") && report.to_string().contains("fixed"), "{report}");
    assert_eq!(report.covariance().expect_err("a mean of squares is no likelihood"), fit::Unknown::NoLikelihood);
}

/// Freudenstein and Roth's function has its least value, 0, at (5, 4).
fn freudenstein(x: &[Dual]) -> Vec<Dual> {
    let (a, b) = (x[0], x[1]);
    vec![a - 13.0 + ((5.0 - b) * b - 2.0) * b, a - 29.0 + ((b + 1.0) * b - 14.0) * b]
}

/// Levenberg–Marquardt and L-BFGS-B agree on which bounds hold, from many starts.
#[test]
fn least_squares_with_bounds_ends_where_quasi_newton_does() {
    for (a, b) in [(0.5, 3.0), (6.0, 3.5), (8.0, 4.5), (1.0, 4.9)] {
        let run = |method| {
            let mut model = Vector { x: array![a, b] };
            let formula: Formula = freudenstein;
            let tolerance = Tolerance { gradient: 1e-9, loss: 1e-15, step: 1e-14 };
            let fit = fit(&mut model, &formula).method(method).tolerance(tolerance);
            let report = fit.bounds("x[0]", 0.0..=10.0).bounds("x[1]", 3.0..=5.0).bounds("x[0]", ..=4.0_f64.max(a));
            let report = report.run().expect("the formula is finite");
            assert!(report.converged(), "{report}");
            (model.x, report)
        };
        let (marquardt, report) = run(Method::LevenbergMarquardt);
        let (lbfgs, other) = run(Method::Lbfgs);
        assert!((report.loss - other.loss).abs() <= 1e-6 * (1.0 + other.loss), "{report}\n{other}");
        assert!((&marquardt - &lbfgs).iter().all(|x| x.abs() < 1e-4), "{marquardt} {lbfgs}");
    }
}

#[test]
fn a_callback_may_end_it_and_so_does_a_limit() {
    let (mut model, x, y) = line();
    let inputs = line::Inputs::new(&x, &y);
    let mut losses = Vec::new();
    let callback = |progress: &fit::Progress| {
        losses.push(progress.loss);
        if progress.iteration == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let report = fit(&mut model, &inputs).callback(callback).run().expect("the model fits");
    assert_eq!((report.stop, report.iterations), (Stop::Callback, 3));
    assert!(losses.is_sorted_by(|a, b| a > b) && !report.converged());
    assert_eq!(model.loss(&inputs).expect("it fits"), losses[2]);
    let report = fit(&mut model, &inputs).max_iterations(0).run().expect("the model fits");
    assert_eq!((report.stop, report.loss), (Stop::MaxIterations, losses[2]));
    assert!(report.to_string().starts_with("L-BFGS has not converged after 0 iterations: the limit"), "{report}");
}

fn under(x: &[Dual]) -> Vec<Dual> {
    vec![x[0] * x[1] + x[2] - 6.0]
}

/// There may be fewer residuals than parameters, and parameters by the thousand.
#[test]
fn sizes_may_be_odd() {
    let (mut model, formula): (_, Formula) = (Vector { x: array![1.0, 1.0, 1.0] }, under);
    let report = fit(&mut model, &formula).run().expect("it is finite");
    assert!(report.converged() && report.loss < 1e-20, "{report}");
    assert_eq!(report.covariance().expect_err("one residual"), fit::Unknown::NoFreedom);

    let target = Array1::from_iter((0..30_000).map(|k| f64::from(k % 7)));
    let mut model: Many = Many { x: Array1::zeros(target.len()) };
    let report = fit(&mut model, &many::Inputs::new(&target)).likelihood().run().expect("it is finite");
    assert!(report.converged() && (&model.x - &target).iter().all(|x| x.abs() < 1e-5), "{}", report.stop);
    assert_eq!(report.covariance().expect_err("too many"), fit::Unknown::TooMany);
    assert!(report.to_string().contains("… and 29960 more"));
}

model! { pub Many<N> { param x: [N]; input target: [N]; loss = sum(cosh(x - target)); } }

/// In `f32` all methods end at its precision, and models bound to their inputs are models.
#[test]
fn other_numbers_and_bound_models_are_fitted() {
    let (_, x, y) = line();
    let (narrow_x, narrow_y) = (x.mapv(|x| x as f32), y.mapv(|y| y as f32));
    let mut best: Line = line().0;
    fit(&mut best, &line::Inputs::new(&x, &y)).run().expect("the model fits");
    for method in [Method::Lbfgs, Method::ConjugateGradient, Method::TruncatedNewton] {
        let mut narrow = Line::<f32> { w: array![0.5, 0.5], b: 0.25 };
        let report = fit(&mut narrow, &line::Inputs::new(&narrow_x, &narrow_y)).method(method).run();
        assert!(report.as_ref().is_ok_and(fit::Report::converged), "{report:?}");
        // The loss is flat to 1e-7 within the root of that of the minimum.
        assert!((f64::from(narrow.b) - best.b).abs() < 1e-2, "{method}: {} is not {}", narrow.b, best.b);
    }
    let mut bound = line().0.bind(&line::Inputs::new(&x, &y)).expect("the shapes agree");
    let report = fit(&mut bound, &()).run().expect("the model fits");
    assert!(report.converged() && (bound.model.b - best.b).abs() < 1e-6);
}

fn root(x: &[Dual]) -> Vec<Dual> {
    vec![x[0].sqrt() - 0.001, x[1] - 1.0]
}

fn never(x: &[Dual]) -> Vec<Dual> {
    let inside = x[0].0 == 2.0;
    vec![if inside { 3.0 - x[0] } else { Dual(f64::NAN, f64::NAN) }]
}

/// Where the loss is not finite, steps get shorter; if that does not help, the best point stays.
#[test]
fn losses_that_are_not_finite_shorten_the_step() {
    for method in [Method::LevenbergMarquardt, Method::Lbfgs, Method::ConjugateGradient, Method::TruncatedNewton] {
        let mut model = Vector { x: array![4.0, 3.0] };
        let formula: Formula = root;
        let report = fit(&mut model, &formula).method(method).run().expect("there is a way");
        assert!(model.x.iter().all(|x| x.is_finite()) && report.loss < 1e-3, "{method}: {}", model.x);

        let (mut model, formula): (_, Formula) = (Vector { x: array![2.0] }, never);
        let error = fit(&mut model, &formula).method(method).run().expect_err("there is none");
        assert!(matches!(error, FitError::NotFinite { .. }), "{method}: {error}");
        assert_eq!(model.x[0], 2.0, "{method}");

        let mut model = Vector { x: array![-1.0, 3.0] };
        let formula: Formula = root;
        let error = fit(&mut model, &formula).method(method).run().expect_err("the start is outside");
        let text = "the loss or its derivative is not finite at the start: x[0] = -1, x[1] = 3";
        assert_eq!(error.to_string(), text, "{method}");
    }
}

model! {
    pub Peak<N> {
        param height, width, place;
        input x: [N], y: [N];
        residual = height/width*exp(-((x - place)/width)^2/2) - y;
    }
}
model! { pub Valley<N> { param a, b; param idle: [2] unused; input x: [N]; loss = sum((a - x)^2) + (1 - exp(-(b - 3)^2)); } }

/// A step that is too long ends where a peak lies between all points and has no slope any more: that is no minimum, and the
/// report does not say so.
#[test]
fn a_plateau_is_no_minimum() {
    let x = Array1::linspace(400.0, 500.0, 35);
    let y = x.mapv(|x: f64| 1.5 / 4.0 * (-((x - 451.5) / 4.0).powi(2) / 2.0).exp());
    for method in [Method::Lbfgs, Method::ConjugateGradient, Method::TruncatedNewton] {
        let mut peak: Peak = Peak { height: 1.0, width: 10.0, place: 700.0 };
        let report = fit(&mut peak, &peak::Inputs::new(&x, &y)).method(method).run().expect("it is finite");
        assert_eq!((report.stop, report.converged()), (Stop::Plateau, false), "{report}");
        assert!(report.estimates.iter().any(|estimate| estimate.status == Status::Flat), "{report}");
        assert!(report.to_string().contains(" flat\n"), "{report}");
        // From where the peak is seen, it is found.
        peak = Peak { height: 1.5, width: 5.0, place: 450.0 };
        let report = fit(&mut peak, &peak::Inputs::new(&x, &y)).method(method).run().expect("it is finite");
        assert!(report.converged() && (peak.place - 451.5).abs() < 1e-4, "{report}");
    }
    // What the loss never depended on does not make a plateau, nor does a minimum at 0; a start without any slope does.
    let mut valley: Valley = Valley { a: 1.0, b: 2.5, idle: array![1.0, 2.0] };
    let zero = array![0.0, 0.0];
    let report = fit(&mut valley, &valley::Inputs::new(&zero)).run().expect("it is finite");
    assert!(report.converged() && valley.a.abs() < 1e-6 && (valley.b - 3.0).abs() < 1e-6, "{report}");
    valley = Valley { a: 0.0, b: 60.0, idle: array![1.0, 2.0] };
    let report = fit(&mut valley, &valley::Inputs::new(&zero)).run().expect("it is finite");
    assert_eq!((report.stop, report.iterations), (Stop::Plateau, 0), "{report}");
}
