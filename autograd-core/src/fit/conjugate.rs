//! Nonlinear conjugate gradients: Hager and Zhang's direction, which always descends, with little memory.
//!
//! Source: W. W. Hager, H. Zhang, *A new conjugate gradient method with guaranteed descent and an efficient line search*,
//! SIAM J. Optim. 16 (2005), equations (1.3) to (1.7).

use super::descent::{Directions, LONGEST, Way};
use super::search::{Point, TIGHT};
use super::vector::{dot, norm};
use super::{Failure, Smooth};

/// The last direction, and the step along the next.
#[derive(Debug, Default)]
pub(super) struct Conjugate {
    direction: Vec<f64>,
    first: f64,
    /// Whether the direction is that of steepest descent.
    steepest: bool,
}

impl Directions for Conjugate {
    fn choose(&mut self, _: &mut dyn Smooth, point: &Point) -> Result<Way<'_>, Failure> {
        if self.direction.is_empty() {
            self.forget(point);
        }
        Ok(Way { along: &self.direction, first: self.first, longest: LONGEST, wolfe: TIGHT })
    }

    fn learn(&mut self, before: &Point, after: &Point, step: f64) {
        let slope = dot(&before.gradient, &self.direction);
        turn(before, after, &mut self.direction);
        self.steepest = false;
        // The loss will fall by about as much as it did: the step, if the slopes differ.
        let next_slope = dot(&after.gradient, &self.direction);
        self.first = step * (slope / next_slope).clamp(0.01, 100.0);
    }

    fn forget(&mut self, point: &Point) -> bool {
        if self.steepest {
            return false;
        }
        self.direction.clear();
        self.direction.extend(point.gradient.iter().map(|g| -g));
        (self.first, self.steepest) = (1.0 / norm(&self.direction), true);
        true
    }
}

/// The next direction: `−g + β d`, where β is not below a bound that keeps the directions from losing all memory.
fn turn(before: &Point, after: &Point, direction: &mut [f64]) {
    let y: Vec<f64> = after.gradient.iter().zip(&before.gradient).map(|(a, b)| a - b).collect();
    let dy = dot(direction, &y);
    let yy = dot(&y, &y);
    let beta = (dot(&y, &after.gradient) - 2.0 * dot(direction, &after.gradient) * yy / dy) / dy;
    let least = -1.0 / (norm(direction) * norm(&before.gradient).min(0.01));
    let beta = beta.max(least);
    // Where the slope has not changed there is no curvature to be conjugate to.
    let beta = if dy > 0.0 && beta.is_finite() { beta } else { 0.0 };
    for (d, g) in direction.iter_mut().zip(&after.gradient) {
        *d = beta * *d - g;
    }
}
