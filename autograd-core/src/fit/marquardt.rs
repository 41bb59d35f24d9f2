//! Levenberg–Marquardt: nonlinear least squares by damped linear ones, within a region that is trusted.
//!
//! Source: J. J. Moré, *The Levenberg–Marquardt algorithm: implementation and theory*, Lecture Notes in Mathematics 630 (1978), and
//! MINPACK's `lmder`, from which the constants are. Parameters are scaled by the largest norms that the columns of the
//! Jacobian have had; the damping follows from the radius of the region (`damping`). Bounds are kept by projection: parameters
//! that are at one and pushed outwards are left out of a step, the others are stopped at theirs, and what the linear
//! model says of the step that is left decides on it.

use super::damping::Damping;
use super::qr::Qr;
use super::stop::{Control, Stop};
use super::vector::{Matrix, dot, is_finite, norm, number};
use super::{Bounds, Equations, Failure};

/// The first region, in units of the scaled parameters.
const FIRST_REGION: f64 = 100.0;
/// A step is taken if the sum of squares falls by this share of what the linear model says.
const ENOUGH: f64 = 1e-4;

/// Minimises from `z`, which becomes the best point found; gives why it ended, and the norm of the residuals.
pub(super) fn minimize(
    problem: &mut dyn Equations,
    bounds: &Bounds,
    z: &mut [f64],
    control: &mut Control,
) -> Result<Stop, Failure> {
    let mut fit = Marquardt::start(problem, bounds, z)?;
    let result = fit.run(problem, control);
    z.copy_from_slice(&fit.z);
    result
}

struct Marquardt<'b> {
    bounds: &'b Bounds,
    z: Vec<f64>,
    residual: Vec<f64>,
    /// Its norm.
    length: f64,
    jacobian: Matrix,
    /// The factors of the Jacobian without the parameters that bounds hold, and `Qᵀ residual`.
    qr: Qr,
    right: Vec<f64>,
    scale: Vec<f64>,
    region: f64,
    damping: Damping,
    step: Vec<f64>,
    trial: Vec<f64>,
    trial_residual: Vec<f64>,
    trial_jacobian: Matrix,
    /// `J step`, seen through `Qᵀ`.
    change: Vec<f64>,
    /// How far rounding may move the sum of squares, as a share of it.
    noise: f64,
    /// What the last step promised that was taken although the sum could not tell.
    last_blind: f64,
}

/// What a trial step was.
struct Trial {
    /// How much the sum of squares fell, as a share of it, and how much the linear model said.
    actual: f64,
    predicted: f64,
    /// The slope along the step by the same measure: negative.
    slope: f64,
    /// The norm of the scaled step.
    length: f64,
    taken: bool,
    /// The sum of squares is too coarse to judge it.
    blind: bool,
}

impl<'b> Marquardt<'b> {
    fn start(problem: &mut dyn Equations, bounds: &'b Bounds, z: &[f64]) -> Result<Self, Failure> {
        let mut fit = Self {
            bounds,
            z: z.to_vec(),
            residual: Vec::new(),
            length: 0.0,
            jacobian: Matrix::default(),
            qr: Qr::default(),
            right: Vec::new(),
            scale: Vec::new(),
            region: FIRST_REGION,
            damping: Damping::default(),
            step: vec![0.0; z.len()],
            trial: Vec::new(),
            trial_residual: Vec::new(),
            trial_jacobian: Matrix::default(),
            change: Vec::new(),
            noise: 0.0,
            last_blind: f64::INFINITY,
        };
        problem.residual(&fit.z, &mut fit.residual)?;
        problem.jacobian(&fit.z, &mut fit.jacobian)?;
        fit.length = norm(&fit.residual);
        if !fit.length.is_finite() || !fit.jacobian.is_finite() {
            return Err(Failure::NotFinite);
        }
        fit.scale = vec![0.0; z.len()];
        fit.rescale();
        let size = fit.scaled_norm(&fit.z);
        fit.region = if size > 0.0 { FIRST_REGION * size } else { FIRST_REGION };
        Ok(fit)
    }

    fn run(&mut self, problem: &mut dyn Equations, control: &mut Control) -> Result<Stop, Failure> {
        let mut first = true;
        loop {
            self.factor();
            self.noise = self.noise(control.epsilon);
            if self.cosine() <= control.tolerance.gradient {
                return Ok(Stop::Gradient);
            }
            loop {
                if control.iterations >= control.max_iterations {
                    return Ok(Stop::MaxIterations);
                }
                let trial = self.attempt(problem, first)?;
                first = false;
                let told = control.tell(self.length * self.length, self.slope_norm());
                if let Some(stop) = told.or_else(|| self.ended(&trial, control)) {
                    return Ok(stop);
                }
                if trial.actual == -f64::INFINITY && self.region <= self.least_region(control) {
                    return Err(Failure::NotFinite);
                }
                if trial.taken {
                    break;
                }
            }
        }
    }

    /// Makes the scale of each parameter the largest norm that its column has had.
    fn rescale(&mut self) {
        for (column, scale) in self.scale.iter_mut().enumerate() {
            let length = norm(self.jacobian.column(column));
            *scale = if *scale == 0.0 && length == 0.0 { 1.0 } else { scale.max(length) };
        }
    }

    /// Factors the Jacobian, with columns of zeros for the parameters that bounds hold.
    fn factor(&mut self) {
        self.rescale();
        let (m, n) = (self.residual.len(), self.z.len());
        // With fewer residuals than parameters, zeros make up the rest.
        self.qr.a.reset(m.max(n), n);
        for column in 0..n {
            let slope = dot(self.jacobian.column(column), &self.residual);
            if !self.bounds.holds(column, self.z[column], slope) {
                self.qr.a.column_mut(column)[..m].copy_from_slice(self.jacobian.column(column));
            }
        }
        self.right.clone_from(&self.residual);
        self.right.resize(m.max(n), 0.0);
        self.qr.factor(&mut self.right);
        self.right.truncate(n);
    }

    /// The largest cosine of the angle between the residuals and a column.
    fn cosine(&self) -> f64 {
        if self.length == 0.0 {
            return 0.0;
        }
        let of = |k: usize| {
            let column = self.qr.norms[self.qr.order[k]];
            let along = dot(&self.qr.a.column(k)[..=k], &self.right[..=k]).abs();
            if column == 0.0 { 0.0 } else { along / self.length / column }
        };
        (0..self.z.len()).map(of).fold(0.0, f64::max)
    }

    /// The largest number of the gradient of the sum of squares.
    fn slope_norm(&self) -> f64 {
        let of = |k: usize| 2.0 * dot(&self.qr.a.column(k)[..=k], &self.right[..=k]).abs();
        (0..self.z.len()).map(of).fold(0.0, f64::max)
    }

    fn scaled_norm(&self, x: &[f64]) -> f64 {
        norm(&x.iter().zip(&self.scale).map(|(x, scale)| x * scale).collect::<Vec<_>>())
    }

    /// Tries the step to the end of the region, goes there if that is good, and makes the region fit.
    fn attempt(&mut self, problem: &mut dyn Equations, first: bool) -> Result<Trial, Failure> {
        self.damping.solve(&self.qr, &self.scale, &self.right, self.region, &mut self.step);
        self.trial.clear();
        self.trial.extend(self.z.iter().zip(&self.step).map(|(z, step)| z - step));
        self.bounds.clamp(&mut self.trial);
        // What is left of the step, bounds and rounding considered.
        for ((step, trial), z) in self.step.iter_mut().zip(&self.trial).zip(&self.z) {
            *step = trial - z;
        }
        let mut trial = self.foresee();
        if first {
            self.region = self.region.min(trial.length);
        }
        if trial.predicted > 0.0 && trial.length > 0.0 {
            problem.residual(&self.trial, &mut self.trial_residual)?;
            let length = norm(&self.trial_residual);
            trial.actual =
                if length.is_finite() { 1.0 - (length / self.length) * (length / self.length) } else { -f64::INFINITY };
            let poor = trial.actual < 0.25 * trial.predicted;
            trial.blind = poor
                && self.damping.parameter == 0.0
                && trial.predicted <= self.noise
                && trial.actual.abs() <= self.noise;
            if trial.blind || trial.actual >= ENOUGH * trial.predicted {
                problem.jacobian(&self.trial, &mut self.trial_jacobian)?;
                trial.taken = self.trial_jacobian.is_finite() && is_finite(&self.trial_residual);
                if !trial.taken {
                    trial.actual = -f64::INFINITY;
                }
            }
        }
        self.resize(&trial);
        if trial.taken {
            core::mem::swap(&mut self.z, &mut self.trial);
            core::mem::swap(&mut self.residual, &mut self.trial_residual);
            core::mem::swap(&mut self.jacobian, &mut self.trial_jacobian);
            self.length = norm(&self.residual);
        }
        Ok(trial)
    }

    /// What the linear model says of the step.
    fn foresee(&mut self) -> Trial {
        self.qr.times(&self.step, &mut self.change);
        let squared = self.length * self.length;
        let slope = dot(&self.right, &self.change) / squared;
        let size = norm(&self.change) / self.length;
        Trial {
            actual: -1.0,
            predicted: -2.0 * slope - size * size,
            slope,
            length: self.scaled_norm(&self.step),
            taken: false,
            blind: false,
        }
    }

    /// A region in which the linear model is wrong gets smaller, one in which it is right larger.
    fn resize(&mut self, trial: &Trial) {
        if trial.blind {
            return;
        }
        let ratio = if trial.predicted > 0.0 { trial.actual / trial.predicted } else { 0.0 };
        if ratio <= 0.25 {
            let shrink = if trial.actual >= 0.0 { 0.5 } else { 0.5 * trial.slope / (trial.slope + 0.5 * trial.actual) };
            let shrink = if trial.actual <= -99.0 || shrink.is_nan() { 0.1 } else { shrink.clamp(0.1, 0.5) };
            self.region = shrink * self.region.min(trial.length / 0.1);
            self.damping.parameter /= shrink;
        } else if self.damping.parameter == 0.0 || ratio >= 0.75 {
            self.region = trial.length / 0.5;
            self.damping.parameter *= 0.5;
        }
    }

    /// How far the sum of squares is rounded, as a share of it: parameters that are rounded move each residual by a share ε of
    /// `Σ |J| |z|`, and so does what the residuals are computed of.
    fn noise(&self, epsilon: f64) -> f64 {
        let mut moved = vec![0.0; self.residual.len()];
        for (column, z) in self.z.iter().enumerate() {
            for (moved, slope) in moved.iter_mut().zip(self.jacobian.column(column)) {
                *moved += (slope * z).abs();
            }
        }
        2.0 * epsilon * (norm(&moved) / self.length + number(self.residual.len()).sqrt())
    }

    /// Whether a step says that this was all. At the end steps are Gauss and Newton's, and what they promise still falls where
    /// the sum no longer tells better from worse.
    fn ended(&mut self, trial: &Trial, control: &Control) -> Option<Stop> {
        let tolerance = control.tolerance;
        let foretold = trial.predicted <= tolerance.loss && 0.5 * trial.actual <= trial.predicted.max(self.noise);
        if foretold && trial.actual.abs() <= tolerance.loss.max(self.noise) {
            return Some(Stop::Loss);
        }
        if trial.blind {
            let before = core::mem::replace(&mut self.last_blind, trial.predicted);
            return (trial.predicted > 0.8 * before).then_some(Stop::Precision);
        }
        self.last_blind = f64::INFINITY;
        let no_step = trial.length == 0.0 || trial.length.is_nan();
        let small = trial.actual > -f64::INFINITY && self.region <= self.least_region(control);
        (small || no_step).then_some(Stop::Step)
    }

    /// A region that holds no other parameters, to within the tolerance.
    fn least_region(&self, control: &Control) -> f64 {
        control.tolerance.step.max(control.epsilon) * self.scaled_norm(&self.z)
    }
}
