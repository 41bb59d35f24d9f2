//! The loop of the methods that go along lines: a direction, a search along it, and whether that was the last.

use super::search::{Found, Point, Wolfe, search};
use super::stop::{Control, Stop};
use super::vector::{dot, max_abs};
use super::{Failure, Smooth, plateau};

/// A step may be this long, in units of the direction, where no bound ends it before.
pub(super) const LONGEST: f64 = 1e10;

/// Where to look for the next point.
pub(super) struct Way<'d> {
    /// The direction.
    pub(super) along: &'d [f64],
    /// The step to be tried first, and the longest.
    pub(super) first: f64,
    pub(super) longest: f64,
    /// What the step must do.
    pub(super) wolfe: Wolfe,
}

/// What sets methods apart: where they look, and what they learn from what they find.
pub(super) trait Directions {
    /// Where to look from a point.
    fn choose(&mut self, problem: &mut dyn Smooth, point: &Point) -> Result<Way<'_>, Failure>;

    /// The same point, if bounds must be kept to within them: rounding may have gone beyond. Gives the largest number of its
    /// gradient, without what bounds hold back.
    fn settle(&self, point: &mut Point) -> f64 {
        max_abs(&point.gradient)
    }

    /// A lower point was found after a step.
    fn learn(&mut self, before: &Point, after: &Point, step: f64);

    /// Nothing was found. Says whether there is another direction to try, once what was learnt is forgotten.
    fn forget(&mut self, point: &Point) -> bool;
}

/// Minimises from `z`, which becomes the best point found.
pub(super) fn minimize(
    problem: &mut dyn Smooth,
    directions: &mut dyn Directions,
    z: &mut [f64],
    control: &mut Control,
) -> Result<Stop, Failure> {
    let start = Point::start(problem, z)?;
    let mut point = start.clone();
    let result = descend(problem, directions, &mut point, control);
    z.copy_from_slice(&point.z);
    let stop = result?;
    if stop.converged() {
        control.flat = plateau::flat(problem, &start, &point, control.epsilon)?;
    }
    Ok(if control.flat.is_empty() { stop } else { Stop::Plateau })
}

fn descend(
    problem: &mut dyn Smooth,
    directions: &mut dyn Directions,
    point: &mut Point,
    control: &mut Control,
) -> Result<Stop, Failure> {
    let (threshold, stop) = control.start(directions.settle(point));
    if let Some(stop) = stop {
        return Ok(stop);
    }
    let (mut before, mut scratch) = (Point::default(), Point::default());
    let mut verdict = None;
    loop {
        before.clone_from(point);
        let Way { along, first, longest, wolfe } = directions.choose(problem, point)?;
        match search(problem, point, along, (first, longest), (wolfe, control.epsilon), &mut scratch)? {
            Found::Lower(step) => {
                verdict = None;
                let gradient = directions.settle(point);
                directions.learn(&before, point, step);
                if let Some(stop) = control.after(threshold, before.loss, point.loss, gradient) {
                    return Ok(stop);
                }
            }
            Found::Nothing => {
                // What was learnt may be of no use here. If there is no other way either, it was of use.
                let promised = first * dot(&point.gradient, along);
                let stop = *verdict.get_or_insert_with(|| control.stuck(point.loss, promised));
                if !directions.forget(point) {
                    return Ok(stop);
                }
            }
        }
    }
}
