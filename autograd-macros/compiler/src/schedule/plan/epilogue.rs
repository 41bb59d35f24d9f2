//! Epilogue fusion: matrix products take in what stands around them. `w - rate * (x.T @ d)` and `h @ w + b` are one
//! product each, scaled and added to what is there, and the product itself is never kept.
//!
//! ```text
//! t = x.T @ d;  w = w - rate * t      w += (-rate) * (x.T @ d)
//! ```
//!
//! Numbers of unknown size are not multiplied together, nor into a sum of products: their order stays.
//!
//! A sum that is kept anyway takes in the products that nothing else uses; what is left of it is written first. Where
//! that is the target of a step, it is there already.

use crate::graph::{NodeId, Region};
use crate::machine::SUM_DEPTH;
use crate::ops::{Function, Op};
use crate::schedule::plan::Plan;
use crate::schedule::plan::products::Matrix;
use crate::schedule::views::{Role, role};

/// `addend + Σ term`
#[derive(Clone, Debug)]
pub(crate) struct Sum {
    /// What is not a product.
    pub(crate) addend: Option<NodeId>,
    /// The products.
    pub(crate) terms: Vec<Term>,
}

/// A product with a factor.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    pub(crate) product: NodeId,
    pub(crate) matrix: Matrix,
    /// The numbers that it is multiplied by.
    pub(crate) factors: Vec<NodeId>,
    /// Whether it is subtracted.
    pub(crate) is_negative: bool,
}

impl Sum {
    /// Nothing but one product.
    pub(crate) fn of(product: NodeId, matrix: Matrix) -> Self {
        Self { addend: None, terms: vec![Term { product, matrix, factors: Vec::new(), is_negative: false }] }
    }

    /// Both, unless each has something that is not a product.
    fn plus(self, other: Self) -> Option<Self> {
        let addend = match (self.addend, other.addend) {
            (Some(_), Some(_)) => return None,
            (one, other) => one.or(other),
        };
        Some(Self { addend, terms: [self.terms, other.terms].concat() })
    }

    /// The products with another factor, if there are only products.
    fn map(mut self, change: impl Fn(&mut Term)) -> Option<Self> {
        self.terms.iter_mut().for_each(change);
        self.addend.is_none().then_some(self)
    }

    /// This sum times a number. Only a single product takes one of unknown size, and only if it has none yet.
    fn scaled(self, region: &Region, factor: NodeId) -> Option<Self> {
        let is_literal = |node: NodeId| region.literal_value(node).is_some_and(|c| (1e-5..1e5).contains(&c.abs()));
        let takes_any = match self.terms.as_slice() {
            [term] => term.factors.iter().all(|&factor| is_literal(factor)),
            _ => false,
        };
        if takes_any || is_literal(factor) { self.map(|term| term.factors.push(factor)) } else { None }
    }

    fn negated(self) -> Option<Self> {
        self.map(|term| term.is_negative = !term.is_negative)
    }
}

/// Lets the sums that are kept take in their products.
pub(crate) fn take_in_products(region: &Region, live: &[bool], results: &[NodeId], plan: &mut Plan) {
    let mut users = vec![0_u32; region.len()];
    let operands = region.iter().filter(|(id, _)| live[id.index()]).flat_map(|(_, node)| &node.operands);
    operands.chain(results).for_each(|node| users[node.index()] += 1);
    for (id, node) in region.iter().filter(|(id, _)| live[id.index()]) {
        if !plan.is_stored[id.index()] || !matches!(role(&node.op), Role::Pointwise) {
            continue;
        }
        let apart = Apart { region, plan, users: &users };
        let Some(sum) = apart.operation(id, SUM_DEPTH).filter(|sum| !sum.terms.is_empty()) else { continue };
        for term in &sum.terms {
            plan.is_stored[term.product.index()] = false;
            plan.products.remove(&term.product);
        }
        plan.products.insert(id, sum);
    }
}

/// Takes sums apart.
struct Apart<'a> {
    region: &'a Region,
    plan: &'a Plan,
    users: &'a [u32],
}

impl Apart<'_> {
    fn node(&self, node: NodeId, room: u32) -> Sum {
        let whole = Sum { addend: Some(node), terms: Vec::new() };
        if self.users[node.index()] != 1 {
            return whole;
        }
        match self.plan.products.get(&node) {
            Some(product) if self.plan.result.contains_key(&node) || product.addend.is_some() => whole,
            Some(product) => product.clone(),
            None if room == 0 || self.plan.is_stored[node.index()] => whole,
            None => self.operation(node, room - 1).unwrap_or(whole),
        }
    }

    fn operation(&self, node: NodeId, room: u32) -> Option<Sum> {
        let Op::Map(op) = &self.region.node(node).op else { return None };
        let operands = &self.region.node(node).operands;
        let part = |place: usize| self.node(operands[place], room);
        match op.function {
            Function::Add => part(0).plus(part(1)),
            Function::Sub => part(0).plus(part(1).negated()?),
            Function::Neg => part(0).negated(),
            Function::Mul => {
                let (factor, place) = match (self.number(operands[0]), self.number(operands[1])) {
                    (Some(factor), _) => (factor, 1),
                    (None, Some(factor)) => (factor, 0),
                    (None, None) => return None,
                };
                part(place).scaled(self.region, factor)
            }
            _ => None,
        }
    }

    /// The number that a tensor repeats.
    fn number(&self, mut node: NodeId) -> Option<NodeId> {
        while matches!(role(&self.region.node(node).op), Role::View) {
            node = self.region.node(node).operands[0];
        }
        (self.region.ty(node).rank() == 0).then_some(node)
    }
}
