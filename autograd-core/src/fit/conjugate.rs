//! Nonlinear conjugate gradients: Hager and Zhang's direction, which always descends, with little memory.
//!
//! Source: W. W. Hager, H. Zhang, *A new conjugate gradient method with guaranteed descent and an efficient line search*,
//! SIAM J. Optim. 16 (2005), equations (1.3) to (1.7).

use super::lbfgs::LONGEST;
use super::search::{Found, Point, TIGHT, search};
use super::stop::{Control, Stop};
use super::vector::{dot, max_abs, norm};
use super::{Failure, Smooth};

/// Minimises from `z`, which becomes the best point found.
pub(super) fn minimize(problem: &mut dyn Smooth, z: &mut [f64], control: &mut Control) -> Result<Stop, Failure> {
    let mut point = Point::start(problem, z)?;
    let result = descend(problem, &mut point, control);
    z.copy_from_slice(&point.z);
    result
}

fn descend(problem: &mut dyn Smooth, point: &mut Point, control: &mut Control) -> Result<Stop, Failure> {
    let (threshold, stop) = control.start(max_abs(&point.gradient));
    if let Some(stop) = stop {
        return Ok(stop);
    }
    let (mut before, mut scratch) = (Point::default(), Point::default());
    let mut direction: Vec<f64> = point.gradient.iter().map(|g| -g).collect();
    let (mut first, mut steepest) = (1.0 / norm(&direction), true);
    let mut verdict = None;
    loop {
        before.clone_from(point);
        let slope = dot(&point.gradient, &direction);
        let step = match search(problem, point, &direction, (first, LONGEST), (TIGHT, control.epsilon), &mut scratch)? {
            Found::Lower(step) => step,
            Found::Nothing if steepest => {
                return Ok(verdict.unwrap_or_else(|| control.stuck(point.loss, first * slope)));
            }
            Found::Nothing => {
                verdict = Some(control.stuck(point.loss, first * slope));
                direction.clear();
                direction.extend(point.gradient.iter().map(|g| -g));
                (first, steepest) = (1.0 / norm(&direction), true);
                continue;
            }
        };
        if let Some(stop) = control.after(threshold, before.loss, point.loss, max_abs(&point.gradient)) {
            return Ok(stop);
        }
        turn(&before, point, &mut direction);
        (steepest, verdict) = (false, None);
        // The loss will fall by about as much as it did: the step, if the slopes differ.
        let next_slope = dot(&point.gradient, &direction);
        first = step * (slope / next_slope).clamp(0.01, 100.0);
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
