//! Truncated Newton: the step solves Newton's equations by linear conjugate gradients, as exactly as it pays.
//!
//! Source: J. Nocedal, S. J. Wright, *Numerical Optimization*, 2nd edition, algorithm 7.1 (line-search Newton–CG), with the
//! forcing terms of S. C. Eisenstat, H. F. Walker, *Choosing the forcing terms in an inexact Newton method*, SIAM J. Sci.
//! Comput. 17 (1996), choice 2. Needs products with the Hessian, which it never has as a whole.

use super::descent::{Directions, LONGEST, Way};
use super::search::{Point, TIGHT, Wolfe};
use super::vector::{add_scaled, dot, norm};
use super::{Failure, Smooth};

/// Newton's step is good as it is.
const WOLFE: Wolfe = Wolfe { curvature: 0.9, ..TIGHT };

/// The least exact equations: on the floor of a narrow valley, less exact steps do not lead along it.
const MOST: f64 = 0.1;

/// Newton's equations, and how exactly they are to be solved next.
#[derive(Debug)]
pub(super) struct Newton {
    system: System,
    forcing: f64,
}

impl Default for Newton {
    fn default() -> Self {
        Self { system: System::default(), forcing: MOST }
    }
}

impl Directions for Newton {
    fn choose(&mut self, problem: &mut dyn Smooth, point: &Point) -> Result<Way<'_>, Failure> {
        let newton = self.system.solve(problem, point, self.forcing)?;
        let first = if newton { 1.0 } else { 1.0 / norm(&self.system.step) };
        Ok(Way { along: &self.system.step, first, longest: LONGEST, wolfe: WOLFE })
    }

    fn learn(&mut self, before: &Point, after: &Point, _: f64) {
        self.forcing = next_forcing(self.forcing, norm(&after.gradient) / norm(&before.gradient));
    }

    fn forget(&mut self, _: &Point) -> bool {
        false
    }
}

/// How exact the next equations are to be solved: the square of what the gradient fell by, but not suddenly much more exact.
fn next_forcing(forcing: f64, fall: f64) -> f64 {
    let next = 0.9 * fall * fall;
    let safeguard = 0.9 * forcing * forcing;
    let next = if safeguard > 0.1 { next.max(safeguard) } else { next };
    next.clamp(1e-10, MOST)
}

/// Newton's equations and the buffers to solve them.
#[derive(Debug, Default)]
struct System {
    step: Vec<f64>,
    residual: Vec<f64>,
    direction: Vec<f64>,
    product: Vec<f64>,
}

impl System {
    /// Solves `H p = −g` until the residual is this share of the gradient, or curvature is not positive: then what there is
    /// by then is the step, or the steepest descent (`false`) if there is nothing.
    fn solve(&mut self, problem: &mut dyn Smooth, point: &Point, forcing: f64) -> Result<bool, Failure> {
        let n = point.z.len();
        self.step.clear();
        self.step.resize(n, 0.0);
        self.residual.clone_from(&point.gradient);
        self.direction.clear();
        self.direction.extend(point.gradient.iter().map(|g| -g));
        self.product.resize(n, 0.0);
        let enough = forcing * norm(&point.gradient);
        let mut square = dot(&self.residual, &self.residual);
        for turn in 0..2 * n + 10 {
            problem.product(&point.z, &self.direction, &mut self.product)?;
            let curvature = dot(&self.direction, &self.product);
            let flat = f64::EPSILON * dot(&self.direction, &self.direction);
            if curvature.is_nan() || curvature <= flat {
                if turn == 0 {
                    self.step.clone_from(&self.direction);
                }
                return Ok(turn > 0);
            }
            let length = square / curvature;
            add_scaled(&mut self.step, length, &self.direction);
            add_scaled(&mut self.residual, length, &self.product);
            let next = dot(&self.residual, &self.residual);
            if next.sqrt() <= enough {
                break;
            }
            let share = next / square;
            square = next;
            for (d, r) in self.direction.iter_mut().zip(&self.residual) {
                *d = share * *d - r;
            }
        }
        Ok(true)
    }
}
