//! What a fit found: estimates with their uncertainty, how good the fit is, and how it went.

use ndarray::Array2;

use super::covariance::Unknown;
use super::method::Method;
use super::stop::Stop;

/// How often a model was evaluated in a fit, the report included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evaluations {
    /// Of the loss alone.
    pub loss: usize,
    /// Of the gradient, with the loss.
    pub gradient: usize,
    /// Of products of the Hessian with a direction.
    pub product: usize,
    /// Of the residuals.
    pub residual: usize,
    /// Of derivatives of the residuals along a direction: as many as parameters for each Jacobian.
    pub derivative: usize,
}

/// What a fit had to do with a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// It was moved.
    Fitted,
    /// It was not.
    Fixed,
    /// It was moved to where the loss does not depend on it: a plateau. Its standard error is unknown.
    Flat,
    /// It was moved to a bound, which holds it; its standard error is unknown.
    AtBound,
}

/// One number of the parameters.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Estimate {
    /// Its name: `b`, `w1[3, 2]`.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// Its standard error, if that is known.
    pub standard_error: Option<f64>,
    /// Whether it was fitted.
    pub status: Status,
}

/// What [`fit`](super::fit()) found. Prints as a table.
///
/// ```
/// use autograd_core::{fit, model};
/// use ndarray::array;
///
/// model! { pub Counts<N> { param rate = 1; input n: [N]; loss = sum(-poisson_lpmf(n, rate)); } }
///
/// # fn main() -> Result<(), fit::FitError> {
/// let n = array![3.0, 5.0, 4.0, 8.0];
/// let mut model: Counts = Counts { rate: 1.0 };
/// let report = fit(&mut model, &counts::Inputs::new(&n)).bounds("rate", 0.0..).likelihood().run()?;
/// println!("{report}");
/// assert!((report.value("rate").unwrap() - 5.0).abs() < 1e-6);
/// assert!((report.standard_error("rate").unwrap() - (5.0_f64 / 4.0).sqrt()).abs() < 1e-4);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// All numbers of all parameters, in the order of the flat view.
    pub estimates: Vec<Estimate>,
    /// The loss at the end. Of Levenberg–Marquardt the sum of the squares of the residuals, of which the loss may be a
    /// multiple.
    pub loss: f64,
    /// How it was found.
    pub method: Method,
    /// Why the method ended.
    pub stop: Stop,
    /// How many iterations it took.
    pub iterations: usize,
    /// How many evaluations.
    pub evaluations: Evaluations,
    /// The number of observations: of residuals, or what the caller said.
    pub observations: Option<usize>,
    /// The sum of the squares of the residuals, of a model that has them.
    pub residual_sum: Option<f64>,
    /// Residuals less fitted numbers.
    pub degrees_of_freedom: Option<usize>,
    /// The share of the observations' variance that the fit explains: with [`observed`](super::Fit::observed).
    pub r_squared: Option<f64>,
    /// The logarithm of the likelihood: of normal residuals of unknown variance by least squares, of the loss where it is one.
    pub log_likelihood: Option<f64>,
    /// Akaike's criterion. The variance of residuals counts as a parameter.
    pub aic: Option<f64>,
    /// The Bayesian criterion, by Schwarz. The variance of residuals counts as a parameter.
    pub bic: Option<f64>,
    /// The degrees of freedom of the estimated variance of residuals; none where the variance is not estimated.
    pub(super) freedom: Option<usize>,
    pub(super) covariance: Result<Array2<f64>, Unknown>,
}

impl Report {
    /// Whether a minimum was found, to within the tolerances or rounding.
    #[must_use]
    pub fn converged(&self) -> bool {
        self.stop.converged()
    }

    /// The estimate of a parameter, by its name or that of its entry: `b`, `w[2]`.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<f64> {
        self.estimate(name).map(|estimate| estimate.value)
    }

    /// The standard error of a parameter, if that is known.
    #[must_use]
    pub fn standard_error(&self, name: &str) -> Option<f64> {
        self.estimate(name)?.standard_error
    }

    /// What is known of a parameter.
    #[must_use]
    pub fn estimate(&self, name: &str) -> Option<&Estimate> {
        self.estimates.iter().find(|estimate| estimate.name == name)
    }

    /// The covariance of the estimates, in their order; rows and columns of what is fixed or held by a bound are NaN.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn covariance(&self) -> Result<&Array2<f64>, Unknown> {
        self.covariance.as_ref().map_err(|unknown| *unknown)
    }

    /// The correlations of the estimates, in their order.
    ///
    /// # Errors
    /// Why they are not known.
    pub fn correlations(&self) -> Result<Array2<f64>, Unknown> {
        let covariance = self.covariance()?;
        let deviation = covariance.diag().mapv(f64::sqrt);
        Ok(Array2::from_shape_fn(covariance.raw_dim(), |(i, j)| {
            if i == j && deviation[i] > 0.0 { 1.0 } else { covariance[[i, j]] / (deviation[i] * deviation[j]) }
        }))
    }
}
