//! Distances: `|x|`, `√(a² + b²)`, norms, roots of squares. They have a kink where they are 0, which a function of one need
//! not have: `cos(|x|)` is smooth.
//!
//! ```text
//! f(r) of r = |x|, backwards     g·x/r  +  A·x        A is dg/dr where r = 0, and 0 elsewhere
//! ```
//!
//! The value of what is added is 0: it stands there for its own derivative, A at the origin, where that of the rest is 0.
//! Of a smooth function of the distance this is the second derivative, `f''(0)`, in all directions; of another it is what
//! the second derivative is beside the kink along a line. Forwards the same is added to the result: `f''(0)·x·dx`.

use super::Facts;
use crate::graph::{NodeId, Region};

/// What half of the square of a distance is made of, near the origin.
pub struct Distance {
    /// Where the distance is 0.
    pub origin: NodeId,
    /// What it is the distance of.
    pub legs: Vec<Leg>,
}

/// One operand of a distance.
pub enum Leg {
    /// Numbers of which there is the square; `near` is the operand at the origin and 0 elsewhere, so it is 0.
    Numbers {
        /// The place of the operand.
        operand: usize,
        /// Its value at the origin.
        near: NodeId,
        /// The axes that are summed.
        axes: Vec<usize>,
    },
    /// The square itself.
    Square {
        /// The place of the operand.
        operand: usize,
    },
}

impl Distance {
    /// The distance of several operands from 0; each is summed along some axes.
    pub(super) fn of(region: &mut Region, y: NodeId, operands: &[usize], axes: &[usize]) -> Self {
        let zero = region.zeros_like(y);
        let origin = region.equal(y, zero);
        let leg = |region: &mut Region, operand: usize| {
            let x = region.operand(y, operand);
            let (shape, zero) = (region.shape(x), region.zeros_like(x));
            let origin = region.spread(origin, &shape, axes);
            Leg::Numbers { operand, near: region.select(origin, x, zero), axes: axes.to_vec() }
        };
        let legs = operands.iter().map(|&operand| leg(region, operand)).collect();
        Self { origin, legs }
    }

    /// What is added to the cotangents of operands, by place; `curvature` is A.
    pub fn vjp(&self, region: &mut Region, curvature: NodeId, facts: &Facts) -> Vec<(usize, NodeId)> {
        let legs = self.legs.iter();
        legs.map(|leg| match leg {
            Leg::Numbers { operand, near, axes } => {
                let shape = region.shape(*near);
                let curvature = region.spread(curvature, &shape, axes);
                (*operand, region.at_zero(*near, curvature))
            }
            Leg::Square { operand } => {
                let (half, zero) = (region.scale(curvature, 0.5), region.zeros_like(curvature));
                let term = region.select(self.origin, half, zero);
                facts.note_steep(term);
                (*operand, term)
            }
        })
        .collect()
    }

    /// The tangent of half of the square at the origin.
    pub fn jvp(&self, region: &mut Region, tangents: &[Option<NodeId>]) -> Option<NodeId> {
        self.legs.iter().fold(None, |sum, leg| {
            let term = match leg {
                Leg::Numbers { operand, near, axes } => tangents[*operand].map(|t| {
                    let terms = region.at_zero(*near, t);
                    region.sum(terms, axes)
                }),
                Leg::Square { operand } => tangents[*operand].map(|t| {
                    let (half, zero) = (region.scale(t, 0.5), region.zeros_like(t));
                    region.select(self.origin, half, zero)
                }),
            };
            region.plus_maybe(sum, term)
        })
    }
}
