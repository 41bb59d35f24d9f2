//! Checking a gradient against finite differences.
//!
//! For every model, written by `model!` or by hand: the derivative along random directions, which sees every number at
//! once, and along single numbers, which says where a mistake is. The finite differences are central ones of several
//! steps, extrapolated, and come with an estimate of their own error (see [`Options`]), so that there is no step to
//! choose and no tolerance to guess.

mod difference;
mod report;

use rand::Rng;

pub use report::{Check, Place, Report};

use crate::error::Error;
use crate::float::Float;
use crate::init::{below, normal, stream};
use crate::math::Elementary;
use crate::model::{Objective, Parameters};
use difference::Difference;

/// How thorough a [`gradcheck`] is.
///
/// An analytic derivative `a` and a numeric one `n` agree if `|a - n|` is at most
/// `safety * error + relative * |a| + 64 * eps * |g|`, where `error` is the estimated error of `n` (truncation, from
/// extrapolating over steps h, h/2, h/4, …, and rounding, a few `eps * |loss| / h`), `|g|` the largest number of the
/// gradient, and `eps` the machine's for the model's scalar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Random directions through all parameters at once.
    pub directions: usize,
    /// Numbers of each parameter that are checked one by one, at most; spread evenly over those there are.
    pub coordinates: usize,
    /// The factor on the estimated error of the finite differences.
    pub safety: f64,
    /// What a derivative may differ by, for its size, beyond that; `None` is `eps^(2/5)`: 5e-7 in `f64`, 2e-3 in `f32`.
    pub relative: Option<f64>,
    /// The seed of directions and choices.
    pub seed: u64,
}

impl Default for Options {
    /// 8 directions, 32 coordinates of each parameter, a safety of 4, seed 0.
    fn default() -> Self {
        Self { directions: 8, coordinates: 32, safety: 4.0, relative: None, seed: 0 }
    }
}

/// Compares the gradient of a model's loss at its present parameters with finite differences.
///
/// The loss must be smooth around them: at a kink (`relu` at exactly 0) the two rightly differ.
///
/// ```
/// use autograd_core::gradcheck::{Options, gradcheck};
/// use autograd_core::model;
/// use ndarray::array;
///
/// model! { pub Line<N> { param w, b; input x: [N], y: [N]; loss = mean((w*x + b - y)^2); } }
///
/// # fn main() -> Result<(), autograd_core::Error> {
/// let (x, y) = (array![0.0, 1.0, 2.0], array![1.0, 3.0, 4.0]);
/// let report = gradcheck(&Line { w: 0.5, b: 0.1 }, &line::Inputs::new(&x, &y), Options::default())?;
/// assert!(report.passed(), "{report}");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// If the inputs and parameters do not fit together.
pub fn gradcheck<M: Objective>(model: &M, inputs: &M::Inputs<'_>, options: Options) -> Result<Report, Error> {
    let grad = model.grad(inputs)?;
    let grads: Vec<Vec<f64>> =
        (0..M::NAMES.len()).map(|index| grad.values(index).iter().map(|g| g.to_f64()).collect()).collect();
    let mut probe = Probe { at: model.clone(), model, inputs, workspace: M::Workspace::default() };
    let eps = epsilon::<M::Scalar>();
    let largest = grads.iter().flatten().fold(0.0, |largest: f64, g| largest.max(g.abs()));
    let mut report = Report::new();
    let relative = options.relative.unwrap_or(Elementary::pow(eps, 0.4));
    let mut judge = |place: Place, analytic: f64, numeric: Difference| {
        report.add(Check {
            place,
            analytic,
            numeric: numeric.value,
            error: numeric.error,
            tolerance: options.safety * numeric.error + relative * analytic.abs() + 64.0 * eps * largest,
        });
    };
    let mut rng = stream(options.seed, "gradcheck");
    let directions = if grads.iter().all(Vec::is_empty) { 0 } else { options.directions };
    for direction in 0..directions {
        let along = random_direction(model, &mut rng);
        let analytic = dot(&grads, &along);
        let numeric = probe.along(&along, noise(model, &grads, eps))?;
        judge(Place::Direction(direction), analytic, numeric);
    }
    for (index, parameter) in M::NAMES.iter().enumerate() {
        let len = grads[index].len();
        let count = len.min(options.coordinates);
        for k in 0..count {
            // One of the k-th of `count` parts.
            let (start, end) = (k * len / count, (k + 1) * len / count);
            let entry = start + below(end - start, &mut rng);
            let place = Place::Entry { parameter, index: unravel(entry, model.shape(index)) };
            let numeric = probe.coordinate(index, entry, eps)?;
            judge(place, grads[index][entry], numeric);
        }
    }
    Ok(report)
}

/// The loss around the parameters of `model`.
struct Probe<'a, 'i, M: Objective> {
    model: &'a M,
    at: M,
    inputs: &'a M::Inputs<'i>,
    workspace: M::Workspace,
}

impl<M: Objective> Probe<'_, '_, M> {
    fn loss(&mut self) -> Result<f64, Error> {
        Ok(self.at.loss_into(self.inputs, &mut self.workspace)?.to_f64())
    }

    /// The derivative along a direction. `noise` is what rounding the parameters does to the loss.
    fn along(&mut self, along: &[Vec<f64>], noise: f64) -> Result<Difference, Error> {
        let size = (0..M::NAMES.len())
            .filter_map(|index| self.model.values(index).iter().map(|x| x.to_f64().abs()).reduce(f64::max))
            .fold(1.0, f64::max);
        let difference = difference::central(size, epsilon::<M::Scalar>(), noise, |h| {
            let mut losses = [0.0; 2];
            for (loss, h) in losses.iter_mut().zip([h, -h]) {
                for (index, along) in along.iter().enumerate() {
                    let from = self.model.values(index);
                    let to = self.at.values_mut(index).iter_mut();
                    for ((to, from), along) in to.zip(from.iter()).zip(along) {
                        *to = M::Scalar::from_f64(from.to_f64() + h * along);
                    }
                }
                *loss = self.loss()?;
            }
            Ok((losses, 2.0 * h))
        });
        self.at.clone_from(self.model);
        difference
    }

    /// The derivative with respect to one number.
    fn coordinate(&mut self, index: usize, entry: usize, eps: f64) -> Result<Difference, Error> {
        let x = self.model.values(index)[entry];
        let difference = difference::central(x.to_f64().abs().max(1.0), eps, 0.0, |h| {
            let mut losses = [0.0; 2];
            let points = [h, -h].map(|h| M::Scalar::from_f64(x.to_f64() + h));
            for (loss, point) in losses.iter_mut().zip(points) {
                self.at.values_mut(index)[entry] = point;
                *loss = self.loss()?;
            }
            Ok((losses, points[0].to_f64() - points[1].to_f64()))
        });
        self.at.values_mut(index)[entry] = x;
        difference
    }
}

/// A direction of Euclidean length 1 through all parameters, evenly distributed.
fn random_direction<P: Parameters>(model: &P, rng: &mut impl Rng) -> Vec<Vec<f64>> {
    let mut along: Vec<Vec<f64>> =
        (0..P::NAMES.len()).map(|index| normal(0.0, 1.0).array(model.values(index).len(), rng).to_vec()).collect();
    let length = dot(&along, &along).sqrt();
    along.iter_mut().flatten().for_each(|x| *x /= length);
    along
}

/// How far rounding the parameters moves the loss, about.
fn noise<P: Parameters>(model: &P, grads: &[Vec<f64>], eps: f64) -> f64 {
    let squares = grads.iter().enumerate().flat_map(|(index, grads)| {
        let values = model.values(index);
        (0..grads.len()).map(move |i| Elementary::square(values[i].to_f64() * grads[i]))
    });
    eps * squares.sum::<f64>().sqrt()
}

fn dot(x: &[Vec<f64>], y: &[Vec<f64>]) -> f64 {
    x.iter().flatten().zip(y.iter().flatten()).map(|(x, y)| x * y).sum()
}

/// The subscripts of an entry in row-major order.
fn unravel(mut entry: usize, shape: &[usize]) -> Vec<usize> {
    let mut index = vec![0; shape.len()];
    for (i, n) in index.iter_mut().zip(shape).rev() {
        (*i, entry) = (entry % n, entry / n);
    }
    index
}

/// The distance from 1 to the next number.
fn epsilon<T: Float>() -> f64 {
    if size_of::<T>() == size_of::<f32>() { f64::from(f32::EPSILON) } else { f64::EPSILON }
}
