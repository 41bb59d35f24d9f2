//! How certain estimates are: the covariance of the numbers that were moved, and of the parameters as they are.
//!
//! By least squares it is `s² (JᵀJ)⁻¹`, from the QR factors of the Jacobian; by likelihood the inverse of the Hessian of the
//! negative log-likelihood, which is built from products, column by column. Numbers that were moved in free form
//! are taken back by the derivative of the transform (the delta method).

use core::fmt;

use super::problem::Problem;
use super::qr::Qr;
use super::vector::{Matrix, dot, inverse_of_positive, number};
use super::{Equations, Smooth};
use crate::error::Error;
use crate::model::Objective;

/// The most numbers that have a covariance: it takes as many products as there are numbers, and the square of memory.
pub(super) const MOST: usize = 1000;

/// Why there are no standard errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unknown {
    /// The Jacobian's columns depend on each other: the data do not tell some of the parameters apart.
    Singular,
    /// The Hessian is not positive definite: this is no minimum, or the loss does not depend on some parameters.
    NotPositiveDefinite,
    /// There are not more residuals than parameters.
    NoFreedom,
    /// Nothing says what the loss has to do with a likelihood.
    NoLikelihood,
    /// All parameters that are not fixed are held by their bounds.
    AtBounds,
    /// There are too many parameters, over a thousand.
    TooMany,
    /// A derivative is not finite at the minimum.
    NotFinite,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Singular => "the data do not tell all parameters apart (the Jacobian is singular)",
            Self::NotPositiveDefinite => "the Hessian is not positive definite here",
            Self::NoFreedom => "there are not more residuals than parameters",
            Self::NoLikelihood => "the loss is not known to be a likelihood: `.likelihood()` says that it is",
            Self::AtBounds => "bounds hold all parameters",
            Self::TooMany => "there are over a thousand parameters",
            Self::NotFinite => "a derivative is not finite here",
        })
    }
}

/// What is known about the scale of the loss.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scale {
    /// Squares of residuals whose variance is estimated from them, or 1 if that is known.
    Squares { absolute: bool },
    /// The loss times this is a negative log-likelihood.
    Likelihood(f64),
    /// Nothing.
    Nothing,
}

/// The covariance of all natural numbers at `z`. Rows and columns of what is fixed or held by a bound are 0.
pub(super) fn covariance<M: Objective>(
    problem: &mut Problem<'_, '_, M>,
    z: &[f64],
    scale: Scale,
    active: &[usize],
) -> Result<Result<Matrix, Unknown>, Error> {
    if let Scale::Nothing = scale {
        return Ok(Err(Unknown::NoLikelihood));
    }
    if z.len() > MOST || problem.layout.natural_size() > MOST {
        return Ok(Err(Unknown::TooMany));
    }
    if active.is_empty() {
        return Ok(Err(Unknown::AtBounds));
    }
    let moved = match scale {
        Scale::Squares { absolute } => by_jacobian(problem, z, active, absolute)?,
        Scale::Likelihood(factor) => by_hessian(problem, z, active, factor)?,
        Scale::Nothing => Err(Unknown::NoLikelihood),
    };
    Ok(moved.map(|moved| natural(problem, z, active, &moved)))
}

/// The places of the moved numbers that no bound holds.
pub(super) fn active<M: Objective>(
    problem: &mut Problem<'_, '_, M>,
    z: &[f64],
    scale: Scale,
) -> Result<Vec<usize>, Error> {
    let mut slopes = vec![0.0; z.len()];
    if problem.layout.bounds.any() {
        if let Scale::Squares { .. } = scale {
            let (mut residual, mut jacobian) = (Vec::new(), Matrix::default());
            problem.residual(z, &mut residual)?;
            problem.jacobian(z, &mut jacobian)?;
            slopes = (0..z.len()).map(|k| dot(jacobian.column(k), &residual)).collect();
        } else {
            problem.value_and_gradient(z, &mut slopes)?;
        }
    }
    let bounds = &problem.layout.bounds;
    Ok((0..z.len()).filter(|&k| !bounds.holds(k, z[k], slopes[k])).collect())
}

fn by_jacobian<M: Objective>(
    problem: &mut Problem<'_, '_, M>,
    z: &[f64],
    active: &[usize],
    absolute: bool,
) -> Result<Result<Matrix, Unknown>, Error> {
    let (mut residual, mut jacobian) = (Vec::new(), Matrix::default());
    problem.residual(z, &mut residual)?;
    problem.jacobian(z, &mut jacobian)?;
    let (m, n) = (residual.len(), active.len());
    if m < n || (m == n && !absolute) {
        return Ok(Err(Unknown::NoFreedom));
    }
    if !jacobian.is_finite() {
        return Ok(Err(Unknown::NotFinite));
    }
    let mut qr = Qr::default();
    qr.a.reset(m, n);
    for (k, &place) in active.iter().enumerate() {
        qr.a.column_mut(k).copy_from_slice(jacobian.column(place));
    }
    let variance = if absolute { 1.0 } else { dot(&residual, &residual) / number(m - n) };
    qr.factor(&mut residual);
    let inverse = qr.inverse_of_square().ok_or(Unknown::Singular);
    Ok(inverse.map(|mut inverse| {
        inverse.scale(variance);
        inverse
    }))
}

fn by_hessian<M: Objective>(
    problem: &mut Problem<'_, '_, M>,
    z: &[f64],
    active: &[usize],
    factor: f64,
) -> Result<Result<Matrix, Unknown>, Error> {
    let n = active.len();
    let (mut hessian, mut unit, mut product) = (Matrix::zeros(n, n), vec![0.0; z.len()], vec![0.0; z.len()]);
    for (column, &place) in active.iter().enumerate() {
        unit[place] = 1.0;
        problem.natural_product(z, &unit, &mut product)?;
        unit[place] = 0.0;
        for (row, &place) in active.iter().enumerate() {
            hessian[(row, column)] = factor * product[place];
        }
    }
    if !hessian.is_finite() {
        return Ok(Err(Unknown::NotFinite));
    }
    for row in 0..n {
        for column in 0..row {
            let mean = f64::midpoint(hessian[(row, column)], hessian[(column, row)]);
            (hessian[(row, column)], hessian[(column, row)]) = (mean, mean);
        }
    }
    Ok(inverse_of_positive(&hessian).ok_or(Unknown::NotPositiveDefinite))
}

/// `A C Aᵀ`, where `A` is the derivative of the natural numbers by the moved ones.
fn natural<M: Objective>(problem: &mut Problem<'_, '_, M>, z: &[f64], active: &[usize], moved: &Matrix) -> Matrix {
    problem.layout.set(problem.model, z);
    let (size, n) = (problem.layout.natural_size(), active.len());
    if let Some((places, units)) = problem.layout.places() {
        // They are the natural numbers, but for their units.
        let mut all = Matrix::zeros(size, size);
        for (row, &i) in active.iter().enumerate() {
            for (column, &j) in active.iter().enumerate() {
                all[(places[i], places[j])] = moved[(row, column)] * units[i] * units[j];
            }
        }
        return all;
    }
    let mut unit = vec![0.0; z.len()];
    let mut derivative = Matrix::zeros(size, n);
    for (column, &place) in active.iter().enumerate() {
        unit[place] = 1.0;
        derivative.column_mut(column).copy_from_slice(&problem.tangent(&unit));
        unit[place] = 0.0;
    }
    let mut half = Matrix::zeros(n, size);
    for entry in 0..size {
        for row in 0..n {
            half[(row, entry)] = (0..n).map(|k| moved[(row, k)] * derivative[(entry, k)]).sum();
        }
    }
    let mut all = Matrix::zeros(size, size);
    for row in 0..size {
        for column in 0..size {
            all[(row, column)] = (0..n).map(|k| derivative[(row, k)] * half[(k, column)]).sum();
        }
    }
    all
}
