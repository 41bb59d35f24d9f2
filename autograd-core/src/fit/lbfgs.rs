//! L-BFGS: quasi-Newton with limited memory, for losses without bounds.
//!
//! Source: J. Nocedal, S. J. Wright, *Numerical Optimization*, 2nd edition, algorithm 7.4: the last steps and changes of the
//! gradient stand for the inverse Hessian, which is applied to the gradient by two loops over them.

use std::collections::VecDeque;

use super::descent::{Directions, LONGEST, Way};
use super::search::{LOOSE, Point};
use super::vector::{add_scaled, dot, norm};
use super::{Failure, Smooth};

/// How many pairs are kept.
pub(super) const MEMORY: usize = 10;

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

    /// Forgets everything; says whether there was anything.
    pub(super) fn clear(&mut self) -> bool {
        let was_there = !self.pairs.is_empty();
        self.pairs.clear();
        was_there
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

/// The inverse Hessian as it is remembered, and its last product with the gradient.
#[derive(Debug, Default)]
pub(super) struct Lbfgs {
    memory: Memory,
    direction: Vec<f64>,
}

impl Directions for Lbfgs {
    fn choose(&mut self, _: &mut dyn Smooth, point: &Point) -> Result<Way<'_>, Failure> {
        self.memory.direction(&point.gradient, &mut self.direction);
        // The first direction has no length of its own.
        let first = if self.memory.pairs.is_empty() { 1.0 / norm(&self.direction) } else { 1.0 };
        Ok(Way { along: &self.direction, first, longest: LONGEST, wolfe: LOOSE })
    }

    fn learn(&mut self, before: &Point, after: &Point, _: f64) {
        self.memory.keep(before, after);
    }

    fn forget(&mut self, _: &Point) -> bool {
        self.memory.clear()
    }
}
