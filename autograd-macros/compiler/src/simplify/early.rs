//! Products of numbers: what no loop makes is multiplied first.
//!
//! ```text
//! 0.5 * (rate * (s / n))   →   (0.5 * rate / n) * s        s is a sum over the data
//! ```
//!
//! A sum is known last, and whatever waits for it waits in line: here one product instead of three operations, a slow
//! division among them. Gradients by several parameters share the factor.

use super::rewriter::Table;
use super::{Rewriter, copy_with, without_dead};
use crate::graph::{Elem, NodeId, Region, print::live};
use crate::ops::Function::{Div, Mul};
use crate::ops::Op;
use crate::ops::lowering::Role;

/// Rebuilds what the results depend on, factors in the order in which they are known.
pub(super) fn early_factors_first(region: &Region, results: &[NodeId]) -> (Region, Vec<NodeId>) {
    let is_late = late(region, results);
    let mut rebuilt = Region::new();
    let nothing = Table::default();
    let mut rewriter = Rewriter::new(&mut rebuilt, &nothing);
    let roots = copy_with(region, results, &mut rewriter, |r, id, image| {
        let product = Product::of(region, id, &is_late)?;
        Some(product.build(r, image))
    });
    without_dead(&rebuilt, &roots)
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

/// `late · Π over / Π under`
struct Product {
    late: NodeId,
    over: Vec<NodeId>,
    under: Vec<NodeId>,
}

impl Product {
    /// A number as a product of one late factor and at least two others, a quotient among them or not.
    fn of(region: &Region, id: NodeId, is_late: &[bool]) -> Option<Self> {
        let mut product = Self { late: id, over: Vec::new(), under: Vec::new() };
        loop {
            let node = region.node(product.late);
            let Op::Map(op) = &node.op else { break };
            if node.ty.rank() > 0 || node.ty.elem != Elem::Real {
                return None;
            }
            let [a, b] = node.operands.as_slice() else { break };
            match (op.function, is_late[a.index()], is_late[b.index()]) {
                (Mul, true, false) => product.over.push(*b),
                (Mul, false, true) => product.over.push(*a),
                (Div, true, false) => product.under.push(*b),
                _ => break,
            }
            product.late = if is_late[a.index()] { *a } else { *b };
        }
        (product.over.len() + product.under.len() > 1).then_some(product)
    }

    fn build(self, r: &mut Rewriter<'_>, image: &dyn Fn(NodeId) -> NodeId) -> NodeId {
        let mut all = |factors: Vec<NodeId>| {
            factors.into_iter().map(image).reduce(|product, factor| r.map(Mul, &[product, factor]))
        };
        let (over, under) = (all(self.over), all(self.under));
        let late = image(self.late);
        match (over, under) {
            (Some(over), Some(under)) => {
                let factor = r.map(Div, &[over, under]);
                r.map(Mul, &[factor, late])
            }
            (Some(over), None) => r.map(Mul, &[over, late]),
            (None, Some(under)) => r.map(Div, &[late, under]),
            (None, None) => late,
        }
    }
}
