//! The methods for any loss on problems of the literature (Moré, Garbow, Hillstrom 1981), against `SciPy`'s L-BFGS-B.

use std::f64::consts::PI;

use autograd_core::fit;
use autograd_core::fit::{Method, Stop, Tolerance};
use ndarray::Array1;

use crate::dual::{Dual, Formula, Vector};

fn rosenbrock(x: &[Dual]) -> Vec<Dual> {
    x.chunks(2).flat_map(|x| [10.0 * (x[1] - x[0].square()), 1.0 - x[0]]).collect()
}

fn powell(x: &[Dual]) -> Vec<Dual> {
    let (near, far) = (x[1] - 2.0 * x[2], x[0] - x[3]);
    vec![x[0] + 10.0 * x[1], 5.0_f64.sqrt() * (x[2] - x[3]), near.square(), 10.0_f64.sqrt() * far.square()]
}

fn helix(x: &[Dual]) -> Vec<Dual> {
    let turn = (x[1] / x[0]).atan() / (2.0 * PI) + if x[0].0 < 0.0 { 0.5 } else { 0.0 };
    vec![10.0 * (x[2] - 10.0 * turn), 10.0 * ((x[0].square() + x[1].square()).sqrt() - 1.0), x[2]]
}

fn beale(x: &[Dual]) -> Vec<Dual> {
    let (a, b) = (x[0], x[1]);
    vec![1.5 - a * (1.0 - b), 2.25 - a * (1.0 - b * b), 2.625 - a * (1.0 - b * b * b)]
}

fn wood(x: &[Dual]) -> Vec<Dual> {
    vec![
        10.0 * (x[1] - x[0].square()),
        1.0 - x[0],
        90.0_f64.sqrt() * (x[3] - x[2].square()),
        1.0 - x[2],
        10.0_f64.sqrt() * (x[1] + x[3] - 2.0),
        (x[1] - x[3]) / 10.0_f64.sqrt(),
    ]
}

fn broyden(x: &[Dual]) -> Vec<Dual> {
    let at = |k: Option<usize>| k.and_then(|k| x.get(k)).copied().unwrap_or(Dual(0.0, 0.0));
    let of = |k: usize| (3.0 - 2.0 * x[k]) * x[k] - at(k.checked_sub(1)) - 2.0 * at(Some(k + 1)) + 1.0;
    (0..x.len()).map(of).collect()
}

fn dimensioned(x: &[Dual]) -> Vec<Dual> {
    let sum = sum(x, |k, x| number(k + 1) * (x - 1.0));
    x.iter().map(|&x| x - 1.0).chain([sum, sum.square()]).collect()
}

fn penalty(x: &[Dual]) -> Vec<Dual> {
    let squares = sum(x, |_, x| x.square());
    x.iter().map(|&x| 1e-5_f64.sqrt() * (x - 1.0)).chain([squares - 0.25]).collect()
}

fn trigonometric(x: &[Dual]) -> Vec<Dual> {
    let rest = number(x.len()) - sum(x, |_, x| x.cos());
    x.iter().enumerate().map(|(k, x)| rest + number(k + 1) * (1.0 - x.cos()) - x.sin()).collect()
}

fn boundary(x: &[Dual]) -> Vec<Dual> {
    let width = 1.0 / (number(x.len()) + 1.0);
    let at = |k: Option<usize>| k.and_then(|k| x.get(k)).copied().unwrap_or(Dual(0.0, 0.0));
    let bend = |k: usize| {
        let sum = x[k] + number(k + 1) * width + 1.0;
        sum * sum * sum * (width * width / 2.0)
    };
    (0..x.len()).map(|k| 2.0 * x[k] - at(k.checked_sub(1)) - at(Some(k + 1)) + bend(k)).collect()
}

fn chain(x: &[Dual]) -> Vec<Dual> {
    let first = 2.0 * ((x[0] - 1.0) / 2.0);
    [first].into_iter().chain(x.windows(2).map(|x| 2.0 * (x[1] - x[0].square()))).collect()
}

fn sum(x: &[Dual], f: impl Fn(usize, Dual) -> Dual) -> Dual {
    x.iter().enumerate().fold(Dual(0.0, 0.0), |sum, (k, &x)| sum + f(k, x))
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("it is small"))
}

struct Problem {
    name: &'static str,
    formula: Formula,
    start: Vec<f64>,
    bounds: fn(usize) -> Option<(f64, f64)>,
}

fn problems() -> Vec<Problem> {
    let free = |name, formula, start| Problem { name, formula, start, bounds: |_| None };
    let tiled = [-1.2, 1.0].repeat(50);
    vec![
        free("rosenbrock", rosenbrock, vec![-1.2, 1.0]),
        free("powell", powell, vec![3.0, -1.0, 0.0, 1.0]),
        free("helix", helix, vec![-1.0, 0.0, 0.0]),
        free("beale", beale, vec![1.0, 1.0]),
        free("wood", wood, vec![-3.0, -1.0, -3.0, -1.0]),
        free("extended_rosenbrock", rosenbrock, tiled.clone()),
        free("broyden", broyden, vec![-1.0; 100]),
        free("dimensioned", dimensioned, (1..=10).map(|k| 1.0 - f64::from(k) / 10.0).collect()),
        free("penalty", penalty, (1..=10).map(f64::from).collect()),
        free("trigonometric", trigonometric, vec![1.0 / 20.0; 20]),
        free("boundary", boundary, (1..=20).map(|k| f64::from(k) / 21.0 * (f64::from(k) / 21.0 - 1.0)).collect()),
        Problem {
            bounds: |k| (k == 0).then_some((f64::NEG_INFINITY, 0.5)),
            ..free("bounded_rosenbrock", rosenbrock, vec![-1.2, 1.0])
        },
        Problem {
            bounds: |k| Some(if k % 2 == 0 { (-2.0, 0.8) } else { (0.1, 3.0) }),
            ..free("bounded_extended", rosenbrock, tiled)
        },
        Problem {
            bounds: |k| Some((if k % 2 == 0 { 1.0 } else { -100.0 }, 100.0)),
            ..free("chain", chain, vec![3.0; 25])
        },
        Problem { bounds: |_| Some((-4.0, 0.5)), ..free("bounded_wood", wood, vec![-3.0, -1.0, -3.0, -1.0]) },
    ]
}

impl Problem {
    fn run(&self, method: Method, tolerance: Tolerance) -> fit::Report {
        let mut model = Vector { x: Array1::from(self.start.clone()) };
        let mut fit = fit(&mut model, &self.formula).method(method).tolerance(tolerance);
        for k in 0..self.start.len() {
            if let Some((low, high)) = (self.bounds)(k) {
                fit = fit.bounds(&format!("x[{k}]"), low..=high);
            }
        }
        fit.run().expect("the problem can be evaluated")
    }

    fn is_bounded(&self) -> bool {
        (self.bounds)(0).is_some()
    }
}

const BY_GRADIENT: Tolerance = Tolerance { gradient: 1e-5, loss: 0.0, step: 0.0 };

/// `tests/reference/lbfgs.py` has written what `SciPy` needs. As many evaluations or fewer, within a fifth.
#[test]
fn lbfgs_needs_no_more_evaluations_than_scipy() {
    let (mut ours, mut theirs) = (0, 0);
    for line in include_str!("../data/lbfgs.csv").lines().skip(1) {
        let [name, evaluations, loss] = line.split(',').collect::<Vec<_>>().try_into().expect("three columns");
        let (evaluations, loss): (usize, f64) = (evaluations.parse().expect("a count"), loss.parse().expect("a loss"));
        let problem = problems().into_iter().find(|problem| problem.name == name).expect("it is listed");
        let report = problem.run(Method::Lbfgs, BY_GRADIENT);
        let count = report.evaluations.gradient;
        println!("{name}: {count} evaluations, SciPy {evaluations}; loss {:e}, {loss:e}", report.loss);
        assert_eq!(report.stop, Stop::Gradient, "{name}");
        assert!(5 * count <= 6 * evaluations, "{name}: {count} evaluations, SciPy {evaluations}");
        // Both stop at a gradient of 1e-5, at losses that differ by its square over the curvature.
        assert!((report.loss - loss).abs() <= 1e-6, "{name}: {} is not {loss}", report.loss);
        (ours, theirs) = (ours + count, theirs + evaluations);
    }
    assert!(ours <= theirs, "{ours} evaluations in all, SciPy {theirs}");
}

#[test]
fn every_method_finds_the_minimum() {
    for method in [Method::LevenbergMarquardt, Method::Lbfgs, Method::ConjugateGradient, Method::TruncatedNewton] {
        for problem in problems().iter().filter(|problem| !problem.is_bounded()) {
            let report = problem.run(method, Tolerance { gradient: 1e-6, loss: 0.0, step: 1e-12 });
            let (count, products) =
                (report.evaluations.gradient + report.evaluations.residual, report.evaluations.product);
            println!("{method}, {}: {} {count} {products} {:e}", problem.name, report.stop, report.loss);
            let least = match problem.name {
                "penalty" => 7.087_651_467_090_37e-5,
                _ => 0.0,
            };
            // Two of them have flat valleys or other minima.
            let tolerance = match problem.name {
                "penalty" => 2e-6,
                "trigonometric" => 1e-4,
                _ => 1e-7,
            };
            assert!((report.loss - least).abs() <= tolerance, "{method}, {}: {:e}", problem.name, report.loss);
        }
    }
}
