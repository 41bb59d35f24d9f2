//! L-BFGS: quasi-Newton with limited memory, for losses without bounds.
//!
//! Source: J. Nocedal, S. J. Wright, *Numerical Optimization*, 2nd edition, algorithm 7.4: the last steps and changes of the
//! gradient stand for the inverse Hessian, which is applied to the gradient by two loops over them.

use std::collections::VecDeque;

use super::search::{Found, LOOSE, Point, search};
use super::stop::{Control, Stop};
use super::vector::{add_scaled, dot, max_abs, norm};
use super::{Failure, Smooth};

/// How many pairs are kept.
pub(super) const MEMORY: usize = 10;
/// A step may be this long, in units of the direction.
pub(super) const LONGEST: f64 = 1e10;

/// A step, what it changed in the gradient, and their inner product.
#[derive(Clone, Debug, Default)]
pub(super) struct Pair {
    pub(super) s: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) sy: f64,
}

/// The last pairs, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    pub(super) pairs: VecDeque<Pair>,
}

impl Memory {
    /// Keeps the step between two points, if the loss is convex along it to within rounding; in the oldest pair's buffers.
    pub(super) fn keep(&mut self, before: &Point, after: &Point) -> bool {
        let mut pair = if self.pairs.len() == MEMORY { self.pairs.pop_front() } else { None }.unwrap_or_default();
        difference(&mut pair.s, &after.z, &before.z);
        difference(&mut pair.y, &after.gradient, &before.gradient);
        pair.sy = dot(&pair.s, &pair.y);
        let convex = pair.sy > f64::EPSILON * dot(&pair.y, &pair.y);
        if convex {
            self.pairs.push_back(pair);
        }
        convex
    }

    /// What the Hessian is taken to be a multiple of.
    pub(super) fn curvature(&self) -> f64 {
        self.pairs.back().map_or(1.0, |pair| dot(&pair.y, &pair.y) / pair.sy)
    }

    /// `direction = −H g`
    fn direction(&self, gradient: &[f64], direction: &mut Vec<f64>) {
        direction.clear();
        direction.extend(gradient.iter().map(|g| -g));
        let mut factors = [0.0; MEMORY];
        for (factor, pair) in factors[..self.pairs.len()].iter_mut().zip(&self.pairs).rev() {
            *factor = dot(&pair.s, direction) / pair.sy;
            add_scaled(direction, -*factor, &pair.y);
        }
        let curvature = self.curvature();
        for d in direction.iter_mut() {
            *d /= curvature;
        }
        for (factor, pair) in factors.iter().zip(&self.pairs) {
            let correction = factor - dot(&pair.y, direction) / pair.sy;
            add_scaled(direction, correction, &pair.s);
        }
    }
}

fn difference(out: &mut Vec<f64>, a: &[f64], b: &[f64]) {
    out.clear();
    out.extend(a.iter().zip(b).map(|(a, b)| a - b));
}

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
    let (mut memory, mut direction) = (Memory::default(), Vec::new());
    let (mut before, mut scratch) = (Point::default(), Point::default());
    let mut verdict = None;
    loop {
        memory.direction(&point.gradient, &mut direction);
        before.clone_from(point);
        // The first direction has no length of its own.
        let first = if memory.pairs.is_empty() { 1.0 / norm(&direction) } else { 1.0 };
        if search(problem, point, &direction, (first, LONGEST), (LOOSE, control.epsilon), &mut scratch)?
            == Found::Nothing
        {
            // What is remembered may be of no use here. If there is no other way either, it was of use.
            let stop = *verdict.get_or_insert(control.stuck(point.loss, first * dot(&point.gradient, &direction)));
            if memory.pairs.is_empty() {
                return Ok(stop);
            }
            memory.pairs.clear();
            continue;
        }
        verdict = None;
        memory.keep(&before, point);
        if let Some(stop) = control.after(threshold, before.loss, point.loss, max_abs(&point.gradient)) {
            return Ok(stop);
        }
    }
}
