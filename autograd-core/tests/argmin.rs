//! Solvers of `argmin` on models: L-BFGS and a trust region, on data of NIST's and with a parameter that has a support.
#![allow(clippy::disallowed_methods, reason = "tests compare with the system's functions")]
#![allow(clippy::float_cmp, reason = "what is exact is compared exactly")]

use argmin::core::{Executor, Gradient, Hessian, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use argmin::solver::trustregion::{Steihaug, TrustRegion};
use autograd_core::adapters::argmin::Flat;
use autograd_core::{Parameters, fit, model};
use ndarray::{Array1, Array2, array};

model! {
    pub Chwirut2<N> {
        param b1, b2, b3;
        input x: [N], y: [N];
        loss = sum((exp(-b1*x)/(b2 + b3*x) - y)^2);
        derive hvp;
    }
}

const CERTIFIED: [f64; 3] = [1.665_766_653_7e-1, 5.165_329_128_6e-3, 1.215_000_709_6e-2];

/// The columns of y and x, which follow the parameters and the sum.
fn data() -> (Array1<f64>, Array1<f64>) {
    let text = include_str!("data/nist/chwirut2.csv");
    let rows = text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(',').collect::<Vec<_>>());
    let rows: Vec<[f64; 2]> = rows
        .filter(|row| row.len() == 2)
        .map(|row| [row[0], row[1]].map(|number| number.parse().expect("a number")))
        .collect();
    (rows.iter().map(|row| row[1]).collect(), rows.iter().map(|row| row[0]).collect())
}

#[test]
fn a_trust_region_finds_the_certified_parameters() {
    let (x, y) = data();
    let mut model = Chwirut2 { b1: 0.15, b2: 0.008, b3: 0.010 };
    let inputs = chwirut2::Inputs::new(&x, &y);
    let problem = Flat::new(&mut model, &inputs).expect("there are parameters");
    let start = problem.start();
    assert_eq!(start, [0.15, 0.008, 0.010]);
    let solver = TrustRegion::new(Steihaug::new().with_max_iters(20)).with_radius(0.01).expect("it is positive");
    let executor = Executor::new(problem, solver).configure(|state| state.param(start).max_iters(100));
    let result = executor.run().expect("the loss is finite");
    let best = result.state().get_best_param().expect("there is a best one").clone();
    for (found, certified) in best.iter().zip(CERTIFIED) {
        assert!((found / certified - 1.0).abs() < 1e-7, "{found} is not {certified}");
    }
    drop(result);
    model.set_free(&best).expect("it has the length");
    assert!((model.b1 - best[0]).abs() < 1e-15);
}

model! {
    pub Logistic<N, D> {
        param w: [D], b;
        input x: [N, D], y: [N];
        let z = x @ w + b;
        loss = sum(softplus(z) - y*z) + 0.5*sum(w^2);
        derive hvp;
    }
}

/// Which irises are virginica and not versicolor, by a logistic regression: both solvers end where `fit` does.
#[test]
fn both_solvers_agree_with_fit_on_irises() {
    let text = include_str!("../../examples/data/iris.csv");
    let rows = text.lines().filter(|line| line.ends_with(",1") || line.ends_with(",2"));
    let rows: Vec<Vec<&str>> = rows.map(|line| line.split(',').collect()).collect();
    let x = Array2::from_shape_fn((rows.len(), 4), |(row, column)| rows[row][column].parse::<f64>().expect("a size"));
    let y: Array1<f64> = rows.iter().map(|row| if row[4] == "2" { 1.0 } else { 0.0 }).collect();
    assert_eq!(rows.len(), 100);
    let inputs = logistic::Inputs::new(&x, &y);
    let start = || Logistic { w: Array1::zeros(4), b: 0.0 };
    let mut fitted = start();
    assert!(fit(&mut fitted, &inputs).run().expect("the loss is finite").converged());
    let check = |best: Option<&Vec<f64>>| {
        for (found, fitted) in best.expect("there is a best one").iter().zip(fitted.flatten()) {
            // Both stop where the loss stands still, which is flat along a direction or two: half the digits.
            assert!((found - fitted).abs() < 1e-5 * fitted.abs().max(1.0), "{found} is not {fitted}");
        }
    };

    let mut model = start();
    let problem = Flat::new(&mut model, &inputs).expect("there are parameters");
    let (lbfgs, zero) = (LBFGS::new(MoreThuenteLineSearch::new(), 10), problem.start());
    let executor = Executor::new(problem, lbfgs).configure(|state| state.param(zero).max_iters(200));
    check(executor.run().expect("the loss is finite").state().get_best_param());

    let problem = Flat::new(&mut model, &inputs).expect("there are parameters");
    let region = TrustRegion::new(Steihaug::new().with_max_iters(20));
    let executor = Executor::new(problem, region).configure(|state| state.param(vec![0.0; 5]).max_iters(100));
    check(executor.run().expect("the loss is finite").state().get_best_param());
}

model! {
    pub Normal<N> {
        param mean, sigma in 0..;
        input y: [N];
        loss = sum(-normal_lpdf(y, mean, sigma));
        derive hvp;
    }
}

/// In free form the derivatives are those of the composition, and no step leaves the support.
#[test]
fn supports_are_kept() {
    let y = array![1.0, 2.0, 4.0, 7.0, 3.0];
    let mut model: Normal = Normal { mean: 0.5, sigma: 3.0 };
    let inputs = normal::Inputs::new(&y);
    let problem = Flat::new(&mut model, &inputs).expect("there are parameters");
    let start = problem.start();
    assert!((start[1] - 3.0_f64.ln()).abs() < 1e-15);
    let hessian = problem.hessian(&start).expect("the loss is finite");
    for k in 0..2 {
        let at = |h: f64| {
            let mut z = start.clone();
            z[k] += h;
            problem.gradient(&z).expect("the loss is finite")
        };
        let (above, below) = (at(1e-5), at(-1e-5));
        for row in 0..2 {
            // The step squared times a sixth of a third derivative of about 30.
            assert!((hessian[row][k] - (above[row] - below[row]) / 2e-5).abs() < 1e-8, "{hessian:?}");
        }
    }
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), 5);
    let executor = Executor::new(problem, solver).configure(|state| state.param(start).max_iters(50));
    let result = executor.run().expect("the loss is finite");
    let best = result.state().get_best_param().expect("there is a best one").clone();
    drop(result);
    model.set_free(&best).expect("it has the length");
    let mean: f64 = y.mean().expect("there are numbers");
    assert!((model.mean - mean).abs() < 1e-6 && (model.sigma - y.std(0.0)).abs() < 1e-6, "{model:?}");
}
