//! Bodies: regions that an operation holds, with parameters and results. What else a body needs is an operand of the
//! operation, so that it names no node outside of itself.
//!
//! A body is immutable and shared. Bodies of equal nodes are equal and hash alike, so that operations that hold them are
//! found again like any other.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::{NodeId, Region, Type, intern, print};
use crate::ops::{Op, Parameter};

/// A region with parameters and results.
#[derive(Clone, Debug)]
pub struct Body {
    region: Region,
    parameters: Vec<Type>,
    results: Vec<NodeId>,
    hash: u64,
}

impl Body {
    /// What makes results of parameters of these types, without what no result needs.
    pub fn new(parameters: Vec<Type>, build: impl FnOnce(&mut Region, &[NodeId]) -> Vec<NodeId>) -> Self {
        let mut region = Region::new();
        let nodes = parameters.iter().enumerate();
        let nodes: Vec<NodeId> = nodes.map(|(place, ty)| Parameter::add(&mut region, place, ty.clone())).collect();
        let results = build(&mut region, &nodes);
        Self::of(&region, parameters, &results)
    }

    /// The live part of a region in which the parameters are nodes.
    #[must_use]
    pub fn of(region: &Region, parameters: Vec<Type>, results: &[NodeId]) -> Self {
        let mut live = Region::new();
        let results = copy(region, results, &mut live, |_| None);
        let hash = live.iter().fold(results.len() as u64, |hash, (_, node)| {
            hash.rotate_left(7) ^ intern::hash_of(&node.op, &node.operands, &node.ty)
        });
        Self { region: live, parameters, results, hash }
    }

    /// A body with these parameters and results, which are computed in another way.
    #[must_use]
    pub fn rebuilt(&self, rebuild: impl FnOnce(&Region, &[NodeId]) -> (Region, Vec<NodeId>)) -> Self {
        let (region, results) = rebuild(&self.region, &self.results);
        Self::of(&region, self.parameters.clone(), &results)
    }

    /// Its nodes.
    #[must_use]
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// The types of its parameters, used or not.
    #[must_use]
    pub fn parameters(&self) -> &[Type] {
        &self.parameters
    }

    /// What it makes.
    #[must_use]
    pub fn results(&self) -> &[NodeId] {
        &self.results
    }

    /// The types of its results.
    #[must_use]
    pub fn types(&self) -> Vec<Type> {
        self.results.iter().map(|&result| self.region.ty(result).clone()).collect()
    }

    /// Adds its nodes to a region, with arguments in the place of the parameters.
    pub fn inline(&self, region: &mut Region, arguments: &[NodeId]) -> Vec<NodeId> {
        let argument =
            |op: &Op| if let Op::Parameter(parameter) = op { Some(arguments[parameter.place]) } else { None };
        copy(&self.region, &self.results, region, argument)
    }
}

/// Copies what the results need to the end of another region; what `replaced` has something for becomes that.
fn copy(from: &Region, results: &[NodeId], to: &mut Region, replaced: impl Fn(&Op) -> Option<NodeId>) -> Vec<NodeId> {
    let live = print::live(from, results.iter().copied());
    let mut images: Vec<Option<NodeId>> = vec![None; from.len()];
    let image = |images: &[Option<NodeId>], id: NodeId| images[id.index()].expect("operands stand before their uses");
    for (id, node) in from.iter().filter(|(id, _)| live[id.index()]) {
        let operands: Vec<NodeId> = node.operands.iter().map(|&operand| image(&images, operand)).collect();
        let made = replaced(&node.op).unwrap_or_else(|| {
            let outer = to.set_span(node.span);
            let made = to.add(node.op.clone(), &operands);
            to.set_span(outer);
            made
        });
        images[id.index()] = Some(made);
    }
    results.iter().map(|&result| image(&images, result)).collect()
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        let nodes = || self.region.iter().zip(other.region.iter());
        (self.hash, &self.parameters, &self.results) == (other.hash, &other.parameters, &other.results)
            && self.region.len() == other.region.len()
            && nodes().all(|((_, a), (_, b))| (&a.op, &a.operands, &a.ty) == (&b.op, &b.operands, &b.ty))
    }
}

impl Eq for Body {}

impl Hash for Body {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

/// Bodies that are changed one by one.
#[must_use]
pub fn each(bodies: &[Rc<Body>], change: impl Fn(&Body) -> Body) -> Vec<Rc<Body>> {
    bodies.iter().map(|body| Rc::new(change(body))).collect()
}
