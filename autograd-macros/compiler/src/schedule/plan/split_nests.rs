//! Nest splitting: values that are stored because a nest would be too long otherwise.
//!
//! A nest computes all that leads to what it makes, down to what is in memory. Where that weighs too much, a value in its
//! middle is stored, one that about half of it leads to and nowhere else: then that half is a nest of its own. What several
//! nests use because of that is found afterwards, like all that is shared.

use crate::cost::weight;
use crate::graph::{NodeId, Region};
use crate::machine::LARGEST_LOOP;
use crate::schedule::plan::Plan;
use crate::schedule::views::{Role, role};

/// Stores values in the middle of what would be too long for one nest.
///
/// Operands come before what uses them, so the set of each is known to be short enough when it is looked at. A bound that
/// counts a value as often as it is used is enough for most nodes; then one by what was found last; the set itself is
/// collected only for the others.
pub(crate) fn mark_long(region: &Region, live: &[bool], plan: &mut Plan) {
    let mut bound = vec![0; region.len()];
    let mut search = Search::new(region);
    for (id, node) in region.iter().filter(|(id, node)| live[id.index()] && node.ty.rank() > 0) {
        let operands = node.operands.iter().filter(|operand| !plan.is_stored[operand.index()]);
        let size = search.weights[id.index()] + operands.map(|operand| bound[operand.index()]).sum::<usize>();
        let mut size = size.min(search.extend(region, id, plan));
        while size > LARGEST_LOOP {
            size = search.collect(region, id, plan);
            if size > LARGEST_LOOP {
                let Some(middle) = search.middle(region, plan) else { break };
                plan.is_stored[middle.index()] = true;
            }
        }
        bound[id.index()] = size;
    }
}

/// What nests compute, looked for again and again.
struct Search {
    weights: Vec<usize>,
    /// The search that each node was last found in; 0 is none.
    found_in: Vec<usize>,
    searches: usize,
    /// What was found last, and what it weighs.
    found: Vec<NodeId>,
    weight: usize,
    /// For each of these: what all its uses lead to first, and the weight of all that leads to it alone.
    dominators: Vec<Option<NodeId>>,
    dominated: Vec<usize>,
}

impl Search {
    fn new(region: &Region) -> Self {
        let weights = region.iter().map(|(_, node)| weight(&node.op)).collect();
        let count = region.len();
        Self {
            weights,
            found_in: vec![0; count],
            searches: 1,
            found: Vec::new(),
            weight: 0,
            dominators: vec![None; count],
            dominated: vec![0; count],
        }
    }

    fn find(&mut self, id: NodeId) {
        if self.found_in[id.index()] != self.searches {
            self.found_in[id.index()] = self.searches;
            self.found.push(id);
            self.weight += self.weights[id.index()];
        }
    }

    /// Finds the tensors that a nest computes to make one, itself included, and gives their weight.
    fn collect(&mut self, region: &Region, id: NodeId, plan: &Plan) -> usize {
        self.searches += 1;
        self.found.clear();
        self.weight = 0;
        self.find(id);
        let mut next = 0;
        while let Some(&inner) = self.found.get(next) {
            for &operand in &region.node(inner).operands {
                if is_computed(region, operand, plan) {
                    self.find(operand);
                }
            }
            next += 1;
        }
        self.weight
    }

    /// Adds one to what was found last, if its operands are there already; then this weighs at least as much as its own.
    fn extend(&mut self, region: &Region, id: NodeId, plan: &Plan) -> usize {
        let is_found = |operand: &NodeId| self.found_in[operand.index()] == self.searches;
        if !region.node(id).operands.iter().all(|operand| is_found(operand) || !is_computed(region, *operand, plan)) {
            return usize::MAX;
        }
        self.find(id);
        self.weight
    }
}

impl Search {
    /// The value of those found last that parts them best: if it is stored, about half of them need not be computed for
    /// the node that they were found for. They are those that lead to it alone, which it dominates.
    fn middle(&mut self, region: &Region, plan: &Plan) -> Option<NodeId> {
        self.found.sort_unstable();
        for id in &self.found {
            self.dominators[id.index()] = None;
            self.dominated[id.index()] = self.weights[id.index()];
        }
        // Uses come after what they use.
        for &user in self.found.iter().rev() {
            for &operand in region.node(user).operands.iter().filter(|operand| is_computed(region, **operand, plan)) {
                let known = self.dominators[operand.index()];
                self.dominators[operand.index()] = Some(known.map_or(user, |known| self.common(known, user)));
            }
        }
        for id in &self.found {
            if let Some(dominator) = self.dominators[id.index()] {
                self.dominated[dominator.index()] += self.dominated[id.index()];
            }
        }
        let (_, inner) = self.found.split_last()?;
        let candidates = inner.iter().filter(|id| matches!(role(&region.node(**id).op), Role::Pointwise));
        candidates.copied().max_by_key(|id| self.dominated[id.index()].min(self.weight - self.dominated[id.index()]))
    }

    /// The first that dominates both, or is one of them.
    fn common(&self, mut a: NodeId, mut b: NodeId) -> NodeId {
        while a != b {
            let nearer = if a < b { &mut a } else { &mut b };
            *nearer = self.dominators[nearer.index()].expect("the node that all lead to is the last one");
        }
        a
    }
}

/// Whether what reads a value computes it.
fn is_computed(region: &Region, id: NodeId, plan: &Plan) -> bool {
    region.ty(id).rank() > 0 && !plan.is_stored[id.index()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Dim, Type};
    use crate::ops::{Function, LeafKind};

    /// A long chain and the sweep back along it, which uses every value of it again and adds up on the way.
    #[test]
    fn no_nest_is_long_and_few_values_are_stored() {
        let mut region = Region::new();
        let r = &mut region;
        let x = r.leaf(LeafKind::Input, "x", Type::real([Dim::name("N")]));
        let mut values = vec![x];
        for _ in 0..1000 {
            values.push(r.map(Function::Sin, &[values[values.len() - 1]]));
        }
        let (mut change, mut sum) = (x, x);
        for value in values.iter().rev() {
            let slope = r.times(change, x);
            sum = r.plus(sum, slope);
            change = r.times(change, *value);
        }
        let _ = r.plus(sum, change);
        let mut plan = Plan { is_stored: vec![false; region.len()], ..Plan::default() };
        mark_long(&region, &vec![true; region.len()], &mut plan);
        let mut search = Search::new(&region);
        for (id, _) in region.iter() {
            assert!(search.collect(&region, id, &plan) <= LARGEST_LOOP, "{id:?}");
        }
        let stored = plan.is_stored.iter().filter(|stored| **stored).count();
        let least = search.weights.iter().sum::<usize>() / LARGEST_LOOP;
        // One value of the chain, one on the way back and one sum for each nest, each of which is about half as long as it
        // may be.
        assert!((least..=6 * least).contains(&stored), "{stored} of at least {least}");
    }
}
