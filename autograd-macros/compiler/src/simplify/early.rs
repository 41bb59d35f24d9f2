//! Constant reassociation: a literal is multiplied before what a loop makes.
//!
//! ```text
//! 3 * (rate * s)   →   (3 * rate) * s        s is a sum over the data
//! 0.5 * (s / n)    →   s / (2 * n)
//! ```
//!
//! A sum is known last, and whatever waits for it waits in line: here one operation instead of two. Gradients by several
//! parameters share the factor. The other factors keep their order, for their product may leave the range: in
//! `sum(x)/a/b` it is up to whoever writes that.

use super::matching::{binary, constant};
use super::rewriter::Table;
use super::sizes::{exact_reciprocal, movable};
use super::{Rewriter, copy_with, without_dead};
use crate::graph::{NodeId, Region, print::live};
use crate::ops::Function::{Div, Mul};
use crate::ops::lowering::Role;

/// Whether a product of numbers is multiplied by a literal.
pub(super) fn has_late_literals(region: &Region) -> bool {
    region.iter().any(|(id, _)| Scaled::factors(region, id).is_some())
}

/// Rebuilds what the results depend on, literals in the order in which they are known.
pub(super) fn early_factors_first(region: &Region, results: &[NodeId]) -> (Region, Vec<NodeId>) {
    let is_late = late(region, results);
    let mut rebuilt = Region::new();
    let nothing = Table::default();
    let mut rewriter = Rewriter::new(&mut rebuilt, &nothing);
    let roots = copy_with(region, results, &mut rewriter, |r, id, image| {
        let scaled = Scaled::of(region, id, &is_late)?;
        Some(scaled.build(r, image))
    });
    without_dead(rebuilt, roots)
}

/// Which nodes wait for a loop.
fn late(region: &Region, results: &[NodeId]) -> Vec<bool> {
    let live = live(region, results.iter().copied());
    let mut late = vec![false; region.len()];
    for (id, node) in region.iter().filter(|(id, _)| live[id.index()]) {
        late[id.index()] = node.op.role() == Role::Sink || node.operands.iter().any(|operand| late[operand.index()]);
    }
    late
}

/// A literal times a late number that is multiplied or divided by an early one.
enum Scaled {
    Times { c: NodeId, early: NodeId, late: NodeId },
    Over { inverse: f64, early: NodeId, late: NodeId },
}

impl Scaled {
    /// A literal, its value, and what it multiplies.
    fn factors(region: &Region, id: NodeId) -> Option<(NodeId, f64, NodeId)> {
        if region.ty(id).rank() > 0 {
            return None;
        }
        let [c, product] = binary(region, Mul, id)?;
        Some((c, movable(region, c)?, product))
    }

    fn of(region: &Region, id: NodeId, is_late: &[bool]) -> Option<Self> {
        let (c, size, product) = Self::factors(region, id)?;
        if let Some([late, early]) = binary(region, Div, product) {
            let inverse = exact_reciprocal(size).filter(|_| is_late[late.index()] && !is_late[early.index()])?;
            return Some(Self::Over { inverse, early, late });
        }
        let [a, b] = binary(region, Mul, product)?;
        let (early, late) = if is_late[a.index()] { (b, a) } else { (a, b) };
        let is_new = is_late[late.index()] && !is_late[early.index()] && constant(region, early).is_none();
        is_new.then_some(Self::Times { c, early, late })
    }

    fn build(self, r: &mut Rewriter<'_>, image: &dyn Fn(NodeId) -> NodeId) -> NodeId {
        match self {
            Self::Times { c, early, late } => {
                let factor = r.map(Mul, &[image(c), image(early)]);
                r.map(Mul, &[factor, image(late)])
            }
            Self::Over { inverse, early, late } => {
                let inverse = r.number(inverse, image(early));
                let divisor = r.map(Mul, &[inverse, image(early)]);
                r.map(Div, &[image(late), divisor])
            }
        }
    }
}
