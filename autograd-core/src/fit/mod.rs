//! Fitting a model to data: the minimum of its loss, with standard errors, in one call.
//!
//! [`fit()`] finds the parameters at which a model's loss is least and reports what is known about them. A model whose loss is
//! a sum of squares of an output `residual` is fitted by Levenberg–Marquardt, any other by L-BFGS.
//!
//! ```
//! use autograd_core::{fit, model};
//! use ndarray::array;
//!
//! model! {
//!     /// Growth that levels off.
//!     pub Growth<N> {
//!         param limit = 100, rate = 0.1;
//!         input t: [N], y: [N];
//!         loss = mean((limit * (1 - exp(-rate * t)) - y)^2);
//!     }
//! }
//!
//! # fn main() -> Result<(), fit::FitError> {
//! let (t, y) = (array![1.0, 2.0, 4.0, 8.0, 16.0], array![33.0, 55.0, 79.0, 97.0, 99.0]);
//! let mut growth: Growth = Growth { limit: 80.0, rate: 0.3 };
//! let report = fit(&mut growth, &growth::Inputs::new(&t, &y)).bounds("rate", 0.0..).run()?;
//! assert!(report.converged() && (growth.limit - 99.7).abs() < 0.5, "{report}");
//! # Ok(())
//! # }
//! ```
//!
//! A logistic regression whose loss is a negative log-likelihood has standard errors, too:
//!
//! ```
//! use autograd_core::{fit, model};
//! use ndarray::{Array1, array};
//!
//! model! {
//!     pub Logistic<N, D> {
//!         param w: [D], b;
//!         input x: [N, D], y: [N];
//!         let z = x @ w + b;
//!         loss = sum(softplus(z) - y*z);
//!         derive hvp;
//!     }
//! }
//!
//! # fn main() -> Result<(), fit::FitError> {
//! let x = array![[0.5], [0.75], [1.0], [1.25], [1.5], [1.75], [1.75], [2.0], [2.25], [2.5], [2.75], [3.0], [3.25], [3.5],
//!     [4.0], [4.25], [4.5], [4.75], [5.0], [5.5]];
//! let y = array![0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
//! let mut model = Logistic { w: Array1::zeros(1), b: 0.0 };
//! let report = fit(&mut model, &logistic::Inputs::new(&x, &y)).likelihood().run()?;
//! // Hours of study and passing an exam: 1.5046 ± 0.6287 and -4.0777 ± 1.7610.
//! assert!((report.value("w[0]").unwrap() - 1.5046).abs() < 1e-4);
//! assert!((report.standard_error("w[0]").unwrap() - 0.6287).abs() < 1e-4);
//! assert!((report.standard_error("b").unwrap() - 1.7610).abs() < 1e-4);
//! # Ok(())
//! # }
//! ```
//!
//! | to | write |
//! |---|---|
//! | keep a parameter within bounds | `.bounds("sigma", 0.0..)`, `.bounds("w[2]", -1.0..=1.0)` |
//! | leave one as it is | `.fixed("k")` |
//! | choose the method | `.method(fit::Method::TruncatedNewton)` |
//! | choose how exact | `.tolerance(1e-6)`, `.max_iterations(100)` |
//! | watch, and end it | `.callback(\|progress\| …)` |
//! | have standard errors for a loss that is a negative log-likelihood | `.likelihood()`, or `.observations(n)` if it is the mean of n |
//!
//! # What is known afterwards
//!
//! By least squares the covariance of the estimates is `s² (JᵀJ)⁻¹`, with `s²` the residual sum of squares by the degrees of
//! freedom; by likelihood it is the inverse of the Hessian. A parameter with a support (`param sigma in 0.. = 1;`)
//! is moved in its free form, and its standard error is that of the parameter itself (the delta method).
//!
//! The same covariance says how uncertain an output is, at any inputs: [`Report::predict`].
//!
//! # When something goes wrong
//!
//! A step that ends where the loss no longer depends on a parameter, on a plateau, has not converged: [`Stop::Plateau`].
//! A report as text warns of parameters whose standard errors are far larger than they are: the data leave them open, as they do where
//! a line separates the classes of a logistic regression, or where a curve hardly depends on one any more.
//! A loss that is not finite makes the step shorter. If no step is short enough, or the start is to blame, there is
//! [`FitError::NotFinite`], with the parameters reached. After any error but that, the model is as it was; after that, and
//! after a report, it is at the best point found.

mod bounds;
mod conjugate;
mod covariance;
mod damping;
mod descent;
mod error;
#[cfg(feature = "argmin")]
mod flattened;
mod layout;
mod lbfgs;
mod lbfgsb;
mod marquardt;
mod method;
mod names;
mod newton;
mod plateau;
mod predict;
mod problem;
mod qr;
mod report;
mod run;
mod search;
mod stop;
mod student;
mod table;
mod vector;

use core::ops::{Bound, ControlFlow, RangeBounds};

pub use covariance::Unknown;
pub use error::FitError;
pub use method::Method;
pub use predict::Prediction;
pub use report::{Estimate, Evaluations, Report, Status};
pub use stop::{Progress, Stop, Tolerance};

use bounds::Bounds;
#[cfg(feature = "argmin")]
pub(crate) use flattened::Flattened;
use names::Demand;
use stop::Callback;
use vector::Matrix;

use crate::error::Error;
use crate::float::Float;
use crate::model::Objective;

/// A function that can be differentiated, of a vector.
trait Smooth {
    /// The value; the gradient is written to `gradient`.
    fn value_and_gradient(&mut self, z: &[f64], gradient: &mut [f64]) -> Result<f64, Error>;
    /// The product of the Hessian and a direction.
    fn product(&mut self, z: &[f64], along: &[f64], out: &mut [f64]) -> Result<(), Error>;
}

/// Equations that are to hold as nearly as they can, in a vector.
trait Equations {
    /// By how much they do not hold.
    fn residual(&mut self, z: &[f64], out: &mut Vec<f64>) -> Result<(), Error>;
    /// The derivative of that: a row for each equation, a column for each number.
    fn jacobian(&mut self, z: &[f64], out: &mut Matrix) -> Result<(), Error>;
}

/// Why a method ended without having converged or given up.
enum Failure {
    /// The model cannot be evaluated.
    Model(Error),
    /// It is not finite wherever one goes.
    NotFinite,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Model(error)
    }
}

/// Finds the parameters at which the loss of a model is least, from where they are.
///
/// Nothing is done before [`run`](Fit::run); see [the module](self) for an example and for what may be chosen.
#[must_use = "nothing is fitted before `run`"]
pub fn fit<'a, 'i, M: Objective>(model: &'a mut M, inputs: &'a M::Inputs<'i>) -> Fit<'a, 'i, M> {
    Fit {
        model,
        inputs,
        method: None,
        demands: Vec::new(),
        tolerance: None,
        max_iterations: 100_000,
        callback: None,
        likelihood: false,
        observations: None,
        observed: None,
        absolute: false,
    }
}

/// A fit that is being described: what [`fit`](fit()) returns.
#[must_use = "nothing is fitted before `run`"]
pub struct Fit<'a, 'i, M: Objective> {
    model: &'a mut M,
    inputs: &'a M::Inputs<'i>,
    method: Option<Method>,
    demands: Vec<Demand>,
    tolerance: Option<Tolerance>,
    max_iterations: usize,
    callback: Option<Callback<'a>>,
    likelihood: bool,
    observations: Option<usize>,
    observed: Option<Vec<f64>>,
    absolute: bool,
}

impl<'a, M: Objective> Fit<'a, '_, M> {
    /// The method, instead of the one that the model asks for.
    pub fn method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// Keeps a parameter within bounds, which belong to it: `.bounds("sigma", 0.0..)`. A name with subscripts is one entry,
    /// `w[2]`. The parameter must be within them already. Several bounds of one parameter all hold.
    pub fn bounds(mut self, name: &str, bounds: impl RangeBounds<f64>) -> Self {
        let end = |bound, infinite| match bound {
            Bound::Included(&end) => (end, false),
            Bound::Excluded(&end) => (end, true),
            Bound::Unbounded => (infinite, false),
        };
        let (low, low_excluded) = end(bounds.start_bound(), f64::NEG_INFINITY);
        let (high, high_excluded) = end(bounds.end_bound(), f64::INFINITY);
        // Where neither is less than the other, there is one number in between, or none.
        let empty = (low >= high && (low_excluded || high_excluded)) || low > high;
        self.demands.push(Demand::Within { name: name.to_owned(), low, high, empty });
        self
    }

    /// Leaves a parameter, or an entry of one, as it is.
    pub fn fixed(mut self, name: &str) -> Self {
        self.demands.push(Demand::Fixed(name.to_owned()));
        self
    }

    /// How exact the fit is to be: a number for all, or a [`Tolerance`].
    pub fn tolerance(mut self, tolerance: impl Into<Tolerance>) -> Self {
        self.tolerance = Some(tolerance.into());
        self
    }

    /// The most iterations; 100 000 unless something else is asked for. They are steps tried by Levenberg–Marquardt, searches
    /// along a line by the other methods.
    pub fn max_iterations(mut self, iterations: usize) -> Self {
        self.max_iterations = iterations;
        self
    }

    /// A function that is told after each iteration where the fit is, and ends it by [`ControlFlow::Break`].
    pub fn callback(mut self, callback: impl FnMut(&Progress) -> ControlFlow<()> + 'a) -> Self {
        self.callback = Some(Box::new(callback));
        self
    }

    /// The loss is a negative log-likelihood, summed over the observations: standard errors are those of its Hessian.
    pub fn likelihood(mut self) -> Self {
        self.likelihood = true;
        self
    }

    /// The loss is the mean of a negative log-likelihood over so many observations. With [`likelihood`](Self::likelihood) it
    /// is the sum, and this is what the Bayesian criterion needs.
    pub fn observations(mut self, observations: usize) -> Self {
        self.observations = Some(observations);
        self
    }

    /// What was observed, for the share of its variance that the fit explains (R²): `.observed(&y)`.
    pub fn observed<'y>(mut self, y: impl IntoIterator<Item = &'y M::Scalar>) -> Self {
        self.observed = Some(y.into_iter().map(|y| y.to_f64()).collect());
        self
    }

    /// Residuals are in units of their standard deviations, which are known: standard errors are not scaled by what is left
    /// of the residuals.
    pub fn absolute_sigma(mut self) -> Self {
        self.absolute = true;
        self
    }
}
