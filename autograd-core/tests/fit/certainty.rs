//! Standard errors and what else is known after a fit, against formulas for them.

use autograd_core::fit::{Method, Status, Unknown};
use autograd_core::{fit, model};
use ndarray::{Array1, array};

use crate::dual::{Dual, Formula, Vector};

const COUNTS: [f64; 3] = [20.0, 30.0, 150.0];
const SQUARES: (f64, f64) = (50.0, 800.0);

model! {
    /// Counts of kinds that have shares `p`, and `n` numbers that are normal with deviation `sigma`, of which the squares are
    /// known.
    pub Sample<K> {
        param p: [K] in simplex, sigma: [] in 0.. = 1;
        input counts: [K], n: [], squares: [];
        loss = n*log(sigma) + squares/(2*sigma^2) - sum(counts*log(p));
    }
}

fn sample() -> Sample {
    Sample { p: array![0.5, 0.25, 0.25], sigma: 1.0 }
}

fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance * expected.abs(), "{what}: {found} is not {expected}");
}

/// The estimates are the shares and the root mean square; their covariance is that of counts and of a deviation.
#[test]
fn supports_are_kept_and_standard_errors_are_of_the_parameters() {
    let counts = Array1::from_iter(COUNTS);
    let inputs = sample::Inputs::new(&counts, SQUARES.0, SQUARES.1);
    for method in [Method::Lbfgs, Method::ConjugateGradient, Method::TruncatedNewton] {
        let mut model = sample();
        let report = fit(&mut model, &inputs).method(method).likelihood().run().expect("the loss is finite");
        assert!(report.converged(), "{report}");
        let total: f64 = COUNTS.iter().sum();
        let covariance = report.covariance().expect("it is a minimum");
        for (i, n) in COUNTS.iter().enumerate() {
            let share = n / total;
            close(model.p[i], share, 1e-6, "share");
            for j in 0..3 {
                let own = if i == j { share } else { 0.0 };
                // The Hessian is a difference of gradients, with 10 digits, at a point with 7.
                close(covariance[[i, j]], (own - share * COUNTS[j] / total) / total, 1e-5, "covariance");
            }
        }
        close(model.sigma, (SQUARES.1 / SQUARES.0).sqrt(), 1e-6, "deviation");
        close(
            report.standard_error("sigma").expect("known"),
            model.sigma / (2.0 * SQUARES.0).sqrt(),
            1e-5,
            "its error",
        );
        close(report.aic.expect("a likelihood"), 2.0 * (3.0 + report.loss), 1e-14, "AIC");
        assert_eq!((report.bic, report.residual_sum), (None, None));
        let correlations = report.correlations().expect("known");
        assert!(correlations.diag().iter().all(|one| *one == 1.0) && correlations[[0, 3]].abs() < 1e-6);
    }
}

#[test]
fn bounds_and_supports_go_together() {
    let counts = Array1::from_iter(COUNTS);
    let (mut model, inputs) = (sample(), sample::Inputs::new(&counts, SQUARES.0, SQUARES.1));
    let report = fit(&mut model, &inputs).bounds("sigma", 0.5..=2.0).fixed("p").run().expect("the loss is finite");
    assert_eq!((&model.p, model.sigma), (&array![0.5, 0.25, 0.25], 2.0));
    assert_eq!(report.estimate("sigma").expect("it is there").status, Status::AtBound);
    assert_eq!(report.estimate("p[1]").expect("it is there").status, Status::Fixed);
    let refuse = |error: fit::FitError, text| assert_eq!(error.to_string(), text);
    let simplex = "`p[0]` is on a simplex, where numbers depend on each other: fix all of it or nothing";
    refuse(fit(&mut model, &inputs).bounds("p[0]", 0.0..).run().expect_err("a simplex"), simplex);
    refuse(fit(&mut model, &inputs).fixed("p[0]").run().expect_err("a simplex"), simplex);
    model.sigma = 0.0;
    let edge = "`sigma` starts at 0, but must be greater than 0";
    refuse(fit(&mut model, &inputs).run().expect_err("the edge"), edge);
    assert_eq!(model.sigma, 0.0);
}

const X: [f64; 6] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
const Y: [f64; 6] = [1.1, 2.9, 5.2, 6.8, 9.1, 11.2];

fn line(b: &[Dual]) -> Vec<Dual> {
    X.iter().zip(Y).map(|(&x, y)| b[0] + b[1] * x - y).collect()
}

/// Of a straight line everything is known in closed form.
#[test]
fn a_straight_line_has_the_errors_of_the_textbook() {
    let (n, mean_x, mean_y) = (6.0, 2.5, Y.iter().sum::<f64>() / 6.0);
    let about =
        |a: &[f64], b: &[f64], (p, q): (f64, f64)| -> f64 { a.iter().zip(b).map(|(a, b)| (a - p) * (b - q)).sum() };
    let (sxx, sxy, syy) =
        (about(&X, &X, (mean_x, mean_x)), about(&X, &Y, (mean_x, mean_y)), about(&Y, &Y, (mean_y, mean_y)));
    let sum = syy - sxy * sxy / sxx;
    let variance = sum / (n - 2.0);
    let formula: Formula = line;
    let mut model = Vector { x: array![0.0, 0.0] };
    let report = fit(&mut model, &formula).observed(&Y).run().expect("it is a line");
    close(model.x[1], sxy / sxx, 1e-13, "slope");
    close(report.residual_sum.expect("least squares"), sum, 1e-12, "sum");
    close(report.standard_error("x[1]").expect("known"), (variance / sxx).sqrt(), 1e-12, "error of the slope");
    let intercept = (variance * (1.0 / n + mean_x * mean_x / sxx)).sqrt();
    close(report.standard_error("x[0]").expect("known"), intercept, 1e-12, "error of the intercept");
    close(report.covariance().expect("known")[[0, 1]], -variance * mean_x / sxx, 1e-12, "covariance");
    close(report.r_squared.expect("observed"), 1.0 - sum / syy, 1e-14, "R²");
    let log = -0.5 * n * ((2.0 * std::f64::consts::PI * sum / n).ln() + 1.0);
    close(report.log_likelihood.expect("normal"), log, 1e-12, "log-likelihood");
    // Both are differences of numbers that are up to a hundred times as large.
    close(report.aic.expect("known"), 6.0 - 2.0 * log, 1e-10, "AIC");
    close(report.bic.expect("known"), 3.0 * n.ln() - 2.0 * log, 1e-10, "BIC");
    assert_eq!((report.degrees_of_freedom, report.observations), (Some(4), Some(6)));

    let known = fit(&mut model, &formula).absolute_sigma().run().expect("it is a line");
    close(known.standard_error("x[1]").expect("known"), (1.0 / sxx).sqrt(), 1e-12, "with known deviations");
    // By any method the errors are those of the residuals.
    let lbfgs = fit(&mut model, &formula).method(Method::Lbfgs).run().expect("it is a line");
    close(lbfgs.standard_error("x[1]").expect("known"), (variance / sxx).sqrt(), 1e-9, "by L-BFGS");
    let fixed = fit(&mut model, &formula).fixed("x[0]").run().expect("it is a line");
    assert_eq!((fixed.standard_error("x[0]"), fixed.degrees_of_freedom), (None, Some(5)));
    assert!(fixed.covariance().expect("known")[[0, 0]].is_nan());
}

model! { pub Straight<N> { param a, b; input x: [N], y: [N]; line = a + b*x; residual = line - y; } }

/// What a straight line says between its points and beyond them has the errors and intervals of the textbook.
#[test]
fn predictions_have_the_errors_of_the_textbook() {
    let (x, y, at) = (Array1::from_iter(X), Array1::from_iter(Y), array![-1.0, 2.5, 7.0]);
    let mut model: Straight = Straight::default();
    let inputs = straight::Inputs::new(&x, &y);
    let report = fit(&mut model, &inputs).run().expect("it is a line");
    let found = report.predict(&model, &straight::Inputs::new(&at, &at), "line").expect("it is an output");
    let (variance, sxx) = (report.residual_sum.expect("least squares") / 4.0, 17.5);
    let (low, high) = found.interval(0.95);
    for (place, x) in at.iter().enumerate() {
        let error = (variance * (1.0 / 6.0 + (x - 2.5) * (x - 2.5) / sxx)).sqrt();
        close(found.values[place], model.a + model.b * x, 1e-15, "value");
        // The difference is over ε^(1/3) of an error of 0.04, of values up to 15 that are rounded.
        close(found.standard_errors[place], error, 1e-7, "error");
        // Student's quantile of 4 degrees of freedom, as tables have it.
        close(high[place] - low[place], 2.0 * 2.776_445_105 * error, 1e-6, "interval");
    }
    let (low, high) = report.interval("b", 0.95).expect("known");
    close(high - low, 2.0 * 2.776_445_105 * (variance / sxx).sqrt(), 1e-9, "interval of the slope");

    // With known deviations the interval is that of the normal distribution; what is fixed adds nothing.
    let known = fit(&mut model, &inputs).absolute_sigma().fixed("a").run().expect("it is a line");
    let (low, high) = known.interval("b", 0.95).expect("known");
    close(high - low, 2.0 * 1.959_963_985 * (1.0_f64 / 55.0).sqrt(), 1e-9, "of the slope alone");
    let found = known.predict(&model, &inputs, "line").expect("it is an output");
    close(found.standard_errors[5], 5.0 * (1.0_f64 / 55.0).sqrt(), 1e-7, "with a fixed intercept");
    assert_eq!(known.interval("a", 0.95), None);

    let refuse = |error: fit::FitError, text| assert_eq!(error.to_string(), text);
    let unknown = report.predict(&model, &inputs, "curve").expect_err("there is none");
    refuse(unknown, "the model has no output `curve` of numbers: it has `line`, `residual`, `loss`");
    let (label, mut total) = (array![0.0, 0.0, 1.0, 0.0, 1.0, 1.0], Total::<f64>::default());
    let inputs = total::Inputs::new(&x, &label);
    let report = fit(&mut total, &inputs).run().expect("the loss is finite");
    let text =
        "there are no standard errors: the loss is not known to be a likelihood: `.likelihood()` says that it is";
    refuse(report.predict(&total, &inputs, "loss").expect_err("no covariance"), text);
}

#[test]
fn reports_are_tables() {
    let formula: Formula = line;
    let mut model = Vector { x: array![0.0, 0.0] };
    let report = fit(&mut model, &formula).observed(&Y).run().expect("it is a line");
    let text = report.to_string();
    let lines: Vec<&str> = text.lines().collect();
    let expected = [
        "parameter   estimate  std. error  t value",
        "x[0]       1.0000000     0.12947    7.724",
        "x[1]       2.0200000    0.042762    47.24",
        "",
        "residual sum of squares 0.1280000000, 4 degrees of freedom, R² 0.99821067",
    ];
    assert!(lines[0].starts_with("Levenberg–Marquardt converged after"), "{text}");
    assert_eq!(lines[2..7], expected, "{text}");
    assert!(lines[7].starts_with("log-likelihood ") && lines[7].contains("AIC") && lines[7].contains("BIC"), "{text}");
    assert!(lines[8].starts_with("evaluations: residuals "), "{text}");
}

/// A mean of losses is a sum of them, once it is known of how many.
#[test]
fn means_of_likelihoods_have_the_errors_of_sums() {
    let (x, y) = (Array1::from_iter(X), array![0.0, 0.0, 1.0, 0.0, 1.0, 1.0]);
    let run = |mean: bool| {
        let mut model: Logistic = Logistic { w: 0.0, b: 0.0 };
        let mut total: Total = Total { w: 0.0, b: 0.0 };
        let report = if mean {
            fit(&mut model, &logistic::Inputs::new(&x, &y)).observations(6).run()
        } else {
            fit(&mut total, &total::Inputs::new(&x, &y)).likelihood().observations(6).run()
        };
        report.expect("the loss is finite")
    };
    let (mean, sum) = (run(true), run(false));
    for name in ["w", "b"] {
        close(mean.value(name).expect("it is there"), sum.value(name).expect("it is there"), 1e-6, name);
        close(mean.standard_error(name).expect("known"), sum.standard_error(name).expect("known"), 1e-6, name);
    }
    close(mean.log_likelihood.expect("known"), -sum.loss, 1e-12, "log-likelihood");
    close(mean.bic.expect("known"), 2.0 * 6.0_f64.ln() + 2.0 * sum.loss, 1e-12, "BIC");
    close(sum.bic.expect("known"), mean.bic.expect("known"), 1e-12, "BIC");
}

model! {
    pub Logistic<N> { param w, b; input x: [N], y: [N]; loss = mean(softplus(w*x + b) - y*(w*x + b)); derive hvp; }
}
model! { pub Total<N> { param w, b; input x: [N], y: [N]; loss = sum(softplus(w*x + b) - y*(w*x + b)); } }

fn twice(b: &[Dual]) -> Vec<Dual> {
    X.iter().zip(Y).map(|(&x, y)| (b[0] + b[1]) * x - y).collect()
}

fn exact(b: &[Dual]) -> Vec<Dual> {
    vec![b[0] - 1.0, b[1] - b[0]]
}

#[test]
fn what_is_not_known_has_a_reason() {
    let run = |formula: Formula, likelihood: bool| {
        let mut model = Vector { x: array![0.5, 0.25] };
        let fit = fit(&mut model, &formula);
        let report = if likelihood { fit.likelihood().run() } else { fit.run() }.expect("the formula is finite");
        assert!(report.converged(), "{report}");
        report.covariance().expect_err("it is not known")
    };
    assert_eq!(run(twice, false), Unknown::Singular);
    assert_eq!(run(twice, true), Unknown::NotPositiveDefinite);
    assert_eq!(run(exact, false), Unknown::NoFreedom);
}

model! {
    pub Separated<N> {
        param w, b;
        input x: [N], y: [N];
        loss = sum(bce_with_logits(w*x + b, y));
    }
}

/// Where a line separates the classes no estimate is finite: the report says so, and not of classes that overlap.
#[test]
fn classes_that_a_line_separates_are_warned_of() {
    let x = array![-2.0, -1.0, 1.0, 2.0];
    for (y, is_separated) in [(array![0.0, 0.0, 1.0, 1.0], true), (array![0.0, 1.0, 0.0, 1.0], false)] {
        let mut model: Separated = Separated { w: 0.0, b: 0.0 };
        let report = fit(&mut model, &separated::Inputs::new(&x, &y)).likelihood().run().expect("it is finite");
        let text = report.to_string();
        assert_eq!(text.contains("warning: the data hardly determine"), is_separated, "{text}");
    }
}
