//! A fit from its description to its report.

use ndarray::Array2;

use super::conjugate::Conjugate;
use super::covariance::{Scale, active, covariance};
use super::descent::{self, Directions};
use super::layout::Layout;
use super::lbfgs::Lbfgs;
use super::lbfgsb::Lbfgsb;
use super::newton::Newton;
use super::problem::Problem;
use super::stop::{Control, Stop, Tolerance};
use super::table::log_two_pi;
use super::vector::{Matrix, dot, number};
use super::{Equations, Estimate, Failure, Fit, FitError, Method, Report, Status, marquardt};
use crate::error::Error;
use crate::float::Float;
use crate::math::Elementary;
use crate::model::Objective;

impl<M: Objective> Fit<'_, '_, M> {
    /// Fits, and leaves the model at the best point found.
    ///
    /// # Errors
    /// [`FitError`]: names and bounds that do not go with the model, before anything is evaluated; inputs that do not; a loss that
    /// is not finite.
    pub fn run(self) -> Result<Report, FitError> {
        let layout = Layout::new(self.model, &self.demands)?;
        let has_residuals = M::least_squares().is_some();
        let squares = has_residuals && !self.likelihood;
        let method = self.method.unwrap_or(if squares { Method::LevenbergMarquardt } else { Method::Lbfgs });
        match method {
            Method::LevenbergMarquardt if !has_residuals => return Err(FitError::NoResiduals),
            Method::ConjugateGradient | Method::TruncatedNewton if layout.bounds.any() => {
                return Err(FitError::NoBounds { method });
            }
            Method::LevenbergMarquardt | Method::Lbfgs | Method::ConjugateGradient | Method::TruncatedNewton => {}
        }
        let scale = match (self.likelihood, self.observations) {
            (true, _) => Scale::Likelihood(1.0),
            (false, Some(observations)) if !has_residuals => Scale::Likelihood(number(observations)),
            (false, _) if has_residuals => Scale::Squares { absolute: self.absolute },
            (false, _) => Scale::Nothing,
        };
        let epsilon = M::Scalar::EPSILON.to_f64();
        let mut control = Control {
            tolerance: self.tolerance.unwrap_or_else(|| Tolerance::of(epsilon, method)),
            in_units: self.tolerance.is_none(),
            max_iterations: self.max_iterations,
            epsilon,
            callback: self.callback,
            iterations: 0,
            flat: Vec::new(),
        };
        let before = self.model.clone();
        let mut z = layout.start();
        let mut problem = Problem::new(self.model, self.inputs, layout);
        let result = minimize(&mut problem, method, &mut z, &mut control);
        let Control { iterations, flat, .. } = control;
        let report = match result {
            Ok(stop) => {
                let (observations, y) = (self.observations, self.observed);
                let facts = Facts { method, stop, iterations, flat, scale, observations, y };
                report(&mut problem, &z, facts).map_err(FitError::Model)
            }
            Err(Failure::Model(error)) => Err(FitError::Model(error)),
            Err(Failure::NotFinite) => {
                problem.layout.set(problem.model, &z);
                let values = problem.model.flatten().into_iter().map(Float::to_f64);
                let parameters = problem.model.entry_names().zip(values).collect();
                Err(FitError::NotFinite { iterations, parameters })
            }
        };
        match &report {
            Err(FitError::NotFinite { iterations: 0, .. } | FitError::Model(_)) => *problem.model = before,
            _ => problem.layout.set(problem.model, &z),
        }
        report
    }
}

fn minimize<M: Objective>(
    problem: &mut Problem<'_, '_, M>,
    method: Method,
    z: &mut [f64],
    control: &mut Control,
) -> Result<Stop, Failure> {
    let bounds = problem.layout.bounds.clone();
    let directions: &mut dyn Directions = match method {
        Method::LevenbergMarquardt => return marquardt::minimize(problem, &bounds, z, control),
        Method::Lbfgs if bounds.any() => &mut Lbfgsb::within(&bounds),
        Method::Lbfgs => &mut Lbfgs::default(),
        Method::ConjugateGradient => &mut Conjugate::default(),
        Method::TruncatedNewton => &mut Newton::default(),
    };
    descent::minimize(problem, directions, z, control)
}

/// What a report needs beside the model.
struct Facts {
    method: Method,
    stop: Stop,
    iterations: usize,
    flat: Vec<usize>,
    scale: Scale,
    observations: Option<usize>,
    y: Option<Vec<f64>>,
}

fn report<M: Objective>(problem: &mut Problem<'_, '_, M>, z: &[f64], facts: Facts) -> Result<Report, Error> {
    let active = active(problem, z, facts.scale)?;
    let covariance = covariance(problem, z, facts.scale, &active)?;
    let mut residual = Vec::new();
    if problem.has_residuals() {
        problem.residual(z, &mut residual)?;
    }
    let residual_sum = problem.has_residuals().then(|| dot(&residual, &residual));
    let loss = match residual_sum {
        Some(sum) if facts.method == Method::LevenbergMarquardt => sum,
        _ => problem.loss(z)?,
    };
    problem.layout.set(problem.model, z);
    let estimates = estimates(problem, (&active, &facts.flat), covariance.as_ref().ok());
    let fitted = active.len();
    let likelihood = match (facts.scale, residual_sum) {
        (Scale::Likelihood(factor), _) => Some((-factor * loss, fitted, facts.observations)),
        (Scale::Squares { absolute: false }, Some(sum)) => {
            let n = number(residual.len());
            let log = -0.5 * n * (log_two_pi() + Elementary::log(sum / n) + 1.0);
            Some((log, fitted + 1, Some(residual.len())))
        }
        (Scale::Squares { .. } | Scale::Nothing, _) => None,
    };
    let degrees_of_freedom = residual_sum.map(|_| residual.len().saturating_sub(fitted));
    Ok(Report {
        loss,
        method: facts.method,
        stop: facts.stop,
        iterations: facts.iterations,
        evaluations: problem.evaluations,
        observations: residual_sum.map(|_| residual.len()).or(facts.observations),
        residual_sum,
        degrees_of_freedom,
        freedom: degrees_of_freedom.filter(|_| matches!(facts.scale, Scale::Squares { absolute: false })),
        r_squared: residual_sum.zip(facts.y).map(|(sum, y)| 1.0 - sum / squares_about_mean(&y)),
        log_likelihood: likelihood.map(|(log, ..)| log),
        aic: likelihood.map(|(log, k, _)| 2.0 * (number(k) - log)),
        bic: likelihood.and_then(|(log, k, n)| Some(number(k) * Elementary::log(number(n?)) - 2.0 * log)),
        covariance: covariance.map(|covariance| as_array(&covariance, &estimates)),
        estimates,
    })
}

/// All numbers of the model, with standard errors where there are any.
fn estimates<M: Objective>(
    problem: &Problem<'_, '_, M>,
    (active, flat): (&[usize], &[usize]),
    covariance: Option<&Matrix>,
) -> Vec<Estimate> {
    let model = &*problem.model;
    let status = problem.layout.status(active, flat);
    let values = model.flatten().into_iter().map(Float::to_f64);
    let of = |(place, (name, value)): (usize, (String, f64))| {
        let variance = covariance.map(|covariance| covariance[(place, place)]);
        let status = status[place];
        let standard_error = variance.filter(|_| status == Status::Fitted).map(f64::sqrt);
        Estimate { name, value, standard_error, status }
    };
    model.entry_names().zip(values).enumerate().map(of).collect()
}

fn as_array(covariance: &Matrix, estimates: &[Estimate]) -> Array2<f64> {
    let known = |place: usize| estimates[place].status == Status::Fitted;
    Array2::from_shape_fn((covariance.rows(), covariance.columns()), |(row, column)| {
        if known(row) && known(column) { covariance[(row, column)] } else { f64::NAN }
    })
}

fn squares_about_mean(y: &[f64]) -> f64 {
    let mean = y.iter().sum::<f64>() / number(y.len());
    y.iter().map(|y| (y - mean) * (y - mean)).sum()
}
