//! Eight problems of NIST's nonlinear regression, from both official starts, to the certified digits. All 27 are run by hand:
//! `tests/benches/nist`.

use autograd_core::{Objective, Parameters, fit, model};
use ndarray::Array1;

model! { pub Misra1a<N> { param b1, b2; input x: [N], y: [N]; residual = b1*(1 - exp(-b2*x)) - y; } }
model! { pub Chwirut2<N> { param b1, b2, b3; input x: [N], y: [N]; residual = exp(-b1*x)/(b2 + b3*x) - y; } }
model! {
    pub Kirby2<N> {
        param b1, b2, b3, b4, b5;
        input x: [N], y: [N];
        residual = (b1 + b2*x + b3*x^2)/(1 + b4*x + b5*x^2) - y;
    }
}
model! {
    pub Roszman1<N> {
        param b1, b2, b3, b4;
        input x: [N], y: [N];
        residual = b1 - b2*x - atan(b3/(x - b4))/pi - y;
    }
}
model! {
    pub Mgh17<N> {
        param b1, b2, b3, b4, b5;
        input x: [N], y: [N];
        residual = b1 + b2*exp(-b4*x) + b3*exp(-b5*x) - y;
    }
}
model! {
    pub Mgh09<N> {
        param b1, b2, b3, b4;
        input x: [N], y: [N];
        residual = b1*(x^2 + b2*x)/(x^2 + b3*x + b4) - y;
    }
}
model! { pub Mgh10<N> { param b1, b2, b3; input x: [N], y: [N]; residual = b1*exp(b2/(x + b3)) - y; } }
model! {
    pub Thurber<N> {
        param b1, b2, b3, b4, b5, b6, b7;
        input x: [N], y: [N];
        residual = (b1 + b2*x + b3*x^2 + b4*x^3)/(1 + b5*x + b6*x^2 + b7*x^3) - y;
    }
}

/// A file of `tests/data/nist`.
struct Problem {
    starts: [Vec<f64>; 2],
    certified: Vec<f64>,
    deviations: Vec<f64>,
    sum: f64,
    x: Array1<f64>,
    y: Array1<f64>,
}

impl Problem {
    fn parse(text: &str) -> Self {
        let rows = |line: &str| line.split(',').filter_map(|number| number.parse().ok()).collect::<Vec<f64>>();
        let rows: Vec<Vec<f64>> = text.lines().filter(|line| !line.starts_with('#')).map(rows).collect();
        let column = |rows: &[Vec<f64>], column: usize| rows.iter().map(|row| row[column]).collect::<Vec<f64>>();
        let end = rows.iter().position(|row| row.len() == 1).expect("the sum stands alone");
        let (parameters, data) = (&rows[..end], &rows[end + 1..]);
        Self {
            starts: [column(parameters, 0), column(parameters, 1)],
            certified: column(parameters, 2),
            deviations: column(parameters, 3),
            sum: rows[end][0],
            x: column(data, 1).into(),
            y: column(data, 0).into(),
        }
    }
}

/// To how many digits a number agrees with a certified one, which has eleven.
fn digits(found: f64, certified: f64) -> f64 {
    -((found - certified) / certified).abs().max(1e-11).log10()
}

type InputsOf<M> = for<'a> fn(&'a Array1<f64>, &'a Array1<f64>) -> <M as autograd_core::Model>::Inputs<'a>;

fn check<M: Objective<Scalar = f64> + Default>(name: &str, text: &str, inputs: InputsOf<M>) {
    let problem = Problem::parse(text);
    for (place, start) in problem.starts.iter().enumerate() {
        let mut model = M::default();
        model.unflatten(start).expect("there is a start for each parameter");
        let report = fit(&mut model, &inputs(&problem.x, &problem.y)).run().expect("it is finite");
        assert!(report.converged(), "{name}, start {}: {report}", place + 1);
        let least = |found: &dyn Fn(&fit::Estimate) -> f64, certified: &[f64]| {
            report.estimates.iter().zip(certified).map(|(e, &c)| digits(found(e), c)).fold(11.0, f64::min)
        };
        let values = least(&|estimate| estimate.value, &problem.certified);
        let errors = least(&|estimate| estimate.standard_error.expect("it is known"), &problem.deviations);
        let sum = digits(report.residual_sum.expect("least squares"), problem.sum);
        println!("{name} {}: {values:.1} digits, errors {errors:.1}, sum {sum:.1}", place + 1);
        assert!(values >= 8.0 && errors >= 6.0 && sum >= 6.0, "{name}, start {}: {report}", place + 1);
        assert_eq!(model.flatten(), report.estimates.iter().map(|estimate| estimate.value).collect::<Vec<_>>());
    }
}

macro_rules! check {
    ($model:ident, $module:ident) => {
        #[test]
        fn $module() {
            let text = include_str!(concat!("../data/nist/", stringify!($module), ".csv"));
            // The module has the model's name.
            check::<$model>(stringify!($model), text, |x, y| super::$module::Inputs::new(x, y));
        }
    };
}

mod certified {
    use super::*;

    check!(Misra1a, misra1a);
    check!(Chwirut2, chwirut2);
    check!(Kirby2, kirby2);
    check!(Roszman1, roszman1);
    check!(Mgh17, mgh17);
    check!(Mgh09, mgh09);
    check!(Mgh10, mgh10);
    check!(Thurber, thurber);
}

/// From the first start of MGH17 valleys lead to where the loss hardly falls and hardly depends on a parameter, far from its
/// minimum: what descends along lines says that it has not converged, or warns.
#[test]
fn a_valley_is_no_minimum() {
    let problem = Problem::parse(include_str!("../data/nist/mgh17.csv"));
    for start in &problem.starts {
        for method in [fit::Method::Lbfgs, fit::Method::ConjugateGradient, fit::Method::TruncatedNewton] {
            let mut model = Mgh17::<f64>::default();
            model.unflatten(start).expect("there is a start for each parameter");
            let inputs = mgh17::Inputs::new(&problem.x, &problem.y);
            let report = fit(&mut model, &inputs).method(method).run().expect("it is finite");
            println!("{} {:?} {}", report.method, report.stop, report.loss);
            let is_warned = report.to_string().contains("warning: the data hardly determine b5:");
            assert!(!report.converged() || is_warned || digits(report.loss, problem.sum) > 3.0, "{report}");
        }
    }
}

/// A model that is bound to its inputs has its residuals, too; a `loss` that is a multiple of the sum is one.
#[test]
fn bound_models_and_means_are_fitted_by_least_squares() {
    let problem = Problem::parse(include_str!("../data/nist/misra1a.csv"));
    let inputs = misra1a::Inputs::new(&problem.x, &problem.y);
    let mut bound = Misra1a { b1: 500.0, b2: 1e-4 }.bind(&inputs).expect("the shapes agree");
    let mut mean = Mean { b1: 500.0, b2: 1e-4 };
    let inputs = mean::Inputs::new(&problem.x, &problem.y);
    for report in [fit(&mut bound, &()).run(), fit(&mut mean, &inputs).run()] {
        let report = report.expect("it is finite");
        assert_eq!(report.method, fit::Method::LevenbergMarquardt);
        assert!(digits(report.value("b2").expect("it is there"), problem.certified[1]) > 9.0, "{report}");
        assert!(digits(report.residual_sum.expect("least squares"), problem.sum) > 9.0, "{report}");
    }
    assert!((bound.model.b1 - mean.b1).abs() < 1e-7);
}

model! {
    pub Mean<N> {
        param b1, b2;
        input x: [N], y: [N];
        residual = b1*(1 - exp(-b2*x)) - y;
        loss = mean(residual^2);
    }
}

/// The same in `f32`, whose numbers have seven digits: as many are right as the problem lets through.
#[test]
fn single_precision_fits_too() {
    let problem = Problem::parse(include_str!("../data/nist/misra1a.csv"));
    let (x, y) = (problem.x.mapv(|x| x as f32), problem.y.mapv(|y| y as f32));
    let mut model = Misra1a::<f32> { b1: 250.0, b2: 5e-4 };
    let report = fit(&mut model, &misra1a::Inputs::new(&x, &y)).run().expect("it is finite");
    assert!(report.converged(), "{report}");
    for (estimate, certified) in report.estimates.iter().zip(&problem.certified) {
        // Residuals are 1e-3 of what they are differences of, and parameters have 1e-2 of uncertainty.
        assert!(digits(estimate.value, *certified) > 3.5, "{report}");
    }
    assert!(digits(report.standard_error("b1").expect("known"), problem.deviations[0]) > 2.0, "{report}");
}
