//! A tensor with updates added where integers say, one after the other: `scatter_add`, the gradient of what is gathered.
//!
//! What several updates go to gets all of them, in their order, so that the bits do not depend on the number of threads. An
//! update outside goes nowhere; whether that is a mistake, [`reads`](crate::reads) tells, as of what is gathered.

use std::fmt;

use super::batch::{self, Lifted};
use super::lowering::Role;
use super::nest::{Loops, Nest, NestKind};
use super::range::Range;
use super::window::place_of;
use super::{Environment, Facts, Flow, Outside, Primitive, Scope, Tensor, gather, without_axes};
use crate::graph::{Dim, NodeId, Region, Shape, Type};

/// Operands are the base, the updates, and for each of some of the base's axes integers of one shape. The updates have that
/// shape, then the other axes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scatter {
    /// The axes that the integers say the position along, in order; sorted.
    pub axes: Vec<usize>,
    /// What an update outside means.
    pub outside: Outside,
}

impl Scatter {
    /// The integers of updates that may go to elements that are taken. Those that are positions along an axis say which part of
    /// the base that is; the others may say anything.
    fn wanted(&self, region: &mut Region, operands: &[NodeId], taken: NodeId) -> NodeId {
        let (shape, of) = (region.shape(operands[2]), region.shape(taken));
        let is_sure = |&(index, axis): &(NodeId, usize)| {
            place_of(region, index).is_some_and(|place| place.is_within(&shape, &of[axis]))
        };
        let (sure, axes): (Vec<NodeId>, Vec<usize>) =
            operands[2..].iter().copied().zip(self.axes.iter().copied()).filter(is_sure).unzip();
        let rest: Vec<usize> = (0..of.len()).filter(|axis| !axes.contains(axis)).collect();
        let any = super::taken::any(region, taken, &rest);
        if axes.is_empty() {
            return region.fill(any, &shape);
        }
        let axes: Vec<usize> = (0..axes.len()).collect();
        region.gather(any, &axes, &sure, Outside::Zero)
    }
}

impl Primitive for Scatter {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        super::first_type(region, operands)
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        let [base, updates, indices @ ..] = operands else {
            return Err("scatter has a base, updates and integers".into());
        };
        super::expect_real("scatter", region, &operands[..2])?;
        gather::check_indices("scatter", region, &self.axes, region.ty(*base).rank(), indices)?;
        let rest = without_axes(&region.shape(*base), &self.axes);
        let expected: Shape = region.shape(indices[0]).iter().chain(rest.iter()).cloned().collect();
        if region.shape(*updates) == expected {
            return Ok(());
        }
        Err(format!("the updates of scatter are {}, not {}", Type::real(expected), region.ty(*updates)))
    }

    fn flow(&self, _: &Region, _: &[NodeId], operand: usize) -> Flow {
        if operand < 2 { Flow::Passes } else { Flow::Zero }
    }

    fn range(&self, _: &Region, _: &[NodeId], of: &dyn Fn(usize) -> Range) -> Range {
        of(0).or(of(1)).accumulated()
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: NodeId, scope: &Scope) -> Vec<Option<NodeId>> {
        let operands = region.node(y).operands.clone();
        let updates = scope.wanted[1].then(|| region.gather(g, &self.axes, &operands[2..], Outside::Zero));
        [Some(g), updates].into_iter().chain(operands[2..].iter().map(|_| None)).collect()
    }

    fn taken(&self, region: &mut Region, y: NodeId, operand: usize, taken: Option<NodeId>) -> Option<NodeId> {
        let operands = region.node(y).operands.clone();
        match operand {
            0 => taken,
            1 => Some(region.gather(taken?, &self.axes, &operands[2..], Outside::Zero)),
            _ => Some(self.wanted(region, &operands, taken?)),
        }
    }

    fn masks(&self) -> bool {
        true
    }

    fn jvp(&self, region: &mut Region, y: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        let mut operands = region.node(y).operands.clone();
        let Some(updates) = tangents[1] else { return tangents[0] };
        operands[0] = tangents[0].unwrap_or_else(|| region.zeros_like(operands[0]));
        operands[1] = updates;
        // The value itself says where it is a mistake.
        let outside = self.outside.min(Outside::Zero);
        Some(region.add(Self { axes: self.axes.clone(), outside }.into(), &operands))
    }

    fn can_fail(&self, _: &Region, _: &[NodeId]) -> bool {
        self.outside == Outside::Mistake
    }

    fn interpret(&self, _: &Type, operands: &[&Tensor], _: &Environment) -> Tensor {
        let mut result = operands[0].clone();
        let shape = result.shape.clone();
        operands[1].for_each(|at, update| {
            if let Some(position) = gather::position(&self.axes, &shape, &operands[2..], at) {
                let sum = result.at(&position) + update;
                result.set(&position, sum);
            }
        });
        result
    }

    fn origins(&self, _: &Region, _: &[NodeId], axis: usize) -> Vec<(usize, usize)> {
        vec![(0, axis)]
    }

    fn role(&self) -> Role {
        Role::Sink
    }

    /// The base is copied, then the updates are added in their order.
    fn nests(&self, region: &Region, node: NodeId) -> Vec<Nest> {
        let operands = region.node(node).operands.clone();
        let rank = region.ty(node).rank();
        let base = Nest::place(region, node, operands[0], vec![Dim::ZERO; rank], vec![1; rank], false);
        let mut loops = Loops::default();
        let axes = loops.along_all(&region.shape(operands[1]));
        let own = region.ty(operands[2]).rank();
        let mut rest = axes[own..].iter().copied();
        let kept = (0..rank).map(|axis| if self.axes.contains(&axis) { None } else { rest.next().flatten() });
        let kept = kept.collect();
        let indices = operands[2..].iter().map(|&index| (index, axes[..own].to_vec()));
        let kind = NestKind::Scatter { axes: self.axes.clone() };
        let operands = std::iter::once((operands[1], axes.clone())).chain(indices).collect();
        vec![base, Nest { node, kind, extents: loops.extents, kept, operands }]
    }

    fn batch(&self, region: &mut Region, operands: &[Lifted], extent: &Dim) -> Option<NodeId> {
        let mut all: Vec<NodeId> = operands.iter().map(|operand| batch::batched(region, *operand, extent)).collect();
        let shape = region.shape(all[2]);
        let own = region.iota(extent);
        all.insert(2, region.broadcast(own, &shape, &[0]));
        let axes = std::iter::once(0).chain(self.axes.iter().map(|axis| axis + 1)).collect();
        Some(region.add(Self { axes, outside: self.outside }.into(), &all))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "scatter {:?}{}", self.axes, self.outside.text())
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        if !words.eat("scatter ") {
            return Ok(None);
        }
        let axes = words.axes()?;
        Ok(Some(Self { axes, outside: Outside::read(words) }))
    }
}
